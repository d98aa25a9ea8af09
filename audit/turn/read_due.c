/* audit/turn/read_due.c: what is due on the site, and in which order. */
#include "audit/turn/read_due.h"
#include <stdlib.h>
#include <string.h>
#include "audit/clocks.h"
#include "audit/verdict/elsewhere.h"
#include "base/array.h"
#include "base/digest.h"
#include "base/utc.h"
#include "record/seed.h"
#include "record/witnesses.h"
#include "silence/clock.h"
#include "silence/due.h"
#include "store/expect.h"

/* Where known items come twice, for two reasons, they are read once (drop_twins). */
static bool of_known_item(enum read_why why)
{
    return why == WHY_SAMPLE || why == WHY_CANARY || why == WHY_LATE || why == WHY_AGAIN;
}

bool read_why_asks(enum read_why why, enum witness w)
{
    switch (why) {
    case WHY_OEMBED: return w == WITNESS_OEMBED;
    case WHY_EMBED: return w == WITNESS_EMBED;
    case WHY_OWED:
    case WHY_LINK:
    case WHY_ELSEWHERE: return w == WITNESS_PAGE;
    case WHY_PAGE:
    case WHY_RECHECK:
    case WHY_SAMPLE:
    case WHY_CANARY:
    case WHY_AGAIN:
    case WHY_LATE: break;
    }
    return witness_shows(w);
}

uint64_t read_list_rank(const struct read_list *r, uint64_t id) { return mix64(id ^ r->salt); }

static void push_or(struct read_list *r, int64_t item, uint64_t id, enum read_why why,
                    enum witness instead)
{
    if (r->counts && !of_known_item(why))
        return;
    ARRAY_ROOM(r->v, r->n, r->cap);
    r->v[r->n++] = (struct due_page){ .rank = read_list_rank(r, id),
                                      .item = (uint32_t)item,
                                      .why = (uint8_t)why,
                                      .instead = (uint8_t)instead,
                                      .said = ANSWER_COUNT };
}

static void push(struct read_list *r, int64_t item, uint64_t id, enum read_why why)
{
    push_or(r, item, id, why, WITNESS_COUNT);
}

/* Blocked today while others were read: it has had its attempt of this day. */
static int waits_a_day(struct read_list *r, int64_t item, enum witness witness, int tries,
                       bool *waits, struct err *err)
{
    *waits = false;
    if (tries && blocked_today(&r->blocked, r->audit->store, r->vantage, item, witness, waits, err))
        return -1;
    r->count->waiting += *waits;
    return 0;
}

/* What the page itself showed does not change by a refusal of its embed page: once a day is
 * enough. That the embed page shows it is another sight of it. */
static bool embed_has_refused(const struct item_row *row)
{
    return row->embed == ANSWER_REFUSED && utc_day(row->embed_at) >= utc_day(utc_now());
}

/* The same of those who show its page: where one of them may be asked, and can say more than
 * it did today, it does not wait. */
static int sight_waits(struct read_list *r, const struct item_row *row, bool *waits,
                       struct err *err)
{
    const struct settings *set = &r->audit->set;
    const bool embed = r->vantage <= 1 && witness_is_asked(set, WITNESS_EMBED),
               page = witness_is_asked(set, WITNESS_PAGE);
    const int64_t waiting = r->count->waiting;

    *waits = false;
    if (!row->tries && !row->embed_tries)
        return 0;
    if (page && row->tries < set->page_attempts &&
        waits_a_day(r, row->n, WITNESS_PAGE, row->tries, waits, err))
        return -1;
    if (embed && (*waits || !page || row->tries >= set->page_attempts)) {
        if (waits_a_day(r, row->n, WITNESS_EMBED, row->embed_tries, waits, err))
            return -1;
        *waits = *waits || (page && embed_has_refused(row));
    }
    r->count->waiting = waiting + *waits;
    return 0;
}

/* Of one whose row is not at hand: that of place i. */
static int item_waits(struct read_list *r, struct items_ahead *rows, size_t i, bool *waits,
                      struct err *err)
{
    struct item_row row;
    bool found;

