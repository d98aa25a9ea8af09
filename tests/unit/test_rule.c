/* tests/unit/test_rule.c: rules files are read strictly, and the shipped rules
 * label every reading of a page as the project says it does. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include "base/file.h"
#include "base/utc.h"
#include "classify/defaults.h"
#include "classify/rule.h"

static struct rules *shipped;

static int load(void *from, const char *name, struct buf *out, struct err *err)
{
    char path[256];

    snprintf(path, sizeof path, "%s/%s", (const char *)from, name);
    if (!file_exists(path))
        return err_set(err, ERR_USAGE, "no file %s", path);
    return file_read(path, 1 << 20, out, err);
}

static const struct rules_loader loader = { load, (void *)"classify" };

static int64_t day(const char *text)
{
    struct err err = {0};
    int64_t at = 0;

    assert_int_equal(utc_parse(str_of(text), &at, &err), 0);
    return utc_day(at);
}

static struct rules *parse(const char *text)
{
    struct rules *rs = NULL;
    struct err err = {0};

    if (rules_parse(&rs, "rules.ini", str_of(text), &loader, &err))
        fail_msg("%s", err.msg);
    return rs;
}

static void refused(const char *text, const char *place, const char *says)
{
    struct rules *rs = NULL;
    struct err err = {0};

    assert_int_equal(rules_parse(&rs, "rules.ini", str_of(text), &loader, &err), -1);
    assert_null(rs);
    assert_int_equal(err.kind, ERR_USAGE);
    if (strncmp(err.msg, place, strlen(place)) != 0 || !strstr(err.msg, says))
        fail_msg("\"%s\" is not \"%s ... %s\"", err.msg, place, says);
}

#define RULE "[a]\nlabel = ad\nreason = marked_ad\nwhen = page.is_ad = 1\n"

static void mistakes_have_file_and_line(void **state)
{
    (void)state;
    refused("", "rules.ini:1:", "at least one");
    refused("[a]\nlabel = advert\n", "rules.ini:2:", "label = deleted");
    refused("[a]\nlabel = ad\nreason = self_only\nwhen = page.is_ad = 1\n",
            "rules.ini:1:", "belongs to private");
    refused("[a]\nlabel = ad\nreason = no_reason\n", "rules.ini:3:", "reason");
    refused("[a]\nlabel = ad\nreason = too_recent\n", "rules.ini:3:", "reason");
    refused("[a]\nlabel = ad\nbasis = rumour\n", "rules.ini:3:", "basis");
    refused("[a]\nwhen = page.is_ad = 1\n", "rules.ini:1:", "label");
    refused("[a]\nlabel = ad\nreason = marked_ad\n", "rules.ini:1:", "when");
    refused(RULE RULE, "rules.ini:5:", "line 1");
    refused("[a]\nlabel = ad\n\n# a comment\nwhen = page.isad = 1\n", "rules.ini:5:", "page.isad");
    refused("[a]\nlabel = ad\nwhen = page.status_msg ~ [\n", "rules.ini:3:", "pattern");
    refused("[a]\nlabel = ad\nuntil = soon\n", "rules.ini:3:", "date");
    refused("[a]\nlabel = ad\nuntil = 2026-13-01\n", "rules.ini:3:", "date");
    refused("[a]\nlabel = ad\ndisputed = 2026-01-01\n", "rules.ini:3:", "DATE..DATE");
    refused("[a]\nlabel = ad\ndisputed = 2026-01-02..2026-01-01\n", "rules.ini:3:", "earlier");
    refused(RULE "since = 2026-01-02\nuntil = 2026-01-01\n", "rules.ini:1:", "since before until");
    refused("[a]\nlabel = ad\nlabel = ad\n", "rules.ini:3:", "once");
    refused("[a]\nlable = ad\n", "rules.ini:2:", "lable");
    refused("label = ad\n", "rules.ini:1:", "");
    refused("[a]\nlabel = ad\nwhen = page.username in @nowhere.txt\n",
            "rules.ini:3:", "nowhere.txt");
}

static const struct rule *match(const struct rules *rs, const struct facts *g)
{
    const struct rule *gave_up;

    return rules_match(rs, g, rules_len(rs), &gave_up);
}

static void too_many_rules_are_refused(void **state)
{
    struct buf text = {0};
    (void)state;
    for (int i = 0; i <= RULES_MAX; i++)
        buf_printf(&text, "[r%d]\nlabel = ad\nwhen = page.is_ad = 1\n", i);
    refused(buf_cstr(&text), "rules.ini:769:", "256");
    buf_release(&text);
}

static void first_match_labels_and_all_are_kept(void **state)
{
    struct rules *rs = parse(
        "[one]\nlabel = ad\nreason = branded\nwhen = page.ad_authorization = 1\n"
        "when = page.outcome = public\n"
        "[two]\nlabel = ad\nwhen = page.is_ad = 1\n"
        "[three]\nlabel = unknown\nwhen = page.outcome = public\n");
    struct facts g;
    struct hits hits;
    (void)state;
    memset(&g, 0, sizeof g);
    assert_null(match(rs, &g));
    g.val[FACT_PAGE_OUTCOME] = value_text(STR("public"));
    g.val[FACT_PAGE(FIELD_IS_AD)] = value_int(1);
    assert_int_equal(match(rs, &g)->no, 1);
    hits = rules_hits(rs, &g, &(struct hits){{0}});
    assert_false(hits_has(&hits, 0));
    assert_true(hits_has(&hits, 1));
    assert_true(hits_has(&hits, 2));
    assert_false(hits_has(&hits, 255));
    assert_null(rules_match(rs, &g, 1, &(const struct rule *){ NULL }));
    assert_int_equal(rules_at(rs, 1)->reason, REASON_NONE);    // ad has several: none is guessed
    assert_int_equal(rules_at(rs, 2)->reason, REASON_UNEXPLAINED);
    assert_int_equal(rules_at(rs, 1)->basis, BASIS_UNEXPLAINED);
    assert_null(rules_at(rs, 3));
    assert_true(rules_need(rs, FACT_PAGE(FIELD_IS_AD)));
    assert_false(rules_need(rs, FACT_ACCOUNT_Q));
    assert_int_equal(rules_before_account(rs), 3);
    rules_free(rs);
}

static void hits_reach_beyond_sixty_four(void **state)
{
    struct buf text = {0};
    struct rules *rs;
    struct facts g;
    struct hits hits;
    (void)state;
    for (int i = 0; i < RULES_MAX; i++)
        buf_printf(&text, "[r%d]\nlabel = ad\nwhen = item.asked = %d\n", i, i);
    rs = parse(buf_cstr(&text));
    memset(&g, 0, sizeof g);
    g.val[FACT_ITEM_ASKED] = value_int(200);
    assert_int_equal(match(rs, &g)->no, 200);
    hits = rules_hits(rs, &g, &(struct hits){{0}});
    assert_true(hits_has(&hits, 200));
    assert_false(hits_has(&hits, 201));
    rules_free(rs);
    buf_release(&text);
}

/* What a pattern that was given up would have said is not passed over. */
static void nothing_is_labelled_past_a_rule_that_is_given_up(void **state)
{
    static char text[4000];
    struct rules *rs = parse(
        "[before]\nlabel = private\nwhen = page.status_code = 1\n"
        "[endless]\nlabel = deleted\nwhen = page.status_msg ~ ^(a+)+b(?=c)|(a*)*[^a]\\2$\n"
        "when = item.asked > 1\n"
        "[behind]\nlabel = unknown\nwhen = page.outcome = refused\n");
    const struct rule *gave_up = NULL;
    struct hits hits, open;
    struct facts g;
    (void)state;
    memset(&g, 0, sizeof g);
    memset(text, 'a', sizeof text);
    g.val[FACT_PAGE_OUTCOME] = value_text(STR("refused"));
    g.val[FACT_PAGE_MSG] = value_text((struct str){ text, sizeof text });
    g.val[FACT_ITEM_ASKED] = value_int(2);
    assert_null(rules_match(rs, &g, rules_len(rs), &gave_up));
    assert_ptr_equal(gave_up, rules_at(rs, 1));
    hits = rules_hits(rs, &g, &open);
    assert_true(hits_has(&hits, 2) && !hits_has(&hits, 1) && hits_has(&open, 1));
    g.val[FACT_ITEM_ASKED] = value_int(1);       // now the rest of the rule says no
    assert_ptr_equal(rules_match(rs, &g, rules_len(rs), &gave_up), rules_at(rs, 2));
    assert_null(gave_up);
    hits = rules_hits(rs, &g, &open);
    assert_false(hits_any(&open));
    g.val[FACT_ITEM_ASKED] = value_int(2);
    g.val[FACT_PAGE_CODE] = value_int(1);        // a rule before it speaks
    assert_ptr_equal(rules_match(rs, &g, rules_len(rs), &gave_up), rules_at(rs, 0));
    assert_null(gave_up);
    rules_free(rs);
}

