/* audit/turn/ask.c: requests composed for fetch, one kind after another.
 *
 * The first asks are streamed: ten million ids need the memory of one chunk.
 * Everything later is about silent items alone, which are in the view. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "audit/turn/ask.h"
#include "audit/turn/read.h"
#include "audit/turn/outage_watch.h"
#include "base/log.h"
#include "base/utc.h"
#include "fetch/batch.h"
#include "record/id.h"
#include "record/seed.h"

#define CHUNK 4096
#define FRESHEN_TRIES 8
#define FORENSIC_LEAST 10                    // ids beside the canaries of a forensic batch
#define BATCH_FEW 20
#define THERE_GUESS 0.25
#define SMALLER_GAIN 1.5    // a smaller batch must recover so much more to be worth its requests
#define FOLLOWING_DAYS WINDOW_SPAN_DAYS      // the window after an item's own

/* ---- items that were never asked, in the order of their days ---- */

struct pile { struct pack_item *v; size_t n, cap, at; };

static void pile_push(struct pile *p, struct pack_item one)
{
    if (p->n == p->cap) {
        p->cap = p->cap ? 2 * p->cap : 256;
        p->v = xrealloc(p->v, p->cap * sizeof *p->v);
    }
    p->v[p->n++] = one;
}

enum bucket { BUCKET_STREAM, BUCKET_LAST, BUCKET_APART, BUCKET_YOUNG, BUCKET_WAITS };

struct first {                       // reads the store chunk by chunk
    struct audit *audit;
    int64_t now;
    uint64_t after; bool ended;
    struct pile stream;              // the chunk: sorted by id, so by day
    struct pile last;    // their page says another day, or they were sent in vain before
    struct pile apart;               // known as not public: among themselves
    struct ask_due *due;             // counts, or NULL
};

static enum bucket bucket_of(const struct first *f, const struct item_row *row,
                             struct pack_item *item)
{
    *item = (struct pack_item){ row->id, row->n, utc_day(item_created(row)) };
    if (f->now < due_by_age(item_born(row), &f->audit->set))
        return BUCKET_YOUNG;
    if (row->page == ANSWER_REFUSED && row->refused_last_at > row->public_last_at)
        return BUCKET_APART;
    if (read_oembed_first(&f->audit->set, row))
        return BUCKET_WAITS;
    if (settings_oembed_first(&f->audit->set) && row->oembed == ANSWER_REFUSED)
        return BUCKET_APART;
    /* A date range can answer nothing but 500 for months: what failed once must
     * not stand in the way of everything behind it. */
    return item->day == utc_day(id_time(row->id)) && !row->sent_at ? BUCKET_STREAM : BUCKET_LAST;
}

static void note_young(struct ask_due *due, int64_t at)
{
    due->too_recent++;
    if (!due->recent_first_at || at < due->recent_first_at)
        due->recent_first_at = at;
    if (at > due->recent_last_at)
        due->recent_last_at = at;
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
        if (f->due)
            f->due->waits++;
        break;
    case BUCKET_YOUNG:
        if (f->due)
            note_young(f->due, due_by_age(item_born(row), &f->audit->set));
        break;
    }
}

/* The cursor is closed between chunks, since the answers of one chunk change
 * the very rows that the next one reads. */
static int first_refill(struct first *f, struct err *err)
{
    struct item_cursor *cursor = NULL;
    struct item_row row;
    int got = 0, taken = 0;

    f->stream.n = f->stream.at = 0;
    if (f->ended)
        return 0;
    if (store_items(f->audit->store, ITEMS_NEVER_ASKED, f->after, &cursor, err))
        return -1;
    while (taken < CHUNK && (got = item_cursor_next(cursor, &row, err)) > 0) {
        f->after = row.id;
        taken++;
        take_row(f, &row);
    }
    item_cursor_close(cursor);
    f->ended = taken < CHUNK;
    return got < 0 ? -1 : 0;
}

/* 1 and an item, 0 when the stream has ended, -1. */
static int first_next(struct first *f, struct pack_item *item, struct err *err)
{
    while (f->stream.at == f->stream.n) {
        if (f->ended)
            return 0;
        if (first_refill(f, err))
            return -1;
    }
    *item = f->stream.v[f->stream.at++];
    return 1;
}

static void first_release(struct first *f)
{
    free(f->stream.v);
    free(f->last.v);
    free(f->apart.v);
}

