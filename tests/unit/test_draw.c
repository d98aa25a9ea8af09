/* tests/unit/test_draw.c: which posts are drawn follows from frame, seed and what was asked for;
 * every creator that is left out has its reason; a draw comes back from the store as it was. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "audit/sample/pick.h"
#include "base/err.h"
#include "store/draw.h"
#include "store/store.h"
#include "tests/unit/folder.h"
#include "tests/unit/temp.h"

#define NOW 1790000000
#define HOUR 3600
#define SEED STR("0123456789abcdef")
#define ID(hours_ago, n) (((uint64_t)(NOW - (hours_ago) * (int64_t)HOUR) << 32) + (n))

/* A creator with posts of 24, 48, 72 ... hours. */
static struct frame_creator creator(int64_t n, const char *handle, size_t posts)
{
    struct frame_creator c = { .is_listed = posts > 0, .listed_at = NOW, .posts = posts };

    c.who.n = n;
    c.who.standing = posts ? CREATOR_PUBLIC : CREATOR_UNREAD;
    snprintf(c.who.handle, sizeof c.who.handle, "%s", handle);
    c.post = xcalloc(posts + 1, sizeof *c.post);
    for (size_t i = 0; i < posts; i++)
        c.post[i].id = ID(24 * (int64_t)(posts - i), (uint64_t)n);
    return c;
}

static struct frame frame_of(struct frame_creator *v, size_t n)
{
    struct frame f = { xcalloc(n, sizeof *v), n };

    memcpy(f.v, v, n * sizeof *v);
    return f;
}

static const struct draw ten = { .at = NOW, .posts = 10, .min_age_s = 72 * HOUR };

static void one_frame_and_seed_give_one_draw_in_whatever_order_creators_came(void **state)
{
    struct frame_creator v[] = { creator(1, "anna", 40), creator(2, "bert", 25),
                                 creator(3, "cleo", 14) };
    struct frame_creator w[] = { v[2], v[0], v[1] };
    struct frame f = frame_of(v, 3), g = frame_of(w, 3);
    struct draw a = ten, b = ten, c = ten;
    struct picked x, y, z;

    (void)state;
    pick(&f, SEED, &a, &x);
    pick(&g, SEED, &b, &y);
    assert_memory_equal(&a.frame, &b.frame, sizeof a.frame);
    assert_int_equal(x.posts, 30);
    assert_int_equal(y.posts, 30);
    for (size_t i = 0; i < 10; i++)    // cleo's stand last in one and first in the other
        assert_true(x.post[20 + i].post == y.post[i].post);
    pick(&f, STR("another seed"), &c, &z);
    assert_memory_equal(&a.frame, &c.frame, sizeof a.frame);
    assert_memory_not_equal(x.post, z.post, 30 * sizeof *x.post);
    picked_release(&x);
    picked_release(&y);
    picked_release(&z);
    free(g.v);
    frame_release(&f);
}

/* Worked out by another implementation of HMAC: key = first 8 bytes of HMAC(seed, "9") in hex, rank
 * = first 8 bytes of HMAC(key, id). */
static void ranks_can_be_worked_out_by_others(void **state)
{
    static const uint64_t ids[] = { 7400000000000000001u, 7400000000000000002u,
                                    7400000000000000003u, 7400000000000000004u };
    static const uint64_t want[] = { 7400000000000000004u, 7400000000000000001u,
                                     7400000000000000002u, 7400000000000000003u };
    struct frame_creator c = creator(1, "anna", 4);
    struct draw d = { .at = NOW, .posts = 4 };
    struct frame f;
    struct picked p;

    (void)state;
    for (size_t i = 0; i < 4; i++)
        c.post[i].id = ids[i];
    f = frame_of(&c, 1);
    pick(&f, SEED, &d, &p);
    for (size_t i = 0; i < 4; i++)
        assert_true(p.post[i].post == want[i]);
    picked_release(&p);
    frame_release(&f);
}

static void no_post_is_younger_than_asked_for(void **state)
{
    struct frame_creator v[] = { creator(1, "anna", 12), creator(2, "bert", 13) };
    struct frame f = frame_of(v, 2);
    struct draw d = ten;
    struct picked p;

    (void)state;    // posts of 24 and 48 hours are too young
    pick(&f, SEED, &d, &p);
    assert_int_equal(p.by_why[DRAW_DRAWN], 2);
    assert_int_equal(p.creator[0].frame, 10);
    assert_int_equal(p.no_choice, 1);
    for (size_t i = 0; i < p.posts; i++)
        assert_true((int64_t)(p.post[i].post >> 32) + 72 * HOUR <= NOW);
    picked_release(&p);
    frame_release(&f);
}

