/* The frame of a sample in the store: handles that are one creator, sightings, lists. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "store/check.h"
#include "store/draw.h"
#include "store/frame.h"
#include "store/items.h"
#include "store/purge.h"
#include "store/store.h"
#include "tests/unit/outside.h"
#include "tests/unit/temp.h"

#define DAY 20514    // 2026-03-02
static char dir[64], path[96];
static struct err err;

static int setup(void **state)
{
    (void)state;
    err = (struct err){ 0 };
    temp_name(dir, sizeof dir);
    assert_non_null(mkdtemp(dir));
    snprintf(path, sizeof path, "%s/audit.db", dir);
    outside_place(path);    // BLINDSPOT_TEST_PG
    assert_int_equal(store_create(path, &err), 0);
    return 0;
}
static int teardown(void **state)
{
    static const char *const ends[] = { "", "-lock", "-wal", "-shm", ".new" };
    char name[128];

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

    if (store_open(&s, path, STORE_WRITE, &err))
        fail_msg("%s", err.msg);
    return s;
}
static void saw(struct store *s, const char *handle, uint64_t author, int64_t day,
                const char *place, uint64_t post)
{
    struct sighting t = { .source = 1, .day = day, .place = str_of(place), .post = post };
    bool fresh;

    if (store_creator_put(s, str_of(handle), author, &t.creator, &err) ||
        store_sighting_put(s, &t, &fresh, &err))
        fail_msg("%s", err.msg);
}

struct told {
    char text[1024];
};
static int tell_creator(void *to, const struct creator *c, struct err *e)
{
    struct told *t = to;
    size_t n = strlen(t->text);

    (void)e;
    snprintf(t->text + n, sizeof t->text - n, "%d %s %llu %s; ", (int)c->n, c->handle,
             (unsigned long long)c->author, creator_standing_name(c->standing));
    return 0;
}
static int tell_sighting(void *to, const struct sighting *s, struct err *e)
{
    struct told *t = to;
    size_t n = strlen(t->text);

    (void)e;
    snprintf(t->text + n, sizeof t->text - n, "%d +%d %.*s %llu; ", (int)s->creator,
             (int)(s->day ? s->day - DAY : -1), STR_ARG(s->place), (unsigned long long)s->post);
    return 0;
}
static int tell_listing(void *to, const struct listing *l, struct err *e)
{
    struct told *t = to;
    size_t n = strlen(t->text);

    (void)e;
    snprintf(t->text + n, sizeof t->text - n, "%d: %d by %.*s, %s, %d rows, %d dropped; ",
             (int)l->n, (int)l->creator, STR_ARG(l->by), listing_reach_name(l->reach), (int)l->rows,
             (int)l->dropped);
    return 0;
}
static int tell_post(void *to, const struct listed_post *p, struct err *e)
{
    struct told *t = to;
    size_t n = strlen(t->text);

    (void)e;
    snprintf(t->text + n, sizeof t->text - n, "%llu@%d; ", (unsigned long long)p->id,
             (int)p->place);
    return 0;
}
static void creators_are(struct store *s, const char *text)
{
    struct told t = { "" };

    if (store_creators(s, tell_creator, &t, &err))
        fail_msg("%s", err.msg);
    assert_string_equal(t.text, text);
}

static void handles_of_one_author_are_one_creator(void **state)
{
    struct store *s = open_store();
    struct told t = { "" };
    int64_t n;

    (void)state;
    saw(s, "old.name", 0, DAY, "NL", 11);
    saw(s, "bob", 682, DAY, "NL", 12);
    saw(s, "new.name", 681, DAY + 3, "DE", 13);
    creators_are(s, "1 old.name 0 unread; 2 bob 682 unread; 3 new.name 681 unread; ");
    saw(s, "old.name", 681, DAY + 1, "NL", 14);    // only now a row says so
    creators_are(s, "1 new.name 681 unread; 2 bob 682 unread; ");
    assert_int_equal(store_sightings(s, 1, tell_sighting, &t, &err), 0);
    assert_string_equal(t.text, "1 +0 NL 11; 1 +1 NL 14; 1 +3 DE 13; ");
    assert_int_equal(store_creator_find(s, STR("new.name"), 0, &n, &err), 0);
    assert_int_equal(n, 1);
    assert_int_equal(store_creator_find(s, STR("newest.name"), 681, &n, &err), 0);
    assert_int_equal(n, 1);
    assert_int_equal(store_creator_find(s, STR("nobody"), 0, &n, &err), 0);
    assert_int_equal(n, 0);
    assert_int_equal(store_close(s, &err), 0);
}
static void a_handle_with_two_author_ids_joins_nothing(void **state)
{
    struct store *s = open_store();

    (void)state;
    saw(s, "ann", 681, DAY, "", 0);
    saw(s, "taken", 681, DAY, "", 0);
    creators_are(s, "1 taken 681 unread; ");
    saw(s, "taken", 999, DAY + 1, "", 0);
    creators_are(s, "1 ann 681 unread; 2 taken 0 unread; ");
    saw(s, "taken", 681, DAY + 2, "", 0);
    creators_are(s, "1 ann 681 unread; 2 taken 0 unread; ");
    assert_int_equal(store_close(s, &err), 0);
}
static void a_sight_that_comes_twice_is_one(void **state)
{
    struct store *s = open_store();
    struct sighting t = { .creator = 1, .source = 1, .day = DAY, .post = 5 };
    bool fresh;

    (void)state;
    assert_int_equal(store_sighting_put(s, &t, &fresh, &err), 0);
    assert_true(fresh);
    assert_int_equal(store_sighting_put(s, &t, &fresh, &err), 0);
    assert_false(fresh);
    t.post = 6;
    assert_int_equal(store_sighting_put(s, &t, &fresh, &err), 0);
    assert_true(fresh);
    assert_int_equal(store_close(s, &err), 0);
}
static void a_sight_without_a_day_gives_way_to_the_same_one_with_it(void **state)
{
    struct store *s = open_store();
    struct told t = { "" };

    (void)state;
    saw(s, "ann", 0, 0, "", 5);
    saw(s, "ann", 0, DAY, "", 5);
    saw(s, "ann", 0, DAY, "NL", 5);
    saw(s, "ann", 0, 0, "NL", 5);
    saw(s, "ann", 0, DAY + 1, "NL", 5);
    saw(s, "ann", 0, 0, "", 6);
    assert_int_equal(store_sightings(s, 1, tell_sighting, &t, &err), 0);
    assert_string_equal(t.text, "1 +-1  6; 1 +0 NL 5; 1 +1 NL 5; ");
    assert_int_equal(store_close(s, &err), 0);
}
static void a_list_stays_with_who_made_it_and_when(void **state)
{
    const struct listed_post posts[] = { { 77, 0 }, { 99, 1 }, { 88, 2 } };
    struct listing l = { .by = STR("embed"),
                         .at = 1772442000,
                         .reach = LISTING_NEWEST,
                         .rows = 5,
                         .dropped = 2,
                         .request = 4 };
    struct store *s = open_store();
    struct frame_totals totals;
    struct told t = { "" };
    bool fresh;

    (void)state;
    saw(s, "ann", 681, DAY, "", 0);
    l.creator = 1;
    assert_int_equal(store_listing_put(s, &l, posts, 3, &fresh, &err), 0);
    assert_true(fresh);
    l.by = STR("yt_dlp");
    l.reach = LISTING_ALL;
    l.request = 0;
    l.source = 9;
    for (int again = 0; again < 2; again++) {
        assert_int_equal(store_listing_put(s, &l, posts, 2, &fresh, &err), 0);
        assert_int_equal(fresh, !again);    // the same file again
    }
    assert_int_equal(store_listings(s, 0, tell_listing, &t, &err), 0);
    assert_string_equal(t.text, "1: 1 by embed, newest, 5 rows, 2 dropped; "
                                "2: 1 by yt_dlp, all, 5 rows, 2 dropped; ");
    t.text[0] = '\0';
    assert_int_equal(store_listed(s, 1, tell_post, &t, &err), 0);
    assert_string_equal(t.text, "77@0; 99@1; 88@2; ");
    assert_int_equal(store_frame_totals(s, &totals, &err), 0);
    assert_int_equal(totals.creators, 1);
    assert_int_equal(totals.listings, 2);
    assert_int_equal(totals.listed, 1);
    assert_int_equal(totals.posts, 3);
    assert_int_equal(store_close(s, &err), 0);
}
static void what_its_page_said_last_stands_and_tries_begin_anew(void **state)
{
    struct store *s = open_store();
    struct creator c;
    bool found;

    (void)state;
    saw(s, "ann", 0, DAY, "", 0);
    assert_int_equal(store_creator_read(s, 1, CREATOR_UNREAD, 100, &err), 0);
    assert_int_equal(store_creator_read(s, 1, CREATOR_UNREAD, 200, &err), 0);
    assert_int_equal(store_creator(s, 1, &c, &found, &err), 0);
    assert_true(found);
    assert_int_equal(c.tries, 2);
    assert_int_equal(c.tried_at, 200);
    assert_int_equal(c.standing, CREATOR_UNREAD);
    assert_int_equal(store_creator_read(s, 1, CREATOR_PRIVATE, 300, &err), 0);
    assert_int_equal(store_creator(s, 1, &c, &found, &err), 0);
    assert_int_equal(c.tries, 0);
    assert_int_equal(c.tried_at, 300);
    assert_int_equal(c.standing, CREATOR_PRIVATE);
    assert_int_equal(c.standing_at, 300);
    assert_int_equal(store_creator(s, 2, &c, &found, &err), 0);
    assert_false(found);
    assert_int_equal(store_close(s, &err), 0);
}

/* ---- purge ---- */
#define POST(i) (UINT64_C(7361448925972155679) + (uint64_t)(i))
#define KEY STR("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")
static int told_problem(void *to, struct str problem, struct err *e)
{
    (void)to;
    return err_set(e, ERR_INPUT, "%.*s", STR_ARG(problem));
}
static void is_whole(struct store *s)
{
    if (store_check(s, told_problem, NULL, &err))
        fail_msg("%s", err.msg);
}
static void list(struct store *s, int64_t creator, const struct listed_post *post, size_t n)
{
    const struct listing l = {
        .creator = creator, .by = STR("yt_dlp"), .at = 1772442000, .source = 1, .rows = (int64_t)n
    };
    bool fresh;

    assert_int_equal(store_listing_put(s, &l, post, n, &fresh, &err), 0);
}
/* ann: 1 and 2 of three posts were drawn; bob's account is gone; cyd is public. */
static struct store *a_sample(void)
{
    const struct listed_post of_ann[] = { { POST(1), 0 }, { POST(2), 1 }, { POST(3), 2 } };
    const struct listed_post of_bob = { POST(4), 0 }, of_cyd = { POST(5), 0 };
    const struct new_item items[] = { { POST(1), "ann" }, { POST(2), "ann" } };
    const struct draw_creator made[] = { { .creator = 1, .listed = 3, .frame = 3 },
                                         { .creator = 2, .why = DRAW_GONE },
                                         { .creator = 3, .why = DRAW_TOO_FEW } };
    const struct drawn_post drawn[] = { { 1, POST(1), 1, 0 }, { 1, POST(2), 2, 0 } };
    struct draw draw = { .at = 1772442000, .posts = 2 };
    const struct digest d = { { 1 } };
    struct store *s = open_store();
    struct add_count count = { 0 };
    int64_t source;

