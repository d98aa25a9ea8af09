/* audit/verdict/validity.c: are the API's rows what was asked for and possible in themselves,
 * how much of each field either side fills, and are returned posts like missing ones? */
#include <string.h>
#include "audit/verdict/contrast.h"
#include "audit/verdict/numbers.h"
#include "audit/verdict/walk.h"
#include "record/id.h"
#include "report/waterfall.h"

#define CLOCK_SLACK_S 60      // between the clocks of two machines
#define VIEWS_LEAST 100       // below, counters of few steps may cross while they are copied
#define DURATION_MOST 7200    // uploads end at 60 minutes; twice that is no post

/* What a row of the API cannot be, whatever its page says. */
enum fault {
    FAULT_FUTURE,
    FAULT_BEFORE_ID,
    FAULT_LIKES,
    FAULT_DURATION,
    FAULT_REGION,
    FAULT_COUNT
};
static const struct {
    const char *name, *is;
} faults[FAULT_COUNT] = {
    [FAULT_FUTURE] = { "rows_from_the_future", "a create_time after the row was read" },
    [FAULT_BEFORE_ID] = { "rows_older_than_their_id", "a create_time before the second in which"
                                                      " their id was made" },
    [FAULT_LIKES] = { "rows_likes_above_views", "more likes than views, at 100 views or more" },
    [FAULT_DURATION] = { "rows_duration_impossible", "a duration below 0 or above two hours" },
    [FAULT_REGION] = { "rows_region_impossible", "a region_code that is not two capital letters" },
};

struct validity {
    const struct numbers_from *from;
    struct contrast *contrast;
    struct by_account rows;    // kinds: any fault, then each
    int set[FAULT_COUNT + 1];  // of from->behind, in the same order
    int64_t records[SIDE_COUNT], filled[SIDE_COUNT][FIELD_COUNT];
    int64_t strange, wrong_type;    // rows of the query; values
};

static bool is_region(struct str code)
{
    return code.n == 2 && code.p[0] >= 'A' && code.p[0] <= 'Z' && code.p[1] >= 'A' &&
           code.p[1] <= 'Z';
}

#define BIT(yes, fault) ((yes) ? 1u << ((fault) + 1) : 0u)
_Static_assert(FAULT_COUNT + 1 <= BY_ACCOUNT_KINDS, "a kind for each fault, and one for any");

static unsigned judge(const struct item_walk *w)
{
    const struct value *v = w->rec[SIDE_API]->val;
    const struct value *created = &v[FIELD_CREATED], *views = &v[FIELD_VIEWS],
                       *likes = &v[FIELD_LIKES], *lasts = &v[FIELD_DURATION];
    const struct str region = record_text(w->rec[SIDE_API], FIELD_REGION);
    unsigned found = 0;

    if (created->kind == VAL_INT) {
        found |= BIT(created->i > w->pair.at[SIDE_API] + CLOCK_SLACK_S, FAULT_FUTURE);
        found |= BIT(!w->row.purged_at && created->i + CLOCK_SLACK_S < id_time(w->row.id),
                      FAULT_BEFORE_ID);
    }
    found |= BIT(views->kind == VAL_INT && likes->kind == VAL_INT && views->i >= VIEWS_LEAST &&
                      likes->i > views->i,
                  FAULT_LIKES);
    found |= BIT(lasts->kind == VAL_INT && (lasts->i < 0 || lasts->i > DURATION_MOST),
                  FAULT_DURATION);
    found |= BIT(region.n && !is_region(region), FAULT_REGION);
    return found ? found | 1u : 0;
}

static void take_fill(struct validity *v, const struct item_walk *w, enum side side)
{
    const struct record *r = w->rec[side];

    if (!r || (side == SIDE_PAGE && w->row.page != ANSWER_PUBLIC))
        return;
    v->records[side]++;
    for (int f = 0; f < FIELD_COUNT; f++)
        v->filled[side][f] += r->val[f].kind != VAL_NONE &&
                              (r->val[f].kind != VAL_TEXT || r->val[f].text.n);
}

static void take_faults(struct validity *v, int64_t item, unsigned kinds)
{
    by_account_add_one(&v->rows, item, kinds);
    for (int k = 0; k <= FAULT_COUNT; k++)
        if (kinds >> k & 1)
            behind_mark(v->from->behind, v->set[k], item);
}

static void name_sets(struct validity *v)
{
    v->set[0] = behind_set(v->from->behind, STR("rows_impossible"));
    for (int f = 0; f < FAULT_COUNT; f++)
        v->set[f + 1] = behind_set(v->from->behind, str_of(faults[f].name));
}

static void take(struct validity *v, const struct item_walk *w, const struct label_row *l)
{
    const struct record *page = w->rec[SIDE_PAGE];
    bool missing = l->state == STATE_MISSING && waterfall_group(l) == NODE_PUBLIC;

    take_fill(v, w, SIDE_API);
    take_fill(v, w, SIDE_PAGE);
    if (w->rec[SIDE_API])
        take_faults(v, w->row.n, judge(w));
    if (page && (missing ||
                 (l->state == STATE_RETRIEVED && w->row.sampled && w->row.page == ANSWER_PUBLIC)))
        contrast_add(v->contrast, &w->row, missing, page, v->from->s->newest_answer_at);
}