/* Each vantage's answer is a name of its own, and so are the lists of their names. */
static void rules_see_what_each_vantage_said(void **state)
{
    struct rules *rs = parse(
        "[there]\nlabel = unknown\nwhen = page.outcome = public\n"
        "when = page@ca-1.outcome = refused\n"
        "[apart]\nlabel = unknown\nwhen = page@ca-1.outcome != page@fr.outcome\n"
        "[listed]\nlabel = unknown\nwhen = page.public_at in fr, de\n"
        "[not]\nlabel = unknown\nwhen = page@us.outcome absent\nwhen = page.unread_at present\n");
    struct facts g;
    struct hits hits, gave_up;
    (void)state;

    memset(&g, 0, sizeof g);
    assert_null(match(rs, &g));
    g.val[FACT_PAGE_OUTCOME] = value_text(STR("public"));
    g.val[FACT_PAGE_PUBLIC_AT] = value_text(STR("first\nfr"));
    g.val[FACT_PAGE_REFUSED_AT] = value_text(STR("ca-1"));
    hits = rules_hits(rs, &g, &gave_up);
    assert_true(hits_has(&hits, 0));
    assert_true(hits_has(&hits, 1));
    assert_true(hits_has(&hits, 2));
    assert_false(hits_has(&hits, 3));
    g.val[FACT_PAGE_REFUSED_AT] = value_text(STR("ca-10"));
    g.val[FACT_PAGE_UNREAD_AT] = value_text(STR("es"));
    hits = rules_hits(rs, &g, &gave_up);
    assert_false(hits_has(&hits, 0) || hits_has(&hits, 1));    // not read there: neither holds
    assert_true(hits_has(&hits, 3));
    rules_free(rs);
    refused("[a]\nlabel = ad\nwhen = page@ca.code = 1\n", "rules.ini:3:", "page@ca.code");
    refused("[a]\nlabel = ad\nwhen = page@.outcome = public\n", "rules.ini:3:", "page@.outcome");
}

