/* The store: making and opening, items in and out, labels, differences. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/utc.h"
#include "store/answers.h"
#include "store/asks.h"
#include "store/about.h"
#include "store/check.h"
#include "store/draw.h"
#include "store/evidence.h"
#include "store/expect.h"
#include "store/inner.h"
#include "store/items.h"
#include "store/meta.h"
#include "store/note.h"
#include "store/purge.h"
#include "store/records.h"
#include "store/replay.h"
#include "store/results.h"
#include "store/store.h"
#include "store/watch.h"
#include "store/work.h"
#include "tests/unit/moved_clock.h"
#include "tests/unit/outside.h"
#include "tests/unit/temp.h"

#define ID(i) (7300000000000000000ull + (uint64_t)(i) * 4294967296ull)

static char dir[64], path[96];

static int setup(void **state)
{
    struct err err = {0};

    (void)state;
    temp_name(dir, sizeof dir);
    assert_non_null(mkdtemp(dir));
    snprintf(path, sizeof path, "%s/audit.db", dir);
    outside_place(path);    // BLINDSPOT_TEST_PG
    assert_int_equal(store_create(path, &err), 0);
    return 0;
}

static int teardown(void **state)
{
    char name[128];
    static const char *const ends[] = { "", "-lock", "-wal", "-shm", ".new" };

    (void)state;
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        snprintf(name, sizeof name, "%s%s", path, ends[i]);
        unlink(name);
    }
    assert_int_equal(rmdir(dir), 0);
    return 0;
}

static struct store *open_store(void)
{
    struct store *s = NULL;
    struct err err = {0};

    if (store_open(&s, path, STORE_WRITE, &err))
        fail_msg("%s", err.msg);
    return s;
}

static void close_store(struct store *s)
{
    struct err err = {0};

    assert_int_equal(store_close(s, &err), 0);
}

static void outside(const char *sql)
{
    outside_run(path, sql);
}

static int64_t outside_int(const char *sql)
{
    return outside_number(path, sql);
}

static struct add_count add(struct store *s, int64_t source, int from, int to, const char *handle)
{
    struct new_item *it = calloc((size_t)(to - from), sizeof *it);
    struct add_count counts = {0};
    struct err err = {0};

    for (int i = from; i < to; i++) {
        it[i - from].id = ID(i);
        snprintf(it[i - from].handle, sizeof it->handle, "%s", handle);
    }
    assert_int_equal(store_add_items(s, source, it, (size_t)(to - from), &counts, &err), 0);
    free(it);
    return counts;
}

static int64_t source_of(struct store *s, const char *kind, int byte)
{
    struct digest d = {{ (uint8_t)byte }};
    struct err err = {0};
    int64_t n;

    assert_int_equal(store_source(s, kind, &d, &n, &err), 0);
    return n;
}

static void bound_of_the_clocks_only_grows(void **state)
{
    struct store *s = open_store();
    struct err err = {0};
    int64_t ms = -1;

    (void)state;
    assert_int_equal(store_clock_bound(s, &ms, &err), 0);
    assert_int_equal(ms, 0);
    assert_int_equal(store_clock_bound_raise(s, 12, &err), 0);
    assert_int_equal(store_clock_bound_raise(s, 3, &err), 0);
    close_store(s);
    s = open_store();
    assert_int_equal(store_clock_bound(s, &ms, &err), 0);
    assert_int_equal(ms, 12);
    assert_int_equal(store_clock_bound_raise(s, 13, &err), 0);
    assert_int_equal(store_clock_bound(s, &ms, &err), 0);
    assert_int_equal(ms, 13);
    close_store(s);
}

static int64_t event_at(struct store *s)
{
    struct buf text = { 0 };
    struct err err = { 0 };
    int64_t at = 0;

    assert_int_equal(store_event(s, "clock", 0, STR("now"), &err), 0);
    assert_int_equal(store_last_event(s, "clock", &at, &text, &err), 0);
    buf_release(&text);
    return at;
}

/* An instant is the server's, where there is one; one machine's own clock is what it says. */
static void whose_clock_instants_go_by(void **state)
{
    const bool far = outside_server() != NULL;
    const int64_t real = utc_now();
    struct store *s;
    int64_t at;

    (void)state;
    day_later_s = far ? 2 : 50;
    s = open_store();
    at = event_at(s);
    assert_true(far ? at <= real + 1 : at >= real + 50);
    assert_int_equal(utc_bound_ms() > 0, far);
    day_later_s = 0;
    hour_later_s = 3601;    // measured again, in between two writes
    at = event_at(s);
    assert_true(at >= real && at <= real + 1);
    assert_true(!far || (utc_corrected_ms() > -500 && utc_corrected_ms() < 500));
    hour_later_s = 0;
    close_store(s);
    utc_correct_end();
}

static void new_store_has_an_id_and_a_seed(void **state)
{
    struct store *s = open_store();
    struct err err = {0};
    struct buf text = {0}, again = {0};

    (void)state;
    assert_int_equal(store_meta_get(s, META_AUDIT, &text, &err), 0);
    assert_int_equal(text.n, 16);
    assert_int_equal(store_meta_get(s, META_SEED, &text, &err), 0);
    assert_int_equal(text.n, 64);
    assert_int_equal(store_meta_get(s, META_WITNESS_OF, &again, &err), 0);
    assert_int_equal(again.n, 0);
    assert_int_equal(store_meta_set(s, META_REVIEW, STR("2"), &err), 0);
    close_store(s);
    s = open_store();
    assert_int_equal(store_meta_get(s, META_SEED, &again, &err), 0);
    assert_true(str_eq(buf_view(&text), buf_view(&again)));
    assert_int_equal(store_meta_get(s, META_REVIEW, &again, &err), 0);
    assert_true(str_eq(buf_view(&again), STR("2")));
    assert_int_equal(store_begin(s, &err), 0);
    assert_int_equal(store_meta_set(s, META_REVIEW, STR("3"), &err), 0);
    store_rollback(s);
    assert_int_equal(store_meta_get(s, META_REVIEW, &again, &err), 0);
    assert_true(str_eq(buf_view(&again), STR("2")));
    close_store(s);
    buf_release(&text);
    buf_release(&again);
}

static void create_never_touches_what_is_there(void **state)
{
    struct err err = {0};

    (void)state;
    assert_int_equal(store_create(path, &err), -1);
    assert_int_equal(err.kind, ERR_USAGE);
    close_store(open_store());
}