/* ---- the source that fetch asks ---- */

/* In this order where the quota of the day does not suffice for all. Round 1
 * comes first: what it brings back is decided at once, nothing later can be
 * asked without its canaries and pages, and its items have the longest way to
 * go, so no day may be lost for them. What is known as not public is decided by
 * one reply. Of the later asks see agenda_make. */
enum stage {
    STAGE_FIRST,
    STAGE_LAST,
    STAGE_APART,
    STAGE_LATER,
    STAGE_FOLLOWING,
    STAGE_SPOT,
    STAGE_LATE,
    STAGE_FORENSIC,
    STAGE_CANARY,
    STAGE_END
};

struct agenda_entry { struct batch batch; double worth; bool bare; };
struct agenda { struct agenda_entry *v; size_t n, cap, at; };

/* Batches of canaries beside ids that are known not to be public, and beside
 * public ones that are confirmed as never returned, each of one window. */
struct forensics { struct batch *batch; size_t n, at; };

static void forensics_release(struct forensics *f)
{
    free(f->batch);
}

struct asker {
    struct audit *audit;
    const struct view *view;
    struct first first;
    struct pile later, following, spot, late;
    struct forensics forensics;
    int64_t room;                 // open ids of one later batch
    enum stage stage;
    struct packer packer;
    struct ask_tally *tally;
    int round;                    // of the later requests of this pass
    bool later_opened, bare;
    struct agenda agenda;         // the later batches
    struct batch lone; size_t lone_at;    // being asked one by one
    int64_t canary_day;           // last UTC day on which canaries were sent
    struct watch watch;
    uint64_t salt;
};

static void member_add(struct request *req, uint64_t id, int64_t item, enum ask_role role)
{
    req->member[req->members++] = (struct ask_member){ .id = id, .item = item, .role = role };
}

static void compose(struct arena *mem, const struct batch *b, int round, struct request *req)
{
    memset(req, 0, sizeof *req);
    req->witness = WITNESS_QUERY;
    req->round = round;
    req->start_day = b->window.start_day;
    req->end_day = b->window.end_day;
    req->member = arena_alloc(mem, BATCH_MAX * sizeof *req->member);
    for (size_t i = 0; i < b->len; i++)
        member_add(req, b->item[i].id, b->item[i].item, ROLE_ASKED);
}

size_t ask_canaries(const struct settings *set, const struct view *view)
{
    int64_t most = set->api_canaries < set->api_batch / 2 ? set->api_canaries : set->api_batch / 2,
            n = 1;

    while (n < most && pow(view->swallow, (double)n) > 0.05)
        n++;
    return (size_t)(n < most ? n : most);
}

/* Open ids of a later batch. Full ones in fresh company recover the most per
 * request unless nearly every ask of theirs is lost; then few ids at once, or
 * one alone, are tried: what matters is ids times the share that gets through.
 * What was never tried is hoped to lose half of what the next larger loses. */
static int64_t room_of(const struct settings *set, const struct view *view)
{
    const int64_t canaries = (int64_t)ask_canaries(set, view);
    const int64_t room[SIZE_COUNT] = { [SIZE_ALONE] = 1, [SIZE_FEW] = BATCH_FEW - canaries,
                                       [SIZE_FULL] = set->api_batch - canaries };
    double larger = 1, best = 0;
    int64_t most = room[SIZE_FULL];

    for (int z = SIZE_COUNT; z-- > 0;) {
        const struct size_seen *seen = &view->by_size[z];
        /* Without any canary the asked themselves: a part of them may be there. */
        double sent = view->has_canary ? (double)seen->canaries : THERE_GUESS * (double)seen->asked;
        double back = view->has_canary ? (double)seen->back : (double)seen->came;
        double through = (back + (1 + larger) / 2) / (sent + 1);

        if ((double)room[z] * through > best * (best > 0 ? SMALLER_GAIN : 1)) {
            best = (double)room[z] * through;
            most = room[z];
        }
        larger = through < 1 ? through : 1;
    }
    return most < 1 ? 1 : most;
}

static bool is_member(const struct request *req, uint64_t id)
{
    for (size_t i = 0; i < req->members; i++)
        if (req->member[i].id == id)
            return true;
    return false;
}

