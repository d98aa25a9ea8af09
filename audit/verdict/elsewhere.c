/* audit/verdict/elsewhere.c: see elsewhere.h. */
#include "audit/verdict/elsewhere.h"
#include <stdlib.h>
#include "audit/clocks.h"
#include "audit/verdict/standing.h"
#include "base/array.h"
#include "base/digest.h"
#include "record/seed.h"
#include "silence/clock.h"
#include "silence/sample.h"

struct elsewhere {
    const struct audit *audit;
    enum elsewhere_what what;
    int64_t clock_s;    // silence/clock.h
    struct {
        struct vantage_seen *v;
        size_t n, cap;
    } seen;    // by item
    struct {
        int64_t *v;
        size_t n;
    } sample;    // by item
};

static int take_seen(void *to, const struct vantage_seen *seen, struct err *err)
{
    struct elsewhere *e = to;

    (void)err;
    ARRAY_ROOM(e->seen.v, e->seen.n, e->seen.cap);
    e->seen.v[e->seen.n++] = *seen;
    return 0;
}

/* The same at every vantage: of the posts that are public here the lowest ranks. Not those of
 * page.retrieved_sample, by which some of these pages came to be read. */
static int draw(struct elsewhere *e, int64_t want, struct err *err)
{
    const struct str seed = buf_view(&e->audit->seed);
    const uint64_t salt = digest_rank(seed, SEED_ELSEWHERE);
    struct item_cursor *cursor = NULL;
    struct sample d;
    struct item_row row;
    int got;

    if (store_items(e->audit->store, ITEMS_TOUCHED, 0, &cursor, err))
        return -1;
    sample_init(&d, (size_t)want);
    while ((got = item_cursor_next(cursor, &row, err)) > 0)
        if (row.page == ANSWER_PUBLIC && !row.purged_at)
            sample_put(&d, mix64(row.id ^ salt), row.n);
    item_cursor_close(cursor);
    sample_end(&d);
    e->sample.v = xcalloc(d.n ? d.n : 1, sizeof *e->sample.v);
    for (size_t i = 0; i < d.n; i++)
        e->sample.v[e->sample.n++] = d.v[i].item;
    sample_release(&d);
    qsort(e->sample.v, e->sample.n, sizeof *e->sample.v, array_by_number);
    return got;
}

int elsewhere_open(struct elsewhere **out, struct audit *audit, int64_t vantage, struct str asked,
                   struct err *err)
{
    struct elsewhere *e = xcalloc(1, sizeof *e);
    int64_t want = 0;

    e->audit = audit;
    e->what = setting_elsewhere(asked, &want);
    if (clocks_slack(audit, &e->clock_s, err) ||
        store_vantage_seen(audit->store, vantage, take_seen, e, err) ||
        (e->what == ELSEWHERE_SAMPLE && draw(e, want, err))) {
        elsewhere_close(e);
        return -1;
    }
    *out = e;
    return 0;
}

void elsewhere_close(struct elsewhere *e)
{
    if (!e)
        return;
    free(e->seen.v);
    free(e->sample.v);
    free(e);
}

static int by_item(const void *a, const void *b)
{
    const struct vantage_seen *x = a, *y = b;

    return (x->item > y->item) - (x->item < y->item);
}

/* The last reading there; NULL none. */
static const struct vantage_seen *seen_there(const struct elsewhere *e, int64_t item)
{
    const struct vantage_seen key = { .item = item };

    return e->seen.n ? bsearch(&key, e->seen.v, e->seen.n, sizeof key, by_item) : NULL;
}

/* It is read there whatever its page says here: all, or the sample. */
static bool is_asked_of_all(const struct elsewhere *e, int64_t item)
{
    return e->what == ELSEWHERE_ALL ||
           (e->sample.n &&
            bsearch(&item, e->sample.v, e->sample.n, sizeof item, array_by_number) != NULL);
}

/* Of a refusal: the retrieved are asked about where everything is. */
static bool wants_refused(const struct elsewhere *e, const struct item_row *row)
{
    if (e->what == ELSEWHERE_ALL)
        return true;
    if (row->found_first_at)
        return false;
    return e->what == ELSEWHERE_REFUSED || refusal_hangs_on_place(e->audit->rules, row);
}

static bool is_decisive(const struct vantage_seen *seen)
{
    return seen && (seen->kind == ANSWER_PUBLIC || seen->kind == ANSWER_REFUSED);
}

bool elsewhere_wants(const struct elsewhere *e, const struct item_row *row, int *tries)
{
    const struct vantage_seen *seen = seen_there(e, row->n);

    *tries = seen ? seen->tries : 0;
    if (row->purged_at || *tries >= e->audit->set.page_attempts)    // what it said here stands
        return false;
    switch (row->page) {
    case ANSWER_REFUSED:
        return (!is_decisive(seen) || seen->at < clock_since(row->page_at, e->clock_s)) &&
               wants_refused(e, row);
    case ANSWER_PUBLIC:
        return (!is_decisive(seen) ||
                (seen->kind == ANSWER_REFUSED &&
                 seen->at < clock_since(row->public_first_at, e->clock_s))) &&
               is_asked_of_all(e, row->n);
    case ANSWER_NO_ANSWER:
        return !is_decisive(seen) && e->what == ELSEWHERE_ALL;
    default:
        return false;
    }
}
