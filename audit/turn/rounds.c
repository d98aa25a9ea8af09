/* audit/turn/rounds.c: the loop over reading and asking. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "audit/turn/plan.h"
#include "audit/turn/rounds.h"
#include "audit/verdict/standing.h"
#include "audit/turn/outage_watch.h"
#include "audit/turn/witness.h"
#include "base/log.h"
#include "base/stop.h"
#include "base/utc.h"

/* Quota, an API that is down, and blocks end one arm of the run, not the
 * other: what has been learned there can still be used here. */
static bool ends_arm(const struct err *err)
{
    return err->kind == ERR_QUOTA || err->kind == ERR_AGAIN;
}

static void keep_why(struct progress *p, const struct err *err)
{
    if (p->why.kind == ERR_NONE || (err->retry_at && err->retry_at < p->why.retry_at))
        p->why = *err;
}

struct pass {                   // what one pass did
    int64_t asked;              // requests; -1: asking has ended for this run
    int64_t read, fresh;        // pages; of these: items that had no page answer, links, oEmbed
};

static int do_read(struct audit *audit, struct progress *p, struct pass *pass, struct err *err)
{
    struct read_due due;
    struct scrape_result result;
    int rc = read_pass(audit, &due, &result, err);

    p->pages += result.pages;
    p->public += result.is_public;
    p->refused += result.refused;
    p->no_answer += result.no_answer;
    pass->fresh = due.pages + due.oembed + due.links + due.elsewhere;
    pass->read = pass->fresh + due.rechecks + due.sample + due.canaries + due.late;
    if (rc && ends_arm(err)) {
        p->blocked = true;
        keep_why(p, err);
        err_clear(err);
        rc = 0;
    }
    return rc;
}

static int do_ask(struct audit *audit, struct progress *p, struct pass *pass, struct err *err)
{
    const struct view *view;
    struct ask_tally tally;
    struct fetch_result result;
    struct err later = {0};
    int64_t before, after = 0;
    int rc;

    if (audit_view_hold(audit, &view, err))
        return -1;
    before = view_found(view);
    rc = ask_pass(audit, view, &tally, &result, err);
    audit_view_let(audit, view);
    if (result.requests)        // it has grown old: its memory is for what comes next
        audit_view_forget(audit);
    p->requests += result.requests;
    p->sends += result.sends;
    /* Items that came back for the first time: canaries do so each time. */
    if (store_count_found(audit->store, &after, rc ? &later : err))
        return -1;
    p->found += after - before;
    pass->asked = result.requests;
    if (rc && ends_arm(err)) {
        p->quota = err->kind == ERR_QUOTA;
        keep_why(p, err);
        err_clear(err);
        rc = 0;
        pass->asked = -1;
    }
    return rc;
}

/* Round 1 closes when every item that is old enough was asked once; from then
 * on the sample of retrieved items stands. */
static int close_round_1(struct audit *audit, struct err *err)
{
    struct buf text = {0};
    const struct view *view = NULL;
    struct ask_due due;
    char now[UTC_TEXT_MAX];
    bool open = false;
    int rc = -1;

    if (store_meta_get(audit->store, META_ROUND_1_CLOSED_AT, &text, err) ||
        (!text.n && ask_first_due(audit, &open, err)))
        goto out;
    if (text.n || open) {
        rc = 0;
        goto out;
    }
    if (audit_view_hold(audit, &view, err))
        goto out;
    rc = ask_due(audit, view, &due, err);
    if (rc == 0 && due.first + due.apart + due.waits == 0 && view_touched(view) > 0)
        rc = read_draw_sample(audit, err) || plan_keep_after(audit, view, err) ||
                     store_meta_set(audit->store, META_ROUND_1_CLOSED_AT,
                                    str_of(utc_rfc3339(utc_now(), now)), err)
                 ? -1
                 : 0;
out:
    audit_view_let(audit, view);
    buf_release(&text);
    return rc;
}

/* A pass that only repeats what gave no answer waits first: 1, 2, 4 ... times
 * page.retry_base_ms, with jitter. */
static void back_off(const struct settings *set, int pass)
{
    int64_t ms = set->page_retry_base_ms << (pass < 8 ? pass : 8);

    utc_wait_ms(ms + (int64_t)(mix64((uint64_t)utc_now_ms()) % (uint64_t)(ms / 2 + 1)));
}

static int turn(struct audit *audit, int what, struct progress *p, bool *reads, bool *asks,
                struct pass *pass, struct err *err)
{
    memset(pass, 0, sizeof *pass);
    if (*asks && do_ask(audit, p, pass, err))
        return -1;
    if (pass->asked < 0)
        *asks = false;
    if ((what & ROUNDS_ASK) && close_round_1(audit, err))
        return -1;
    if (*reads && do_read(audit, p, pass, err))
        return -1;
    if (p->blocked)
        *reads = false;
    return 0;
}

/* The API's other answers, with the calls that the query left over. */
static int do_witness(struct audit *audit, bool asks, struct progress *p, struct err *err)
{
    struct witness_result w;

    if (witness_run(audit, asks, &w, err))
        return -1;
    p->requests += w.requests;
    p->sends += w.sends;
    if (w.why.kind != ERR_NONE)
        keep_why(p, &w.why);
    p->quota = p->quota || w.why.kind == ERR_QUOTA;
    return 0;
}

