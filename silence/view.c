/* silence/view.c: reads items and asks in, and answers (silence/view.h). */
#include <stdlib.h>
#include "base/array.h"
#include "base/digest.h"
#include "base/utc.h"
#include "record/seed.h"
#include "record/witnesses.h"
#include "silence/clock.h"
#include "silence/parts.h"
#include "silence/sound.h"
#include "silence/view.h"
#include "silence/weigh.h"

_Static_assert(sizeof(struct silence) <= 56, "one for every item that never came back");

/* ---- items ---- */

/* What an item was that its page never showed as public: no absence of it counts,
 * so all such items share this, and nobody writes to it. */
static struct absences none = { .sound = { .lost = 1 }, .pending = { .lost = 1 }, .residual = -1 };

static struct absences *absences_new(struct arena *mem, const struct item_row *row)
{
    struct absences *a = arena_alloc(mem, sizeof *a);

    *a = none;
    a->past.stratum = (uint16_t)stratum_of(row->page_marks, utc_day(item_created(row)));
    return a;
}

/* Where oEmbed came first its answer is the first sight of a public post; the
 * page must still show it afterwards. */
static int64_t first_public(const struct settings *set, const struct item_row *row)
{
    if (settings_first(set) == WITNESS_OEMBED && row->oembed == ANSWER_PUBLIC &&
        row->public_first_at && row->oembed_at < row->public_first_at)
        return row->oembed_at;
    return row->public_first_at;
}

static uint32_t packed_time(int64_t at)
{
    return at < 0 ? 0 : at > UINT32_MAX ? UINT32_MAX : (uint32_t)at;
}

/* The embed page came first (page.first) and shows no post: that carries no cause, so until the
 * page, or the embed page again, is asked after the API, nothing is decided. */
static bool is_refused_beforehand(const struct settings *set, const struct item_row *row,
                                  int64_t clock_s)
{
    return settings_first(set) == WITNESS_EMBED && row->page == ANSWER_REFUSED &&
           row->page_witness == WITNESS_EMBED && row->first_at &&
           row->embed_at < row->first_at + clock_s;
}

/* For page.attempts days after that answer, of those on which the site was asked for pages. */
static bool owes_page(const struct settings *set, const struct item_row *row, int64_t since)
{
    return (row->page == ANSWER_REFUSED || row->page == ANSWER_PUBLIC) &&
           row->page_witness == WITNESS_EMBED &&
           witness_is_asked(set, WITNESS_PAGE) &&
           witness_tries(row, WITNESS_PAGE) < set->page_attempts &&
           !site_days_reach(row->site_days, WITNESS_PAGE, since, set->page_attempts);
}

/* On one that the site blocks for ever a refusal does not hang for ever. */
static unsigned still_hangs_on(const struct settings *set, const struct item_row *row,
                               unsigned hangs_on)
{
    const int64_t since = row->refused_last_at;

    if (!hangs_on)    // of most
        return 0;
    if (witness_had_its_days(set, row, WITNESS_OEMBED, since))
        hangs_on &= ~(unsigned)HANGS_ON_OEMBED;
    if (witness_had_its_days(set, row, WITNESS_EMBED, since))
        hangs_on &= ~(unsigned)HANGS_ON_EMBED;
    return hangs_on;
}