/* Names of record/fact.def in the lines from "Names" to "Value" of the head. */
static void head_of_the_shipped_rules_names_every_fact_and_no_other(void **state)
{
    const struct str text = defaults_rules();
    ptrdiff_t from = str_find(text, STR("#   Names "), 0),
              to = str_find(text, STR("#   Value "), 0);
    bool named[FACT_FIXED] = { false };
    struct str rest, line, word;
    char name[64];
    (void)state;

    assert_true(from > 0 && to > from);
    rest = str_sub(text, (size_t)from, (size_t)(to - from));
    assert_true(str_cut(&rest, '\n', &line));        // page.* and api.*
    while (str_cut(&rest, '\n', &line)) {
        word = str_trim(str_sub(line, 1, line.n));
        for (size_t n = 0; n < word.n; n++)
            if (word.p[n] == ' ')
                word.n = n;
        if (word.n == 0)
            continue;
        if (fact_find(word) >= FACT_OF_RULES)
            fail_msg("%.*s is no name of record/fact.def", STR_ARG(word));
        assert_false(named[fact_find(word)]);
        named[fact_find(word)] = true;
    }
    for (int f = 0; f < FACT_OF_RULES; f++)
        if (!named[f])
            fail_msg("%s is missing in the head of classify/default.rules",
                     fact_name((enum fact)f, name));
}

