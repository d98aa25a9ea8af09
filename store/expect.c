/* store/expect.c: see expect.h. */
#include "store/expect.h"
#include "base/utc.h"
#include "store/inner.h"
#include "store/items.h"
#include "store/records.h"

struct expecting {
    enum query q;
    struct arg arg[4];
    size_t n;
};

static int expect(struct store *s, const struct expecting *e, size_t n, struct err *err)
{
    for (size_t i = 0; i < n; i++)
        if (db_expect(s->db, e[i].q, e[i].arg, e[i].n, err))
            return -1;
    return 0;
}

void store_keep_answers(struct store *s, bool on) { db_keep(s->db, on); }

int store_expect_opening(struct store *s, bool locked, struct err *err)
{
    const struct expecting e[] = {
        { Q_VERSION, { { 0 } }, 0 },
        { Q_TABLE_COLUMNS, { arg_text(STR("record")) }, 1 },
        { Q_TABLE_COLUMNS, { arg_text(STR("counter")) }, 1 },
        { Q_WORDS, { { 0 } }, 0 },
        { Q_META_ALL, { { 0 } }, 0 },
    };

    return expect(s, e, sizeof e / sizeof *e - !locked, err);
}

int store_expect_view(struct store *s, struct err *err)
{
    const struct expecting e[] = {
        { Q_COUNT_REQUESTS, { { 0 } }, 0 },
        { Q_ITEMS_TOUCHED, { arg_int(0), arg_int(STORE_ITEMS_FAR) }, 2 },
        { Q_ASKING, { arg_int(0), arg_int(STORE_REQUESTS_FAR) }, 2 },
        { Q_ITEM_LAST, { { 0 } }, 0 },
    };

    return expect(s, e, sizeof e / sizeof *e - (s->max_item >= 0), err);
}

int store_expect_rounds(struct store *s, bool asks, struct err *err)
{
    const struct expecting e[] = {
        { Q_PHASES, { arg_int(WITNESS_QUERY) }, 1 },
        { Q_SOURCE_COUNT, { arg_text(STR("donation")) }, 1 },
    };

    return expect(s, e, sizeof e / sizeof *e - !asks, err);
}

int store_expect_outlook(struct store *s, int max_tries, struct err *err)
{
    return db_expect(s->db, Q_LINK_FATES, ARGS(arg_int(max_tries)), err) ||
                   store_expect_first(s, err)
               ? -1
               : 0;
}

int store_expect_first(struct store *s, struct err *err)
{
    const struct expecting e[] = {
        { Q_ITEMS_NEVER_ASKED, { arg_int(0), arg_int(STORE_ITEMS_FAR) }, 2 },
        { Q_COUNT_ASKED, { { 0 } }, 0 },
    };
    const bool is_counted = s->asked >= 0;

    if (is_counted && s->asked == s->max_item)    // none is left
        return 0;
    return expect(s, e, sizeof e / sizeof *e - is_counted, err);
}

int store_expect_plan(struct store *s, struct str vantage, struct err *err)
{
    const struct expecting e[] = {
        { Q_PHASES, { arg_int(WITNESS_QUERY) }, 1 },
        { Q_CREATOR_ROWS, { { 0 } }, 0 },
        { Q_VANTAGE_FIND, { arg_text(vantage) }, 1 },
    };

    return expect(s, e, sizeof e / sizeof *e, err) || store_expect_first(s, err) ? -1 : 0;
}

int store_expect_due(struct store *s, int max_tries, int64_t clock_s, struct err *err)
{
    const struct expecting e[] = {
        { Q_ITEMS_SAMPLED, { arg_int(0), arg_int(STORE_ITEMS_FAR) }, 2 },
        { Q_LINKS_OPEN, { arg_int(max_tries), arg_int(0), arg_int(STORE_CHUNK) }, 3 },
        { Q_VANTAGE_UNSURE, { arg_int(clock_s) }, 1 },
    };

    return expect(s, e, sizeof e / sizeof *e - (s->places == 1), err);
}

