/* tests/unit/test_figure.c: figures are the same bytes each time and hold no
 * clock, no text covers another or leaves the paper, they can be read aloud, and they say so where
 * there is nothing to show. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/file.h"
#include "record/watch_history.h"
#include "report/figure.h"
#include "report/numbers.h"
#include "report/report.h"
#include "tests/unit/made_summary.h"

static const char *const endings[] = { "svg", "pdf", "png", "gp", "tsv", "txt" };
#define ENDINGS 6
static const int widths[] = { FIGURE_NARROW, FIGURE_WIDE };
static const struct look nothing_named = { .alias = { .key = { "seed", 4 } } };

static char *folder_new(void)
{
    char *path = file_join(getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp", "test_figure.XXXXXX");

    assert_non_null(mkdtemp(path));
    return path;
}

/* Data and words are of both widths, scripts and pictures of one. */
static char *figure_file(const char *dir, int figure, int ending, int width)
{
    char name[96];

    snprintf(name, sizeof name, "%s%s.%s", figure_names[figure],
             width == FIGURE_NARROW && ending < 4 ? "_85" : "", endings[ending]);
    return file_join(dir, name);
}

static void folder_remove(char *dir)
{
    for (int f = 0; f < FIGURE_COUNT; f++)
        for (int e = 0; e < ENDINGS; e++)
            for (int w = 0; w < 2; w++) {
                char *path = figure_file(dir, f, e, widths[w]);

                unlink(path);
                free(path);
            }
    assert_int_equal(rmdir(dir), 0);
    free(dir);
}

static void file_must_read(const char *dir, int figure, int ending, int width, struct buf *out)
{
    struct err err = { 0 };
    char *path = figure_file(dir, figure, ending, width);

    if (file_read(path, 16 << 20, out, &err))
        fail_msg("%s", err.msg);
    free(path);
}

static struct figure_order order_of(int width, bool svg, bool pdf, bool png)
{
    struct figure_order order = { .picture = { svg, pdf, png }, .width = width };

    for (int f = 0; f < FIGURE_COUNT; f++)
        order.figure[f] = true;
    return order;
}

static void must_draw(const char *dir, const struct summary *s, const struct figure_order *order)
{
    struct err err = { 0 };

    if (report_figures(dir, s, &nothing_named, order, &err))
        fail_msg("%s", err.msg);
}

static void without_gnuplot_skip(const char *test)
{
    if (report_have_gnuplot())
        return;
    print_message("gnuplot is missing: %s is skipped\n", test);
    skip();
}

/* Everything: made_summary, its criteria, and counters that are spread. */
/* Two posts: one that comes and goes, one of which nothing was measured at first. */
static const struct watch_history *made_watch(void)
{
    static const struct watch_day found = { .api = WATCH_API_FOUND, .page = WATCH_PAGE_PUBLIC };
    static const struct watch_day gone = { .api = WATCH_API_ABSENT, .page = WATCH_PAGE_REFUSED };
    static const struct watch_day absent = { .api = WATCH_API_ABSENT, .page = WATCH_PAGE_PUBLIC };
    static const struct watch_day none = { .api = WATCH_API_NOT_MEASURED,
                                           .api_why = WATCH_WHY_OURS };
    static struct watch_run run[4];
    static struct watch_day day[2][4];
    static struct watch_post post[2];
    static struct watch_history h;
    static struct arena mem;

    if (h.posts)
        return &h;
    run[0] = (struct watch_run){ .first = 20454, .last = 20455, .is = found };
    run[1] = (struct watch_run){ .first = 20456, .last = 20457, .is = absent };
    run[2] = (struct watch_run){ .first = 20454, .last = 20456, .is = none };
    run[3] = (struct watch_run){ .first = 20457, .last = 20457, .is = gone };
    day[0][0] = day[0][1] = found;
    day[0][2] = day[0][3] = absent;
    day[1][0] = day[1][1] = day[1][2] = none;
    day[1][3] = gone;
    for (size_t i = 0; i < 2; i++)
        post[i] = (struct watch_post){ .item = (int64_t)i + 1,
                                       .id = UINT64_C(7590000000000000123) + i,
                                       .first_day = 20454,
                                       .day = day[i],
                                       .days = 4,
                                       .run = &run[2 * i],
                                       .runs = 2 };
    h.post = post;
    h.posts = 2;
    watch_history_finish(&h, &mem);
    return &h;
}

