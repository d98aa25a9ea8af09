/* audit/work_hand.h: pages are handed to workers instead of being read here (page.read_by), and
 * what they commit goes through the same sink, in the order in which each of them had it: to
 * whoever asks, it is scrape_run. The audit's one writer cuts, takes in and decides; workers read.
 */
#ifndef AUDIT_WORK_HAND_H
#define AUDIT_WORK_HAND_H
#include "audit/audit.h"

/* As scrape_run, whichever way the settings say. The sink is of audit_sink, or goes there.
 * Errors: also ERR_AGAIN where no worker is there for page.workers_wait_s. */
MUST_CHECK int hand_scrape(struct audit *, const struct scrape_opts *, struct read_source *,
                           struct sink *, struct scrape_result *, struct err *);
/* Takes in what came after a run had ended, or while none ran: each is a reading like any other.
 * put: as in struct sink_tap. Before it is reckoned what is due. */
MUST_CHECK int hand_late(struct audit *,
                         int (*put)(void *by, const struct request *, const struct answer *,
                                    struct err *),
                         void *by, struct err *);
#endif
