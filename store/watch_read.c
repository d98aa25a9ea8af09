/* store/watch_read.c: a watch list's readings, post by post.
 *
 * A year of a list of hundreds is millions of rows. Requests and who was asked are walked once,
 * each in the order of its table, and kept small; then pages, which lie in the order of the items.
 * Looking for each ask's request took ten times as long. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/utc.h"
#include "store/inner.h"
#include "store/watch.h"

/* A request of the query, with what became of all that it asked for. */
struct reply {
    int64_t request, round, reserved_at, done_at, evidence;
    uint32_t members, back, canaries, canaries_back;
    uint32_t before;        // ids that came back in the requests of the round before it
    uint16_t http, code;    // code: place of its error_code
    bool complete;
};
/* One id of it. */
struct asked {
    uint32_t item, reply;
    bool canary, back;
};
struct sums {
    int64_t round;
    uint32_t back, canaries;
};    // of all replies of a round
struct span {
    int64_t first, round;
};    // requests from this one on, until the next span's
struct day_sum {
    int64_t day, source;
    size_t found;
};    // of a series that others measured
struct source_of {
    struct stmt *st;
    int more;
};    // more: stmt_next stands on a row
struct walk {
    struct {
        struct reply *v;
        size_t n, cap;
    } reply;    // by request
    struct {
        struct asked *v;
        size_t n, cap, at;
    } asked;    // by item, then request
    struct {
        struct sums *v;
        size_t n, cap;
    } round;    // by round
    struct {
        struct span *v;
        size_t n, cap;
    } span;    // by request
    struct {
        struct day_sum *v;
        size_t n, cap;
    } day;    // by day, source
    struct {
        const char **v;
        size_t n, cap;
    } code;
    struct arena codes;
    struct source_of pages, days;
    struct {
        struct reading *v;
        size_t n, cap;
    } of, ordered;       // of one item
    struct arena mem;    // its texts
    size_t sum;          // place in `round` of the round that was looked for last
};

static int by_round(const void *a, const void *b)
{
    const struct sums *x = a, *y = b;

    return (x->round > y->round) - (x->round < y->round);
}

/* Rounds follow each other, so that the last sum is nearly always the one. */
static void sum_up(struct walk *k)
{
    size_t n = 0;

    for (size_t i = 0; i < k->reply.n; i++) {
        struct reply *r = &k->reply.v[i];

        if (!k->round.n || k->round.v[k->round.n - 1].round != r->round) {
            ARRAY_ROOM(k->round.v, k->round.n, k->round.cap);
            k->round.v[k->round.n++] = (struct sums){ .round = r->round };
        }
        r->before = k->round.v[k->round.n - 1].back;
        k->round.v[k->round.n - 1].back += r->back;
        k->round.v[k->round.n - 1].canaries += r->canaries;
    }
    if (k->round.n)
        qsort(k->round.v, k->round.n, sizeof *k->round.v, by_round);
    for (size_t i = 0; i < k->round.n; i++) {
        if (n && k->round.v[n - 1].round == k->round.v[i].round) {
            k->round.v[n - 1].back += k->round.v[i].back;
            k->round.v[n - 1].canaries += k->round.v[i].canaries;
        } else {
            k->round.v[n++] = k->round.v[i];
        }
    }
    k->round.n = n;
}

/* There are a dozen of them. */
static uint16_t code_place(struct walk *k, struct str code)
{
    for (size_t i = 0; i < k->code.n; i++)
        if (str_eq(code, str_of(k->code.v[i])))
            return (uint16_t)i;
    if (k->code.n == UINT16_MAX)
        return UINT16_MAX;
    ARRAY_ROOM(k->code.v, k->code.n, k->code.cap);
    k->code.v[k->code.n] = arena_dup(&k->codes, code).p;
    return (uint16_t)k->code.n++;
}