static void add_silence(struct silences *all, const struct settings *set,
                        const struct item_row *row, int64_t clock_s, enum standing standing,
                        unsigned hangs_on)
{
    int64_t seen = first_public(set, row);

    ARRAY_ROOM(all->v, all->n, all->cap);
    all->v[all->n++] = (struct silence){
        .item = (uint32_t)row->n,
        .id = row->id,
        .standing = (uint8_t)standing,
        .hangs_on = still_hangs_on(set, row, hangs_on) & 3u,
        .owes_page = owes_page(set, row, standing == STANDING_PUBLIC ? seen : row->refused_last_at),
        .tried = row->tries || row->embed_tries,
        .absent = seen ? absences_new(&all->mem, row) : &none,
        .created = packed_time(item_created(row)),
        .asked = row->asked,
        .tries = (uint16_t)sight_tries(set, row),
        .oembed_tries = (uint16_t)row->oembed_tries,
        .embed_tries = (uint16_t)row->embed_tries,
        .following_asked = (uint16_t)row->following_asked,
        .last_at = (uint32_t)row->last_at,
        .public_first = (uint32_t)clock_since(seen, clock_s),
        .public_last = (uint32_t)clock_until(row->public_last_at, clock_s),
        .refused_last = (uint32_t)clock_until(row->refused_last_at, clock_s),
        .oembed = (uint8_t)row->oembed,
        .embed = (uint8_t)(row->embed == ANSWER_NO_ANSWER ? ANSWER_NO_ANSWER
                                                          : item_embed_since(row)),
    };
}

/* What came back in a late check alone tells of time, not of batches. */
static bool is_recovered(const struct view *view, const struct item_row *row)
{
    return row->found_first_at && row->absent_before_found &&
           !late_returned(&view->late, row);
}

static void take_item(struct view *view, const struct row_source *rows, const struct settings *set,
                      const struct item_row *row, uint64_t salt)
{
    enum standing standing = STANDING_UNREAD;
    int64_t alive = row->public_last_at > row->found_last_at ? row->public_last_at
                                                             : row->found_last_at;
    int64_t shown = clock_until(row->public_last_at, rows->clock_s);
    unsigned hangs_on = 0;

    if (row->page == ANSWER_REFUSED && row->refused_last_at >= alive &&
        !is_refused_beforehand(set, row, rows->clock_s))
        standing = rows->refusal(rows->from, row, &hangs_on);
    else if (alive)
        standing = STANDING_PUBLIC;
    known_take(&view->known, set, row, standing,
               shown > row->found_last_at ? shown : row->found_last_at, is_recovered(view, row));
    late_take_item(&view->late, set, row, view->known.created_day[row->n], rows->clock_s);
    if (row->found_first_at) {
        if (standing != STANDING_NOT_PUBLIC)
            canaries_add(view->canaries, row, salt);
    } else if (row->asked || row->page != ANSWER_COUNT || row->tries) {
        add_silence(&view->silences, set, row, rows->clock_s, standing, hangs_on);
    }
}

static int by_id(const void *a, const void *b)
{
    const struct silence *x = a, *y = b;

    return (x->id > y->id) - (x->id < y->id);
}

static void index_silences(struct silences *all, struct known *known)
{
    if (all->n)
        qsort(all->v, all->n, sizeof *all->v, by_id);
    for (size_t i = 0; i < all->n; i++)
        known->silence[all->v[i].item] = (uint32_t)i + 1;
}

static int take_items(struct view *view, const struct row_source *rows, const struct settings *set,
                      struct err *err)
{
    uint64_t salt = mix64((uint64_t)rows->requests ^ digest_rank(rows->seed, SEED_CANARIES));
    struct item_row row;
    int got;

    if (rows->rewind_items(rows->from, err))
        return -1;
    while ((got = rows->next_item(rows->from, &row, err)) > 0)
        if (row.n <= view->known.max_item)
            take_item(view, rows, set, &row, salt);
    index_silences(&view->silences, &view->known);
    return got;
}

/* ---- asks, batch by batch ---- */

struct walk;
typedef void take_fn(struct walk *, const struct judged *);
struct walk {
    struct view *view;
    const struct settings *set;
    struct replies replies;
    take_fn *take;
};

static int take_batch(void *to, struct judged *b)
{
    struct walk *w = to;

    if (!b->row[0].complete)
        return 0;
    judged_fill(b, &w->view->known);
    b->out = outages_hold(&w->view->outages, b->row[0].at, b->row[0].request);
    b->repeat = b->n > 1 && !b->out && losses_note_mates(w->view->losses, b);
    w->take(w, b);
    return 0;
}

