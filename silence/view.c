/* silence/view.c: soundness of silences (silence/view.h says what is wanted).
 *
 * Passes over the asks: one finds when the API answered nobody, one learns which
 * days had a canary come back, one counts each silent item's days, and how often
 * a batch lost an item that was found in the end. Nothing of it is stored: a page read
 * tomorrow can spoil or heal a batch of today. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "silence/losses.h"
#include "audit/verdict/relabel.h"
#include "base/utc.h"
#include "fetch/batch.h"
#include "record/fact.h"
#include "record/id.h"
#include "record/seed.h"

/* Half a day in a hundred is left to what all asks of one day share. */
#define SHARED_DAY 0.005
#define DOUBTS 2    // batches without their canaries before a page is read again for it
#define ASKS_A_DAY 8                    // of one item, where sound batches lose much

_Static_assert(sizeof(struct silence) <= 56, "one for every item that never came back");

typedef void group_fn(struct view *, const struct settings *, struct group *, void *to);

static bool day_in_range(int64_t day)
{
    return day >= 0 && day < DAY_MAX;
}

int64_t due_by_age(int64_t born, const struct settings *set)
{
    return born + set->api_min_age_hours * 3600;
}

struct silence *view_find(const struct view *view, int64_t item)
{
    uint32_t i = item > 0 && item <= view->max_item ? view->index[item] : 0;

    return i ? &view->v[i - 1] : NULL;
}

static enum standing standing_of(const struct view *view, int64_t item)
{
    return (enum standing)(view->flags[item] & VIEW_STANDING);
}

static void refusal_facts(const struct item_row *row, enum answer_kind oembed,
                          enum answer_kind elsewhere, struct facts *facts)
{
    memset(facts, 0, sizeof *facts);
    facts->val[FACT_PAGE_OUTCOME] = value_text(STR("refused"));
    if (row->has_code)
        facts->val[FACT_PAGE_CODE] = value_int(row->code);
    facts->val[FACT_PAGE_MSG] = value_text(row->message);
    if (elsewhere == ANSWER_PUBLIC || elsewhere == ANSWER_REFUSED)
        facts->val[FACT_PAGE_ELSEWHERE] = value_text(str_of(answer_name(elsewhere)));
    if (oembed != ANSWER_COUNT)
        facts->val[FACT_PAGE_OEMBED] = value_text(str_of(answer_name(oembed)));
    facts->val[FACT_API_OUTCOME] = value_text(STR("absent"));
}

static bool same_verdict(const struct rule *a, const struct rule *b)
{
    return a == b || (a && b && a->label == b->label && a->reason == b->reason);
}

enum standing refusal_standing(const struct rules *rules, const struct item_row *row,
                               bool *ambiguous)
{
    struct facts facts;
    const struct rule *seen, *there, *gone;

    refusal_facts(row, row->oembed, row->elsewhere, &facts);
    seen = rules_match(rules, &facts);
    refusal_facts(row, ANSWER_PUBLIC, row->elsewhere, &facts);
    there = rules_match(rules, &facts);
    refusal_facts(row, ANSWER_REFUSED, row->elsewhere, &facts);
    gone = rules_match(rules, &facts);
    *ambiguous = !same_verdict(there, gone);
    return seen && (seen->label == LABEL_DELETED || seen->label == LABEL_PRIVATE)
               ? STANDING_NOT_PUBLIC
               : STANDING_RESTRICTED;
}

/* A refusal that says why ("status_deleted") is not doubted elsewhere; one that
 * hangs on the window_day, or says nothing, is. */
bool refusal_wants_elsewhere(const struct rules *rules, const struct settings *set,
                             const struct item_row *row)
{
    struct item_row there = *row;
    struct facts facts;
    const struct rule *seen;
    bool ambiguous;

    if (strcmp(set->page_elsewhere, "refused") == 0)
        return true;
    there.elsewhere = ANSWER_COUNT;
    if (refusal_standing(rules, &there, &ambiguous) == STANDING_RESTRICTED || ambiguous)
        return true;
    refusal_facts(&there, ANSWER_COUNT, ANSWER_COUNT, &facts);
    seen = rules_match(rules, &facts);
    return !seen || seen->reason == REASON_NOT_FOUND;
}

