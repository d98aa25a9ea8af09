/* audit/verdict/accounts.c: two passes over the items by id. The first joins accounts;
 * the second counts each account's trials, for which the rules before the first
 * account rule must have spoken. */
#include "audit/held.h"
#include "audit/verdict/accounts.h"
#include <math.h>
#include <stdlib.h>
#include "audit/verdict/facts.h"
#include "audit/verdict/walk.h"
#include "base/array.h"
#include "store/frame.h"

#define ITEM_ASKED 1u
#define ITEM_RETRIEVED 2u
#define ITEM_PUBLIC 4u
#define ITEM_CANADA 8u

/* ---- what the accounts' own embed pages said ---- */

struct own_page {
    int64_t item;
    uint32_t of;
};
/* Those with an answer, by handle; and which items name one in their link. */
struct own_pages {
    struct creator *v;
    size_t n, cap;
    struct {
        struct own_page *v;
        size_t n, cap;
    } named;
};

static int take_own_page(void *to, const struct creator *c, struct err *err)
{
    struct own_pages *own = to;

    (void)err;
    if (c->standing == CREATOR_UNREAD || c->purged)
        return 0;
    ARRAY_ROOM(own->v, own->n, own->cap);
    own->v[own->n++] = *c;
    return 0;
}

static int by_handle(const void *key, const void *at)
{
    const struct str *handle = key;
    struct str other = str_of(((const struct creator *)at)->handle);

    return str_cmp(*handle, other);
}

static void name_own_page(struct own_pages *own, const struct item_row *row)
{
    const struct creator *c = own->n
                                  ? bsearch(&row->handle, own->v, own->n, sizeof *own->v, by_handle)
                                  : NULL;

    if (!c)
        return;
    ARRAY_ROOM(own->named.v, own->named.n, own->named.cap);
    own->named.v[own->named.n++] = (struct own_page){ row->n, (uint32_t)(c - own->v) };
}

/* An account with several handles: the page that was read last. */
static void count_own_pages(struct account_table *t, const struct own_pages *own)
{
    for (size_t i = 0; i < own->named.n; i++) {
        struct account_stat *a = &t->v[account_of(t->graph, own->named.v[i].item)];
        const struct creator *c = &own->v[own->named.v[i].of];

        if (c->standing_at > a->page_at) {
            a->page = c->standing;
            a->page_at = c->standing_at;
        }
    }
    t->v[0].page = CREATOR_UNREAD;
    t->v[0].page_at = 0;
}

/* ---- accounts ---- */

static int join_accounts(struct audit *audit, struct account_graph *graph, uint8_t *flags,
                         struct own_pages *own, struct err *err)
{
    struct item_walk w;
    int got = -1;

    if (store_creator_rows(audit->store, take_own_page, own, err))
        return -1;
    if (item_walk_open(audit, &w, err))
        goto out;
    while ((got = item_walk_next(&w, err)) > 0) {
        const struct record *page = w.rec[SIDE_PAGE], *api = w.rec[SIDE_API];

        account_graph_add(graph, w.row.n, STR_NONE, w.row.handle, ACCOUNT_FROM_LINK);
        name_own_page(own, &w.row);
        if (page)
            account_graph_add(graph, w.row.n, record_text(page, FIELD_AUTHOR_ID),
                              record_text(page, FIELD_AUTHOR), ACCOUNT_FROM_PAGE);
        if (api)
            account_graph_add(graph, w.row.n, STR_NONE, record_text(api, FIELD_AUTHOR),
                              ACCOUNT_FROM_API);
        /* A post that is gone since tells of its account what it showed before. */
        flags[w.row.n] =
            (uint8_t)((w.row.asked ? ITEM_ASKED : 0) | (w.row.found_first_at ? ITEM_RETRIEVED : 0) |
                      (w.row.public_first_at ? ITEM_PUBLIC : 0) |
                      (w.row.public_first_at && str_eq(record_text(page, FIELD_PLACE), STR("CA"))
                           ? ITEM_CANADA
                           : 0));
    }
out:
    item_walk_close(&w);
    return got;
}

