/* audit/turn/read_due.c: what is due on the site, and in which order. */
#include "audit/turn/read_due.h"
#include <stdlib.h>
#include <string.h>
#include "audit/verdict/standing.h"
#include "base/array.h"
#include "base/digest.h"
#include "base/utc.h"
#include "record/seed.h"
#include "silence/due.h"

/* Where known items come twice, for two reasons, they are read once (drop_twins). */
static bool of_known_item(enum read_why why)
{
    return why == WHY_SAMPLE || why == WHY_CANARY || why == WHY_LATE;
}

static void push(struct read_list *r, int64_t item, uint64_t id, enum read_why why)
{
    if (r->counts && !of_known_item(why))
        return;
    ARRAY_ROOM(r->v, r->n, r->cap);
    r->v[r->n++] = (struct due_page){ mix64(id ^ r->salt), (uint32_t)item, (uint8_t)why };
}

/* Blocked today while others were read: it has had its attempt of this day. */
static int waits_a_day(struct read_list *r, int64_t item, enum witness witness, int tries,
                       bool *waits, struct err *err)
{
    *waits = false;
    if (tries && store_blocked_alone(r->audit->store, item, witness, r->vantage, utc_day(utc_now()),
                                     waits, err))
        return -1;
    r->count->waiting += *waits;
    return 0;
}

static int push_silences(struct read_list *r, const struct view *view, struct err *err)
{
    const struct settings *set = &r->audit->set;
    int64_t now = utc_now();
    bool oembed = strcmp(set->page_oembed, "never") != 0;
    size_t n;
    const struct silence *v = view_silences(view, &n);

    for (size_t i = 0; i < n; i++) {
        const struct silence *s = &v[i];
        bool unread = s->standing == STANDING_UNREAD && s->asked,
             rechecks = silence_wants_recheck(s, set), waits = false;

        if (s->tries < set->page_attempts && (unread || rechecks) &&
            waits_a_day(r, s->item, WITNESS_PAGE, s->tries, &waits, err))
            return -1;
        if (waits)
            continue;
        if (unread) {
            if (s->tries < set->page_attempts) {
                r->count->pages++;
                push(r, s->item, s->id, WHY_PAGE);
            } else {
                r->count->given_up++;
            }
        } else if (rechecks) {
            if (silence_recheck_after(s) >
                now)    // the clock went back: read when it has caught up
                continue;
            r->count->rechecks++;
            push(r, s->item, s->id, WHY_RECHECK);
        } else if (oembed && s->ambiguous && s->oembed == ANSWER_COUNT &&
                   s->oembed_tries < set->page_attempts) {
            if (waits_a_day(r, s->item, WITNESS_OEMBED, s->oembed_tries, &waits, err))
                return -1;
            if (waits)
                continue;
            r->count->oembed++;
            push(r, s->item, s->id, WHY_OEMBED);
        }
    }
    return 0;
}

bool read_oembed_first(const struct settings *set, const struct item_row *row)
{
    return settings_oembed_first(set) && !row->asked && row->page != ANSWER_PUBLIC &&
           row->page != ANSWER_REFUSED && row->oembed != ANSWER_PUBLIC &&
           row->oembed != ANSWER_REFUSED && row->oembed_tries < set->page_attempts;
}

static int push_oembed_first(struct read_list *r, struct err *err)
{
    struct item_cursor *cursor = NULL;
    struct item_row row;
    int64_t now = utc_now();
    int got;

    if (!settings_oembed_first(&r->audit->set))
        return 0;
    if (store_items(r->audit->store, ITEMS_NEVER_ASKED, 0, &cursor, err))
        return -1;
    while ((got = item_cursor_next(cursor, &row, err)) > 0)
        if (read_oembed_first(&r->audit->set, &row) &&
            now >= due_by_age(item_born(&row), &r->audit->set)) {
            bool waits;

            if (waits_a_day(r, row.n, WITNESS_OEMBED, row.oembed_tries, &waits, err)) {
                got = -1;
                break;
            }
            if (waits)
                continue;
            r->count->oembed++;
            push(r, row.n, row.id, WHY_OEMBED);
        }
    item_cursor_close(cursor);
    return got;
}