/* Puts a retrieved item among the canaries of its day: the lowest ranks stay. */
static void pool_add(struct view *view, const struct item_row *row, uint64_t salt)
{
    int64_t day = utc_day(row->api_created ? row->api_created : id_time(row->id));
    struct pool_day *p;
    /* Those that were lost once come first: the others are survivors. */
    uint64_t rank = mix64(row->id ^ salt) >> 1 | (row->absent_before_found ? 0 : (uint64_t)1 << 63);
    int at;

    if (!day_in_range(day))
        return;
    view->has_canary = true;
    if (!view->first_found[day] || row->found_first_at < view->first_found[day])
        view->first_found[day] = row->found_first_at;
    if (!(p = view->pool[day]))
        p = view->pool[day] = arena_alloc(&view->mem, sizeof *p);
    if (p->n == POOL_DAY_MAX && rank >= p->of[p->n - 1].rank)
        return;
    at = p->n < POOL_DAY_MAX ? p->n++ : POOL_DAY_MAX - 1;
    for (; at > 0 && p->of[at - 1].rank > rank; at--)
        p->of[at] = p->of[at - 1];
    p->of[at].rank = rank;
    p->of[at].id = row->id;
    p->of[at].item = row->n;
}

bool view_canary(const struct view *view, int64_t start_day, int64_t end_day, uint64_t salt, int i,
                 uint64_t *id, int64_t *item)
{
    int64_t span = end_day - start_day - 1, seen = 0;

    /* From another day each time, so that canaries rotate with the request. */
    for (int turn = 0; turn < POOL_DAY_MAX; turn++)
        for (int64_t k = 0; k < span; k++) {
            int64_t day = start_day + 1 + (k + (int64_t)(salt % (uint64_t)span)) % span;
            const struct pool_day *p = day_in_range(day) ? view->pool[day] : NULL;

            if (!p || turn >= p->n || seen++ < i)
                continue;
            *id = p->of[turn].id;
            *item = p->of[turn].item;
            return true;
        }
    return false;
}

/* Where oEmbed came first its answer is the first sight of a public post; the
 * page must still show it afterwards. */
static int64_t first_public(const struct settings *set, const struct item_row *row)
{
    if (settings_oembed_first(set) && row->oembed == ANSWER_PUBLIC && row->public_first_at &&
        row->oembed_at < row->public_first_at)
        return row->oembed_at;
    return row->public_first_at;
}

/* What an item was that its page never showed as public: no absence of it counts,
 * so all such items share this, and nobody writes to it. */
static struct absences none = { .sound = { .lost = 1 }, .pending = { .lost = 1 }, .residual = -1 };

static struct absences *absences_new(struct view *view, const struct item_row *row, int64_t created)
{
    struct absences *a = arena_alloc(&view->mem, sizeof *a);

    *a = none;
    a->past.stratum = (uint16_t)stratum_of(row->page_marks, utc_day(created));
    return a;
}

int64_t silence_born(const struct silence *s)
{
    int64_t by_id = id_time(s->id);

    return s->created > by_id ? s->created : by_id;
}

static void add_silence(struct view *view, const struct settings *set, const struct item_row *row,
                        enum standing standing, bool ambiguous)
{
    int64_t created = row->page_created ? row->page_created : id_time(row->id);
    int64_t seen = first_public(set, row);

    if (view->n == view->cap) {
        view->cap = view->cap ? 2 * view->cap : 1024;
        view->v = xrealloc(view->v, view->cap * sizeof *view->v);
    }
    view->v[view->n++] = (struct silence){
        .item = (uint32_t)row->n,
        .id = row->id,
        .standing = (uint8_t)standing,
        .ambiguous = ambiguous,
        .absent = seen ? absences_new(view, row, created) : &none,
        .created = created < 0            ? 0
                   : created > UINT32_MAX ? UINT32_MAX
                                          : (uint32_t)created,
        .asked = row->asked,
        .tries = (uint16_t)row->tries,
        .oembed_tries = (uint16_t)row->oembed_tries,
        .following_asked = (uint16_t)row->following_asked,
        .last_at = (uint32_t)row->last_at,
        .public_first = (uint32_t)seen,
        .public_last = (uint32_t)row->public_last_at,
        .refused_last = (uint32_t)row->refused_last_at,
        .oembed = (uint8_t)row->oembed,
    };
}

