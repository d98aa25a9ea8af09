/* tests/unit/test_standin.c: the stand-in answers as the documentation and the
 * captures say. Asked over plain sockets: no line of the tool's own client. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <arpa/inet.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zlib.h>
#include <cmocka.h>
#include <cjson/cJSON.h>
#include "base/utc.h"
#include "fixtures/standin.h"
#include "record/id.h"

struct box {
    struct world *w;
    struct standin *s;
    char dir[64], clock[96];
    char token[64];
    struct buf raw;             // the last reply, head and body
    struct str head, body;
    int status;
};

// ---- a client of a few lines ----

static void ask(struct box *x, const char *method, const char *path, const char *headers,
                const char *body)
{
    struct sockaddr_in to = { .sin_family = AF_INET,
                              .sin_port = htons((uint16_t)standin_port(x->s)) };
    struct buf q = {0};
    char chunk[8192];
    ptrdiff_t end;
    ssize_t n;
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
    buf_printf(&q, "%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n%s", method, path,
               headers);
    if (body)
        buf_printf(&q, "Content-Length: %zu\r\n", strlen(body));
    buf_puts(&q, "\r\n");
    buf_puts(&q, body ? body : "");
    assert_int_equal(write(fd, q.p, q.n), (ssize_t)q.n);
    buf_release(&q);
    buf_clear(&x->raw);
    while ((n = read(fd, chunk, sizeof chunk)) > 0)
        buf_add(&x->raw, chunk, (size_t)n);
    close(fd);
    end = str_find(buf_view(&x->raw), STR("\r\n\r\n"), 0);
    assert_true(end > 12);
    buf_cstr(&x->raw);
    x->head = (struct str){ x->raw.p, (size_t)end };
    x->body = (struct str){ x->raw.p + end + 4, x->raw.n - (size_t)end - 4 };
    x->status = atoi(x->raw.p + 9);
}

static bool says(struct str where, const char *what)
{
    return str_find(where, str_of(what), 0) >= 0;
}

static const char form[] = "Content-Type: application/x-www-form-urlencoded\r\n";

static void take_token(struct box *x)
{
    ptrdiff_t at;

    ask(x, "POST", "/v2/oauth/token/", form,
        "client_key=test-key&client_secret=test-secret&grant_type=client_credentials");
    assert_int_equal(x->status, 200);
    at = str_find(x->body, STR("\"access_token\":\"clt."), 0);
    assert_true(at >= 0);
    snprintf(x->token, sizeof x->token, "%.32s", x->body.p + at + 16);
    x->token[strcspn(x->token, "\"")] = 0;
}

static void query(struct box *x, const char *fields, const char *body)
{
    char path[600], headers[200];

    snprintf(path, sizeof path, "/v2/research/video/query/?fields=%s", fields);
    snprintf(headers, sizeof headers,
             "Authorization: Bearer %s\r\nContent-Type: application/json\r\n", x->token);
    ask(x, "POST", path, headers, body);
}

static struct box *open_box(const char *quirks, uint32_t items)
{
    struct box *x = xcalloc(1, sizeof *x);
    struct standin_opts o = STANDIN_DEFAULTS;
    struct world_params p;
    struct err err = {0};
    const char *tmp = getenv("TMPDIR");
    struct str rest = str_of(quirks), one;

    snprintf(x->dir, sizeof x->dir, "%.40s/standinXXXXXX", tmp && strlen(tmp) < 40 ? tmp : "/tmp");
    assert_non_null(mkdtemp(x->dir));
    snprintf(x->clock, sizeof x->clock, "%s/clock", x->dir);
    world_params_default(&p, 7, items);
    assert_int_equal(world_new(&p, &x->w, &err), 0);
    o.world = x->w;
    o.clock_path = x->clock;
    o.page_kb = 8;
    while (str_cut(&rest, ';', &one)) {
        char spec[80];

        snprintf(spec, sizeof spec, "%.*s", STR_ARG(str_trim(one)));
        if (strncmp(spec, "quota ", 6) == 0)
            o.quota = atoi(spec + 6);
        else if (*spec && quirk_set(&o.quirks, spec, &err))
            fail_msg("%s", err.msg);
    }
    if (standin_start(&x->s, &o, &err))
        fail_msg("%s", err.msg);
    return x;
}

static void close_box(struct box *x)
{
    standin_stop(x->s);
    unlink(x->clock);
    rmdir(x->dir);
    buf_release(&x->raw);
    world_free(x->w);
    free(x);
}

static void later(struct box *x, int64_t seconds)
{
    struct err err = {0};
    int64_t now;

    assert_int_equal(standin_clock(x->clock, 0, seconds * 1000, -1, &now, &err), 0);
}

// ---- batches ----

static void batch_body(const uint64_t *id, size_t n, int64_t start_day, struct buf *b)
{
    char from[UTC_TEXT_MAX], to[UTC_TEXT_MAX];

    buf_clear(b);
    buf_puts(
        b,
        "{\"query\":{\"and\":[{\"operation\":\"IN\",\"field_name\":\"video_id\","
        "\"field_values\":[");
    for (size_t i = 0; i < n; i++)
        buf_printf(b, "%s\"%" PRIu64 "\"", i ? "," : "", id[i]);
    buf_printf(b, "]}]},\"start_date\":\"%s\",\"end_date\":\"%s\",\"max_count\":100}",
               utc_compact(start_day, from), utc_compact(start_day + 30, to));
}

static bool row_of(const struct box *x, uint64_t id)
{
    char bare[40];

    snprintf(bare, sizeof bare, "\"id\":%" PRIu64, id);     // unquoted, all digits
    return says(x->body, bare);
}

/* Ids of posts made on the days first..first + 28 that satisfy keep, at most max. */
static size_t pick(const struct box *x, int64_t first_day, bool (*keep)(const struct world_item *),
                   uint64_t *id, size_t max)
{
    size_t n = 0;

    for (size_t i = 0; i < x->w->items && n < max; i++) {
        int64_t day = utc_day(x->w->item[i].created_at);

        if (day >= first_day && day <= first_day + 28 && keep(&x->w->item[i]))
            id[n++] = x->w->item[i].id;
    }
    return n;
}

