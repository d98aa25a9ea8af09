/* tests/unit/audit_box.h: a small audit in a folder of its own, at exact times,
 * with asks and page answers put in by hand. */
#ifndef TESTS_AUDIT_BOX_H
#define TESTS_AUDIT_BOX_H
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "audit/verdict/standing.h"
#include "silence/due.h"
#include "base/file.h"
#include "base/utc.h"
#include "tests/unit/folder.h"
#include "tests/unit/temp.h"

#define ITEMS 120
#define DAY0 20454                                   // 2026-01-01
#define MADE (DAY0 - 40)                             // creation day of the items
#define AT(day, hour) ((int64_t)(DAY0 + (day)) * 86400 + (hour) * 3600)
#define ID(i) ((((uint64_t)MADE * 86400 + 43200) << 32) + 13 * 256 + ((uint64_t)(i) << 12))
#define FROM (MADE - 1)
#define TO (MADE + 28)
#define PUBLIC 0
#define SELF_ONLY 10216                              // not public
#define REGION 10231    // restricted: refused here, perhaps public elsewhere

static char dir[64], clock_path[96];
static struct audit audit;
static struct sink sink;
static struct view *view;                            // freed by teardown

static void set_clock(int64_t at)
{
    char text[32];
    struct err err = {0};

    snprintf(text, sizeof text, "%lld", (long long)at);
    assert_int_equal(file_write(clock_path, str_of(text), &err), 0);
}

static void add_items(const struct new_item *it, size_t len)
{
    struct add_count counts = {0};
    struct digest d = {{ 1 }};
    struct err err = {0};
    int64_t source;

    assert_int_equal(store_source(audit.store, "list", &d, &source, &err), 0);
    assert_int_equal(store_add_items(audit.store, source, it, len, &counts, &err), 0);
}

/* A schema of its own on the server of the tests (outside.h); NULL: its store is a file. */
static const char *box_address(void)
{
    static char address[512];
    static int n;
    const char *server = getenv("BLINDSPOT_TEST_PG");

    if (!server)
        return NULL;
    snprintf(address, sizeof address, "%s?schema=b%ld_%d", server, (long)getpid(), n++);
    return address;
}

/* Without an item. */
static int setup_empty(void **state)
{
    static const char *sets[] = { "api.base_url=http://127.0.0.1:9",
                                  "page.base_url=http://127.0.0.1:9",
                                  "page.short_url=http://127.0.0.1:9", "evidence.keep=none",
                                  "page.witnesses=page, oembed",    // no_page is all its tries
                                  NULL };
    const struct opt_list list = { .v = sets, .n = 6 };
    static char quota[128];    // the list of settings keeps it
    struct sink_opts o = { .commit_every = 1000 };
    struct err err = {0};

    (void)state;
    temp_name(dir, sizeof dir);
    assert_non_null(mkdtemp(dir));
    snprintf(clock_path, sizeof clock_path, "%s/clock", dir);
    snprintf(quota, sizeof quota, "api.quota=%s/quota.db", dir);
    sets[5] = quota;
    set_clock(AT(0, 0));
    setenv("BLINDSPOT_CLOCK", clock_path, 1);
    if (audit_init_at(dir, "", box_address(), &err) ||
        audit_open(&audit, dir, &list, true, &err) ||
        store_sink(audit.store, &o, &sink, &err))
        fail_msg("%s", err.msg);
    return 0;
}

static inline int setup(void **state)
{
    struct new_item it[ITEMS] = {{0}};

    setup_empty(state);
    for (int i = 0; i < ITEMS; i++)
        it[i].id = ID(i);
    add_items(it, ITEMS);
    return 0;
}

static inline int teardown(void **state)
{
    struct err err = {0};

    (void)state;
    view_free(view);
    view = NULL;
    store_sink_release(&sink);
    assert_int_equal(audit_close(&audit, &err), 0);
    remove_all(dir);
    unsetenv("BLINDSPOT_CLOCK");
    return 0;
}

/* ---- what fetch and scrape would have stored ---- */

/* who: "0 1+ c20+ c21": item 0 silent, 1 came back, canary 20 came back, 21 not;
 * s0: item 0 as a check by a single id; l0: in a late check. */