static void take_item(struct audit *audit, struct view *view, const struct item_row *row,
                      uint64_t salt)
{
    enum standing standing = STANDING_UNREAD;
    int64_t alive = row->public_last_at > row->found_last_at ? row->public_last_at
                                                             : row->found_last_at;
    bool ambiguous = false;

    if (row->page == ANSWER_REFUSED && row->refused_last_at >= alive)
        standing = refusal_standing(audit->rules, row, &ambiguous);
    else if (alive)
        standing = STANDING_PUBLIC;
    view->alive[row->n] = (uint32_t)alive;
    view->created_day[row->n] = (uint16_t)utc_day(row->api_created    ? row->api_created
                                                  : row->page_created ? row->page_created
                                                                      : id_time(row->id));
    view->flags[row->n] = (uint8_t)((unsigned)standing |
                                    (row->page_marks << VIEW_MARKS_SHIFT & VIEW_MARKS) |
                                    (row->tries >= audit->set.page_attempts ? VIEW_GIVEN_UP : 0u) |
                                    (row->found_first_at && row->absent_before_found &&
                                             !late_returned(&view->late, row)
                                         ? VIEW_RECOVERED
                                         : 0u));
    late_take_item(&view->late, &audit->set, row, view->created_day[row->n]);
    if (!row->found_first_at) {
        if (row->asked || row->page != ANSWER_COUNT || row->tries)
            add_silence(view, &audit->set, row, standing, ambiguous);
        return;
    }
    view->found++;
    if (!row->absent_before_found)
        view->retrieved_at_once++;
    else if (!late_returned(&view->late, row))
        view->recovered++;
    view->absent[row->n] = (uint8_t)(row->absent_before_found < UINT8_MAX ? row->absent_before_found
                                                                          : UINT8_MAX);
    if (standing != STANDING_NOT_PUBLIC)
        pool_add(view, row, salt);
}

static int by_id(const void *a, const void *b)
{
    const struct silence *x = a, *y = b;

    return (x->id > y->id) - (x->id < y->id);
}

static int load_items(struct audit *audit, struct view *view, struct err *err)
{
    struct item_cursor *cursor = NULL;
    struct item_row row;
    int64_t requests, max;
    uint64_t salt, slots;
    int got;

    if (store_max_item(audit->store, &max, err) ||
        store_count_requests(audit->store, &requests, err))
        return -1;
    salt = mix64((uint64_t)requests ^ digest_rank(buf_view(&audit->seed), SEED_CANARIES));
    view->max_item = max;
    slots = (uint64_t)max + 1;
    view->index = xcalloc(slots, sizeof *view->index);
    view->alive = xcalloc(slots, sizeof *view->alive);
    view->sound_asks = xcalloc(slots, sizeof *view->sound_asks);
    view->absent = xcalloc(slots, sizeof *view->absent);
    view->created_day = xcalloc(slots, sizeof *view->created_day);
    view->flags = xcalloc(slots, sizeof *view->flags);
    view->pool = xcalloc(DAY_MAX, sizeof(struct pool_day *));
    view->first_found = xcalloc(DAY_MAX, sizeof *view->first_found);
    if (store_items(audit->store, ITEMS_TOUCHED, 0, &cursor, err))
        return -1;
    while ((got = item_cursor_next(cursor, &row, err)) > 0)
        if (row.n <= view->max_item)
            take_item(audit, view, &row, salt);
    item_cursor_close(cursor);
    if (view->n)
        qsort(view->v, view->n, sizeof *view->v, by_id);
    for (size_t i = 0; i < view->n; i++)
        view->index[view->v[i].item] = (uint32_t)i + 1;
    return got;
}

/* A silent companion is_suspect a batch unless it was seen public at or after it;
 * one that is only restricted here is_suspect none. */
static bool is_suspect(const struct view *view, const struct ask_row *row)
{
    return row->role != ROLE_CANARY && !row->came_back && row->item <= view->max_item &&
           standing_of(view, row->item) != STANDING_RESTRICTED && view->alive[row->item] < row->at;
}

static bool is_lasting_suspect(const struct view *view, const struct ask_row *row)
{
    return is_suspect(view, row) && (standing_of(view, row->item) != STANDING_PUBLIC ||
                                 (view->flags[row->item] & VIEW_GIVEN_UP));
}

static void judge_group(struct view *view, struct group *g)
{
    g->suspects = g->lasting_suspects = g->never = g->canaries = g->back = g->came = 0;
    g->dead_canary = g->forensic = false;
    g->out = outages_hold(&view->outages, g->row[0].at, g->row[0].request);
    for (size_t i = 0; i < g->n; i++) {
        const struct ask_row *row = &g->row[i];

        if (row->role == ROLE_CANARY) {
            g->canaries++;
            g->back += row->came_back;
            if (!row->came_back && row->item <= view->max_item &&
                view->alive[row->item] < row->at &&
                standing_of(view, row->item) == STANDING_NOT_PUBLIC)
                g->dead_canary = true;
        } else {
            g->came += row->came_back;
            g->never += row->item > view->max_item || view->index[row->item] > 0;
            g->forensic |= row->role == ROLE_FORENSIC;
            g->suspects += is_suspect(view, row);
            g->lasting_suspects += is_lasting_suspect(view, row);
        }
    }
}