    *waits = false;
    if (items_ahead_row(rows, i, &row, &found, err))
        return -1;
    return found ? sight_waits(r, &row, waits, err) : 0;
}

/* The next witness of a refusal that hangs on others: the first that does not wait. */
static int push_beside(struct read_list *r, const struct silence *s, struct err *err)
{
    enum witness w[BESIDE_MAX];
    const size_t n = silence_wants_beside(s, &r->audit->set, w);
    const int64_t waiting = r->count->waiting;
    bool waits = n > 0, embed = false;
    size_t i = 0;

    for (; waits && i < n; i++) {
        embed = w[i] == WITNESS_EMBED;
        if (waits_a_day(r, s->item, w[i], embed ? s->embed_tries : s->oembed_tries, &waits, err))
            return -1;
    }
    r->count->waiting = waiting + waits;
    if (waits || n == 0)
        return 0;
    *(embed ? &r->count->embed : &r->count->oembed) += 1;
    push_or(r, s->item, s->id, embed ? WHY_EMBED : WHY_OEMBED, i < n ? w[i] : WITNESS_COUNT);
    return 0;
}

/* The page, on another day than that of its embed page's answer. */
static int push_owed(struct read_list *r, const struct silence *s, struct err *err)
{
    const int64_t read = s->standing == STANDING_PUBLIC ? s->public_last : s->refused_last;
    bool waits = utc_day(read) >= utc_day(utc_now());

    if (waits)
        r->count->owed_waiting++;
    else if (waits_a_day(r, s->item, WITNESS_PAGE, 1, &waits, err))
        return -1;
    if (waits)
        return 0;
    r->count->pages++;
    push(r, s->item, s->id, WHY_OWED);
    return 0;
}

/* Silences, and those of them of which more has to be known than stands there. */
struct silences {
    const struct silence *v;
    const struct settings *set;
};

static bool is_unread(const struct silence *s)
{
    return s->standing == STANDING_UNREAD && s->asked;
}

static int64_t tried_silence(const void *of, size_t i)
{
    const struct silences *all = of;
    const struct silence *s = &all->v[i];

    return s->tried && s->tries < all->set->page_attempts &&
                   (is_unread(s) || silence_wants_recheck(s, all->set))
               ? s->item
               : 0;
}

static int push_silence(struct read_list *r, const struct silence *s, struct err *err)
{
    const struct settings *set = &r->audit->set;
    const int64_t now = utc_now();

    if (is_unread(s)) {
        if (s->tries < set->page_attempts) {
            r->count->pages++;
            push(r, s->item, s->id, WHY_PAGE);
        } else {
            r->count->given_up++;
        }
        return 0;
    }
    if (silence_wants_recheck(s, set)) {
        if (silence_recheck_after(s) > now)    // the clock went back: read when it has caught up
            return 0;
        r->count->rechecks++;
        push(r, s->item, s->id, WHY_RECHECK);
        return 0;
    }
    return s->owes_page ? push_owed(r, s, err) : push_beside(r, s, err);
}

static bool any_tried(const struct silences *all, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (tried_silence(all, i))
            return true;
    return false;
}

static int push_silences(struct read_list *r, const struct view *view, struct err *err)
{
    size_t n;
    const struct silences all = { view_silences(view, &n), &r->audit->set };
    struct items_ahead *rows = items_ahead_open(
        r->audit->store, &(struct items_wanted){ .item = tried_silence, .of = &all, .n = n });
    int rc = 0;

    if (any_tried(&all, n))
        rc = blocked_expect(&r->blocked, r->audit->store, r->vantage, err);
    for (size_t i = 0; rc == 0 && i < n; i++) {
        bool waits = false;

        if (tried_silence(&all, i) && item_waits(r, rows, i, &waits, err))
            rc = -1;
        else if (!waits)
            rc = push_silence(r, &all.v[i], err);
    }
    items_ahead_close(rows);
    return rc;
}

