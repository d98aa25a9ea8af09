/* audit/verdict/elsewhere.h: which pages a further vantage reads (page.elsewhere), and which the
 * first reads again since they were refused elsewhere.
 *
 * A post that is public here and refused there may have been deleted in between. So it counts as
 * refused there while public here only between two readings here that show it, and the first
 * vantage reads it once more at or after a refusal; by the clocks of several machines surely so
 * (silence/clock.h).
 *
 * Memory: 32 bytes an item that was read there, 8 an item of its sample. */
#ifndef AUDIT_VERDICT_ELSEWHERE_H
#define AUDIT_VERDICT_ELSEWHERE_H
#include "audit/audit.h"
#include "record/setting.h"

struct elsewhere;
/* Of a vantage other than the first, and as it is asked (page.elsewhere). */
MUST_CHECK int elsewhere_open(struct elsewhere **, struct audit *, int64_t vantage,
                              struct str asked, struct err *);
void elsewhere_close(struct elsewhere *);    // accepts NULL
/* Its page is to be read there; *tries: without an answer so far. */
bool elsewhere_wants(const struct elsewhere *, const struct item_row *, int *tries);
#endif