static int each_batch(struct walk *w, const struct row_source *rows, take_fn *take, struct err *err)
{
    w->take = take;
    return judged_each(rows, take_batch, w, err);
}

static void take_reply(struct walk *w, const struct judged *b)
{
    replies_take(&w->replies, &w->view->known, b);
}

static void take_canaries(struct walk *w, const struct judged *b)
{
    if (b->out)
        return;
    canaries_take(w->view->canaries, &w->view->known, b);
    if (!b->late)
        losses_take_window_day(w->view->losses, &w->view->known, b);
}

static void take_silences(struct walk *w, const struct judged *b)
{
    sound_take(w->view, w->set, b);
}

static void take_weights(struct walk *w, const struct judged *b)
{
    weigh_take(w->view, w->set, b);
}

static int take_asks(struct view *view, const struct row_source *rows, const struct settings *set,
                     struct err *err)
{
    struct walk w = { .view = view, .set = set };
    int got = each_batch(&w, rows, take_reply, err);

    replies_conclude(&w.replies, &view->outages, &view->first_rates);
    if (view->outages.n)                // ids whose reply counts for nothing were not asked
        losses_forget_mates(view->losses);
    if (got || each_batch(&w, rows, take_canaries, err) || each_batch(&w, rows, take_silences, err))
        return -1;
    losses_estimate(view->losses, &view->known, view->silences.v, view->silences.n);
    if (each_batch(&w, rows, take_weights, err))
        return -1;
    weigh_conclude(view, set);
    return 0;
}

/* ---- made and ended ---- */

int view_make(const struct row_source *rows, const struct settings *set, struct view **out,
              struct err *err)
{
    struct view *view = xcalloc(1, sizeof *view);

    *out = NULL;
    view->clock_s = rows->clock_s;
    known_init(&view->known, rows->max_item);
    view->canaries = canaries_new();
    view->losses = losses_new(rows->max_item);
    if (late_read(rows->late_sample, &view->late, err) || take_items(view, rows, set, err) ||
        take_asks(view, rows, set, err)) {
        view_free(view);
        return -1;
    }
    *out = view;
    return 0;
}

void view_free(struct view *view)
{
    if (!view)
        return;
    known_release(&view->known);
    free(view->silences.v);
    arena_release(&view->silences.mem);
    canaries_free(view->canaries);
    losses_free(view->losses);
    outages_release(&view->outages);
    late_release(&view->late);
    free(view);
}

/* ---- questions ---- */

const struct silence *view_silences(const struct view *view, size_t *n)
{
    *n = view->silences.n;
    return view->silences.v;
}

const struct silence *view_find(const struct view *view, int64_t item)
{
    return silences_find(view, item);
}

const struct canaries *view_canaries(const struct view *view)
{
    return view->canaries;
}

const struct losses *view_losses(const struct view *view)
{
    return view->losses;
}

const struct late *view_late(const struct view *view)
{
    return &view->late;
}

const struct outages *view_outages(const struct view *view)
{
    return &view->outages;
}

const struct outage_rates *view_first_rates(const struct view *view)
{
    return &view->first_rates;
}

int64_t view_max_item(const struct view *view)
{
    return view->known.max_item;
}

int64_t view_clock_s(const struct view *view)
{
    return view->clock_s;
}

int64_t view_found(const struct view *view)
{
    return view->known.found;
}

int64_t view_recovered(const struct view *view)
{
    return view->known.recovered;
}

int64_t view_touched(const struct view *view)
{
    return view->known.found + (int64_t)view->silences.n;
}

int64_t view_requests(const struct view *view)
{
    return view->requests;
}

double view_expected_wrong(const struct view *view)
{
    return view->silences.expected_wrong;
}

struct spot_sum view_spot_sum(const struct view *view)
{
    return view->spots;
}

const struct forensic *view_forensic(const struct view *view, enum forensic_kind kind)
{
    return &view->forensic[kind];
}
