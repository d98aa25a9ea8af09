/* audit/turn/forecast.c: sheets of items by day, and what packing them costs. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "audit/turn/forecast.h"
#include "audit/turn/room.h"
#include "base/digest.h"
#include "base/stat.h"
#include "base/utc.h"
#include "fetch/batch.h"
#include "record/id.h"
#include "record/witnesses.h"
#include "silence/due.h"

#define DAYS 40000                  // of creation: 2079
#define ASKS_MOST 8                 // of one item on one day

struct sheet {                      // by day of creation
    uint32_t *living, *gone;        // items not yet asked, as oEmbed would sort them
    uint32_t *stay, *back;          // of these: silent and public; for good, or until asked again
    uint32_t **need; int64_t needs; // [k]: silent items that need k + 1 further days
    uint8_t *canary;                // something was retrieved there, or will be
    int64_t silent, open, staying;
};

static size_t place(int64_t day)
{
    return day < 0 ? 0 : day >= DAYS ? DAYS - 1 : (size_t)day;
}

static uint32_t *days_new(void)
{
    return xcalloc(DAYS, sizeof(uint32_t));
}

static double draw(uint64_t id, uint64_t purpose)
{
    return (double)(mix64(id ^ mix64(purpose)) >> 11) / 9007199254740992.0;
}

static double clamp(double x, double low, double high)
{
    return x < low ? low : x > high ? high : x;
}

/* ---- days and asks of a day, by what the asks so far say of losses ---- */

/* Losses of sound batches before a first one was asked, in pseudo-counts: their
 * mean is near that of silence/belief.h, whose own upper limit before any ask says
 * little more than that nothing is known. */
#define LOST 0.5
#define KEPT 24.5

/* The share that a sound batch loses; high: its 97.5 % limit by the clean asks. */
static double swallow_of(const struct losses *l, enum odds c)
{
    struct clean_asks clean = losses_clean(l);
    double swallow = losses_swallow(l), high;

    if (c != ODDS_HIGH)
        return swallow;
    high = stat_beta_quantile(0.975, LOST + (double)clean.lost,
                              KEPT + (double)(clean.asks - clean.lost));
    return high > swallow ? high : swallow;
}

static double lost_in_a_day(const struct losses *l, enum odds c, int64_t asks)
{
    double shared = losses_shared(l);

    return shared + (1 - shared) * pow(swallow_of(l, c), (double)asks);
}

/* The loss that all days together may leave. */
static double lost_at_most(const struct losses *l, const struct settings *set)
{
    double prior = losses_prior(l), odds = prior > 0 && prior < 1 ? (1 - prior) / prior : 1;

    return set->api_residual / (1 - clamp(set->api_residual, 0, 0.999999)) * odds;
}

static int64_t asks_a_day(const struct forecast *f, enum odds c)
{
    const struct losses *l = view_losses(f->view);
    double most = fmax(pow(lost_at_most(l, f->set), 1.0 / (double)f->set->api_confirm_days),
                       2 * losses_shared(l));
    int64_t asks = 1;

    while (c != ODDS_LOW && asks < ASKS_MOST && lost_in_a_day(l, c, asks) > most)
        asks++;
    return asks;
}

static int64_t days_needed(const struct forecast *f)
{
    const struct losses *l = view_losses(f->view);
    double a_day = lost_in_a_day(l, ODDS_MID, asks_a_day(f, ODDS_MID)),
           most = lost_at_most(l, f->set);
    int64_t days = a_day > 0 && a_day < 1 && most < 1 ? (int64_t)ceil(log(most) / log(a_day) - 1e-9)
                                                      : 1;

    return (int64_t)clamp((double)days, (double)f->set->api_confirm_days,
                          (double)f->set->api_confirm_days + 30);
}

/* ---- filling ---- */

static void need_add(struct sheet *s, int64_t days, int64_t day)
{
    if (days < 1)
        return;
    if (days > s->needs)
        days = s->needs;
    if (!s->need[days - 1])
        s->need[days - 1] = days_new();
    s->need[days - 1][place(day)]++;
}

