/* audit/take/load.h: answers that others collected; from there on they are like our
 * own. Ids that are not in the audit become items.
 * Time: WARC-Date, then log_id, then `at`; without any the file is refused.
 * Damage:    what of an archive can be read is taken, and what cannot is counted; any
 *            other file is taken whole or not at all. A file is one transaction. */
#ifndef AUDIT_TAKE_LOAD_H
#define AUDIT_TAKE_LOAD_H
#include "archive/replies.h"
#include "audit/audit.h"

struct load_opts {
    int64_t at; bool has_at;         // --at
    const char *asked;               // file of the ids that the replies were asked for, or NULL
};
/* What was read and not taken, in the words in which it is said: "comment 12". */
#define LOAD_PASSED_MAX 32
struct load_passed {
    char what[72]; size_t kind;    // "column (name)"; how long its first word is
    int64_t n;
};
struct load_result {
    int64_t answers, found, is_public, refused, no_answer, strange, items;
    int64_t spoiled;                            // rows whose id was rounded (record/ending.h)
    int64_t other;                              // of a WARC: replies to other requests
    int64_t skipped[REPLIES_SKIP_COUNT];       // of a WARC: records that hold no reply
    struct load_passed passed[LOAD_PASSED_MAX];
    size_t passed_n;
    int64_t damaged;        // parts that cannot be read, between others that were taken
    char damage[240];       // of the first of them, with its line
    int64_t not_counted;    // --asked: ids in no reply, of which it proves nothing
    bool not_meant;                            // neither a page nor an archive: not looked at
    /* The account of all that the file held: rows, replies, records, pages; and ids that
     * --asked names and no row came back for. */
    struct intake intake;
};
/* Part of the file could not be read: the rest was taken. */
bool load_result_is_part(const struct load_result *);
/* n were passed over: in the words of import/skip.h where it is the same. At the end the
 * ledger over inputs takes them over, by `what`; name is told beside it. */
void load_pass(struct load_result *, const char *what, struct str name, int64_t n);
#define LOAD_UNANSWERED "unanswered_row"    // names an item, so the ledger has it as one
void load_passed_text(const struct load_result *, struct buf *out);    // "comment 12, ..."
MUST_CHECK int load_api(struct audit *, const char *path, const struct load_opts *,
                        struct load_result *, struct err *);
/* With o->asked: the files hold the pages of one search, of which nothing is known but
 * the ids that it was asked for, at most BATCH_MAX. Those that are in none of its rows
 * are absent where the pages are all there, from the first (its cursor is at most that of
 * one page) to one that says that there is no more; else they are not_counted. Pages that
 * were loaded before, by another command, are not known to belong to it. */
MUST_CHECK int load_asked(struct audit *, const char *const *path, size_t paths,
                          const struct load_opts *, struct load_result *, struct err *);
MUST_CHECK int load_pages(struct audit *, const char *path, const struct load_opts *,
                          struct load_result *, struct err *);
#endif
