/* audit/turn/ask_check.c: a seeded few of the confirmed items, each alone, as a check of
 * what its batches say. Whether the API answered at all is for canaries to say. */
#include <stdlib.h>
#include "audit/turn/ask_kind.h"
#include "base/digest.h"
#include "record/seed.h"
#include "silence/due.h"

struct check { struct pile pile; };

/* Only where round 1 has closed. */
static int check_collect(struct asker *a, void *own, int64_t *due, struct err *err)
{
    uint64_t salt = digest_rank(buf_view(&a->audit->seed), SEED_SPOTS);
    const struct settings *set = &a->audit->set;
    struct check *k = own;
    const struct silence **v;
    int64_t n = a->closed ? view_spots(a->view, set, salt, NULL, 0) : 0;

    (void)err;
    v = xcalloc((uint64_t)(n ? n : 1), sizeof *v);
    if (n)
        view_spots(a->view, set, salt, v, (size_t)n);
    for (int64_t i = 0; i < n; i++)
        pile_push(&k->pile, pile_item(v[i]));
    free(v);
    *due = n;
    return 0;
}

static int check_compose(struct asker *a, void *own, struct arena *mem, struct request *req,
                         struct err *err)
{
    struct pile *p = &((struct check *)own)->pile;
    struct batch one = { .len = 1 };

    (void)err;
    if (p->at == p->n)
        return 0;
    if (compose_stand_in(a, mem, req))
        return 1;
    one.item[0] = p->v[p->at++];
    one.window = window_of(one.item[0].day, one.item[0].day);
    compose(a, mem, &one, req);
    compose_role(req, ROLE_SPOT);
    a->bare = true;
    return 1;
}

static void check_release(void *own)
{
    pile_release(&((struct check *)own)->pile);
}

static struct cost check_forecast(const struct cost_case *c)
{
    const struct to_come *of = c->of;
    int64_t asked = view_spot_sum(of->view).asked;
    int64_t share = (view_requests(of->view) + c->queries) / 10;
    int64_t most = cost_least(cost_least(of->set->api_spot_check, share), cost_missing(c));
    struct cost cost = cost_of(c, most > asked ? most - asked : 0);

    /* More calls allow for more of them, on another day. */
    cost.days += cost.calls && c->odds == ODDS_HIGH;
    return cost;
}

const struct ask_kind ask_spot = {
    .part = ASK_CHECKS,
    .role = ROLE_SPOT,
    .size = sizeof(struct check),
    .collect = check_collect,
    .compose = check_compose,
    .release = check_release,
    .forecast = check_forecast,
};