static void foreign_and_newer_files_are_refused_as_input(void **state)
{
    struct store *s = NULL;
    struct err err = {0};
    FILE *f;

    (void)state;
    if (outside_server())    // files are SQLite's
        skip();
    outside("PRAGMA user_version = 99");
    assert_int_equal(store_open(&s, path, STORE_WRITE, &err), -1);
    assert_int_equal(err.kind, ERR_INPUT);
    assert_non_null(strstr(err.msg, "newer"));
    outside("PRAGMA user_version = 1; PRAGMA application_id = 5");
    assert_int_equal(store_open(&s, path, STORE_READ, &err), -1);
    assert_int_equal(err.kind, ERR_INPUT);
    f = fopen(path, "wb");
    for (int i = 0; i < 5000; i++)
        fputc("no database at all "[i % 19], f);
    fclose(f);
    assert_int_equal(store_open(&s, path, STORE_WRITE, &err), -1);
    assert_int_equal(err.kind, ERR_INPUT);
    assert_null(s);
}

static void older_store_gets_the_fields_it_lacks(void **state)
{
    struct err err = {0};
    struct store *s = open_store();

    (void)state;
    if (outside_server())    // the break is in SQLite's words
        skip();
    add(s, source_of(s, "list", 1), 0, 3, "");
    close_store(s);
    outside(
        "DROP VIEW v_pairs; ALTER TABLE record DROP COLUMN mask_type; ALTER TABLE counter DROP "
        "COLUMN repost_count;"
        "DELETE FROM word WHERE kind = 'field' AND name = 'mask_type';"
        "INSERT INTO label (item, ruleset, state, label, reason, rule, basis, confirmed, asked, "
        "days, first_at, last_at, sound_days, sound_list, residual, created_at, message, page_at, "
        "later_refused_at, place, region, account, api_request, page_request, rules_hit, handle)"
        " VALUES (1,1,0,0,0,'',0,0,0,0,0,0,0,'',0,0,'',0,0,'','',0,0,0,'','')");
    assert_int_equal(store_open(&s, path, STORE_READ, &err), 0);
    close_store(s);
    assert_int_equal(
        outside_int("SELECT count(*) FROM pragma_table_info('record') WHERE name = 'mask_type'"),
        1);
    assert_int_equal(
        outside_int(
            "SELECT count(*) FROM pragma_table_info('counter') WHERE name = 'repost_count'"),
        1);
    assert_int_equal(outside_int("SELECT count(*) FROM item"), 3);
    assert_int_equal(outside_int("SELECT count(*) FROM label"),
                     0);    // its words may mean something else now
}

static void one_process_writes_and_any_may_read(void **state)
{
    struct store *s = open_store(), *reader = NULL;
    struct err err = {0};
    int status, go[2], done[2];
    char c;
    pid_t pid;

    (void)state;
    assert_int_equal(store_open(&reader, path, STORE_WRITE, &err), -1);
    assert_int_equal(err.kind, ERR_AGAIN);
    assert_non_null(strstr(err.msg, "another blindspot"));
    assert_int_equal(store_open(&reader, path, STORE_READ, &err), 0);
    assert_int_equal(store_meta_set(reader, META_REVIEW, STR("1"), &err), -1);
    close_store(reader);
    close_store(s);
    assert_int_equal(pipe(go) | pipe(done), 0);
    pid = fork();
    if (pid == 0) {             // holds the lock until it is killed
        if (store_open(&s, path, STORE_WRITE, &err) == 0 && write(go[1], "x", 1) == 1)
            (void)!read(done[0], &c, 1);
        _exit(1);
    }
    assert_int_equal(read(go[0], &c, 1), 1);
    assert_int_equal(store_open(&s, path, STORE_WRITE, &err), -1);
    assert_int_equal(err.kind, ERR_AGAIN);
    kill(pid, SIGKILL);
    waitpid(pid, &status, 0);
    close_store(open_store());
    close(go[0]); close(go[1]); close(done[0]); close(done[1]);
}

/* Whose it is, the lock, and what stands in it. */
static void store_is_opened_in_three_ways_with_its_small_facts(void **state)
{
    struct store *s = open_store();
    struct buf text = { 0 };
    struct err err = { 0 };
    int64_t before;

    (void)state;
    before = db_trips(s->db);
    assert_int_equal(store_meta_set(s, META_REVIEW, STR("7"), &err), 0);
    assert_int_equal(db_trips(s->db), before);    // it is there when the store is closed
    close_store(s);
    s = open_store();
    assert_int_equal(store_meta_get(s, META_REVIEW, &text, &err), 0);
    assert_true(str_eq(buf_view(&text), STR("7")));
    if (outside_server())
        assert_int_equal(db_trips(s->db), 3);
    assert_int_equal(store_meta_drop(s, META_REVIEW, &err), 0);
    before = db_trips(s->db);
    assert_int_equal(store_meta_get(s, META_REVIEW, &text, &err), 0);
    assert_int_equal(text.n, 0);
    assert_int_equal(db_trips(s->db), before);    // the others are known still
    close_store(s);
    s = open_store();
    assert_int_equal(store_meta_get(s, META_REVIEW, &text, &err), 0);
    assert_int_equal(text.n, 0);
    close_store(s);
    buf_release(&text);
}

static void what_a_view_begins_with_comes_on_one_way(void **state)
{
    struct store *s = open_store();
    struct err err = { 0 };
    int64_t before = db_trips(s->db), n;

    (void)state;
    assert_int_equal(store_expect_view(s, &err), 0);
    assert_int_equal(store_count_requests(s, &n, &err), 0);
    assert_int_equal(store_max_item(s, &n, &err), 0);
    if (outside_server())
        assert_int_equal(db_trips(s->db) - before, 1);
    close_store(s);
}

static void set_label_by(struct store *s, int64_t item, enum reason reason, uint8_t rules)
{
    struct label_row l = { .item = item, .state = STATE_OPEN, .reason = reason,
                           .page = ANSWER_COUNT, .rule = STR("") };
    struct err err = {0};

    assert_int_equal(store_labels_begin(s, &(struct digest){{ rules }}, STR("rules"), &err), 0);
    assert_int_equal(store_label_put(s, &l, &err), 0);
    assert_int_equal(store_labels_end(s, &err), 0);
}

static void set_label(struct store *s, int64_t item, enum reason reason)
{
    set_label_by(s, item, reason, 4);
}

static int64_t label_reason(struct store *s, int64_t item)
{
    struct label_cursor *c = NULL;
    struct label_row l;
    struct err err = {0};
    int64_t reason = -1;

    assert_int_equal(store_labels(s, &c, &err), 0);
    while (label_cursor_next(c, &l, &err) > 0)
        if (l.item == item)
            reason = l.reason;
    label_cursor_close(c);
    return reason;
}

