/* audit/turn/status.c: what is known and what is due, gathered. */
#include "audit/turn/status.h"
#include "audit/verdict/standing.h"
#include "audit/verdict/summarize.h"
#include "base/utc.h"

int status_read(struct audit *audit, struct arena *mem, struct status *now, struct err *err)
{
    const struct view *view;
    struct clean_asks clean;

    if (summarize_briefly(audit, mem, &now->summary, err) ||
        outlook_make(audit, &now->outlook, err) || plan_make(audit, &now->plan, err) ||
        store_last_event(audit->store, "page_yield", &now->yield_at, &now->yield, err) ||
        evidence_away_read(audit, &now->evidence_away, err) || audit_view_hold(audit, &view, err))
        return -1;
    /* What is due for the API has to wait where the day is used up. */
    if (now->plan.used_today >= now->plan.daily &&
        (now->outlook.not_asked || now->outlook.waiting_day || now->outlook.late_asks) &&
        now->outlook.next_at && now->outlook.next_at < utc_next_midnight(utc_now()))
        now->outlook.next_at = utc_next_midnight(utc_now());
    clean = losses_clean(view_losses(view));
    now->swallow = losses_swallow(view_losses(view));
    now->clean_asks = clean.asks;
    now->clean_lost = clean.lost;
    audit_view_let(audit, view);
    return 0;
}
