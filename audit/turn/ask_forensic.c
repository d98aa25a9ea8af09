/* audit/turn/ask_forensic.c: what makes a batch lose: batches of canaries beside ids that
 * are known not to be public, and beside public ones that are confirmed as never returned,
 * each of one window. Once, where the audit's own asking is done. */
#include <stdlib.h>
#include <string.h>
#include "audit/turn/ask_kind.h"
#include "base/digest.h"
#include "silence/due.h"

#define LEAST 10                    // ids beside the canaries of a forensic batch

struct forensics { struct batch *batch; size_t n, at; };

/* The windows that hold the most of a kind, half a batch of each. */
static void add_batches(const struct asker *a, struct pile *kind, int64_t want,
                        struct forensics *f)
{
    size_t half = (size_t)a->audit->set.api_batch / 2;

    pile_sort(kind);
    for (; want > 0; want--) {
        size_t best = 0, most = 0;
        struct batch *b;

        for (size_t from = 0, to = 0; from < kind->n; from++) {
            while (to < kind->n && kind->v[to].day - kind->v[from].day < WINDOW_SPAN_DAYS)
                to++;
            if (to - from > most) {
                most = to - from;
                best = from;
            }
        }
        if (most < LEAST)
            return;
        most = most < half ? most : half;
        b = &f->batch[f->n++];
        b->len = most;
        memcpy(b->item, kind->v + best, most * sizeof *b->item);
        b->window = window_of(b->item[0].day, b->item[most - 1].day);
        memmove(kind->v + best, kind->v + best + most, (kind->n - best - most) * sizeof *kind->v);
        kind->n -= most;
    }
}

static int forensic_collect(struct asker *a, void *own, int64_t *due, struct err *err)
{
    const struct view *view = a->view;
    int64_t most = cost_least(view_requests(view) / 50, a->audit->set.api_forensic);
    int64_t want[FORENSIC_COUNT] = { (most + 1) / 2 - view_forensic(view, FORENSIC_DEAD)->batches,
                                     most / 2 - view_forensic(view, FORENSIC_NEVER)->batches };
    struct pile kind[FORENSIC_COUNT] = { { 0 } };
    struct forensics *f = own;
    size_t n;
    const struct silence *v = view_silences(view, &n);

    (void)err;
    if (!a->closed || (want[FORENSIC_DEAD] <= 0 && want[FORENSIC_NEVER] <= 0) ||
        !view_settled(view, &a->audit->set))
        return 0;
    for (size_t i = 0; i < n; i++) {
        if (v[i].standing == STANDING_NOT_PUBLIC && !v[i].late_refusal)
            pile_push(&kind[FORENSIC_DEAD], pile_item(&v[i]));
        else if (v[i].standing == STANDING_PUBLIC && v[i].confirmed)
            pile_push(&kind[FORENSIC_NEVER], pile_item(&v[i]));
    }
    f->batch = xcalloc((uint64_t)most, sizeof *f->batch);
    for (int k = 0; k < FORENSIC_COUNT; k++) {
        add_batches(a, &kind[k], want[k], f);
        pile_release(&kind[k]);
    }
    *due = (int64_t)f->n;
    return 0;
}

static int forensic_compose(struct asker *a, void *own, struct arena *mem, struct request *req,
                            struct err *err)
{
    struct forensics *f = own;
    struct ask_member c;

    (void)err;
    while (f->at < f->n) {
        const struct batch *b = &f->batch[f->at++];
        uint64_t salt = mix64(a->salt + f->at);

        compose(a, mem, b, req);
        compose_role(req, ROLE_FORENSIC);
        for (int i = 0; req->members < (size_t)a->audit->set.api_batch &&
                        compose_canary(a, b->window, salt, i, &c);
             i++)
            req->member[req->members++] = c;
        if (req->members > b->len)
            return 1;
    }
    return 0;
}

static void forensic_release(void *own)
{
    free(((struct forensics *)own)->batch);
}

/* As many as the windows allow: none where none holds enough of what is gone or never
 * returned. */
static struct cost forensic_forecast(const struct cost_case *c)
{
    const struct to_come *of = c->of;
    int64_t most = cost_least(of->set->api_forensic, (view_requests(of->view) + c->queries) / 50);
    int64_t left = most - of->done[PHASE_FORENSIC].calls;
    struct cost cost = cost_of(c, c->odds == ODDS_LOW || left < 0 ? 0 : left);

    cost.days += cost.calls && c->odds == ODDS_HIGH;     // as those by single ids
    return cost;
}

const struct ask_kind ask_forensic = {
    .part = ASK_CHECKS,
    .role = ROLE_FORENSIC,
    .told_apart = true,         // no number of an item hangs on it: it keeps no audit unfinished
    .size = sizeof(struct forensics),
    .collect = forensic_collect,
    .compose = forensic_compose,
    .release = forensic_release,
    .forecast = forensic_forecast,
};