static void made_whole(struct summary *s, struct arena *mem)
{
    struct err err = { 0 };

    made_summary(s, mem);
    assert_int_equal(summary_finish(s, &err), 0);
    made_criteria(s);
    made_sample(s);
    made_vantages(s);
    for (int f = 0; f < FIELD_COUNT; f++)
        if (field_info((enum field)f)->cmp == CMP_COUNTER)
            s->ratio[f] = (struct ratio_row){ .n = 900 + f,
                                              .least = 100,
                                              .min = -2.4,
                                              .p5 = -1.3,
                                              .p25 = -0.4,
                                              .p50 = -0.02,
                                              .p75 = 0.001,
                                              .p95 = 0.31,
                                              .max = 3 };
    s->watch = made_watch();
}

/* ---- what stands in the files ---- */

static void same_summary_gives_the_same_bytes(void **state)
{
    const struct figure_order order = order_of(FIGURE_NARROW, true, true, true);
    struct arena mem = { 0 };
    struct summary s;
    char *a, *b;
    (void)state;

    without_gnuplot_skip("same_summary_gives_the_same_bytes");
    a = folder_new(), b = folder_new();
    made_whole(&s, &mem);
    must_draw(a, &s, &order);
    sleep(1);    // a clock in a file would show
    must_draw(b, &s, &order);
    for (int f = 0; f < FIGURE_COUNT; f++)
        for (int e = 0; e < ENDINGS; e++) {
            struct buf one = { 0 }, two = { 0 };

            file_must_read(a, f, e, FIGURE_NARROW, &one);
            file_must_read(b, f, e, FIGURE_NARROW, &two);
            assert_true(one.n > 100);
            if (!str_eq(buf_view(&one), buf_view(&two)))
                fail_msg("%s.%s differs between two runs", figure_names[f], endings[e]);
            if (e == PICTURE_PDF)
                assert_true(str_find(buf_view(&one), STR("/CreationDate (D:20260621000000"), 0) >
                            0);
            if (e == PICTURE_PNG)    // 600 dots an inch are 23,622 a metre
                assert_memory_equal(one.p + 33, "\0\0\0\011pHYs\0\0\134\106\0\0\134\106\001", 17);
            buf_release(&one);
            buf_release(&two);
        }
    folder_remove(a);
    folder_remove(b);
    arena_release(&mem);
}

static void an_svg_can_be_read_aloud_and_shows_no_program(void **state)
{
    const struct figure_order order = order_of(FIGURE_WIDE, true, false, false);
    struct arena mem = { 0 };
    struct summary s;
    char *dir;
    (void)state;

    without_gnuplot_skip("an_svg_can_be_read_aloud_and_shows_no_program");
    dir = folder_new();
    made_whole(&s, &mem);
    must_draw(dir, &s, &order);
    for (int f = 0; f < FIGURE_COUNT; f++) {
        struct buf svg = { 0 }, said = { 0 };
        struct str view;
        ptrdiff_t title;

        file_must_read(dir, f, PICTURE_SVG, FIGURE_WIDE, &svg);
        file_must_read(dir, f, 5, FIGURE_WIDE, &said);
        view = buf_view(&svg);
        assert_true(str_find(view, STR("<svg width=\"170.0mm\" height=\""), 0) > 0);
        assert_true(str_find(view, STR("role=\"img\" aria-labelledby=\""), 0) > 0);
        title = str_find(view, STR("<title id="), 0);
        assert_true(title > 0);
        assert_true(str_find(view, STR("<title"), (size_t)title + 1) < 0);
        assert_true(str_find(view, STR("<desc id="), 0) > title);
        assert_true(str_find(view, STR("using"), 0) < 0);
        assert_true(str_find(view, STR(":Bold"), 0) < 0);
        assert_true(str_find(buf_view(&said),
                             STR("Audit 5f0c4c1be2a94d1f, blindspot 1.0; answers "
                                 "of 2026-06-12 to 2026-06-21 (UTC)."),
                             0) > 0);
        buf_release(&svg);
        buf_release(&said);
    }
    folder_remove(dir);
    arena_release(&mem);
}