static bool any(const struct world_item *it) { return it->reason != REASON_TOO_RECENT; }
static bool returned(const struct world_item *it) { return it->reason == REASON_AT_ONCE; }
static bool lasting(const struct world_item *it)
{
    return returned(it) && it->vanishes_at > WORLD_START + 100 * UTC_DAY_S;
}
static bool deleted(const struct world_item *it)
{
    return reason_label(it->reason) == LABEL_DELETED;
}
static bool restricted(const struct world_item *it)
{
    return reason_label(it->reason) == LABEL_UNKNOWN;
}

#define RECENT (WORLD_START / UTC_DAY_S - 34)       // a window with plenty of posts

// ---- token ----

static void token_wants_form_key_and_secret(void **state)
{
    struct box *x = open_box("", 50);

    (void)state;
    ask(x, "POST", "/v2/oauth/token/", form,
        "client_key=test-key&client_secret=wrong&grant_type=client_credentials");
    assert_true(says(x->body, "\"error\":\"invalid_client\",\"error_description\":"));
    assert_false(says(x->body, "access_token"));
    ask(x, "POST", "/v2/oauth/token/", form, "client_key=test-key&grant_type=client_credentials");
    assert_int_equal(x->status, 400);
    assert_true(says(x->body, "\"error\":\"invalid_request\""));
    ask(x, "POST", "/v2/oauth/token/", "Content-Type: application/json\r\n", "{}");
    assert_int_equal(x->status, 400);
    take_token(x);
    assert_true(says(x->body, "\"expires_in\":7200,\"token_type\":\"Bearer\""));
    close_box(x);
}

static void token_ends_after_two_hours_of_the_clock_file(void **state)
{
    struct box *x = open_box("", 50);
    uint64_t id = x->w->item[0].id;
    struct buf b = {0};

    (void)state;
    batch_body(&id, 1, RECENT, &b);
    query(x, "id", b.p);
    assert_int_equal(x->status, 401);
    take_token(x);
    query(x, "id", b.p);
    assert_int_equal(x->status, 200);
    later(x, 7100);
    query(x, "id", b.p);
    assert_int_equal(x->status, 200);
    later(x, 101);
    query(x, "id", b.p);
    assert_int_equal(x->status, 401);
    assert_true(says(x->body, "\"code\":\"access_token_invalid\""));
    buf_release(&b);
    close_box(x);
}

// ---- query ----

static void the_api_returns_what_the_truth_says(void **state)
{
    struct box *x = open_box("", 1500);
    struct buf b = {0};
    uint64_t id[100] = {0};
    int rows = 0, asked = 0;

    (void)state;
    take_token(x);
    for (int window = 0; window < 8; window++) {
        int64_t first = RECENT - 29 * window;
        size_t n = pick(x, first, any, id, 100);

        if (n == 0)
            continue;
        batch_body(id, n, first, &b);
        query(x, "id,create_time,username", b.p);
        assert_int_equal(x->status, 200);
        for (size_t i = 0; i < n; i++) {
            const struct world_item *it = world_find(x->w, id[i]);

            assert_int_equal(row_of(x, id[i]), world_returned(x->w, it, x->w->params.clock));
            rows += row_of(x, id[i]);
            asked++;
        }
    }
    assert_true(asked > 300 && rows > asked / 2 && rows < asked);
    buf_release(&b);
    close_box(x);
}

static void intermittent_posts_come_and_go_as_the_world_says(void **state)
{
    struct box *x = open_box("intermittent 1", 1500);
    uint64_t id[60] = {0};
    size_t n = pick(x, RECENT, returned, id, 60);
    int64_t now = x->w->params.clock;
    struct buf b = {0};
    int away = 0, there = 0;

    (void)state;
    batch_body(id, n, RECENT, &b);
    for (int day = 0; day < 40; day += 13, later(x, 13 * UTC_DAY_S), now += 13 * UTC_DAY_S) {
        take_token(x);
        query(x, "id", b.p);
        assert_int_equal(x->status, 200);
        for (size_t i = 0; i < n; i++) {
            const struct world_item *it = world_find(x->w, id[i]);
            bool absent = world_absent_run(x->w, it, 1, now);

            assert_int_equal(row_of(x, id[i]), !absent && world_returned(x->w, it, now));
            away += absent;
            there += !absent;
        }
    }
    assert_true(away > 10 && there > 100);
    buf_release(&b);
    close_box(x);
}

