/* tests/unit/test_world.c: the made-up population keeps its promises. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>
#include "base/utc.h"
#include "fixtures/world.h"
#include "record/id.h"

static struct world *make(uint64_t seed, uint32_t n, const char *set)
{
    struct world_params p;
    struct world *w = NULL;
    struct err err = {0};

    world_params_default(&p, seed, n);
    if (set)
        assert_int_equal(world_params_set(&p, set, &err), 0);
    if (world_new(&p, &w, &err))
        fail_msg("%s", err.msg);
    return w;
}

static void slurp(const char *dir, const char *name, struct buf *out)
{
    char path[300], chunk[4096];
    size_t n;
    FILE *f;

    snprintf(path, sizeof path, "%s/%s", dir, name);
    f = fopen(path, "rb");
    assert_non_null(f);
    while ((n = fread(chunk, 1, sizeof chunk, f)) > 0)
        buf_add(out, chunk, n);
    fclose(f);
}

static const char *const files[] = { "world.txt", "truth.csv", "all.txt",
                                     "links.txt", "list.csv",  "donation.zip" };
#define FILES (sizeof files / sizeof *files)

static void write_into(char dir[64], const struct world *w)
{
    const char *tmp = getenv("TMPDIR");
    struct err err = {0};

    snprintf(dir, 64, "%.40s/worldXXXXXX", tmp && strlen(tmp) < 40 ? tmp : "/tmp");
    assert_non_null(mkdtemp(dir));
    if (world_write(w, dir, &err))
        fail_msg("%s", err.msg);
}

static void remove_dir(const char *dir)
{
    char path[300];

    for (size_t i = 0; i < FILES; i++) {
        snprintf(path, sizeof path, "%s/%s", dir, files[i]);
        unlink(path);
    }
    rmdir(dir);
}

static void the_same_seed_gives_the_same_files(void **state)
{
    struct world *a = make(5, 900, NULL), *b = make(5, 900, NULL), *c = make(6, 900, NULL);
    char one[64], two[64], three[64];

    (void)state;
    write_into(one, a);
    write_into(two, b);
    write_into(three, c);
    for (size_t i = 0; i < FILES; i++) {
        struct buf x = {0}, y = {0}, z = {0};

        slurp(one, files[i], &x);
        slurp(two, files[i], &y);
        slurp(three, files[i], &z);
        assert_int_equal(x.n, y.n);
        assert_memory_equal(x.p, y.p, x.n);
        assert_false(x.n == z.n && memcmp(x.p, z.p, x.n) == 0);
        buf_release(&x), buf_release(&y), buf_release(&z);
    }
    remove_dir(one);
    remove_dir(two);
    remove_dir(three);
    world_free(a);
    world_free(b);
    world_free(c);
}

/* What is true of a post, that is; how far an audit got with it, and with its rules, is not. */
static bool is_of_the_post(enum reason r)
{
    return r != REASON_UNCONFIRMED && r != REASON_NOT_ASKED && r != REASON_RULE_GAVE_UP;
}

static void every_label_and_reason_occurs_twice(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed < 6; seed++) {
        struct world *w = make(seed, 1500, NULL);
        int reason[REASON_COUNT] = {0}, label[LABEL_COUNT] = {0}, sum = 0;

        for (size_t i = 0; i < w->items; i++) {
            reason[w->item[i].reason]++;
            label[reason_label(w->item[i].reason)]++;
        }
        for (int r = 1; r < REASON_COUNT; r++) {
            sum += reason[r];
            if (is_of_the_post((enum reason)r) && reason[r] < 2)
                fail_msg("seed %d: %d items of %s", (int)seed, reason[r],
                         reason_name((enum reason)r));
        }
        for (int l = 0; l < LABEL_COUNT; l++)
            assert_true(label[l] >= 2);
        assert_int_equal(sum, 1500);
        world_free(w);
    }
}

