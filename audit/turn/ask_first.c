/* audit/turn/ask_first.c: items that were never asked, in the order of their days; then
 * those that have to wait behind these, then those known as not public, whose decision is
 * one reply, among themselves.
 *
 * They are streamed: ten million ids need the memory of one chunk. */
#include "audit/turn/ask_first.h"
#include "audit/turn/ask_kind.h"
#include "audit/turn/read_due.h"
#include "base/utc.h"
#include "record/id.h"

#define CHUNK 4096

enum part { PART_STREAM, PART_LAST, PART_APART, PART_END };
struct first {                       // reads the store chunk by chunk
    struct audit *audit;
    int64_t now;
    struct ask_aside *aside;         // noted there, where it is wanted
    uint64_t after; bool ended;
    struct pile stream;              // the chunk: sorted by id, so by day
    struct pile last;    // their page says another day, or they were sent, but never answered
    struct pile apart;               // known as not public: among themselves
    struct packer packer;
    enum part part;                  // that is being handed out
};

enum bucket { BUCKET_STREAM, BUCKET_LAST, BUCKET_APART, BUCKET_YOUNG, BUCKET_WAITS };

static enum bucket bucket_of(const struct first *f, const struct item_row *row,
                             struct pack_item *item)
{
    const struct settings *set = &f->audit->set;

    *item = (struct pack_item){ row->id, row->n, utc_day(item_created(row)) };
    if (f->now < due_by_age(item_born(row), set))
        return BUCKET_YOUNG;
    if (row->page == ANSWER_REFUSED && row->refused_last_at > row->public_last_at)
        return BUCKET_APART;
    if (read_first(set, row))
        return BUCKET_WAITS;
    if (settings_first(set) == WITNESS_OEMBED && row->oembed == ANSWER_REFUSED)
        return BUCKET_APART;
    /* A date range can answer nothing but 500 for months: what failed once must
     * not stand in the way of everything behind it. */
    return item->day == utc_day(id_time(row->id)) && !row->sent_at ? BUCKET_STREAM : BUCKET_LAST;
}

static void note_young(struct ask_aside *aside, int64_t at)
{
    aside->too_recent++;
    if (!aside->recent_first_at || at < aside->recent_first_at)
        aside->recent_first_at = at;
    if (at > aside->recent_last_at)
        aside->recent_last_at = at;
}

static void take_row(struct first *f, const struct item_row *row)
{
    struct pack_item item;

    switch (bucket_of(f, row, &item)) {
    case BUCKET_STREAM:
        pile_push(&f->stream, item);
        break;
    case BUCKET_LAST:
        pile_push(&f->last, item);
        break;
    case BUCKET_APART:
        pile_push(&f->apart, item);
        break;
    case BUCKET_WAITS:
        if (f->aside)
            f->aside->waits++;
        break;
    case BUCKET_YOUNG:
        if (f->aside)
            note_young(f->aside, due_by_age(item_born(row), &f->audit->set));
        break;
    }
}

/* The cursor is closed between chunks, since the answers of one chunk change
 * the very rows that the next one reads. */
static int refill(struct first *f, struct err *err)
{
    const int chunk = store_is_far(f->audit->store) ? STORE_ITEMS_FAR : CHUNK;
    struct item_cursor *cursor = NULL;
    struct item_row row;
    int got = 0, taken = 0;

    f->stream.n = f->stream.at = 0;
    if (f->ended)
        return 0;
    if (store_items(f->audit->store, ITEMS_NEVER_ASKED, f->after, &cursor, err))
        return -1;
    while (taken < chunk && (got = item_cursor_next(cursor, &row, err)) > 0) {
        f->after = row.id;
        taken++;
        take_row(f, &row);
    }
    item_cursor_close(cursor);
    f->ended = taken < chunk;
    return got < 0 ? -1 : 0;
}

/* 1 and an item, 0 when the stream has ended, -1. */
static int stream_next(struct first *f, struct pack_item *item, struct err *err)
{
    while (f->stream.at == f->stream.n) {
        if (f->ended)
            return 0;
        if (refill(f, err))
            return -1;
    }
    *item = f->stream.v[f->stream.at++];
    return 1;
}

