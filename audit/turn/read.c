/* audit/turn/read.c: the pages that are due, handed to scrape one by one: a run for each
 * witness in the order of page.witnesses, over what those before it left undecided. Each has
 * its own rate, and one that is blocked ends its own run alone. */
#include "audit/turn/read.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "audit/clocks.h"
#include "audit/page_yield.h"
#include "audit/turn/account_pages.h"
#include "audit/verdict/standing.h"
#include "audit/work_hand.h"
#include "base/array.h"
#include "base/digest.h"
#include "base/utc.h"
#include "audit/arm_end.h"
#include "import/urls.h"
#include "record/witnesses.h"

#define CONTROLS 8                 // posts that a pass may read to see whether the site is to blame
#define ALONE_MAX 3                // readings in one pass of a post that is blocked alone
struct alone {
    int64_t item;
    enum witness witness;
    int times;
};
struct reader {
    struct read_list list;    // what is due; what is decided leaves it
    enum witness witness;     // who is asked now
    struct due_page *turn;    // of the list: asked of it in this turn
    size_t n, at, cap;
    size_t asked;             // of the turn, so far
    struct items_ahead *rows;    // of this turn, as they were before it
    int64_t since;               // when this turn began
    bool stopped[WITNESS_COUNT];    // the site ended its run
    struct {
        struct alone *v;
        size_t n, cap;
    } alone;                                                   // of this pass
    int64_t control[CONTROLS]; size_t controls, control_at;    // items; looked up when first wanted
    struct items_ahead *control_rows;
};

/* ---- the source that scrape reads from ---- */

/* Of two that show a page one may have had its tries, or be blocked there today. */
static int may_ask(struct reader *r, const struct due_page *d, const struct item_row *row,
                   bool *may, struct err *err)
{
    const struct settings *set = &r->list.audit->set;
    const int tries = witness_tries(row, r->witness);
    bool waits = false;

    *may = true;
    if (!read_why_asks(d->why, WITNESS_PAGE) || !read_why_asks(d->why, WITNESS_EMBED) || !tries ||
        !witness_is_asked(set, WITNESS_EMBED))
        return 0;
    if (tries < set->page_attempts &&
        blocked_today(&r->list.blocked, r->list.audit->store, r->list.vantage, d->item, r->witness,
                      &waits, err))
        return -1;
    *may = tries < set->page_attempts && !waits;
    return 0;
}

static int64_t item_due(const void *of, size_t i)
{
    const struct due_page *d = (const struct due_page *)of + i;

    return d->why == WHY_LINK ? 0 : d->item;
}

/* Whose answers have records. */
static enum witness records_by(enum witness w) { return witness_shows(w) ? w : WITNESS_QUERY; }

/* Rows of the turn's items, with what was read of them here. */
static struct items_ahead *turn_rows(const struct reader *r)
{
    return items_ahead_open(r->list.audit->store,
                            &(struct items_wanted){ .item = item_due,
                                                    .of = r->turn,
                                                    .n = r->n,
                                                    .vantage = r->list.vantage,
                                                    .nearly = r->witness == WITNESS_PAGE,
                                                    .kept = true,
                                                    .records = records_by(r->witness) });
}

static void forget_rows(struct reader *r)
{
    items_ahead_close(r->rows);
    r->rows = NULL;
}

static int next_task(void *from, struct arena *mem, struct read_task *task, struct err *err)
{
    struct reader *r = from;
    struct item_row row;
    bool found = false, may = false;

    while (r->at < r->n) {
        const struct due_page *d = &r->turn[r->at++];

        memset(task, 0, sizeof *task);
        if (d->why == WHY_LINK) {
            task->witness = WITNESS_SHORT;
            task->item = r->list.link[d->item].n;
            task->link = arena_dup(mem, str_of(r->list.link[d->item].url));
            r->asked++;
            return 1;
        }
        task->item = d->item;
        if (items_ahead_row(r->rows, r->at - 1, &row, &found, err))
            return -1;
        if (!found || row.purged_at)          // nobody can ask for a pseudonym
            continue;
        task->witness = r->witness;
        task->id = row.id;
        task->handle = arena_dup(mem, row.handle);
        if (may_ask(r, d, &row, &may, err))
            return -1;
        r->asked += may;
        if (may)
            return 1;
    }
    return 0;
}

static int64_t control_item(const void *of, size_t i) { return ((const int64_t *)of)[i]; }

/* Their rows are read at once: what an answer changes of them is of no account here. */
static int find_controls(struct reader *r, struct err *err)
{
    struct store *s = r->list.audit->store;

    if (store_readable(s, r->witness, r->control, CONTROLS, &r->controls, err))
        return -1;
    r->control_rows = items_ahead_open(s, &(struct items_wanted){ .item = control_item,
                                                                  .of = r->control,
                                                                  .n = r->controls,
                                                                  .vantage = r->list.vantage,
                                                                  .kept = true,
                                                                  .records = records_by(
                                                                      r->witness) });
    return 0;
}