static size_t parse_members(const char *who, struct ask_member *m)
{
    size_t n = 0;

    for (const char *p = who; *p;) {
        enum ask_role role = *p == 'c'   ? ROLE_CANARY
                             : *p == 's' ? ROLE_SPOT
                             : *p == 'l' ? ROLE_LATE
                                         : ROLE_ASKED;
        char *end;
        long i = strtol(p + (role != ROLE_ASKED), &end, 10);

        m[n++] = (struct ask_member){
            .id = ID(i), .item = i + 1, .role = role, .came_back = *end == '+'
        };
        p = end + (*end == '+');
        while (*p == ' ')
            p++;
    }
    return n;
}

static int box_round = 2;           // of the requests that are put in

static void ask_in(int64_t at, int64_t from, int64_t to, bool complete, const char *who)
{
    struct ask_member m[ITEMS];
    struct request r = { .witness = WITNESS_QUERY,
                         .round = box_round,
                         .start_day = from,
                         .end_day = to,
                         .loaded = true,
                         .member = m,
                         .complete = complete,
                         .http = 200,
                         .reserved_at = at,
                         .sent_at = at,
                         .done_at = at };
    struct err err = {0};

    r.members = parse_members(who, m);
    if (sink.reserve(sink.to, &r, &err))
        fail_msg("%s", err.msg);
    for (size_t i = 0; i < r.members; i++) {
        struct record rec = { .id = m[i].id };
        struct answer a = { .id = m[i].id,
                            .item = m[i].item,
                            .witness = WITNESS_QUERY,
                            .kind = ANSWER_FOUND,
                            .at = at,
                            .request = r.n,
                            .generation = GENERATION_API,
                            .record = &rec };

        if (m[i].came_back && sink.put(sink.to, &r, &a, &err))
            fail_msg("%s", err.msg);
    }
    if (sink.done(sink.to, &r, &err))
        fail_msg("%s", err.msg);
}

static inline void ask(int64_t at, const char *who)
{
    ask_in(at, FROM, TO, true, who);
}

static void read_page(int i, int64_t at, const struct answer *said)
{
    struct request r = { .witness = WITNESS_PAGE, .loaded = true, .complete = true, .http = 200,
                         .reserved_at = at, .sent_at = at, .done_at = at };
    struct answer a = *said;
    struct err err = {0};

    a.id = ID(i);
    a.item = i + 1;
    a.witness = WITNESS_PAGE;
    a.at = at;
    if (sink.reserve(sink.to, &r, &err) || sink.put(sink.to, &r, &a, &err) ||
        sink.done(sink.to, &r, &err))
        fail_msg("%s", err.msg);
}

/* code: PUBLIC, or the status code of a refusal. */
static inline void page(int i, int64_t at, int code)
{
    struct record rec = { .id = ID(i) };
    struct answer a = { .kind = code ? ANSWER_REFUSED : ANSWER_PUBLIC,
                        .has_code = true,
                        .code = code,
                        .record = code ? NULL : &rec };

    read_page(i, at, &a);
}

static inline void page_made_at(int i, int64_t at, int64_t created)
{
    struct record rec = { .id = ID(i) };
    struct answer a = { .kind = ANSWER_PUBLIC, .has_code = true, .record = &rec };

    rec.val[FIELD_CREATED] = value_int(created);
    read_page(i, at, &a);
}

static inline void no_page(int i, int64_t at, int times)
{
    struct answer a = { .kind = ANSWER_NO_ANSWER, .why = NO_ANSWER_TIMEOUT };

    for (int k = 0; k < times; k++)
        read_page(i, at + k, &a);
}
/* A complete reply to a query of item i alone, which showed this record. */
static inline void api_replies(int i, int64_t at, const struct record *rec)
{
    struct ask_member m = { .id = ID(i), .item = i + 1, .role = ROLE_ASKED, .came_back = true };
    struct request r = { .witness = WITNESS_QUERY,
                         .round = 1,
                         .start_day = FROM,
                         .end_day = TO,
                         .loaded = true,
                         .member = &m,
                         .members = 1,
                         .complete = true,
                         .http = 200,
                         .reserved_at = at,
                         .sent_at = at,
                         .done_at = at };
    struct answer a = { .id = ID(i),
                        .item = i + 1,
                        .witness = WITNESS_QUERY,
                        .kind = ANSWER_FOUND,
                        .at = at,
                        .generation = GENERATION_API,
                        .record = rec };
    struct err err = { 0 };

    if (sink.reserve(sink.to, &r, &err))
        fail_msg("%s", err.msg);
    a.request = r.n;
    if (sink.put(sink.to, &r, &a, &err) || sink.done(sink.to, &r, &err))
        fail_msg("%s", err.msg);
}

#endif