static int each_group(struct audit *audit, struct view *view, group_fn *fn, void *to,
                      struct err *err)
{
    struct ask_cursor *cursor = NULL;
    struct group g = {0};
    struct ask_row row;
    int got;

    if (store_asks(audit->store, &cursor, err))
        return -1;
    do {
        got = ask_cursor_next(cursor, &row, err);
        if (g.n && (got <= 0 || row.request != g.row[0].request)) {
            if (got >= 0 && g.row[0].complete) {
                judge_group(view, &g);
                g.repeat = g.n > 1 && !g.out &&
                           mate_set_note(&view->mate_sets, group_mates(&g), g.row[0].request);
                fn(view, &audit->set, &g, to);
            }
            g.n = 0;
        }
        if (got > 0) {
            if (g.n == g.cap) {
                g.cap = g.cap ? 2 * g.cap : 128;
                g.row = xrealloc(g.row, g.cap * sizeof *g.row);
            }
            g.row[g.n++] = row;
        }
    } while (got > 0);
    ask_cursor_close(cursor);
    free(g.row);
    return got;
}

/* A request of a late check: it says nothing of batches or of sound days. */
static bool is_late(const struct group *g)
{
    for (size_t i = 0; i < g->n; i++)
        if (g->row[i].role == ROLE_LATE)
            return true;
    return false;
}

/* ---- first pass: days with a canary back, canaries lost ---- */

static void keep_lost_canary(struct view *view, const struct ask_row *row)
{
    if (view->lost_n == view->lost_cap) {
        view->lost_cap = view->lost_cap ? 2 * view->lost_cap : 64;
        view->lost = xrealloc(view->lost, view->lost_cap * sizeof *view->lost);
    }
    view->lost[view->lost_n++] = (struct lost_canary){ row->item, row->at };
}

static bool fits_window(const struct view *view, const struct ask_row *row)
{
    int64_t day = view->created_day[row->item];

    return row->start_day <= day - 1 && row->end_day >= day + 1;
}

/* What the reply says of the API as a whole (silence/outage.h). */
static void keep_reply(struct view *view, const struct settings *set, struct group *g, void *to)
{
    const struct ask_row *first = &g->row[0];
    struct outage_ask a = { .at = first->at,
                            .request = first->request,
                            .middle = (first->start_day + first->end_day) / 2,
                            .canaries = g->canaries > 0,
                            .spoiled = g->lasting_suspects > 0 || g->forensic };

    (void)set, (void)to;
    for (size_t i = 0; i < g->n; i++) {
        const struct ask_row *row = &g->row[i];

        a.back += row->came_back;
        if (row->item > view->max_item)
            continue;
        a.known += row->came_back || (!view_find(view, row->item) && fits_window(view, row));
        a.asked += row->role == ROLE_ASKED && row->round == 1 &&
                   standing_of(view, row->item) <= STANDING_PUBLIC;
    }
    if (view->reply_n == view->reply_cap) {
        view->reply_cap = view->reply_cap ? 2 * view->reply_cap : 256;
        view->reply = xrealloc(view->reply, view->reply_cap * sizeof *view->reply);
    }
    view->reply[view->reply_n++] = a;
}

static void find_outages(struct view *view)
{
    outages_find(view->reply, view->reply_n, &view->outages);
    for (size_t i = 0; i < view->reply_n; i++) {
        const struct outage_ask *a = &view->reply[i];
        int class = outage_class(&(struct outage_ask){ .canaries = a->canaries }, a->asked);

        if ((!a->canaries && !a->asked) || outages_hold(&view->outages, a->at, a->request))
            continue;
        view->first_rates.all[class]++;
        view->first_rates.empty[class] += !a->back;
    }
    free(view->reply);
    view->reply = NULL;
    if (view->outages.n) {                // mates whose reply counts for nothing is fresh
        free(view->mate_sets.of);
        view->mate_sets = (struct mate_sets){0};
    }
}

