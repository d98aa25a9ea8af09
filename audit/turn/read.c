/* audit/turn/read.c: the pages that are due, handed to scrape one by one. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "silence/sample.h"
#include "audit/turn/read.h"
#include "audit/verdict/standing.h"
#include "base/utc.h"
#include "import/urls.h"
#include "record/id.h"
#include "record/seed.h"

enum why {
    WHY_PAGE,
    WHY_RECHECK,
    WHY_SAMPLE,
    WHY_OEMBED,
    WHY_LINK,
    WHY_CANARY,
    WHY_LATE,
    WHY_ELSEWHERE
};
#define CONTROLS 8                 // posts that a pass may read to see whether the site is to blame
struct due {
    uint64_t rank;
    uint32_t item;
    uint8_t why;
};    // item: of a link, its place in reader.link
struct due_link { int64_t n; char *url; };
_Static_assert(sizeof(struct due) == 16, "one for every page of a pass");
struct reader {
    struct audit *audit;
    struct due *v; size_t n, cap, at;
    struct due_link *link; size_t links, link_cap;
    uint64_t salt;
    int64_t vantage;
    struct read_due *count;
    bool counts;               // nothing is read: of millions only the numbers are wanted
    int64_t control[CONTROLS]; size_t controls, control_at;    // items; looked up when first wanted
};

/* Where known items come twice, for two reasons, they are read once (drop_twins). */
static bool of_known_item(enum why why)
{
    return why == WHY_SAMPLE || why == WHY_CANARY || why == WHY_LATE;
}

static void push(struct reader *r, int64_t item, uint64_t id, enum why why)
{
    if (r->counts && !of_known_item(why))
        return;
    if (r->n == r->cap) {
        r->cap = r->cap ? 2 * r->cap : 1024;
        r->v = xrealloc(r->v, r->cap * sizeof *r->v);
    }
    r->v[r->n++] = (struct due){ mix64(id ^ r->salt), (uint32_t)item, (uint8_t)why };
}

static void push_silences(struct reader *r, const struct view *view)
{
    const struct settings *set = &r->audit->set;
    int64_t now = utc_now();
    bool oembed = strcmp(set->page_oembed, "never") != 0;
    size_t n;
    const struct silence *v = view_silences(view, &n);

    for (size_t i = 0; i < n; i++) {
        const struct silence *s = &v[i];

        if (s->standing == STANDING_UNREAD && s->asked) {
            if (s->tries < set->page_attempts) {
                r->count->pages++;
                push(r, s->item, s->id, WHY_PAGE);
            } else {
                r->count->given_up++;
            }
        } else if (silence_wants_recheck(s, set)) {
            if (silence_recheck_after(s) >
                now)    // the clock went back: read when it has caught up
                continue;
            r->count->rechecks++;
            push(r, s->item, s->id, WHY_RECHECK);
        } else if (oembed && s->ambiguous && s->oembed == ANSWER_COUNT &&
                   s->oembed_tries < set->page_attempts) {
            r->count->oembed++;
            push(r, s->item, s->id, WHY_OEMBED);
        }
    }
}

bool read_oembed_first(const struct settings *set, const struct item_row *row)
{
    return settings_oembed_first(set) && !row->asked && row->page != ANSWER_PUBLIC &&
           row->page != ANSWER_REFUSED && row->oembed != ANSWER_PUBLIC &&
           row->oembed != ANSWER_REFUSED && row->oembed_tries < set->page_attempts;
}

static int push_oembed_first(struct reader *r, struct err *err)
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
            r->count->oembed++;
            push(r, row.n, row.id, WHY_OEMBED);
        }
    item_cursor_close(cursor);
    return got;
}

/* A canary that stayed away may be gone: its page says whether its batch was
 * one with a suspect. Read once for each loss, and once for losses of one pass. */
static int push_canaries(struct reader *r, const struct view *view, struct err *err)
{
    int64_t now = utc_now();
    size_t n;
    const struct lost_canary *lost = canaries_lost(view_canaries(view), &n);

    for (size_t i = 0; i < n; i++) {
        struct item_row row;
        bool found = false;

        if (lost[i].at > now)
            continue;
        if (store_item(r->audit->store, lost[i].item, &row, &found, err))
            return -1;
        if (!found || !row.found_first_at || row.tried_at >= lost[i].at ||
            row.tries >= r->audit->set.page_attempts)
            continue;
        r->count->canaries++;
        push(r, row.n, row.id, WHY_CANARY);
    }
    return 0;
}