static void truth_csv_has_one_row_an_item_in_order(void **state)
{
    struct world *w = make(3, 700, NULL);
    struct buf text = {0};
    struct str rest, line, cell;
    uint64_t before = 0, id;
    size_t rows = 0;
    char dir[64];

    (void)state;
    write_into(dir, w);
    slurp(dir, "truth.csv", &text);
    rest = buf_view(&text);
    assert_true(str_cut(&rest, '\n', &line));
    assert_true(
        str_eq(line, STR("id,url,handle,state,label,reason,basis,created_at,vanishes_at,notes")));
    while (str_cut(&rest, '\n', &line) && line.n) {
        assert_true(str_cut(&line, ',', &cell) && str_u64(cell, &id));
        assert_true(id > before);
        assert_non_null(world_find(w, id));
        before = id;
        rows++;
    }
    assert_int_equal(rows, 700);
    buf_release(&text);
    remove_dir(dir);
    world_free(w);
}

static void the_inputs_hold_every_item_between_them(void **state)
{
    struct world *w = make(3, 700, NULL);
    struct buf links = {0}, list = {0};
    char dir[64], id[ID_TEXT_MAX], code[WORLD_CODE_MAX];
    int both = 0, donated = 0;

    (void)state;
    write_into(dir, w);
    slurp(dir, "links.txt", &links);
    slurp(dir, "list.csv", &list);
    for (size_t i = 0; i < w->items; i++) {
        const struct world_item *it = &w->item[i];
        unsigned in = world_inputs(w, it);
        struct str needle = str_of(it->flags & WORLD_SHORT_ALONE ? world_short_code(w, it->id, code)
                                                                  : id_text(it->id, id));
        struct str needle_short = str_of(world_short_code(w, it->id, code));

        assert_true(in != 0);
        both += (in & (in - 1)) != 0;
        donated += (in & INPUT_DONATION) != 0;
        if (it->flags & WORLD_SHORT_ALONE)
            continue;
        assert_int_equal((in & INPUT_LINKS) != 0, str_find(buf_view(&links), needle, 0) >= 0 ||
                         str_find(buf_view(&links), needle_short, 0) >= 0);
        assert_int_equal((in & INPUT_LIST) != 0, str_find(buf_view(&list), needle, 0) >= 0 ||
                         str_find(buf_view(&list), needle_short, 0) >= 0);
    }
    assert_true(both > 20);
    assert_true(donated > 100);
    buf_release(&links);
    buf_release(&list);
    remove_dir(dir);
    world_free(w);
}

static void unexplained_posts_have_returned_siblings(void **state)
{
    struct world *w = make(11, 3000, NULL);
    int excluded = 0;

    (void)state;
    for (size_t a = 0; a < w->accounts; a++) {
        const struct world_account *acc = &w->account[a];
        uint32_t returned = 0, unexplained = 0, none = 0, canada = 0, by_account = 0, shown = 0;

        for (uint32_t i = acc->first; i < acc->first + acc->items; i++) {
            const struct world_item *it = &w->item[i];

            assert_int_equal(it->account, a);
            returned += world_state(it) == STATE_RETRIEVED;
            unexplained += it->reason == REASON_UNEXPLAINED;
            none += it->reason == REASON_NO_ITEM_RETRIEVED;
            by_account += it->reason == REASON_ACCOUNT_CANADA;
            shown += world_public(w, it, w->params.clock);
            canada += world_public(w, it, w->params.clock) && strcmp(world_place(w, it), "CA") == 0;
        }
        if (unexplained) {
            assert_true(returned > 0);
            assert_true(2 * canada < shown);
        }
        if (none) {
            excluded++;
            assert_true(none >= 8 && none == acc->items && returned == 0);
        }
        if (by_account)
            assert_true(2 * canada >= shown && shown >= 5 && by_account < 5);
    }
    assert_true(excluded >= 2);
    world_free(w);
}

