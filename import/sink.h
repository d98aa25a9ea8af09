/* import/sink.h: how a file is asked, where its items go, and what was counted. Apart from
 * import.h, because the parts of this folder need it and import.h needs the parts. */
#ifndef IMPORT_SINK_H
#define IMPORT_SINK_H
#include <stdint.h>
#include "base/digest.h"
#include "base/err.h"
#include "base/str.h"
#include "import/skip.h"
#include "record/creator.h"

struct import_opts {
    const char *column;    // of CSV: a name of the header, or 1 and up; NULL: found by content
    const char *key;       // of JSON: the key that holds links or ids; NULL: every link
    int64_t now;           // UTC seconds: bounds the time in ids
    struct str source_key; // secret of the audit, for the digest
};
/* Where items go. Each returns 0 or -1 with err set, which ends the import. */
struct import_sink {
    int (*items)(void *to, const struct new_item *, size_t len, struct err *);
    int (*link)(void *to, struct str short_url, struct err *);   // https://HOST/CODE/
    /* A sentence for a person: a member left out, a column chosen. NULL: dropped. */
    void (*note)(void *to, const char *sentence);
    void *to;
    /* Where it is set creators are wanted, not items: neither items nor link is called, and
     * a link, value or row that names no creator is skipped as no_handle or not_a_handle.
     * Texts are borrowed for the call. */
    int (*seen)(void *to, const struct creator_seen *, struct err *);
};
#define TABLE_NAME_MAX 64
struct import_count {
    int64_t links;         // links and bare ids seen
    int64_t taken;         // of those, items
    int64_t items;         // handed on, ascending: taken without repeats
    int64_t short_links;   // handed on to be resolved
    int64_t odd;           // of taken: the id's time or type is implausible
    int64_t skipped[SKIP_COUNT];
    int64_t members;       // of a ZIP: members that were read
    int64_t refused;       // of a ZIP: members that could not be read; noted
    /* of CSV, TSV and spreadsheets */
    int64_t tables, rows;    // rows without those of names
    int64_t fell_back;       // rows whose cell of the column held nothing, and another an item
    int64_t gave_nothing;    // rows without an item
    char column[TABLE_NAME_MAX];    // of the first table, by name or number; "" none
    const char *kind;      // "list", "csv", "xlsx", "json", "jsonl", "posts", "donation", "zip",
                           // "crawl", "frame", "creators"
    struct digest digest;  // HMAC(source_key, SHA-256 of the file's bytes)
};
#endif