static void bad_requests_are_refused_by_name(void **state)
{
    static const struct { const char *fields, *body;
    } bad[] = {
        { "id",
          "{\"query\":{\"and\":[{\"operation\":\"EQ\",\"field_name\":\"username\","
          "\"field_values\":[\"a\"]}]},"
          "\"start_date\":\"20260101\",\"end_date\":\"20260201\"}" },    // 31 days after the start
        { "id,caption",
          "{\"query\":{\"and\":[{\"operation\":\"EQ\",\"field_name\":\"username\","
          "\"field_values\":[\"a\"]}]},"
          "\"start_date\":\"20260101\",\"end_date\":\"20260131\"}" },    // no such field
        { "id", "{\"query\":{\"and\":[]},\"start_date\":\"20260101\",\"end_date\":\"20260131\"}" },
        { "id",
          "{\"query\":{\"and\":[{\"operation\":\"LIKE\",\"field_name\":\"username\","
          "\"field_values\":[\"a\"]}]},"
          "\"start_date\":\"20260101\",\"end_date\":\"20260131\"}" },
        { "id",
          "{\"query\":{\"and\":[{\"operation\":\"EQ\",\"field_name\":\"username\","
          "\"field_values\":[\"a\"]}]},"
          "\"start_date\":\"20260101\",\"end_date\":\"20260131\",\"max_count\":101}" },
        { "id",
          "{\"query\":{\"and\":[{\"operation\":\"IN\",\"field_name\":\"video_id\","
          "\"field_values\":[7100000000000000000]}]},"
          "\"start_date\":\"20260101\",\"end_date\":\"20260131\"}" },    // values are strings
        { "id",
          "{\"query\":{\"and\":[{\"operation\":\"EQ\",\"field_name\":\"username\","
          "\"field_values\":[\"a\"]}]},"
          "\"start_date\":\"20260101\",\"end_date\":\"20260131\","
          "\"search_id\":\"7438632773830841386\"}" },
        { "id", "not json" },
    };
    struct box *x = open_box("", 50);

    (void)state;
    take_token(x);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        query(x, bad[i].fields, bad[i].body);
        if (x->status != 400 || !says(x->body, "\"code\":\"invalid_params\""))
            fail_msg("case %d: %d %s", (int)i, x->status, x->body.p);
    }
    query(x, "id,%20create_time",
          "{\"query\":{\"and\":[{\"operation\":\"EQ\",\"field_name\":\"username\","    // blanks are
                                                                                       // fine
          "\"field_values\":[\"a\"]}]},\"start_date\":\"20260101\",\"end_date\":\"20260131\"}");
    assert_int_equal(x->status, 200);
    close_box(x);
}

static void paging_shows_every_row_once(void **state)
{
    struct box *x = open_box("short_pages 0.3; search_refuse 2", 1500);
    char search[32] = "", body[600];
    int cursor = 0, pages = 0, rows = 0, refused = 0;
    bool more = true;

    (void)state;
    take_token(x);
    while (more && pages < 400) {
        cJSON *root, *data;

        snprintf(
            body, sizeof body,
            "{\"query\":{\"and\":[{\"operation\":\"GTE\",\"field_name\":\"create_date\","
            "\"field_values\":[\"20260201\"]}],\"not\":[{\"operation\":\"EQ\","
            "\"field_name\":\"region_code\","
            "\"field_values\":[\"FR\"]}]},\"start_date\":\"20260128\",\"end_date\":\"20260226\","
            "\"max_count\":10,"
            "\"cursor\":%d%s%s%s}",
            cursor, *search ? ",\"search_id\":\"" : "", search, *search ? "\"" : "");
        query(x, "id,region_code", body);
        if (x->status == 400) {
            assert_true(says(x->body, "is invalid or expired"));
            refused++;
            continue;
        }
        assert_int_equal(x->status, 200);
        root = cJSON_Parse(x->body.p);
        data = cJSON_GetObjectItemCaseSensitive(root, "data");
        snprintf(search, sizeof search, "%s",
                 cJSON_GetObjectItemCaseSensitive(data, "search_id")->valuestring);
        cursor = cJSON_GetObjectItemCaseSensitive(data, "cursor")->valueint;
        more = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(data, "has_more"));
        rows += cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(data, "videos"));
        pages++;
        cJSON_Delete(root);
    }
    assert_int_equal(refused, 2);
    for (size_t i = 0; i < x->w->items; i++) {
        const struct world_item *it = &x->w->item[i];
        int64_t day = utc_day(it->created_at);

        rows -= world_returned(x->w, it, x->w->params.clock) && day >= 20485 && day <= 20510 &&
                strcmp(x->w->account[it->account].region, "FR") != 0;
    }
    assert_int_equal(rows, 0);
    close_box(x);
}

static void a_dead_member_swallows_public_ids_alike_each_time(void **state)
{
    struct box *x = open_box("swallow_dead 0.5", 1500);
    uint64_t id[100] = {0};
    size_t n = pick(x, RECENT, returned, id, 60), dead = pick(x, RECENT - 60, deleted, id + n, 1);
    struct buf b = {0};
    bool first[100];
    size_t lost = 0;

    (void)state;
    assert_true(n == 60 && dead == 1);
    take_token(x);
    batch_body(id, n, RECENT, &b);
    query(x, "id", b.p);
    for (size_t i = 0; i < n; i++)
        assert_true(row_of(x, id[i]));          // clean company: all come back
    batch_body(id, n + 1, RECENT, &b);
    query(x, "id", b.p);
    for (size_t i = 0; i < n; i++)
        lost += !(first[i] = row_of(x, id[i]));
    assert_true(lost > 15 && lost < 45);
    query(x, "id", b.p);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(row_of(x, id[i]), first[i]);
    n = pick(x, RECENT, returned, id, 60);
    n += pick(x, RECENT, restricted, id + n, 3);
    batch_body(id, n, RECENT, &b);
    query(x, "id", b.p);
    for (size_t i = 0; i < 60; i++)
        assert_true(row_of(x, id[i]));          // missing or restricted company spoils nothing
    buf_release(&b);
    close_box(x);
}

/* Asks the same batch as often as back[] has rows; gives how many came back the first time. */
static size_t ask_times(struct box *x, const uint64_t *id, size_t n, bool back[][100], size_t times)
{
    struct buf b = {0};
    size_t came = 0;

    batch_body(id, n, RECENT, &b);
    for (size_t t = 0; t < times; t++) {
        query(x, "id", b.p);
        for (size_t i = 0; i < n; i++)
            back[t][i] = row_of(x, id[i]);
    }
    for (size_t i = 0; i < n; i++)
        came += back[0][i];
    buf_release(&b);
    return came;
}