/* What the view knows of one silent item, the rest drawn. */
static void take_silence(struct forecast *f, const struct silence *s)
{
    const struct settings *set = f->set;
    bool unread = s->standing == STANDING_UNREAD, tries = s->tries < set->page_attempts;
    /* oEmbed came first: once its page is read, the silence of round 1 counts. */
    bool told = unread && settings_first(set) == WITNESS_OEMBED && s->oembed == ANSWER_PUBLIC;
    /* So is what the embed page refused beforehand: its page is to say why. */
    bool gone = unread && (s->oembed == ANSWER_REFUSED || s->refused_last);
    int64_t day = utc_day(s->created);

    f->ambiguous += (s->hangs_on & HANGS_ON_OEMBED) && s->oembed == ANSWER_COUNT &&
                    s->oembed_tries < set->page_attempts && witness_is_asked(set, WITNESS_OEMBED);
    f->to_embed += (s->hangs_on & HANGS_ON_EMBED) && s->embed == ANSWER_COUNT &&
                   s->embed_tries < set->page_attempts && witness_is_asked(set, WITNESS_EMBED);
    f->confirmed += s->standing == STANDING_PUBLIC && s->confirmed;
    if (!s->asked || s->confirmed || !tries || (!unread && s->standing != STANDING_PUBLIC))
        return;
    f->unread += unread;
    f->open += !unread;
    for (int c = 0; c < ODDS_COUNT; c++) {
        struct sheet *to = f->sheet[c];
        bool fresh = s->absent->pending.days == 0;

        if (gone || (unread && !told && draw(s->id, 1) >= f->guess[c].is_public))
            continue;
        to->open++;
        if (fresh && !told && draw(s->id, 2) < f->guess[c].back) {
            need_add(to, 1, day);
        } else {
            to->staying++;
            need_add(to, to->needs - (told ? 1 : s->absent->pending.days), day);
        }
    }
}

static struct sheet *sheet_new(const struct view *view, int64_t needs)
{
    struct sheet *s = xcalloc(1, sizeof *s);

    s->living = days_new();
    s->gone = days_new();
    s->stay = days_new();
    s->back = days_new();
    s->canary = xcalloc(DAYS, 1);
    s->needs = needs;
    s->need = xcalloc((uint64_t)needs, sizeof *s->need);
    for (size_t d = 0; d < DAYS; d++)
        s->canary[d] = canaries_since(view_canaries(view), (int64_t)d) > 0;
    return s;
}

void forecast_init(struct forecast *f, const struct settings *set, const struct view *view)
{
    int64_t needs;
    size_t n;
    const struct silence *v = view_silences(view, &n);

    memset(f, 0, sizeof *f);
    f->set = set;
    f->view = view;
    guess_make(f->guess, view);
    needs = days_needed(f);
    for (int c = 0; c < ODDS_COUNT; c++)
        f->sheet[c] = sheet_new(view, c == ODDS_LOW ? set->api_confirm_days : needs);
    for (size_t i = 0; i < n; i++)
        take_silence(f, &v[i]);
}

void forecast_release(struct forecast *f)
{
    for (int c = 0; c < ODDS_COUNT; c++) {
        struct sheet *s = f->sheet[c];

        for (int64_t k = 0; s && k < s->needs; k++)
            free(s->need[k]);
        if (s) {
            free(s->living);
            free(s->gone);
            free(s->stay);
            free(s->back);
            free(s->canary);
            free(s->need);
        }
        free(s);
    }
    memset(f, 0, sizeof *f);
}

void forecast_first(struct forecast *f, uint64_t id, int64_t day, enum sight sight)
{
    size_t at = place(day);
    double u = draw(id, 3), v = draw(id, 4);

    f->first++;
    for (int c = 0; c < ODDS_COUNT; c++) {
        const struct guess *g = &f->guess[c];
        struct sheet *s = f->sheet[c];
        /* One draw for both, so that what is known narrows the other. */
        bool gone = sight == SIGHT_GONE || (sight == SIGHT_NONE && u < g->gone);
        bool open = !gone && u < (sight == SIGHT_NONE ? g->gone + g->open
                                                      : g->open / (1 - clamp(g->gone, 0, 0.99)));

        (gone ? s->gone : s->living)[at]++;
        s->silent += gone || open;
        s->open += open;
        s->staying += open && v >= g->back;
        if (open)
            (v < g->back ? s->back : s->stay)[at]++;
        else if (!gone)
            s->canary[at] = 1;
    }
}

/* ---- packing ---- */

/* As the packer does: as many as fit one call and one window. */
static int64_t packed(const uint32_t *n, int64_t room)
{
    int64_t calls = 0, held = 0, from = 0;

    for (int64_t d = 0; d < DAYS; d++) {
        int64_t come = n[d];

        if (come && held && !window_fits(from, d))
            held = 0;
        while (come) {
            int64_t take;

            if (!held || held == room) {
                calls++;
                held = 0;
                from = d;
            }
            take = come < room - held ? come : room - held;
            held += take;
            come -= take;
        }
    }
    return calls;
}