static int push_sample(struct reader *r, struct err *err)
{
    struct item_cursor *cursor = NULL;
    struct item_row row;
    int got;

    if (store_items(r->audit->store, ITEMS_SAMPLED, 0, &cursor, err))
        return -1;
    while ((got = item_cursor_next(cursor, &row, err)) > 0) {
        bool read = row.page == ANSWER_PUBLIC || row.page == ANSWER_REFUSED;

        if (read || !row.found_first_at)
            continue;
        if (row.tries >= r->audit->set.page_attempts) {
            r->count->given_up++;
            continue;
        }
        r->count->sample++;
        push(r, row.n, row.id, WHY_SAMPLE);
    }
    item_cursor_close(cursor);
    return got;
}

static int push_link(void *to, int64_t link, struct str url, int tries, int64_t tried_at,
                     struct err *err)
{
    struct reader *r = to;
    struct buf text = {0};

    (void)tries, (void)tried_at, (void)err;
    r->count->links++;
    if (r->counts)
        return 0;
    if (r->links == r->link_cap) {
        r->link_cap = r->link_cap ? 2 * r->link_cap : 64;
        r->link = xrealloc(r->link, r->link_cap * sizeof *r->link);
    }
    buf_str(&text, url);
    push(r, (int64_t)r->links, (uint64_t)link, WHY_LINK);
    r->link[r->links++] = (struct due_link){ link, xstrdup(buf_cstr(&text)) };
    buf_release(&text);
    return 0;
}

static int by_rank(const void *a, const void *b)
{
    const struct due *x = a, *y = b;

    return x->rank != y->rank ? (x->rank < y->rank ? -1 : 1)
                              : (x->item > y->item) - (x->item < y->item);
}

/* Absent in a late check: was it deleted, or does it come and go? */
static void push_late(struct reader *r, const struct view *view)
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
static void drop_twins(struct reader *r)
{
    size_t out = 0;

    for (size_t i = 0; i < r->n; i++) {
        struct due *d = &r->v[i], *last = out ? &r->v[out - 1] : NULL;

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
static int push_elsewhere(struct reader *r, struct err *err)
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
        r->count->elsewhere++;
        push(r, row.n, row.id, WHY_ELSEWHERE);
    }
    item_cursor_close(cursor);
    return got;
}

static int push_here(struct reader *r, const struct view *view, struct err *err)
{
    push_silences(r, view);
    push_late(r, view);
    return push_oembed_first(r, err) || push_canaries(r, view, err) || push_sample(r, err) ||
                   store_open_links(r->audit->store, (int)r->audit->set.page_attempts, push_link, r,
                                    err)
               ? -1
               : 0;
}

/* What can be read from here; of a further vantage, with all, also what is left
 * for the first one. */
static int collect(struct reader *r, const struct view *view, bool all, struct err *err)
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

static void reader_release(struct reader *r)
{
    for (size_t i = 0; i < r->links; i++)
        free(r->link[i].url);
    free(r->link);
    free(r->v);
}

int read_due(struct audit *audit, const struct view *view, struct read_due *due, struct err *err)
{
    struct reader r = { .audit = audit, .count = due, .counts = true };
    int rc;

    memset(due, 0, sizeof *due);
    rc = collect(&r, view, true, err);
    reader_release(&r);
    return rc;
}

/* ---- the source that scrape reads from ---- */

static int next_task(void *from, struct arena *mem, struct read_task *task, struct err *err)
{
    struct reader *r = from;
    struct item_row row;
    bool found = false;

    while (r->at < r->n) {
        const struct due *d = &r->v[r->at++];

        memset(task, 0, sizeof *task);
        if (d->why == WHY_LINK) {
            task->witness = WITNESS_SHORT;
            task->item = r->link[d->item].n;
            task->link = arena_dup(mem, str_of(r->link[d->item].url));
            return 1;
        }
        task->item = d->item;
        if (store_item(r->audit->store, d->item, &row, &found, err))
            return -1;
        if (!found || row.purged_at)          // nobody can ask for a pseudonym
            continue;
        task->witness = d->why == WHY_OEMBED ? WITNESS_OEMBED : WITNESS_PAGE;
        task->id = row.id;
        task->handle = arena_dup(mem, row.handle);
        return 1;
    }
    return 0;
}