static void reader_keeps_the_moment_at_which_it_began(void **state)
{
    struct store *s = open_store(), *reader = NULL;
    struct store_totals t;
    struct err err = {0};

    (void)state;
    add(s, source_of(s, "list", 1), 0, 3, "");
    assert_int_equal(store_open(&reader, path, STORE_READ, &err), 0);
    add(s, source_of(s, "list", 2), 3, 9, "");
    assert_int_equal(store_totals(reader, &t, &err), 0);
    assert_int_equal(t.items, 3);
    close_store(reader);
    assert_int_equal(store_open(&reader, path, STORE_READ, &err), 0);
    assert_int_equal(store_totals(reader, &t, &err), 0);
    assert_int_equal(t.items, 9);
    close_store(reader);
    close_store(s);
}

/* What a reader makes anew while another process works is its own; where nobody
 * works it is everybody's. */
static void refreshing_needs_no_lock_and_changes_nothing_of_others(void **state)
{
    struct store *s = open_store(), *reader = NULL;
    struct buf text = {0};
    struct err err = {0};
    int64_t source;

    (void)state;
    add(s, source_of(s, "list", 1), 0, 3, "");
    set_label(s, 1, REASON_NOT_ASKED);
    assert_int_equal(store_open(&reader, path, STORE_REFRESH, &err), 0);
    assert_true(store_is_private(reader));
    set_label(reader, 1, REASON_TOO_RECENT);
    set_label(reader, 2, REASON_UNOBSERVED);        // again: all former ones go
    assert_int_equal(store_meta_set(reader, META_LABELS_OF, STR("mine"), &err), 0);
    assert_int_equal(store_source(reader, "list", &(struct digest){{ 2 }}, &source, &err), -1);
    assert_int_equal(err.kind, ERR_AGAIN);
    assert_int_equal(label_reason(reader, 1), -1);
    assert_int_equal(label_reason(reader, 2), REASON_UNOBSERVED);
    assert_int_equal(store_labels_begin(reader, &(struct digest){{ 5 }}, STR(""), &err), 0);
    store_rollback(reader);
    assert_int_equal(label_reason(reader, 2), REASON_UNOBSERVED);
    assert_int_equal(store_meta_set(s, META_REVIEW, STR("3"), &err), 0);      // nobody waits
    assert_int_equal(label_reason(s, 1), REASON_NOT_ASKED);
    assert_int_equal(store_meta_get(s, META_LABELS_OF, &text, &err), 0);
    assert_int_equal(text.n, 0);
    assert_int_equal(store_meta_get(reader, META_LABELS_OF, &text, &err), 0);
    assert_string_equal(buf_cstr(&text), "mine");
    assert_int_equal(store_meta_get(reader, META_REVIEW, &text, &err), 0);
    assert_int_equal(text.n, 0);
    close_store(reader);
    close_store(s);
    assert_int_equal(store_open(&reader, path, STORE_REFRESH, &err), 0);
    assert_false(store_is_private(reader));
    set_label(reader, 3, REASON_UNOBSERVED);
    close_store(reader);
    s = open_store();
    assert_int_equal(label_reason(s, 3), REASON_UNOBSERVED);
    close_store(s);
    buf_release(&text);
}

static void every_item_is_kept_once_whatever_the_order(void **state)
{
    struct store *s = open_store();
    int64_t a = source_of(s, "list", 1), b = source_of(s, "csv", 2), n;
    struct add_count c;
    struct err err = {0};
    struct store_totals t;

    (void)state;
    assert_int_equal(source_of(s, "list", 1), a);
    c = add(s, a, 1000, 2000, "");
    assert_int_equal(c.fresh, 1000);
    c = add(s, b, 500, 1500, "mira");          // half before, half known
    assert_int_equal(c.fresh, 500);
    assert_int_equal(c.duplicates, 500);
    c = add(s, b, 500, 1500, "");              // the same file again
    assert_int_equal(c.fresh, 0);
    assert_int_equal(c.duplicates, 1000);
    assert_int_equal(store_item_find(s, ID(1999), &n, &err), 0);
    assert_int_equal(n, 1000);
    assert_int_equal(store_item_find(s, ID(500), &n, &err), 0);
    assert_int_equal(n, 1001);
    assert_int_equal(store_item_find(s, ID(499), &n, &err), 0);
    assert_int_equal(n, 0);
    assert_int_equal(store_totals(s, &t, &err), 0);
    assert_int_equal(t.items, 1500);
    assert_int_equal(t.max_item, 1500);
    assert_int_equal(t.not_asked, 1500);
    assert_int_equal(store_count_sources(s, NULL, &n, &err), 0);
    assert_int_equal(n, 2);
    assert_int_equal(store_count_sources(s, "csv", &n, &err), 0);
    assert_int_equal(n, 1);
    close_store(s);
    // ranges, not rows: items 1..1000 of a; 1..500 and 1001..1500 of b
    assert_int_equal(outside_int("SELECT count(*) FROM item_source"), 3);
    assert_int_equal(
        outside_int("SELECT sum(last_n - first_n + 1) FROM item_source WHERE source = 2"), 1000);
    assert_int_equal(outside_int("SELECT count(*) FROM item WHERE handle = 'mira'"), 1000);
}

static void ranges_of_a_source_never_overlap(void **state)
{
    struct store *s = open_store();
    int64_t base = source_of(s, "list", 1), other = source_of(s, "list", 2);

    (void)state;
    add(s, base, 0, 100, "");
    add(s, other, 10, 20, "");
    add(s, other, 40, 50, "");
    add(s, other, 70, 80, "");
    add(s, other, 15, 75, "");                 // touches all three
    add(s, other, 79, 120, "");                // beyond what base has
    add(s, other, 0, 120, "");                 // all of it
    close_store(s);
    assert_int_equal(
        outside_int("SELECT sum(last_n - first_n + 1) FROM item_source WHERE source = 2"), 120);
    assert_int_equal(
        outside_int(
            "SELECT count(*) FROM item_source a JOIN item_source b ON a.source = b.source AND"
            " a.first_n < b.first_n AND a.last_n >= b.first_n"),
        0);
}

static void provisional_source_gets_its_name_or_joins_its_twin(void **state)
{
    struct store *s = open_store();
    struct digest d = {{ 7 }};
    struct err err = {0};
    int64_t one, two, n;
    enum link_fate fate;

    (void)state;
    assert_int_equal(store_source_new(s, &one, &err), 0);
    add(s, one, 0, 10, "");
    assert_int_equal(store_source_named(s, one, "list", &d, &err), 0);
    assert_int_equal(store_source_new(s, &two, &err), 0);
    assert_int_not_equal(one, two);
    add(s, two, 0, 12, "");
    assert_int_equal(store_add_link(s, two, STR("https://vm.tiktok.com/ZMabc/"), 5, &fate, &err),
                     0);
    assert_int_equal(store_source_named(s, two, "list", &d, &err), 0);
    assert_int_equal(store_count_sources(s, "list", &n, &err), 0);
    assert_int_equal(n, 1);
    close_store(s);
    assert_int_equal(outside_int("SELECT count(*) FROM item_source WHERE source = 2"), 0);
    assert_int_equal(
        outside_int("SELECT sum(last_n - first_n + 1) FROM item_source WHERE source = 1"), 12);
    assert_int_equal(outside_int("SELECT source FROM link_source"), 1);
}

