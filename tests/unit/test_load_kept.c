/* Files of the API's clients, as each of them writes them, from the file to the answers. */
#include <sqlite3.h>
#include "audit/take/add.h"
#include "audit/take/load.h"
#include "store/records.h"
/* Of the box the audit alone is needed here. */
#pragma GCC diagnostic ignored "-Wunused-function"
#include "tests/unit/audit_box.h"
#include "tests/unit/load_box.h"
#include "tests/unit/peak.h"

#define ID_A "7361448925972155679"
#define ID_B "7361448925972155680"
#define NUMBER_A 7361448925972155679u
#define NUMBER_B 7361448925972155680u
#define NOON 1714564800    // 2024-05-01T12:00:00Z

static int load_at(const char *path, int64_t at, struct err *err)
{
    struct load_opts o = { .at = at, .has_at = at > 0 };

    err_clear(err);
    return load_api(&audit, path, &o, &result, err);
}

static int load_text(const char *text, int64_t at, struct err *err)
{
    char *path = file_join(dir, "in");
    int rc;

    if (file_write(path, str_of(text), err))
        fail_msg("%s", err->msg);
    rc = load_at(path, at, err);
    free(path);
    return rc;
}

/* traktok: a tibble written with readr::write_csv, lists joined by the user. */
static void table_of_traktok(void **state)
{
    static const char text[] =
        "video_id,author_name,view_count,comment_count,share_count,like_count,region_code,"
        "create_time,effect_ids,music_id,video_description,hashtag_names,voice_to_text\n" ID_A
        ",mira.holt,77,2,NA,3,DE,2024-04-24T15:01:40Z,0,7159460238003800066,"
        "\"A cat, \"\"asleep\"\"\",\"c(\"\"cats\"\", \"\"nap\"\")\",NA\n" ID_B
        ",nell,1,0,0,0,GB,2024-04-24T15:01:41Z,NA,NA,NA,character(0),hello\n"
        "7.36144892597216e+18,ivo,1,0,0,0,GB,2024-04-24T15:01:41Z,NA,NA,NA,NA,NA\n"
        "short,row\n";
    struct err err = { 0 };

    (void)state;
    assert_int_equal(load_text(text, 0, &err), -1);    // nothing in it says when
    assert_non_null(strstr(err.msg, "--at"));
    if (load_text(text, AT(70, 0), &err))
        fail_msg("%s", err.msg);
    assert_int_equal(result.found, 2);
    assert_int_equal(result.spoiled, 1);
    assert_int_equal(passed("other_width"), 1);
    assert_int_equal(row_of(NUMBER_A).found_first_at, AT(70, 0));
    assert_int_equal(row_of(NUMBER_A).api_created, 1713970900);
}

/* ResearchTikPy and the official wrapper: DataFrame.to_csv, the index in front. */
static void table_of_pandas(void **state)
{
    static const char text[] =
        ",id,video_description,create_time,region_code,share_count,view_count,like_count,"
        "comment_count,music_id,hashtag_names,username,effect_ids,playlist_id,voice_to_text\n"
        "0," ID_A ",see https://www.tiktok.com/@ivo/video/7548011605850950913,1713970900,DE,1,77.0,"
        "3,2,7.159460238003801e+18,\"['cats', 'nap']\",mira.holt,['0'],,\n"
        "1," ID_B ",,1713970901,GB,0,,0,0,,,nell,,,\n";
    struct err err = { 0 };

    (void)state;
    if (load_text(text, AT(70, 0), &err))
        fail_msg("%s", err.msg);
    assert_int_equal(result.found, 2);
    assert_int_equal(result.items, 2);    // a link in a caption is no item
    assert_int_equal(passed("column ((no name))"), 2);
    assert_int_equal(passed("value (music_id)"), 1);
    assert_int_equal(result.intake.seen, 2);    // rows, not their columns
    assert_int_equal(row_of(NUMBER_B).found_first_at, AT(70, 0));
}