static void what_is_there_already_is_not_drawn_again(void **state)
{
    struct figure_order order = order_of(FIGURE_NARROW, true, false, false);
    struct arena mem = { 0 };
    struct summary s;
    struct buf kept = { 0 };
    struct err err = { 0 };
    char *dir, *path;
    (void)state;

    without_gnuplot_skip("what_is_there_already_is_not_drawn_again");
    dir = folder_new();
    made_whole(&s, &mem);
    for (int f = 0; f < FIGURE_COUNT; f++)
        order.figure[f] = f == FIGURE_TIMELINE;
    must_draw(dir, &s, &order);
    path = figure_file(dir, FIGURE_TIMELINE, PICTURE_SVG, FIGURE_NARROW);
    assert_int_equal(file_write(path, STR("mark"), &err), 0);
    must_draw(dir, &s, &order);
    file_must_read(dir, FIGURE_TIMELINE, PICTURE_SVG, FIGURE_NARROW, &kept);
    assert_int_equal(kept.n, 4);
    s.day[0].asked++;
    must_draw(dir, &s, &order);
    buf_clear(&kept);
    file_must_read(dir, FIGURE_TIMELINE, PICTURE_SVG, FIGURE_NARROW, &kept);
    assert_true(kept.n > 1000);
    buf_release(&kept);
    free(path);
    folder_remove(dir);
    arena_release(&mem);
}

static void empty_audit_still_draws(void **state)
{
    const struct figure_order order = order_of(FIGURE_WIDE, true, false, false);
    struct arena mem = { 0 };
    struct summary s = { .mem = &mem };
    struct err err = { 0 };
    char *dir;
    (void)state;

    without_gnuplot_skip("empty_audit_still_draws");
    dir = folder_new();
    assert_int_equal(summary_finish(&s, &err), 0);
    must_draw(dir, &s, &order);
    for (int f = 0; f < FIGURE_COUNT; f++) {
        struct buf svg = { 0 };

        file_must_read(dir, f, PICTURE_SVG, FIGURE_WIDE, &svg);
        assert_true(str_find(buf_view(&svg), STR("There is nothing to show yet"), 0) > 0);
        buf_release(&svg);
    }
    folder_remove(dir);
    arena_release(&mem);
}

static void figure_of_creators_is_a_samples_alone(void **state)
{
    struct summary s = { 0 };
    (void)state;
    assert_true(figure_is_of(FIGURE_TIMELINE, &s));
    assert_false(figure_is_of(FIGURE_CREATORS, &s));
    s.sample.has = true;
    assert_true(figure_is_of(FIGURE_CREATORS, &s));
    assert_false(figure_is_of(FIGURE_WATCH, &s));
}

static void figure_of_vantages_needs_two_of_them(void **state)
{
    struct summary s = { .vantages = { .n = 1 } };
    (void)state;
    assert_false(figure_is_of(FIGURE_VANTAGES, &s));
    s.vantages.n = 2;
    assert_true(figure_is_of(FIGURE_VANTAGES, &s));
}

