/* Months of made-up watch lists: the state of every day is the truth's, and the events are,
 * none more, whatever the posts did and whatever failed. The readings are made here, of the
 * looks of fixtures/watch.h; what is held against the truth is watch/. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "base/array.h"
#include "base/utc.h"
#include "fixtures/watch.h"
#include "record/id.h"
#include "watch/events.h"

#define CANARIES 6
#define SEEDS 40

/* The readings of one post, as rounds of a list with canaries leave them. */
struct made {
    uint64_t id;
    struct watch_reading *v;
    size_t n, cap;
};
struct box {
    struct made *post;
    size_t n, cap;
};

static void add(struct made *m, struct watch_reading r)
{
    ARRAY_ROOM(m->v, m->n, m->cap);
    m->v[m->n++] = r;
}

/* Alone and in company; where the platform is out it answers with nothing for anybody, or with
 * an error, by turns. */
static void ask(struct made *m, const struct watch_look *look)
{
    struct watch_reading r = { .at = look->at, .round = look->at, .witness = WATCH_BY_API,
                               .canaries = 2 * CANARIES, .back = CANARIES,
                               .proven = true };
    bool out = strcmp(look->why, "outage") == 0;

    r.said = look->yes ? WATCH_SAID_YES : WATCH_SAID_NO;
    if (strcmp(look->why, "ours") == 0 || (out && utc_day(look->at) % 2)) {
        r.said = WATCH_SAID_NOTHING;
        r.why = out ? WATCH_WHY_OUTAGE : WATCH_WHY_OURS;
    } else if (out) {
        r.said = WATCH_SAID_NO;
        r.back = 0;
        r.proven = false;
    }
    add(m, r);
    r.mates = CANARIES;
    r.mates_back = r.back;
    add(m, r);
}

/* A page that shows the post; or that is blocked, and oEmbed shows it or says nothing. */
static void read_page(struct made *m, const struct watch_look *look)
{
    struct watch_reading page = { .at = look->at, .round = look->at, .witness = WATCH_BY_PAGE },
                         oembed = page;
    bool blocked = strcmp(look->why, "block") == 0 ||
                   (*look->why == 0 && look->yes && utc_day(look->at) % 3 == 0);

    oembed.witness = WATCH_BY_OEMBED;
    page.said = look->yes ? WATCH_SAID_YES : WATCH_SAID_NO;
    oembed.said = look->yes && !*look->why ? WATCH_SAID_YES : WATCH_SAID_NO;
    if (blocked || *look->why) {
        page.said = WATCH_SAID_NOTHING;
        page.why = blocked ? WATCH_WHY_BLOCK : watch_why_of(str_of(look->why));
    }
    add(m, page);
    add(m, oembed);
}

static void take(void *to, const struct world_item *it, const struct watch_look *look)
{
    struct box *b = to;

    if (b->n == 0 || b->post[b->n - 1].id != it->id) {
        ARRAY_ROOM(b->post, b->n, b->cap);
        b->post[b->n++] = (struct made){ .id = it->id };
    }
    (look->page ? read_page : ask)(&b->post[b->n - 1], look);
}

// ---- what watch/ makes of them ----