static void count_items(struct account_table *t, const uint8_t *flags, int64_t max_item)
{
    for (int64_t i = 1; i <= max_item; i++) {
        struct account_stat *a = &t->v[account_of(t->graph, i)];

        a->items++;
        a->asked += (flags[i] & ITEM_ASKED) != 0;
        a->retrieved += (flags[i] & ITEM_RETRIEVED) != 0;
        a->public_items += (flags[i] & ITEM_PUBLIC) != 0;
        a->canada += (flags[i] & ITEM_CANADA) != 0;
    }
}

/* Answers come by time: the last one about an account stands, and one that
 * says nothing takes nothing away. */
static int take_user(void *to, const struct user_answer *u, struct err *err)
{
    struct account_table *t = to;
    struct account_stat *a = &t->v[account_of(t->graph, u->item)];

    (void)err;
    if (u->query_ok) {
        a->query_ok = true;
        a->query_rows = u->query_rows;
    }
    if (u->info != USER_INFO_NONE) {
        a->info = u->info;
        a->has_videos = u->has_videos;
        a->videos = u->videos;
    }
    return 0;
}

/* Trials: items that are public and confirmed, or retrieved, and that no rule
 * before the account's own explains. */
static int count_trials(struct audit *audit, const struct view *view, struct account_table *t,
                        struct err *err)
{
    size_t before = rules_before_account(audit->rules);
    const struct rule *gave_up;
    struct item_known known;
    struct facts facts;
    struct item_walk w;
    int got = -1;

    if (item_walk_open(audit, &w, err))
        goto out;
    while ((got = item_walk_next(&w, err)) > 0) {
        const struct silence *s = view_find(view, w.row.n);
        int64_t account = account_of(t->graph, w.row.n);

        if (!account || (!w.row.found_first_at && !silence_is_missing(s)))
            continue;
        known = (struct item_known){ .row = &w.row,
                                     .silence = s,
                                     .api = w.rec[SIDE_API],
                                     .page = w.rec[SIDE_PAGE],
                                     .at = &w.at,
                                     .account = &t->v[account] };
        if (facts_generation(audit, &w.row, s, &known.generation, err)) {
            got = -1;
            break;
        }
        facts_of_item(audit, &known, &facts);
        if (!rules_match(audit->rules, &facts, before, &gave_up) && !gave_up) {
            t->v[account].trials++;
            t->v[account].trials_retrieved += w.row.found_first_at != 0;
        }
    }
out:
    item_walk_close(&w);
    return got;
}

static int make_accounts(struct audit *audit, const struct view *view, struct account_table *t,
                         struct err *err)
{
    uint8_t *flags = xcalloc((uint64_t)view_max_item(view) + 1, 1);
    struct own_pages own = { .n = 0 };
    int rc = -1;

    t->graph = account_graph_new();
    if (join_accounts(audit, t->graph, flags, &own, err))
        goto out;
    t->n = (size_t)account_graph_finish(t->graph) + 1;
    t->v = xcalloc(t->n, sizeof *t->v);
    for (size_t i = 0; i < t->n; i++)
        t->v[i].chance = t->v[i].q = NAN;
    count_items(t, flags, view_max_item(view));
    count_own_pages(t, &own);
    if (store_users(audit->store, take_user, t, err) || count_trials(audit, view, t, err))
        goto out;
    t->model = account_stats(t->v + 1, t->n - 1, audit->set.account_min_items);
    rc = 0;
out:
    free(own.named.v);
    free(own.v);
    free(flags);
    return rc;
}

int accounts_hold(struct audit *audit, const struct view *view, const struct account_table **out,
                     struct err *err)
{
    struct account_table **kept = held_accounts(&audit->held, view);

    if (!*kept) {
        struct account_table *t = xcalloc(1, sizeof *t);

        if (make_accounts(audit, view, t, err)) {
            account_table_free(t);
            return -1;
        }
        *kept = t;
    }
    *out = *kept;
    return 0;
}