static void comparisons_run_before_patterns(void **state)
{
    struct rules *rs = parse(
        "[a]\nlabel = ad\nwhen = page.status_msg ~ x\nwhen = page.is_ad = 1\n");
    const struct rule *r = rules_at(rs, 0);
    (void)state;
    assert_int_equal(r->when[0].fact, FACT_PAGE(FIELD_IS_AD));
    assert_true(str_eq(r->written[0], STR("page.status_msg ~ x")));
    rules_free(rs);
}

static void basis_follows_the_day(void **state)
{
    struct rules *rs = parse(RULE "basis = documented\nsince = 2025-01-01\nuntil = 2026-09-10\n"
                             "disputed = 2026-02-26..2026-03-01\n");
    const struct rule *r = rules_at(rs, 0);
    (void)state;
    assert_int_equal(rule_basis(r, day("2024-12-31")), BASIS_UNEXPLAINED);
    assert_int_equal(rule_basis(r, day("2025-01-01")), BASIS_DOCUMENTED);
    assert_int_equal(rule_basis(r, day("2026-02-26")), BASIS_DISPUTED);
    assert_int_equal(rule_basis(r, day("2026-03-02")), BASIS_DOCUMENTED);
    assert_int_equal(rule_basis(r, day("2026-09-10")), BASIS_DOCUMENTED);
    assert_int_equal(rule_basis(r, day("2026-09-11")), BASIS_UNEXPLAINED);
    rules_free(rs);
}

/* ---- the shipped rules ---- */

struct reading {
    const char *outcome; int64_t code; const char *msg, *oembed, *elsewhere;
    enum field field; int64_t value;          // one field of the page, FIELD_COUNT for none
    enum reason reason;
};

