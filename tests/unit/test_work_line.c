/* What a worker's reading gave, as lines: they come back as they went, and what no worker of ours
 * sends is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "audit/work_line.h"
#include "record/creator.h"

struct box {
    struct buf line;
    struct arena mem;
    struct work_line l;
    struct err err;
};

static int read_back(struct box *b)
{
    struct str line = buf_view(&b->line);

    assert_true(line.n > 0 && line.p[line.n - 1] == '\n');
    return work_line_read(str_sub(line, 0, line.n - 1), &b->mem, &b->l, &b->err);
}

static void release(struct box *b)
{
    buf_release(&b->line);
    arena_release(&b->mem);
}

static void answer_with_all_that_there_is(void **state)
{
    struct box b = { .line = { 0 } };
    struct ask_member m = { .id = UINT64_C(7361448925972155679), .item = 12 };
    struct request r = { .witness = WITNESS_PAGE,
                         .member = &m,
                         .members = 1,
                         .reserved_at = 99,
                         .sent_at = 100,
                         .done_at = 101,
                         .sends = 2,
                         .http = 200,
                         .log_id = "abc" };
    struct record rec = { .id = m.id };
    struct kept_place kept[2] = { { .file = "f-1.warc.gz", .offset = 5, .len = 7 },
                                  { .file = "f-1.warc.gz", .offset = 12, .len = 9 } };
    struct answer a = { .kind = ANSWER_PUBLIC,
                        .at = 101,
                        .has_code = true,
                        .code = -3,
                        .message = STR("a \"word\"\n"),
                        .generation = GENERATION_REHYDRATE,
                        .engine = ENGINE_BROWSER,
                        .region = STR("CA"),
                        .record = &rec };

    (void)state;
    kept[1].digest.b[3] = 0xab;
    rec.val[FIELD_VIEWS] = value_int(INT64_MAX);
    rec.val[FIELD_MUSIC] = value_int(INT64_C(7201234567890123459));
    rec.val[FIELD_CAPTION] = value_text(STR("123"));
    rec.val[FIELD_HASHTAGS] = value_text(STR("cats\nKatze"));
    rec.val[FIELD_AUTHOR] = value_text(STR(""));
    work_line_answer(&b.line, &r, &a, kept, 2);
    assert_int_equal(read_back(&b), 0);
    assert_int_equal(b.l.of, WORK_ANSWER);
    assert_true(b.l.member.id == m.id && b.l.member.item == 12);
    assert_int_equal(b.l.req.reserved_at, 99);
    assert_int_equal(b.l.req.sends, 2);
    assert_int_equal(b.l.req.http, 200);
    assert_string_equal(b.l.req.log_id, "abc");
    assert_int_equal(b.l.keeps, 2);
    assert_string_equal(b.l.kept[1].file, "f-1.warc.gz");
    assert_int_equal(b.l.kept[1].offset, 12);
    assert_memory_equal(&b.l.kept[1].digest, &kept[1].digest, DIGEST_BYTES);
    assert_true(b.l.answer.has_code && b.l.answer.code == -3);
    assert_true(str_eq(b.l.answer.message, a.message));
    assert_int_equal(b.l.answer.engine, ENGINE_BROWSER);
    assert_true(str_eq(b.l.answer.region, STR("CA")));
    for (int f = 0; f < FIELD_COUNT; f++)
        assert_true(value_eq(&b.l.answer.record->val[f], &rec.val[f]));
    release(&b);
}

static void other_calls_of_the_sink(void **state)
{
    struct ask_member m[2] = { { .id = 5, .item = 1 },
                               { .id = UINT64_C(7361448925972155679), .item = 2 } };
    struct kept_file f = { .name = "f-2.warc.gz", .size = INT64_C(5000000000) };
    struct scrape_result run = { .sends = 3, .pauses = 1, .blocks = { 4, 10, 20 } };
    struct box b = { .line = { 0 } };

    (void)state;
    work_line_spare(&b.line, WITNESS_EMBED, m, 2);
    assert_int_equal(read_back(&b), 0);
    assert_true(b.l.of == WORK_SPARE && b.l.witness == WITNESS_EMBED && b.l.spares == 2);
    assert_true(b.l.spare[1].id == m[1].id && b.l.spare[1].item == 2);
    buf_clear(&b.line);
    work_line_drift(&b.line, "status_code", STR("10299"), 2, 77);
    assert_int_equal(read_back(&b), 0);
    assert_true(b.l.of == WORK_DRIFT && b.l.count == 2 && b.l.at == 77);
    assert_true(str_eq(b.l.kind, STR("status_code")) && str_eq(b.l.name, STR("10299")));
    buf_clear(&b.line);
    work_line_file(&b.line, &f, STR("https://s3.example.org/evidence/march"));
    assert_int_equal(read_back(&b), 0);
    assert_true(b.l.of == WORK_FILE && b.l.file.size == f.size);
    assert_true(str_eq(b.l.bucket, STR("https://s3.example.org/evidence/march")));
    buf_clear(&b.line);
    work_line_run(&b.line, &run);
    assert_int_equal(read_back(&b), 0);
    assert_true(b.l.of == WORK_RUN && b.l.run.sends == 3 && b.l.run.blocks.last_at == 20);
    buf_clear(&b.line);
    work_line_clock(&b.line, -998, 3);
    assert_int_equal(read_back(&b), 0);
    assert_true(b.l.of == WORK_CLOCK && b.l.ahead_ms == -998 && b.l.bound_ms == 3);
    buf_clear(&b.line);
    work_line_clock(&b.line, 0, 60001);    // no clock of a worker's
    assert_int_equal(read_back(&b), -1);
    buf_clear(&b.line);
    work_line_clock(&b.line, 0, -1);
    assert_int_equal(read_back(&b), -1);
    release(&b);
}

static void list_of_a_creator(void **state)
{
    struct listed_post post[2] = { { UINT64_C(7361448925972155679), 0 }, { 9, 3 } };
    struct creator_page page = {
        .standing = CREATOR_PUBLIC, .author = 77, .post = post, .posts = 2, .rows = 4, .dropped = 1
    };
    struct ask_member m = { .item = 3 };
    struct request r = { .witness = WITNESS_CREATOR, .member = &m, .members = 1 };
    struct answer a = { .kind = ANSWER_PUBLIC, .list = &page };
    struct box b = { .line = { 0 } };

    (void)state;
    work_line_answer(&b.line, &r, &a, NULL, 0);
    assert_int_equal(read_back(&b), 0);
    assert_int_equal(b.l.answer.list->posts, 2);
    assert_true(b.l.answer.list->post[0].id == post[0].id && b.l.answer.list->post[1].place == 3);
    assert_true(b.l.answer.list->author == 77 && b.l.answer.list->dropped == 1);
    release(&b);
}

static void what_no_worker_sends_is_refused(void **state)
{
#define REQUEST(witness, item, at)                                                        \
    "{\"of\":\"answer\",\"request\":{\"witness\":" witness ",\"id\":\"5\",\"item\":" item \
    ",\"reserved_at\":1,\"sent_at\":1,\"done_at\":" at ",\"sends\":1,\"http\":200,"       \
    "\"log_id\":\"\"},"
#define REST(kind, kept, more)                                                                  \
    "\"kept\":" kept ",\"kind\":" kind ",\"at\":1,\"message\":\"\",\"why\":0,\"generation\":0," \
    "\"engine\":0,\"region\":\"\",\"nearly\":false" more "}"
    static const char *const bad[] = {
        "",
        "[]",
        "7",
        "{\"of\":\"label\"}",
        "{\"of\":\"answer\"}",
        REQUEST("0", "1", "1") REST("2", "[]", ""),     // the API's
        REQUEST("3", "0", "1") REST("2", "[]", ""),     // of no item
        REQUEST("3", "1", "-1") REST("2", "[]", ""),    // before all time
        REQUEST("3", "1", "1") REST("0", "[]", ""),     // found: the API's too
        REQUEST("3", "1", "1") REST("2", "7", ""),
        REQUEST("3", "1", "1")
            REST("2", "[{\"file\":\"../x\",\"offset\":0,\"len\":1,\"digest\":\"\"}]", ""),
        REQUEST("3", "1", "1") REST("2", "[]", ",\"record\":{\"id\":5,\"ints\":{\"nothing\":1}}"),
        REQUEST("3", "1", "1")
            REST("2", "[]", ",\"record\":{\"id\":5,\"ints\":{\"view_count\":\"x\"}}"),
        "{\"of\":\"file\",\"name\":\"a\",\"size\":1,\"digest\":\""
        "0000000000000000000000000000000000000000000000000000000000000000\","
        "\"bucket\":\"http://s3.example.org/e\"}",
        REQUEST("3", "1", "1") REST("2", "[]", ",\"record\":{\"id\":\"6\"}"),    // another post's
        "{\"of\":\"file\",\"name\":\"a/b\",\"size\":1,\"digest\":\"00\"}",
        "{\"of\":\"spare\",\"witness\":3,\"items\":[\"5\",0]}",
    };
    struct arena mem = { 0 };

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct work_line l;
        struct err err = { 0 };

        assert_int_equal(work_line_read(str_of(bad[i]), &mem, &l, &err), -1);
        assert_int_equal(err.kind, ERR_INPUT);
    }
    {
        struct work_line l;
        struct err err = { 0 };

        assert_int_equal(
            work_line_read(str_of(REQUEST("3", "1", "1") REST("2", "[]", "")), &mem, &l, &err), 0);
    }
    arena_release(&mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answer_with_all_that_there_is),
        cmocka_unit_test(other_calls_of_the_sink),
        cmocka_unit_test(list_of_a_creator),
        cmocka_unit_test(what_no_worker_sends_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