static int take_items(struct validity *v, struct err *err)
{
    struct label_cursor *labels = NULL;
    struct label_row l;
    struct item_walk w = { 0 };
    int got = -1;

    if (store_labels(v->from->audit->store, &labels, err) ||
        item_walk_open(v->from->audit, &w, err))
        goto out;
    while ((got = label_cursor_next(labels, &l, err)) > 0) {
        do
            got = item_walk_next(&w, err);
        while (got > 0 && w.row.id < l.id);
        if (got <= 0)
            break;
        take(v, &w, &l);
    }
out:
    item_walk_close(&w);
    label_cursor_close(labels);
    return got;
}

static int take_strange(void *to, const struct tally_row *row, struct err *err)
{
    struct validity *v = to;

    (void)err;
    if (str_eq(row->name, STR("not_asked")) || str_eq(row->name, STR("outside_window")))
        v->strange += row->count;
    return 0;
}

static int take_type(void *to, const struct tally_row *row, struct err *err)
{
    struct validity *v = to;

    (void)err;
    v->wrong_type += row->count;
    return 0;
}

/* ---- numbers ---- */

static void put(struct validity *v, struct number *n)
{
    struct summary *s = v->from->s;

    n->criterion = CRITERION_VALIDITY;
    if (!n->has)
        n->is = arena_printf(s->mem, "%.*s No value: there is none of these.", STR_ARG(n->is));
    number_put(&s->numbers, s->mem, n);
}

static void put_query(struct validity *v)
{
    const struct summary *s = v->from->s;
    struct number n = { .name = STR("rows_as_asked") };
    int64_t rows = 0;

    for (size_t i = 0; i < s->days; i++)
        rows += s->day[i].found;
    number_set_share(&n, rows, rows + v->strange);
    n.is = STR("Rows of the API that satisfy the query, as a share of all rows that came: an id"
               " that was asked for, and a create_time within the window.");
    put(v, &n);
    n = (struct number){ .name = STR("values_of_wrong_type"),
                         .unit = UNIT_PLAIN,
                         .has = rows > 0,
                         .value = (double)v->wrong_type,
                         .n = v->wrong_type,
                         .of = v->wrong_type,
                         .is = STR("Values in rows of the API that are not of the type that the"
                                   " documentation gives, such as a count that is no whole number"
                                   " of 0 or more.") };
    put(v, &n);
}

static void put_faults(struct validity *v)
{
    struct number n = { .name = STR("rows_impossible") };

    by_account_share(&v->rows, 0, &n);
    n.is = STR("Posts whose row of the API is impossible in itself, as a share of the posts with"
               " one: any of the rows_ numbers below; 95 % over accounts.");
    put(v, &n);
    for (int f = 0; f < FAULT_COUNT; f++) {
        n = (struct number){ .name = str_of(faults[f].name) };
        by_account_share(&v->rows, f + 1, &n);
        n.is = arena_printf(v->from->s->mem,
                            "Posts whose row of the API has %s, as a share of the"
                            " posts with a row; 95 %% over accounts.",
                            faults[f].is);
        put(v, &n);
    }
}

static void put_fill(struct validity *v, enum side side, enum field f)
{
    struct arena *mem = v->from->s->mem;
    const struct field_info *info = field_info(f);
    struct number n = { .name = arena_printf(mem, "filled_%s_%s", side_name(side), info->name) };

    number_set_share(&n, v->filled[side][f], v->records[side]);
    n.is = arena_printf(mem, "%s that have a value for %s, as a share of all.",
                        side == SIDE_API ? "Rows of the API, one a post,"
                                         : "Public pages that were read, one a post,",
                        info->name);
    put(v, &n);
}

static void put_fills(struct validity *v)
{
    for (int f = 0; f < FIELD_COUNT; f++) {
        const struct field_info *info = field_info((enum field)f);

        if (!info->api_key[0] || info->api_key[0] == '*')
            continue;
        put_fill(v, SIDE_API, (enum field)f);
        if (info->page_path[0])
            put_fill(v, SIDE_PAGE, (enum field)f);
    }
}

int validity_numbers(const struct numbers_from *from, struct err *err)
{
    const struct account_graph *graph = from->accounts->graph;
    struct validity v = { .from = from, .rows.graph = graph, .contrast = contrast_new(graph) };
    int rc = -1;

    name_sets(&v);
    if (take_items(&v, err) ||
        store_tallies(from->audit->store, "strange_row", take_strange, &v, err) ||
        store_tallies(from->audit->store, "api_value", take_type, &v, err))
        goto out;
    put_query(&v);
    put_faults(&v);
    contrast_put(v.contrast, from->s);
    put_fills(&v);
    rc = 0;
out:
    by_account_release(&v.rows);
    contrast_free(v.contrast);
    return rc;
}