    assert_int_equal(store_source(s, "creators", &d, &source, &err), 0);
    saw(s, "ann", 681, DAY, "NL", POST(1));
    saw(s, "bob", 0, DAY, "NL", POST(4));
    saw(s, "cyd", 0, DAY, "NL", 0);
    saw(s, "ann.two", 681, DAY, "NL", POST(3));
    list(s, 1, of_ann, 3);
    list(s, 2, &of_bob, 1);
    list(s, 3, &of_cyd, 1);
    assert_int_equal(store_creator_read(s, 2, CREATOR_GONE, 1772442000, &err), 0);
    assert_int_equal(store_begin(s, &err), 0);
    assert_int_equal(store_add_items(s, source, items, 2, &count, &err), 0);
    assert_int_equal(store_draw_put(s, &draw, made, 3, drawn, 2, &err), 0);
    assert_int_equal(store_commit(s, &err), 0);
    is_whole(s);
    return s;
}
static void a_creator_goes_with_the_last_of_the_drawn_posts(void **state)
{
    const struct purge_creators by_posts = { .gone = false };
    struct store *s = a_sample();
    struct told t = { "" };
    int64_t item, n;

    (void)state;
    if (outside_server())    // a purge needs a store in the folder
        skip();
    for (int i = 1; i <= 2; i++) {
        assert_int_equal(store_item_find(s, POST(i), &item, &err), 0);
        assert_int_equal(store_purge_items(s, KEY, &item, 1, &err), 0);
        assert_int_equal(store_purge_creators(s, &by_posts, &n, &err), 0);
        assert_int_equal(n, i == 2);
    }
    is_whole(s);
    creators_are(s, "1 ~4 8935141660703064065 unread; 2 bob 0 gone; 3 cyd 0 unread; ");
    assert_int_equal(store_sightings(s, 1, tell_sighting, &t, &err), 0);
    assert_string_equal(t.text, "1 +0 NL 0; 1 +0 NL 0; ");
    t.text[0] = '\0';
    assert_int_equal(store_listed(s, 1, tell_post, &t, &err), 0);
    assert_null(
        strstr(t.text, "7361448925972155"));    // drawn ones under pseudonyms, the third gone
    assert_non_null(strstr(t.text, "@1"));
    assert_null(strstr(t.text, "@2"));
    assert_int_equal(store_purge_creators(s, &by_posts, &n, &err), 0);
    assert_int_equal(n, 0);
    assert_int_equal(store_close(s, &err), 0);
}
static void a_creator_who_is_gone_goes_unless_a_drawn_post_is_kept(void **state)
{
    struct store *s = a_sample();
    struct told t = { "" };
    int64_t n;

    (void)state;
    if (outside_server())    // a purge needs a store in the folder
        skip();
    assert_int_equal(store_creator_read(s, 1, CREATOR_PRIVATE, 1772442000, &err), 0);
    assert_int_equal(store_purge_creators(s, &(struct purge_creators){ .gone = true }, &n, &err),
                     0);
    assert_int_equal(n, 1);
    creators_are(s, "1 ann.two 681 private; 2 ~2 0 gone; 3 cyd 0 unread; ");
    assert_int_equal(store_listed(s, 2, tell_post, &t, &err), 0);
    assert_string_equal(t.text, "");
    assert_int_equal(
        store_purge_creators(s, &(struct purge_creators){ .has_before = true, .before = INT64_MAX },
                             &n, &err),
        0);
    assert_int_equal(n, 1);    // cyd, of whom nothing came in since
    creators_are(s, "1 ann.two 681 private; 2 ~2 0 gone; 3 ~3 0 unread; ");
    is_whole(s);
    assert_int_equal(store_close(s, &err), 0);
}

