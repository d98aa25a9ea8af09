/* tests/unit/test_other.c: another audit is looked at, and stays byte for byte what it was:
 * as it lies, with a log beside it, of an older schema, with other rules; and bundles. */
#include "tests/unit/audit_box.h"
#include <sys/stat.h>
#include <sys/wait.h>
#include "audit/keep/export.h"
#include "audit/other.h"
#include "audit/verdict/label.h"
#include "audit/verdict/summarize.h"
#include "base/stop.h"
#include "base/tar.h"
#include "tests/unit/outside.h"

__asm__(".section .rodata, \"a\"\n"
        "back_to_7_sql:\n"
        ".incbin \"tests/unit/back_to_7.sql\"\n"
        ".byte 0\n"
        ".previous\n");
extern const char back_to_7_sql[];

/* As outside_run, by a process that ends in the middle. */
static void outside_leave(const char *path, const char *sql)
{
    sqlite3 *db;

    if (sqlite3_open(path, &db) != SQLITE_OK ||
        sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
        _exit(1);
    _exit(0);
}

static char bundle[96], tmp[64];               // tmp: no other test makes folders there

/* Names, sizes, times of change and bytes of all that lies in the folder. */
static struct digest state_of(const char *folder)
{
    struct digest_ctx sum;
    struct dirent **names;
    int n = scandir(folder, &names, NULL, alphasort);

    assert_true(n > 0);
    digest_start(&sum);
    for (int i = 0; i < n; i++) {
        char *path = file_join(folder, names[i]->d_name);
        struct err err = {0};
        struct digest bytes;
        struct stat st;
        bool above = !strcmp(names[i]->d_name, "..");

        assert_int_equal(stat(path, &st), 0);
        if (above)
            st.st_mtim = (struct timespec){0};
        digest_add(&sum, names[i]->d_name, strlen(names[i]->d_name));
        digest_add(&sum, &st.st_mtim, sizeof st.st_mtim);
        if (S_ISREG(st.st_mode)) {
            assert_int_equal(file_digest(path, &bytes, &err), 0);
            digest_add(&sum, bytes.b, sizeof bytes.b);
        }
        free(names[i]);
        free(path);
    }
    free(names);
    return digest_finish(&sum);
}

static void same_state(const struct digest *before)
{
    const struct digest now = state_of(dir);

    assert_memory_equal(before->b, now.b, DIGEST_BYTES);
}

/* A few items with answers: one retrieved, one missing and public, the others never asked. */
static void fill(void)
{
    ask(AT(1, 9), "0+ 1 2+");
    page(1, AT(1, 10), PUBLIC);
    ask(AT(2, 9), "1 c0+");
    page(1, AT(2, 10), PUBLIC);
}

static void end_writing(void)
{
    struct err err = {0};

    store_sink_release(&sink);
    assert_int_equal(audit_close(&audit, &err), 0);
}

static int gone(void **state)
{
    struct err err = {0};

    (void)state;
    if (audit.store) {
        store_sink_release(&sink);
        assert_int_equal(audit_close(&audit, &err), 0);
    }
    if (*bundle)
        unlink(bundle);
    *bundle = '\0';
    remove_all(dir);
    unsetenv("BLINDSPOT_CLOCK");
    return 0;
}

/* What it says of all its items, by its own rules or others. */
static int64_t read_other(const char *path, const struct rulebook *rules, struct summary *out)
{
    static const char *sets[] = { "api.confirm_days=1", "api.residual=0.9" };
    const struct opt_list list = { .v = sets, .n = 2 };
    static struct summary s;
    struct arena mem = {0};
    struct other o;
    struct err err = {0};

    if (other_find(&o, path, &err) || other_open(&o, rules, &list, &err) ||
        labels_refresh(&o.audit, &err) || summarize(&o.audit, &mem, &s, NULL, &err))
        fail_msg("%s", err.msg);
    if (other_close(&o, &err))
        fail_msg("%s", err.msg);
    if (out)
        *out = s;
    arena_release(&mem);
    return s.waterfall.n[NODE_ITEMS];
}

static void a_folder_is_read_and_does_not_change(void **state)
{
    struct digest before;
    (void)state;

    fill();
    end_writing();
    before = state_of(dir);
    assert_int_equal(read_other(dir, NULL, NULL), ITEMS);    // labels are made for this alone
    same_state(&before);
}

static void commits_in_a_log_are_seen_and_stay_there(void **state)
{
    char *log = file_join(dir, "audit.db-wal");
    struct digest before;
    struct stat st;
    int status;
    pid_t pid;
    (void)state;

    end_writing();
    pid = fork();
    if (pid == 0) {      // a writer that is killed leaves its log behind
        struct new_item one = { .id = ID(ITEMS + 5) };
        struct err err = {0};

        unsetenv("BLINDSPOT_CLOCK");
        if (audit_open(&audit, dir, NULL, STORE_WRITE, &err))
            _exit(1);
        add_items(&one, 1);
        _exit(0);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    assert_int_equal(stat(log, &st), 0);
    assert_true(st.st_size > 0);
    before = state_of(dir);
    assert_int_equal(read_other(dir, NULL, NULL), ITEMS + 1);
    same_state(&before);
    free(log);
}

/* As a killed run leaves it where the store came out of a bundle: one more item is in it,
 * not committed. */
static void a_journal_is_rolled_back_in_the_copy_alone(void **state)
{
    char *db = file_join(dir, "audit.db"), *hot = file_join(dir, "audit.db-journal");
    struct digest before;
    int status;
    pid_t pid;
    (void)state;

    end_writing();
    outside_run(db, "PRAGMA journal_mode = DELETE");
    pid = fork();
    if (pid == 0) {
        outside_leave(db, "PRAGMA cache_size = 1; PRAGMA cache_spill = 1; BEGIN;"
                          "INSERT INTO item (n, id, handle) SELECT n + 5000, id + 1000, handle"
                          " FROM item; DELETE FROM meta");
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    if (file_exists(hot)) {
        before = state_of(dir);
        assert_int_equal(read_other(dir, NULL, NULL), ITEMS);
        same_state(&before);
    } else {
        fail_msg("no journal was left behind");
    }
    free(hot);
    free(db);
}

static void beside_a_run_it_is_read_as_committed_last(void **state)
{
    (void)state;
    fill();
    assert_int_equal(read_other(dir, NULL, NULL), ITEMS);
    page(1, AT(2, 11), PUBLIC);                              // the run goes on
}

static void an_older_schema_is_brought_up_to_date_in_a_copy(void **state)
{
    char *db = file_join(dir, "audit.db");
    struct digest before;
    (void)state;

    fill();
    end_writing();
    outside_run(db, back_to_7_sql);
    before = state_of(dir);
    assert_int_equal(read_other(dir, NULL, NULL), ITEMS);
    same_state(&before);
    assert_int_equal(outside_number(db, "PRAGMA user_version"), 7);
    free(db);
}

static void other_rules_label_it_anew_and_leave_its_labels(void **state)
{
    static const char rules[] = "[all-ads]\nlabel = ad\nwhen = page.outcome = public\n";
    char *path = file_join(dir, "mine.rules");
    struct classify_result result;
    struct rulebook book;
    struct summary own, others;
    struct digest before;
    struct err err = {0};
    (void)state;

    fill();
    audit.set.api_confirm_days = 1;
    audit.set.api_residual = 0.9;
    assert_int_equal(sink.commit(sink.to, &err), 0);
    assert_int_equal(labels_make(&audit, &result, &err), 0);
    end_writing();
    assert_int_equal(file_write(path, STR(rules), &err), 0);
    before = state_of(dir);
    assert_int_equal(rulebook_read(&book, path, &err), 0);
    read_other(dir, NULL, &own);
    read_other(dir, &book, &others);
    assert_int_equal(own.label[LABEL_AD], 0);
    assert_int_equal(others.label[LABEL_AD], 1);
    same_state(&before);
    rulebook_release(&book);
    free(path);
}

static void rules_are_the_same_with_their_lists_alone(void **state)
{
    char *list = file_join(dir, "company_handles.txt"), *rules = file_join(dir, "rules.ini");
    struct rulebook shipped, a, b;
    struct err err = {0};
    (void)state;

    assert_int_equal(rulebook_shipped(&shipped, &err), 0);
    assert_int_equal(rulebook_read(&a, rules, &err), 0);
    assert_true(rulebook_same(&shipped, &a));
    assert_int_equal(file_write(list, STR("somebody\n"), &err), 0);
    assert_int_equal(rulebook_read(&b, rules, &err), 0);
    assert_false(rulebook_same(&a, &b));
    assert_memory_equal(a.digest.b, b.digest.b, DIGEST_BYTES);
    rulebook_release(&shipped);
    rulebook_release(&a);
    rulebook_release(&b);
    free(rules);
    free(list);
}

/* ---- bundles ---- */

static void make_bundle(void)
{
    struct digest manifest;
    struct err err = {0};

    assert_int_equal(sink.commit(sink.to, &err), 0);
    snprintf(bundle, sizeof bundle, "%s.tar", dir);
    if (export_bundle(&audit, bundle, &(struct seal_opts){ 0 }, &manifest, &err))
        fail_msg("%s", err.msg);
}

static int left_behind(void)
{
    struct dirent *e;
    DIR *d = opendir(tmp);
    int n = 0;

    while (d && (e = readdir(d)))
        n += !strncmp(e->d_name, "blindspot-bundle-", strlen("blindspot-bundle-"));
    closedir(d);
    return n;
}

static void a_bundle_is_read_and_leaves_nothing_behind(void **state)
{
    const int before = left_behind();
    (void)state;

    fill();
    make_bundle();
    end_writing();
    assert_int_equal(read_other(bundle, NULL, NULL), ITEMS);
    assert_int_equal(left_behind(), before);
}

static void refuse(const char *path, enum err_kind kind, const char *says)
{
    const int before = left_behind();
    struct other o;
    struct err err = {0}, later = {0};

    assert_int_equal(other_find(&o, path, &err), -1);
    assert_int_equal(err.kind, kind);
    assert_non_null(strstr(err.msg, says));
    assert_int_equal(other_close(&o, &later), 0);
    assert_int_equal(left_behind(), before);
}

static void a_changed_bundle_is_refused(void **state)
{
    FILE *f;
    (void)state;

    fill();
    make_bundle();
    end_writing();
    f = fopen(bundle, "r+b");
    assert_non_null(f);
    fseek(f, 512 + 30000, SEEK_SET);
    fputc('!', f);
    fclose(f);
    refuse(bundle, ERR_INPUT, "audit.db has another digest");
    assert_int_equal(truncate(bundle, 5000), 0);
    refuse(bundle, ERR_INPUT, bundle);
}

/* Named twice, it would make up in number for one that is not named at all. */
static void a_file_that_the_manifest_does_not_name_is_found(void **state)
{
    static const char line[] =
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  a.txt\n";
    struct tar_out *tar;
    struct buf manifest = {0};
    struct err err = {0};
    (void)state;

    end_writing();
    snprintf(bundle, sizeof bundle, "%s.tar", dir);
    buf_puts(&manifest, line);
    buf_puts(&manifest, line);
    assert_int_equal(tar_create(&tar, bundle, &err), 0);
    assert_int_equal(tar_add_bytes(tar, "a.txt", STR("abc"), &err), 0);
    assert_int_equal(tar_add_bytes(tar, "audit.db", STR("not named"), &err), 0);
    assert_int_equal(tar_add_bytes(tar, BUNDLE_MANIFEST, buf_view(&manifest), &err), 0);
    assert_int_equal(tar_close(tar, &err), 0);
    buf_release(&manifest);
    refuse(bundle, ERR_INPUT, "not what was sealed");
}

static void what_is_neither_is_refused(void **state)
{
    char *empty = file_join(dir, "evidence"), *ini = file_join(dir, "blindspot.ini");
    (void)state;

    end_writing();
    refuse("/nowhere/at/all", ERR_USAGE, "/nowhere/at/all");
    refuse("/dev/null", ERR_USAGE, "expected the folder");
    refuse(empty, ERR_USAGE, "no audit in it");
    refuse(ini, ERR_INPUT, ini);
    free(ini);
    free(empty);
}

/* An asked-for stop ends the unpacking; last, for it stays asked. */
static void interrupted_it_leaves_nothing_behind(void **state)
{
    (void)state;
    fill();
    make_bundle();
    end_writing();
    stop_ask();
    refuse(bundle, ERR_STOPPED, "interrupted");
}

static int begin(void **state)
{
    (void)state;
    temp_name(tmp, sizeof tmp);
    assert_non_null(mkdtemp(tmp));
    setenv("TMPDIR", tmp, 1);
    return 0;
}

static int end(void **state)
{
    (void)state;
    remove_all(tmp);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_folder_is_read_and_does_not_change, setup, gone),
        cmocka_unit_test_setup_teardown(commits_in_a_log_are_seen_and_stay_there, setup, gone),
        cmocka_unit_test_setup_teardown(a_journal_is_rolled_back_in_the_copy_alone, setup, gone),
        cmocka_unit_test_setup_teardown(beside_a_run_it_is_read_as_committed_last, setup, gone),
        cmocka_unit_test_setup_teardown(an_older_schema_is_brought_up_to_date_in_a_copy, setup,
                                        gone),
        cmocka_unit_test_setup_teardown(other_rules_label_it_anew_and_leave_its_labels, setup,
                                        gone),
        cmocka_unit_test_setup_teardown(rules_are_the_same_with_their_lists_alone, setup, gone),
        cmocka_unit_test_setup_teardown(a_bundle_is_read_and_leaves_nothing_behind, setup, gone),
        cmocka_unit_test_setup_teardown(a_changed_bundle_is_refused, setup, gone),
        cmocka_unit_test_setup_teardown(a_file_that_the_manifest_does_not_name_is_found, setup,
                                        gone),
        cmocka_unit_test_setup_teardown(what_is_neither_is_refused, setup, gone),
        cmocka_unit_test_setup_teardown(interrupted_it_leaves_nothing_behind, setup, gone),
    };
    return cmocka_run_group_tests_name("other", tests, begin, end);
}