bool read_first(const struct settings *set, const struct item_row *row)
{
    enum witness first = settings_first(set);
    bool embed = first == WITNESS_EMBED;
    enum answer_kind said = embed ? row->embed : row->oembed;
    int tries = embed ? row->embed_tries : row->oembed_tries;

    return first != WITNESS_COUNT && !row->asked && row->page != ANSWER_PUBLIC &&
           row->page != ANSWER_REFUSED && said != ANSWER_PUBLIC && said != ANSWER_REFUSED &&
           tries < set->page_attempts && witness_is_asked(set, first);
}

static int push_first(struct read_list *r, struct err *err)
{
    const enum witness first = settings_first(&r->audit->set);
    const bool embed = first == WITNESS_EMBED;
    struct item_cursor *cursor = NULL;
    struct item_row row;
    int64_t now = utc_now();
    int got;

    if (first == WITNESS_COUNT)
        return 0;
    if (store_items(r->audit->store, ITEMS_NEVER_ASKED, 0, &cursor, err))
        return -1;
    while ((got = item_cursor_next(cursor, &row, err)) > 0)
        if (read_first(&r->audit->set, &row) &&
            now >= due_by_age(item_born(&row), &r->audit->set)) {
            bool waits;

            if (waits_a_day(r, row.n, first, embed ? row.embed_tries : row.oembed_tries, &waits,
                            err)) {
                got = -1;
                break;
            }
            if (waits)
                continue;
            *(embed ? &r->count->embed : &r->count->oembed) += 1;
            push(r, row.n, row.id, embed ? WHY_EMBED : WHY_OEMBED);
        }
    item_cursor_close(cursor);
    return got;
}

static int64_t lost_item(const void *of, size_t i)
{
    const struct lost_canary *lost = of;

    return lost[i].at > utc_now() ? 0 : lost[i].item;
}

/* A canary that stayed away may be gone: its page says whether its batch was
 * one with a suspect. Read once for each loss, and once for losses of one pass. */
static int push_canary(struct read_list *r, const struct item_row *row, int64_t since,
                       struct err *err)
{
    bool waits;

    if (!row->found_first_at || row->tried_at >= since ||
        sight_tries(&r->audit->set, row) >= r->audit->set.page_attempts)
        return 0;
    if (sight_waits(r, row, &waits, err))
        return -1;
    if (waits)
        return 0;
    r->count->canaries++;
    push(r, row->n, row->id, WHY_CANARY);
    return 0;
}

static int push_canaries(struct read_list *r, const struct view *view, struct err *err)
{
    size_t n;
    const struct lost_canary *lost = canaries_lost(view_canaries(view), &n);
    struct items_ahead *rows = items_ahead_open(
        r->audit->store, &(struct items_wanted){ .item = lost_item, .of = lost, .n = n });
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < n; i++) {
        struct item_row row;
        bool found = false;

        if (lost[i].at > utc_now())
            continue;
        rc = items_ahead_row(rows, i, &row, &found, err);
        if (rc == 0 && found)
            rc = push_canary(r, &row, clock_since(lost[i].at, view_clock_s(view)), err);
    }
    items_ahead_close(rows);
    return rc;
}

static int push_sample(struct read_list *r, struct err *err)
{
    struct item_cursor *cursor = NULL;
    struct item_row row;
    int got;

    if (store_items(r->audit->store, ITEMS_SAMPLED, 0, &cursor, err))
        return -1;
    while ((got = item_cursor_next(cursor, &row, err)) > 0) {
        bool read = row.page == ANSWER_PUBLIC || row.page == ANSWER_REFUSED, waits;

        if (read || !row.found_first_at)
            continue;
        if (sight_tries(&r->audit->set, &row) >= r->audit->set.page_attempts) {
            r->count->given_up++;
            continue;
        }
        if (sight_waits(r, &row, &waits, err)) {
            got = -1;
            break;
        }
        if (waits)
            continue;
        r->count->sample++;
        push(r, row.n, row.id, WHY_SAMPLE);
    }
    item_cursor_close(cursor);
    return got;
}