#define NO_FIELD FIELD_COUNT, 0
static const struct reading readings[] = {
    { "refused", 10204, "item doesn't exist", NULL, NULL, NO_FIELD, REASON_NOT_FOUND },
    { "refused", 10204, "item doesn't exist", "refused", NULL, NO_FIELD, REASON_NOT_FOUND },
    { "refused", 10204, "item doesn't exist", "no_answer", NULL, NO_FIELD, REASON_NOT_FOUND },
    { "refused", 10204, "item doesn't exist", "public", NULL, NO_FIELD, REASON_REGION_BLOCKED },
    { "refused", 10204, "item doesn't exist", "refused", "public", NO_FIELD,
      REASON_REGION_BLOCKED },
    { "refused", 10204, "item doesn't exist", NULL, "refused", NO_FIELD, REASON_NOT_FOUND },
    { "refused", 10204, "status_deleted", NULL, "public", NO_FIELD, REASON_REGION_BLOCKED },
    { "refused", 10222, "author_secret", "refused", "public", NO_FIELD, REASON_REGION_BLOCKED },
    { "refused", 10204, "status_deleted", NULL, "refused", NO_FIELD, REASON_ITEM_DELETED },
    { "refused", 10204, "status_deleted", NULL, NULL, NO_FIELD, REASON_ITEM_DELETED },
    { "refused", 10204, "item_privacy_authorization&status_deleted", NULL, NULL, NO_FIELD,
      REASON_ITEM_DELETED },
    { "refused", 10204, "vigo", NULL, NULL, NO_FIELD, REASON_ITEM_DELETED },
    { "refused", 10204, "status_deleted&status_self_see", NULL, NULL, NO_FIELD, REASON_SELF_ONLY },
    { "refused", 10204, "status_self_see", "public", NULL, NO_FIELD, REASON_SELF_ONLY },
    { "refused", 10204, "status_friend_see", NULL, NULL, NO_FIELD, REASON_FRIENDS_ONLY },
    { "refused", 10204, "author_secret", NULL, NULL, NO_FIELD, REASON_PRIVATE_ACCOUNT },
    { "refused", 10222, "author_secret", NULL, NULL, NO_FIELD, REASON_PRIVATE_ACCOUNT },
    { "refused", 10222, "", NULL, NULL, NO_FIELD, REASON_PRIVATE_ACCOUNT },
    { "refused", 10204, "author_status", NULL, NULL, NO_FIELD, REASON_ACCOUNT_GONE },
    { "refused", 10204, "author_status,status_reviewing", NULL, NULL, NO_FIELD,
      REASON_UNDER_REVIEW },
    { "refused", 10204, "status_reviewing", NULL, NULL, NO_FIELD, REASON_UNDER_REVIEW },
    { "refused", 10204, "status_audit_not_pass", NULL, NULL, NO_FIELD, REASON_MODERATED },
    { "refused", 10231, "status_audit_not_pass", NULL, NULL, NO_FIELD, REASON_MODERATED },
    { "refused", 10231, "", NULL, NULL, NO_FIELD, REASON_REGION_BLOCKED },
    { "refused", 10231, NULL, NULL, NULL, NO_FIELD, REASON_REGION_BLOCKED },
    { "refused", 10204, "content_classification", NULL, NULL, NO_FIELD, REASON_AGE_GATED },
    { "refused", 10204, "cross_border_violation_ur", "refused", NULL, NO_FIELD,
      REASON_REGION_BLOCKED },
    { "refused", 10204, "person_geo_fencing", NULL, NULL, NO_FIELD, REASON_REGION_BLOCKED },
    { "refused", 10204, "copyright_geo_filter&status_deleted", "refused", NULL, NO_FIELD,
      REASON_REGION_BLOCKED },
    { "refused", 10204, "author_test_tag", NULL, NULL, NO_FIELD, REASON_REFUSED_UNEXPLAINED },
    { "refused", 10204, "status_abnormal", "refused", NULL, NO_FIELD, REASON_REFUSED_UNEXPLAINED },
    { "refused", 10204, "status_abnormal", "public", NULL, NO_FIELD, REASON_REGION_BLOCKED },
    { "refused", 10204, "", "public", NULL, NO_FIELD, REASON_REGION_BLOCKED },
    { "refused", 10204, "", "refused", NULL, NO_FIELD, REASON_REFUSED_UNEXPLAINED },
    { "refused", 10204, "", NULL, NULL, NO_FIELD, REASON_REFUSED_UNEXPLAINED },
    { "refused", 10216, "", NULL, NULL, NO_FIELD, REASON_SELF_ONLY },
    { "refused", 10221, "user banned", NULL, NULL, NO_FIELD, REASON_ACCOUNT_GONE },
    { "refused", 10235, "item is storypost", NULL, NULL, NO_FIELD, REASON_STORY },
    { "refused", 10215, "", "public", NULL, NO_FIELD, REASON_REFUSED_UNEXPLAINED },
    { "refused", 10217, "", NULL, NULL, NO_FIELD, REASON_REFUSED_UNEXPLAINED },
    { "refused", 10223, "", NULL, NULL, NO_FIELD, REASON_REFUSED_UNEXPLAINED },
    { "refused", 10225, "", NULL, NULL, NO_FIELD, REASON_REFUSED_UNEXPLAINED },
    { "refused", 19999, "something_new", NULL, NULL, NO_FIELD, REASON_REFUSED_UNEXPLAINED },
    { "refused", 0, "", NULL, NULL, FIELD_CLASSIFIED, 1, REASON_AGE_GATED },
    { "refused", 0, "", NULL, NULL, FIELD_PRIVATE_ITEM, 1, REASON_SELF_ONLY },
    { "refused", 0, "", NULL, NULL, FIELD_FOR_FRIEND, 1, REASON_FRIENDS_ONLY },
    { "refused", 0, "", NULL, NULL, FIELD_TAKE_DOWN, 0, REASON_REFUSED_UNEXPLAINED },
    { "refused", 0, "", NULL, NULL, FIELD_TAKE_DOWN, 3, REASON_MODERATED },
    { "public", 0, "", NULL, NULL, NO_FIELD, REASON_UNEXPLAINED },
    { "public", 0, "", NULL, NULL, FIELD_IS_AD, 1, REASON_MARKED_AD },
    { "public", 0, "", NULL, NULL, FIELD_IS_AD, 0, REASON_UNEXPLAINED },
    { "public", 0, "", NULL, NULL, FIELD_IS_SHOP, 1, REASON_UNEXPLAINED },
    { "public", 0, "", NULL, NULL, FIELD_AD_LABEL, 2, REASON_MARKED_AD },
    { "public", 0, "", NULL, NULL, FIELD_AD_LABEL, 0, REASON_UNEXPLAINED },
    { "public", 0, "", NULL, NULL, FIELD_AD_AUTH, 1, REASON_BRANDED },
    { "public", 0, "", NULL, NULL, FIELD_BRAND_TYPE, 2001, REASON_BRANDED },
    { "public", 0, "", NULL, NULL, FIELD_COMMERCE, 1, REASON_BRANDED },
    { "public", 0, "", NULL, NULL, FIELD_AUTHOR_AD, 1, REASON_MARKED_AD },
};