static void first_pass(struct view *view, const struct settings *set, struct group *g, void *to)
{
    uint8_t *day_ok = to;
    int64_t day = utc_day(g->row[0].at);

    (void)set;
    if (g->out)
        return;
    view->requests += g->row[0].role != ROLE_SPOT && !is_late(g) && !g->forensic;
    if (!is_late(g))
        losses_take_window_day(view, g);
    if (g->back > 0 && day > view->canary_day)
        view->canary_day = day;
    if ((g->back > 0 || (is_late(g) && g->came > 0)) && day_in_range(day))
        day_ok[day] = 1;
    for (size_t i = 0; i < g->n; i++) {
        const struct ask_row *row = &g->row[i];

        if (row->item > view->max_item)
            continue;
        if (row->role == ROLE_CANARY && !row->came_back && view->alive[row->item] < row->at)
            keep_lost_canary(view, row);
    }
}

/* All that was gathered, weighed. What came back counts for its stratum. */
static void estimate(struct view *view)
{
    for (int64_t item = 1; item <= view->max_item; item++)
        if (view->flags[item] & VIEW_RECOVERED)
            view->data.back[stratum_of((view->flags[item] & VIEW_MARKS) >> VIEW_MARKS_SHIFT,
                                       view->created_day[item])]++;
    for (size_t i = 0; i < view->n; i++) {
        const struct silence *s = &view->v[i];

        if (s->standing != STANDING_PUBLIC)
            continue;
        view->public_missing++;
        belief_group(&view->data, &s->absent->past)->items++;
    }
    belief_fit(&view->data, &view->belief);
    view->swallow = view->belief.mean[make_up_of(MATES_SOUND, true, BATCH_MAX)];
    view->prior = view->belief.all;
    view->shared = SHARED_DAY;
}

/* ---- second pass: the days of each silent item ---- */

/* The day of an absence. Replies that were loaded come in any order. */
static struct silent_day *day_of(struct view *view, struct absences *a, int64_t day)
{
    int at = a->days;

    while (at > 0 && a->day[at - 1].day > day)
        at--;
    if (at > 0 && a->day[at - 1].day == day)
        return &a->day[at - 1];
    if (a->days == a->day_cap) {
        const struct silent_day *old = a->day;

        a->day_cap = (uint16_t)(a->day_cap ? 2 * a->day_cap : 2);
        a->day = arena_alloc(&view->mem, a->day_cap * sizeof *a->day);
        if (old)
            memcpy(a->day, old, a->days * sizeof *old);
    }
    memmove(a->day + at + 1, a->day + at, (size_t)(a->days - at) * sizeof *a->day);
    a->days++;
    a->day[at] = (struct silent_day){ .day = (int32_t)day, .lost = 1, .pending_lost = 1 };
    return &a->day[at];
}

static void count(uint16_t *n, struct tally_of_days *t, int64_t at)
{
    *n = (uint16_t)(*n + (*n < UINT16_MAX));
    if (at > t->last_at)
        t->last_at = (uint32_t)at;
}

bool silence_counts_on(const struct silence *s, int64_t day)
{
    for (int i = s->absent->days; i-- > 0;)
        if (s->absent->day[i].day == day)
            return s->absent->day[i].pending > 0;
    return false;
}

/* Canaries of the batch itself; where its window held no retrieved item, or
 * where a single id was asked alone, canaries of the same day stand in. Where
 * oEmbed came first, a batch of round 1 holds only ids that were public, and
 * those of them that came back in this very reply are its canaries. */
static bool canaries_hold(const struct view *view, const struct settings *set,
                          const struct group *g, const uint8_t *day_ok)
{
    int64_t day = utc_day(g->row[0].at);

    if (g->canaries)
        return g->back > 0 && !g->dead_canary;
    if (g->row[0].round == 1 && settings_oembed_first(set))
        return g->came > 0;
    if (!day_in_range(day) || !day_ok[day])
        return false;
    if (g->n == 1)
        return true;
    /* Its first and last day are slack: what was made there is no canary. */
    for (int64_t d = g->row[0].start_day + 1; d < g->row[0].end_day; d++)
        if (day_in_range(d) && view->first_found[d] && view->first_found[d] < g->row[0].at)
            return false;
    return true;
}

/* One absence, by all that is known now. */
struct absence { struct silence *s; int64_t day; bool sound, pending, unsound; int make_up; };