static void add_canaries(struct asker *a, struct request *req)
{
    const struct settings *set = &a->audit->set;
    size_t want = ask_canaries(set, a->view), had = req->members;
    uint64_t salt = mix64(a->salt + (uint64_t)req->start_day + had), id;
    int64_t item;

    /* Where room is left over they cost nothing, and each tells of losses; of few
     * one half, so that the next batch can have another. */
    while (want < (size_t)set->api_canaries && had + want < (size_t)set->api_batch &&
           view_canary(a->view, req->start_day, req->end_day, salt, (int)(2 * want), &id, &item))
        want++;
    for (int i = 0; req->members < had + want &&
                    view_canary(a->view, req->start_day, req->end_day, salt, i, &id, &item); i++)
        if (!is_member(req, id))         // of a late check a retrieved item may be one
            member_add(req, id, item, ROLE_CANARY);
    if (req->members > had)
        a->canary_day = utc_day(utc_now());
    else
        a->bare = true;
}

/* Asked again in the same company an id tells no more: with other canaries it
 * does. False where the window has no others. */
static bool freshen(struct asker *a, struct request *req, size_t open)
{
    int64_t item[BATCH_MAX];

    for (int tries = 0; tries < FRESHEN_TRIES; tries++) {
        for (size_t i = 0; i < req->members; i++)
            item[i] = req->member[i].item;
        if (!view_mates_seen(a->view, item, req->members))
            return true;
        req->members = open;
        a->salt = mix64(a->salt);
        add_canaries(a, req);
    }
    return false;
}

static bool asked_in_check(const struct asker *a, int64_t item)
{
    const struct late *late = &a->view->late;
    const struct late_item *it = late_find(late, item);
    int check = late_check_of(late, &a->audit->set, utc_now());

    return it && check >= 0 && it->check[check].asks > 0;
}

/* The retrieved items of the sample are the canaries of the others: more are
 * added only where a batch has none, or none but those that stayed away before. */
static void make_late(struct asker *a, struct request *req)
{
    bool found = false;

    for (size_t i = 0; i < req->members; i++) {
        const struct ask_member *m = &req->member[i];

        req->member[i].role = ROLE_LATE;
        found = found || (!view_find(a->view, m->item) && !asked_in_check(a, m->item));
    }
    if (found)
        a->canary_day = utc_day(utc_now());
    else
        add_canaries(a, req);
}

/* A request of canaries alone, from the newest window that has some: it stands
 * in for windows without any retrieved item. */
static bool compose_canaries(struct asker *a, struct arena *mem, struct request *req)
{
    struct batch none = { .len = 0 };

    for (int64_t day = utc_day(utc_now()); day >= 0; day -= WINDOW_SPAN_DAYS) {
        uint64_t id;
        int64_t item;

        none.window = window_of(day - WINDOW_SPAN_DAYS + 1, day);
        compose(mem, &none, a->round, req);
        for (int i = 0; i < 5 && i < a->audit->set.api_batch &&
                        view_canary(a->view, req->start_day, req->end_day, a->salt, i, &id, &item);
             i++)
            member_add(req, id, item, ROLE_CANARY);
        if (req->members)
            return true;
    }
    return false;
}

/* Asks without canaries count only on a day on which some came back elsewhere.
 * Where none were sent on this UTC day they go first, so that neither the end of
 * the quota nor midnight leaves a day of asks that count for nothing. */
static bool hand_out_stand_in(struct asker *a, struct arena *mem, struct request *req)
{
    int64_t today = utc_day(utc_now());

    if (a->canary_day == today || !compose_canaries(a, mem, req))
        return false;
    a->canary_day = today;
    a->tally->canary_only++;
    return true;
}

static bool hand_out_probe(struct asker *a, struct arena *mem, struct request *req)
{
    struct batch none = { .len = 0 };
    struct watch_canary c;

    if (!watch_probe(&a->watch, utc_day(utc_now()), &c))
        return false;
    none.window.start_day = c.middle - (WINDOW_DAYS - 1) / 2;
    none.window.end_day = none.window.start_day + WINDOW_DAYS - 1;
    compose(mem, &none, a->round ? a->round : 1, req);
    member_add(req, c.id, c.item, ROLE_CANARY);
    a->canary_day = utc_day(utc_now());
    a->tally->canary_only++;
    return true;
}

