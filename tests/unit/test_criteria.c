/* tests/unit/test_criteria.c: the numbers of the criteria, of a small audit in which each is
 * known by counting. */
#include <math.h>
#include "audit/verdict/label.h"
#include "audit/verdict/summarize.h"
#include "base/utc.h"
#include "record/id.h"
#include "tests/unit/audit_box.h"

static struct arena mem;
static struct summary summary;

static void count_all(void)
{
    struct err err = { 0 };

    arena_release(&mem);
    if (sink.commit(sink.to, &err) || labels_refresh(&audit, &err) ||
        summarize(&audit, &mem, &summary, NULL, &err))
        fail_msg("%s", err.msg);
}

static int end(void **state)
{
    arena_release(&mem);
    return teardown(state);
}

static const struct number *number(const char *name)
{
    const struct number *n = numbers_find(&summary.numbers, str_of(name));

    if (!n)
        fail_msg("no number %s", name);
    return n;
}

static void share_is(const char *name, int64_t n, int64_t of)
{
    const struct number *x = number(name);

    if (!x->has || x->n != n || x->of != of || fabs(x->value - (double)n / (double)of) > 1e-9)
        fail_msg("%s is %lld of %lld (%g), not %lld of %lld", name, (long long)x->n,
                 (long long)x->of, x->value, (long long)n, (long long)of);
    assert_true(x->low <= x->value && x->value <= x->high);
    assert_true(x->is.n > 20);
}

static void says_why_it_has_no_value(const char *name)
{
    const struct number *x = number(name);

    assert_false(x->has);
    if (str_find(x->is, STR("o value"), 0) < 0)
        fail_msg("%s does not say why it has no value: %.*s", name, STR_ARG(x->is));
}

/* ---- rows of the API and pages with fields ---- */

static void put(struct answer *a, enum witness witness, int i, int64_t at, struct record *rec)
{
    struct ask_member m = { .id = ID(i), .item = i + 1, .came_back = true };
    struct request r = { .witness = witness,
                         .round = 1,
                         .start_day = FROM,
                         .end_day = TO,
                         .loaded = true,
                         .complete = true,
                         .http = 200,
                         .member = &m,
                         .members = witness == WITNESS_QUERY,
                         .reserved_at = at,
                         .sent_at = at,
                         .done_at = at };
    struct err err = { 0 };

    rec->id = a->id = ID(i);
    a->item = i + 1;
    a->witness = witness;
    a->at = at;
    a->record = rec;
    if (sink.reserve(sink.to, &r, &err))
        fail_msg("%s", err.msg);
    a->request = r.n;
    if (sink.put(sink.to, &r, a, &err) || sink.done(sink.to, &r, &err))
        fail_msg("%s", err.msg);
}

static struct record plain(int i)
{
    struct record rec = { .id = ID(i) };

    rec.val[FIELD_CREATED] = value_int(id_time(ID(i)));
    rec.val[FIELD_VIEWS] = value_int(1000 + i);
    rec.val[FIELD_LIKES] = value_int(10);
    rec.val[FIELD_DURATION] = value_int(15 + i % 2);
    return rec;
}

static void row(int i, int64_t at, enum field f, struct value v)
{
    struct answer a = { .kind = ANSWER_FOUND, .generation = GENERATION_API };
    struct record rec = plain(i);

    rec.val[FIELD_REGION] = value_text(STR("DE"));
    rec.val[f] = v;
    put(&a, WITNESS_QUERY, i, at, &rec);
}

static void page_of(int i, int64_t at, enum field f, struct value v)
{
    struct answer a = { .kind = ANSWER_PUBLIC, .has_code = true };
    struct record rec = plain(i);

    rec.val[f] = v;
    put(&a, WITNESS_PAGE, i, at, &rec);
}

/* 20 to 29 are returned and sampled; 0 to 3 are public and missing, 3 was made in Canada; 4
 * comes back when it is asked again. Five rows are impossible, each in its way. */
static void small_audit(void)
{
    int64_t sampled[10];
    struct err err = { 0 };

    audit.set.api_residual = 1;
    for (int i = 20; i < 30; i++) {
        row(i, AT(0, 1), FIELD_LIKES, value_int(i == 20 ? 5000 : 10));
        page_of(i, AT(0, 2), FIELD_PHOTO, value_int(i == 29));
        sampled[i - 20] = i + 1;
    }
    for (int i = 0; i < 5; i++)
        page_of(i, AT(0, 2), FIELD_PLACE, value_text(i == 3 ? STR("CA") : STR("DE")));
    ask(AT(1, 1), "0 1 2 3 4 c20+ c21+ c22+ c23+ c24+ c25+");
    ask(AT(2, 1), "0 1 2 3 4+ c21+ c22+ c23+ c24+ c25+ c26+");
    for (int i = 0; i < 5; i++)
        page_of(i, AT(2, 2), FIELD_PLACE, value_text(i == 3 ? STR("CA") : STR("DE")));
    row(21, AT(2, 3), FIELD_REGION, value_text(STR("Germany")));
    row(22, AT(2, 3), FIELD_DURATION, value_int(90000));
    row(23, AT(2, 3), FIELD_CREATED, value_int(id_time(ID(23)) - 3600));
    row(24, AT(2, 3), FIELD_CREATED, value_int(AT(9, 0)));
    row(20, AT(2, 3), FIELD_LIKES, value_int(5000));
    if (sink.commit(sink.to, &err) || store_set_sampled(audit.store, sampled, 10, &err))
        fail_msg("%s", err.msg);
}