static bool absence_of(const struct view *view, const struct settings *set, const struct group *g,
                       const struct ask_row *row, bool canaries, struct absence *a)
{
    struct silence *s = view_find(view, row->item);
    bool refused, seen, mates, own = is_lasting_suspect(view, row);
    int64_t day;

    if (!s || row->came_back || row->role != ROLE_ASKED)
        return false;
    refused = s->standing == STANDING_NOT_PUBLIC || s->standing == STANDING_RESTRICTED;
    day = utc_day(s->created);
    if (row->start_day > day - 1 || row->end_day < day + 1 ||
        row->at < due_by_age(silence_born(s), set) || !s->public_first || row->at < s->public_first)
        return false;
    /* An item that was public, and confirmed, before it was refused keeps what
     * it has: absences up to its last public page. Where pages are not read
     * again, the first public reading has to do, for its companions as well. */
    seen = row->at <= s->public_last || (!set->page_recheck && !refused);
    mates = set->page_recheck ? g->suspects == is_suspect(view, row) : g->lasting_suspects == own;
    a->s = s;
    a->day = utc_day(row->at);
    a->pending = canaries && !refused && g->lasting_suspects == own;
    a->sound = canaries && mates && seen;
    a->unsound = !a->sound && seen;
    a->make_up = group_make_up(g, canaries, own, true);
    return true;
}

/* What was asked with the same mates before says nothing new, nor does what waits
 * for a page. */
static bool tells(const struct group *g, const struct absence *a)
{
    return !g->repeat && (a->sound || a->pending || make_up_mates(a->make_up) != MATES_SOUND);
}

static void judge_silence(struct view *view, const struct settings *set, const struct group *g,
                          const struct ask_row *row, bool canaries)
{
    struct silent_day *on;
    struct absence a;

    if (!absence_of(view, set, g, row, canaries, &a))
        return;
    if (g->canaries && !g->back && row->at > a.s->public_last) {
        struct absences *absent = a.s->absent;

        absent->doubts = (uint16_t)(absent->doubts + (absent->doubts < UINT16_MAX));
        absent->doubt_at = row->at > absent->doubt_at ? (uint32_t)row->at : absent->doubt_at;
    }
    on = day_of(view, a.s->absent, a.day);
    if (a.pending)
        count(&on->pending, &a.s->absent->pending, row->at);
    if (a.sound)
        count(&on->sound, &a.s->absent->sound, row->at);
    on->unsound = (uint16_t)(on->unsound + (a.unsound && on->unsound < UINT16_MAX));
    if (tells(g, &a) && a.s->absent->past.asks[a.make_up] < UINT8_MAX)
        a.s->absent->past.asks[a.make_up]++;
}

/* A check by a single id: what it finds is found, its silence is no absence
 * that counts. */
static void count_spot(struct view *view, const struct ask_row *row)
{
    struct silence *s = view_find(view, row->item);

    view->spot_asked++;
    view->spot_back += row->came_back;
    if (s)
        s->spotted = true;
}

/* The retrieved items of a late check are its canaries. */
static void take_late(struct view *view, const struct group *g, bool canaries)
{
    for (size_t i = 0; i < g->n; i++)
        if (g->row[i].role == ROLE_LATE)
            late_take_ask(&view->late, &g->row[i], (g->came > 0 || canaries) && !g->dead_canary &&
                          g->suspects == is_suspect(view, &g->row[i]));
}

/* A reply of an outage: as if these ids had not been asked. */
static void forget_group(struct view *view, const struct group *g)
{
    for (size_t i = 0; i < g->n; i++) {
        const struct ask_row *row = &g->row[i];
        struct silence *s = view_find(view, row->item);

        if (s) {
            s->asked -= s->asked > 0;
            s->following_asked =
                (uint16_t)(s->following_asked -
                           (s->following_asked && row->start_day > utc_day(id_time(s->id))));
            s->outage_only = s->asked == 0;
        } else if (row->item <= view->max_item && row->role == ROLE_ASKED &&
                   view->absent[row->item] && --view->absent[row->item] == 0 &&
                   (view->flags[row->item] & VIEW_RECOVERED)) {
            view->flags[row->item] &= (uint8_t)~VIEW_RECOVERED;
            view->recovered--;
            view->retrieved_at_once++;
        }
    }
}

static void judge_pass(struct view *view, const struct settings *set, struct group *g, void *to)
{
    bool canaries;

    if (g->out) {
        forget_group(view, g);
        return;
    }
    canaries = canaries_hold(view, set, g, to);
    if (g->row[0].role == ROLE_SPOT) {
        count_spot(view, &g->row[0]);
        return;
    }
    if (is_late(g)) {
        take_late(view, g, canaries);
        return;
    }
    losses_take(view, g, canaries);
    if (g->forensic)
        return;
    for (size_t i = 0; i < g->n; i++)
        if (g->row[i].item <= view->max_item && g->row[i].role != ROLE_CANARY)
            judge_silence(view, set, g, &g->row[i], canaries);
}