/* What is kept back stands in no bar, no word and no data. */
static void small_counts_of_vantages_are_kept_back(void **state)
{
    const struct look look = { .min_cell = 5 };
    struct arena mem = { 0 };
    struct canvas c = { 0 };
    struct summary s;
    (void)state;

    made_whole(&s, &mem);
    figure_make(&c, FIGURE_VANTAGES, FIGURE_WIDE, &s, &look);
    assert_true(str_find(buf_view(&c.alt), STR("38 of 2,279: 1.7 % (1.2 % to 2.3 %), few "
                                               "undecided"), 0) > 0);
    assert_true(str_find(buf_view(&c.alt), STR("public at first, refused at us: few of 40."), 0) >
                0);
    assert_true(str_find(buf_view(&c.tsv), STR("public_at_1_refused_at_3\tnone\t0.000000\t"
                                               "0.000000\t0.000000\t0\t40\t0\n"), 0) > 0);
    canvas_release(&c);
    arena_release(&mem);
}

static void missing_gnuplot_is_an_error_and_leaves_the_data(void **state)
{
    const struct figure_order order = order_of(FIGURE_WIDE, true, true, true);
    struct arena mem = { 0 };
    struct summary s = { .mem = &mem };
    struct err err = { 0 };
    struct buf script = { 0 };
    char *dir = folder_new(), *path = xstrdup(getenv("PATH") ? getenv("PATH") : "");
    (void)state;

    assert_int_equal(summary_finish(&s, &err), 0);
    setenv("PATH", "/nonexistent", 1);
    assert_false(report_have_gnuplot());
    assert_int_equal(report_figures(dir, &s, &nothing_named, &order, &err), -1);
    assert_int_equal(err.kind, ERR_IO);
    setenv("PATH", path, 1);
    file_must_read(dir, FIGURE_TIMELINE, 3, FIGURE_WIDE, &script);
    assert_true(script.n > 100);
    buf_release(&script);
    folder_remove(dir);
    free(path);
    arena_release(&mem);
}

/* ---- where texts stand ---- */

static bool overlap(const struct text_box *a, const struct text_box *b)
{
    const double slack = 0.05;

    return a->x0 < b->x1 - slack && b->x0 < a->x1 - slack && a->y0 < b->y1 - slack &&
           b->y0 < a->y1 - slack;
}

static void texts_must_fit(const struct summary *s, const struct look *look, const char *what)
{
    for (int f = 0; f < FIGURE_COUNT; f++)
        for (int w = 0; w < 2; w++) {
            struct canvas c = { 0 };

            figure_make(&c, (enum figure_name)f, widths[w], s, look);
            assert_true(c.boxes > 0 && c.h > 10 && c.h < 240);
            for (size_t i = 0; i < c.boxes; i++) {
                const struct text_box *b = &c.box[i];

                if (b->x0 < 0 || b->x1 > c.w || b->y0 < 0 || b->y1 > c.h)
                    fail_msg("%s at %d mm, %s: a text at %.1f to %.1f, %.1f to %.1f leaves the "
                             "paper of %.1f by %.1f",
                             figure_names[f], widths[w], what, b->x0, b->x1, b->y0, b->y1, c.w,
                             c.h);
                for (size_t k = 0; k < i; k++)
                    if (overlap(b, &c.box[k]))
                        fail_msg("%s at %d mm, %s: two texts around %.1f, %.1f and %.1f, %.1f "
                                 "cover each other",
                                 figure_names[f], widths[w], what, b->x0, b->y0, c.box[k].x0,
                                 c.box[k].y0);
            }
            canvas_release(&c);
        }
}

static void no_text_covers_another_or_leaves_the_paper(void **state)
{
    struct arena mem = { 0 };
    struct summary s;
    struct err err = { 0 };
    (void)state;

    made_whole(&s, &mem);
    texts_must_fit(&s, &nothing_named, "a made-up audit");
    s.tool = STR("blindspot 12.345.678-with-a-long-suffix");
    s.accounts.row[0].handle = STR("a_handle_of_a_length_that_no_account_has_but_a_store_may_hold_"
                                   "since_nothing_keeps_it_from_that");
    for (size_t i = 0; i < s.vantages.n; i++)
        s.vantages.v[i].name = STR("A-vantage-of-forty-letters-as-settings-y");
    texts_must_fit(&s, &(struct look){ .alias = { .names = true } }, "long names");
    s = (struct summary){ .mem = &mem };
    assert_int_equal(summary_finish(&s, &err), 0);
    texts_must_fit(&s, &nothing_named, "an empty audit");
    arena_release(&mem);
}