static int push_link(void *to, int64_t link, struct str url, int tries, int64_t tried_at,
                     struct err *err)
{
    struct read_list *r = to;
    struct buf text = {0};

    (void)err;
    /* One try a UTC day: what gives no answer today may give one tomorrow. */
    if (tries && utc_day(tried_at) >= utc_day(utc_now())) {
        r->count->links_waiting++;
        return 0;
    }
    r->count->links++;
    if (r->counts)
        return 0;
    ARRAY_ROOM(r->link, r->links, r->link_cap);
    buf_str(&text, url);
    push(r, (int64_t)r->links, (uint64_t)link, WHY_LINK);
    r->link[r->links++] = (struct due_link){ link, xstrdup(buf_cstr(&text)) };
    buf_release(&text);
    return 0;
}

static int by_rank(const void *a, const void *b)
{
    const struct due_page *x = a, *y = b;

    return x->rank != y->rank ? (x->rank < y->rank ? -1 : 1)
                              : (x->item > y->item) - (x->item < y->item);
}

struct lates {
    const struct late *late;
    const struct settings *set;
    int64_t now;
};

static int64_t late_wanting(const void *of, size_t i)
{
    const struct lates *all = of;
    const struct late_item *it = &all->late->v[i];

    return late_wants_page(all->late, all->set, it, all->now) ? it->item : 0;
}

/* Absent in a late check: was it deleted, or does it come and go? */
static int push_late(struct read_list *r, const struct view *view, struct err *err)
{
    const struct lates all = { view_late(view), &r->audit->set, utc_now() };
    struct items_ahead *rows = items_ahead_open(
        r->audit->store,
        &(struct items_wanted){ .item = late_wanting, .of = &all, .n = all.late->n });
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < all.late->n; i++) {
        const struct late_item *it = &all.late->v[i];
        bool waits;

        if (!late_wanting(&all, i))
            continue;
        rc = item_waits(r, rows, i, &waits, err);
        if (rc || waits)
            continue;
        r->count->late++;
        push(r, it->item, it->id, WHY_LATE);
    }
    items_ahead_close(rows);
    return rc;
}

/* A canary lost twice, or one that is in a sample too, is read once. */
static void drop_twins(struct read_list *r)
{
    size_t out = 0;

    for (size_t i = 0; i < r->n; i++) {
        struct due_page *d = &r->v[i], *last = out ? &r->v[out - 1] : NULL;

        if (of_known_item(d->why) && last && last->item == d->item && of_known_item(last->why)) {
            r->count->sample -= d->why == WHY_SAMPLE;
            r->count->canaries -= d->why == WHY_CANARY;
            r->count->late -= d->why == WHY_LATE;
            r->count->again -= d->why == WHY_AGAIN;
        } else {
            r->v[out++] = *d;
        }
    }
    r->n = out;
}

/* What page.elsewhere says, and was not read here since. */
static int push_elsewhere(struct read_list *r, struct err *err)
{
    struct elsewhere *there = NULL;
    struct item_cursor *cursor = NULL;
    struct item_row row;
    int got = -1, tries;

    if (elsewhere_open(&there, r->audit, r->vantage, str_of(r->audit->set.page_elsewhere), err) ||
        store_items(r->audit->store, ITEMS_TOUCHED, 0, &cursor, err))
        goto out;
    while ((got = item_cursor_next(cursor, &row, err)) > 0) {
        bool waits;

        if (!elsewhere_wants(there, &row, &tries))
            continue;
        if (waits_a_day(r, row.n, WITNESS_PAGE, tries, &waits, err)) {
            got = -1;
            break;
        }
        if (waits)
            continue;
        r->count->elsewhere++;
        push(r, row.n, row.id, WHY_ELSEWHERE);
    }
out:
    item_cursor_close(cursor);
    elsewhere_close(there);
    return got;
}

/* Items by number. */
struct unsure {
    int64_t *v;
    size_t n, cap;
};