/* What another process that adds does in a transaction: posts 12, 13 and 30. */
#define ADDED_ELSEWHERE                                                          \
    "UPDATE numbered SET last = last + 3 WHERE kind = 'item';"                   \
    "INSERT INTO item (n, id, handle) SELECT last - 2, 7300000051539607552, ''"  \
    " FROM numbered WHERE kind = 'item' UNION ALL"                               \
    " SELECT last - 1, 7300000055834574848, '' FROM numbered WHERE kind = 'item' UNION ALL" \
    " SELECT last, 7300000128849018880, '' FROM numbered WHERE kind = 'item'"

static void assert_added_beside(void)
{
    assert_int_equal(outside_int("SELECT count(*) FROM item"), 21);
    assert_int_equal(outside_int("SELECT max(n) FROM item"), 21);    // and no gap
    assert_int_equal(outside_int("SELECT last FROM numbered WHERE kind = 'item'"), 21);
    assert_int_equal(outside_int("SELECT count(*) FROM item_source r JOIN item i"
                                 " ON i.n BETWEEN r.first_n AND r.last_n WHERE r.source = 1"),
                     20);
    assert_int_equal(outside_int("SELECT count(*) FROM item_source r JOIN item i"
                                 " ON i.n BETWEEN r.first_n AND r.last_n WHERE i.id ="
                                 " 7300000128849018880"),
                     0);
}

static void number_that_another_gave_is_not_given_again(void **state)
{
    struct store *s = open_store();
    int64_t src = source_of(s, "list", 1);
    struct add_count c;

    (void)state;
    add(s, src, 0, 10, "");
    outside(ADDED_ELSEWHERE);
    c = add(s, src, 10, 20, "");
    assert_int_equal(c.fresh, 8);    // 12 and 13 are known, though their ids were the highest here
    assert_int_equal(c.duplicates, 2);
    close_store(s);
    assert_added_beside();
    s = open_store();
    set_label(s, 1, REASON_NOT_ASKED);
    outside("UPDATE numbered SET last = last + 1 WHERE kind = 'ruleset'");
    set_label_by(s, 2, REASON_NOT_ASKED, 5);
    close_store(s);
    assert_int_equal(outside_int("SELECT max(n) FROM ruleset"), 3);    // 2 is another's
}

/* ---- what is numbered one by one ---- */
static int64_t a_draw(struct store *s)
{
    struct draw d = { .at = 1, .posts = 1 };
    struct err err = { 0 };

    assert_int_equal(store_draw_put(s, &d, NULL, 0, NULL, 0, &err), 0);
    return d.n;
}

static int64_t a_note(struct store *s)
{
    struct err err = { 0 };
    int64_t n;

    assert_int_equal(store_note_put(s, 20000, STR("seen"), &n, &err), 0);
    return n;
}

static int64_t a_round_of_a_watch_list(struct store *s)
{
    struct err err = { 0 };
    int64_t n;

    assert_int_equal(store_round_begin(s, 1, &n, &err), 0);
    return n;
}

static int64_t a_round(struct store *s)
{
    struct err err = { 0 };
    int64_t n;

    assert_int_equal(store_round_number(s, &n, &err), 0);
    return n;
}

static int64_t a_work(struct store *s)
{
    const struct work_new w = { .vantage = STR(""), .settings = STR("") };
    struct err err = { 0 };
    int64_t n;

    assert_int_equal(store_work_begin(s, &w, &n, &err), 0);
    return n;
}

static const struct numbered_one {
    int64_t (*give)(struct store *);
    int64_t first;
    const char *other;    // what another process does that gives one
} numbered_ones[] = {
    { a_draw, 1, "UPDATE numbered SET last = last + 1 WHERE kind = 'draw'" },
    { a_note, 1, "UPDATE numbered SET last = last + 1 WHERE kind = 'note'" },
    { a_round_of_a_watch_list, 2, "UPDATE numbered SET last = last + 1 WHERE kind = 'round'" },
    { a_round, 5, "UPDATE numbered SET last = last + 1 WHERE kind = 'round'" },
    { a_work, 1, "UPDATE numbered SET last = last + 1 WHERE kind = 'work'" },
};

static void one_that_another_gave_is_left_out(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof numbered_ones / sizeof *numbered_ones; i++) {
        const struct numbered_one *one = &numbered_ones[i];
        struct store *s = open_store();

        assert_int_equal(one->give(s), one->first);
        outside(one->other);
        assert_int_equal(one->give(s), one->first + 2);
        close_store(s);
    }
}

#ifdef HAVE_PG
/* Runs it in another process, which has to wait for this one's transaction; its pid. */
static pid_t waits_for_us(const char *sql)
{
    static const char waiting[] = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type ="
                                  " 'Lock' AND query LIKE 'UPDATE numbered%'";
    int64_t waits = 0;
    const pid_t pid = fork();

    if (pid == 0) {
        outside(sql);
        _exit(0);
    }
    for (int i = 0; i < 1000 && !waits; i++) {
        usleep(10000);
        waits = outside_int(waiting);
    }
    assert_int_equal(waits, 1);
    return pid;
}

static void is_done(pid_t pid)
{
    int status;

    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
}

static void two_that_give_one_at_once_give_two(void **state)
{
    (void)state;
    if (!outside_server())    // of a file SQLite itself lets one write
        skip();
    for (size_t i = 0; i < sizeof numbered_ones / sizeof *numbered_ones; i++) {
        const struct numbered_one *one = &numbered_ones[i];
        struct store *s = open_store();
        struct err err = { 0 };
        pid_t other;

        assert_int_equal(store_begin(s, &err), 0);
        assert_int_equal(one->give(s), one->first);
        other = waits_for_us(one->other);
        assert_int_equal(store_commit(s, &err), 0);
        is_done(other);
        assert_int_equal(one->give(s), one->first + 2);
        close_store(s);
    }
}