static void every_creator_that_is_left_out_has_its_reason(void **state)
{
    struct frame_creator v[] = { creator(1, "a", 0),  creator(2, "b", 0),  creator(3, "c", 0),
                                 creator(4, "d", 9),  creator(5, "e", 11), creator(6, "f", 13),
                                 creator(7, "g", 13), creator(8, "h", 13), creator(9, "i", 12),
                                 creator(10, "j", 0) };
    static const enum draw_why want[] = { DRAW_NOT_LISTED, DRAW_PRIVATE, DRAW_GONE,  DRAW_TOO_FEW,
                                          DRAW_TOO_YOUNG,  DRAW_PRIVATE, DRAW_DRAWN, DRAW_PURGED,
                                          DRAW_UNUSABLE,   DRAW_REFUSED };
    struct frame f = frame_of(v, 10);
    struct draw d = ten;
    struct picked p;
    int64_t sum = 0;

    (void)state;
    f.v[1].who.standing = CREATOR_PRIVATE;
    f.v[2].who.standing = CREATOR_GONE;
    f.v[5].who.standing = CREATOR_PRIVATE;    // since the list
    f.v[5].who.standing_at = NOW + 5;
    f.v[6].who.standing = CREATOR_GONE;    // before the list: it was wrong, or is past
    f.v[6].who.standing_at = NOW - 5;
    f.v[7].who.purged = true;
    f.v[8].post[3].unusable = true;
    f.v[9].who.standing = CREATOR_REFUSED;
    pick(&f, SEED, &d, &p);
    for (size_t i = 0; i < 10; i++)
        assert_int_equal(p.creator[i].why, want[i]);
    for (int w = 0; w < DRAW_WHY_COUNT; w++)
        sum += p.by_why[w];
    assert_int_equal(sum, 10);
    assert_int_equal(p.posts, 10);
    picked_release(&p);
    frame_release(&f);
}

static void a_draw_of_more_posts_holds_that_of_fewer(void **state)
{
    struct frame_creator c = creator(1, "anna", 60);
    struct frame f = frame_of(&c, 1);
    struct draw few = { .at = NOW, .posts = 7 }, more = { .at = NOW, .posts = 30 };
    struct picked x, y;

    (void)state;
    pick(&f, SEED, &few, &x);
    pick(&f, SEED, &more, &y);
    for (size_t i = 0; i < 7; i++)
        assert_true(x.post[i].post == y.post[i].post);
    picked_release(&x);
    picked_release(&y);
    frame_release(&f);
}

static void the_newest_are_those_with_the_latest_seconds(void **state)
{
    struct frame_creator c = creator(1, "anna", 30);
    struct frame f = frame_of(&c, 1);
    struct draw d = { .at = NOW, .posts = 3, .min_age_s = 72 * HOUR, .newest = true };
    struct picked p;

    (void)state;
    pick(&f, SEED, &d, &p);
    assert_true(p.post[0].post == ID(72, 1) && p.post[1].post == ID(96, 1) &&
                p.post[2].post == ID(120, 1));
    picked_release(&p);
    frame_release(&f);
}

static void a_post_that_cannot_be_used_is_replaced_and_named(void **state)
{
    struct frame_creator c = creator(1, "anna", 30);
    struct frame f = frame_of(&c, 1);
    struct draw d = { .at = NOW, .posts = 10 };
    struct picked x, y;
    uint64_t taken[10], out;

    (void)state;
    pick(&f, SEED, &d, &x);
    out = x.post[4].post;
    for (size_t i = 0; i < 30; i++)
        f.v[0].post[i].unusable = f.v[0].post[i].id == out;
    pick(&f, SEED, &d, &y);
    assert_int_equal(y.posts, 10);
    assert_int_equal(y.replaced, 1);
    assert_true(y.post[4].instead == out);
    for (size_t i = 0; i < 10; i++)
        taken[i] = x.post[i].post;
    assert_true(y.post[9].post == pick_next(&f.v[0], SEED, &d, taken, 10));
    picked_release(&x);
    picked_release(&y);
    frame_release(&f);
}

/* Over many seeds each post of a list of 30 is drawn as often as another: 10 of 30, 3,000 times,
 * is 1,000 each, with a standard deviation of 26. */