/* tiktok-metadata-kit: its videos or its pages, one a line. */
static void lines_of_the_metadata_kit(void **state)
{
    static const char videos[] =
        "{\"id\": " ID_A
        ", \"create_time\": 1713970900, \"username\": \"mira.holt\", \"view_count\": 77,"
        " \"video_label\": {\"content\": \"x\"},"
        " \"hashtag_info_list\": [{\"hashtag_id\": \"5\"}]}\n"
        "{\"id\": " ID_B ", \"create_time\": 1713970901, \"username\": \"nell\", \"new_key\": 1}\n";
    static const char pages[] =
        "{\"data\": {\"videos\": [{\"id\": " ID_A
        ", \"new_key\": 1}], \"cursor\": 100, \"has_more\": false,"
        " \"search_id\": \"7\"}, \"error\": {\"code\": \"ok\", \"message\": \"\","
        " \"log_id\": \"20240501120000AAAA\"}}\n";
    struct err err = { 0 };

    (void)state;
    if (load_text(videos, AT(70, 0), &err) || load_text(pages, 0, &err))
        fail_msg("%s", err.msg);
    assert_int_equal(result.found, 1);
    assert_int_equal(row_of(NUMBER_A).found_first_at, NOON);
    assert_int_equal(row_of(NUMBER_B).found_first_at, AT(70, 0));
}

/* ---- unknown keys are told as the run tells them ---- */
static int find_new_key(void *to, const struct tally_row *row, struct err *err)
{
    (void)err;
    if (str_eq(row->kind, STR("api_key")) && str_eq(row->name, STR("new_key")))
        *(int64_t *)to += row->count;
    return 0;
}

static void unknown_keys_of_replies_are_tallied(void **state)
{
    int64_t n = 0;
    struct err err = { 0 };

    (void)state;
    lines_of_the_metadata_kit(state);
    assert_int_equal(store_tallies(audit.store, NULL, find_new_key, &n, &err), 0);
    assert_int_equal(n, 1);
}

/* ---- tiktok-library's database ---- */

#define TABLES                                                                                  \
    "CREATE TABLE hashtag(id INTEGER PRIMARY KEY AUTOINCREMENT, name VARCHAR NOT NULL UNIQUE);" \
    "CREATE TABLE effect(id INTEGER PRIMARY KEY AUTOINCREMENT, effect_id VARCHAR NOT NULL);"    \
    "CREATE TABLE videos_to_hashtags(video_id INTEGER, hashtag_id INTEGER,"                     \
    " PRIMARY KEY(video_id, hashtag_id));"                                                      \
    "CREATE TABLE videos_to_effect_ids(video_id INTEGER, effect_id INTEGER,"                    \
    " PRIMARY KEY(video_id, effect_id));"
#define VIDEO                                                                                 \
    "CREATE TABLE video(id INTEGER NOT NULL PRIMARY KEY, create_time DATETIME NOT NULL,"      \
    " username VARCHAR NOT NULL, region_code VARCHAR(2) NOT NULL, video_description VARCHAR," \
    " music_id BIGINT, like_count BIGINT, comment_count BIGINT, share_count BIGINT,"          \
    " view_count BIGINT, playlist_id BIGINT, voice_to_text VARCHAR,"                          \
    " crawled_at DATETIME DEFAULT (CURRENT_TIMESTAMP) NOT NULL, crawled_updated_at DATETIME," \
    " extra_data JSON);"
#define ROWS                                                                                  \
    "INSERT INTO video VALUES(" ID_A ",'2024-04-24 17:01:40.000000','mira.holt','DE',"        \
    "'A \"cat\"',7159460238003800066,3,2,1,77,NULL,'hello','2024-05-01 12:00:00',NULL,NULL);" \
    "INSERT INTO video VALUES(" ID_B ",'2024-04-24 17:01:41.000000','nell','GB',NULL,NULL,"   \
    "0,0,0,1,NULL,NULL,'2024-05-01 12:00:00','2024-05-03 12:00:00','{}');"                    \
    "INSERT INTO hashtag VALUES(1,'cats'),(2,'nap');"                                         \
    "INSERT INTO videos_to_hashtags VALUES(" ID_A ",1),(" ID_A ",2);"                         \
    "INSERT INTO effect VALUES(1,'0'); INSERT INTO videos_to_effect_ids VALUES(" ID_A ",1);"