/* The other waits until this transaction has ended, and goes on behind it. */
static void two_that_add_at_once_have_numbers_of_their_own(void **state)
{
    struct err err = { 0 };
    struct store *s;
    int64_t src;
    pid_t other;

    (void)state;
    if (!outside_server())    // of a file SQLite itself lets one write
        skip();
    s = open_store();
    src = source_of(s, "list", 1);
    assert_int_equal(store_begin(s, &err), 0);
    add(s, src, 0, 10, "");
    other = waits_for_us(ADDED_ELSEWHERE);
    assert_int_equal(store_commit(s, &err), 0);
    is_done(other);
    assert_int_equal(add(s, src, 10, 20, "").fresh, 8);
    close_store(s);
    assert_added_beside();
}
#endif

static void rolled_back_items_leave_no_trace(void **state)
{
    struct store *s = open_store();
    int64_t src = source_of(s, "list", 1);
    struct err err = {0};
    struct store_stamp before, after;
    struct store_totals totals;

    (void)state;
    add(s, src, 0, 10, "");
    assert_int_equal(store_stamp(s, &before, &err), 0);
    assert_int_equal(store_begin(s, &err), 0);
    add(s, src, 10, 20, "");
    store_rollback(s);
    assert_int_equal(store_begin(s, &err), 0);
    assert_int_equal(add(s, src, 5, 15, "").fresh, 5);
    assert_int_equal(store_commit(s, &err), 0);
    assert_int_equal(store_stamp(s, &after, &err), 0);
    assert_int_equal(store_totals(s, &totals, &err), 0);
    assert_int_equal(totals.items, 15);
    assert_int_equal(totals.max_item, 15);
    assert_true(after.answers > before.answers);
    close_store(s);
}

static void cursor_gives_items_by_id_and_goes_on_behind_any(void **state)
{
    struct store *s = open_store();
    int64_t src = source_of(s, "list", 1), pick[2] = { 1, 1300 };
    struct item_cursor *c;
    struct item_row row;
    struct err err = {0};
    uint64_t last = 0;
    int n = 0;
    bool found;

    (void)state;
    add(s, src, 1000, 2200, "mira");
    add(s, src, 0, 1000, "");
    assert_int_equal(store_items(s, ITEMS_ALL, 0, &c, &err), 0);
    while (item_cursor_next(c, &row, &err) == 1) {
        assert_true(row.id > last);
        assert_int_equal(row.page, ANSWER_COUNT);
        assert_int_equal(row.oembed, ANSWER_COUNT);
        assert_true(str_eq(row.handle, row.id >= ID(1000) ? STR("mira") : STR("")));
        last = row.id;
        n++;
    }
    assert_int_equal(n, 2200);
    item_cursor_close(c);
    assert_int_equal(store_items(s, ITEMS_NEVER_ASKED, ID(2197), &c, &err), 0);
    for (n = 0; item_cursor_next(c, &row, &err) == 1; n++)
        assert_true(row.id > ID(2197));
    assert_int_equal(n, 2);
    item_cursor_close(c);
    assert_int_equal(store_set_sampled(s, pick, 2, &err), 0);
    assert_int_equal(store_items(s, ITEMS_SAMPLED, 0, &c, &err), 0);
    assert_int_equal(item_cursor_next(c, &row, &err), 1);
    assert_int_equal(row.n, 1);                // by number: its id is the greater one
    assert_true(row.sampled);
    assert_int_equal(item_cursor_next(c, &row, &err), 1);
    assert_int_equal(row.n, 1300);
    assert_int_equal(item_cursor_next(c, &row, &err), 0);
    item_cursor_close(c);
    assert_int_equal(store_item(s, 1300, &row, &found, &err), 0);
    assert_true(found && row.sampled && row.id == ID(99));
    assert_int_equal(store_item(s, 99999, &row, &found, &err), 0);
    assert_false(found);
    item_cursor_close(NULL);
    close_store(s);
}

struct links { int64_t n[8]; size_t len; };

static int take_link(void *to, int64_t link, struct str url, int tries, int64_t tried_at,
                     struct err *err)
{
    struct links *l = to;

    (void)err;
    assert_true(url.n > 0 && tries == 0 && tried_at == 0);
    l->n[l->len++] = link;
    return 0;
}

static void short_link_becomes_an_item_of_its_sources(void **state)
{
    struct store *s = open_store();
    int64_t a = source_of(s, "list", 1), b = source_of(s, "list", 2), item;
    struct links l = {0};
    struct store_totals t;
    struct err err = {0};
    enum link_fate fate;

    (void)state;
    assert_int_equal(store_add_link(s, a, STR("https://vm.tiktok.com/ZM1/"), 5, &fate, &err), 0);
    assert_int_equal(store_add_link(s, b, STR("https://vm.tiktok.com/ZM1/"), 5, &fate, &err), 0);
    assert_int_equal(fate, FATE_WAITING);
    assert_int_equal(store_add_link(s, b, STR("https://vm.tiktok.com/ZM2/"), 5, &fate, &err), 0);
    assert_int_equal(store_open_links(s, 5, take_link, &l, &err), 0);
    assert_int_equal(l.len, 2);
    assert_int_equal(store_link_resolved(s, l.n[0], ID(5), STR("Mira.K"), &err), 0);
    assert_int_equal(store_link_resolved(s, l.n[1], 0, STR_NONE, &err), 0);
    assert_int_equal(store_item_find(s, ID(5), &item, &err), 0);
    assert_int_equal(item, 1);
    assert_int_equal(store_totals(s, &t, &err), 0);
    assert_int_equal(t.links_open, 0);
    assert_int_equal(t.links_dead, 1);
    close_store(s);
    assert_int_equal(
        outside_int("SELECT count(*) FROM item_source WHERE first_n = 1 AND last_n = 1"), 2);
    assert_int_equal(outside_int("SELECT count(*) FROM item WHERE handle = 'mira.k'"), 1);
}

static int one_tally(void *to, const struct tally_row *row, struct err *err)
{
    (void)err;
    *(int64_t *)to += row->count;
    return 0;
}

static void tallies_add_up(void **state)
{
    const struct counted of_day_2 = { 3, 200, 250 }, of_day_1 = { 4, 100, 150 }, ten = { 10, 1, 1 };
    struct store *s = open_store();
    struct err err = {0};
    int64_t sum = 0;

    (void)state;
    assert_int_equal(store_tally(s, "skipped", STR("sound"), &of_day_2, &err), 0);
    assert_int_equal(store_tally(s, "skipped", STR("sound"), &of_day_1, &err), 0);
    assert_int_equal(store_tally(s, "api_key", STR("is_new"), &ten, &err), 0);
    assert_int_equal(store_tallies(s, "skipped", one_tally, &sum, &err), 0);
    assert_int_equal(sum, 7);
    assert_int_equal(store_tallies(s, NULL, one_tally, &sum, &err), 0);
    assert_int_equal(sum, 24);
    assert_int_equal(store_event(s, "quota", 0, STR("used"), &err), 0);
    close_store(s);
    assert_int_equal(
        outside_int("SELECT count(*) FROM event WHERE kind = 'quota' AND text = 'used'"), 1);
    /* Whatever is taken in last, first and last are those of the answers. */
    assert_int_equal(outside_int("SELECT first_at FROM tally WHERE kind = 'skipped'"), 100);
    assert_int_equal(outside_int("SELECT last_at FROM tally WHERE kind = 'skipped'"), 250);
}