static void a_company_loses_the_same_ids_each_time_or_others(void **state)
{
    static const char *const kinds[] = { "swallow_sticky 0.4", "swallow_random 0.4" };

    (void)state;
    for (int k = 0; k < 2; k++) {
        struct box *x = open_box(kinds[k], 1500);
        uint64_t id[100] = {0};
        bool whole[2][100], fewer[1][100], alone[1][100];
        size_t n = pick(x, RECENT, returned, id, 60), same = 0, moved = 0, came;

        assert_int_equal(n, 60);
        take_token(x);
        came = ask_times(x, id, n, whole, 2);
        assert_in_range(came, 24, 48);    // of 60, four in ten are lost in clean company
        ask_times(x, id, n - 1, fewer, 1);
        for (size_t i = 0; i < n - 1; i++) {
            same += whole[0][i] == whole[1][i];
            moved += whole[0][i] != fewer[0][i];
        }
        assert_true(k == 0 ? same == n - 1 : same < n - 1);
        assert_true(moved > 10);                         // another company loses others
        came = 0;
        for (size_t i = 0; i < 20; i++)
            came += ask_times(x, id + i, 1, alone, 1);
        assert_true(k == 0 ? came == 20 : came < 20);    // a single id is no company
        close_box(x);
    }
}

static void a_favoured_few_are_never_lost(void **state)
{
    struct box *x = open_box("swallow_dead 1; favoured 0.3", 1500);
    uint64_t id[100] = {0};
    bool back[1][100], other[1][100];
    size_t n = pick(x, RECENT, returned, id, 80), came;

    (void)state;
    assert_true(n == 80 && pick(x, RECENT - 60, deleted, id + n, 1) == 1);
    take_token(x);
    came = ask_times(x, id, n + 1, back, 1);
    assert_in_range(came, 10, 40);
    id[60] = id[80];                                     // in another company the same ones
    ask_times(x, id, 61, other, 1);
    for (size_t i = 0; i < 60; i++)
        assert_int_equal(back[0][i], other[0][i]);
    close_box(x);
}

static void some_windows_fail_for_some_days(void **state)
{
    struct box *x = open_box("window_fail 0.5 3", 300);
    uint64_t id = x->w->item[0].id;
    int status[40], failed = 0;

    (void)state;
    for (int day = 0; day < 4; day++) {
        take_token(x);
        for (int w = 0; w < 40; w++) {
            struct buf b = {0};

            batch_body(&id, 1, RECENT - 30 * w, &b);
            query(x, "id", b.p);
            if (day == 0)
                failed += (status[w] = x->status) == 500;
            assert_int_equal(x->status, day < 3 ? status[w] : 200);
            buf_release(&b);
        }
        later(x, 86400);
    }
    assert_in_range(failed, 8, 32);
    close_box(x);
}

static void posts_come_back_from_their_own_hour_on(void **state)
{
    struct box *x = open_box("delay_hours 240 480", 1500);
    uint64_t id[100] = {0};
    bool back[1][100];
    size_t n = pick(x, RECENT, lasting, id, 100), between = 0, between_back = 0;

    (void)state;
    take_token(x);
    ask_times(x, id, n, back, 1);
    for (size_t i = 0; i < n; i++) {
        int64_t hours = (WORLD_START - world_find(x->w, id[i])->created_at) / 3600;

        if (hours < 239 || hours > 480) {
            assert_int_equal(back[0][i], hours > 480);
        } else {
            between++;
            between_back += back[0][i];
        }
    }
    assert_true(between > 10 && between_back > 2 && between_back < between - 2);
    later(x, 480 * 3600);
    take_token(x);
    assert_int_equal(ask_times(x, id, n, back, 1), n);
    close_box(x);
}

static void the_quota_ends_at_midnight(void **state)
{
    struct box *x = open_box("quota 3; rate_500 1", 50);
    uint64_t id = x->w->item[0].id;
    struct buf b = {0};

    (void)state;
    take_token(x);
    batch_body(&id, 1, RECENT, &b);
    for (int i = 0; i < 3; i++) {
        query(x, "id", b.p);
        assert_int_equal(x->status, 500);       // failures are charged
    }
    query(x, "id", b.p);
    assert_int_equal(x->status, 429);
    assert_true(says(x->body, "daily_quota_limit_exceeded"));
    later(x, UTC_DAY_S);
    take_token(x);
    query(x, "id", b.p);
    assert_int_equal(x->status, 500);
    buf_release(&b);
    close_box(x);
}

static void faults_of_the_api_come_as_ordered(void **state)
{
    static const struct { const char *quirk; int status; const char *says; bool row; } want[] = {
        { "html_504 1", 504, "<html>", false },
        { "rate_limit 1", 429, "rate_limit_exceeded", false },
        { "token_401 1", 401, "access_token_invalid", false },
        { "outage 0 1", 200, "\"code\":\"ok\"", false },
        { "swallow_batch 1", 200, "\"code\":\"ok\"", false },
        { "refuse_field username", 400, "Invalid field: username", false },
        { "window_500 29", 500, "internal_error", false },
        { "stretch_500 20260101 20260228", 500, "internal_error", false },
        { "empty_more 1", 200, "\"has_more\":true", false },
        { "late_hours 100000", 200, "\"code\":\"ok\"", false },
        { "nul 1", 200, "\\u0000\\u0000\"", true },
        { "unknown_key 1", 200, "\"never_documented\":", true },
        { "handle_change 1", 200, "\"code\":\"ok\"", true },
        { "window_500 31", 200, "\"code\":\"ok\"", true },
        { "outage 1 1", 200, "\"code\":\"ok\"", true },
    };

    (void)state;
    for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
        struct box *x = open_box(want[i].quirk, 600);
        struct buf b = {0};
        uint64_t id = 0;

        assert_int_equal(pick(x, RECENT, returned, &id, 1), 1);
        take_token(x);
        batch_body(&id, 1, RECENT, &b);
        query(x, "id,username", b.p);
        if (x->status != want[i].status || !says(x->body, want[i].says) ||
            row_of(x, id) != want[i].row)
            fail_msg("%s: %d %s", want[i].quirk, x->status, x->body.p);
        buf_release(&b);
        close_box(x);
    }
}