static int stream_pack(struct first *f, struct batch *full, struct err *err)
{
    struct pack_item item;
    int got;

    while ((got = stream_next(f, &item, err)) > 0)
        if (packer_add(&f->packer, &item, full))
            return 1;
    return got < 0 ? -1 : packer_finish(&f->packer, full);
}

/* Asked before it was old enough (its page names a later day, or the reply was
 * loaded): that silence says nothing. */
static bool asked_too_young(const struct silence *s, const struct settings *set)
{
    return s->asked && s->last_at < due_by_age(silence_born(s), set);
}

/* Asked in vain so far: too young, or in an outage. */
static void take_silence(struct first *f, const struct silence *s)
{
    const struct settings *set = &f->audit->set;
    bool young = asked_too_young(s, set);
    int64_t due_at = due_by_age(silence_born(s), set);

    if (f->now < due_at) {
        if (young && f->aside)
            note_young(f->aside, due_at);
    } else if (s->standing == STANDING_NOT_PUBLIC || s->standing == STANDING_RESTRICTED) {
        if (s->outage_only || young)
            pile_push(&f->apart, pile_item(s));
    } else if (s->standing == STANDING_UNREAD && s->outage_only) {
        pile_push(&f->last, pile_item(s));
    }
}

static int first_collect(struct asker *a, void *own, int64_t *due, struct err *err)
{
    struct first *f = own;
    struct pack_item item;
    int64_t streamed = 0;
    int got = 0;
    size_t n;
    const struct silence *v = view_silences(a->view, &n);

    f->audit = a->audit;
    f->now = a->now;
    f->aside = a->counts ? &a->aside : NULL;
    packer_init(&f->packer, a->audit->set.api_batch);
    while (a->counts && (got = stream_next(f, &item, err)) > 0)
        streamed++;
    if (got < 0)
        return -1;
    for (size_t i = 0; i < n; i++)
        take_silence(f, &v[i]);
    a->aside.apart = (int64_t)f->apart.n;
    *due = streamed + (int64_t)(f->last.n + f->apart.n);
    return 0;
}

static int first_compose(struct asker *a, void *own, struct arena *mem, struct request *req,
                         struct err *err)
{
    struct first *f = own;
    struct batch full;

    for (; f->part < PART_END; f->part++) {
        int got = f->part == PART_STREAM
                      ? stream_pack(f, &full, err)
                      : pile_pack(f->part == PART_LAST ? &f->last : &f->apart, &f->packer, &full);

        if (got < 0)
            return -1;
        if (got) {
            compose(a, mem, &full, req);
            req->apart = f->part == PART_APART;
            return 1;
        }
        if (f->part == PART_STREAM)
            pile_sort(&f->last);
    }
    return 0;
}

static void first_release(void *own)
{
    struct first *f = own;

    pile_release(&f->stream);
    pile_release(&f->last);
    pile_release(&f->apart);
}

static struct cost first_forecast(const struct cost_case *c)
{
    const struct to_come *of = c->of;
    const bool told = c->first != WITNESS_COUNT;
    /* What comes of age meanwhile, some on each day; what is told to be gone goes apart. */
    int64_t days = c->odds == ODDS_HIGH ? cost_least(of->too_recent, of->set->api_confirm_days + 1)
                                        : 0,
            aged = cost_least(c->odds == ODDS_HIGH ? of->too_recent : 0, (1 + told) * days);
    struct cost cost = cost_of(
        c, (told ? forecast_round_1(&of->f, c->odds) : of->batches) + aged);

    cost.days += days;
    return cost;
}

const struct ask_kind ask_first = {
    .part = ASK_ROUNDS,
    .role = ROLE_ASKED,
    .round = 1,
    .size = sizeof(struct first),
    .collect = first_collect,
    .compose = first_compose,
    .release = first_release,
    .forecast = first_forecast,
};

int ask_first_due(struct audit *audit, bool *due, struct err *err)
{
    struct first f = { .audit = audit, .now = utc_now() };
    struct pack_item item;
    int got = stream_next(&f, &item, err);

    *due = got > 0;
    first_release(&f);
    return got < 0 ? -1 : 0;
}