static int next_item(struct asker *a, struct pack_item *item, struct err *err)
{
    struct pile *p = a->stage == STAGE_LAST        ? &a->first.last
                     : a->stage == STAGE_APART     ? &a->first.apart
                     : a->stage == STAGE_FOLLOWING ? &a->following
                     : a->stage == STAGE_LATE      ? &a->late
                                                   : &a->spot;

    if (a->stage == STAGE_FIRST)
        return first_next(&a->first, item, err);
    if (p->at == p->n)
        return 0;
    *item = p->v[p->at++];
    return 1;
}

/* The round is opened when its first request goes out. */
static int open_round(struct asker *a, struct err *err)
{
    struct buf text = {0};
    uint64_t last = 1;
    int rc;

    if (a->later_opened)
        return 0;
    a->later_opened = true;
    rc = store_meta_get(a->audit->store, META_ROUND, &text, err);
    if (rc == 0) {
        str_u64(buf_view(&text), &last);
        buf_clear(&text);
        a->round = (int)(last < 1 ? 2 : last + 1);
        buf_printf(&text, "%d", a->round);
        rc = store_meta_set(a->audit->store, META_ROUND, buf_view(&text), err);
    }
    buf_release(&text);
    return rc;
}

static int hand_out(struct asker *a, struct arena *mem, const struct batch *b, struct request *req,
                    struct err *err)
{
    bool first = a->stage <= STAGE_APART;

    if (!first && open_round(a, err))
        return -1;
    compose(mem, b, first ? 1 : a->round, req);
    req->apart = a->stage == STAGE_APART;
    if (first)
        a->tally->first++;
    else if (a->stage == STAGE_LATER)
        a->tally->later++;
    else if (a->stage == STAGE_FOLLOWING)
        a->tally->following++;
    else if (a->stage == STAGE_SPOT)
        a->tally->spot++;
    else
        a->tally->late++;
    if (a->stage == STAGE_LATER && b->len == 1 && (a->room == 1 || a->lone.len))
        a->bare = true;
    else if (a->stage == STAGE_LATER)
        add_canaries(a, req);
    if (a->stage == STAGE_LATE)
        make_late(a, req);
    if (a->stage == STAGE_SPOT) {         // that the API answered at all is for a canary to say
        req->member[0].role = ROLE_SPOT;
        a->bare = true;
    }
    return 1;
}

/* A retrieved item that did not stay away, beside those of the batch. */
static bool has_other_canary(const struct asker *a, const struct batch *b)
{
    uint64_t id;
    int64_t item;

    for (int i = 0;
         view_canary(a->view, b->window.start_day, b->window.end_day, a->salt, i, &id, &item); i++)
        if (!asked_in_check(a, item))
            return true;
    return false;
}

/* A few items of a window where nothing ever came back: no canary can tell
 * whether one of them makes the platform swallow the others, and the next round
 * would bring the same company. Alone they have none. */
static bool wants_lone(const struct batch *b, bool bare)
{
    return bare && b->len > 1 && b->len <= ASK_LONE_MAX;
}

/* The next of them that are asked one by one. */
static int hand_out_lone(struct asker *a, struct arena *mem, struct request *req, struct err *err)
{
    struct batch one = { .len = 1 };

    if (hand_out_stand_in(a, mem, req))
        return 1;
    one.item[0] = a->lone.item[a->lone_at++];
    one.window = window_of(one.item[0].day, one.item[0].day);
    return hand_out(a, mem, &one, req, err);
}

static int hand_out_batch(struct asker *a, struct arena *mem, const struct batch *full, bool bare,
                          struct request *req, struct err *err)
{
    int64_t canary_day = a->canary_day;

    a->lone = *full;
    a->lone_at = 0;
    if (wants_lone(full, bare))
        return hand_out_lone(a, mem, req, err);
    a->lone.len = 0;
    if (hand_out(a, mem, full, req, err) < 0)
        return -1;
    if (a->stage != STAGE_LATER || freshen(a, req, full->len) || full->len > ASK_LONE_MAX)
        return 1;
    /* The window has no other canaries: alone each id says something new. */
    a->lone.len = full->len;
    a->canary_day = canary_day;
    a->bare = true;
    a->tally->later--;
    if (hand_out_stand_in(a, mem, req))
        return 1;
    return hand_out_lone(a, mem, req, err);
}

/* 1 and a request, 0 when the agenda is done, -1. */
static int hand_out_later(struct asker *a, struct arena *mem, struct request *req, struct err *err)
{
    const struct agenda_entry *e = a->agenda.at < a->agenda.n ? &a->agenda.v[a->agenda.at] : NULL;

    if (!e)
        return 0;
    if (e->bare && hand_out_stand_in(a, mem, req))
        return 1;
    a->agenda.at++;
    return hand_out_batch(a, mem, &e->batch, e->bare, req, err);
}

