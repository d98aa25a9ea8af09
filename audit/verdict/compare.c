/* audit/verdict/compare.c: both are opened and labelled by the same rules, then their numbers,
 * then item by item. */
#include "audit/verdict/compare.h"
#include <stdlib.h>
#include <string.h>
#include "audit/verdict/compare_out.h"
#include "audit/verdict/looks.h"
#include "audit/verdict/compare_purged.h"
#include "audit/verdict/label.h"
#include "audit/verdict/summarize.h"
#include "audit/view.h"
#include "base/file.h"

struct comparing {
    const struct compare_opts *o;
    struct comparison *c;
    struct arena *mem;
    struct other side[COMPARED_SIDES];
    struct rulebook rules;       // that label both, where these are not their own
    struct summary summary[COMPARED_SIDES];
};

/* ---- which rules ---- */

static int choose_rules(struct comparing *w, struct err *err)
{
    const struct rulebook *a = &w->side[COMPARED_A].rules, *b = &w->side[COMPARED_B].rules,
                          *both = &w->rules;
    char hex[DIGEST_HEX];

    if (w->o->rules) {
        if (rulebook_read(&w->rules, w->o->rules, err)) {
            err->kind = err->kind == ERR_INPUT ? ERR_USAGE : err->kind;
            return -1;
        }
        w->c->rules_are = arena_printf(w->mem, "the rules of %s", w->o->rules);
    } else if (rulebook_same(a, b)) {
        both = a;
        w->c->rules_are = STR("the rules that both have");
    } else {
        if (rulebook_shipped(&w->rules, err))
            return -1;
        w->c->rules_are = STR("the rules that this program ships");
    }
    w->c->rules = arena_dup(w->mem, str_of(digest_hex(&both->digest, hex)));
    return 0;
}

/* ---- each by itself ---- */

static void describe(struct comparing *w, int i)
{
    const struct other *o = &w->side[i];
    const struct summary *s = &w->summary[i];
    struct compared_side *to = &w->c->side[i];
    char hex[DIGEST_HEX];

    to->audit = s->audit;
    to->rules = arena_dup(w->mem, str_of(digest_hex(&o->rules.digest, hex)));
    if (o->is_bundle)
        to->manifest = arena_dup(w->mem, str_of(digest_hex(&o->bundle.manifest, hex)));
    to->relabelled = o->has_other_rules;
    to->items = s->waterfall.n[NODE_ITEMS];
    to->open = s->waterfall.n[NODE_OPEN];
    to->first_answer_at = s->first_answer_at;
    to->newest_answer_at = s->newest_answer_at;
}

/* One view at a time: that is what needs memory. */
static int read_side(struct comparing *w, int i, struct err *err)
{
    struct other *o = &w->side[i];

    if (other_open(o, w->rules.name ? &w->rules : NULL, w->o->sets, err) ||
        labels_refresh(&o->audit, err) || summarize(&o->audit, w->mem, &w->summary[i], NULL, err))
        return -1;
    audit_view_forget(&o->audit);
    describe(w, i);
    return 0;
}

/* ---- what to know before one reads on ---- */

/* Settings that decide what a label says, or what was looked at. */
static const char *const decisive[] = {
    "api.min_age_hours", "api.confirm_days", "api.residual",  "page.vantage",
    "page.witnesses",    "page.recheck",     "page.oembed",    "page.elsewhere",
    "account.min_items",
};

static struct str setting_of(const struct summary *s, const char *name)
{
    for (size_t i = 0; i < s->settings; i++)
        if (str_eq(s->setting[i].name, str_of(name)))
            return s->setting[i].value;
    return STR_NONE;
}

static void caution_settings(struct comparing *w)
{
    const struct summary *a = &w->summary[COMPARED_A], *b = &w->summary[COMPARED_B];

    for (size_t i = 0; i < sizeof decisive / sizeof *decisive; i++) {
        const struct str x = setting_of(a, decisive[i]), y = setting_of(b, decisive[i]);

        if (!str_eq(x, y))
            comparison_caution(w->c,
                               "The setting %s differs: \"%.*s\" in %.*s, \"%.*s\" in %.*s. What "
                               "moved may be its doing.",
                               decisive[i], STR_ARG(x), STR_ARG(w->c->side[COMPARED_A].name),
                               STR_ARG(y), STR_ARG(w->c->side[COMPARED_B].name));
    }
}