static void forget_controls(struct reader *r)
{
    items_ahead_close(r->control_rows);
    r->control_rows = NULL;
    r->controls = r->control_at = 0;
}

/* Another post each time; after a whole round of them the first again. */
static int next_control(void *from, struct arena *mem, struct read_task *task, struct err *err)
{
    struct reader *r = from;
    struct item_row row;
    bool found = false;
    size_t at;

    if (!witness_is_asked(&r->list.audit->set, r->witness))    // of short links, where pages are
        return 0;                                              // left out
    if (!r->controls) {
        forget_controls(r);
        if (find_controls(r, err))
            return -1;
    }
    if (!r->controls)
        return 0;
    memset(task, 0, sizeof *task);
    at = r->control_at++ % r->controls;
    task->witness = r->witness;
    task->item = r->control[at];
    if (items_ahead_row(r->control_rows, at, &row, &found, err))
        return -1;
    if (!found)
        return 0;
    task->id = row.id;
    task->handle = arena_dup(mem, row.handle);
    return 1;
}

static struct alone *alone_find(const struct reader *r, enum witness witness, int64_t item)
{
    for (size_t i = 0; i < r->alone.n; i++)
        if (r->alone.v[i].item == item && r->alone.v[i].witness == witness)
            return &r->alone.v[i];
    return NULL;
}

static void note_alone(struct reader *r, const struct answer *a)
{
    struct alone *hit = alone_find(r, a->witness, a->item);

    if (a->kind != ANSWER_NO_ANSWER || a->why != NO_ANSWER_BLOCKED_ALONE)
        return;
    if (!hit) {
        ARRAY_ROOM(r->alone.v, r->alone.n, r->alone.cap);
        hit = &r->alone.v[r->alone.n++];
        *hit = (struct alone){ .item = a->item, .witness = a->witness };
    }
    hit->times++;
    blocked_note(&r->list.blocked, a->item, a->witness, a->at);
}

/* The first of those in their order that is not before this rank. */
static size_t first_ranked(const struct due_page *v, size_t n, uint64_t rank)
{
    size_t from = 0;

    while (from < n) {
        const size_t mid = from + (n - from) / 2;

        if (v[mid].rank < rank)
            from = mid + 1;
        else
            n = mid;
    }
    return from;
}

static void note_said(struct due_page *v, size_t n, uint64_t rank, const struct answer *a)
{
    for (size_t i = first_ranked(v, n, rank); i < n && v[i].rank == rank; i++)
        if (v[i].item == a->item && v[i].why != WHY_LINK)
            v[i].said = (uint8_t)a->kind;
}

/* What decides is kept with what was due: the store need not be asked for it. */
static void note_decisive(struct reader *r, const struct answer *a)
{
    const uint64_t rank = read_list_rank(&r->list, a->id);

    if (a->witness != r->witness || a->at < r->since ||
        (a->kind != ANSWER_PUBLIC && a->kind != ANSWER_REFUSED))
        return;
    note_said(r->turn, r->n, rank, a);
    note_said(r->list.v, r->list.n, rank, a);
}

/* Short links end here: the arm reports where one led, and only the parser of
 * links can say which item that is. */
static int put_link(void *by, const struct request *req, const struct answer *a, struct err *err)
{
    struct reader *r = by;
    struct audit *audit = r->list.audit;
    struct link link;

    (void)req;
    note_alone(r, a);
    note_decisive(r, a);
    if (a->witness != WITNESS_SHORT)
        return 0;
    if (a->kind != ANSWER_RESOLVED && a->kind != ANSWER_REFUSED)
        return 0;
    memset(&link, 0, sizeof link);
    if (a->kind == ANSWER_REFUSED)
        return store_link_resolved(audit->store, a->item, 0, STR_NONE, err);
    link_parse(a->message, utc_now(), &link);
    if (link.what != LINK_ITEM)
        return store_link_no_item(audit->store, a->item, err);
    return store_link_resolved(audit->store, a->item, link.item.id, str_of(link.item.handle), err);
}

static bool is_decisive(const struct due_page *d) { return d->said != ANSWER_COUNT; }

/* Its answer is there, or it was blocked alone for long enough. */
static bool is_settled(const struct reader *r, const struct due_page *d)
{
    const struct alone *alone = alone_find(r, r->witness, d->item);

    return d->why == WHY_LINK || is_decisive(d) || (alone && alone->times >= ALONE_MAX);
}