static void numbers_of_any_size_find_room(void **state)
{
    static const int lengths[] = { 1, 2, 30, 400 };
    struct arena mem = { 0 };
    struct summary s;
    (void)state;

    made_whole(&s, &mem);
    for (int n = 0; n < NODE_COUNT; n++)
        s.waterfall.n[n] *= 1000003;
    numbers_of_summary(&s);
    made_criteria(&s);
    numbers_of_sample(&s);
    for (size_t i = 0; i < s.vantages.pairs; i++)
        for (int k = 0; k < BESIDE_COUNT; k++)
            s.vantages.pair[i].n[k] *= 1000003;
    numbers_of_vantages(&s);
    for (size_t k = 0; k < sizeof lengths / sizeof *lengths; k++) {
        s.days = (size_t)lengths[k];
        s.day = arena_alloc(&mem, s.days * sizeof *s.day);
        for (size_t i = 0; i < s.days; i++)
            s.day[i] = (struct timeline_day){ .day = 20000 + (int64_t)i,
                                              .requests = 1000,
                                              .asked = 98765432 + (int64_t)i,
                                              .found = 87654321,
                                              .pages = 7654321 };
        for (int b = 0; b < ACCOUNT_BINS; b++)
            s.accounts.bin[b] = 1234567 + b;
        texts_must_fit(&s, &nothing_named, "large numbers");
    }
    arena_release(&mem);
}

static int64_t lines_with(const struct buf *text, const char *what)
{
    struct str rest = buf_view(text), line;
    int64_t n = 0;

    while (str_cut(&rest, '\n', &line))
        n += str_find(line, str_of(what), 0) >= 0;
    return n;
}

/* A handle that would run a program, format a number or end the string, were it not quoted. */
static void outside_text_is_quoted(void **state)
{
    struct canvas c = { .w = FIGURE_WIDE, .h = 50 };
    struct buf gp = { 0 };
    (void)state;

    canvas_text(&c, 1, 1, ALIGN_LEFT, LETTER_TEXT, "a'b`touch x`\"\\%d\n\xe2\x80\xae{/:Bold c}");
    canvas_script(&c, "x", "x", &gp);
    assert_int_equal(lines_with(&gp, "set label 1 'a''b`touch x`\"\\%d\\x0a\\u202e{/:Bold c}' at"),
                     1);
    assert_int_equal(lines_with(&gp, "noenhanced"), 3);
    buf_release(&gp);
    canvas_release(&c);
}

/* ---- what is drawn ---- */

static int64_t cell_of(struct str line, int column)
{
    struct str cell = STR_NONE;
    int64_t n = 0;

    for (int i = 0; i <= column; i++)
        assert_true(str_cut(&line, '\t', &cell));
    assert_true(str_i64(cell, &n));
    return n;
}

static void parts_of_the_breakdown_add_up(void **state)
{
    struct arena mem = { 0 };
    struct summary s;
    struct canvas c = { 0 };
    struct str rest, line;
    int64_t part[12] = { 0 }, count[12] = { 0 };
    (void)state;

    made_whole(&s, &mem);
    figure_make(&c, FIGURE_BREAKDOWN, FIGURE_WIDE, &s, &nothing_named);
    rest = buf_view(&c.tsv);
    assert_true(str_cut(&rest, '\n', &line));
    while (str_cut(&rest, '\n', &line) && line.n) {
        const int64_t row = cell_of(line, 0);

        assert_in_range(row, 0, 11);
        part[row] += cell_of(line, 4);
        count[row] = cell_of(line, 7);
    }
    for (int i = 0; i < 12; i++)
        assert_int_equal(part[i], count[i]);
    assert_int_equal(count[1], count[2] + count[3] + count[4] + count[5] + count[6]);
    assert_int_equal(count[7], count[8] + count[9]);
    assert_int_equal(count[0] + count[1] + count[7] + count[10] + count[11],
                     numbers_find(&s.numbers, STR("not_at_once"))->n);
    assert_int_equal(count[1], s.waterfall.n[NODE_PUBLIC]);
    canvas_release(&c);
    arena_release(&mem);
}