static int read_requests(struct store *s, struct walk *k, struct err *err)
{
    struct stmt *st;
    int rc;

    if (db_query(s->db, Q_WATCH_REQUESTS, NO_ARGS, &st, err))
        return -1;
    while ((rc = stmt_next(st, err)) == 1) {
        const int64_t n = stmt_int(st, 0), round = stmt_int(st, 2);

        if (!k->span.n || k->span.v[k->span.n - 1].round != round) {
            ARRAY_ROOM(k->span.v, k->span.n, k->span.cap);
            k->span.v[k->span.n++] = (struct span){ n, round };
        }
        if (stmt_int(st, 1) != WITNESS_QUERY)
            continue;
        ARRAY_ROOM(k->reply.v, k->reply.n, k->reply.cap);
        k->reply.v[k->reply.n++] = (struct reply){ .request = n,
                                                   .round = round,
                                                   .reserved_at = stmt_int(st, 3),
                                                   .done_at = stmt_int(st, 4),
                                                   .complete = stmt_int(st, 5) != 0,
                                                   .http = (uint16_t)stmt_int(st, 6),
                                                   .code = code_place(k, stmt_text(st, 7)),
                                                   .evidence = stmt_int(st, 8) };
    }
    stmt_done(st);
    return rc;
}

/* By item, each item's in their order. Items are numbered from 1 on without great gaps, so that
 * each has its place by counting; comparing a million rows took longer than reading them. */
static void sort_asked(struct walk *k)
{
    struct asked *to = xcalloc(k->asked.n ? k->asked.n : 1, sizeof *to);
    size_t *end, at = 0;
    uint32_t last = 0;

    for (size_t i = 0; i < k->asked.n; i++)
        last = k->asked.v[i].item > last ? k->asked.v[i].item : last;
    end = xcalloc((size_t)last + 1, sizeof *end);
    for (size_t i = 0; i < k->asked.n; i++)
        end[k->asked.v[i].item]++;
    for (size_t item = 0; item <= last; item++) {
        const size_t n = end[item];

        end[item] = at;
        at += n;
    }
    for (size_t i = 0; i < k->asked.n; i++)
        to[end[k->asked.v[i].item]++] = k->asked.v[i];
    free(end);
    free(k->asked.v);
    k->asked.v = to;
    k->asked.cap = k->asked.n;
}

/* In the order of the table, which is that of the requests. */
static int read_asked(struct store *s, struct walk *k, struct err *err)
{
    size_t at = 0;
    struct stmt *st;
    int rc;

    if (db_query(s->db, Q_WATCH_ASKED, NO_ARGS, &st, err))
        return -1;
    while ((rc = stmt_next(st, err)) == 1) {
        const int64_t request = stmt_int(st, 0);
        struct asked one = { .item = (uint32_t)stmt_int(st, 1),
                             .canary = stmt_int(st, 2) == ROLE_CANARY,
                             .back = stmt_int(st, 3) != 0 };
        struct reply *r;

        while (at < k->reply.n && k->reply.v[at].request < request)
            at++;
        if (at == k->reply.n || k->reply.v[at].request != request)
            continue;    // of another witness
        r = &k->reply.v[at];
        r->members++;
        r->back += one.back;
        r->canaries += one.canary;
        r->canaries_back += one.canary && one.back;
        one.reply = (uint32_t)at;
        ARRAY_ROOM(k->asked.v, k->asked.n, k->asked.cap);
        k->asked.v[k->asked.n++] = one;
    }
    stmt_done(st);
    sum_up(k);
    sort_asked(k);
    return rc;
}

static int by_day(const void *a, const void *b)
{
    const struct day_sum *x = a, *y = b;

    if (x->day != y->day)
        return x->day < y->day ? -1 : 1;
    return (x->source > y->source) - (x->source < y->source);
}

static int read_day_sums(struct store *s, struct walk *k, struct err *err)
{
    struct stmt *st;
    int rc;

    if (db_query(s->db, Q_WATCH_DAY_SUMS, NO_ARGS, &st, err))
        return -1;
    while ((rc = stmt_next(st, err)) == 1) {
        ARRAY_ROOM(k->day.v, k->day.n, k->day.cap);
        k->day.v[k->day.n++] = (struct day_sum){ stmt_day(st, 0), stmt_int(st, 1),
                                                 (size_t)stmt_int(st, 2) };
    }
    stmt_done(st);
    return rc;
}