/* A canary that stayed away may be gone: its page says whether its batch was
 * one with a suspect. Read once for each loss, and once for losses of one pass. */
static int push_canaries(struct read_list *r, const struct view *view, struct err *err)
{
    int64_t now = utc_now();
    size_t n;
    const struct lost_canary *lost = canaries_lost(view_canaries(view), &n);

    for (size_t i = 0; i < n; i++) {
        struct item_row row;
        bool found = false, waits;

        if (lost[i].at > now)
            continue;
        if (store_item(r->audit->store, lost[i].item, &row, &found, err))
            return -1;
        if (!found || !row.found_first_at || row.tried_at >= lost[i].at ||
            row.tries >= r->audit->set.page_attempts)
            continue;
        if (waits_a_day(r, row.n, WITNESS_PAGE, row.tries, &waits, err))
            return -1;
        if (waits)
            continue;
        r->count->canaries++;
        push(r, row.n, row.id, WHY_CANARY);
    }
    return 0;
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
        if (row.tries >= r->audit->set.page_attempts) {
            r->count->given_up++;
            continue;
        }
        if (waits_a_day(r, row.n, WITNESS_PAGE, row.tries, &waits, err)) {
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

/* Absent in a late check: was it deleted, or does it come and go? */
static void push_late(struct read_list *r, const struct view *view)
{
    const struct late *late = view_late(view);
    int64_t now = utc_now();

    for (size_t i = 0; i < late->n; i++) {
        const struct late_item *it = &late->v[i];

        if (!late_wants_page(late, &r->audit->set, it, now))
            continue;
        r->count->late++;
        push(r, it->item, it->id, WHY_LATE);
    }
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
        } else {
            r->v[out++] = *d;
        }
    }
    r->n = out;
}

/* Refused at the first vantage, and not read at this one since. */
static int push_elsewhere(struct read_list *r, struct err *err)
{
    const struct settings *set = &r->audit->set;
    struct item_cursor *cursor = NULL;
    struct item_row row;
    int got;

    if (store_items(r->audit->store, ITEMS_NOT_FOUND, 0, &cursor, err))
        return -1;
    while ((got = item_cursor_next(cursor, &row, err)) > 0) {
        enum answer_kind kind;
        int64_t at;
        int tries;
        bool waits;

        if (row.page != ANSWER_REFUSED || !refusal_wants_elsewhere(r->audit->rules, set, &row))
            continue;
        if (store_vantage_read(r->audit->store, r->vantage, row.n, &kind, &at, &tries, err)) {
            got = -1;
            break;
        }
        if (kind != ANSWER_COUNT && at >= row.page_at)
            continue;
        if (tries >= set->page_attempts)        // unread there; what it said here stands
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
    item_cursor_close(cursor);
    return got;
}

static int push_here(struct read_list *r, const struct view *view, struct err *err)
{
    push_late(r, view);
    return push_silences(r, view, err) || push_oembed_first(r, err) ||
                   push_canaries(r, view, err) || push_sample(r, err) ||
                   store_open_links(r->audit->store, (int)r->audit->set.page_attempts, push_link, r,
                                    err)
               ? -1
               : 0;
}

/* What can be read from here; of a further vantage, with all, also what is left
 * for the first one. */
static int collect(struct read_list *r, const struct view *view, bool all, struct err *err)
{
    r->salt = digest_rank(buf_view(&r->audit->seed), SEED_PAGES);
    if (store_vantage(r->audit->store, str_of(r->audit->set.page_vantage), false, &r->vantage,
                      err) ||
        ((r->vantage == 1 || all) && push_here(r, view, err)) ||
        (r->vantage > 1 && push_elsewhere(r, err)))
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