static void each_post_is_drawn_as_often_as_another(void **state)
{
    struct frame_creator c = creator(1, "anna", 30);
    struct frame f = frame_of(&c, 1);
    struct draw d = { .at = NOW, .posts = 10 };
    int times[30] = { 0 };

    (void)state;
    for (int seed = 0; seed < 3000; seed++) {
        char text[24];
        struct picked p;

        snprintf(text, sizeof text, "seed %d", seed);
        pick(&f, str_of(text), &d, &p);
        for (size_t i = 0; i < p.posts; i++)
            for (size_t k = 0; k < 30; k++)
                times[k] += f.v[0].post[k].id == p.post[i].post;
        picked_release(&p);
    }
    for (size_t k = 0; k < 30; k++)
        assert_in_range(times[k], 1000 - 4 * 26, 1000 + 4 * 26);
    frame_release(&f);
}

// ---- the store ----

struct seen {
    struct draw_creator c[8];
    struct drawn_post p[8];
    size_t creators, posts;
};

static int see_creator(void *to, const struct draw_creator *c, struct err *err)
{
    struct seen *s = to;

    (void)err;
    s->c[s->creators++] = *c;
    return 0;
}

static int see_post(void *to, const struct drawn_post *p, struct err *err)
{
    struct seen *s = to;

    (void)err;
    s->p[s->posts++] = *p;
    return 0;
}

static void a_draw_comes_back_as_it_was_and_replacements_stand_for_others(void **state)
{
    const struct draw_creator c[] = { { 1, DRAW_DRAWN, 12, 11, true, 1 },
                                      { 2, DRAW_TOO_FEW, 3, 3, false, 0 } };
    const struct drawn_post p[] = { { 1, 101, 1, 0 }, { 1, 102, 2, 99 } };
    const struct drawn_post stands = { 1, 103, 1, 101 }, again = { 1, 104, 1, 103 };
    struct draw d = { .at = NOW, .posts = 2, .min_age_s = 5, .newest = true }, last;
    struct seen s = { 0 };
    struct store *store = NULL;
    struct err err = { 0 };
    char dir[64], path[96];

    (void)state;
    temp_name(dir, sizeof dir);
    assert_non_null(mkdtemp(dir));
    snprintf(path, sizeof path, "%s/audit.db", dir);
    assert_int_equal(store_create(path, &err), 0);
    assert_int_equal(store_open(&store, path, STORE_WRITE, &err), 0);
    assert_int_equal(store_draw_last(store, &last, &err), 0);
    assert_int_equal(last.n, 0);
    memset(&d.frame, 7, sizeof d.frame);
    assert_int_equal(store_draw_put(store, &d, c, 2, p, 2, &err), 0);
    assert_int_equal(store_drawn_add(store, d.n, &stands, &err), 0);
    assert_int_equal(store_drawn_add(store, d.n, &again, &err), 0);
    assert_int_equal(store_draw_last(store, &last, &err), 0);
    assert_true(last.n == 1 && last.at == NOW && last.posts == 2 && last.min_age_s == 5 &&
                last.newest);
    assert_memory_equal(&last.frame, &d.frame, sizeof d.frame);
    assert_int_equal(store_draw_creators(store, 1, see_creator, &s, &err), 0);
    assert_int_equal(store_drawn(store, 1, see_post, &s, &err), 0);
    assert_int_equal(s.creators, 2);
    assert_true(s.c[0].frame == 11 && s.c[0].newest && s.c[0].pinned == 1);
    assert_int_equal(s.c[1].why, DRAW_TOO_FEW);
    assert_int_equal(s.posts, 2);
    assert_true(s.p[0].post == 104 && s.p[0].instead == 103);
    assert_true(s.p[1].post == 102 && s.p[1].instead == 99);
    assert_int_equal(store_close(store, &err), 0);
    remove_all(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_frame_and_seed_give_one_draw_in_whatever_order_creators_came),
        cmocka_unit_test(ranks_can_be_worked_out_by_others),
        cmocka_unit_test(no_post_is_younger_than_asked_for),
        cmocka_unit_test(every_creator_that_is_left_out_has_its_reason),
        cmocka_unit_test(a_draw_of_more_posts_holds_that_of_fewer),
        cmocka_unit_test(the_newest_are_those_with_the_latest_seconds),
        cmocka_unit_test(a_post_that_cannot_be_used_is_replaced_and_named),
        cmocka_unit_test(each_post_is_drawn_as_often_as_another),
        cmocka_unit_test(a_draw_comes_back_as_it_was_and_replacements_stand_for_others),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