static uint64_t author_named(struct store *s, const char *handle, uint64_t first, uint64_t second)
{
    struct told told = { "" };
    const char *at;

    assert_int_equal(store_creator_named(s, str_of(handle), first, &err), 0);
    assert_int_equal(store_creator_named(s, str_of(handle), second, &err), 0);
    assert_int_equal(store_creator_rows(s, tell_creator, &told, &err), 0);
    at = strstr(told.text, handle);
    assert_non_null(at);
    return strtoull(at + strlen(handle) + 1, NULL, 10);
}

/* Accounts of refused posts: their rows come at once, and in no frame is any of them. */
static void rows_of_many_handles_are_made_at_once(void **state)
{
    const struct str handle[] = { STR("ann"), STR("bea"), STR("cyd") };
    struct store *s = open_store();
    int64_t row[3] = { 0 }, had, again;
    bool seen = true, any = true;

    (void)state;
    assert_int_equal(store_creator_put(s, STR("bea"), 5, &had, &err), 0);
    row[1] = had;
    assert_int_equal(store_creators_add(s, handle, 3, row, &err), 0);
    assert_true(row[1] == had && row[0] > 0 && row[2] > 0 && row[0] != row[2]);
    assert_int_equal(store_creator_put(s, STR("cyd"), 0, &again, &err), 0);
    assert_int_equal(again, row[2]);
    assert_int_equal(store_any_sighting(s, &any, &err), 0);
    assert_false(any);
    assert_int_equal(store_creator_is_seen(s, row[0], &seen, &err), 0);
    assert_false(seen);
    saw(s, "ann", 0, DAY, "", 7);
    assert_int_equal(store_creator_is_seen(s, row[0], &seen, &err), 0);
    assert_true(seen);
    assert_int_equal(store_creator_is_seen(s, row[2], &seen, &err), 0);
    assert_false(seen);
    assert_int_equal(author_named(s, "cyd", 9, 9), 9);
    assert_int_equal(author_named(s, "bea", 5, 6), 0);    // two of them: it joins nothing
    assert_int_equal(store_close(s, &err), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
        T(rows_of_many_handles_are_made_at_once),
        T(handles_of_one_author_are_one_creator),
        T(a_handle_with_two_author_ids_joins_nothing),
        T(a_sight_that_comes_twice_is_one),
        T(a_sight_without_a_day_gives_way_to_the_same_one_with_it),
        T(a_list_stays_with_who_made_it_and_when),
        T(a_creator_goes_with_the_last_of_the_drawn_posts),
        T(a_creator_who_is_gone_goes_unless_a_drawn_post_is_kept),
        T(what_its_page_said_last_stands_and_tries_begin_anew),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