static int take_unsure(void *to, int64_t item, struct err *err)
{
    struct unsure *u = to;

    (void)err;
    ARRAY_ROOM(u->v, u->n, u->cap);
    u->v[u->n++] = item;
    return 0;
}

static int64_t unsure_item(const void *of, size_t i) { return ((const struct unsure *)of)->v[i]; }

static int push_one_again(struct read_list *r, const struct item_row *row, struct err *err)
{
    bool waits;

    if (row->purged_at || sight_tries(&r->audit->set, row) >= r->audit->set.page_attempts)
        return 0;
    if (sight_waits(r, row, &waits, err))
        return -1;
    if (waits)
        return 0;
    r->count->again++;
    push(r, row->n, row->id, WHY_AGAIN);
    return 0;
}

/* One that is read again for its own sake is read once. */
static int push_again(struct read_list *r, const struct view *view, struct err *err)
{
    struct unsure u = { 0 };
    struct items_ahead *rows;
    int rc = store_vantage_unsure(r->audit->store, view_clock_s(view), take_unsure, &u, err);

    rows = items_ahead_open(r->audit->store,
                            &(struct items_wanted){ .item = unsure_item, .of = &u, .n = u.n });
    for (size_t i = 0; rc == 0 && i < u.n; i++) {
        const struct silence *s = view_find(view, u.v[i]);
        struct item_row row;
        bool found = false;

        if (s && silence_wants_recheck(s, &r->audit->set))
            continue;
        rc = items_ahead_row(rows, i, &row, &found, err);
        if (rc == 0 && found)
            rc = push_one_again(r, &row, err);
    }
    items_ahead_close(rows);
    free(u.v);
    return rc;
}

static int push_here(struct read_list *r, const struct view *view, struct err *err)
{
    return push_late(r, view, err) || push_silences(r, view, err) || push_first(r, err) ||
                   push_canaries(r, view, err) || push_sample(r, err) || push_again(r, view, err) ||
                   store_open_links(r->audit->store, (int)r->audit->set.page_attempts, push_link, r,
                                    err)
               ? -1
               : 0;
}

int read_expect(struct audit *audit, struct err *err)
{
    int64_t clock_s;

    return clocks_slack(audit, &clock_s, err) ||
                   store_expect_due(audit->store, (int)audit->set.page_attempts, clock_s, err)
               ? -1
               : 0;
}

/* What can be read from here; of a further vantage, with all, also what is left
 * for the first one. */
static int collect(struct read_list *r, const struct view *view, bool all, struct err *err)
{
    r->salt = digest_rank(buf_view(&r->audit->seed), SEED_PAGES);
    if (read_expect(r->audit, err) ||
        store_vantage(r->audit->store, str_of(r->audit->set.page_vantage), false, &r->vantage,
                      err) ||
        ((r->vantage == 1 || all) && push_here(r, view, err)) ||
        (r->vantage > 1 && witness_is_asked(&r->audit->set, WITNESS_PAGE) &&
         push_elsewhere(r, err)))
        return -1;
    if (r->n)
        qsort(r->v, r->n, sizeof *r->v, by_rank);
    drop_twins(r);
    return 0;
}

void read_list_release(struct read_list *r)
{
    for (size_t i = 0; i < r->links; i++)
        free(r->link[i].url);
    free(r->link);
    free(r->v);
    blocked_release(&r->blocked);
}

int read_list_make(struct read_list *r, struct audit *audit, const struct view *view,
                   struct read_due *due, struct err *err)
{
    memset(due, 0, sizeof *due);
    *r = (struct read_list){ .audit = audit, .count = due };
    return collect(r, view, false, err);
}

int read_due(struct audit *audit, const struct view *view, struct read_due *due, struct err *err)
{
    struct read_list r = { .audit = audit, .count = due, .counts = true };
    int rc;

    memset(due, 0, sizeof *due);
    rc = collect(&r, view, true, err);
    read_list_release(&r);
    return rc;
}