static void labels_come_back_as_they_were_written(void **state)
{
    struct store *s = open_store();
    struct label_cursor *c;
    struct digest rules = {{ 3 }};
    struct err err = {0};
    struct label_row l = { .item = 2,
                           .state = STATE_MISSING,
                           .label = LABEL_CANADA,
                           .reason = REASON_CREATED_IN_CANADA,
                           .rule = STR("canada-created"),
                           .basis = BASIS_DOCUMENTED,
                           .confirmed = true,
                           .asked = 4,
                           .days = 3,
                           .first_at = 100,
                           .last_at = 200,
                           .sound_days = 2,
                           .sound_list = STR("2026-01-01 2026-01-02"),
                           .residual = 0.0001,
                           .created_at = 50,
                           .page = ANSWER_PUBLIC,
                           .has_code = true,
                           .code = 0,
                           .message = STR("ok"),
                           .page_at = 150,
                           .later_refused_at = 300,
                           .place = STR("CA"),
                           .region = STR("DE"),
                           .account = 9,
                           .handle = STR("mira"),
                           .hits = { { UINT64_C(1) << 63 | 1, 0, 2, UINT64_C(1) << 63 } } },
                     back;
    const struct hits l_hits = l.hits;

    (void)state;
    add(s, source_of(s, "list", 1), 10, 12, "mira");
    add(s, source_of(s, "list", 1), 0, 1, "");
    assert_int_equal(store_labels_begin(s, &rules, STR("[canada-created]\n"), &err), 0);
    assert_int_equal(store_label_put(s, &l, &err), 0);
    l = (struct label_row){ .item = 3,
                            .state = STATE_OPEN,
                            .reason = REASON_NOT_ASKED,
                            .page = ANSWER_COUNT,
                            .residual = -1 };
    assert_int_equal(store_label_put(s, &l, &err), 0);
    assert_int_equal(store_labels_end(s, &err), 0);
    assert_int_equal(store_labels(s, &c, &err), 0);
    assert_int_equal(label_cursor_next(c, &back, &err), 1);
    assert_int_equal(back.item, 3);
    assert_true(back.page == ANSWER_COUNT && !back.has_code && back.label == LABEL_NONE &&
                back.residual < 0);
    assert_int_equal(label_cursor_next(c, &back, &err), 1);
    assert_true(back.id == ID(11) && back.state == STATE_MISSING && back.label == LABEL_CANADA &&
                back.confirmed && back.reason == REASON_CREATED_IN_CANADA &&
                back.basis == BASIS_DOCUMENTED && back.asked == 4 && back.days == 3 &&
                back.sound_days == 2 && back.has_code && back.code == 0 && back.page_at == 150 &&
                back.later_refused_at == 300 && back.account == 9 &&
                memcmp(&back.hits, &l_hits, sizeof l_hits) == 0);
    assert_true(str_eq(back.rule, STR("canada-created")) && str_eq(back.handle, STR("mira")) &&
                str_eq(back.sound_list, STR("2026-01-01 2026-01-02")) &&
                str_eq(back.place, STR("CA")) && str_eq(back.region, STR("DE")) &&
                str_eq(back.message, STR("ok")));
    assert_int_equal(label_cursor_next(c, &back, &err), 0);
    label_cursor_close(c);
    // a run that fails leaves the former labels
    assert_int_equal(store_labels_begin(s, &rules, STR(""), &err), 0);
    store_rollback(s);
    close_store(s);
    assert_int_equal(outside_int("SELECT count(*) FROM label"), 2);
    assert_int_equal(outside_int("SELECT count(*) FROM ruleset"), 1);
}

struct gaps {
    int n, no;
    uint64_t id[4];
    enum field field[4];
    double error;
    int64_t api;
    size_t text;
    struct gap_why why;        // of the last that has one
};

static int one_item(void *to, int64_t item, struct err *err)
{
    (void)err;
    *(int64_t *)to += item;
    return 0;
}

static int one_gap(void *to, const struct gap *g, struct err *err)
{
    struct gaps *all = to;

    (void)err;
    all->id[all->n] = g->id;
    all->field[all->n++] = g->field;
    if (g->has_error)
        all->error = g->relative_error;
    if (g->why.rule != GAP_RULE_NONE)
        all->why = g->why;
    all->no += g->snapshot == SNAPSHOT_NO;
    if (g->api.kind == VAL_INT)
        all->api = g->api.i;
    if (g->page.kind == VAL_TEXT)
        all->text = g->page.text.n;
    return 0;
}

static void differences_come_back_by_id_then_field(void **state)
{
    struct store *s = open_store();
    const int64_t both[] = { 2, 1, 3 };
    const struct about_item *is;
    struct about *about;
    struct gaps all = {0};
    struct err err = {0};
    int64_t item = 0;
    struct gap g = { .item = 1,
                     .field = FIELD_LIKES,
                     .api = value_int(INT64_MAX),
                     .page = value_int(8),
                     .verdict = VERDICT_DIFFERS,
                     .has_error = true,
                     .relative_error = 0.25,
                     .api_at = 1,
                     .page_at = 2,
                     .why = { GAP_RULE_JOINT, 3, 1.5, FIELD_VIEWS },
                     .snapshot = SNAPSHOT_NO };

    (void)state;
    add(s, source_of(s, "list", 1), 5, 6, "");
    add(s, source_of(s, "list", 1), 1, 2, "");
    assert_int_equal(store_gaps_begin(s, &err), 0);
    assert_int_equal(store_gap_put(s, &g, &err), 0);
    g = (struct gap){
        .item = 1, .field = FIELD_CAPTION, .page = value_text(STR("")), .verdict = VERDICT_PAGE_ONLY
    };
    assert_int_equal(store_gap_put(s, &g, &err), 0);
    g.item = 2;
    g.page = value_text(STR("caf\xc3\xa9"));
    assert_int_equal(store_gap_put(s, &g, &err), 0);
    assert_int_equal(store_gaps_end(s, &err), 0);
    assert_int_equal(store_gaps(s, one_gap, &all, &err), 0);
    assert_int_equal(all.n, 3);
    assert_true(all.id[0] == ID(1) && all.id[1] == ID(5) && all.id[2] == ID(5));
    assert_true(all.field[1] == FIELD_CAPTION && all.field[2] == FIELD_LIKES);
    assert_true(all.error > 0.2 && all.api == INT64_MAX && all.text == 0);
    assert_true(all.why.rule == GAP_RULE_JOINT && all.why.needed == 3 && all.why.limit == 1.5 &&
                all.why.witness == FIELD_VIEWS);
    assert_int_equal(all.no, 1);
    assert_int_equal(store_about(s, both, 3, &about, &err), 0);
    assert_int_equal(about_item(about, 3)->gaps, 0);
    is = about_item(about, 2);
    assert_true(is->gaps == 1 && is->gap->id == ID(1) && is->gap->page.text.n == 5);
    is = about_item(about, 1);
    assert_true(is->gaps == 2 && is->gap[0].item == 1 && is->gap[0].field == FIELD_CAPTION &&
                is->gap[1].field == FIELD_LIKES);
    about_free(about);
    assert_int_equal(store_no_instant(s, one_item, &item, &err), 0);
    assert_int_equal(item, 1);
    close_store(s);
}