/* Another post each time; after a whole round of them the first again. */
static int next_control(void *from, struct arena *mem, struct read_task *task, struct err *err)
{
    struct reader *r = from;
    struct item_row row;
    bool found = false;

    if (!r->controls && store_readable(r->audit->store, r->control, CONTROLS, &r->controls, err))
        return -1;
    if (!r->controls)
        return 0;
    memset(task, 0, sizeof *task);
    task->witness = WITNESS_PAGE;
    task->item = r->control[r->control_at++ % r->controls];
    if (store_item(r->audit->store, task->item, &row, &found, err))
        return -1;
    task->id = row.id;
    task->handle = arena_dup(mem, row.handle);
    return found;
}

/* Short links end here: the arm reports where one led, and only the parser of
 * links can say which item that is. */
static int put_link(void *by, const struct request *req, const struct answer *a, struct err *err)
{
    struct audit *audit = by;
    struct link link;

    (void)req;
    if (a->witness != WITNESS_SHORT)
        return 0;
    if (a->kind != ANSWER_RESOLVED && a->kind != ANSWER_REFUSED)
        return 0;
    memset(&link, 0, sizeof link);
    link.what = LINK_SKIPPED;
    if (a->kind == ANSWER_RESOLVED)
        link_parse(a->message, utc_now(), &link);
    return store_link_resolved(audit->store, a->item, link.what == LINK_ITEM ? link.item.id : 0,
                               str_of(link.item.handle), err);
}

/* Its answer of this pass is there, or no attempts are left. */
static int is_settled(struct reader *r, const struct due *d, int64_t since, bool *settled,
                      struct err *err)
{
    enum answer_kind kind;
    struct item_row row;
    bool found = false;
    int64_t at;
    int tries;

    if (store_item(r->audit->store, d->item, &row, &found, err))
        return -1;
    kind = d->why == WHY_OEMBED ? row.oembed : row.page;
    tries = d->why == WHY_OEMBED ? row.oembed_tries : row.tries;
    at = d->why == WHY_OEMBED ? since : row.page_at;
    if (d->why == WHY_ELSEWHERE &&
        store_vantage_read(r->audit->store, r->vantage, d->item, &kind, &at, &tries, err))
        return -1;
    *settled = !found || tries >= r->audit->set.page_attempts ||
               (at >= since && (kind == ANSWER_PUBLIC || kind == ANSWER_REFUSED));
    return 0;
}

/* Leaves what is still without a decisive answer and has attempts left, for
 * another turn of the same pass. */
static int keep_undecided(struct reader *r, int64_t since, struct err *err)
{
    size_t n = 0;

    for (size_t i = 0; i < r->n; i++) {
        struct due *d = &r->v[i];
        bool settled;

        if (d->why == WHY_LINK)
            continue;
        if (is_settled(r, d, since, &settled, err))
            return -1;
        if (!settled)
            r->v[n++] = *d;
    }
    r->n = n;
    r->at = 0;
    return 0;
}

static void add_result(struct scrape_result *sum, const struct scrape_result *one)
{
    sum->pages += one->pages;
    sum->oembed += one->oembed;
    sum->links += one->links;
    sum->is_public += one->is_public;
    sum->refused += one->refused;
    sum->no_answer += one->no_answer;
    counted_join(&sum->blocks, &one->blocks);
    sum->controls += one->controls;
    for (int i = 0; i < GENERATION_COUNT; i++)
        counted_join(&sum->generation[i], &one->generation[i]);
    for (int i = 0; i < NO_ANSWER_COUNT; i++)
        counted_join(&sum->unread[i], &one->unread[i]);
    sum->odd = one->odd;
    sum->retry_at = one->retry_at;
}

static int tell_yield(struct audit *audit, struct buf *text, const char *kind, const char *name,
                      const struct counted *c, struct err *err)
{
    if (c->n == 0)
        return 0;
    buf_printf(text, "%s%s %" PRId64, text->n ? ", " : "", name, c->n);
    return store_tally(audit->store, kind, str_of(name), c, err);
}

/* What the pages of this run gave, by generation, and why the others gave
 * nothing: in the tallies, and as one event for status. */
static int note_yield(struct audit *audit, const struct scrape_result *sum, struct err *err)
{
    struct buf text = {0};
    int rc = 0;

    for (int i = 0; rc == 0 && i < GENERATION_COUNT; i++)
        if (i != GENERATION_OEMBED)
            rc = tell_yield(audit, &text, "page_read",
                            i ? generation_name((enum generation)i) : "other", &sum->generation[i],
                            err);
    for (int i = 0; rc == 0 && i < NO_ANSWER_COUNT; i++)
        rc = tell_yield(audit, &text, "page_unread", no_answer_name((enum no_answer)i),
                        &sum->unread[i], err);
    if (rc == 0)
        rc = tell_yield(audit, &text, "page_unread", "block", &sum->blocks, err);
    if (rc == 0 && text.n)
        rc = store_event(audit->store, "page_yield", 0, buf_view(&text), err);
    buf_release(&text);
    return rc;
}