static void agenda_push(struct asker *a, const struct batch *b)
{
    struct agenda *g = &a->agenda;
    struct agenda_entry *e;
    uint64_t id;
    int64_t item;

    if (g->n == g->cap) {
        g->cap = g->cap ? 2 * g->cap : 64;
        g->v = xrealloc(g->v, g->cap * sizeof *g->v);
    }
    e = &g->v[g->n++];
    e->batch = *b;
    e->worth = 0;
    e->bare = a->room == 1 ||
              !view_canary(a->view, b->window.start_day, b->window.end_day, a->salt, 0, &id, &item);
    for (size_t i = 0; i < b->len; i++) {
        const struct silence *s = view_find(a->view, b->item[i].item);
        int64_t needs = a->audit->set.api_confirm_days - (s ? s->absent->pending.days : 0);

        e->worth += 1.0 / (double)(needs > 1 ? needs : 1);
    }
    if (wants_lone(&e->batch, e->bare))
        e->worth /= (double)b->len;
}

static int by_worth(const void *a, const void *b)
{
    const struct agenda_entry *x = a, *y = b;

    if (x->bare != y->bare)
        return x->bare - y->bare;
    if (x->worth != y->worth)
        return x->worth < y->worth ? 1 : -1;
    return (x->batch.window.start_day > y->batch.window.start_day) -
           (x->batch.window.start_day < y->batch.window.start_day);
}

/* The later batches, most verdicts a request first: an item one sound day short
 * of its verdict is worth one, one that needs two days a half. So full batches
 * go before part-filled windows, and where the quota ends the day, what waits is
 * what it would have decided least of. Those without canaries come behind the
 * others, whose canaries stand in for them. */
static void agenda_make(struct asker *a)
{
    struct batch full;

    for (; a->later.at < a->later.n; a->later.at++)
        if (packer_add(&a->packer, &a->later.v[a->later.at], &full))
            agenda_push(a, &full);
    if (packer_finish(&a->packer, &full))
        agenda_push(a, &full);
    if (a->agenda.n)
        qsort(a->agenda.v, a->agenda.n, sizeof *a->agenda.v, by_worth);
}

static bool compose_forensic(struct asker *a, struct arena *mem, struct request *req)
{
    while (a->forensics.at < a->forensics.n) {
        const struct batch *b = &a->forensics.batch[a->forensics.at++];
        uint64_t salt = mix64(a->salt + a->forensics.at), id;
        int64_t item;

        compose(mem, b, a->round, req);
        for (size_t i = 0; i < req->members; i++)
            req->member[i].role = ROLE_FORENSIC;
        for (int i = 0; req->members < (size_t)a->audit->set.api_batch &&
                        view_canary(a->view, req->start_day, req->end_day, salt, i, &id, &item);
             i++)
            member_add(req, id, item, ROLE_CANARY);
        if (req->members > b->len) {
            a->tally->forensic++;
            return true;
        }
    }
    return false;
}

static void enter(struct asker *a, enum stage stage)
{
    int64_t room = stage == STAGE_LATER ? a->room : a->audit->set.api_batch;

    if (stage == STAGE_LATE)
        room -= (int64_t)ask_canaries(&a->audit->set, a->view);
    if (stage == STAGE_SPOT)
        room = 1;
    a->stage = stage;
    packer_init(&a->packer, room);
    if (stage == STAGE_LATER)
        agenda_make(a);
    if (stage == STAGE_LAST && a->first.last.n)
        qsort(a->first.last.v, a->first.last.n, sizeof *a->first.last.v, pack_item_cmp);
}

/* 1 and a request of the packed stages, 0 when this one is done, -1. */
static int hand_out_packed(struct asker *a, struct arena *mem, struct request *req, struct err *err)
{
    struct pack_item item;
    struct batch full;
    int got;

    if (a->stage == STAGE_SPOT && a->spot.at < a->spot.n && hand_out_stand_in(a, mem, req))
        return 1;
    while ((got = next_item(a, &item, err)) > 0)
        if (packer_add(&a->packer, &item, &full))
            break;
    if (got < 0 || (got == 0 && !packer_finish(&a->packer, &full)))
        return got;
    return hand_out_batch(a, mem, &full, a->stage == STAGE_LATE && !has_other_canary(a, &full), req,
                          err);
}

