/* The packer: every id once, batches that the API accepts, none split early. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "base/digest.h"
#include "fetch/batch.h"

struct tally { int64_t items, batches; uint64_t id_sum; struct batch before; size_t max; };

static void check_batch(struct tally *t, const struct batch *b)
{
    assert_in_range(b->len, 1, t->max);
    for (size_t i = 0; i < b->len; i++) {
        assert_true(b->item[i].day > b->window.start_day);
        assert_true(b->item[i].day < b->window.end_day);
        t->id_sum += b->item[i].id;
    }
    assert_int_equal(b->window.end_day - b->window.start_day, WINDOW_DAYS - 1);
    /* Nothing that would have fitted the batch before may begin this one. */
    if (t->batches > 0 && t->before.len < t->max)
        assert_false(window_fits(t->before.item[0].day, b->item[0].day));
    t->before = *b;
    t->items += (int64_t)b->len;
    t->batches++;
}

static void pack_all(const struct pack_item *it, size_t len, size_t max, struct tally *t)
{
    struct packer p;
    struct batch b;

    memset(t, 0, sizeof *t);
    t->max = max;
    packer_init(&p, (int64_t)max);
    for (size_t i = 0; i < len; i++)
        if (packer_add(&p, &it[i], &b))
            check_batch(t, &b);
    if (packer_finish(&p, &b))
        check_batch(t, &b);
    assert_false(packer_finish(&p, &b));
}

static void every_id_travels_once_in_batches_that_fit(void **state)
{
    enum { LEN = 5000 };
    struct pack_item *it = calloc(LEN, sizeof *it);
    struct tally t;

    (void)state;
    assert_non_null(it);
    for (int round = 0; round < 40; round++) {
        uint64_t sum = 0, span = 1 + mix64((uint64_t)round) % 900;
        size_t max = 1 + mix64((uint64_t)round + 77) % BATCH_MAX;

        for (size_t i = 0; i < LEN; i++) {
            uint64_t x = mix64((uint64_t)round * 100000 + i);

            it[i] = (struct pack_item){ .id = x >> 1,
                                        .item = (int64_t)i,
                                        .day = 17000 + (int64_t)(x % span) };
            sum += it[i].id;
        }
        qsort(it, LEN, sizeof *it, pack_item_cmp);
        pack_all(it, LEN, max, &t);
        assert_int_equal(t.items, LEN);
        assert_true(t.id_sum == sum);
    }
    free(it);
}

static void twenty_eight_days_share_a_batch_and_twenty_nine_do_not(void **state)
{
    struct pack_item it[2] = { { 1, 1, 500 }, { 2, 2, 527 } };
    struct tally t;

    (void)state;
    pack_all(it, 2, 100, &t);
    assert_int_equal(t.batches, 1);
    it[1].day = 528;
    pack_all(it, 2, 100, &t);
    assert_int_equal(t.batches, 2);
}

static void hundred_and_one_ids_of_a_day_make_two_batches(void **state)
{
    struct pack_item it[101];
    struct tally t;

    (void)state;
    for (int i = 0; i < 101; i++)
        it[i] = (struct pack_item){ (uint64_t)i + 1, i + 1, 19000 };
    pack_all(it, 101, 100, &t);
    assert_int_equal(t.batches, 2);
    pack_all(it, 0, 100, &t);
    assert_int_equal(t.batches, 0);
}

static void items_out_of_order_are_packed_rightly(void **state)
{
    const struct pack_item it[] = {
        { 1, 1, 600 }, { 2, 2, 590 }, { 3, 3, 617 }, { 4, 4, 618 }, { 5, 5, 100 }
    };
    struct packer p;
    struct batch b;
    size_t seen = 0;

    (void)state;
    packer_init(&p, 1000);
    assert_int_equal(p.max, BATCH_MAX);
    for (size_t i = 0; i < 5; i++)
        if (packer_add(&p, &it[i], &b))
            seen += b.len;
    assert_true(packer_finish(&p, &b));
    assert_int_equal(seen + b.len, 5);
    assert_true(b.window.start_day == 99);
}

static void order_is_day_then_id(void **state)
{
    const struct pack_item a = { 5, 0, 1 }, b = { 4, 0, 2 }, c = { 6, 0, 1 };

    (void)state;
    assert_true(pack_item_cmp(&a, &b) < 0);
    assert_true(pack_item_cmp(&c, &a) > 0);
    assert_int_equal(pack_item_cmp(&a, &a), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_id_travels_once_in_batches_that_fit),
        cmocka_unit_test(twenty_eight_days_share_a_batch_and_twenty_nine_do_not),
        cmocka_unit_test(hundred_and_one_ids_of_a_day_make_two_batches),
        cmocka_unit_test(items_out_of_order_are_packed_rightly),
        cmocka_unit_test(order_is_day_then_id),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
