/* archive/reading.h: what the readers of archives share: to whom replies go, what was passed
 * over, and how damage is told. A further kind of archive is an *_each of its own in a file
 * replies_KIND.c and a row in replies.c. */
#ifndef ARCHIVE_READING_H
#define ARCHIVE_READING_H
#include "archive/reply.h"
#include "archive/warc.h"

struct reading {
    const char *path;
    replies_fn *fn;
    void *to;
    int64_t *skipped;    // by enum replies_skip
    int64_t told;        // sentences
};
/* Something was passed over, for the reason in err, which is cleared; of many a few are told. */
void reading_skip(struct reading *, enum replies_skip, struct err *);
/* The same for a damaged place. Errors: what is no damage of the input, or too many places. */
MUST_CHECK int reading_damaged(struct reading *, struct err *);

/* One or several WARC files that are read as one. open: 1, 0 there is no such part, -1. */
struct warc_parts {
    int (*open)(void *of, size_t part, struct warc_reader **, struct err *);
    void *of;
};
MUST_CHECK int warc_parts_each(struct reading *, const struct warc_parts *, struct err *);

/* Each kind: the whole file. */
MUST_CHECK int warc_each(struct reading *, struct err *);
MUST_CHECK int wacz_each(struct reading *, struct err *);
MUST_CHECK int har_each(struct reading *, struct err *);
bool har_is(struct str head);
/* Is there a WARC file in it? Damage is no error here: false. */
MUST_CHECK int warc_in(const char *path, bool *in, struct err *);
MUST_CHECK int wacz_in(const char *path, bool *in, struct err *);
#endif
