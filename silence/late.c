/* silence/late.c: the sample of the late checks, and what its asks and pages say. */
#include <inttypes.h>
#include <stdlib.h>
#include "base/array.h"
#include "base/utc.h"
#include "record/witnesses.h"
#include "silence/clock.h"
#include "silence/late.h"

#define ASKS_A_DAY 3    // of one item in one check: it was absent beside a suspect each time
#define ASKS_MAX 9

const int late_days[LATE_CHECKS] = { 14, 30 };

/* ---- the sample ---- */

static int by_item(const void *a, const void *b)
{
    const struct late_item *x = a, *y = b;

    return (x->item > y->item) - (x->item < y->item);
}

static int read_items(struct str rest, struct late *late, struct err *err)
{
    struct str word;
    bool missing = false;
    size_t cap = 0;

    while (str_cut(&rest, ' ', &word)) {
        int64_t item;

        if (str_eq(word, STR("missing")) || str_eq(word, STR("retrieved"))) {
            missing = str_eq(word, STR("missing"));
            continue;
        }
        if (!str_i64(word, &item) || item < 1)
            return err_set(err, ERR_IO,
                           "the store's list of the late check names an item that is no number");
        ARRAY_ROOM(late->v, late->n, cap);
        late->v[late->n++] = (struct late_item){ .item = item, .missing = missing };
    }
    return 0;
}

int late_read(struct str text, struct late *late, struct err *err)
{
    struct str rest = text, word;

    *late = (struct late){ 0 };
    if (text.n == 0)
        return 0;
    if (!str_cut(&rest, ' ', &word) || !str_i64(word, &late->drawn_at))
        return err_set(err, ERR_IO, "the store's list of the late check begins without a date");
    if (read_items(rest, late, err)) {
        late_release(late);
        return -1;
    }
    if (late->n)
        qsort(late->v, late->n, sizeof *late->v, by_item);
    return 0;
}

static void print_drawn(struct buf *out, const char *what, const struct sample *d)
{
    buf_printf(out, " %s", what);
    for (size_t i = 0; i < d->n; i++)
        buf_printf(out, " %" PRId64, d->v[i].item);
}

void late_print(struct buf *out, int64_t drawn_at, const struct sample *missing,
                const struct sample *retrieved)
{
    buf_printf(out, "%" PRId64, drawn_at);
    print_drawn(out, "missing", missing);
    print_drawn(out, "retrieved", retrieved);
}

void late_release(struct late *late)
{
    free(late->v);
    *late = (struct late){ 0 };
}

struct late_item *late_find(const struct late *late, int64_t item)
{
    const struct late_item key = { .item = item };

    return late->n ? bsearch(&key, late->v, late->n, sizeof key, by_item) : NULL;
}

/* ---- what is known of it ---- */

static int64_t begins(const struct late *late, int check)
{
    return utc_day_start(utc_day(late->drawn_at) + late_days[check]);
}

/* The last check has no end. */
static int64_t ends(const struct late *late, int check)
{
    return check + 1 < LATE_CHECKS ? begins(late, check + 1) : INT64_MAX;
}

void late_take_item(struct late *late, const struct settings *set, const struct item_row *row,
                    int64_t created, int64_t clock_s)
{
    struct late_item *it = late_find(late, row->n);

    if (!it)
        return;
    it->id = row->id;
    it->day = created;
    it->public_last = clock_until(row->public_last_at, clock_s);
    it->refused_last = clock_until(row->refused_last_at, clock_s);
    it->refused = row->refused_last_at > row->public_last_at;
    it->unreadable = sight_tries(set, row) >= set->page_attempts;
}

bool late_returned(const struct late *late, const struct item_row *row)
{
    const struct late_item *it = late_find(late, row->n);

    return it && it->missing && row->found_first_at >= late->drawn_at;
}

void late_take_ask(struct late *late, const struct ask_row *row, bool sound)
{
    struct late_item *it = late_find(late, row->item);
    int64_t day = utc_day(row->at);

    for (int c = 0; it && c < LATE_CHECKS; c++) {
        struct late_asks *a = &it->check[c];

        if (row->at < begins(late, c) || row->at >= ends(late, c))
            continue;
        a->asks++;
        if (day > a->day || a->asks == 1) {
            a->day = day;
            a->asks_on_day = 0;
        }
        a->asks_on_day += day == a->day;
        a->back = a->back || row->came_back;
        if (!row->came_back && row->at > a->last_at)
            a->last_at = row->at;
        if (!row->came_back && sound && row->at > a->sound_at)
            a->sound_at = row->at;
    }
}