/* ---- what verify and purge ask of a store ---- */

static int count_problem(void *to, struct str what, struct err *err)
{
    int *n = to;

    (void)err;
    assert_true(what.n > 10);
    ++*n;
    return 0;
}

static int problems_now(void)
{
    struct store *s = open_store();
    struct err err = {0};
    int n = 0;

    if (store_check(s, count_problem, &n, &err))
        fail_msg("%s", err.msg);
    close_store(s);
    return n;
}

static void every_pointer_to_nothing_is_told(void **state)
{
    static const char *const breaks[] = {
        "INSERT INTO ask (request, item, role) VALUES (99, 1, 0)",
        "INSERT INTO ask (request, item, role) VALUES (1, 99, 0)",
        "INSERT INTO page_answer (item, request, witness, at, kind, why, generation,"
        " evidence) VALUES (99, 1, 3, 1, 2, 0, 0, 0)",
        "INSERT INTO page_answer (item, request, witness, at, kind, why, generation,"
        " evidence) VALUES (1, 1, 5, 1, 5, 0, 0, 0)",
        "INSERT INTO page_answer (item, request, witness, at, kind, why, generation,"
        " evidence) VALUES (1, 1, 3, 1, 2, 0, 0, 99)",
        "UPDATE request SET evidence = 99",
        "INSERT INTO evidence (file, offset, len, kind, digest, request) VALUES (99, 0, 0, 0,"
        " x'00', 1)",
        "INSERT INTO evidence (file, offset, len, kind, digest, request) VALUES (0, 0, 0, 0, x'00',"
        " 99)",
        "INSERT INTO current (item, api) VALUES (1, 99)",
        "INSERT INTO current (item, page) VALUES (1, 99)",
        "INSERT INTO item_state (item) VALUES (99)",
        "INSERT INTO item_state (item, first_at) VALUES (1, 4294967296)",
        "INSERT INTO item_state (item, days) VALUES (1, -1)",
        "INSERT INTO counter (item, side, at) VALUES (99, 0, 1)",
        "INSERT INTO link (url, item) VALUES ('https://vm.example/x', 99)",
        "UPDATE item_source SET last_n = 99",
        "INSERT INTO event (at, kind, item, text) VALUES (1, 'x', 99, '')",
        "UPDATE label SET label = 3",
        "UPDATE label SET state = 1",
        "DELETE FROM label WHERE item = 1",
    };
    struct err err = {0};
    struct store *s = open_store();

    (void)state;
    if (outside_server())    // the breaks are in SQLite's words
        skip();
    add(s, source_of(s, "list", 1), 0, 3, "");
    close_store(s);
    outside(
        "INSERT INTO request (n, witness, round, start_day, end_day, members, loaded,"
        " reserved_at, sent_at,"
        " done_at, sends, http, complete, rows, strange_rows, evidence, error_code, log_id)"
        " VALUES (1, 0, 1, 1, 2, 1, 0, 1, 1, 1, 1, 200, 1, 0, 0, 0, 'ok', '')");
    s = open_store();
    assert_int_equal(store_labels_begin(s, &(struct digest){{1}}, STR(""), &err), 0);
    for (int i = 1; i <= 3; i++)
        assert_int_equal(store_label_put(s,
                                         &(struct label_row){ .item = i,
                                                              .state = STATE_RETRIEVED,
                                                              .reason = REASON_AT_ONCE,
                                                              .page = ANSWER_COUNT },
                                         &err),
                         0);
    assert_int_equal(store_labels_end(s, &err), 0);
    close_store(s);
    assert_int_equal(problems_now(), 0);
    outside("VACUUM");
    for (size_t i = 0; i < sizeof breaks / sizeof *breaks; i++) {
        outside(
            "BEGIN; CREATE TABLE kept_ask AS SELECT * FROM ask; CREATE TABLE kept_label AS SELECT "
            "* FROM label;"
            "CREATE TABLE kept_source AS SELECT * FROM item_source; COMMIT");
        outside(breaks[i]);
        if (problems_now() == 0)
            fail_msg("nothing is wrong after: %s", breaks[i]);
        outside(
            "BEGIN; DELETE FROM ask; INSERT INTO ask SELECT * FROM kept_ask; DELETE FROM label;"
            "INSERT INTO label SELECT * FROM kept_label; DELETE FROM item_source;"
            "INSERT INTO item_source SELECT * FROM kept_source; DELETE FROM page_answer; "
            "DELETE FROM evidence;"
            "DELETE FROM current; DELETE FROM item_state; DELETE FROM counter; DELETE FROM link; "
            "DELETE FROM event;"
            "UPDATE request SET evidence = 0; DROP TABLE kept_ask; DROP TABLE kept_label; "
            "DROP TABLE kept_source; COMMIT");
        assert_int_equal(problems_now(), 0);
    }
}

/* Where a post was made goes with it, but for Canada: that stands apart in every sum. */
static void purged_label_forgets_all_places_but_canada(void **state)
{
    static const char *const place[] = { "CA", "FR", "" }, *const region[] = { "US", "CA", "CA" },
                             *const kept[] = { "CA", "", "" },
                             *const kept_region[] = { "", "CA", "CA" };
    struct store *s = open_store();
    const int64_t all[] = { 1, 2, 3 };
    struct label_cursor *labels;
    struct label_row l;
    struct err err = { 0 };
    (void)state;
    if (outside_server())    // a purge needs a store in the folder
        skip();
    add(s, source_of(s, "list", 1), 0, 3, "mira");
    assert_int_equal(store_labels_begin(s, &(struct digest){ { 4 } }, STR(""), &err), 0);
    for (int i = 0; i < 3; i++) {
        l = (struct label_row){ .item = i + 1,
                                .state = STATE_RETRIEVED,
                                .reason = REASON_AT_ONCE,
                                .page = ANSWER_PUBLIC,
                                .place = str_of(place[i]),
                                .region = str_of(region[i]) };
        assert_int_equal(store_label_put(s, &l, &err), 0);
    }
    assert_int_equal(store_labels_end(s, &err), 0);
    assert_int_equal(store_purge_items(s, STR("0123456789abcdef0123456789abcdef"), all, 3, &err),
                     0);
    assert_int_equal(store_labels(s, &labels, &err), 0);
    for (int n = 0; n < 3; n++) {
        assert_int_equal(label_cursor_next(labels, &l, &err), 1);
        assert_true(str_eq(l.place, str_of(kept[l.item - 1])));
        assert_true(str_eq(l.region, str_of(kept_region[l.item - 1])));
    }
    label_cursor_close(labels);
    close_store(s);
}

