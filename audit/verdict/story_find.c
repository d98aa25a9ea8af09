/* audit/verdict/story_find.c: what a story needs, gathered from the store: of one item that
 * somebody names, or of each in a walk over all (cases.c). */
#include <inttypes.h>
#include <stdlib.h>
#include "audit/find.h"
#include "audit/verdict/facts.h"
#include "audit/verdict/standing.h"
#include "audit/verdict/story.h"
#include "base/array.h"

/* ---- of all ---- */

static void take_batch(void *to, const struct told_batch *b)
{
    struct stories *all = to;

    ARRAY_ROOM(all->batches.v, all->batches.n, all->batches.cap);
    all->batches.v[all->batches.n++] = *b;
}

int stories_open(struct stories *all, struct audit *audit, const struct look *look, struct err *err)
{
    *all = (struct stories){ .audit = audit, .look = look };
    if (audit_view_hold(audit, &all->view, err) == 0 &&
        accounts_hold(audit, all->view, &all->accounts, err) == 0 &&
        places_open(&all->places, audit, err) == 0 &&
        audit_told_batches(audit, all->view, take_batch, all, err) == 0)
        return 0;
    stories_close(all);
    return -1;
}

void stories_close(struct stories *all)
{
    audit_view_let(all->audit, all->view);
    free(all->batches.v);
    places_close(&all->places);
    *all = (struct stories){ .audit = all->audit };
}

static const struct told_batch *batch_of(const struct stories *all, int64_t request)
{
    size_t lo = 0, hi = all->batches.n;

    while (lo < hi) {
        size_t mid = (lo + hi) / 2;

        if (all->batches.v[mid].request < request)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < all->batches.n && all->batches.v[lo].request == request ? &all->batches.v[lo]
                                                                        : NULL;
}

bool story_ask(const struct story *s, const struct history_row *h, struct told_ask *told)
{
    const struct told_batch *b = batch_of(s->all, h->request);
    const struct ask_row row = { .request = h->request,
                                 .at = h->at,
                                 .start_day = h->start_day,
                                 .end_day = h->end_day,
                                 .round = h->round,
                                 .complete = h->complete,
                                 .members = h->members,
                                 .item = s->row.n,
                                 .role = h->role,
                                 .came_back = h->kind == ANSWER_FOUND };

    if (b)
        view_told_ask(s->all->view, &s->all->audit->set, b, &row, told);
    return b != NULL;
}

/* ---- of one ---- */

static void take_apart(void *story, const struct apart *apart)
{
    struct story *s = story;

    ARRAY_ROOM(s->apart.v, s->apart.n, s->apart.cap);
    s->apart.v[s->apart.n++] = *apart;
}

static void read_places(struct story *s)
{
    s->apart.n = 0;
    places_of(&s->all->places, &s->row, &s->at);
    if (s->at.public_at.n && s->at.refused_at.n)
        vantages_apart(&s->all->places, &s->row, s->about, view_clock_s(s->all->view), take_apart,
                       s);
}

int story_gather(struct story *s, struct err *err)
{
    struct audit *audit = s->all->audit;
    struct item_known known = { .row = &s->row,
                                .silence = view_find(s->all->view, s->row.n),
                                .account = account_table_find(s->all->accounts, s->label.account),
                                .api = s->rec[SIDE_API],
                                .page = s->rec[SIDE_PAGE],
                                .at = &s->at };

    if (facts_generation(audit, &s->row, known.silence, &known.generation, err))
        return -1;
    read_places(s);
    facts_of_item(audit, &known, &s->facts);
    s->hits = rules_hits(audit->rules, &s->facts, &s->gave_up);
    return 0;
}

/* The label row is found by walking from the id before it. */
static int read_label(struct story *s, struct err *err)
{
    struct label_cursor *cursor = NULL;
    struct label_row l;
    int got;

    if (store_labels_told(s->all->audit->store, s->row.id - 1, &cursor, err))
        return -1;
    got = label_cursor_next(cursor, &l, err);
    if (got > 0 && l.id == s->row.id) {
        s->label = l;
        s->label.handle = arena_dup(&s->mem, l.handle);
        s->label.rule = arena_dup(&s->mem, l.rule);
        s->label.sound_list = arena_dup(&s->mem, l.sound_list);
        s->label.message = arena_dup(&s->mem, l.message);
        s->label.place = arena_dup(&s->mem, l.place);
        s->label.region = arena_dup(&s->mem, l.region);
        s->label.vantage = arena_dup(&s->mem, l.vantage);
        s->label.public_at = arena_dup(&s->mem, l.public_at);
        s->label.refused_at = arena_dup(&s->mem, l.refused_at);
        s->label.evidence = arena_dup(&s->mem, l.evidence);
        s->label.account = account_of(s->all->accounts->graph,
                                      l.item);    // a purge leaves other accounts than there were
    } else if (got >= 0) {
        got = err_set(err, ERR_IO,
                      "item %" PRIu64 " has no row among the labels; run `blindspot classify`",
                      s->row.id);
    }
    label_cursor_close(cursor);
    return got < 0 ? -1 : 0;
}

static int read_records(struct story *s, struct err *err)
{
    for (int side = 0; side < SIDE_COUNT; side++) {
        struct record *rec = NULL;
        int64_t at;

        if (store_record(s->all->audit->store, s->row.n, (enum side)side, &s->mem, &rec, &at, err))
            return -1;
        s->rec[side] = rec;
    }
    return 0;
}

static int read_about(struct story *s, struct err *err)
{
    if (store_about(s->all->audit->store, &s->row.n, 1, &s->own, err))
        return -1;
    s->about = about_item(s->own, s->row.n);
    return 0;
}

int story_find(const struct stories *all, const char *what, struct story *s, struct err *err)
{
    int64_t item = 0;
    bool found = false;

    *s = (struct story){ .all = all };
    if (find_item(all->audit, what, &item, err) ||
        store_item(all->audit->store, item, &s->row, &found, err))
        return -1;
    s->row.handle = arena_dup(&s->mem, s->row.handle);
    s->row.message = arena_dup(&s->mem, s->row.message);
    s->row.region = arena_dup(&s->mem, s->row.region);
    return read_label(s, err) || read_records(s, err) || read_about(s, err) || story_gather(s, err)
               ? -1
               : 0;
}

void story_release(struct story *s)
{
    about_free(s->own);
    free(s->apart.v);
    item_places_release(&s->at);
    arena_release(&s->mem);
}
