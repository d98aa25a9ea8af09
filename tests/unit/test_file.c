/* tests/unit/test_file.c: whole files, and the ways out of the program that leave none
 * half-written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/file.h"
#include "base/stop.h"
#include "base/utc.h"

static char dir[64];

static int make_dir(void **state)
{
    (void)state;
    strcpy(dir, "/tmp/blindspot-file-XXXXXX");
    return mkdtemp(dir) ? 0 : -1;
}

static int remove_dir(void **state)
{
    DIR *d = opendir(dir);
    struct dirent *e;

    (void)state;
    while (d && (e = readdir(d)))
        if (e->d_name[0] != '.') {
            char *path = file_join(dir, e->d_name);

            remove(path);
            free(path);
        }
    if (d)
        closedir(d);
    return rmdir(dir);
}

static size_t count_files(void)
{
    DIR *d = opendir(dir);
    struct dirent *e;
    size_t n = 0;

    while ((e = readdir(d)))
        n += e->d_name[0] != '.';
    closedir(d);
    return n;
}

static void what_is_written_is_read_back(void **state)
{
    char *path = file_join(dir, "a");
    struct err err = {0};
    struct buf b = {0}, big = {0};

    (void)state;
    assert_int_equal(file_write(path, STR("one\0two"), &err), 0);
    assert_int_equal(file_read(path, 7, &b, &err), 0);
    assert_true(str_eq(buf_view(&b), STR("one\0two")));
    buf_puts(&b, "stale");
    for (int i = 0; i < 100000; i++)
        buf_printf(&big, "%d,", i);
    assert_int_equal(file_write(path, buf_view(&big), &err), 0);
    assert_int_equal(file_read(path, SIZE_MAX, &b, &err), 0);
    assert_true(str_eq(buf_view(&b), buf_view(&big)));
    assert_int_equal(file_write(path, STR_NONE, &err), 0);
    assert_int_equal(file_read(path, 0, &b, &err), 0);
    assert_int_equal(b.n, 0);
    assert_int_equal(count_files(), 1);
    buf_release(&b);
    buf_release(&big);
    unlink(path);
    free(path);
}

static void a_cap_and_a_missing_file_leave_the_output_alone(void **state)
{
    char *path = file_join(dir, "a");
    struct err err = {0};
    struct buf b = {0};

    (void)state;
    buf_puts(&b, "kept");
    assert_int_equal(file_read(path, 10, &b, &err), -1);
    assert_int_equal(err.kind, ERR_IO);
    assert_non_null(strstr(err.msg, path));
    assert_int_equal(file_write(path, STR("12345"), &err), 0);
    assert_int_equal(file_read(path, 4, &b, &err), -1);
    assert_int_equal(err.kind, ERR_INPUT);
    assert_int_equal(file_read(dir, 4, &b, &err), -1);
    assert_int_equal(err.kind, ERR_IO);
    assert_true(str_eq(buf_view(&b), STR("kept")));
    buf_release(&b);
    unlink(path);
    free(path);
}

static void standard_input_and_pipes_are_read_to_their_end(void **state)
{
    struct err err = {0};
    struct buf b = {0};
    int in = dup(STDIN_FILENO), ends[2], rc, over;

    (void)state;
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "from a pipe", 11), 11);
    close(ends[1]);
    dup2(ends[0], STDIN_FILENO);
    close(ends[0]);
    rc = file_read("-", 11, &b, &err);
    over = file_read("/dev/zero", 100000, &b, &err);
    dup2(in, STDIN_FILENO);
    close(in);
    assert_int_equal(rc, 0);
    assert_true(str_eq(buf_view(&b), STR("from a pipe")));
    assert_int_equal(over, -1);
    assert_int_equal(err.kind, ERR_INPUT);
    buf_release(&b);
}

static void a_file_appears_only_when_it_is_complete(void **state)
{
    char *path = file_join(dir, "a"), *tmp = file_join(dir, "a.tmp");
    struct file_out out = {0}, second = {0};
    struct err err = {0};
    struct buf b = {0};

    (void)state;
    assert_int_equal(file_write(path, STR("old"), &err), 0);
    assert_int_equal(file_create(&out, path, &err), 0);
    assert_true(fputs("new", out.f) >= 0);
    assert_true(file_exists(tmp));
    assert_int_equal(file_create(&second, path, &err), -1);      // one writer at a time
    assert_int_equal(err.kind, ERR_IO);
    assert_null(second.f);
    assert_int_equal(file_read(path, 10, &b, &err), 0);
    assert_true(str_eq(buf_view(&b), STR("old")));
    file_abandon(&out);
    file_abandon(&out);
    assert_false(file_exists(tmp));
    assert_int_equal(file_create(&out, path, &err), 0);
    assert_true(fputs("new", out.f) >= 0);
    assert_int_equal(file_close(&out, &err), 0);
    assert_null(out.f);
    assert_int_equal(file_read(path, 10, &b, &err), 0);
    assert_true(str_eq(buf_view(&b), STR("new")));
    assert_int_equal(count_files(), 1);
    buf_release(&b);
    unlink(path);
    free(path);
    free(tmp);
}

static void what_a_killed_run_left_is_overwritten(void **state)
{
    char *path = file_join(dir, "a"), *tmp = file_join(dir, "a.tmp");
    struct err err = {0};
    struct buf b = {0};
    FILE *f = fopen(tmp, "w");

    (void)state;
    assert_true(f && fputs("a long piece of an older run", f) >= 0 && fclose(f) == 0);
    assert_int_equal(file_write(path, STR("short"), &err), 0);
    assert_int_equal(file_read(path, 100, &b, &err), 0);
    assert_true(str_eq(buf_view(&b), STR("short")));
    assert_false(file_exists(tmp));
    buf_release(&b);
    unlink(path);
    free(path);
    free(tmp);
}

static void a_full_disk_is_an_error_and_leaves_nothing(void **state)
{
    char *path = file_join(dir, "a");
    struct file_out out = {0};
    struct err err = {0};
    int full = open("/dev/full", O_WRONLY | O_CLOEXEC);

    (void)state;
    if (full < 0)
        skip();
    assert_int_equal(file_create(&out, path, &err), 0);
    dup2(full, fileno(out.f));
    close(full);
    assert_true(fputs("lost", out.f) >= 0);
    assert_int_equal(file_close(&out, &err), -1);
    assert_int_equal(err.kind, ERR_IO);
    assert_false(file_exists(path));
    assert_int_equal(count_files(), 0);
    assert_int_equal(file_write("/nonexistent/a", STR("x"), &err), -1);
    assert_int_equal(err.kind, ERR_IO);
    free(path);
}

static void folders_are_made_with_their_parents(void **state)
{
    char *deep = file_join(dir, "x/y//z/"), *path = file_join(dir, "a"),
         *below = file_join(path, "b");
    struct err err = {0};
    struct stat st;

    (void)state;
    assert_int_equal(file_mkdirs(deep, &err), 0);
    assert_int_equal(file_mkdirs(deep, &err), 0);
    assert_int_equal(stat(deep, &st), 0);
    assert_true(S_ISDIR(st.st_mode));
    assert_int_equal(file_write(path, STR("x"), &err), 0);
    assert_int_equal(file_mkdirs(path, &err), -1);
    assert_int_equal(file_mkdirs(below, &err), -1);
    assert_int_equal(err.kind, ERR_IO);
    for (const char *const *p = (const char *const[]){ "x/y/z", "x/y", "x", NULL }; *p; p++) {
        char *one = file_join(dir, *p);

        assert_int_equal(rmdir(one), 0);
        free(one);
    }
    unlink(path);
    free(deep);
    free(path);
    free(below);
}

static void a_folder_is_locked_until_its_descriptor_is_closed(void **state)
{
    char *path = file_join(dir, "locked");
    struct err err = {0};
    int first = -1, second = -1;

    (void)state;
    assert_int_equal(file_lock_folder(path, 0, &first, &err), 0);
    assert_int_equal(file_lock_folder(path, 0, &second, &err), -1);
    assert_int_equal(err.kind, ERR_AGAIN);
    assert_int_equal(second, -1);
    close(first);
    assert_int_equal(file_lock_folder(path, 0, &second, &err), 0);
    close(second);
    free(path);
}

static void names_are_joined_by_one_slash(void **state)
{
    char *a = file_join("d", "f"), *b = file_join("d/", "f"), *c = file_join("", "f");

    (void)state;
    assert_string_equal(a, "d/f");
    assert_string_equal(b, "d/f");
    assert_string_equal(c, "f");
    free(a);
    free(b);
    free(c);
}

/* Runs what in a child whose stderr is a pipe; returns its exit code. */
static int in_child(void (*what)(void), char *said, size_t size)
{
    int ends[2], status = 0;
    size_t n = 0;
    ssize_t got;
    pid_t pid;

    assert_int_equal(pipe(ends), 0);
    fflush(NULL);
    pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        dup2(ends[1], STDERR_FILENO);
        what();
        _exit(0);
    }
    close(ends[1]);
    while (n < size - 1 && (got = read(ends[0], said + n, size - 1 - n)) > 0)
        n += (size_t)got;
    said[n] = '\0';
    close(ends[0]);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void promise_broken(void)
{
    die("field %d does not exist", 7);
}