/* What was asked without canaries, against expectation, on a day that had none. */
static int hand_out_last_canary(struct asker *a, struct arena *mem, struct request *req)
{
    return a->bare && hand_out_stand_in(a, mem, req);
}

static int hand_out_any(struct asker *a, struct arena *mem, struct request *req, struct err *err)
{
    if (a->lone_at < a->lone.len)
        return hand_out_lone(a, mem, req, err);
    switch (a->stage) {
    case STAGE_LATER:
        return hand_out_later(a, mem, req, err);
    case STAGE_FORENSIC:
        return compose_forensic(a, mem, req);
    case STAGE_CANARY:
        return hand_out_last_canary(a, mem, req);
    default:
        return hand_out_packed(a, mem, req, err);
    }
}

static int next_request(void *from, struct arena *mem, struct request *req, struct err *err)
{
    struct asker *a = from;

    while (a->stage < STAGE_END) {
        enum watch_word word = watch_next(&a->watch);
        int got;

        if (word == WATCH_STOP)
            return watch_stop(&a->watch, err);
        if (word == WATCH_WAIT)
            return 0;
        if (word == WATCH_PROBE && hand_out_probe(a, mem, req))
            return 1;
        got = hand_out_any(a, mem, req, err);
        /* Canaries alone, or a forensic batch, may be the first of their round. */
        if (got > 0 && !req->round && open_round(a, err))
            return -1;
        if (got > 0 && !req->round)
            req->round = a->round;
        if (got)
            return got;
        enter(a, a->stage + 1);
    }
    return 0;
}

/* ---- later asks ---- */

/* Fresh company: within blocks that fit one window the order is shuffled anew
 * each round, and the blocks begin elsewhere. */
struct shuffled { struct pack_item item; uint64_t rank; };

static int by_rank(const void *a, const void *b)
{
    const struct shuffled *x = a, *y = b;

    return x->rank != y->rank ? (x->rank < y->rank ? -1 : 1)
                              : (x->item.id > y->item.id) - (x->item.id < y->item.id);
}

static void shuffle(struct pile *p, uint64_t salt, size_t room)
{
    struct shuffled *v = xcalloc(p->n ? p->n : 1, sizeof *v);
    size_t from = 0;
    int64_t limit = WINDOW_SPAN_DAYS - (int64_t)(salt % (WINDOW_SPAN_DAYS / 2));

    if (p->n)
        qsort(p->v, p->n, sizeof *p->v, pack_item_cmp);
    while (from < p->n) {
        size_t to = from;

        while (to < p->n && p->v[to].day - p->v[from].day < limit)
            to++;
        if (room > 0 && to < p->n &&
            to - from > room)    // whole batches; what is left over begins the next block
            to -= (to - from) % room;
        for (size_t i = from; i < to; i++)
            v[i] = (struct shuffled){ p->v[i], mix64(p->v[i].id ^ salt) };
        qsort(v + from, to - from, sizeof *v, by_rank);
        from = to;
        limit = WINDOW_SPAN_DAYS;
    }
    for (size_t i = 0; i < p->n; i++)
        p->v[i] = v[i].item;
    free(v);
}

/* Asked before it was old enough (its page names a later day, or the reply was
 * loaded): that silence says nothing. */
static bool asked_too_young(const struct silence *s, const struct settings *set)
{
    return s->asked && s->last_at < due_by_age(silence_born(s), set);
}

static void collect_silences(const struct audit *audit, const struct view *view, int64_t now,
                             struct pile *later, struct pile *following, struct first *first)
{
    for (size_t i = 0; i < view->n; i++) {
        const struct silence *s = &view->v[i];
        struct pack_item item = { s->id, s->item, utc_day(s->created) };

        if ((s->asked || s->outage_only) && silence_wants_ask(s, view, &audit->set, now)) {
            pile_push(later, item);
        } else if ((s->standing == STANDING_NOT_PUBLIC || s->standing == STANDING_RESTRICTED) &&
                   (s->outage_only || asked_too_young(s, &audit->set)) &&
                   now >= due_by_age(silence_born(s), &audit->set)) {
            pile_push(&first->apart, item);
        } else if (s->standing == STANDING_UNREAD && s->outage_only &&
                   now >= due_by_age(silence_born(s), &audit->set)) {
            pile_push(&first->last, item);
        } else if (s->asked && s->standing == STANDING_UNREAD &&
                   s->tries >= audit->set.page_attempts && !s->following_asked &&
                   item.day + FOLLOWING_DAYS <= utc_day(now)) {
            item.day += FOLLOWING_DAYS;
            pile_push(following, item);
        }
    }
}

