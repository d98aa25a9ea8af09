/* audit/verdict/final.c: one question after another, until one of them says that something
 * is left to do. */
#include "audit/verdict/final.h"
#include <string.h>
#include "audit/verdict/elsewhere.h"
#include "base/str.h"
#include "base/utc.h"
#include "platform/tiktok.h"
#include "record/witnesses.h"
#include "silence/clock.h"
#include "silence/due.h"
#include "store/inputs.h"

struct asking {
    struct audit *audit;
    const struct view *view;
    int64_t at;
};
/* 1: something is left to do, 0: nothing of this kind, -1: of the store. */
typedef int left_fn(const struct asking *, struct err *);

/* The first item of a filter of which `left` says that something is to be done. */
static int any_item(const struct asking *q, enum item_filter filter,
                    int (*left)(const struct asking *, const struct item_row *, struct err *),
                    struct err *err)
{
    struct item_cursor *cursor = NULL;
    struct item_row row;
    int got, found = 0;

    if (store_items(q->audit->store, filter, 0, &cursor, err))
        return -1;
    while (!found && (got = item_cursor_next(cursor, &row, err)) != 0)
        found = got < 0 ? -1 : left(q, &row, err);
    item_cursor_close(cursor);
    return found;
}

static int is_of_age(const struct asking *q, const struct item_row *row, struct err *err)
{
    (void)err;
    return q->at >= due_by_age(item_born(row), &q->audit->set);
}

static int never_asked(const struct asking *q, struct err *err)
{
    return any_item(q, ITEMS_NEVER_ASKED, is_of_age, err);
}

/* Its page gave no answer, and the window after its own may say more. */
static bool wants_following(const struct silence *s, int64_t at)
{
    return s->asked && !s->following_asked &&
           utc_day(s->created) + WINDOW_SPAN_DAYS <= utc_day(at);
}

static bool silence_is_left(const struct asking *q, const struct silence *s)
{
    const struct settings *set = &q->audit->set;
    int64_t due = due_by_age(silence_born(s), set);
    bool of_age = q->at >= due, tries = s->tries < set->page_attempts;
    enum witness beside[BESIDE_MAX];

    if (s->outage_only && of_age)
        return true;
    switch ((enum standing)s->standing) {
    case STANDING_UNREAD:
        return s->asked && (tries || wants_following(s, q->at));
    case STANDING_PUBLIC:
        return silence_wants_recheck(s, set) || (tries && of_age && !s->confirmed) ||
               s->owes_page;
    case STANDING_NOT_PUBLIC:
    case STANDING_RESTRICTED:
        return (s->asked && s->last_at < due && of_age) || s->owes_page ||
               silence_wants_beside(s, set, beside) > 0;
    }
    return false;
}

static int silences_left(const struct asking *q, struct err *err)
{
    size_t n;
    const struct silence *v = view_silences(q->view, &n);

    (void)err;
    for (size_t i = 0; i < n; i++)
        if (silence_is_left(q, &v[i]))
            return 1;
    return 0;
}

struct losses {
    const struct lost_canary *v;
    int64_t at;
};

static int64_t lost_item(const void *of, size_t i)
{
    const struct losses *l = of;

    return l->v[i].at > l->at ? 0 : l->v[i].item;
}

/* A canary that stayed away may have taken its batch with it. */
static int canaries_left(const struct asking *q, struct err *err)
{
    size_t n;
    const struct losses l = { canaries_lost(view_canaries(q->view), &n), q->at };
    struct items_ahead *rows = items_ahead_open(
        q->audit->store, &(struct items_wanted){ .item = lost_item, .of = &l, .n = n });
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < n; i++) {
        struct item_row row;
        bool found = false;

        if (lost_item(&l, i) && items_ahead_row(rows, i, &row, &found, err))
            rc = -1;
        else if (found && row.found_first_at &&
                 row.tried_at < clock_since(l.v[i].at, view_clock_s(q->view)) &&
                 sight_tries(&q->audit->set, &row) < q->audit->set.page_attempts)
            rc = 1;
    }
    items_ahead_close(rows);
    return rc;
}

static int page_unread(const struct asking *q, const struct item_row *row, struct err *err)
{
    (void)err;
    return row->found_first_at && row->page != ANSWER_PUBLIC && row->page != ANSWER_REFUSED &&
           sight_tries(&q->audit->set, row) < q->audit->set.page_attempts;
}

