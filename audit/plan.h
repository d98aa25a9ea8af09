/* audit/plan.h: what the audit will cost, before anything is sent.
 * Known: items, windows, batches and requests of what is due now. Estimated
 * from what came back so far or, before the first answer, from the published
 * audit (arXiv:2506.09746: 27 % not returned at first, 63 % of these public):
 * later requests, pages. */
#ifndef AUDIT_PLAN_H
#define AUDIT_PLAN_H
#include "audit/sound.h"

struct plan {
    int64_t items;              // still to be asked for the first time
    int64_t windows, batches;   // of these
    int64_t requests;           // calls that are due now: batches, and asks of silent items
    int64_t later;              // estimate: calls of the confirming rounds to come
    int64_t days;               // UTC days of quota, the confirming days included
    int64_t pages;              // pages to read, estimated before the first answers
    double hours;               // at page.requests_per_second
    bool estimated;             // pages and later rest on the published audit's shares
    int64_t daily, used_today;  // quota; used_today -1: no key, so no ledger
    int64_t too_recent, links;
};
MUST_CHECK int plan_make(struct audit *, struct plan *, struct err *);
#endif