/* Third pass: what each absence is worth. */
static void weigh_pass(struct view *view, const struct settings *set, struct group *g, void *to)
{
    bool canaries = canaries_hold(view, set, g, to);

    if (g->out || g->row[0].role == ROLE_SPOT || g->forensic || g->repeat)
        return;
    for (size_t i = 0; i < g->n; i++) {
        struct silent_day *on;
        struct absence a;
        double lost;

        if (g->row[i].item > view->max_item ||
            !absence_of(view, set, g, &g->row[i], canaries, &a) || !tells(g, &a))
            continue;
        on = day_of(view, a.s->absent, a.day);
        lost = loss_of(view, g, a.make_up);
        if (a.sound || (a.unsound && make_up_mates(a.make_up) != MATES_SOUND)) {
            on->lost = (float)(on->lost * lost);
            on->losses = (uint16_t)(on->losses + a.sound);
        }
        if (a.pending) {
            on->pending_lost = (float)(on->pending_lost * lost);
            on->pending_fresh++;
        }
    }
}

static double residual(const struct view *view, const struct silence *s, double lost)
{
    double prior = view->belief.prior[s->absent->past.stratum];

    return prior * lost / (prior * lost + 1 - prior);
}

/* What all asks of one day share is lost once, however often it was asked. Doubt
 * about the loss probability is the same on all days, and shared among them. */
static void tally_days(const struct view *view, struct absences *a)
{
    int sound = 0, sound_days = 0, pending = 0, pending_days = 0;
    double doubt, pending_doubt;

    for (int i = 0; i < a->days; i++) {
        a->sound.days += a->day[i].sound > 0;
        a->pending.days += a->day[i].pending > 0;
        sound += a->day[i].losses;
        sound_days += a->day[i].losses > 0;
        pending += a->day[i].pending_fresh;
        pending_days += a->day[i].pending_fresh > 0;
    }
    doubt = sound_days ? pow(belief_doubt(&view->belief, &a->past, sound), 1.0 / sound_days) : 1;
    pending_doubt = pending_days
                        ? pow(belief_doubt(&view->belief, &a->past, pending), 1.0 / pending_days)
                        : 1;
    for (int i = 0; i < a->days; i++) {
        const struct silent_day *d = &a->day[i];

        a->sound.lost *= view->shared +
                         (1 - view->shared) * fmin(1, (d->losses ? doubt : 1) * (double)d->lost);
        a->pending.lost *= view->shared +
                           (1 - view->shared) * fmin(1, pending_doubt * (double)d->pending_lost);
    }
}

static void conclude(struct view *view, const struct settings *set)
{
    for (size_t i = 0; i < view->n; i++) {
        struct silence *s = &view->v[i];
        bool refused = s->standing == STANDING_NOT_PUBLIC || s->standing == STANDING_RESTRICTED;
        bool by_days;

        tally_days(view, s->absent);
        if (s->absent->sound.days)
            s->absent->residual = residual(view, s, s->absent->sound.lost);
        by_days = s->absent->sound.days >= set->api_confirm_days &&
                  s->absent->residual <= set->api_residual;
        if (refused && by_days)
            s->late_refusal = true;
        s->confirmed = by_days || (refused && s->asked);
        if (by_days) {
            struct history_group *g = belief_group(&view->data, &s->absent->past);

            view->expected_wrong += s->absent->residual;
            g->stated += s->absent->residual;
            g->confirmed++;
        }
    }
}

/* Also of an item that is confirmed already and was asked once more: until its
 * page is read again it is_suspect that batch for its companions. And of one that
 * was asked again and again in batches that lost their canaries: a post that is
 * gone since its page was read would take every further batch with it. */
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

/* Enough of one day: where sound batches lose nothing, one ask; where they lose
 * much, as many with fresh mates as bring the day to its share of the
 * confirmation, but not below what all asks of a day have in common. */
static bool day_is_enough(const struct silence *s, const struct view *view,
                          const struct settings *set, int64_t day)
{
    double prior = view->belief.prior[s->absent->past.stratum], lost;
    double most = set->api_residual * (1 - prior) / (prior * (1 - set->api_residual));
    const struct silent_day *on = NULL;

    for (int i = s->absent->days; i-- > 0;)
        if (s->absent->day[i].day == day)
            on = &s->absent->day[i];
    if (!on || on->pending == 0 || on->pending >= ASKS_A_DAY)
        return on && on->pending > 0;
    lost = view->shared + (1 - view->shared) * (double)on->pending_lost;
    return lost <= fmax(pow(most, 1.0 / (double)set->api_confirm_days), 2 * view->shared);
}

