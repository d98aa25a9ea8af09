/* audit/turn/blocked.h: posts that were blocked alone today: each has had its attempt of this
 * day. Read when one is first asked about, and again on another day; what comes in meanwhile is
 * noted. */
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
/* Soon asked about: on a server it is read along with what is read next. */
MUST_CHECK int blocked_expect(const struct blocked *, struct store *, int64_t vantage,
                              struct err *);
/* Was its page (embed page, oEmbed) blocked alone today, as read from that vantage? */
MUST_CHECK int blocked_today(struct blocked *, struct store *, int64_t vantage, int64_t item,
                             enum witness, bool *yes, struct err *);
/* That one was read so at that instant. Before it is read, nothing: the store has it then. */
void blocked_note(struct blocked *, int64_t item, enum witness, int64_t at);
void blocked_release(struct blocked *);
#endif