static void completeness_is_counted_three_ways(void **state)
{
    (void)state;
    small_audit();
    count_all();
    share_is("missing_after_all_asks", 4, 15);
    share_is("missing_asked_once", 5, 15);
    share_is("missing_undocumented", 3, 14);
    assert_true(fabs(number("missing_after_all_asks")->value -
                     number("public_not_returned")->value) < 1e-12);
    assert_int_equal(number("missing_asked_once")->criterion, CRITERION_COMPLETENESS);
}

static void open_items_widen_completeness(void **state)
{
    double high;
    (void)state;

    small_audit();
    count_all();
    high = number("missing_after_all_asks")->high;
    page_of(7, AT(0, 2), FIELD_PHOTO, value_int(0));
    ask(AT(3, 1), "7 c21+ c22+ c23+");
    page_of(7, AT(3, 2), FIELD_PHOTO, value_int(0));
    count_all();
    assert_int_equal(summary.waterfall.n[NODE_UNCONFIRMED], 1);
    assert_true(number("missing_after_all_asks")->high > high + 0.03);
    assert_true(number("missing_undocumented")->high >
                number("missing_undocumented")->value + 0.03);
}

static void consistency_of_asks(void **state)
{
    (void)state;
    small_audit();
    count_all();
    share_is("agreement", 15, 16);    // none of 24: its row puts it outside its windows
    share_is("agreement_other_days", 5, 5);
    share_is("agreement_same_day", 3, 3);
    says_why_it_has_no_value("validation_of_returned");
    says_why_it_has_no_value("user_info_and_query");
}

static void impossible_rows_are_counted_by_what_is_wrong(void **state)
{
    const struct counted two = { 2, AT(2, 3), AT(2, 3) };
    struct err err = { 0 };
    (void)state;

    small_audit();
    if (store_tally(audit.store, "strange_row", STR("not_asked"), &two, &err) ||
        store_tally(audit.store, "strange_row", STR("duplicate"), &two, &err) ||
        store_tally(audit.store, "api_value", STR("view_count"), &two, &err))
        fail_msg("%s", err.msg);
    count_all();
    share_is("rows_impossible", 5, 11);
    share_is("rows_likes_above_views", 1, 11);
    share_is("rows_region_impossible", 1, 11);
    share_is("rows_duration_impossible", 1, 11);
    share_is("rows_older_than_their_id", 1, 11);
    share_is("rows_from_the_future", 1, 11);
    share_is("rows_as_asked", 28, 30);
    assert_int_equal(number("values_of_wrong_type")->n, 2);
}

static void each_field_is_filled_as_often_as_it_was_sent(void **state)
{
    (void)state;
    small_audit();
    count_all();
    share_is("filled_api_region_code", 8, 11);    // the last rows of three have ids alone
    share_is("filled_api_voice_to_text", 0, 11);
    share_is("filled_page_view_count", 15, 15);
    share_is("filled_page_username", 0, 15);
    assert_null(numbers_find(&summary.numbers, STR("filled_page_region_code")));
}

static void missing_posts_are_set_against_returned_ones(void **state)
{
    const struct number *n;
    (void)state;

    small_audit();
    count_all();
    n = number("difference_views");    // 1001.5 against 1024.5, ids in order
    assert_int_equal(n->n, 4);
    assert_int_equal(n->of, 14);
    assert_int_equal(n->unit, UNIT_DEVIATIONS);
    assert_true(n->has && n->value < -3 && n->low < n->value && n->value < n->high);
    says_why_it_has_no_value("difference_verified");
    n = number("difference_place");
    assert_int_equal(n->of, 4);    // the returned ones' pages do not say
    assert_false(n->has);
}

static void old_audit_says_that_it_knows_no_age(void **state)
{
    (void)state;
    small_audit();
    count_all();
    says_why_it_has_no_value("age_first_found");
    says_why_it_has_no_value("found_by_48h");
    says_why_it_has_no_value("found_by_72h");
}

static void empty_audit_has_every_number_and_no_value(void **state)
{
    int numbers = 0;
    (void)state;

    count_all();
    for (const struct number *n = summary.numbers.first; n; n = n->next) {
        numbers += n->criterion != CRITERION_NONE;
        if (n->criterion != CRITERION_NONE && n->has)
            fail_msg("%.*s has a value", STR_ARG(n->name));
    }
    assert_true(numbers > 40);
}

/* Each item stands once in a month, and once in an age unless it was never asked. */
static void what_became_of_items_adds_up_over_time(void **state)
{
    const struct over_time *t = &summary.time;
    int64_t months, ages, late = 0, items;
    (void)state;

    small_audit();
    count_all();
    months = t->undated;
    ages = t->unasked;
    items = summary.waterfall.n[NODE_ITEMS];
    assert_true(items > 0);
    for (size_t i = 0; i < t->months; i++) {
        int64_t sum = 0;

        for (int b = 0; b < BECAME_COUNT; b++)
            sum += t->month[i].n[b];
        assert_int_equal(sum, t->month[i].items);
        months += sum;
        late += t->month[i].n[BECAME_LATE];
    }
    for (size_t i = 0; i < t->ages; i++)
        ages += t->age[i].items;
    assert_int_equal(months, items);
    assert_int_equal(ages, items);
    assert_int_equal(late, summary.waterfall.n[NODE_AFTER_RETRIES]);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(completeness_is_counted_three_ways),
        TEST(open_items_widen_completeness),
        TEST(consistency_of_asks),
        TEST(impossible_rows_are_counted_by_what_is_wrong),
        TEST(each_field_is_filled_as_often_as_it_was_sent),
        TEST(missing_posts_are_set_against_returned_ones),
        TEST(old_audit_says_that_it_knows_no_age),
        TEST(what_became_of_items_adds_up_over_time),
        TEST(empty_audit_has_every_number_and_no_value),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
