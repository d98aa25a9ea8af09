/* audit/sender.h: closed files of evidence go to a bucket, by a thread of their own, so that nobody
 * waits for them: one after another, in the order in which they were handed over, each again, with
 * back-off, until it lies there or the bucket refuses it for good. What does not get there stays
 * where it is.
 *
 * What became of them is fetched by sender_next; nothing is told otherwise.
 * Ownership: sender_free; it accepts NULL and waits for no file but the one under way. */
#ifndef AUDIT_SENDER_H
#define AUDIT_SENDER_H
#include "record/keeper.h"
#include "record/settings.h"

struct sender;
enum sent {
    SENT_THERE,      // the file lies there
    SENT_REFUSED,    // it never will: why says it
    SENT_WAITS,      // nothing gets there for now: why says it; once until SENT_FLOWS
    SENT_FLOWS,      // again
};
struct sent_news {
    enum sent what;
    struct kept_file file;    // of the first two
    char why[320];
};
/* By evidence.bucket, net.ca_file and net.timeout_s. dir: where the files lie. NULL where no bucket
 * is set. Errors: ERR_AUTH without keys. */
MUST_CHECK int sender_new(struct sender **, const struct settings *, const char *dir,
                          struct err *);
void sender_free(struct sender *);
const char *sender_url(const struct sender *);
void sender_add(struct sender *, const struct kept_file *);
/* False: no news. */
bool sender_next(struct sender *, struct sent_news *);
/* Returns when every file lies there, or is refused, or a few tries in a row (after an interrupt
 * one) went wrong; how many files are left. The news are to be fetched before and afterwards. */
size_t sender_finish(struct sender *);
#endif