/* A tenth open, or an outage: what is said rests on less than it looks. */
static void caution_side(struct comparing *w, int i)
{
    const struct summary *s = &w->summary[i];
    const struct compared_side *side = &w->c->side[i];

    if (side->items && side->open * 10 > side->items)
        comparison_caution(w->c, "%.*s is not finished: %lld of its %lld items are open.",
                           STR_ARG(side->name), (long long)side->open, (long long)side->items);
    if (s->outages)
        comparison_caution(w->c,
                           "The API answered nothing to anybody for a while in %.*s: " COUNTED ".",
                           STR_ARG(side->name), COUNT_OF(s->outages, "outage", "outages"));
    if (side->relabelled && side->purged)
        comparison_caution(w->c,
                           "Purged items of %.*s keep the label that they had by its own rules.",
                           STR_ARG(side->name));
}

static void caution(struct comparing *w)
{
    const struct comparison *c = w->c;
    const struct compared_side *a = &c->side[COMPARED_A], *b = &c->side[COMPARED_B];

    if (a->newest_answer_at > b->newest_answer_at)
        comparison_caution(w->c, "%.*s is newer than %.*s: fixed and broken are meant from the "
                                 "first to the second as they were given.",
                           STR_ARG(a->name), STR_ARG(b->name));
    if (comparison_hangs_on_accounts(c))
        comparison_caution(w->c, "What changed lies in few accounts, whose posts move together: by "
                                 "account the difference of fixed and broken is within chance.");
    caution_settings(w);
    caution_side(w, COMPARED_A);
    caution_side(w, COMPARED_B);
    if (c->both && c->open_any * 10 > c->both)
        comparison_caution(w->c, "Of the %lld items in both, %lld are open in one of them: that "
                                 "many could still turn out fixed or broken.",
                           (long long)c->both, (long long)c->open_any);
}

/* ---- item by item ---- */

static int compare_items(struct comparing *w, const struct compare_sink *sink, struct err *err)
{
    struct audit *a = &w->side[COMPARED_A].audit, *b = &w->side[COMPARED_B].audit;
    struct compare_items *of_a = NULL, *of_b = NULL;
    struct compare_source from_a, from_b;
    int rc = -1;

    if (compare_items_open(&of_a, a, b, err) || compare_items_open(&of_b, b, a, err))
        goto out;
    w->c->side[COMPARED_A].purged = compare_items_purged(of_a);
    w->c->side[COMPARED_B].purged = compare_items_purged(of_b);
    from_a = compare_items_source(of_a);
    from_b = compare_items_source(of_b);
    rc = compare_rows(w->c, &from_a, &from_b, sink, err);
out:
    compare_items_close(of_a);
    compare_items_close(of_b);
    return rc;
}

static int finish(struct comparing *w, struct err *err)
{
    (void)err;
    comparison_finish(w->c);
    comparison_numbers(w->c, &w->summary[COMPARED_A].numbers, &w->summary[COMPARED_B].numbers);
    caution(w);
    return 0;
}

static int compare_all(struct comparing *w, struct err *err)
{
    struct compare_out *out = NULL;
    struct compare_sink sink;
    struct look look = {0};    // the later audit's own
    int rc;

    if (choose_rules(w, err) || read_side(w, COMPARED_A, err) || read_side(w, COMPARED_B, err))
        return -1;
    if (!w->o->out)
        return compare_items(w, NULL, err) || finish(w, err) ? -1 : 0;
    if (compare_out_open(&out, w->o->out, err))
        return -1;
    sink = compare_out_sink(out);
    rc = compare_items(w, &sink, err) || finish(w, err) ||
                 looks_make(&w->side[COMPARED_B].audit, w->mem, &look, err)
             ? -1
             : 0;
    rc = compare_out_close(out, rc ? NULL : w->c, &look, err) || rc ? -1 : 0;
    looks_release(&look);
    return rc;
}

int compare_audits(const char *a, const char *b, const struct compare_opts *o, struct arena *mem,
                   struct comparison *c, struct err *err)
{
    struct comparing w = { .o = o, .c = c, .mem = mem };
    struct err later = {0};
    int rc;

    memset(c, 0, sizeof *c);
    c->mem = mem;
    rc = other_find(&w.side[COMPARED_A], a, err) || other_find(&w.side[COMPARED_B], b, err) ? -1
                                                                                            : 0;
    for (int i = 0; rc == 0 && i < COMPARED_SIDES; i++)
        c->side[i].name = arena_dup(mem, str_of(w.side[i].name));
    if (rc == 0)
        rc = compare_all(&w, err);
    for (int i = 0; i < COMPARED_SIDES; i++)
        if (other_close(&w.side[i], rc ? &later : err))
            rc = -1;
    rulebook_release(&w.rules);
    return rc;
}
