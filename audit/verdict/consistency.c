/* audit/verdict/consistency.c: does the API say the same when it is asked again, and do its
 * own witnesses say the same? */
#include "audit/verdict/numbers.h"
#include "report/waterfall.h"

struct consistency {
    const struct numbers_from *from;
    struct agreed agreed[3];                // by enum agreement_kind
    struct by_account returned, missing;    // the validity check agrees
    int set_returned, set_missing;          // of from->behind
};

static void say(struct consistency *c, struct by_account *to, int set, int64_t item, bool agrees)
{
    by_account_add(to, item, agrees, 1);
    if (agrees)
        behind_mark(c->from->behind, set, item);
}

static void take(struct consistency *c, const struct label_row *l)
{
    for (int k = AGREEMENT_ALL; k <= AGREEMENT_OTHER_DAYS; k++)
        agreed_add(&c->agreed[k], (enum agreement_kind)k, c->from->agreement, l->item);
    if (l->validation == VALIDATION_NONE)
        return;
    if (l->state == STATE_RETRIEVED)
        say(c, &c->returned, c->set_returned, l->item, l->validation == VALIDATION_VALID);
    else if (l->state == STATE_MISSING && waterfall_group(l) == NODE_PUBLIC)
        say(c, &c->missing, c->set_missing, l->item, l->validation == VALIDATION_NOT_VALID);
}

static int take_labels(struct consistency *c, struct err *err)
{
    struct label_cursor *labels = NULL;
    struct label_row l;
    int got;

    if (store_labels(c->from->audit->store, &labels, err))
        return -1;
    while ((got = label_cursor_next(labels, &l, err)) > 0)
        take(c, &l);
    label_cursor_close(labels);
    return got;
}

static void put(struct consistency *c, struct number *n, const char *is, const char *why_not)
{
    struct summary *s = c->from->s;

    n->criterion = CRITERION_CONSISTENCY;
    n->is = n->has ? str_of(is) : arena_printf(s->mem, "%s No value: %s", is, why_not);
    number_put(&s->numbers, s->mem, n);
}

static void put_agreed(struct consistency *c, enum agreement_kind kind, const char *name,
                       const char *is, const char *why_not)
{
    struct number n = { .name = str_of(name) };
    struct agreed_share share;

    agreed_conclude(&c->agreed[kind], 0.95, &share);
    number_set_share(&n, share.found, share.asks);
    if (n.has)
        number_set_bounds(&n, share.undecided ? BOUNDS_BOTH : BOUNDS_SAMPLE, share.worst);
    put(c, &n, is, why_not);
}

static void put_agreements(struct consistency *c)
{
    put_agreed(c, AGREEMENT_ALL, "agreement",
               "Of the sound asks of posts that the API returned at least once, the share that"
               " found them; 95 % over accounts, with asks after which the post may not have been"
               " public counted one way and the other.",
               "no post that came back was asked in a sound batch.");
    put_agreed(c, AGREEMENT_SAME_DAY, "agreement_same_day",
               "Of the sound asks of posts that another ask had found earlier on that UTC day, the"
               " share that found them again; 95 % over accounts.",
               "no post was asked again on the day on which it had been found.");
    put_agreed(c, AGREEMENT_OTHER_DAYS, "agreement_other_days",
               "Of the sound asks of posts that the API had returned last on an earlier UTC day,"
               " the share that found them again; 95 % over accounts.",
               "no post was asked again on a day after it had been found.");
}

static void put_witnesses(struct consistency *c)
{
    const struct account_table *t = c->from->accounts;
    struct number n = { .name = STR("validation_of_returned") };
    int64_t same = 0, asked = 0;

    by_account_share(&c->returned, 0, &n);
    put(c, &n,
        "Of the posts that the query returned and the validity check was asked about, the share"
        " that it calls valid; 95 % over accounts.",
        "the validity check was not asked.");
    n = (struct number){ .name = STR("validation_of_missing") };
    by_account_share(&c->missing, 0, &n);
    put(c, &n,
        "Of the public posts that the query did not return and the validity check was asked about,"
        " the share that it calls not valid either: the two agree, although the page is public;"
        " 95 % over accounts.",
        "the validity check was not asked.");
    for (size_t i = 1; i < t->n; i++) {
        const struct account_stat *a = &t->v[i];
        bool shown = a->retrieved > 0 || (a->query_ok && a->query_rows > 0);

        asked += a->info != USER_INFO_NONE;
        same += a->info != USER_INFO_NONE && (a->info == USER_INFO_KNOWN) == shown;
    }
    n = (struct number){ .name = STR("user_info_and_query") };
    number_set_share(&n, same, asked);
    if (asked)
        number_set_bounds(&n, BOUNDS_SAMPLE, stat_clopper_pearson(same, asked, 0.95));
    put(c, &n,
        "Of the accounts that user/info was asked about, the share of which it and the query say"
        " the same: known, and posts came back, or not known, and none did; 95 % (exact).",
        "user/info was not asked.");
}

int consistency_numbers(const struct numbers_from *from, struct err *err)
{
    const struct account_graph *graph = from->accounts->graph;
    struct consistency c = { .from = from, .returned.graph = graph, .missing.graph = graph };
    int rc;

    c.set_returned = behind_set(from->behind, STR("validation_of_returned"));
    c.set_missing = behind_set(from->behind, STR("validation_of_missing"));
    rc = take_labels(&c, err);

    if (rc == 0) {
        put_agreements(&c);
        put_witnesses(&c);
    }
    for (int k = AGREEMENT_ALL; k <= AGREEMENT_OTHER_DAYS; k++)
        agreed_release(&c.agreed[k]);
    by_account_release(&c.returned);
    by_account_release(&c.missing);
    return rc;
}