static void memory_spent(void)
{
    free(xmalloc(UINT64_MAX));
}

static void library_gives_up(void)
{
    exit_guard();
    fputs("Fatal Internal Error in a library\n", stderr);
    exit(1);
}

static void program_ends_by_itself(void)
{
    exit_guard();
    exit_is_ours();
    exit(3);
}

static void stdout_full(void)
{
    struct err err = {0};
    int full = open("/dev/full", O_WRONLY | O_CLOEXEC);

    dup2(full, STDOUT_FILENO);
    printf("lost");
    _exit(file_flush_stdout(&err) == -1 && err.kind == ERR_IO ? 9 : 1);
}

static void signal_once(void)
{
    stop_install();
    raise(SIGINT);
    _exit(stop_asked() ? 7 : 1);
}

static void signal_twice(void)
{
    stop_install();
    raise(SIGTERM);
    raise(SIGINT);
}

static void signal_ends_a_wait(void)
{
    int64_t start = utc_tick_ms();

    stop_install();
    alarm(20);
    raise(SIGINT);
    utc_wait_ms(600000);
    _exit(utc_tick_ms() - start < 10000 ? 8 : 1);
}

static void the_program_ends_with_the_documented_codes(void **state)
{
    char said[300];

    (void)state;
    assert_int_equal(in_child(promise_broken, said, sizeof said), 5);
    assert_string_equal(said, "blindspot: field 7 does not exist\n");
    assert_int_equal(in_child(memory_spent, said, sizeof said), 5);
    assert_non_null(strstr(said, "blindspot: out of memory"));
    assert_int_equal(in_child(library_gives_up, said, sizeof said), 5);
    assert_non_null(
        strstr(said, "in a library\nblindspot: a library could not go on, and says why above\n"));
    assert_int_equal(in_child(program_ends_by_itself, said, sizeof said), 3);
    assert_string_equal(said, "");
    assert_int_equal(in_child(stdout_full, said, sizeof said), 9);
    assert_int_equal(in_child(signal_once, said, sizeof said), 7);
    assert_int_equal(in_child(signal_twice, said, sizeof said), 130);
    assert_int_equal(in_child(signal_ends_a_wait, said, sizeof said), 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read_back),
        cmocka_unit_test(a_cap_and_a_missing_file_leave_the_output_alone),
        cmocka_unit_test(standard_input_and_pipes_are_read_to_their_end),
        cmocka_unit_test(a_file_appears_only_when_it_is_complete),
        cmocka_unit_test(what_a_killed_run_left_is_overwritten),
        cmocka_unit_test(a_full_disk_is_an_error_and_leaves_nothing),
        cmocka_unit_test(folders_are_made_with_their_parents),
        cmocka_unit_test(a_folder_is_locked_until_its_descriptor_is_closed),
        cmocka_unit_test(names_are_joined_by_one_slash),
        cmocka_unit_test(the_program_ends_with_the_documented_codes),
    };

    return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