static void reading_set(struct facts *g, const struct reading *r)
{
    memset(g, 0, sizeof *g);
    g->val[FACT_PAGE_OUTCOME] = value_text(str_of(r->outcome));
    g->val[FACT_PAGE_CODE] = value_int(r->code);
    if (r->msg)
        g->val[FACT_PAGE_MSG] = value_text(str_of(r->msg));
    if (r->oembed)
        g->val[FACT_PAGE_OEMBED] = value_text(str_of(r->oembed));
    if (r->elsewhere)
        g->val[FACT_PAGE_ELSEWHERE] = value_text(str_of(r->elsewhere));
    if (r->field != FIELD_COUNT)
        g->val[FACT_PAGE(r->field)] = value_int(r->value);
}

static void every_reading_of_a_page_has_its_reason(void **state)
{
    struct facts g;
    (void)state;
    for (size_t i = 0; i < sizeof readings / sizeof *readings; i++) {
        const struct reading *r = &readings[i];
        const struct rule *rule;

        reading_set(&g, r);
        rule = match(shipped, &g);
        if (!rule || rule->reason != r->reason)
            fail_msg("%s %d \"%s\" oembed %s: %s, not %s", r->outcome, (int)r->code,
                     r->msg ? r->msg : "-", r->oembed ? r->oembed : "-",
                     rule ? reason_name(rule->reason) : "no rule", reason_name(r->reason));
    }
}

static enum reason reason_of(const struct facts *g)
{
    const struct rule *r = match(shipped, g);

    return r ? r->reason : REASON_NONE;
}