/* Only where round 1 has closed and nothing else is left to ask. */
static int collect_spots(const struct audit *audit, const struct view *view, struct pile *spot,
                         struct err *err)
{
    uint64_t salt = digest_rank(buf_view(&audit->seed), SEED_SPOTS);
    const struct silence **v;
    struct buf closed = {0};
    int64_t n = 0;
    int rc = store_meta_get(audit->store, META_ROUND_1_CLOSED_AT, &closed, err);

    if (rc == 0 && closed.n)
        n = view_spots(view, &audit->set, salt, NULL, 0);
    buf_release(&closed);
    if (rc || n == 0)
        return rc;
    v = xcalloc((uint64_t)n, sizeof *v);
    view_spots(view, &audit->set, salt, v, (size_t)n);
    for (int64_t i = 0; i < n; i++)
        pile_push(spot, (struct pack_item){ v[i]->id, v[i]->item, utc_day(v[i]->created) });
    free(v);
    return 0;
}

/* The windows that hold the most of a kind, half a batch of each. */
static void add_forensics(const struct audit *audit, struct pile *kind, int64_t want,
                          struct forensics *f)
{
    size_t half = (size_t)audit->set.api_batch / 2;

    if (kind->n)
        qsort(kind->v, kind->n, sizeof *kind->v, pack_item_cmp);
    for (; want > 0; want--) {
        size_t best = 0, most = 0;
        struct batch *b;

        for (size_t from = 0, to = 0; from < kind->n; from++) {
            while (to < kind->n && kind->v[to].day - kind->v[from].day < WINDOW_SPAN_DAYS)
                to++;
            if (to - from > most) {
                most = to - from;
                best = from;
            }
        }
        if (most < FORENSIC_LEAST)
            return;
        most = most < half ? most : half;
        b = &f->batch[f->n++];
        b->len = most;
        memcpy(b->item, kind->v + best, most * sizeof *b->item);
        b->window = window_of(b->item[0].day, b->item[most - 1].day);
        memmove(kind->v + best, kind->v + best + most, (kind->n - best - most) * sizeof *kind->v);
        kind->n -= most;
    }
}

/* Once, where the audit's own asking is done: what makes a batch lose. */
static int collect_forensics(const struct audit *audit, const struct view *view,
                             struct forensics *f, struct err *err)
{
    int64_t most = view->requests / 50 < audit->set.api_forensic ? view->requests / 50
                                                                 : audit->set.api_forensic;
    int64_t want[FORENSIC_COUNT] = { (most + 1) / 2 - view->forensic[FORENSIC_DEAD].batches,
                                     most / 2 - view->forensic[FORENSIC_NEVER].batches };
    struct pile kind[FORENSIC_COUNT] = {{0}};
    struct buf closed = {0};
    int rc = store_meta_get(audit->store, META_ROUND_1_CLOSED_AT, &closed, err);

    if (rc || !closed.n || (want[FORENSIC_DEAD] <= 0 && want[FORENSIC_NEVER] <= 0) ||
        !view_settled(view, &audit->set))
        goto out;
    for (size_t i = 0; i < view->n; i++) {
        const struct silence *s = &view->v[i];

        if (s->standing == STANDING_NOT_PUBLIC && !s->late_refusal)
            pile_push(&kind[FORENSIC_DEAD],
                      (struct pack_item){ s->id, s->item, utc_day(s->created) });
        else if (s->standing == STANDING_PUBLIC && s->confirmed)
            pile_push(&kind[FORENSIC_NEVER],
                      (struct pack_item){ s->id, s->item, utc_day(s->created) });
    }
    f->batch = xcalloc((uint64_t)most, sizeof *f->batch);
    for (int k = 0; k < FORENSIC_COUNT; k++)
        add_forensics(audit, &kind[k], want[k], f);
out:
    for (int k = 0; k < FORENSIC_COUNT; k++)
        free(kind[k].v);
    buf_release(&closed);
    return rc;
}

