/* audit/turn/rounds.c: the loop over reading and asking. */
#include "audit/turn/rounds.h"
#include <stdlib.h>
#include <string.h>
#include "audit/arm_end.h"
#include "audit/turn/ask.h"
#include "audit/turn/ask_first.h"
#include "audit/turn/outlook.h"
#include "audit/turn/plan.h"
#include "audit/turn/read.h"
#include "audit/turn/read_sample.h"
#include "audit/turn/round_1.h"
#include "audit/turn/witness.h"
#include "audit/verdict/standing.h"
#include "base/digest.h"
#include "base/log.h"
#include "base/stop.h"
#include "base/utc.h"
#include "store/expect.h"

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
    p->beside += result.embeds + result.oembed;
    p->accounts += result.creators;
    p->public += result.is_public;
    p->refused += result.refused;
    p->no_answer += result.no_answer;
    p->links += result.links;
    p->links_resolved += result.links_resolved;
    p->links_dead += result.links_dead;
    p->links_open += result.links_open;
    p->controls += result.controls;
    pass->fresh = due.pages + due.embed + due.oembed + due.links + due.elsewhere;
    pass->read = pass->fresh + due.rechecks + due.sample + due.canaries + due.late + due.again;
    if (rc && arm_is_over(err)) {
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

    if (store_expect_first(audit->store, err) || audit_view_hold(audit, &view, err))
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
    if (rc && arm_is_over(err)) {
        p->quota = err->kind == ERR_QUOTA;
        keep_why(p, err);
        err_clear(err);
        rc = 0;
        pass->asked = -1;
    }
    return rc;
}

/* Round 1 closes when every item that is old enough was asked once; from then
 * on the sample of retrieved items stands, unless it is all of them: what was too young for that
 * round, or was lost in it, comes back later. */
static int close_round_1_with(struct audit *audit, struct err *err)
{
    const struct view *view = NULL;
    struct ask_due due;
    bool closed, open = false;
    int rc = -1;

    if (round_1_closed(audit, &closed, err) || (!closed && ask_first_due(audit, &open, err)))
        return -1;
    if (closed)
        return read_sample_rest(audit, err);
    if (open)
        return 0;
    if (audit_view_hold(audit, &view, err))
        return -1;
    if (ask_due(audit, view, &due, err))
        goto out;
    if (ask_due_first(&due) == 0 && view_touched(view) > 0 &&
        (read_draw_sample(audit, err) || plan_keep_after(audit, view, err) ||
         round_1_close(audit, err)))
        goto out;
    rc = 0;
out:
    audit_view_let(audit, view);
    return rc;
}

/* What was never asked is looked through for each of its questions. */
static int close_round_1(struct audit *audit, struct err *err)
{
    int rc;

    store_keep_answers(audit->store, true);
    rc = close_round_1_with(audit, err);
    store_keep_answers(audit->store, false);
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
/* Each pass takes all that is due, so that a few are enough; an answer that leaves what it is
 * about due would be asked for without end. */
#define PASSES_MAX 200

#define DONORS_FEW 10

/* The ids of one donor in one batch show the platform that donor's history. */
static int warn_of_few_donors(struct audit *audit, struct err *err)
{
    int64_t donors = 0;

    if (store_count_sources(audit->store, "donation", &donors, err))
        return -1;
    if (donors > 0 && donors < DONORS_FEW)
        log_warn(
            "fewer than %d donors gave this dataset: what is asked together shows the platform "
            "much of each one's history",
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
    if (outlook_make(audit, &o, err))
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

    for (int barren = 0, passes = 0; barren < BARREN_PASSES && passes < PASSES_MAX; passes++) {
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

/* Once, before anything is done; what a first view and a first list are made of comes along. */
static int look_first(struct audit *audit, int what, struct err *err)
{
    const bool asks = what & ROUNDS_ASK;
    int rc;

    if (store_expect_view(audit->store, err) ||
        ((what & ROUNDS_READ) && read_expect(audit, err)))
        return -1;
    store_keep_answers(audit->store, true);
    rc = store_expect_rounds(audit->store, asks, err) ||
                 (asks && (audit_secrets(audit, err) || warn_of_few_donors(audit, err))) ||
                 plan_keep_before(audit, err)
             ? -1
             : 0;
    store_keep_answers(audit->store, false);
    return rc;
}

int rounds_run(struct audit *audit, int what, struct progress *p, struct err *err)
{
    bool open = what & ROUNDS_ASK;
    struct pass pass;
    int rc;

    memset(p, 0, sizeof *p);
    if (look_first(audit, what, err))
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
