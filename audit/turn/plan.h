/* audit/turn/plan.h: what the audit will cost, before anything is sent, with a range.
 * Known: items, windows, batches and requests of what is due now. Estimated
 * from what came back so far or, before the first answer, from published
 * studies (audit/turn/guess.c names them): later requests, pages.
 * Calls that are repeated after a failure, and pages read again for want of an
 * answer, are in no plan. */
#ifndef AUDIT_TURN_PLAN_H
#define AUDIT_TURN_PLAN_H
#include "audit/audit.h"
#include "silence/view.h"
#include "audit/turn/ways.h"
#include "record/phase.h"

struct plan {
    int64_t items;              // still to be asked for the first time
    int64_t windows, batches;   // of these
    int64_t requests;           // calls that are due now: batches, and asks of silent items
    int64_t later;              // estimate: calls of the confirming rounds to come
    int64_t days;               // UTC days of quota, the confirming days included
    int64_t pages;              // pages to read, estimated before the first answers
    double hours;               // these, at page.requests_per_second
    bool estimated;             // pages and later rest on published shares
    int64_t daily, used_today;  // quota; used_today -1: no key, so no ledger
    int64_t too_recent, links;
    struct way way[WAYS];
    struct phase_done done[PHASE_COUNT];     // sent so far
    struct phases kept;         // the plans that were kept; done as above
};
MUST_CHECK int plan_make(struct audit *, struct plan *, struct err *);
/* The way of the settings. */
const struct way *plan_way(const struct plan *);
/* What the ranges rest on, one sentence. */
const char *plan_rests_on(const struct plan *);
/* Keeps the plan before the first request: until then the newest one, from then
 * on it stands. Nothing where something was sent already. */
MUST_CHECK int plan_keep_before(struct audit *, struct err *);
/* Keeps the plan as round 1 closes; once. */
MUST_CHECK int plan_keep_after(struct audit *, const struct view *, struct err *);
#endif
