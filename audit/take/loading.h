/* audit/take/loading.h: a file that is being loaded: one source, one transaction. What
 * the files here that load share. */
#ifndef AUDIT_TAKE_LOADING_H
#define AUDIT_TAKE_LOADING_H
#include "audit/take/load.h"
#include "base/inflate.h"

struct loading {
    struct audit *audit; const char *path; const struct load_opts *o; struct load_result *result;
    struct sink sink; struct arena mem; struct buf scratch; struct inflate *inflate;
    int64_t source;
    unsigned spoiled;    // endings of rounded ids: such rows are not taken
};
/* Sink, transaction and source. Whatever it returns, loading_finish ends it. */
MUST_CHECK int loading_begin(struct loading *, struct err *);
/* Commits where rc is 0, else rolls back; releases what is held. Returns -1 where
 * either was so. */
MUST_CHECK int loading_finish(struct loading *, int rc, const struct digest *, struct err *);
/* An archive is read from its file, record by record; all else is small: its text
 * and digest. */
MUST_CHECK int loading_sniff(const char *path, bool *warc, struct buf *text, struct digest *,
                             struct err *);
/* Items that the audit does not have yet are taken in; member[i] gets the numbers. */
MUST_CHECK int loading_items(struct loading *, const uint64_t *id, size_t n, struct ask_member *,
                             struct err *);
/* n rows say again what one before them did. What loading_items takes is counted there,
 * what was passed over (load_pass) at the end. */
void loading_repeat(struct loading *, int64_t n);
/* Bytes to the archive, as if they had come in at `at`. */
MUST_CHECK int loading_keep(struct loading *, const struct request *, const char *url,
                            struct str head, struct str body, int status, int64_t at,
                            struct evidence *, struct err *);
/* What was read of an item's page, or of a row of another tool's list: its bytes are kept, the
 * item is taken in, the answer put and counted. Of *a the content alone is given. */
struct loaded_page {
    uint64_t id; int64_t at;
    const char *url; int status; struct str head, body;
    bool embed;    // not its page, but the one for other sites' iframes
};
MUST_CHECK int loading_put_page(struct loading *, const struct loaded_page *, struct answer *a,
                                struct err *);
#define LOADING_AT_EXAMPLE "--at 2026-03-02T12:00:00Z"
/* ERR_INPUT: nothing of the file was taken, and what it holds instead. */
int load_nothing(const struct loading *, struct err *);
/* ERR_INPUT: nothing says when the file was answered. */
int loading_no_time(const struct loading *, struct err *);
#endif
