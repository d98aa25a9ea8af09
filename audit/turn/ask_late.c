/* audit/turn/ask_late.c: the sample of silence/late.h, asked again weeks later. Its retrieved
 * items are the canaries of the others. */
#include "audit/turn/ask_late.h"
#include <stdlib.h>
#include "audit/turn/ask_kind.h"
#include "audit/turn/room.h"
#include "base/utc.h"

struct late_asks_due { struct pile pile; struct packer packer; struct alone alone; };

static int late_collect(struct asker *a, void *own, int64_t *due, struct err *err)
{
    const struct settings *set = &a->audit->set;
    const struct late *late = view_late(a->view);
    const struct late_item **v = xcalloc(late->n ? late->n : 1, sizeof *v);
    size_t n = late_to_ask(late, set, a->now, v);
    int64_t room = room_beside(set, a->view);
    struct late_asks_due *l = own;

    (void)err;
    for (size_t i = 0; i < n; i++)
        pile_push(&l->pile, (struct pack_item){ v[i]->id, v[i]->item, v[i]->day });
    free(v);
    *due = (int64_t)n;
    pile_shuffle(&l->pile, a->salt, room);
    packer_init(&l->packer, room);
    return 0;
}

static bool asked_in_check(const struct asker *a, int64_t item)
{
    const struct late *late = view_late(a->view);
    const struct late_item *it = late_find(late, item);
    int check = late_check_of(late, &a->audit->set, utc_now());

    return it && check >= 0 && it->check[check].asks > 0;
}

/* A retrieved item that did not stay away, beside those of the batch. */
static bool has_other_canary(const struct asker *a, const struct batch *b)
{
    struct ask_member c;

    for (int i = 0; compose_canary(a, b->window, a->salt, i, &c); i++)
        if (!asked_in_check(a, c.item))
            return true;
    return false;
}

/* More canaries are added only where a batch has none, or none but those that stayed
 * away before. */
static void compose_late(struct asker *a, struct arena *mem, const struct batch *b,
                         struct request *req)
{
    bool found = false;

    compose(a, mem, b, req);
    compose_role(req, ROLE_LATE);
    for (size_t i = 0; i < req->members && !found; i++)
        found = !view_find(a->view, req->member[i].item) &&
                !asked_in_check(a, req->member[i].item);
    if (found) {
        a->canary_day = utc_day(utc_now());
    } else {
        compose_canaries(a, req);
        compose_noted(a, req);
    }
}

static int late_compose(struct asker *a, void *own, struct arena *mem, struct request *req,
                        struct err *err)
{
    struct late_asks_due *l = own;
    struct batch full;

    (void)err;
    if (!alone_left(&l->alone)) {
        if (!pile_pack(&l->pile, &l->packer, &full))
            return 0;
        if (!alone_fits(&full) || has_other_canary(a, &full)) {
            compose_late(a, mem, &full, req);
            return 1;
        }
        alone_begin(&l->alone, &full);
    }
    if (compose_stand_in(a, mem, req))
        return 1;
    full = alone_next(&l->alone);
    compose_late(a, mem, &full, req);
    return 1;
}

static void late_ask_release(void *own)
{
    pile_release(&((struct late_asks_due *)own)->pile);
}

/* ---- what it costs ---- */

/* Checks that are due, or to come. */
static int64_t checks_to_come(const struct to_come *of)
{
    const struct late *late = view_late(of->view);
    int64_t today = utc_day(utc_now()), from = late->n ? utc_day(late->drawn_at) : today, n = 0;
    struct late_due due;

    late_due(late, of->set, utc_now(), &due);
    for (int i = 0; i < LATE_CHECKS && of->set->api_late_check; i++)
        n += today < from + late_days[i];
    return n + (due.asks > 0);
}

/* Missing items of the sample; as many retrieved ones are in it. */
static int64_t missing_in_sample(const struct cost_case *c)
{
    int64_t drawn = (int64_t)view_late(c->of->view)->n;

    return drawn ? drawn / 2 : cost_least(c->of->set->api_late_check, cost_missing(c));
}

/* A check is missed where the audit is not run then; what was absent with unsound mates
 * is asked again. */
static int64_t calls_of(const struct cost_case *c, int64_t checks)
{
    const struct forecast *f = &c->of->f;
    int64_t items = 2 * missing_in_sample(c), tight = forecast_packed(f, items), spread;

    if (items == 0 || checks == 0)
        return 0;
    spread = cost_least(items, forecast_windows(f));
    if (c->odds == ODDS_LOW)
        return tight;
    return checks * (c->odds == ODDS_HIGH ? 2 * (tight + spread) : tight > spread ? tight : spread);
}

static struct cost late_forecast(const struct cost_case *c)
{
    int64_t checks = checks_to_come(c->of);
    struct cost cost = cost_of(c, calls_of(c, checks));

    if (cost.calls && cost.days < checks && c->odds != ODDS_LOW)
        cost.days = checks * (c->odds == ODDS_HIGH ? 2 : 1);
    return cost;
}

int64_t ask_late_pages(const struct cost_case *c)
{
    if (c->odds == ODDS_LOW)
        return 0;
    return checks_to_come(c->of) * missing_in_sample(c) * (c->odds == ODDS_HIGH ? 2 : 1);
}

const struct ask_kind ask_late = {
    .part = ASK_WEEKS_LATER,
    .role = ROLE_LATE,
    .told_apart = true,
    .size = sizeof(struct late_asks_due),
    .collect = late_collect,
    .compose = late_compose,
    .release = late_ask_release,
    .forecast = late_forecast,
};