static void public_pages_are_told_apart(void **state)
{
    const struct reading plain = { "public", 0, "", NULL, NULL, NO_FIELD, REASON_NONE };
    struct facts g;
    (void)state;
    reading_set(&g, &plain);
    g.val[FACT_PAGE(FIELD_PLACE)] = value_text(STR("CA"));
    g.val[FACT_PAGE(FIELD_IS_AD)] = value_int(1);
    assert_int_equal(reason_of(&g), REASON_CREATED_IN_CANADA);        // Canada comes before ads
    g.val[FACT_PAGE(FIELD_PLACE)] = value_text(STR("US"));
    g.val[FACT_PAGE(FIELD_POI_COUNTRY)] = value_text(STR("CA"));
    assert_int_equal(reason_of(&g), REASON_MARKED_AD);    // the place of creation is known
    g.val[FACT_PAGE(FIELD_IS_SHOP)] = value_int(1);
    assert_int_equal(reason_of(&g), REASON_SHOP_AD);
    g.val[FACT_ACCOUNT_CANADA] = value_real(0.6);
    assert_int_equal(reason_of(&g), REASON_ACCOUNT_CANADA);
    g.val[FACT_ACCOUNT_CANADA] = value_real(0.5);
    assert_int_equal(reason_of(&g), REASON_SHOP_AD);

    reading_set(&g, &plain);
    g.val[FACT_PAGE(FIELD_ANCHORS)] = value_text(STR("33"));
    assert_int_equal(reason_of(&g), REASON_UNEXPLAINED);              // a product is no ad
    g.val[FACT_PAGE(FIELD_IS_AD)] = value_int(1);
    assert_int_equal(reason_of(&g), REASON_SHOP_AD);

    reading_set(&g, &plain);
    g.val[FACT_PAGE(FIELD_MUSIC_TITLE)] = value_text(STR("Promoted Music"));
    assert_int_equal(reason_of(&g), REASON_PROMOTED_MUSIC);
    reading_set(&g, &plain);
    g.val[FACT_PAGE(FIELD_BA_INFO)] = value_text(STR(""));
    assert_int_equal(reason_of(&g), REASON_UNEXPLAINED);
    g.val[FACT_PAGE(FIELD_BA_INFO)] = value_text(STR("{\"name\":\"x\"}"));
    assert_int_equal(reason_of(&g), REASON_MARKED_AD);
    reading_set(&g, &plain);
    g.val[FACT_API(FIELD_BRANDED)] = value_int(7);
    assert_int_equal(reason_of(&g), REASON_BRANDED);
}

/* Whatever the refusal says: what anybody is shown is neither deleted nor private. */
static void an_embed_page_that_shows_the_post_makes_the_region_suspect(void **state)
{
    static const struct reading refusals[] = {
        { "refused", 10204, "status_deleted", NULL, NULL, NO_FIELD, REASON_ITEM_DELETED },
        { "refused", 10204, "item doesn't exist", "refused", NULL, NO_FIELD, REASON_NOT_FOUND },
        { "refused", 10222, "author_secret", NULL, NULL, NO_FIELD, REASON_PRIVATE_ACCOUNT },
        { "refused", 10204, "", "refused", NULL, NO_FIELD, REASON_REFUSED_UNEXPLAINED },
    };
    struct facts g;

    (void)state;
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        reading_set(&g, &refusals[i]);
        assert_int_equal(reason_of(&g), refusals[i].reason);
        g.val[FACT_PAGE_EMBED] = value_text(STR("refused"));
        assert_int_equal(reason_of(&g), refusals[i].reason);
        g.val[FACT_PAGE_EMBED] = value_text(STR("public"));
        assert_int_equal(reason_of(&g), REASON_REGION_BLOCKED);
        assert_int_equal(match(shipped, &g)->label, LABEL_UNKNOWN);
    }
}

static void company_handles_are_exact(void **state)
{
    const struct reading plain = { "public", 0, "", NULL, NULL, NO_FIELD, REASON_NONE };
    struct facts g;
    (void)state;
    reading_set(&g, &plain);
    g.val[FACT_PAGE(FIELD_AUTHOR)] = value_text(STR("TikTok"));
    assert_int_equal(reason_of(&g), REASON_COMPANY_ACCOUNT);
    g.val[FACT_PAGE(FIELD_AUTHOR)] = value_text(STR("tiktok_fan"));
    assert_int_equal(reason_of(&g), REASON_UNEXPLAINED);
    g.val[FACT_PAGE(FIELD_AUTHOR)] = value_text(STR("tiktoktips"));   // listed, but not verified
    assert_int_equal(reason_of(&g), REASON_UNEXPLAINED);
}