static void a_truncated_reply_is_no_json(void **state)
{
    struct box *x = open_box("truncated 1", 600);
    struct buf b = {0};
    uint64_t id[9];
    cJSON *root;

    (void)state;
    take_token(x);
    batch_body(id, pick(x, RECENT, returned, id, 9), RECENT, &b);
    query(x, "id", b.p);
    root = cJSON_Parse(x->body.p);
    assert_int_equal(x->status, 200);
    assert_null(root);
    buf_release(&b);
    close_box(x);
}

// ---- pages ----

static void page(struct box *x, uint64_t id)
{
    char path[80];

    snprintf(path, sizeof path, "/@_/video/%" PRIu64, id);
    ask(x, "GET", path, "", NULL);
}

/* The JSON of the page's script of that id, or NULL. */
static cJSON *page_state(const struct box *x, const char *script)
{
    ptrdiff_t at = str_find(x->body, str_of(script), 0),
              from = at < 0 ? -1 : str_find(x->body, STR(">"), (size_t)at);
    ptrdiff_t end = from < 0 ? -1 : str_find(x->body, STR("</script>"), (size_t)from);
    struct buf text = {0};
    cJSON *root;

    if (end < 0)
        return NULL;
    buf_add(&text, x->body.p + from + 1, (size_t)(end - from - 1));
    root = cJSON_Parse(buf_cstr(&text));
    buf_release(&text);
    return root;
}

static const cJSON *at(const cJSON *node, const char *key)
{
    return cJSON_GetObjectItemCaseSensitive(node, key);
}

static void every_page_says_what_the_truth_says(void **state)
{
    struct box *x = open_box("", 800);
    int refused = 0, shown = 0;

    (void)state;
    for (size_t i = 0; i < x->w->items; i++) {
        const struct world_item *it = &x->w->item[i];
        struct world_page p = world_page_at(x->w, it, x->w->params.clock);
        const cJSON *detail, *item;
        cJSON *root;
        char id[ID_TEXT_MAX];

        if (it->reason == REASON_AT_ONCE && i % 4 && it->flags == 0)
            continue;           // enough of the ordinary
        page(x, it->id);
        root = page_state(x, "id=\"__UNIVERSAL_DATA_FOR_REHYDRATION__\"");
        detail = at(at(root, "__DEFAULT_SCOPE__"), "webapp.video-detail");
        item = at(at(detail, "itemInfo"), "itemStruct");
        if (p.view == VIEW_REFUSED) {
            assert_int_equal(at(detail, "statusCode")->valueint, p.code);
            assert_string_equal(at(detail, "statusMsg")->valuestring, p.msg);
            assert_null(item);
            refused++;
        } else if (p.view == VIEW_PUBLIC) {
            assert_int_equal(at(detail, "statusCode")->valueint, 0);
            assert_string_equal(at(item, "id")->valuestring, id_text(it->id, id));
            assert_true(cJSON_IsString(at(item, "createTime")));
            assert_int_equal(cJSON_IsTrue(at(item, "isAd")), it->reason == REASON_MARKED_AD ||
                             it->reason == REASON_SHOP_AD || (it->flags & WORLD_AD_RETURNED));
            assert_int_equal(at(item, "locationCreated") &&
                                 strcmp(at(item, "locationCreated")->valuestring, "CA") == 0,
                             (it->flags & WORLD_CANADA) != 0);
            shown++;
        } else if (p.view == VIEW_STRIPPED || p.view == VIEW_EMPTY || p.view == VIEW_5XX) {
            assert_null(detail);
        }
        assert_string_equal(
            p.view == VIEW_EMPTY || !root
                ? "DE"
                : at(at(at(root, "__DEFAULT_SCOPE__"), "webapp.app-context"), "region")
                      ->valuestring,
            "DE");
        cJSON_Delete(root);
    }
    assert_true(refused > 80 && shown > 200);
    page(x, 7100000000000000000u);
    assert_true(says(
        x->body,
        "\"webapp.video-detail\":{\"statusCode\":10204,\"statusMsg\":\"item doesn't exist\"}"));
    assert_true(says(x->body, "Video currently unavailable"));      // in every page's ballast
    close_box(x);
}

static void older_generations_carry_the_same_post(void **state)
{
    static const struct { const char *quirk, *script; const char *path[5];
    } kind[] = {
        { "generation mobile",
          "id=\"__UNIVERSAL_DATA_FOR_REHYDRATION__\"",
          { "__DEFAULT_SCOPE__", "webapp.reflow.video.detail", "itemInfo", "itemStruct", NULL } },
        { "generation sigi", "id=\"SIGI_STATE\"", { "ItemModule", "ID", NULL } },
        { "generation next",
          "id=\"__NEXT_DATA__\"",
          { "props", "pageProps", "itemInfo", "itemStruct", NULL } },
        { "generation next_old",
          "id=\"__NEXT_DATA__\"",
          { "props", "pageProps", "videoData", "itemInfos", NULL } },
    };

    (void)state;
    for (size_t k = 0; k < sizeof kind / sizeof *kind; k++) {
        struct box *x = open_box(kind[k].quirk, 300);
        uint64_t id = 0;
        char text[ID_TEXT_MAX];
        cJSON *root;
        const cJSON *node;

        assert_int_equal(pick(x, RECENT, returned, &id, 1), 1);
        id_text(id, text);
        page(x, id);
        node = root = page_state(x, kind[k].script);
        for (int i = 0; kind[k].path[i]; i++)
            node = at(node, strcmp(kind[k].path[i], "ID") == 0 ? text : kind[k].path[i]);
        assert_non_null(node);
        assert_string_equal(at(node, "id")->valuestring, text);
        cJSON_Delete(root);
        close_box(x);
    }
}

