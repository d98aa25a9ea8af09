/* tests/unit/test_opt.c: option tables. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "base/opt.h"

#define ARGC_MAX 16

struct got {
    bool all, quiet, help;
    const char *audit, *format;
    int64_t n;
    struct opt_list set;
    char *argv[ARGC_MAX];
    char **operands;
    int count;
    struct err err;
};

typedef int parse_fn(const struct opt *, int, char **, char ***, int *, bool *, struct err *);

/* line is split at blanks; "_" stands for an empty argument. */
static int run(parse_fn *parse, struct got *g, char *line)
{
    const struct opt opts[] = { OPT_FLAG("all", &g->all, "list equal fields as well"),
                                { OPT_KIND_FLAG, "quiet", 'q', &g->quiet, NULL, "say less" },
                                { OPT_KIND_TEXT, "audit", 'C', &g->audit, "AUDIT",
                                  "the audit's folder" },
                                OPT_INT("number", &g->n, "N", "how many"),
                                OPT_LIST("set", &g->set, "KEY=VALUE", "override a setting"),
                                OPT_TEXT("format", &g->format, "csv|jsonl|text", "how"),
        OPT_TEXT("as", &g->audit, "svg,pdf,png", "how as well"),
                                OPT_END };
    int argc = 0;

    *g = (struct got){ .n = -77 };
    for (char *at = strtok(line, " "); at && argc < ARGC_MAX - 1; at = strtok(NULL, " "))
        g->argv[argc++] = strcmp(at, "_") ? at : at + 1;
    return parse(opts, argc, g->argv, &g->operands, &g->count, &g->help, &g->err);
}

static void options_and_operands_may_stand_in_any_order(void **state)
{
    char line[] = "diff one --all --number=-5 two -C dir --set a.b=c --set=d.e=f -q - three";
    struct got g;

    (void)state;
    assert_int_equal(run(opt_parse, &g, line), 0);
    assert_true(g.all && g.quiet && !g.help);
    assert_string_equal(g.audit, "dir");
    assert_int_equal(g.n, -5);
    assert_int_equal(g.set.n, 2);
    assert_string_equal(g.set.v[0], "a.b=c");
    assert_string_equal(g.set.v[1], "d.e=f");
    assert_int_equal(g.count, 4);
    assert_string_equal(g.operands[0], "one");
    assert_string_equal(g.operands[1], "two");
    assert_string_equal(g.operands[2], "-");
    assert_string_equal(g.operands[3], "three");
    assert_null(g.operands[4]);                                  // argv's own end
    opt_list_release(&g.set);
    assert_int_equal(g.set.n, 0);
}

static void two_dashes_end_the_options(void **state)
{
    char line[] = "diff --all -- --quiet -- -x";
    struct got g;

    (void)state;
    assert_int_equal(run(opt_parse, &g, line), 0);
    assert_true(g.all && !g.quiet);
    assert_int_equal(g.count, 3);
    assert_string_equal(g.operands[0], "--quiet");
    assert_string_equal(g.operands[1], "--");
    assert_string_equal(g.operands[2], "-x");
}

static void values_may_look_like_options(void **state)
{
    char line[] = "diff --audit --all -C-x --number -3 --audit= ";
    struct got g;

    (void)state;
    assert_int_equal(run(opt_parse, &g, line), 0);
    assert_false(g.all);
    assert_string_equal(g.audit, "");
    assert_int_equal(g.n, -3);
    assert_int_equal(g.count, 0);
}

static void help_ends_the_reading(void **state)
{
    char line[] = "diff --all --help --nonsense";
    struct got g;

    (void)state;
    assert_int_equal(run(opt_parse, &g, line), 0);
    assert_true(g.help && g.all);
}

static void the_letter_of_help_is_help(void **state)
{
    char line[] = "diff --all -h --nonsense", csv[] = "diff --format csv -f";
    struct got g;

    (void)state;
    assert_int_equal(run(opt_parse, &g, line), 0);
    assert_true(g.help && g.all);
    assert_int_equal(run(opt_parse, &g, csv), -1);
    assert_string_equal(g.format, "csv");
}

static void the_word_of_a_value_says_what_it_is(void **state)
{
    static const struct {
        const char *word;
        enum opt_value want;
    } words[] = {
        { "csv|jsonl", OPT_VALUE_WORDS }, { "85|170", OPT_VALUE_WORDS },
        { "one|two|all...", OPT_VALUE_WORDS }, { "svg,pdf,png", OPT_VALUE_LIST },
        { "FILE", OPT_VALUE_FILE },       { "FILE.tar", OPT_VALUE_FILE },
        { "[FILE...]", OPT_VALUE_FILE },  { "[CLAIMS.ini]", OPT_VALUE_FILE },
        { "[BUNDLE]", OPT_VALUE_FILE },   { "A", OPT_VALUE_FILE },
        { "KEY", OPT_VALUE_FILE },
        { "[N|FILE...]", OPT_VALUE_FILE },
        { "[DIR]", OPT_VALUE_DIR },       { "AUDIT", OPT_VALUE_FILE },
        { "N", OPT_VALUE_NUMBER },        { "SECTION.KEY=VALUE", OPT_VALUE_SETTING },
        { "ID|URL", OPT_VALUE_TEXT },     { "NAME|N", OPT_VALUE_TEXT },
        { "TIME", OPT_VALUE_TEXT },       { "NAME", OPT_VALUE_TEXT },
    };

    (void)state;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        assert_int_equal(opt_value_of(words[i].word), words[i].want);
}