static int by_instant(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

/* When somebody asked for anything: each once. */
static size_t rounds_of(const struct box *b, int64_t **out)
{
    struct {
        int64_t *v;
        size_t n, cap;
    } at = { 0 };
    size_t n = 0;

    for (size_t i = 0; i < b->n; i++)
        for (size_t k = 0; k < b->post[i].n; k++) {
            ARRAY_ROOM(at.v, at.n, at.cap);
            at.v[at.n++] = b->post[i].v[k].at;
        }
    if (at.n)
        qsort(at.v, at.n, sizeof *at.v, by_instant);
    for (size_t i = 0; i < at.n; i++)
        if (n == 0 || at.v[n - 1] != at.v[i])
            at.v[n++] = at.v[i];
    *out = at.v;
    return n;
}

/* As the truth writes them; what is of all has its end in place of a second look. */
static void events_of(const struct box *b, struct buf *out)
{
    const struct watch_events_opts opts = { .confirm_s = WATCH_CONFIRM_S,
                                            .stale_s = WATCH_STALE_S };
    struct watch_events *set = watch_events_new(&opts);
    char day[UTC_TEXT_MAX], sure[UTC_TEXT_MAX], id[ID_TEXT_MAX];
    const struct watch_event *e;
    int64_t *round;
    size_t n, rounds = rounds_of(b, &round);

    for (size_t i = 0; i < b->n; i++)
        watch_events_item(set, (int64_t)i + 1, b->post[i].id, true, b->post[i].v, b->post[i].n);
    watch_events_rounds(set, round, rounds, rounds ? round[rounds - 1] : 0);
    e = watch_events_end(set, &n);
    for (size_t i = 0; i < n; i++)
        buf_printf(out, "%s,%s,%s,%s\n", utc_date(utc_day(e[i].at), day),
                   e[i].id ? id_text(e[i].id, id) : "", watch_event_name(e[i].kind),
                   e[i].kind == WATCH_EVENT_OUTAGE
                       ? day
                       : utc_date(utc_day(e[i].confirmed_at), sure));
    watch_events_free(set);
    free(round);
}

static void release(struct box *b)
{
    for (size_t i = 0; i < b->n; i++)
        free(b->post[i].v);
    free(b->post);
}

static void day_line(const struct made *m, int64_t day, struct buf *out)
{
    struct watch_reading *of = xcalloc(m->n + 1, sizeof *of);
    char date[UTC_TEXT_MAX], id[ID_TEXT_MAX];
    struct watch_day is;
    size_t n = 0;

    for (size_t i = 0; i < m->n; i++)
        if (utc_day(m->v[i].at) == day)
            of[n++] = m->v[i];
    is = watch_day_of(of, n, true);
    buf_printf(out, "%s,%s,%s,%s,%s,%s\n", utc_date(day, date), id_text(m->id, id),
               watch_api_name(is.api), watch_page_name(is.page), watch_why_name(is.api_why),
               watch_why_name(is.page_why));
    free(of);
}

/* Lines that stand in one of the two and not in the other are printed. */
static size_t unlike(struct str want, struct str got)
{
    struct str line, rest = want;
    size_t n = 0;

    while (str_cut(&rest, '\n', &line))
        if (str_find(got, line, 0) < 0 && n++ < 5)
            print_message("only in the truth: %.*s\n", STR_ARG(line));
    while (str_cut(&got, '\n', &line))
        if (str_find(want, line, 0) < 0 && n++ < 10)
            print_message("not in the truth: %.*s\n", STR_ARG(line));
    return n;
}

static struct world *make(uint64_t seed)
{
    struct world_params p;
    struct world *w = NULL;
    struct err err = {0};

    world_params_default(&p, seed, 800);
    if (world_new(&p, &w, &err))
        fail_msg("%s", err.msg);
    return w;
}

static void every_day_and_every_event_is_what_the_world_says(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct world *w = make(seed);
        struct buf days = {0}, events = {0}, got = {0};
        struct box box = {0};
        struct err err = {0};

        if (watch_truth(w, 35, WATCH_DAYS, take, &box, &days, &events, &err))
            fail_msg("%s", err.msg);
        buf_puts(&got, "date,id,api,page,api_why,page_why\n");
        assert_int_equal(box.n, 35);
        for (size_t i = 0; i < box.n; i++)
            for (int64_t day = 0; day < WATCH_DAYS; day++)
                day_line(&box.post[i], utc_day(w->params.clock) + day, &got);
        assert_int_equal(got.n, days.n);
        assert_int_equal(unlike(buf_view(&days), buf_view(&got)), 0);
        buf_clear(&got);
        buf_puts(&got, "date,id,kind,confirmed\n");
        events_of(&box, &got);
        assert_int_equal(unlike(buf_view(&events), buf_view(&got)), 0);
        assert_int_equal(got.n, events.n);
        buf_release(&days);
        buf_release(&events);
        buf_release(&got);
        release(&box);
        world_free(w);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_day_and_every_event_is_what_the_world_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