static void gzip_and_plain_pages_are_the_same_bytes(void **state)
{
    struct box *x = open_box("", 100);
    unsigned char plain[200000];
    char path[80];
    z_stream z = {0};

    (void)state;
    snprintf(path, sizeof path, "/@_/video/%" PRIu64, x->w->item[0].id);
    ask(x, "GET", path, "Accept-Encoding: gzip, deflate\r\n", NULL);
    assert_true(says(x->head, "Content-Encoding: gzip"));
    assert_int_equal(inflateInit2(&z, 15 + 16), Z_OK);
    z.next_in = (Bytef *)x->body.p;
    z.avail_in = (uInt)x->body.n;
    z.next_out = plain;
    z.avail_out = sizeof plain;
    assert_int_equal(inflate(&z, Z_FINISH), Z_STREAM_END);      // checksum and length fit
    assert_int_equal(z.avail_in, 0);
    assert_int_equal(inflateEnd(&z), Z_OK);
    assert_true(z.total_out > 6000);
    ask(x, "GET", path, "", NULL);
    assert_false(says(x->head, "Content-Encoding"));
    assert_int_equal(x->body.n, z.total_out);
    assert_memory_equal(x->body.p, plain, 60);      // nonces differ, the frame does not
    close_box(x);
}

static void no_answers_of_the_site_come_as_ordered(void **state)
{
    static const struct { const char *quirk; int status; const char *says, *header;
    } want[] = {
        { "block_all", 403, "403", "Content-Type" },
        { "block_pages 1", 403, "403", "Content-Type" },
        { "page_451 1", 451, "451", "Content-Type" },
        { "page_429 1", 429, "429", "Retry-After: 30" },
        { "page_5xx 1", 503, "503", "Content-Type" },
        { "login_wall 1", 302, "", "Location: https://www.tiktok.com/login?" },
        { "empty_body 1", 200, "", "Content-Length: 0" },
        { "challenge 1", 200, "_wafchallengeid", "Content-Type" },
        { "captcha 1", 200, "captcha-verify-container", "Content-Type" },
        { "stripped 1", 200, "TikTok - Make Your Day", "Content-Type" },
        { "region CA", 200, "\"region\":\"CA\"", "Content-Type" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
        struct box *x = open_box(want[i].quirk, 300);
        uint64_t id = 0;

        assert_int_equal(pick(x, RECENT, returned, &id, 1), 1);
        page(x, id);
        if (x->status != want[i].status || !says(x->body, want[i].says) ||
            !says(x->head, want[i].header))
            fail_msg("%s: %.*s\n%s", want[i].quirk, STR_ARG(x->head), x->body.p);
        assert_int_equal(says(x->body, "webapp.video-detail"), i + 1 == sizeof want / sizeof *want);
        close_box(x);
    }
}

static void oembed_ignores_the_handle_and_hides_the_cause(void **state)
{
    struct box *x = open_box("", 600);
    char path[160];
    uint64_t id = 0;

    (void)state;
    assert_int_equal(pick(x, RECENT, returned, &id, 1), 1);
    snprintf(
        path, sizeof path,
        "/oembed?url=https%%3A%%2F%%2Fwww.tiktok.com%%2F%%40no.such.person%%2Fvideo%%2F%" PRIu64,
        id);
    ask(x, "GET", path, "", NULL);
    assert_int_equal(x->status, 200);
    assert_true(says(x->body, "\"author_unique_id\":\"") &&
                says(x->body, "\"embed_product_id\":\""));
    assert_int_equal(pick(x, RECENT, deleted, &id, 1), 1);
    snprintf(path, sizeof path,
             "/oembed?url=https%%3A%%2F%%2Fwww.tiktok.com%%2F%%40_%%2Fvideo%%2F%" PRIu64, id);
    ask(x, "GET", path, "", NULL);
    assert_int_equal(x->status, 400);
    assert_int_equal(x->body.n, 45);
    assert_true(str_eq(x->body, STR("{\"message\":\"Something went wrong\",\"code\":400}")));
    close_box(x);
}

static void short_links_lead_home_or_to_the_post(void **state)
{
    struct box *x = open_box("", 600);
    char path[64], code[WORLD_CODE_MAX], want[ID_TEXT_MAX + 8], id[ID_TEXT_MAX];
    int links = 0;

    (void)state;
    for (size_t i = 0; i < x->w->items; i++) {
        if (!(x->w->item[i].flags & WORLD_SHORT_LINK))
            continue;
        snprintf(path, sizeof path, links++ % 2 ? "/t/%s/" : "/%s/",
                 world_short_code(x->w, x->w->item[i].id, code));
        snprintf(want, sizeof want, "/video/%s?", id_text(x->w->item[i].id, id));
        ask(x, "GET", path, "", NULL);
        assert_int_equal(x->status, 301);
        assert_true(says(x->head, "Location: https://www.tiktok.com/@") && says(x->head, want));
    }
    assert_true(links > 3);
    ask(x, "GET", "/ZDeadLink1/", "", NULL);
    assert_int_equal(x->status, 301);
    assert_true(says(x->head, "Location: https://www.tiktok.com/?_r=1"));
    close_box(x);
}

static void posts_vanish_by_the_clock(void **state)
{
    struct box *x = open_box("", 800);
    size_t i = 0;

    (void)state;
    while (i < x->w->items && !(x->w->item[i].flags & WORLD_VANISH_EARLY))
        i++;
    assert_true(i < x->w->items);
    page(x, x->w->item[i].id);
    assert_true(says(x->body, "\"itemStruct\""));
    later(x, UTC_DAY_S);
    page(x, x->w->item[i].id);
    assert_false(says(x->body, "\"itemStruct\""));
    assert_true(says(x->body, "\"statusCode\":10204"));
    close_box(x);
}

static void happens(struct box *x, const char *line)
{
    struct err err = { 0 };

    if (schedule_add(&x->w->schedule, x->w->params.clock, str_of(line), &err))
        fail_msg("%s", err.msg);
}

/* 08:00 of day 0, and so on. */
static void faults_and_handles_follow_the_schedule(void **state)
{
    struct box *x = open_box("", 600);
    char line[120], handle[WORLD_HANDLE_MAX];
    const struct world_item *it;
    uint64_t id = 0;

    (void)state;
    assert_int_equal(pick(x, RECENT, returned, &id, 1), 1);
    it = world_find(x->w, id);
    happens(x, "1,,quirk block_all");
    happens(x, "2,,quirk page_5xx 1");
    snprintf(line, sizeof line, "3,%" PRIu64 ",renamed", id);
    happens(x, line);
    snprintf(line, sizeof line, "3-4,%" PRIu64 ",blocked 403", id);
    happens(x, line);
    page(x, id);
    assert_int_equal(x->status, 200);
    assert_true(says(x->body, world_handle(x->w, it->account, handle)));
    later(x, UTC_DAY_S);
    page(x, id);
    assert_int_equal(x->status, 403);
    later(x, UTC_DAY_S);
    page(x, id);
    assert_int_equal(x->status, 503);
    later(x, UTC_DAY_S);
    page(x, id);
    assert_int_equal(x->status, 403);
    later(x, UTC_DAY_S);
    page(x, id);
    assert_int_equal(x->status, 200);
    assert_true(says(x->body, world_next_handle(x->w, it->account, handle)));
    close_box(x);
}

static void every_request_moves_the_clock_file(void **state)
{
    struct box *x = open_box("", 20);
    struct err err = {0};
    int64_t before, after;

    (void)state;
    assert_int_equal(standin_clock(x->clock, 0, 0, -1, &before, &err), 0);
    assert_int_equal(before, (int64_t)WORLD_START * 1000);
    for (int i = 0; i < 5; i++)
        page(x, x->w->item[0].id);
    assert_int_equal(standin_clock(x->clock, 0, 0, -1, &after, &err), 0);
    assert_int_equal(after - before, 5 * 20);
    ask(x, "GET", "/_standin/stats", "", NULL);
    assert_true(says(x->body, "\"page\":5"));
    close_box(x);
}

// ---- the validity check and user/info ----

static void post(struct box *x, const char *path, const char *type, const char *body)
{
    char headers[300];

    snprintf(headers, sizeof headers, "Authorization: Bearer %s\r\nContent-Type: %s\r\n", x->token,
             type);
    ask(x, "POST", path, headers, body);
}

static void form_of(struct buf *b, const char *category, const char *ids)
{
    buf_clear(b);
    buf_printf(
        b,
        "--cut\r\nContent-Disposition: form-data; name=\"category\"\r\n\r\n%s\r\n--cut\r\n"
        "Content-Disposition: form-data; name=\"file_data\"; filename=\"a.txt\"\r\n\r\n%s\r\n"
        "--cut--\r\n",
        category, ids);
}

/* The list for these ids, in x->body; asks for the state until it is Completed. */
static void check_ids(struct box *x, const char *ids)
{
    const char *type = "multipart/form-data; boundary=cut";
    struct buf b = {0};
    char task[80];
    ptrdiff_t at;

    form_of(&b, "video", ids);
    post(x, "/v2/research/validation_task/create/", type, buf_cstr(&b));
    assert_int_equal(x->status, 200);
    at = str_find(x->body, STR("\"task_id\":"), 0);
    assert_true(at > 0);
    snprintf(task, sizeof task, "{\"task_id\":%.20s}", x->body.p + at + 10);      // bare, 20 digits
    for (int i = 0; i < 5; i++) {
        post(x, "/v2/research/validation_task_status/get/", "application/json", task);
        if (says(x->body, "\"task_status\":\"Completed\""))
            break;
        assert_true(says(x->body, "\"task_status\":\"Processing\""));
        assert_true(i < 4);
    }
    post(x, "/v2/research/validation_task/download/", "application/json", task);
    assert_int_equal(x->status, 200);
    buf_release(&b);
}

static size_t answers_unlike_the_truth(const struct box *x)
{
    size_t n = 0;

    for (size_t i = 0; i < x->w->items; i++) {
        char line[40];

        snprintf(line, sizeof line, "%" PRIu64 "\n", x->w->item[i].id);
        n += says(x->body, line) != world_returned(x->w, &x->w->item[i], WORLD_START);
    }
    return n;
}

static void validity_check_says_what_the_query_would(void **state)
{
    struct buf ids = {0};
    size_t odd;

    (void)state;
    for (int i = 0; i < 2; i++) {
        struct box *x = open_box(i ? "validation_disagree 0.25" : "", 400);

        buf_clear(&ids);
        for (size_t n = 0; n < x->w->items; n++)
            buf_printf(&ids, "%" PRIu64 "\n", x->w->item[n].id);
        take_token(x);
        check_ids(x, buf_cstr(&ids));
        odd = answers_unlike_the_truth(x);
        assert_true(i ? odd > 60 && odd < 140 : odd == 0);
        close_box(x);
    }
    buf_release(&ids);
}

static void validity_check_refuses_what_is_no_file_of_ids(void **state)
{
    static const char type[] = "multipart/form-data; boundary=cut";
    struct box *x = open_box("quota 5", 50);
    struct buf b = {0};

    (void)state;
    take_token(x);
    form_of(&b, "video", "7300000000000000001\nmira\n");
    post(x, "/v2/research/validation_task/create/", type, buf_cstr(&b));
    assert_true(x->status == 400 && says(x->body, "no id"));
    form_of(&b, "audio", "7300000000000000001\n");
    post(x, "/v2/research/validation_task/create/", type, buf_cstr(&b));
    assert_true(x->status == 400 && says(x->body, "category"));
    post(x, "/v2/research/validation_task/create/", "application/json", "{}");
    assert_true(x->status == 400 && says(x->body, "multipart/form-data"));
    post(x, "/v2/research/validation_task_status/get/", "application/json",
         "{\"task_id\":17000000000000000001}");
    assert_true(x->status == 400 && says(x->body, "task_id is invalid"));
    post(x, "/v2/research/user/info/", "application/json", "{\"username\":\"x\"}");
    assert_true(x->status == 400 && says(x->body, "fields parameter"));
    post(x, "/v2/research/user/info/?fields=video_count", "application/json",
         "{\"username\":\"x\"}");
    assert_true(x->status == 429 &&
                says(x->body, "daily_quota_limit_exceeded"));    // one quota for all calls
    buf_release(&b);
    close_box(x);
}

static void ask_user(struct box *x, const char *name)
{
    char body[80];

    snprintf(body, sizeof body, "{\"username\":\"%s\"}", name);
    post(x, "/v2/research/user/info/?fields=is_verified,video_count", "application/json", body);
}

static void user_info_knows_the_accounts_of_the_world(void **state)
{
    struct box *x = open_box("", 1500);
    char handle[WORLD_HANDLE_MAX];
    int known = 0, gone = 0, denied = 0, excluded[2] = { 0, 0 };

    (void)state;
    take_token(x);
    for (uint32_t i = 0; i < x->w->accounts; i++) {
        const struct world_account *a = &x->w->account[i];
        enum reason reason = (enum reason)x->w->item[a->first].reason;
        bool excluded_one = a->group == WORLD_GROUP_EXCLUDED;

        if (a->group != WORLD_GROUP_WHOLE && !excluded_one && i % 40)
            continue;
        ask_user(x, world_handle(x->w, i, handle));
        if (x->status == 200) {
            assert_true(says(x->body, "\"video_count\":") && says(x->body, "\"is_verified\":"));
            known += !excluded_one;
        } else if (says(x->body, "cannot find the user")) {
            assert_true(a->group == WORLD_GROUP_WHOLE && reason == REASON_ACCOUNT_GONE);
            gone++;
        } else {
            assert_true(says(x->body, "API cannot return this user"));
            denied += !excluded_one;
        }
        if (excluded_one)
            excluded[x->status == 200]++;
    }
    assert_true(known > 3 && gone > 0 && denied > 0 && excluded[0] + excluded[1] > 0);
    ask_user(x, "nobody.has_this");
    assert_true(x->status == 400 && says(x->body, "cannot find the user"));
    close_box(x);
}

static void quirks_are_checked(void **state)
{
    struct quirk_set q = {0};
    struct err err = {0};

    (void)state;
    for (int i = 0; standin_mild[i]; i++)
        assert_int_equal(quirk_set(&q, standin_mild[i], &err), 0);
    assert_true(q.on[QUIRK_NUL] && q.a[QUIRK_NUL] > 0.04);
    assert_int_equal(quirk_set(&q, "no_such_quirk 1", &err), -1);
    assert_int_equal(quirk_set(&q, "swallow_dead 1.5", &err), -1);
    assert_int_equal(quirk_set(&q, "swallow_dead", &err), -1);
    assert_int_equal(quirk_set(&q, "outage 1", &err), -1);
    assert_int_equal(quirk_set(&q, "window_fail 1.5 3", &err), -1);    // the first value is a share
    assert_int_equal(quirk_set(&q, "window_fail 0.5 3", &err), 0);
    assert_int_equal(quirk_set(&q, "generation soon", &err), -1);
    assert_int_equal(err.kind, ERR_USAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(token_wants_form_key_and_secret),
        cmocka_unit_test(token_ends_after_two_hours_of_the_clock_file),
        cmocka_unit_test(the_api_returns_what_the_truth_says),
        cmocka_unit_test(intermittent_posts_come_and_go_as_the_world_says),
        cmocka_unit_test(bad_requests_are_refused_by_name),
        cmocka_unit_test(paging_shows_every_row_once),
        cmocka_unit_test(a_dead_member_swallows_public_ids_alike_each_time),
        cmocka_unit_test(a_company_loses_the_same_ids_each_time_or_others),
        cmocka_unit_test(a_favoured_few_are_never_lost),
        cmocka_unit_test(some_windows_fail_for_some_days),
        cmocka_unit_test(posts_come_back_from_their_own_hour_on),
        cmocka_unit_test(the_quota_ends_at_midnight),
        cmocka_unit_test(faults_of_the_api_come_as_ordered),
        cmocka_unit_test(a_truncated_reply_is_no_json),
        cmocka_unit_test(every_page_says_what_the_truth_says),
        cmocka_unit_test(older_generations_carry_the_same_post),
        cmocka_unit_test(gzip_and_plain_pages_are_the_same_bytes),
        cmocka_unit_test(no_answers_of_the_site_come_as_ordered),
        cmocka_unit_test(oembed_ignores_the_handle_and_hides_the_cause),
        cmocka_unit_test(short_links_lead_home_or_to_the_post),
        cmocka_unit_test(posts_vanish_by_the_clock),
        cmocka_unit_test(faults_and_handles_follow_the_schedule),
        cmocka_unit_test(every_request_moves_the_clock_file),
        cmocka_unit_test(validity_check_says_what_the_query_would),
        cmocka_unit_test(validity_check_refuses_what_is_no_file_of_ids),
        cmocka_unit_test(user_info_knows_the_accounts_of_the_world),
        cmocka_unit_test(quirks_are_checked),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