/* A pass of reads repeats its pages itself, so three that brought nothing are
 * enough. Fresh company can heal a silence on the same day, but where two more
 * passes of asks brought nothing new the quota is better kept for another day. */
#define BARREN_PASSES 3
#define IDLE_ASKS 3

#define DONORS_FEW 10

/* The ids of one donor in one batch show the platform that donor's history. */
static int warn_of_few_donors(struct audit *audit, struct err *err)
{
    int64_t donors;

    if (store_count_sources(audit->store, "donation", &donors, err))
        return -1;
    if (donors > 0 && donors < DONORS_FEW)
        log_warn(
            "fewer than %d donors gave this dataset: what is asked together shows the platform much of each one's "
            "history",
            DONORS_FEW);
    return 0;
}

/* Once nothing else is left to do, the sample of the late checks stands. */
static int draw_late(struct audit *audit, struct err *err)
{
    struct outlook o;
    const struct view *view;
    int rc;

    if (!audit->set.api_late_check)
        return 0;
    if (rounds_outlook(audit, &o, err))
        return -1;
    if (!o.finished || o.late_items)
        return 0;
    if (audit_view_hold(audit, &view, err))
        return -1;
    rc = audit_draw_late(audit, view, err);
    audit_view_let(audit, view);
    return rc;
}

/* Reads are bounded by page.attempts; blocks count no attempt, so the passes
 * themselves are bounded as well. *open: the API can be asked today. */
static int take_turns(struct audit *audit, int what, struct progress *p, bool *open,
                      struct err *err)
{
    bool reads = (what & ROUNDS_READ) && !p->blocked, asks = what & ROUNDS_ASK;
    int idle_asks = 0;
    int64_t answers = 0, found = 0;
    struct pass pass;

    for (int barren = 0; barren < BARREN_PASSES;) {
        if (stop_asked())
            return err_set(err, ERR_STOPPED, "stopped; what came in is kept");
        if (turn(audit, what, p, &reads, &asks, &pass, err))
            return -1;
        if (pass.read <= 0 && pass.asked <= 0)
            break;
        *open = *open && pass.asked >= 0;
        idle_asks = pass.asked > 0 && p->found == found && !pass.fresh ? idle_asks + 1 : 0;
        asks = asks && idle_asks < IDLE_ASKS;
        barren = p->found + p->public + p->refused == answers ? barren + 1 : 0;
        if (barren && pass.read > 0)
            back_off(&audit->set, barren - 1);
        answers = p->found + p->public + p->refused;
        found = p->found;
    }
    return 0;
}

int rounds_run(struct audit *audit, int what, struct progress *p, struct err *err)
{
    bool open = what & ROUNDS_ASK;
    struct pass pass;
    int rc;

    memset(p, 0, sizeof *p);
    if (open && (audit_secrets(audit, err) || warn_of_few_donors(audit, err)))
        return -1;
    if (plan_keep_before(audit, err))
        return -1;
    /* Links first: what they lead to is asked with the rest. */
    if ((what & ROUNDS_READ) &&
        (do_read(audit, p, &pass, err) || (pass.read > 0 && plan_keep_before(audit, err))))
        return -1;
    rc = take_turns(audit, what, p, &open, err);
    if (rc || ((what & ROUNDS_ASK) && do_witness(audit, open, p, err)))
        return -1;
    return draw_late(audit, err);
}

/* ---- what is left ---- */

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

int rounds_outlook(struct audit *audit, struct outlook *o, struct err *err)
{
    int64_t now = utc_now();
    const struct view *view;
    struct read_due reads;
    struct ask_due asks;
    int rc = -1;

    memset(o, 0, sizeof *o);
    if (audit_view_hold(audit, &view, err))
        return -1;
    if (read_due(audit, view, &reads, err) || ask_due(audit, view, &asks, err) ||
        witness_left(audit, &o->to_witness, err))
        goto out;
    outlook_silences(audit, view, now, o);
    o->items = view_max_item(view);
    o->no_canary = o->waiting_day && !canaries_any(view_canaries(view));
    o->not_asked = asks.first + asks.apart + asks.waits + asks.following + asks.spot +
                   asks.forensic;
    o->to_read = reads.pages + reads.sample + reads.oembed + reads.canaries + reads.elsewhere;
    o->to_recheck = reads.rechecks;
    o->links = reads.links;
    outlook_late(audit, view, now, o);
    o->given_up += reads.given_up;
    o->too_recent = asks.too_recent;
    o->recent_first_at = asks.recent_first_at;
    o->recent_last_at = asks.recent_last_at;
    if (o->not_asked || o->to_read || o->to_recheck || o->links || o->to_witness)
        sooner(o, now);
    /* Of an API that answers nothing nothing is to be had before the next probe. */
    if (o->next_at < watch_retry_at(view) && !o->to_read && !o->to_recheck && !o->links &&
        !o->to_witness)
        o->next_at = watch_retry_at(view);
    o->finished = !o->not_asked && !o->to_read && !o->to_recheck && !o->links && !o->waiting_day &&
                  !o->to_witness && !o->late_asks && !o->late_pages && !o->late_waiting;
    rc = 0;
out:
    audit_view_let(audit, view);
    return rc;
}
