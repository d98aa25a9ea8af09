/* tests/unit/test_figure.c: figures are the same bytes each time, hold no
 * clock, and say so where there is nothing to show. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/file.h"
#include "report/figure.h"
#include "report/report.h"
#include "tests/unit/made_summary.h"

static const char *const endings[] = { "svg", "pdf", "png", "gp", "tsv" };

static char *folder_new(void)
{
    char *path = file_join(getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp", "test_figure.XXXXXX");

    assert_non_null(mkdtemp(path));
    return path;
}

static char *figure_file(const char *dir, int figure, int ending)
{
    char name[96];

    snprintf(name, sizeof name, "figures/%s.%s", figure_names[figure], endings[ending]);
    return file_join(dir, name);
}

static void folder_remove(char *dir)
{
    char *figures = file_join(dir, "figures");

    for (int f = 0; f < FIGURE_COUNT; f++)
        for (int e = 0; e < 5; e++) {
            char *path = figure_file(dir, f, e);

            unlink(path);
            free(path);
        }
    rmdir(figures);
    assert_int_equal(rmdir(dir), 0);
    free(figures);
    free(dir);
}

static void file_must_read(const char *dir, int figure, int ending, struct buf *out)
{
    struct err err = {0};
    char *path = figure_file(dir, figure, ending);

    if (file_read(path, 16 << 20, out, &err))
        fail_msg("%s", err.msg);
    free(path);
}

static void draw_or_skip(const char *dir, const struct summary *s)
{
    struct err err = {0};

    if (report_figures(dir, s, &err))
        fail_msg("%s", err.msg);
}

static void same_summary_gives_the_same_bytes(void **state)
{
    struct arena mem = {0};
    struct summary s;
    struct err err = {0};
    char *a, *b;
    (void)state;

    if (!report_have_gnuplot()) {
        print_message("gnuplot is missing: same_summary_gives_the_same_bytes is skipped\n");
        skip();
    }
    a = folder_new(), b = folder_new();
    made_summary(&s, &mem);
    assert_int_equal(summary_finish(&s, &err), 0);
    made_criteria(&s);
    draw_or_skip(a, &s);
    sleep(1);                          // a clock in a file would show
    draw_or_skip(b, &s);
    for (int f = 0; f < FIGURE_COUNT; f++)
        for (int e = 0; e < 5; e++) {
            struct buf one = {0}, two = {0};

            file_must_read(a, f, e, &one);
            file_must_read(b, f, e, &two);
            assert_true(one.n > 100);
            if (!str_eq(buf_view(&one), buf_view(&two)))
                fail_msg("%s.%s differs between two runs", figure_names[f], endings[e]);
            if (e == 1)
                assert_true(str_find(buf_view(&one), STR("/CreationDate (D:20260621000000"), 0) >
                            0);
            buf_release(&one);
            buf_release(&two);
        }
    folder_remove(a);
    folder_remove(b);
    arena_release(&mem);
}

static void empty_audit_still_draws(void **state)
{
    struct arena mem = {0};
    struct summary s = { .mem = &mem };
    struct err err = {0};
    struct buf svg = {0};
    char *dir;
    (void)state;

    if (!report_have_gnuplot()) {
        print_message("gnuplot is missing: empty_audit_still_draws is skipped\n");
        skip();
    }
    dir = folder_new();
    assert_int_equal(summary_finish(&s, &err), 0);
    draw_or_skip(dir, &s);
    file_must_read(dir, FIGURE_FIELDS, 0, &svg);
    assert_true(str_find(buf_view(&svg), STR("nothing to show yet"), 0) > 0);
    buf_release(&svg);
    folder_remove(dir);
    arena_release(&mem);
}

static void data_of_the_breakdown_adds_up(void **state)
{
    struct arena mem = {0};
    struct summary s;
    struct err err = {0};
    struct figure f = {0};
    struct str rest, line, cell;
    int64_t sum[3] = {0};
    (void)state;

    made_summary(&s, &mem);
    assert_int_equal(summary_finish(&s, &err), 0);
    figure_make(&f, FIGURE_BREAKDOWN, &s);
    rest = buf_view(&f.tsv);
    assert_true(str_cut(&rest, '\n', &line));
    while (str_cut(&rest, '\n', &line) && line.n) {
        int64_t panel = 0, n = 0;

        for (int i = 0; str_cut(&line, '\t', &cell); i++)
            if (i == 0 || i == 3)
                assert_true(str_i64(cell, i == 0 ? &panel : &n));
        sum[panel] += n;
    }
    assert_int_equal(sum[1], s.waterfall.n[NODE_ITEMS]);
    assert_int_equal(sum[2], s.waterfall.n[NODE_MISSING]);
    figure_release(&f);
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

static void criteria_are_their_shares_with_bounds(void **state)
{
    struct arena mem = {0};
    struct summary s;
    struct err err = {0};
    struct figure f = {0};
    (void)state;

    made_summary(&s, &mem);
    assert_int_equal(summary_finish(&s, &err), 0);
    made_criteria(&s);
    figure_make(&f, FIGURE_CRITERIA, &s);
    assert_int_equal(lines_with(&f.tsv, "\t"), 3);        // the heads, and two shares
    assert_int_equal(lines_with(&f.tsv, "0\tcompleteness\tmissing after all asks\t0.107000\t"
                                        "0.099000\t0.131000\t249\t2327\t10.7 % (9.9 % to 13.1 %)"),
                     1);
    assert_int_equal(lines_with(&f.tsv, "1\tconsistency\tagreement\t0.987000"), 1);
    figure_release(&f);
    arena_release(&mem);
}

static void missing_gnuplot_is_an_error_and_leaves_the_data(void **state)
{
    struct arena mem = {0};
    struct summary s = { .mem = &mem };
    struct err err = {0};
    struct buf script = {0};
    char *dir = folder_new(), *path = xstrdup(getenv("PATH") ? getenv("PATH") : "");
    (void)state;

    setenv("PATH", "/nonexistent", 1);
    assert_false(report_have_gnuplot());
    assert_int_equal(report_figures(dir, &s, &err), -1);
    assert_int_equal(err.kind, ERR_IO);
    setenv("PATH", path, 1);
    file_must_read(dir, FIGURE_TIMELINE, 3, &script);
    assert_true(script.n > 100);
    buf_release(&script);
    folder_remove(dir);
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_summary_gives_the_same_bytes),
        cmocka_unit_test(empty_audit_still_draws),
        cmocka_unit_test(data_of_the_breakdown_adds_up),
        cmocka_unit_test(criteria_are_their_shares_with_bounds),
        cmocka_unit_test(missing_gnuplot_is_an_error_and_leaves_the_data),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
