/* scrape/book.h: the bookkeeping of a run: answers go to the sink, are counted,
 * and are committed in groups, for a commit waits for the disk. */
#ifndef SCRAPE_BOOK_H
#define SCRAPE_BOOK_H
#include "record/sink.h"
#include "scrape/run.h"

struct book {
    struct sink *sink;
    struct scrape_result *out;
    int64_t expected;             // as in struct scrape_opts
    size_t uncommitted; int64_t committed_ms, took_ms;    // the last commit
};
/* Puts the answer and closes its request, which has one member. */
MUST_CHECK int book_put(struct book *, struct request *, struct answer *, struct evidence,
                        struct err *);
/* Gives these posts a try back: the site was to blame. */
MUST_CHECK int book_spare(struct book *, enum witness, const struct ask_member *, size_t n,
                          struct err *);
MUST_CHECK int book_commit(struct book *, struct err *);
#endif
