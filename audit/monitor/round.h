/* audit/monitor/round.h: one round: what is due is asked of the API and read on the site.
 *
 * The API:   first a request of canaries alone, then posts in company (of one window, with the
 *            canaries of that window; posts whose page was refused never are), then each
 *            post alone, and after every fifty of them and the last one canaries again, those that
 *            came back before: a silence counts where the API answered before it and after it.
 *            Where the first two bring back nobody, not a canary alone either, the API is silent,
 *            and nobody is asked alone: that would cost the quota and say nothing.
 * The site:  page and oEmbed of posts, pages of canaries; what gave no answer and was no block
 *            is tried again, a little later.
 * Lost is nothing: requests, quota and answers go through the sinks of every audit, so that a
 *            killed round leaves what came in, and the next one asks for the rest.
 * Requests bear the round's number. Where nothing is due there is no round. */
#ifndef AUDIT_MONITOR_ROUND_H
#define AUDIT_MONITOR_ROUND_H
#include "audit/monitor/round_state.h"

/* before: what is due now (due_make). limit_s: no request is begun after so long.
 * Errors: ERR_IO, ERR_STOPPED, ERR_USAGE; what else ends a round stands in *out, and the round is
 * closed with its ending in every case that a program can see. */
MUST_CHECK int round_run(struct audit *, const struct due_list *before, int64_t limit_s,
                         struct round_result *out, struct err *);
#endif