int store_expect_accounts(struct store *s, struct err *err)
{
    const struct expecting e[] = {
        { Q_CREATOR_ROWS, { { 0 } }, 0 },
        { Q_ITEMS_REFUSED, { arg_int(0), arg_int(STORE_ITEMS_FAR) }, 2 },
        { Q_SIGHTING_ANY, { { 0 } }, 0 },
    };

    return expect(s, e, sizeof e / sizeof *e - (s->sighted >= 0), err);
}

int store_expect_blocked(struct store *s, int64_t vantage, struct err *err)
{
    const int64_t day = utc_day(utc_now());
    const struct expecting e = { vantage <= 1 ? Q_BLOCKED_ALONE : Q_BLOCKED_ALONE_THERE,
                                 { arg_int(NO_ANSWER_BLOCKED_ALONE), arg_int(vantage),
                                   arg_int(utc_day_start(day)), arg_int(utc_day_start(day + 1)) },
                                 4 };

    return expect(s, &e, 1, err);
}

int store_expect_stamp(struct store *s, struct err *err)
{
    return db_expect(s->db, Q_STAMP, NO_ARGS, err);
}

int store_expect_differences(struct store *s, struct err *err)
{
    const struct expecting e[] = {
        { Q_HANDLE_GAPS, { { 0 } }, 0 },
        { Q_PAIRS_COUNT, { { 0 } }, 0 },
        { Q_ITEM_IDS, { arg_int(0), arg_int(STORE_PAIRS_FAR) }, 2 },
    };

    return expect(s, e, sizeof e / sizeof *e, err);
}

int store_expect_labels(struct store *s, const struct digest *rules, struct err *err)
{
    const struct expecting e[] = {
        { Q_GAPS_NO_INSTANT, { { 0 } }, 0 },
        { Q_CREATOR_ROWS, { { 0 } }, 0 },
        { Q_VANTAGES, { { 0 } }, 0 },
        { Q_USERS, { { 0 } }, 0 },
        { Q_PURGED_ANY, { { 0 } }, 0 },
        { Q_RULESET_FIND, { arg_digest(rules) }, 1 },
        { Q_ITEM_IDS, { arg_int(0), arg_int(STORE_PAIRS_FAR) }, 2 },
        { Q_ITEMS_ALL, { arg_int(0), arg_int(STORE_ITEMS_FAR) }, 2 },
    };

    return store_expect_view(s, err) || expect(s, e, sizeof e / sizeof *e, err) ? -1 : 0;
}

int store_expect_inputs(struct store *s, int max_tries, struct err *err)
{
    const struct expecting e[] = {
        { Q_COUNT_ITEMS, { { 0 } }, 0 },
        { Q_SOURCES, { { 0 } }, 0 },
        { Q_SOURCE_COUNTS, { { 0 } }, 0 },
        { Q_SOURCE_LINKS, { arg_int(max_tries) }, 1 },
        { Q_LINK_FATES, { arg_int(max_tries) }, 1 },
        { Q_LINKS_GIVEN_UP, { arg_int(max_tries) }, 1 },
    };

    return expect(s, e, sizeof e / sizeof *e, err);
}

int store_expect_numbers(struct store *s, int max_tries, struct err *err)
{
    const struct expecting e[] = {
        { Q_COUNT_STATES, { { 0 } }, 0 },
        { Q_LINKS_COUNT, { { 0 } }, 0 },
        { Q_COUNT_REQUESTS, { { 0 } }, 0 },
        { Q_STAMP, { { 0 } }, 0 },
        { Q_FILES, { { 0 } }, 0 },
        { Q_EVIDENCE_KEPT, { { 0 } }, 0 },
        { Q_PHASES, { arg_int(WITNESS_QUERY) }, 1 },
        { Q_DAYS, { { 0 } }, 0 },
        { Q_TALLIES, { arg_null() }, 1 },
        { Q_SOURCE_COUNT, { arg_text(STR("donation")) }, 1 },
        { Q_TALLIES, { arg_text(STR("strange_row")) }, 1 },
        { Q_TALLIES, { arg_text(STR("api_value")) }, 1 },
    };

    return store_expect_inputs(s, max_tries, err) || expect(s, e, sizeof e / sizeof *e, err) ? -1
                                                                                             : 0;
}