static void ids_carry_their_time(void **state)
{
    struct world *w = make(2, 2000, NULL);
    int late = 0, odd = 0;

    (void)state;
    assert_int_equal(7361448925972155679u >> 32,
                     1713970891);    // published vectors of the id's layout
    assert_int_equal(7320768196569599275u >> 32, 1704499171);
    assert_int_equal(7376726215178128673u >> 32, 1717527912);
    for (size_t i = 0; i < w->items; i++) {
        const struct world_item *it = &w->item[i];
        int64_t apart = it->created_at - (int64_t)(it->id >> 32);

        assert_true(it->id < (uint64_t)INT64_MAX);
        assert_true(it->created_at < w->params.clock);
        if (it->flags & WORLD_LATE)
            assert_true(++late && apart >= 30 * UTC_DAY_S && apart < 50 * UTC_DAY_S);
        else
            assert_true(apart >= 11 && apart <= 48);
        odd += (it->id >> 8 & 15) != 13;
        assert_int_equal((it->id >> 8 & 15) != 13, (it->flags & WORLD_ODD_ENTITY) != 0);
        assert_int_equal(w->params.clock - it->created_at < 72 * 3600,
                         it->reason == REASON_TOO_RECENT);
        assert_ptr_equal(world_find(w, it->id), it);
    }
    assert_true(late >= 4 && odd >= 2);
    assert_null(world_find(w, 7361448925972155679u));
    world_free(w);
}

static void page_counters_round_and_api_copies_lag(void **state)
{
    struct world *w = make(2, 500, NULL);
    int64_t now = w->params.clock, api[COUNT_KINDS], page[COUNT_KINDS];

    (void)state;
    assert_int_equal(world_rounded(9999), 9999);
    assert_int_equal(world_rounded(98765), 98770);
    assert_int_equal(world_rounded(566749), 566700);
    assert_int_equal(world_rounded(1234567), 1235000);
    assert_int_equal(world_rounded(15004321), 15000000);
    assert_int_equal(world_rounded(99999), 100000);
    for (size_t i = 0; i < w->items; i++) {
        int64_t lag = world_api_lag(w, &w->item[i], now);

        assert_true(lag >= 0 && lag <= 10 * UTC_DAY_S);
        world_counters(w, &w->item[i], now - lag, api);
        world_counters(w, &w->item[i], now, page);
        for (int k = 0; k < COUNT_KINDS; k++)
            assert_true(api[k] >= 0 && api[k] <= page[k]);
    }
    world_free(w);
}

static void mentions_and_tags_lie_where_the_offsets_say(void **state)
{
    struct world *w = make(2, 800, NULL);
    int mentions = 0;

    (void)state;
    for (size_t i = 0; i < w->items; i++) {
        struct arena mem = {0};
        struct world_caption c;

        world_caption(w, &w->item[i], &mem, &c);
        mentions += c.mentions;
        for (int k = 0; k < c.tags; k++) {
            size_t at = 0;
            int units = 0;

            while (units < c.tag[k].from) {         // walk UTF-16 units
                unsigned char b = (unsigned char)c.text.p[at++];

                units += b >= 0xf0 ? 2 : (b & 0xc0) != 0x80 ? 1 : 0;
                while (at < c.text.n && ((unsigned char)c.text.p[at] & 0xc0) == 0x80)
                    at++;
            }
            assert_true(c.text.p[at] == '#');
            assert_true(str_starts(str_sub(c.text, at + 1, c.text.n), c.tag[k].shown));
        }
        arena_release(&mem);
    }
    assert_true(mentions > 40);
    world_free(w);
}

static void parameters_survive_the_file(void **state)
{
    struct world_params p, q;
    struct buf text = {0};
    struct err err = {0};

    (void)state;
    world_params_default(&p, 77, 1234);
    assert_int_equal(world_params_set(&p, "unexplained=0.125", &err), 0);
    assert_int_equal(world_params_set(&p, "clock=2026-10-01T00:00:00Z", &err), 0);
    assert_int_equal(p.clock, 1790812800);
    world_params_print(&p, &text);
    assert_int_equal(world_params_parse(&q, buf_view(&text), &err), 0);
    assert_int_equal(q.seed, 77);
    assert_int_equal(q.items, 1234);
    assert_int_equal(q.clock, p.clock);
    assert_memory_equal(p.value, q.value, sizeof p.value);
    assert_int_equal(world_params_set(&p, "unexplaned=0.1", &err), -1);
    assert_int_equal(err.kind, ERR_USAGE);
    assert_int_equal(world_params_set(&p, "unexplained=much", &err), -1);
    assert_int_equal(world_params_parse(&q, STR("seed=1\n"), &err), -1);
    buf_release(&text);
}

