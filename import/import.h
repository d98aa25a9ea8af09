/* import/import.h: any dataset in, item ids out, and a count of every link
 * that was not taken, by kind.
 *
 * Shape:     a file is a URL list, CSV or TSV, JSON, JSONL, a donation package
 *            (JSON, TXT or ZIP) or a ZIP of lists; its content decides, not its
 *            name. Items leave in chunks, sorted by id, no id twice within one.
 * Counts:    links = taken + short_links + skipped of the kinds that are links
 *            (import_skip_is_link); the other kinds are rows that held none.
 * Memory:    does not grow with the file.
 * Privacy:   of a donation links alone are read: never messages, logins,
 *            searches, comments or followers, and no time of watching.
 * Errors:    ERR_INPUT for a file that is not what it claims, with the line;
 *            ERR_USAGE for a column or key it does not have; ERR_IO; whatever
 *            the sink returned. After -1 chunks may have been handed on: the
 *            caller rolls back. A member of a ZIP that cannot be read costs
 *            nothing of the others: it is counted and noted.
 * Source:    README.md, "Datasets". */
#ifndef IMPORT_IMPORT_H
#define IMPORT_IMPORT_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/digest.h"
#include "base/err.h"
#include "base/str.h"
#include "record/item.h"

enum import_skip {
    /* links that are no item */
    SKIP_SOUND = 0, SKIP_HASHTAG, SKIP_LIVE, SKIP_USER_PROFILE, SKIP_PLAYLIST, SKIP_SEARCH,
    SKIP_LOGIN,            // a login page that hides no item
    SKIP_CDN_FILE,         // a media file: its address holds no id
    SKIP_OTHER_PAGE,       // the platform's, but no item
    SKIP_OTHER_HOST,       // not the platform's host
    SKIP_BAD_ID,           // not 17 to 20 digits, or a leading zero
    SKIP_ID_TOO_LARGE,     // 2^63 and above
    /* rows that hold no link */
    SKIP_NO_LINK, SKIP_PLACEHOLDER /* "N/A", "None", "", "0" */, SKIP_UNREADABLE_ROW,
    SKIP_COUNT,
};
const char *import_skip_name(enum import_skip);      // "sound", "user_profile" ...
bool import_skip_is_link(enum import_skip);

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
};
struct import_count {
    int64_t links;         // links and bare ids seen
    int64_t taken;         // of those, items
    int64_t items;         // handed on, ascending: taken without repeats
    int64_t short_links;   // handed on to be resolved
    int64_t odd;           // of taken: the id's time or type is implausible
    int64_t skipped[SKIP_COUNT];
    int64_t members;       // of a ZIP: members that were read
    int64_t refused;       // of a ZIP: members that could not be read; noted
    const char *kind;      // "list", "csv", "json", "jsonl", "donation", "zip"
    struct digest digest;  // HMAC(source_key, SHA-256 of the file's bytes)
};
/* path "-" is stdin. *count is set on success alone. */
MUST_CHECK int import_file(const char *path, const struct import_opts *, const struct import_sink *,
                           struct import_count *count, struct err *);
#endif