bool silence_wants_ask(const struct silence *s, const struct view *view, const struct settings *set,
                       int64_t now)
{
    if (s->standing != STANDING_PUBLIC || s->confirmed || s->tries >= set->page_attempts ||
        now < due_by_age(silence_born(s), set))
        return false;
    /* Where nothing was ever retrieved no canary can hold: one ask a day. */
    if (day_is_enough(s, view, set, utc_day(now)) ||
        (!view->has_canary && utc_day(s->last_at) == utc_day(now)))
        return false;
    return s->absent->pending.days < set->api_confirm_days ||
           residual(view, s, s->absent->pending.lost) > set->api_residual;
}

static int by_rank(const void *a, const void *b)
{
    const struct spot { uint64_t rank; const struct silence *s; } *x = a, *y = b;

    return x->rank != y->rank ? (x->rank < y->rank ? -1 : 1)
                              : (x->s->id > y->s->id) - (x->s->id < y->s->id);
}

bool view_settled(const struct view *view, const struct settings *set)
{
    for (size_t i = 0; i < view->n; i++) {
        const struct silence *s = &view->v[i];

        if ((s->standing == STANDING_UNREAD || (s->standing == STANDING_PUBLIC && !s->confirmed)) &&
            s->tries < set->page_attempts)
            return false;
    }
    return true;
}

int64_t view_spots(const struct view *view, const struct settings *set, uint64_t salt,
                   const struct silence **out, size_t max)
{
    struct spot { uint64_t rank; const struct silence *s; } *v;
    int64_t most = view->requests / 10 < set->api_spot_check ? view->requests / 10
                                                             : set->api_spot_check;
    size_t n = 0;

    if (most <= view->spot_asked || !view_settled(view, set))
        return 0;
    most -= view->spot_asked;
    v = xcalloc(view->n ? view->n : 1, sizeof *v);
    for (size_t i = 0; i < view->n; i++) {
        const struct silence *s = &view->v[i];

        if (s->standing == STANDING_PUBLIC && s->confirmed && !s->spotted)
            v[n++] = (struct spot){ mix64(s->id ^ salt), s };
    }
    if (n)
        qsort(v, n, sizeof *v, by_rank);
    if ((size_t)most > n)
        most = (int64_t)n;
    for (size_t i = 0; i < max && i < (size_t)most; i++)
        out[i] = v[i].s;
    free(v);
    return most;
}

int view_load(struct audit *audit, struct view *view, struct err *err)
{
    uint8_t *day_ok = xcalloc(DAY_MAX, 1);
    int rc = -1;

    memset(view, 0, sizeof *view);
    if (late_load(audit, &view->late, err) || load_items(audit, view, err) ||
        each_group(audit, view, keep_reply, NULL, err))
        goto out;
    find_outages(view);
    if (each_group(audit, view, first_pass, day_ok, err))
        goto out;
    if (each_group(audit, view, judge_pass, day_ok, err))
        goto out;
    estimate(view);
    if (each_group(audit, view, weigh_pass, day_ok, err))
        goto out;
    conclude(view, &audit->set);
    rc = 0;
out:
    free(day_ok);
    if (rc)
        view_release(view);
    return rc;
}

void view_release(struct view *view)
{
    free(view->v);
    free(view->index);
    free(view->alive);
    free(view->created_day);
    free(view->sound_asks);
    free(view->flags);
    free(view->pool);
    free(view->first_found);
    free(view->lost);
    losses_release(view);
    late_release(&view->late);
    free(view->reply);
    free(view->absent);
    outages_release(&view->outages);
    account_table_free(view->accounts);
    arena_release(&view->mem);
    memset(view, 0, sizeof *view);
}

/* ---- the one that is kept ---- */

static void view_free(struct view *view)
{
    view_release(view);
    free(view);
}

void view_let(struct view *view)
{
    if (view && --view->holders == 0 && view->forgotten)
        view_free(view);
}

void view_forget(struct audit *audit)
{
    struct view *view = audit->view;

    audit->view = NULL;
    if (view && view->holders)
        view->forgotten = true;
    else if (view)
        view_free(view);
}

int view_hold(struct audit *audit, struct view **out, struct err *err)
{
    int64_t now = store_changes(audit->store);

    if (audit->view && audit->view->of != now)
        view_forget(audit);
    if (!audit->view) {
        struct view *view = xcalloc(1, sizeof *view);

        if (view_load(audit, view, err)) {
            free(view);
            return -1;
        }
        view->of = now;
        audit->view = view;
    }
    audit->view->holders++;
    *out = audit->view;
    return 0;
}
