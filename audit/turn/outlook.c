/* audit/turn/outlook.c: what is left, from what asking and reading say is due. */
#include "audit/turn/outlook.h"
#include <string.h>
#include "audit/turn/ask.h"
#include "audit/turn/outage_watch.h"
#include "audit/turn/read.h"
#include "audit/turn/witness.h"
#include "audit/verdict/final.h"
#include "audit/verdict/standing.h"
#include "base/utc.h"
#include "silence/due.h"
#include "store/expect.h"
#include "store/inputs.h"

static void sooner(struct outlook *o, int64_t at)
{
    if (at && (!o->next_at || at < o->next_at))
        o->next_at = at;
}

static void outlook_silences(const struct audit *audit, const struct view *view, int64_t now,
                             struct outlook *o)
{
    const struct settings *set = &audit->set;
    size_t n;
    const struct silence *v = view_silences(view, &n);

    for (size_t i = 0; i < n; i++) {
        const struct silence *s = &v[i];

        if (s->standing != STANDING_PUBLIC || s->confirmed)
            continue;
        if (s->tries >= set->page_attempts) {
            o->given_up++;
        } else if (silence_wants_recheck(s, set)) {
            if (silence_recheck_after(s) >
                now) {    // the clock went back: a reading of now would not be after it
                o->waiting_day++;
                sooner(o, silence_recheck_after(s));
            }
        } else if (now >= due_by_age(silence_born(s), set)) {
            o->waiting_day++;
            /* What was asked today and may be again has had its asks of this run. */
            sooner(o, silence_wants_ask(s, view, set, now) && !silence_counts_on(s, utc_day(now))
                          ? now : utc_next_midnight(now));
        }
    }
}

static void outlook_late(const struct audit *audit, const struct view *view, int64_t now,
                         struct outlook *o)
{
    const struct late *late = view_late(view);
    struct late_due due;

    late_due(late, &audit->set, now, &due);
    o->late_items = (int64_t)late->n;
    o->late_asks = due.asks;
    o->late_pages = due.pages;
    o->late_waiting = due.waiting;
    o->late_next_at = due.next_at;
    if (due.asks || due.pages)
        sooner(o, now);
    if (due.waiting)
        sooner(o, utc_next_midnight(now));
}

int64_t outlook_left(const struct outlook *o)
{
    return o->not_asked + o->to_read + o->to_recheck + o->links + o->links_waiting +
           o->blocked_alone + o->owed_waiting + o->waiting_day + o->to_witness + o->late_asks +
           o->late_pages + o->late_waiting;
}

static int make(struct audit *audit, struct outlook *o, struct err *err)
{
    int64_t now = utc_now();
    const struct view *view;
    struct read_due reads;
    struct ask_due asks;
    int rc = -1;

    if (store_expect_outlook(audit->store, (int)audit->set.page_attempts, err) ||
        read_expect(audit, err) || audit_view_hold(audit, &view, err))
        return -1;
    if (read_due(audit, view, &reads, err) || ask_due(audit, view, &asks, err) ||
        witness_left(audit, &o->to_witness, err) ||
        store_link_fates(audit->store, (int)audit->set.page_attempts, o->link, err))
        goto out;
    outlook_silences(audit, view, now, o);
    o->items = view_max_item(view);
    o->no_canary = o->waiting_day && !canaries_any(view_canaries(view));
    o->not_asked = ask_due_now(&asks);
    o->to_read = reads.pages + reads.sample + reads.embed + reads.oembed + reads.canaries +
                 reads.again + reads.elsewhere;
    o->to_recheck = reads.rechecks;
    o->links = reads.links;
    o->links_waiting = reads.links_waiting;
    o->blocked_alone = reads.waiting;
    o->owed_waiting = reads.owed_waiting;
    if (o->blocked_alone || o->owed_waiting)
        sooner(o, utc_next_midnight(now));
    outlook_late(audit, view, now, o);
    o->given_up += reads.given_up;
    o->too_recent = asks.aside.too_recent;
    o->recent_first_at = asks.aside.recent_first_at;
    o->recent_last_at = asks.aside.recent_last_at;
    if (o->not_asked || o->to_read || o->to_recheck || o->links || o->to_witness)
        sooner(o, now);
    if (o->links_waiting)
        sooner(o, utc_next_midnight(now));
    /* Of an API that answers nothing nothing is to be had before the next probe. */
    if (o->next_at < watch_retry_at(view) && !o->to_read && !o->to_recheck && !o->links &&
        !o->to_witness)
        o->next_at = watch_retry_at(view);
    if (standing_final(audit, view, now, &o->finished, err) == 0)
        rc = o->finished ? store_by_embed(audit->store, &o->by_embed, err) : 0;
out:
    audit_view_let(audit, view);
    return rc;
}

/* Several look at the same. */
int outlook_make(struct audit *audit, struct outlook *o, struct err *err)
{
    int rc;

    memset(o, 0, sizeof *o);
    store_keep_answers(audit->store, true);
    rc = make(audit, o, err);
    store_keep_answers(audit->store, false);
    return rc;
}