static void every_part_of_the_ledger_begins_where_another_ends(void **state)
{
    struct arena mem = { 0 };
    struct summary s;
    struct canvas c = { 0 };
    struct str rest, line;
    int64_t at = 0;
    (void)state;

    made_whole(&s, &mem);
    figure_make(&c, FIGURE_WATERFALL, FIGURE_WIDE, &s, &nothing_named);
    rest = buf_view(&c.tsv);
    assert_true(str_cut(&rest, '\n', &line));
    while (str_cut(&rest, '\n', &line) && line.n) {
        if (str_find(line, STR("\tgroup\t"), 0) >= 0)
            continue;
        assert_int_equal(cell_of(line, 4), at);
        at = cell_of(line, 5);
    }
    assert_int_equal(at, s.waterfall.n[NODE_ITEMS]);
    canvas_release(&c);
    arena_release(&mem);
}

static void criteria_are_their_shares_with_bounds(void **state)
{
    struct arena mem = { 0 };
    struct summary s;
    struct canvas c = { 0 };
    (void)state;

    made_whole(&s, &mem);
    figure_make(&c, FIGURE_CRITERIA, FIGURE_WIDE, &s, &nothing_named);
    assert_int_equal(lines_with(&c.tsv, "\t"), 3);    // the heads, and two shares
    assert_int_equal(
        lines_with(&c.tsv, "completeness\tmissing_after_all_asks\t0.107000\t0.099000\t0.131000"),
        1);
    assert_int_equal(lines_with(&c.alt, "- Missing after all asks: 10.7 % (9.9 % to 13.1 %)."), 1);
    assert_int_equal(lines_with(&c.tsv, "consistency\tagreement\t0.987000"), 1);
    canvas_release(&c);
    arena_release(&mem);
}

static void accounts_are_shown_by_pseudonym(void **state)
{
    struct arena mem = { 0 };
    struct summary s;
    struct canvas c = { 0 };
    (void)state;

    made_whole(&s, &mem);
    figure_make(&c, FIGURE_ACCOUNTS, FIGURE_WIDE, &s, &nothing_named);
    assert_true(lines_with(&c.tsv, "account-") > 0);
    assert_int_equal(lines_with(&c.tsv, "creator_") + lines_with(&c.labels, "creator_") +
                         lines_with(&c.alt, "creator_"),
                     0);
    canvas_release(&c);
    figure_make(&c, FIGURE_ACCOUNTS, FIGURE_WIDE, &s, &(struct look){ .alias = { .names = true } });
    assert_true(lines_with(&c.tsv, "creator_") > 0);
    canvas_release(&c);
    arena_release(&mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_summary_gives_the_same_bytes),
        cmocka_unit_test(an_svg_can_be_read_aloud_and_shows_no_program),
        cmocka_unit_test(what_is_there_already_is_not_drawn_again),
        cmocka_unit_test(empty_audit_still_draws),
        cmocka_unit_test(figure_of_creators_is_a_samples_alone),
        cmocka_unit_test(figure_of_vantages_needs_two_of_them),
        cmocka_unit_test(small_counts_of_vantages_are_kept_back),
        cmocka_unit_test(missing_gnuplot_is_an_error_and_leaves_the_data),
        cmocka_unit_test(no_text_covers_another_or_leaves_the_paper),
        cmocka_unit_test(numbers_of_any_size_find_room),
        cmocka_unit_test(outside_text_is_quoted),
        cmocka_unit_test(parts_of_the_breakdown_add_up),
        cmocka_unit_test(every_part_of_the_ledger_begins_where_another_ends),
        cmocka_unit_test(criteria_are_their_shares_with_bounds),
        cmocka_unit_test(accounts_are_shown_by_pseudonym),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
