/* tests/unit/test_log.c: what people see on stderr, on a terminal and in a file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "base/log.h"

static int real_stderr = -1, capture = -1;
static char caught[4096];

/* From here on stderr is fd, until caught_text. */
static void redirect(int fd)
{
    fflush(stderr);
    real_stderr = dup(STDERR_FILENO);
    assert_true(real_stderr >= 0);
    assert_int_equal(dup2(fd, STDERR_FILENO), STDERR_FILENO);
}

static void restore(void)
{
    fflush(stderr);
    dup2(real_stderr, STDERR_FILENO);
    close(real_stderr);
}

static void catch_file(void)
{
    char path[] = "/tmp/blindspot-log-XXXXXX";

    capture = mkstemp(path);
    assert_true(capture >= 0);
    unlink(path);
    redirect(capture);
}

static const char *caught_text(void)
{
    ssize_t n;

    restore();
    n = pread(capture, caught, sizeof caught - 1, 0);
    close(capture);
    assert_true(n >= 0);
    caught[n] = '\0';
    return caught;
}

/* The same with a terminal: the master's end is what a person would see. */
static void catch_terminal(void)
{
    int slave;

    capture = posix_openpt(O_RDWR | O_NOCTTY);
    assert_true(capture >= 0);
    assert_int_equal(grantpt(capture), 0);
    assert_int_equal(unlockpt(capture), 0);
    slave = open(ptsname(capture), O_RDWR | O_NOCTTY);
    assert_true(slave >= 0);
    redirect(slave);
    close(slave);
}

/* Reads until the mark has come through: a terminal hands on in pieces. */
static const char *seen_text(void)
{
    size_t n = 0;

    assert_int_equal(write(STDERR_FILENO, "#", 1), 1);
    do {
        ssize_t got = read(capture, caught + n, sizeof caught - 1 - n);

        assert_true(got > 0);
        n += (size_t)got;
    } while (caught[n - 1] != '#');
    restore();
    close(capture);
    caught[n - 1] = '\0';
    return caught;
}

static void outside_text_cannot_steer_a_terminal(void **state)
{
    static const struct { struct str in; const char *want; } cases[] = {
        { { "plain \xc3\xa9 \xf0\x9f\x98\x80", 13 }, "plain \xc3\xa9 \xf0\x9f\x98\x80" },
        { { "\x1b[2J", 4 }, "\\x1b[2J" },
        { { "a\nb\tc\0d\x7f", 8 }, "a\\x0ab\\x09c\\x00d\\x7f" },
        { { "\xe2\x80\xae" "txt", 6 }, "\\u202etxt" },
        { { "\xe2\x81\xa6\xe2\x80\x8f\xd8\x9c", 8 }, "\\u2066\\u200f\\u061c" },
        { { "\xc2\x9b" "31m", 5 }, "\\u009b31m" },
        { { "\xff\xc0\xaf\xe2\x80", 5 }, "\\xff\\xc0\\xaf\\xe2\\x80" },
        { { "\xe2\x80\xa8\xef\xbb\xbf", 6 }, "\\u2028\\ufeff" },
        { { "\\x1b", 4 }, "\\x1b" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf b = {0};

        log_escape(&b, cases[i].in);
        assert_string_equal(buf_cstr(&b), cases[i].want);
        buf_release(&b);
    }
}

static void one_event_is_one_line_without_colour(void **state)
{
    (void)state;
    catch_file();
    log_setup(false, LOG_PROGRESS_AUTO);
    log_info("read %d of %s", 3, "x\ny");
    log_warn("w%c", '!');
    log_error("e");
    log_progress("never in a file");
    assert_string_equal(caught_text(), "read 3 of x\\x0ay\nwarning: w!\nblindspot: e\n");
}

static void quiet_silences_information_alone(void **state)
{
    (void)state;
    catch_file();
    log_setup(true, LOG_PROGRESS_AUTO);
    log_info("nothing");
    log_warn("w");
    log_error("e");
    assert_string_equal(caught_text(), "warning: w\nblindspot: e\n");
}

static void progress_changes_at_most_ten_times_a_second_and_is_erased(void **state)
{
    (void)state;
    catch_file();
    log_setup(false, LOG_PROGRESS_ALWAYS);
    log_progress("asked %d", 300);
    for (int i = 0; i < 50; i++)
        log_progress("asked %d", i);
    log_info("done");
    log_progress_done();
    log_progress("again");
    log_progress_done();
    log_progress_done();
    assert_string_equal(caught_text(), "\rasked 300\r         \rdone\n\ragain\r     \r");
}

static void counted_progress_says_how_far_it_is(void **state)
{
    (void)state;
    catch_file();
    log_setup(false, LOG_PROGRESS_ALWAYS);
    log_progress_of(&(struct log_count){ "read", "pages", 300, 2600 }, "%d public", 7);
    log_progress_done();
    log_progress_of(&(struct log_count){ "asked for", "posts", 40, 0 }, "%d came back", 9);
    log_progress_done();
    log_progress_wait(1000, "not worth a word");
    assert_string_equal(caught_text(), "\rread 300 of 2600 pages: 7 public\r"
                                       "                                \r"
                                       "\rasked for 40 posts: 9 came back\r"
                                       "                               \r");
}

static void a_wait_says_until_when_and_why(void **state)
{
    const char *text;

    (void)state;
    catch_file();
    log_setup(false, LOG_PROGRESS_ALWAYS);
    log_progress_wait(60000, "the site blocks us");
    text = caught_text();
    assert_non_null(strstr(text, "\rwaiting until "));
    assert_non_null(strstr(text, " UTC: the site blocks us"));
}

static void a_terminal_gets_colour_unless_no_color_is_set(void **state)
{
    (void)state;
    setenv("TERM", "xterm", 1);
    unsetenv("NO_COLOR");
    catch_terminal();
    log_setup(false, LOG_PROGRESS_NEVER);
    log_warn("w");
    log_progress("never");
    assert_string_equal(seen_text(), "\033[33mwarning: \033[0mw\r\n");
    setenv("NO_COLOR", "1", 1);
    catch_terminal();
    log_setup(false, LOG_PROGRESS_AUTO);
    log_warn("w");
    log_progress("p");
    assert_string_equal(seen_text(), "warning: w\r\n\rp");
    unsetenv("NO_COLOR");
    setenv("TERM", "dumb", 1);
    catch_terminal();
    log_setup(true, LOG_PROGRESS_AUTO);
    log_error("e");
    log_progress("not when quiet");
    assert_string_equal(seen_text(), "blindspot: e\r\n");
}

static void a_long_progress_line_is_cut_at_a_character(void **state)
{
    char text[401];

    (void)state;
    for (int i = 0; i < 400; i += 2)
        memcpy(text + i, "\xc3\xa9", 2);
    text[400] = '\0';
    catch_file();
    log_setup(false, LOG_PROGRESS_ALWAYS);
    log_progress("%s", text);
    caught_text();
    assert_int_equal(strlen(caught), 1 + 2 * 79);
    log_setup(false, LOG_PROGRESS_NEVER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(outside_text_cannot_steer_a_terminal),
        cmocka_unit_test(one_event_is_one_line_without_colour),
        cmocka_unit_test(quiet_silences_information_alone),
        cmocka_unit_test(progress_changes_at_most_ten_times_a_second_and_is_erased),
        cmocka_unit_test(counted_progress_says_how_far_it_is),
        cmocka_unit_test(a_wait_says_until_when_and_why),
        cmocka_unit_test(a_terminal_gets_colour_unless_no_color_is_set),
        cmocka_unit_test(a_long_progress_line_is_cut_at_a_character),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