/* A pseudonym says nothing of its id, and is that of the same key again. */
static void purged_item_keeps_its_place_under_a_pseudonym(void **state)
{
    static const char key[] = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    struct err err = {0};
    struct store *s = open_store();
    struct item_row before, row;
    bool found = false;
    int64_t two = 2;

    (void)state;
    if (outside_server())    // a purge needs a store in the folder
        skip();
    add(s, source_of(s, "list", 1), 0, 3, "mira");
    assert_int_equal(store_item(s, 2, &before, &found, &err), 0);
    assert_int_equal(store_purge_items(s, STR(key), &two, 1, &err), 0);
    assert_int_equal(store_purge_finish(s, &err), 0);
    assert_int_equal(store_item(s, 2, &row, &found, &err), 0);
    assert_true(found && row.purged_at > 0 && row.handle.n == 0);
    assert_true(row.id >= PSEUDONYM_FIRST && row.id <= INT64_MAX);
    assert_true(row.id == store_pseudonym(STR(key), before.id));
    assert_true(row.id != store_pseudonym(STR("another"), before.id));
    assert_int_equal(store_item(s, 3, &row, &found, &err), 0);
    assert_true(row.purged_at == 0 && row.handle.n > 0);
    close_store(s);
}

/* Many rows at once go in another way than few where the store is on a server. */
static void items_by_the_thousands_are_all_there_or_none(void **state)
{
    struct store *s = open_store();
    struct err err = {0};
    struct item_row row;
    bool found = false;
    int64_t source;

    (void)state;
    assert_int_equal(store_begin(s, &err), 0);
    source = source_of(s, "list", 1);
    add(s, source, 0, 9000, "na\xff\xc3\xa9me");
    store_rollback(s);
    assert_int_equal(outside_int("SELECT count(*) FROM item"), 0);
    assert_int_equal(store_begin(s, &err), 0);
    source = source_of(s, "list", 1);
    add(s, source, 0, 5000, "na\xff\xc3\xa9me");
    assert_int_equal(add(s, source_of(s, "list", 2), 3000, 9000, "").duplicates, 2000);
    assert_int_equal(add(s, source, 9000, 14000, "").fresh, 5000);
    assert_int_equal(store_commit(s, &err), 0);
    assert_int_equal(outside_int("SELECT count(*) FROM item"), 14000);
    assert_int_equal(outside_int("SELECT sum(n) FROM item"), 14000 * 14001 / 2);
    assert_int_equal(store_item(s, 4999, &row, &found, &err), 0);
    assert_true(found && row.id == ID(4998));
    assert_true(str_eq(row.handle, STR("na\xff\xc3\xa9me")));
    assert_int_equal(store_item(s, 14000, &row, &found, &err), 0);
    assert_true(found && row.id == ID(13999) && row.handle.n == 0);
    close_store(s);
}

static void thousands_of_which_one_cannot_be_added_add_none(void **state)
{
    struct store *s = open_store();
    struct new_item *it = calloc(6000, sizeof *it);
    struct add_count counts = {0};
    struct err err = {0};
    int64_t source;
    int rc;

    (void)state;
    source = source_of(s, "list", 1);
    add(s, source, 0, 1, "");
    outside("INSERT INTO item (n, id, handle) VALUES (5000, 1, '')");
    for (int i = 0; i < 6000; i++)
        it[i].id = ID(i + 1);
    assert_int_equal(store_begin(s, &err), 0);
    rc = store_add_items(s, source, it, 6000, &counts, &err);
    if (rc == 0)    // a server may tell it at the commit
        rc = store_commit(s, &err);
    else
        store_rollback(s);
    assert_int_equal(rc, -1);
    assert_int_equal(err.kind, ERR_IO);
    assert_int_equal(outside_int("SELECT count(*) FROM item"), 2);
    free(it);
    err_clear(&err);
    outside("DELETE FROM item WHERE n = 5000");
    assert_int_equal(add(s, source, 1, 6001, "").fresh, 6000);
    assert_int_equal(outside_int("SELECT count(*) FROM item"), 6001);
    close_store(s);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(items_by_the_thousands_are_all_there_or_none),
        TEST(thousands_of_which_one_cannot_be_added_add_none),
        TEST(new_store_has_an_id_and_a_seed),
        TEST(bound_of_the_clocks_only_grows),
        TEST(whose_clock_instants_go_by),
        TEST(create_never_touches_what_is_there),
        TEST(foreign_and_newer_files_are_refused_as_input),
        TEST(older_store_gets_the_fields_it_lacks),
        TEST(one_process_writes_and_any_may_read),
        TEST(store_is_opened_in_three_ways_with_its_small_facts),
        TEST(what_a_view_begins_with_comes_on_one_way),
        TEST(reader_keeps_the_moment_at_which_it_began),
        TEST(refreshing_needs_no_lock_and_changes_nothing_of_others),
        TEST(every_item_is_kept_once_whatever_the_order),
        TEST(ranges_of_a_source_never_overlap),
        TEST(provisional_source_gets_its_name_or_joins_its_twin),
        TEST(number_that_another_gave_is_not_given_again),
        TEST(one_that_another_gave_is_left_out),
#ifdef HAVE_PG
        TEST(two_that_add_at_once_have_numbers_of_their_own),    // BLINDSPOT_TEST_PG
        TEST(two_that_give_one_at_once_give_two),
#endif
        TEST(rolled_back_items_leave_no_trace),
        TEST(cursor_gives_items_by_id_and_goes_on_behind_any),
        TEST(short_link_becomes_an_item_of_its_sources),
        TEST(tallies_add_up),
        TEST(every_pointer_to_nothing_is_told),
        TEST(purged_label_forgets_all_places_but_canada),
        TEST(purged_item_keeps_its_place_under_a_pseudonym),
        TEST(labels_come_back_as_they_were_written),
        TEST(differences_come_back_by_id_then_field),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