static void what_vanishes_unconfirmed_is_deleted_in_truth(void **state)
{
    struct world *w = make(4, 2000, "vanish_per_day=0.2"), *still = make(4, 2000, NULL);
    int early = 0, later = 0;

    (void)state;
    for (size_t i = 0; i < w->items; i++) {
        const struct world_item *it = &w->item[i];

        assert_int_equal(it->id, still->item[i].id);        // the same people, the same posts
        if (it->vanishes_at == WORLD_NEVER)
            continue;
        assert_true(world_public(w, it, it->vanishes_at - 1));
        assert_false(world_public(w, it, it->vanishes_at));
        assert_true(world_dead(w, it, it->vanishes_at));
        early += it->reason == REASON_ITEM_DELETED;
        later += it->reason != REASON_ITEM_DELETED;
    }
    assert_true(early > 10 && later > 500);
    world_free(w);
    world_free(still);
}

static int64_t run_of(const struct world *w, const struct world_item *it, int64_t *day, int64_t end)
{
    bool away = world_absent_run(w, it, 1, utc_day_start(*day));
    int64_t from = *day;

    while (*day < end && world_absent_run(w, it, 1, utc_day_start(*day)) == away)
        ++*day;
    return *day - from;
}

/* The one post of the public series: 213 days with it, 46 without. */
static void intermittent_posts_have_the_runs_of_the_series(void **state)
{
    static const int found[] = { 101, 2, 7, 48, 4, 2, 1, 32, 10, 6 },
                     absent[] = { 1, 36, 1, 1, 3, 1, 1, 1, 1 };
    struct world *w = make(1, 600, NULL);
    int64_t first = utc_day(w->params.clock) - 300, end = first + 600, days = 0, without = 0,
            long_ones = 0;

    (void)state;
    for (size_t i = 0; i < w->items; i++) {
        const struct world_item *it = &w->item[i];
        int64_t day = first;

        if (it->found_from == WORLD_NEVER) {
            assert_false(world_absent_run(w, it, 1, w->params.clock));
            continue;
        }
        for (int n = 0; day < end; n++) {
            bool away = world_absent_run(w, it, 1, utc_day_start(day)), known = false;
            int64_t run = run_of(w, it, &day, end);

            days += run;
            without += away ? run : 0;
            long_ones += away && run == 36;
            for (size_t k = 0; k < (away ? sizeof absent : sizeof found) / sizeof *found; k++)
                known = known || run == (away ? absent : found)[k];
            assert_true(known || n == 0 || day == end);      // cut by the days that are looked at
        }
    }
    assert_true(long_ones > 20);
    assert_true(without * 259 > days * 35 && without * 259 < days * 57);
    world_free(w);
}

static void small_worlds_are_possible(void **state)
{
    (void)state;
    for (uint32_t n = 1; n < 130; n += 16) {
        struct world *w = make(1, n, NULL);

        assert_int_equal(w->items, n);
        world_free(w);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_seed_gives_the_same_files),
        cmocka_unit_test(every_label_and_reason_occurs_twice),
        cmocka_unit_test(truth_csv_has_one_row_an_item_in_order),
        cmocka_unit_test(the_inputs_hold_every_item_between_them),
        cmocka_unit_test(unexplained_posts_have_returned_siblings),
        cmocka_unit_test(ids_carry_their_time),
        cmocka_unit_test(page_counters_round_and_api_copies_lag),
        cmocka_unit_test(mentions_and_tags_lie_where_the_offsets_say),
        cmocka_unit_test(parameters_survive_the_file),
        cmocka_unit_test(what_vanishes_unconfirmed_is_deleted_in_truth),
        cmocka_unit_test(intermittent_posts_have_the_runs_of_the_series),
        cmocka_unit_test(small_worlds_are_possible),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