static void bad_options_are_named(void **state)
{
    static const struct { const char *line, *want;
    } bad[] = {
        { "diff --nonsense", "diff has no option --nonsense" },
        { "diff --nonsense=3", "diff has no option --nonsense" },
        { "diff --al", "diff has no option --al" },
        { "diff --quite", "diff has no option --quite; did you mean --quiet?" },
        { "diff --halp", "diff has no option --halp; did you mean --help?" },
        { "diff --format cvs",
          "option --format expects csv, jsonl or text, not \"cvs\"; did you mean csv?" },
        { "diff --format=none", "option --format expects csv, jsonl or text, not \"none\"" },
        { "diff --as svg,pfd",
          "option --as expects svg, pdf or png, not \"pfd\"; did you mean pdf?" },
        { "diff --as svg,", "option --as expects svg, pdf or png, not \"\"" },
        { "diff --as _", "option --as expects svg, pdf or png, not \"\"" },
        { "diff --format _", "option --format expects csv, jsonl or text, not \"\"" },
        { "diff -x", "diff has no option -x" },
        { "diff -qx", "diff has no option -qx" },
        { "diff --all=yes", "option --all takes no value" },
        { "diff --audit", "option --audit needs a value: AUDIT" },
        { "diff -C", "option -C needs a value: AUDIT" },
        { "diff --number 3x", "option --number expects a whole number, not \"3x\"" },
        { "diff --number _", "option --number expects a whole number, not \"\"" },
        { "diff --number=99999999999999999999",
          "option --number expects a whole number, not \"99999999999999999999\"" },
        { "diff --help=x", "option --help takes no value" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char line[100];
        struct got g;

        snprintf(line, sizeof line, "%s", bad[i].line);
        assert_int_equal(run(opt_parse, &g, line), -1);
        assert_int_equal(g.err.kind, ERR_USAGE);
        assert_string_equal(g.err.msg, bad[i].want);
        assert_int_equal(g.n, -77);
    }
}

static void a_program_is_named_without_its_path(void **state)
{
    char world[] = "/opt/some_where/bin/world --nonsense", own[] = "/usr/bin/blindspot -x diff";
    struct got g;

    (void)state;
    assert_int_equal(run(opt_parse, &g, world), -1);
    assert_string_equal(g.err.msg, "world has no option --nonsense");
    assert_int_equal(run(opt_parse_leading, &g, own), -1);
    assert_string_equal(g.err.msg, "there is no option -x; `blindspot --help` lists them");
}

static void leading_options_end_at_the_command(void **state)
{
    char line[] = "blindspot -C dir -q diff --all --unknown x";
    struct got g;

    (void)state;
    assert_int_equal(run(opt_parse_leading, &g, line), 0);
    assert_true(g.quiet && !g.all);
    assert_string_equal(g.audit, "dir");
    assert_int_equal(g.count, 4);
    assert_string_equal(g.operands[0], "diff");
    assert_string_equal(g.operands[2], "--unknown");
}

static void help_lines_are_aligned(void **state)
{
    const struct opt opts[] = {
        OPT_FLAG("all", NULL, "list equal fields as well"),
        { OPT_KIND_TEXT, "audit", 'C', NULL, "AUDIT", "the folder" },
        OPT_END
    };
    char path[] = "/tmp/blindspot-opt-XXXXXX", text[500];
    int fd = mkstemp(path), out = dup(STDOUT_FILENO);
    ssize_t n;

    (void)state;
    assert_true(fd >= 0 && out >= 0);
    unlink(path);
    fflush(stdout);
    dup2(fd, STDOUT_FILENO);
    opt_print(opts);
    fflush(stdout);
    dup2(out, STDOUT_FILENO);
    close(out);
    n = pread(fd, text, sizeof text - 1, 0);
    close(fd);
    assert_true(n > 0);
    text[n] = '\0';
    assert_string_equal(text, "      --all          list equal fields as well\n"
                              "  -C, --audit AUDIT  the folder\n"
                              "  -h, --help         print this text\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_and_operands_may_stand_in_any_order),
        cmocka_unit_test(two_dashes_end_the_options),
        cmocka_unit_test(values_may_look_like_options),
        cmocka_unit_test(help_ends_the_reading),
        cmocka_unit_test(bad_options_are_named),
        cmocka_unit_test(the_letter_of_help_is_help),
        cmocka_unit_test(the_word_of_a_value_says_what_it_is),
        cmocka_unit_test(a_program_is_named_without_its_path),
        cmocka_unit_test(leading_options_end_at_the_command),
        cmocka_unit_test(help_lines_are_aligned),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