static char *database(const char *sql)
{
    char *path = file_join(dir, "crawl.db"), *wrong = NULL;
    sqlite3 *c = NULL;

    unlink(path);
    assert_int_equal(sqlite3_open(path, &c), SQLITE_OK);
    if (sqlite3_exec(c, sql, NULL, NULL, &wrong))
        fail_msg("%s", wrong);
    sqlite3_close(c);
    return path;
}

static void crawl_database_is_read_with_its_own_times(void **state)
{
    char *path = database(TABLES VIDEO ROWS);
    struct err err = { 0 };

    (void)state;
    if (load_at(path, 0, &err))
        fail_msg("%s", err.msg);
    assert_int_equal(result.found, 2);
    assert_int_equal(row_of(NUMBER_A).found_first_at, NOON);
    assert_int_equal(row_of(NUMBER_B).found_first_at, NOON + 2 * 86400);
    /* written in the local time of a machine that nothing names */
    assert_int_equal(row_of(NUMBER_A).api_created, 0);
    free(path);
}

static void ids_of_a_crawl_database_are_items(void **state)
{
    char *path = database(TABLES VIDEO ROWS);
    struct add_opts o = { 0 };
    struct added in;
    struct err err = { 0 };

    (void)state;
    if (add_file(&audit, path, &o, &in, &err))
        fail_msg("%s", err.msg);
    assert_int_equal(in.count.taken, 2);
    assert_int_equal(in.added.fresh, 2);
    assert_string_equal(in.count.kind, "crawl");
    assert_true(row_of(NUMBER_B).n > 0);
    free(path);
}

/* Frames in which no row has its id under a name; a search's own number is no item. */
static void ids_of_frames_are_items(void **state)
{
    static const char *const frames[] = {
        "{\"columns\":[\"id\",\"username\"],\"index\":[0,1],"
        "\"data\":[[" ID_A ",\"mira.holt\"],[" ID_B ",\"nell\"]]}",
        "{ \"schema\": {\"fields\":[]},\"data\":[{\"id\":" ID_A ",\"view_count\":1},{\"id\":" ID_B
        "}]}",
        "{\"0\":{\"id\":" ID_A ",\"view_count\":1},\"1\":{\"id\":" ID_B "}}",
        "{\"" ID_A "\":{\"view_count\":1},\"" ID_B "\":{\"view_count\":1}}",
        "[[{\"id\":" ID_A "},{\"id\":" ID_B "}],\"7600000000000000007\",100,false,\"20240501\"]",
    };
    char *path = file_join(dir, "frame.json");
    struct add_opts o = { 0 };
    struct added in;
    struct err err = { 0 };

    (void)state;
    for (size_t i = 0; i < sizeof frames / sizeof frames[0]; i++) {
        if (file_write(path, str_of(frames[i]), &err) || add_file(&audit, path, &o, &in, &err))
            fail_msg("case %zu: %s", i, err.msg);
        if (in.count.taken != 2 || in.added.fresh != (i ? 0 : 2))
            fail_msg("case %zu: %lld taken", i, (long long)in.count.taken);
        assert_string_equal(in.count.kind, "frame");
    }
    /* Of other things as well: then it is any JSON. */
    assert_int_equal(
        file_write(path, STR("{\"0\":{\"url\":\"https://www.tiktok.com/@q/video/" ID_A "\"}}"),
                   &err),
        0);
    assert_int_equal(add_file(&audit, path, &o, &in, &err), 0);
    assert_int_equal(in.count.taken, 1);
    assert_string_equal(in.count.kind, "json");
    free(path);
}