static void excluded_accounts_need_trials_and_odds(void **state)
{
    const struct reading plain = { "public", 0, "", NULL, NULL, NO_FIELD, REASON_NONE };
    struct facts g;
    size_t first = rules_before_account(shipped);
    (void)state;
    reading_set(&g, &plain);
    g.val[FACT_ACCOUNT_TRIALS] = value_int(5);
    g.val[FACT_ACCOUNT_MIN_ITEMS] = value_int(5);
    g.val[FACT_ACCOUNT_RETRIEVED] = value_int(0);
    assert_int_equal(reason_of(&g), REASON_UNEXPLAINED);              // q is not known
    g.val[FACT_ACCOUNT_Q] = value_real(0.049);
    assert_int_equal(reason_of(&g), REASON_NO_ITEM_RETRIEVED);
    g.val[FACT_ACCOUNT_Q] = value_real(0.05);
    assert_int_equal(reason_of(&g), REASON_UNEXPLAINED);
    g.val[FACT_ACCOUNT_Q] = value_real(0.01);
    g.val[FACT_ACCOUNT_RETRIEVED] = value_int(1);
    assert_int_equal(reason_of(&g), REASON_UNEXPLAINED);
    g.val[FACT_ACCOUNT_RETRIEVED] = value_int(0);
    g.val[FACT_ACCOUNT_MIN_ITEMS] = value_int(6);
    assert_int_equal(reason_of(&g), REASON_UNEXPLAINED);
    assert_int_equal(rules_at(shipped, first)->label, LABEL_EXCLUDED_ACCOUNT);
    assert_null(rules_match(shipped, &g, first, &(const struct rule *){ NULL }));
}

static void every_reason_of_a_label_has_a_rule(void **state)
{
    bool seen[REASON_COUNT] = { false };
    (void)state;
    for (size_t i = 0; i < rules_len(shipped); i++) {
        const struct rule *r = rules_at(shipped, i);

        seen[r->reason] = true;
        assert_true(r->source.n > 0);
        assert_int_equal(r->basis == BASIS_NOT_PUBLIC,
                         r->label == LABEL_DELETED || r->label == LABEL_PRIVATE);
    }
    for (int i = 1; i < REASON_COUNT; i++)
        if (reason_label((enum reason)i) != LABEL_NONE && !seen[i])
            fail_msg("no rule for %s", reason_name((enum reason)i));
}

static void canada_is_documented_until_its_day(void **state)
{
    const struct rule *canada = NULL;
    (void)state;
    for (size_t i = 0; i < rules_len(shipped); i++)
        if (str_eq(rules_at(shipped, i)->name, STR("canada-created")))
            canada = rules_at(shipped, i);
    assert_non_null(canada);
    assert_int_equal(rule_basis(canada, day("2026-09-09")), BASIS_DOCUMENTED);
    assert_int_equal(rule_basis(canada, day("2026-09-10")), BASIS_DISPUTED);
    assert_int_equal(rule_basis(canada, day("2026-09-11")), BASIS_UNEXPLAINED);
}

static int setup(void **state)
{
    struct buf text = {0};
    struct err err = {0};
    int rc;

    (void)state;
    rc = file_read("classify/default.rules", 1 << 20, &text, &err) ||
         rules_parse(&shipped, "default.rules", buf_view(&text), &loader, &err);
    if (rc)
        print_error("%s\n", err.msg);
    buf_release(&text);
    return rc;
}

static int teardown(void **state)
{
    (void)state;
    rules_free(shipped);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mistakes_have_file_and_line),
        cmocka_unit_test(too_many_rules_are_refused),
        cmocka_unit_test(first_match_labels_and_all_are_kept),
        cmocka_unit_test(hits_reach_beyond_sixty_four),
        cmocka_unit_test(nothing_is_labelled_past_a_rule_that_is_given_up),
        cmocka_unit_test(rules_see_what_each_vantage_said),
        cmocka_unit_test(head_of_the_shipped_rules_names_every_fact_and_no_other),
        cmocka_unit_test(comparisons_run_before_patterns),
        cmocka_unit_test(basis_follows_the_day),
        cmocka_unit_test(every_reading_of_a_page_has_its_reason),
        cmocka_unit_test(public_pages_are_told_apart),
        cmocka_unit_test(an_embed_page_that_shows_the_post_makes_the_region_suspect),
        cmocka_unit_test(company_handles_are_exact),
        cmocka_unit_test(excluded_accounts_need_trials_and_odds),
        cmocka_unit_test(every_reason_of_a_label_has_a_rule),
        cmocka_unit_test(canada_is_documented_until_its_day),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
