/* audit/verdict/check_latency.h: was a post there by an age that was promised? Pure.
 *
 * held    an ask by that age brought it
 * failed  a sound ask at that age or later did not bring it
 * open    it came between a sound absence before that age and an ask after it, or was not asked
 *         since: nobody knows
 * out     its first sound ask came more than a day after that age (what came of it does not
 *         decide: posts that were there all along could never fail, nor late ones hold), it has
 *         none, or it is missing for good and was not seen public that late
 * Source: audit/verdict/arrival.h, whose ages are whole hours, rounded outwards. */
#ifndef AUDIT_VERDICT_CHECK_LATENCY_H
#define AUDIT_VERDICT_CHECK_LATENCY_H
#include "audit/verdict/arrival.h"
#include "audit/verdict/check_row.h"

/* a NULL: no sound ask says anything. missing: the audit is done with it. */
enum check_stand check_stand_latency(const struct arrival *a, int hours, bool missing);
#endif