enum late_outcome late_outcome(const struct late *late, const struct late_item *it, int check)
{
    const struct late_asks *a = &it->check[check];
    bool refused = it->refused && it->refused_last >= a->last_at &&
                   it->refused_last < ends(late, check);

    if (a->back)
        return LATE_BACK;
    if (a->sound_at && it->public_last >= a->sound_at)
        return LATE_AWAY;
    if (refused)
        return LATE_REFUSED;
    if (!a->asks)
        return LATE_NOT_ASKED;
    if (it->public_last < a->last_at && it->refused_last < a->last_at)
        return it->unreadable ? LATE_UNDECIDED : LATE_WANTS_PAGE;
    return a->asks < ASKS_MAX && !it->refused ? LATE_WANTS_ASK : LATE_UNDECIDED;
}

/* ---- what is due ---- */

int late_check_of(const struct late *late, const struct settings *set, int64_t now)
{
    int check = LATE_CHECKS - 1;

    if (!set->api_late_check || !late->n)
        return -1;
    while (check >= 0 && now < begins(late, check))
        check--;
    return check;
}

bool late_wants_page(const struct late *late, const struct settings *set,
                     const struct late_item *it, int64_t now)
{
    int check = late_check_of(late, set, now);

    /* Where the clock went back a reading of now would not be after the ask. */
    return check >= 0 && it->check[check].last_at <= now &&
           late_outcome(late, it, check) == LATE_WANTS_PAGE;
}

/* Known as refused, or without any page, it is not asked: it would be a suspect beside
 * the others. */
static bool wants_ask(const struct late *late, const struct late_item *it, int check)
{
    enum late_outcome o = late_outcome(late, it, check);

    return !it->refused && !it->unreadable && (o == LATE_NOT_ASKED || o == LATE_WANTS_ASK);
}

static bool enough_today(const struct late_asks *a, int64_t now)
{
    return a->asks &&
           (a->day > utc_day(now) || (a->day == utc_day(now) && a->asks_on_day >= ASKS_A_DAY));
}

/* While a page of this check is unread, nobody knows which ids are suspects: what was
 * asked before waits for it. */
size_t late_to_ask(const struct late *late, const struct settings *set, int64_t now,
                   const struct late_item **out)
{
    int check = late_check_of(late, set, now);
    bool unread = false;
    size_t n = 0;

    for (size_t i = 0; check >= 0 && i < late->n; i++)
        unread = unread || late_wants_page(late, set, &late->v[i], now);
    for (size_t i = 0; check >= 0 && i < late->n; i++) {
        const struct late_item *it = &late->v[i];

        if (!wants_ask(late, it, check) || enough_today(&it->check[check], now) ||
            (unread && it->check[check].asks))
            continue;
        if (out)
            out[n] = it;
        n++;
    }
    return n;
}

void late_due(const struct late *late, const struct settings *set, int64_t now,
              struct late_due *due)
{
    int check = late_check_of(late, set, now);

    *due = (struct late_due){ .asks = (int64_t)late_to_ask(late, set, now, NULL) };
    for (size_t i = 0; check >= 0 && i < late->n; i++) {
        due->pages += late_wants_page(late, set, &late->v[i], now);
        due->waiting += wants_ask(late, &late->v[i], check) &&
                        enough_today(&late->v[i].check[check], now);
    }
    if (set->api_late_check && late->n && check + 1 < LATE_CHECKS)
        due->next_at = begins(late, check + 1);
}

/* ---- what it found ---- */

static void add_outcome(struct late_rate *r, enum late_outcome o, bool hit)
{
    r->asked += o == LATE_BACK || o == LATE_AWAY;
    r->hits += hit;
    r->refused += o == LATE_REFUSED;
    r->undecided += o == LATE_WANTS_PAGE || o == LATE_WANTS_ASK || o == LATE_UNDECIDED;
}

bool late_sum(const struct late *late, int check, struct late_check *out)
{
    bool any = false;

    *out = (struct late_check){ .days = late_days[check] };
    for (size_t i = 0; i < late->n; i++) {
        const struct late_item *it = &late->v[i];
        const struct late_asks *a = &it->check[check];
        enum late_outcome o = late_outcome(late, it, check);

        if (it->missing)
            add_outcome(&out->missing, o, o == LATE_BACK);
        else
            add_outcome(&out->retrieved, o, o == LATE_AWAY);
        if (!a->asks)
            continue;
        out->first_day = !any || a->day < out->first_day ? a->day : out->first_day;
        out->last_day = a->day > out->last_day ? a->day : out->last_day;
        any = true;
    }
    return any;
}