/* A run that ended since no page had a known shape says where one lies. */
static void name_evidence(struct audit *audit, const struct scrape_result *sum, struct err *err)
{
    struct err ignored = {0}, whole = *err;
    struct buf place = {0};

    if (store_evidence_place(audit->store, sum->odd, &place, &ignored) == 0 && place.n)
        snprintf(err->msg, sizeof err->msg, "%.*s; see evidence %s",
                 (int)(sizeof err->msg - 16 - place.n), whole.msg, buf_cstr(&place));
    buf_release(&place);
}

/* What gave no answer is tried again after 1, 2, 4 ... times page.retry_base_ms,
 * with jitter. Blocks use no attempt, so the turns themselves are bounded. */
static int read_turns(struct reader *r, const struct scrape_opts *opts, struct sink *sink,
                      struct scrape_result *sum, struct err *err)
{
    struct read_source source = { next_task, r, next_control };
    const struct settings *set = &r->audit->set;

    for (int64_t turn = 0; r->n && turn < set->page_attempts; turn++) {
        int64_t since = utc_now(), ms = set->page_retry_base_ms << (turn < 9 ? turn : 9);
        struct scrape_result one;
        int rc;

        if (turn)
            utc_wait_ms(ms / 2 +
                        (int64_t)(mix64(r->salt + (uint64_t)turn) % (uint64_t)(ms / 2 + 1)));
        rc = r->audit->ask.scrape(opts, &source, sink, &one, err);
        add_result(sum, &one);
        if (rc && one.odd.n)
            name_evidence(r->audit, &one, err);
        if (rc || keep_undecided(r, since, err))
            return -1;
    }
    return 0;
}

int read_pass(struct audit *audit, struct read_due *due, struct scrape_result *result,
              struct err *err)
{
    const struct view *view;
    struct reader r = { .audit = audit, .count = due };
    struct sink_tap links = { .put = put_link, .by = audit };
    struct sink sink;
    struct scrape_opts opts = { .set = &audit->set, .seed = buf_view(&audit->seed) };
    int rc;

    memset(due, 0, sizeof *due);
    memset(result, 0, sizeof *result);
    if (audit_view_hold(audit, &view, err))
        return -1;
    rc = collect(&r, view, false, err);
    audit_view_let(audit, view);
    if (r.n)                    // the answers make it old, and the transfers need its memory
        audit_view_forget(audit);
    if (rc || audit_sink(audit, false, &links.inner, err)) {
        rc = -1;
        goto out;
    }
    sink = sink_through(&links);
    rc = read_turns(&r, &opts, &sink, result, err);
    store_sink_release(&links.inner);
    if (note_yield(audit, result, rc ? &(struct err){0} : err))
        rc = -1;
out:
    reader_release(&r);
    return rc;
}

/* ---- the sample of retrieved items ---- */

struct sampling { struct sample sample; struct str seed; };

static void put_found(void *to, int64_t item, uint64_t id)
{
    struct sampling *s = to;

    sample_put(&s->sample, digest_rank(s->seed, id), item);
}

int read_draw_sample(struct audit *audit, struct err *err)
{
    bool all = !strcmp(audit->set.page_retrieved_sample, "all");
    uint64_t want = 0;
    struct sampling s = { .seed = buf_view(&audit->seed) };
    struct sample *d = &s.sample;
    int64_t *items = NULL, found;
    int rc = -1;

    if (store_count_found(audit->store, &found, err))
        return -1;
    if (!all)
        str_u64(str_of(audit->set.page_retrieved_sample), &want);
    if (all || want > (uint64_t)found)
        want = (uint64_t)found;
    if (want == 0)
        return 0;
    sample_init(d, want);
    if (store_each_found(audit->store, put_found, &s, err))
        goto out;
    sample_end(d);
    items = xcalloc(d->n ? d->n : 1, sizeof *items);
    for (size_t i = 0; i < d->n; i++)
        items[i] = d->v[i].item;
    rc = store_set_sampled(audit->store, items, d->n, err);
out:
    free(items);
    sample_release(d);
    return rc;
}