static int sample_left(const struct asking *q, struct err *err)
{
    return any_item(q, ITEMS_SAMPLED, page_unread, err);
}

static int elsewhere_left(const struct asking *q, struct err *err)
{
    const struct settings *set = &q->audit->set;
    struct elsewhere *there = NULL;
    struct item_cursor *cursor = NULL;
    struct item_row row;
    int64_t vantage;
    int got = -1, left = 0, tries;

    if (store_vantage(q->audit->store, str_of(set->page_vantage), false, &vantage, err))
        return -1;
    if (vantage <= 1 || !witness_is_asked(set, WITNESS_PAGE))
        return 0;
    if (elsewhere_open(&there, q->audit, vantage, str_of(set->page_elsewhere), err) ||
        store_items(q->audit->store, ITEMS_TOUCHED, 0, &cursor, err))
        goto out;
    while (!left && (got = item_cursor_next(cursor, &row, err)) > 0)
        left = elsewhere_wants(there, &row, &tries);
out:
    item_cursor_close(cursor);
    elsewhere_close(there);
    return got < 0 ? -1 : left;
}

struct unsure { const struct asking *q; int left; };

static int note_unsure(void *to, int64_t item, struct err *err)
{
    struct unsure *u = to;
    struct item_row row;
    bool found = false;

    if (u->left)
        return 0;
    if (store_item(u->q->audit->store, item, &row, &found, err))
        return -1;
    u->left = found && !row.purged_at &&
              sight_tries(&u->q->audit->set, &row) < u->q->audit->set.page_attempts;
    return 0;
}

/* Refused elsewhere since it was public here: the first vantage reads it once more. */
static int again_left(const struct asking *q, struct err *err)
{
    struct unsure u = { .q = q };

    return store_vantage_unsure(q->audit->store, view_clock_s(q->view), note_unsure, &u, err)
               ? -1
               : u.left;
}

static int links_left(const struct asking *q, struct err *err)
{
    int64_t n[FATE_COUNT];

    if (store_link_fates(q->audit->store, (int)q->audit->set.page_attempts, n, err))
        return -1;
    return n[FATE_WAITING] > 0;
}

static int meta_of(const struct asking *q, enum meta key, struct buf *text, struct err *err)
{
    buf_clear(text);
    return store_meta_get(q->audit->store, key, text, err);
}

/* The checks by single ids follow round 1; the API's other endpoints keep a number of
 * what they left. */
static int checks_left(const struct asking *q, struct err *err)
{
    struct buf text = { 0 };
    uint64_t witness = 0;
    int left = -1;

    if (meta_of(q, META_WITNESS_LEFT, &text, err))
        goto out;
    str_u64(buf_view(&text), &witness);
    if (meta_of(q, META_ROUND_1_CLOSED_AT, &text, err))
        goto out;
    left = witness > 0 || (text.n && view_spots(q->view, &q->audit->set, 0, NULL, 0) > 0);
out:
    buf_release(&text);
    return left;
}

static int late_left(const struct asking *q, struct err *err)
{
    struct late_due due;

    (void)err;
    late_due(view_late(q->view), &q->audit->set, q->at, &due);
    return due.asks || due.pages || due.waiting;
}

int standing_as_of(struct audit *audit, int64_t *at, struct err *err)
{
    struct store_stamp stamp;
    struct buf text = { 0 };
    int64_t taken = 0;
    int rc = -1;

    if (store_stamp(audit->store, &stamp, err) ||
        store_meta_get(audit->store, META_TAKEN_AT, &text, err) ||
        (text.n && utc_parse(buf_view(&text), &taken, err)))
        goto out;
    *at = stamp.newest_answer_at > taken ? stamp.newest_answer_at : taken;
    rc = 0;
out:
    buf_release(&text);
    return rc;
}

int standing_final(struct audit *audit, const struct view *view, int64_t at, bool *final,
                   struct err *err)
{
    /* Those that walk over items come last. */
    static left_fn *const kinds[] = { links_left,    checks_left, late_left,   silences_left,
                                      canaries_left, again_left, sample_left, never_asked,
                                      elsewhere_left };
    const struct asking q = { audit, view, at };
    int left = 0;

    for (size_t i = 0; left == 0 && i < sizeof kinds / sizeof *kinds; i++)
        left = kinds[i](&q, err);
    if (left < 0)
        return -1;
    *final = left == 0;
    return 0;
}