static int step(struct source_of *from, struct err *err)
{
    from->more = stmt_next(from->st, err);
    return from->more < 0 ? -1 : 0;
}

static struct reading *one_more(struct walk *k)
{
    ARRAY_ROOM(k->of.v, k->of.n, k->of.cap);
    k->of.v[k->of.n] = (struct reading){ .error_code = "" };
    return &k->of.v[k->of.n++];
}

/* An item's asks go from round to round: it is nearly always the same, or the next one. */
static const struct sums *sums_of(struct walk *k, int64_t round)
{
    const struct sums in = { .round = round }, *v = k->round.v;

    if (k->sum + 1 < k->round.n && v[k->sum + 1].round == round)
        k->sum++;
    else if (v[k->sum].round != round)
        k->sum = (size_t)((const struct sums *)bsearch(&in, v, k->round.n, sizeof in, by_round) -
                          v);
    return &v[k->sum];
}

static void take_ask(struct walk *k, const struct asked *a)
{
    const struct reply *r = &k->reply.v[a->reply];
    const struct sums *sum = sums_of(k, r->round);
    struct reading *w = one_more(k);

    w->witness = WITNESS_QUERY;
    w->request = r->request;
    w->round = r->round;
    w->answered = r->done_at > 0;
    w->at = w->answered ? r->done_at : r->reserved_at;
    w->kind = a->back                      ? ANSWER_FOUND
              : w->answered && r->complete ? ANSWER_ABSENT
                                           : ANSWER_NO_ANSWER;
    w->http = r->http;
    w->error_code = r->code < k->code.n ? k->code.v[r->code] : "";
    w->evidence = r->evidence;
    w->mates = r->members - 1;
    w->mates_back = r->back - a->back;
    w->canaries = r->canaries - a->canary;
    w->canaries_back = r->canaries_back - (a->canary && a->back);
    w->round_back = sum->back;
    w->round_canaries = sum->canaries;
    w->back_before = r->before;
    w->back_after = sum->back - r->before - r->back;
}

static int64_t round_of(const struct walk *k, int64_t request)
{
    size_t low = 0, high = k->span.n;

    while (low < high) {
        const size_t mid = low + (high - low) / 2;

        if (k->span.v[mid].first <= request)
            low = mid + 1;
        else
            high = mid;
    }
    return low ? k->span.v[low - 1].round : 0;
}

static void take_page(struct walk *k, struct stmt *st)
{
    struct reading *w = one_more(k);

    w->request = stmt_int(st, 1);
    w->witness = (enum witness)stmt_enum(st, 2, WITNESS_COUNT);
    w->at = stmt_int(st, 3);
    w->kind = (enum answer_kind)stmt_enum(st, 4, ANSWER_COUNT);
    w->why = (enum no_answer)stmt_enum(st, 5, NO_ANSWER_COUNT);
    w->has_code = !stmt_is_null(st, 6);
    w->code = stmt_int(st, 6);
    w->message = arena_dup(&k->mem, stmt_text(st, 7));
    w->evidence = stmt_int(st, 8);
    w->round = round_of(k, w->request);
    w->answered = true;
}

static void take_day(struct walk *k, struct stmt *st)
{
    static const enum witness witness[] = { WITNESS_QUERY, WITNESS_PAGE };
    const struct day_sum key = { .day = stmt_day(st, 1), .source = stmt_int(st, 2) }, *sum;

    sum = k->day.n ? bsearch(&key, k->day.v, k->day.n, sizeof key, by_day) : NULL;
    for (int i = 0; i < 2; i++) {
        struct reading *w;

        if (stmt_is_null(st, 3 + i))
            continue;
        w = one_more(k);
        w->witness = witness[i];
        w->at = utc_day_start(key.day);
        w->source = key.source;
        w->kind = (enum answer_kind)stmt_enum(st, 3 + i, ANSWER_COUNT);
        w->answered = true;
        w->round_back = sum ? sum->found : 0;
    }
}