static bool has_canary(const uint8_t *canary, int64_t first, int64_t last)
{
    struct window w = window_of(first, last);

    for (int64_t d = w.start_day + 1; d < w.end_day && d < DAYS; d++)
        if (d >= 0 && canary[d])
            return true;
    return false;
}

/* Calls for one block of a later round. */
static int64_t block_calls(const struct sheet *s, int64_t n, int64_t first, int64_t last,
                           int64_t room)
{
    if (n > 1 && n <= ROOM_ALONE_MAX && !has_canary(s->canary, first, last))
        return n;
    return (n + room - 1) / room;
}

/* A later round is shuffled within blocks that fit one window, and no call
 * holds ids of two blocks. */
static int64_t round_calls(const struct sheet *s, const uint32_t *n, int64_t room)
{
    int64_t calls = 0, held = 0, first = 0, last = 0;

    for (int64_t d = 0; d < DAYS; d++) {
        if (!n[d])
            continue;
        if (held && !window_fits(first, d)) {
            calls += block_calls(s, held, first, last, room);
            held = 0;
        }
        if (!held)
            first = d;
        last = d;
        held += n[d];
    }
    return held ? calls + block_calls(s, held, first, last, room) : calls;
}

int64_t forecast_round_1(const struct forecast *f, enum odds c)
{
    return packed(f->sheet[c]->living, f->set->api_batch) +
           packed(f->sheet[c]->gone, f->set->api_batch);
}

static void add_days(uint32_t *to, const uint32_t *from)
{
    for (size_t d = 0; from && d < DAYS; d++)
        to[d] += from[d];
}

/* The items of round j, from 1 on. */
static bool round_items(const struct sheet *s, int64_t j, bool told_first, uint32_t *out)
{
    bool any = false;

    memset(out, 0, DAYS * sizeof *out);
    for (int64_t k = j; k <= s->needs; k++)
        add_days(out, s->need[k - 1]);
    if (j <= s->needs - told_first)
        add_days(out, s->stay);
    if (j == 1 && !told_first)
        add_days(out, s->back);
    for (size_t d = 0; d < DAYS && !any; d++)
        any = out[d] > 0;
    return any;
}

int64_t forecast_confirming(const struct forecast *f, enum odds c, bool told_first, int64_t *days)
{
    const struct sheet *s = f->sheet[c];
    int64_t calls = 0, room = room_beside(f->set, f->view), one = 0;
    uint32_t *n = days_new();

    *days = 0;
    for (int64_t j = 1; j <= s->needs && round_items(s, j, told_first, n); j++) {
        one = round_calls(s, n, room) * asks_a_day(f, c);
        /* Its blocks may begin elsewhere; canaries alone may go along. */
        calls += one + (c == ODDS_HIGH ? 2 : 0);
        if (j == 1 && c == ODDS_HIGH)
            calls += one;
        *days = j;
    }
    /* What comes back late makes losses likelier, and what waits is asked once
     * more; in the high case a whole day is made up for and, where oEmbed came
     * first, the day of round 1 as well. */
    if (*days && c == ODDS_MID)
        calls += one;
    if (*days && c == ODDS_HIGH)
        *days += 1 + told_first;
    free(n);
    return calls;
}

int64_t forecast_due(const struct forecast *f)
{
    uint32_t *n = days_new();
    int64_t now = utc_now(), calls;
    size_t silent;
    const struct silence *v = view_silences(f->view, &silent);

    for (size_t i = 0; i < silent; i++)
        if (v[i].asked && silence_wants_ask(&v[i], f->view, f->set, now))
            n[place(utc_day(v[i].created))]++;
    calls = round_calls(f->sheet[ODDS_MID], n, room_beside(f->set, f->view));
    free(n);
    return calls;
}

int64_t forecast_silent(const struct forecast *f, enum odds c)
{
    return f->sheet[c]->silent;
}

int64_t forecast_open(const struct forecast *f, enum odds c)
{
    return f->sheet[c]->open;
}

int64_t forecast_staying(const struct forecast *f, enum odds c)
{
    return f->sheet[c]->staying;
}

int64_t forecast_packed(const struct forecast *f, int64_t items)
{
    return (items + room_beside(f->set, f->view) - 1) / room_beside(f->set, f->view);
}

int64_t forecast_windows(const struct forecast *f)
{
    uint32_t *n = days_new();
    int64_t windows;

    for (size_t d = 0; d < DAYS; d++)
        n[d] = f->sheet[ODDS_MID]->canary[d];
    windows = round_calls(f->sheet[ODDS_MID], n, INT32_MAX);
    free(n);
    return windows;
}
