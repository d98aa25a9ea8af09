/* silence/due.c: what is to be read and asked next. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include "base/digest.h"
#include "base/utc.h"
#include "record/witnesses.h"
#include "silence/due.h"
#include "silence/sample.h"

#define DOUBTS 2        // batches without their canaries before a page is read again for it
#define ASKS_A_DAY 8    // of one item, where sound batches lose much

/* ---- a page ---- */

/* Also of an item that is confirmed already and was asked once more: until its
 * page is read again it is a suspect to its mates. And of one that was asked
 * again and again in batches that lost their canaries: a post that is gone since
 * its page was read would take every further batch with it. */
bool silence_wants_recheck(const struct silence *s, const struct settings *set)
{
    return set->page_recheck && s->standing == STANDING_PUBLIC && s->tries < set->page_attempts &&
           (s->absent->doubts >= DOUBTS || (s->absent->pending.days >= set->api_confirm_days &&
                                            s->public_last < s->absent->pending.last_at));
}

int64_t silence_recheck_after(const struct silence *s)
{
    const struct absences *a = s->absent;

    return a->doubts >= DOUBTS && a->doubt_at > a->pending.last_at ? a->doubt_at
                                                                   : a->pending.last_at;
}

size_t silence_wants_beside(const struct silence *s, const struct settings *set,
                            enum witness out[BESIDE_MAX])
{
    enum witness all[WITNESSES_MAX];
    size_t n = s->hangs_on ? witnesses_asked(set, all) : 0, wanted = 0;

    for (size_t i = 0; i < n; i++) {
        const bool embed = all[i] == WITNESS_EMBED;

        if (all[i] != WITNESS_PAGE && (s->hangs_on & (embed ? HANGS_ON_EMBED : HANGS_ON_OEMBED)) &&
            (embed ? s->embed : s->oembed) == ANSWER_COUNT &&
            (embed ? s->embed_tries : s->oembed_tries) < set->page_attempts)
            out[wanted++] = all[i];
    }
    return wanted;
}

/* ---- an ask ---- */

/* Enough of one day: where sound batches lose nothing, one ask; where they lose
 * much, as many with other mates each as bring the day to its share of the
 * confirmation, but not below what all asks of a day have in common. */
static bool day_is_enough(const struct silence *s, const struct losses *l,
                          const struct settings *set, int64_t day)
{
    double prior = losses_belief(l)->prior[s->absent->past.stratum], lost;
    double shared = losses_shared(l);
    double most = set->api_residual * (1 - prior) / (prior * (1 - set->api_residual));
    const struct silent_day *on = NULL;

    for (int i = s->absent->days; i-- > 0;)
        if (s->absent->day[i].day == day)
            on = &s->absent->day[i];
    if (!on || on->pending == 0 || on->pending >= ASKS_A_DAY)
        return on && on->pending > 0;
    lost = shared + (1 - shared) * (double)on->pending_lost;
    return lost <= fmax(pow(most, 1.0 / (double)set->api_confirm_days), 2 * shared);
}

bool silence_wants_ask(const struct silence *s, const struct view *view, const struct settings *set,
                       int64_t now)
{
    const struct losses *l = view_losses(view);

    if (s->standing != STANDING_PUBLIC || s->confirmed || s->tries >= set->page_attempts ||
        now < due_by_age(silence_born(s), set))
        return false;
    /* Where nothing was ever retrieved no canary can hold: one ask a day. */
    if (day_is_enough(s, l, set, utc_day(now)) ||
        (!canaries_any(view_canaries(view)) && utc_day(s->last_at) == utc_day(now)))
        return false;
    return s->absent->pending.days < set->api_confirm_days ||
           losses_residual(l, s->absent->past.stratum, s->absent->pending.lost) > set->api_residual;
}

/* ---- the checks, when all else is done ---- */

static bool is_confirmed_public(const struct silence *s)
{
    return s->standing == STANDING_PUBLIC && s->confirmed;
}

bool view_settled(const struct view *view, const struct settings *set)
{
    size_t n;
    const struct silence *v = view_silences(view, &n);

    for (size_t i = 0; i < n; i++)
        if ((v[i].standing == STANDING_UNREAD ||
             (v[i].standing == STANDING_PUBLIC && !v[i].confirmed)) &&
            v[i].tries < set->page_attempts)
            return false;
    return true;
}

struct spot { uint64_t rank; const struct silence *s; };

static int by_rank(const void *a, const void *b)
{
    const struct spot *x = a, *y = b;

    return x->rank != y->rank ? (x->rank < y->rank ? -1 : 1)
                              : (x->s->id > y->s->id) - (x->s->id < y->s->id);
}

/* One check for ten requests, api.spot_check at the most. */
static int64_t spots_left(const struct view *view, const struct settings *set)
{
    int64_t most = view_requests(view) / 10;

    return (most < set->api_spot_check ? most : set->api_spot_check) - view_spot_sum(view).asked;
}

int64_t view_spots(const struct view *view, const struct settings *set, uint64_t salt,
                   const struct silence **out, size_t max)
{
    int64_t most = spots_left(view, set);
    size_t n, spots = 0;
    const struct silence *s = view_silences(view, &n);
    struct spot *v;

    if (most <= 0 || !view_settled(view, set))
        return 0;
    v = xcalloc(n ? n : 1, sizeof *v);
    for (size_t i = 0; i < n; i++)
        if (is_confirmed_public(&s[i]) && !s[i].spotted)
            v[spots++] = (struct spot){ mix64(s[i].id ^ salt), &s[i] };
    if (spots)
        qsort(v, spots, sizeof *v, by_rank);
    if ((size_t)most > spots)
        most = (int64_t)spots;
    for (size_t i = 0; i < max && i < (size_t)most; i++)
        out[i] = v[i].s;
    free(v);
    return most;
}

/* ---- the sample of the late checks ---- */

static void draw_missing(const struct view *view, struct str seed, struct sample *d)
{
    size_t n;
    const struct silence *s = view_silences(view, &n);

    for (size_t i = 0; i < n; i++)
        if (is_confirmed_public(&s[i]))
            sample_put(d, digest_rank(seed, s[i].id), s[i].item);
    sample_end(d);
}

/* The lowest ranks are those of page.retrieved_sample as well, so most of these
 * pages were read. One that is known as refused could not be called absent. */
static int draw_retrieved(const struct row_source *rows, const struct settings *set,
                          struct sample *d, struct err *err)
{
    struct item_row row;
    int got;

    if (rows->rewind_items(rows->from, err))
        return -1;
    while ((got = rows->next_item(rows->from, &row, err)) > 0)
        if (row.found_first_at &&
            (row.page != ANSWER_REFUSED || row.refused_last_at < row.public_last_at) &&
            sight_tries(set, &row) < set->page_attempts)
            sample_put(d, digest_rank(rows->seed, row.id), row.n);
    sample_end(d);
    return got;
}

int view_draw_late(const struct view *view, const struct row_source *rows,
                   const struct settings *set, int64_t now, struct buf *out, struct err *err)
{
    struct sample missing, retrieved;
    int rc;

    if (!set->api_late_check || view_late(view)->n)
        return 0;
    sample_init(&missing, (size_t)set->api_late_check);
    sample_init(&retrieved, (size_t)set->api_late_check);
    draw_missing(view, rows->seed, &missing);
    rc = draw_retrieved(rows, set, &retrieved, err);
    if (rc == 0 && missing.n + retrieved.n)
        late_print(out, now, &missing, &retrieved);
    sample_release(&missing);
    sample_release(&retrieved);
    return rc;
}