/* All rows of the item; sources are in step with the list, which has every item of theirs. */
static int take(struct walk *k, struct source_of *from, int64_t item,
                void (*row)(struct walk *, struct stmt *), struct err *err)
{
    while (from->more && stmt_int(from->st, 0) == item) {
        row(k, from->st);
        if (step(from, err))
            return -1;
    }
    return 0;
}

static int by_time(const void *a, const void *b)
{
    const struct reading *x = a, *y = b;

    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    if (x->witness != y->witness)
        return x->witness < y->witness ? -1 : 1;
    if (x->request != y->request)
        return x->request < y->request ? -1 : 1;
    return (x->source > y->source) - (x->source < y->source);
}

/* Where what is in order from `from` on ends. */
static size_t run_end(const struct reading *v, size_t from, size_t n)
{
    size_t to = from + 1;

    while (to < n && by_time(&v[to - 1], &v[to]) <= 0)
        to++;
    return to < n ? to : n;
}

/* By time. Asks, pages and oEmbed come in order each, so few rows become one. */
static void order(struct walk *k)
{
    const size_t n = k->of.n;
    size_t runs = n ? 2 : 0;

    while (runs > 1) {
        const struct reading *v = k->of.v;
        struct reading *to;
        size_t cap;

        runs = k->ordered.n = 0;
        while (k->ordered.n < n) {
            size_t i = k->ordered.n, j, end, mid;

            mid = j = run_end(v, i, n);
            if (i == 0 && mid == n)
                return;
            end = j < n ? run_end(v, j, n) : n;
            while (i < mid || j < end) {
                ARRAY_ROOM(k->ordered.v, k->ordered.n, k->ordered.cap);
                k->ordered.v[k->ordered.n++] = j == end || (i < mid && by_time(&v[i], &v[j]) <= 0)
                                                   ? v[i++]
                                                   : v[j++];
            }
            runs++;
        }
        to = k->of.v;
        k->of.v = k->ordered.v;
        k->ordered.v = to;
        cap = k->of.cap;
        k->of.cap = k->ordered.cap;
        k->ordered.cap = cap;
    }
}

static int walk_items(struct store *s, struct walk *k, watch_readings_fn *each, void *to,
                      struct err *err)
{
    struct source_of list = { 0 };
    struct watched w;
    int rc = -1;

    if (db_query(s->db, Q_WATCHED_BY_ITEM, NO_ARGS, &list.st, err) || step(&list, err))
        goto out;
    while (list.more) {
        store_watched_read(list.st, &w);
        arena_clear(&k->mem);
        k->of.n = 0;
        while (k->asked.at < k->asked.n && k->asked.v[k->asked.at].item < w.item)
            k->asked.at++;    // of who is not on the list
        while (k->asked.at < k->asked.n && k->asked.v[k->asked.at].item == w.item)
            take_ask(k, &k->asked.v[k->asked.at++]);
        if (take(k, &k->pages, w.item, take_page, err) || take(k, &k->days, w.item, take_day, err))
            goto out;
        order(k);
        if (each(to, &w, k->of.v, k->of.n, err) || step(&list, err))
            goto out;
    }
    rc = 0;
out:
    stmt_done(list.st);
    return rc;
}

int store_watch_readings(struct store *s, watch_readings_fn *each, void *to, struct err *err)
{
    struct walk k = { 0 };
    int rc = -1;

    if (read_requests(s, &k, err) || read_asked(s, &k, err) || read_day_sums(s, &k, err) ||
        db_query(s->db, Q_WATCH_PAGES, NO_ARGS, &k.pages.st, err) || step(&k.pages, err) ||
        db_query(s->db, Q_WATCH_DAYS, NO_ARGS, &k.days.st, err) || step(&k.days, err) ||
        walk_items(s, &k, each, to, err))
        goto out;
    rc = 0;
out:
    stmt_done(k.pages.st);
    stmt_done(k.days.st);
    free(k.reply.v);
    free(k.asked.v);
    free(k.span.v);
    free(k.code.v);
    free(k.round.v);
    free(k.day.v);
    free(k.of.v);
    free(k.ordered.v);
    arena_release(&k.codes);
    arena_release(&k.mem);
    return rc;
}