/* Nothing that a file brings along is run, and what is no crawl database is refused. */
static void hostile_databases_are_refused(void **state)
{
    static const char *const sql[] = {
        TABLES "CREATE VIEW video AS SELECT 1 AS id",
        TABLES "CREATE TABLE v(id); CREATE VIEW video AS SELECT " ID_A " AS id, 'q' AS username,"
               " '' AS region_code, '' AS video_description, 1 AS music_id, 1 AS like_count,"
               " 1 AS comment_count, 1 AS share_count, 1 AS view_count, 1 AS playlist_id,"
               " '' AS voice_to_text, '2024-05-01 12:00:00' AS crawled_at,"
               " NULL AS crawled_updated_at, randomblob(1000000000) AS z",
        "CREATE TABLE video(id INTEGER PRIMARY KEY)",
        "CREATE TABLE something(other)",
        TABLES "CREATE VIRTUAL TABLE video USING fts5(id, username, region_code,"
               " video_description, music_id, like_count, comment_count, share_count, view_count,"
               " playlist_id, voice_to_text, crawled_at, crawled_updated_at)",
    };

    (void)state;
    for (size_t i = 0; i < sizeof sql / sizeof sql[0]; i++) {
        char *path = database(sql[i]);
        struct err err = { 0 };

        assert_int_equal(load_at(path, AT(70, 0), &err), -1);
        assert_int_equal(err.kind, ERR_INPUT);
        if (!strstr(err.msg, "is not a crawl database of tiktok-library"))
            fail_msg("case %zu: %s", i, err.msg);
        free(path);
    }
}

/* A number with a fraction is no id, a text may be one; what is damaged is said. */
static void odd_cells_of_a_crawl_database_cost_their_row(void **state)
{
    char *path = database(
        TABLES "CREATE TABLE video(id, username, region_code, video_description,"
               " music_id, like_count, comment_count, share_count, view_count, playlist_id,"
               " voice_to_text, crawled_at, crawled_updated_at);"
               "INSERT INTO video(id, crawled_at) VALUES(7.361448925972156e18,"
               " '2024-05-01 12:00:00'),(NULL, '2024-05-01 12:00:00'),(x'00',"
               " '2024-05-01 12:00:00'),('" ID_B "', '2024-05-01 12:00:00'),(9e999, 1),"
               "(5, '2024-05-01 12:00:00');");
    struct err err = { 0 };

    (void)state;
    if (load_at(path, AT(70, 0), &err))
        fail_msg("%s", err.msg);
    assert_int_equal(result.found, 1);
    assert_int_equal(result.spoiled, 1);
    assert_int_equal(passed("no_id"), 2);
    assert_int_equal(passed("bad_id"), 1);
    assert_int_equal(passed("unreadable_row"), 1);
    free(path);
}

/* ---- many lines ---- (of the readers alone a million: test_saved.c) */

static void load_many(const char *first, const char *before, const char *after, int n)
{
    char *path = file_join(dir, "many");
    FILE *f = fopen(path, "w");
    struct err err = { 0 };

    assert_non_null(f);
    fputs(first, f);
    for (int i = 0; i < n; i++)
        fprintf(f, "%s%llu%s\n", before, (unsigned long long)(ID(0) + (unsigned)i * 12345678901ull),
                after);
    assert_int_equal(fclose(f), 0);
    if (load_at(path, AT(70, 0), &err))
        fail_msg("%s", err.msg);
    assert_int_equal(result.found, n);
    assert_int_equal(result.answers, n);
    free(path);
}

static void rows_are_put_a_page_at_a_time(void **state)
{
    long before;

    (void)state;
    load_many("", "{\"id\":", ",\"view_count\":7}", 20000);
    before = peak_kib();
    load_many("id,view_count\n", "", ",7", 20000);
    load_many("[", " {\"id\":", ",\"view_count\":7},", 20000);
    assert_true(PEAK_SAYS_NOTHING || peak_kib() - before < 4096);
    assert_int_equal(result.damaged, 1);    // no end of the list
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(table_of_traktok),
        T(table_of_pandas),
        T(lines_of_the_metadata_kit),
        T(unknown_keys_of_replies_are_tallied),
        T(crawl_database_is_read_with_its_own_times),
        T(ids_of_a_crawl_database_are_items),
        T(ids_of_frames_are_items),
        T(hostile_databases_are_refused),
        T(odd_cells_of_a_crawl_database_cost_their_row),
        T(rows_are_put_a_page_at_a_time),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
