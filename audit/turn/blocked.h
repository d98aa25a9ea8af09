/* audit/turn/blocked.h: posts that were blocked alone today: each has had its attempt of this
 * day. Read when one is first asked about, and again on another day or when it was forgotten. */
#ifndef AUDIT_TURN_BLOCKED_H
#define AUDIT_TURN_BLOCKED_H
#include "record/answer.h"
#include "store/items.h"

struct blocked_post {
    int64_t item;
    enum witness witness;
};
struct blocked {
    struct blocked_post *v;    // by item, then witness
    size_t n, cap;
    int64_t day;    // of which it was read; 0: it is to be read
};
/* Was its page (embed page, oEmbed) blocked alone today, as read from that vantage? */
MUST_CHECK int blocked_today(struct blocked *, struct store *, int64_t vantage, int64_t item,
                             enum witness, bool *yes, struct err *);
void blocked_forget(struct blocked *);    // more were read since
void blocked_release(struct blocked *);
#endif