static void drop_settled(struct reader *r)
{
    size_t n = 0;

    for (size_t i = 0; i < r->n; i++)
        if (!is_settled(r, &r->turn[i]))
            r->turn[n++] = r->turn[i];
    r->n = n;
}

/* How often it was asked in vain, by the row of this place. */
static int tries_of(const struct reader *r, size_t i, int *tries, bool *found, struct err *err)
{
    enum answer_kind kind;
    struct item_row row;
    int64_t at;

    if (items_ahead_row(r->rows, i, &row, found, err))
        return -1;
    if (r->turn[i].why == WHY_ELSEWHERE)
        items_ahead_there(r->rows, &kind, &at, tries);
    else
        *tries = *found ? witness_tries(&row, r->witness) : 0;
    return 0;
}

/* Leaves what is still without a decisive answer and has attempts left, for
 * another turn of the same pass; nothing is written before that begins, so their rows
 * are those of the turn. */
static int keep_undecided(struct reader *r, struct err *err)
{
    size_t n = 0;
    int rc = 0;

    drop_settled(r);
    if (r->n)
        rc = blocked_expect(&r->list.blocked, r->list.audit->store, r->list.vantage, err);
    r->rows = turn_rows(r);
    for (size_t i = 0; rc == 0 && i < r->n; i++) {
        bool found = true;
        int tries = 0;

        rc = tries_of(r, i, &tries, &found, err);
        if (!found || tries >= r->list.audit->set.page_attempts)
            continue;
        items_ahead_move(r->rows, i, n);
        r->turn[n++] = r->turn[i];
    }
    if (rc)
        return -1;
    items_ahead_cut(r->rows, n);
    r->n = n;
    return 0;
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

/* Each of the turn's, once. */
static int read_turn(struct reader *r, struct scrape_opts *opts, struct sink *sink,
                     struct scrape_result *one, struct err *err)
{
    struct read_source source = { next_task, r, next_control };
    int rc;

    r->at = r->asked = 0;
    r->since = utc_now();
    if (!r->rows)
        r->rows = turn_rows(r);
    opts->expected = (int64_t)r->n;
    rc = hand_scrape(r->list.audit, opts, &source, sink, one, err);
    forget_rows(r);
    return rc;
}

/* What gave no answer is tried again after 1, 2, 4 ... times page.retry_base_ms,
 * with jitter. Blocks use no attempt, so the turns themselves are bounded; where nobody may be
 * asked in one, nobody may in the next. */
static int read_turns(struct reader *r, struct scrape_opts *opts, struct sink *sink,
                      struct scrape_result *sum, struct err *err)
{
    const struct settings *set = &r->list.audit->set;

    for (int64_t turn = 0; r->n && turn < set->page_attempts; turn++) {
        const int64_t ms = set->page_retry_base_ms << (turn < 9 ? turn : 9);
        struct scrape_result one;
        int rc;

        if (turn)
            utc_wait_ms(ms / 2 +
                        (int64_t)(mix64(r->list.salt + (uint64_t)turn) % (uint64_t)(ms / 2 + 1)));
        rc = read_turn(r, opts, sink, &one, err);
        page_yield_add(sum, &one);
        opts->shown = opts->shown || one.is_public + one.refused > 0;
        if (rc && one.odd.n)
            name_evidence(r->list.audit, &one, err);
        if (rc == 0 && !r->asked)
            break;
        if (rc || keep_undecided(r, err)) {
            forget_rows(r);
            return -1;
        }
    }
    forget_rows(r);
    return 0;
}

/* ---- witness after witness ---- */

/* Whom the site stopped may still be asked about it, another time. */
static bool is_owed(const struct reader *r, const struct due_page *d)
{
    for (int w = 0; w < WITNESS_COUNT; w++)
        if (r->stopped[w] && read_why_asks(d->why, (enum witness)w))
            return true;
    return false;
}

static bool asks(const struct reader *r, const struct due_page *d)
{
    if (d->why == WHY_LINK)
        return r->witness == WITNESS_PAGE;
    return (read_why_asks(d->why, r->witness) || (d->instead == r->witness && is_owed(r, d))) &&
           witness_is_asked(&r->list.audit->set, r->witness);
}

static void gather(struct reader *r)
{
    r->n = r->at = 0;
    for (size_t i = 0; i < r->list.n; i++) {
        r->list.v[i].said = ANSWER_COUNT;
        if (asks(r, &r->list.v[i])) {
            ARRAY_ROOM(r->turn, r->n, r->cap);
            r->turn[r->n++] = r->list.v[i];
        }
    }
}

/* Somebody further on may still decide it. */
static bool goes_on(const struct reader *r, const struct due_page *d)
{
    const enum witness other = r->witness == WITNESS_PAGE ? WITNESS_EMBED : WITNESS_PAGE;

    return read_why_asks(d->why, other) && read_why_asks(d->why, r->witness) &&
           witness_comes_before(&r->list.audit->set, r->witness, other);
}

/* Whom nobody else is asked about once it was asked in vain. */
static bool leaves_so(const struct reader *r, const struct due_page *d, bool ended)
{
    return asks(r, d) && ended && !goes_on(r, d) && !is_owed(r, d);
}

/* That an embed page shows no post says little: the page may say why. */
static bool is_decided(const struct reader *r, const struct due_page *d)
{
    return asks(r, d) && is_decisive(d) &&
           !(d->said == ANSWER_REFUSED && r->witness == WITNESS_EMBED && goes_on(r, d));
}

/* What this witness decided leaves the list; ended: so does what was asked of it in vain. */
static void leave_list(struct reader *r, bool ended)
{
    size_t n = 0;

    for (size_t i = 0; i < r->list.n; i++) {
        const struct due_page d = r->list.v[i];

        if (!leaves_so(r, &d, ended) && !is_decided(r, &d))
            r->list.v[n++] = d;
    }
    r->list.n = n;
}

/* 1: the site ended the run, and something is left of it; *later says why. */
static int read_witness(struct reader *r, struct sink *sink, struct scrape_result *sum,
                        struct err *later, struct err *err)
{
    struct audit *audit = r->list.audit;
    const struct settings set = witness_settings(&audit->set, r->witness);
    struct scrape_opts opts = { .set = &set,
                                .seed = buf_view(&audit->seed),
                                .browsing = &audit->browsing };
    struct err own = { 0 };
    int rc;

    gather(r);
    if (r->n == 0)
        return 0;
    rc = read_turns(r, &opts, sink, sum, &own);
    browsing_end(&audit->browsing);
    if (rc && !arm_is_over(&own)) {
        *err = own;
        return -1;
    }
    r->stopped[r->witness] = rc != 0;
    leave_list(r, rc == 0);
    if (rc && later->kind == ERR_NONE)
        *later = own;
    return rc ? 1 : 0;
}

/* Where the site ended the run of one witness, and others decided all of it, nothing is left
 * to come back for. */
static int read_all(struct reader *r, struct sink *sink, struct scrape_result *sum, struct err *err)
{
    enum witness all[WITNESSES_MAX + 1] = { WITNESS_PAGE };
    const struct settings *set = &r->list.audit->set;
    const size_t links = !witness_is_asked(set, WITNESS_PAGE);    // these are asked in any case
    const size_t n = links + witnesses_asked(set, all + links);
    struct err later = { 0 };

    for (size_t i = 0; i < n; i++) {
        r->witness = all[i];
        forget_controls(r);    // each shows its own
        if (read_witness(r, sink, sum, &later, err) < 0)
            return -1;
    }
    if (later.kind == ERR_NONE || r->list.n == 0)
        return 0;
    *err = later;
    return -1;
}

static int read_list(struct reader *r, struct scrape_result *result, struct err *err)
{
    struct audit *audit = r->list.audit;
    struct sink_tap links = { .put = put_link, .by = r };
    struct sink sink;
    int rc;

    if (r->list.vantage > 1 && store_vantage_used(audit->store, str_of(audit->set.page_vantage),
                                                  str_of(audit->set.page_elsewhere), err))
        return -1;
    if (audit_sink(audit, false, &links.inner, err))
        return -1;
    sink = sink_through(&links);
    rc = clocks_part(audit, err) || read_all(r, &sink, result, err) ? -1 : 0;
    store_sink_release(&links.inner);
    return rc;
}

int read_pass(struct audit *audit, struct read_due *due, struct scrape_result *result,
              struct err *err)
{
    const struct view *view;
    struct reader r = { .at = 0 };
    int rc;

    memset(due, 0, sizeof *due);
    memset(result, 0, sizeof *result);
    r.list.audit = audit;
    if (hand_late(audit, put_link, &r, err) || read_expect(audit, err) ||
        audit_view_hold(audit, &view, err))
        return -1;
    rc = read_list_make(&r.list, audit, view, due, err);
    audit_view_let(audit, view);
    if (r.list.n)                    // the answers make it old, and the transfers need its memory
        audit_view_forget(audit);
    if (rc)
        goto out;
    if (r.list.n)
        rc = read_list(&r, result, err);
    if (rc == 0 && r.list.vantage == 1)
        rc = account_pages_read(audit, result, err);
    if (page_yield_note(audit, result, rc ? &(struct err){0} : err))
        rc = -1;
out:
    forget_controls(&r);
    free(r.alone.v);
    free(r.turn);
    read_list_release(&r.list);
    return rc;
}