static void collect_late(const struct audit *audit, const struct view *view, struct pile *late)
{
    const struct late_item **v = xcalloc(view->late.n ? view->late.n : 1, sizeof *v);
    size_t n = late_to_ask(&view->late, &audit->set, utc_now(), v);

    for (size_t i = 0; i < n; i++)
        pile_push(late, (struct pack_item){ v[i]->id, v[i]->item, v[i]->day });
    free(v);
}

int ask_pass(struct audit *audit, const struct view *view, struct ask_tally *tally,
             struct fetch_result *result, struct err *err)
{
    struct fetch_opts opts = { .set = &audit->set,
                               .client_key = audit->key,
                               .client_secret = audit->secret };
    struct asker a = { .audit = audit, .view = view, .tally = tally,
                       .first = { .audit = audit, .now = utc_now() } };
    struct ask_source source = { next_request, &a };
    struct sink sink, watched;
    int rc;

    memset(tally, 0, sizeof *tally);
    memset(result, 0, sizeof *result);
    a.salt = mix64(digest_rank(buf_view(&audit->seed), SEED_MATES) + (uint64_t)utc_now());
    collect_silences(audit, view, utc_now(), &a.later, &a.following, &a.first);
    if (!a.later.n && !a.following.n && !a.first.apart.n && !a.first.last.n &&
        (collect_spots(audit, view, &a.spot, err) ||
         collect_forensics(audit, view, &a.forensics, err)))
        return -1;
    a.room = room_of(&audit->set, view);
    shuffle(&a.later, a.salt, (size_t)a.room);
    collect_late(audit, view, &a.late);
    shuffle(&a.late, a.salt, (size_t)audit->set.api_batch - ask_canaries(&audit->set, view));
    if (a.following.n)
        qsort(a.following.v, a.following.n, sizeof *a.following.v, pack_item_cmp);
    a.canary_day = view->canary_day;
    watch_init(&a.watch, view);
    enter(&a, STAGE_FIRST);
    rc = audit_sink(audit, true, &sink, err);
    if (rc == 0 && (rc = audit_quota_left(audit, err)))      // before a token is asked for
        store_sink_release(&sink);
    if (rc == 0) {
        watched = watch_sink(&a.watch, &sink);
        rc = audit->ask.fetch(&opts, &source, &watched, result, err);
        store_sink_release(&sink);
        /* The platform's own word counts for every audit of this key. */
        if (result->quota_told &&
            ledger_spent(audit->ledger, &audit->client, utc_now(), &(struct err){ 0 }))
            log_warn("the ledger could not note that today's quota is used up");
    }
    first_release(&a.first);
    free(a.later.v);
    free(a.following.v);
    free(a.spot.v);
    forensics_release(&a.forensics);
    free(a.late.v);
    free(a.agenda.v);
    return rc;
}

int ask_first_due(struct audit *audit, bool *due, struct err *err)
{
    struct first f = { .audit = audit, .now = utc_now() };
    struct pack_item item;
    int got = first_next(&f, &item, err);

    *due = got > 0;
    first_release(&f);
    return got < 0 ? -1 : 0;
}

int ask_due(struct audit *audit, const struct view *view, struct ask_due *due, struct err *err)
{
    struct first f = { .audit = audit, .now = utc_now(), .due = due };
    struct pile later = {0}, following = {0}, spot = {0};
    struct forensics forensics = {0};
    struct pack_item item;
    int got;

    memset(due, 0, sizeof *due);
    while ((got = first_next(&f, &item, err)) > 0)
        due->first++;
    collect_silences(audit, view, f.now, &later, &following, &f);
    due->first += (int64_t)f.last.n;
    due->apart = (int64_t)f.apart.n;
    for (size_t i = 0; i < view->n; i++)
        if (asked_too_young(&view->v[i], &audit->set) &&
            f.now < due_by_age(silence_born(&view->v[i]), &audit->set))
            note_young(due, due_by_age(silence_born(&view->v[i]), &audit->set));
    due->later = (int64_t)later.n;
    due->following = (int64_t)following.n;
    if (got == 0 && due->first + due->apart + due->later + due->following == 0)
        got = collect_spots(audit, view, &spot, err) ||
                      collect_forensics(audit, view, &forensics, err)
                  ? -1
                  : 0;
    due->spot = (int64_t)spot.n;
    due->forensic = (int64_t)forensics.n;
    forensics_release(&forensics);
    first_release(&f);
    free(spot.v);
    free(later.v);
    free(following.v);
    return got;
}
