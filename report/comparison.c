/* report/comparison.c: what a comparison says, as plain text, for terminals and for the
 * page: one wording in one place. */
#include "report/comparison.h"
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "base/log.h"
#include "report/text.h"

#define MOVES_SHOWN 12
#define CHANGES_SHOWN 12
#define NAME_WIDTH 36

/* ---- numbers ---- */

static bool is_share(const struct change *n)
{
    return n->unit == UNIT_SHARE;
}

static const char *unit_behind(enum number_unit unit)
{
    switch (unit) {
    case UNIT_HOURS: return " h";
    case UNIT_DAYS: return " days";
    case UNIT_DEVIATIONS: return " sd";
    case UNIT_PLAIN: case UNIT_ESTIMATE: case UNIT_SHARE: case UNIT_RATIO: case UNIT_LOG10:
    case UNIT_PROBABILITY: case UNIT_COUNT: break;
    }
    return "";
}

static int decimals_of(enum number_unit unit)
{
    if (unit == UNIT_HOURS || unit == UNIT_DAYS || unit == UNIT_ESTIMATE)
        return 1;
    return unit == UNIT_DEVIATIONS ? 2 : 3;
}

void report_change_value(struct buf *out, const struct change *n, bool has, double value)
{
    char text[TEXT_MAX];

    if (!has)
        buf_puts(out, "-");
    else if (is_share(n))
        buf_puts(out, text_percent(value, text));
    else if (n->unit == UNIT_PLAIN)
        buf_puts(out, text_count(llround(value), text));
    else
        buf_printf(out, "%.*f%s", decimals_of(n->unit), value, unit_behind(n->unit));
}

/* A difference with its sign; of shares in points of a hundred. Never "-0.0". */
static void difference(struct buf *out, const struct change *n, double d)
{
    char text[TEXT_MAX];

    if (n->unit == UNIT_PLAIN) {
        buf_printf(out, "%s%s", d > 0 ? "+" : "", text_count(llround(d), text));
        return;
    }
    snprintf(text, sizeof text, "%+.*f", is_share(n) ? 1 : decimals_of(n->unit),
             is_share(n) ? 100 * d : d);
    buf_puts(out, strspn(text, "+-0.") == strlen(text) ? text + 1 : text);
}

void report_change_change(struct buf *out, const struct change *n)
{
    if (!n->has_a || !n->has_b) {
        buf_puts(out, "-");
        return;
    }
    difference(out, n, n->change);
    buf_puts(out, is_share(n) ? " points" : unit_behind(n->unit));
}

void report_change_bounds(struct buf *out, const struct change *n)
{
    if (!n->has_interval)
        return;
    difference(out, n, n->low);
    buf_puts(out, " to ");
    difference(out, n, n->high);
}

const char *report_change_kind(const struct change *n)
{
    return !n->has_interval             ? ""
           : n->bounds == BOUNDS_SAMPLE ? "95 %"
           : n->bounds == BOUNDS_OPEN   ? "worst cases of open items"
                                        : "95 % and worst cases of open items";
}

static void change_with_bounds(struct buf *out, const struct change *n)
{
    report_change_change(out, n);
    if (!n->has_interval)
        return;
    buf_puts(out, " (");
    report_change_bounds(out, n);
    buf_printf(out, ", %s)", report_change_kind(n));
}

/* ---- sentences ---- */

static void name(struct buf *out, const struct comparison *c, int side)
{
    log_escape(out, c->side[side].name);
}

static void answer(struct buf *out, const struct comparison *c)
{
    char text[TEXT_MAX];

    if (c->both == 0) {
        buf_puts(out, "Nothing can be compared: no item is in both.");
        return;
    }
    buf_puts(out, comparison_is_worse(c)    ? "Worse beyond chance: "
                  : comparison_is_better(c) ? "Better beyond chance: "
                                            : "No change beyond chance: ");
    buf_printf(out, "%s fixed, ", text_count(c->fixed, text));
    buf_printf(out, "%s broken, ", text_count(c->broken, text));
    buf_printf(out, "%s still missing", text_count(c->still_missing, text));
    buf_printf(out, " (McNemar's exact test of fixed against broken: p = %s).",
               text_probability(c->p, text));
}

static void meaning(struct buf *out, const struct comparison *c)
{
    if (c->both == 0)
        return;
    buf_puts(out, "Fixed: missing in ");
    name(out, c, COMPARED_A);
    buf_puts(out, " though the page was public, retrieved in ");
    name(out, c, COMPARED_B);
    buf_puts(out, "; broken is the other way round, still missing is missing and public in both. "
                  "p is how often chance alone would part so many changed items as unequally, if "
                  "either way were as likely for each by itself; posts of one account often move "
                  "together, so the interval over accounts stands beside it. Nothing here says "
                  "why.");
}

static void only(struct buf *out, const struct comparison *c, int side)
{
    const struct compared_side *s = &c->side[side];
    char text[TEXT_MAX];

    buf_printf(out, "; %s only in ", text_count(s->only, text));
    name(out, c, side);
    if (s->not_comparable)
        buf_printf(out, " and %s purged there, of which nobody knows whether the other has %s",
                   text_count(s->not_comparable, text), plural(s->not_comparable, "it", "them"));
}

static void items(struct buf *out, const struct comparison *c)
{
    char text[TEXT_MAX];

    buf_printf(out, "%s %s in both", text_count(c->both, text), plural(c->both, "item", "items"));
    only(out, c, COMPARED_A);
    only(out, c, COMPARED_B);
    buf_char(out, '.');
}

static void open_items(struct buf *out, const struct comparison *c)
{
    char text[TEXT_MAX];

    if (c->open_any == 0)
        return;
    buf_printf(out, "%s of both %s open in one of them or in both, and neither fixed nor broken: ",
               text_count(c->open_any, text), plural(c->open_any, "is", "are"));
    buf_printf(out, "%s in ", text_count(c->open[COMPARED_A], text));
    name(out, c, COMPARED_A);
    buf_printf(out, ", %s in ", text_count(c->open[COMPARED_B], text));
    name(out, c, COMPARED_B);
    buf_char(out, '.');
}

static void share(struct buf *out, const struct comparison *c)
{
    const struct change *n = &c->missing;

    if (!n->has_a)
        return;
    buf_puts(out, "Missing, of those that both know as public or retrieved: ");
    report_change_value(out, n, true, n->a);
    buf_puts(out, ", then ");
    report_change_value(out, n, true, n->b);
    buf_puts(out, ": ");
    change_with_bounds(out, n);
    buf_char(out, '.');
}

static void accounts(struct buf *out, const struct comparison *c)
{
    const int64_t changed = c->fixed + c->broken;
    char text[TEXT_MAX];

    if (changed == 0)
        return;
    buf_printf(out, "Of %s %s fixed or broken, ", text_count(changed, text),
               plural(changed, "item that was", "items that were"));
    buf_printf(out, "%s broke (", text_percent(c->by_account.share, text));
    buf_printf(out, "%s to ", text_percent(c->by_account.interval.low, text));
    buf_printf(out, "%s, 95 %% interval over ", text_percent(c->by_account.interval.high, text));
    buf_printf(out, "%s %s).", text_count(c->by_account.accounts, text),
               plural(c->by_account.accounts, "account", "accounts"));
}

static void rules(struct buf *out, const struct comparison *c)
{
    const bool a = c->side[COMPARED_A].relabelled, b = c->side[COMPARED_B].relabelled;

    buf_puts(out, "Both are labelled by ");
    log_escape(out, c->rules_are);
    buf_printf(out, " (sha256 %.12s)", c->rules.p);
    if (a || b) {
        buf_puts(out, ", in this comparison alone: ");
        name(out, c, a ? COMPARED_A : COMPARED_B);
        if (a && b) {
            buf_puts(out, " and ");
            name(out, c, COMPARED_B);
        }
        buf_printf(out, " %s other rules of %s own", plural(a && b ? 2 : 1, "has", "have"),
                   plural(a && b ? 2 : 1, "its", "their"));
    }
    buf_char(out, '.');
}

void report_comparison_story(struct buf *out, const struct comparison *c,
                             enum comparison_story what)
{
    switch (what) {
    case COMPARISON_ANSWER: answer(out, c); break;
    case COMPARISON_MEANING: meaning(out, c); break;
    case COMPARISON_ITEMS: items(out, c); break;
    case COMPARISON_OPEN: open_items(out, c); break;
    case COMPARISON_SHARE: share(out, c); break;
    case COMPARISON_ACCOUNTS: accounts(out, c); break;
    case COMPARISON_RULES: rules(out, c); break;
    }
}

/* ---- the text of a terminal ---- */

static void story(struct buf *out, const struct comparison *c, enum comparison_story what)
{
    const size_t from = out->n;

    report_comparison_story(out, c, what);
    if (out->n > from)
        buf_char(out, '\n');
}

/* The most frequent first, then in the order of the waterfall. */
static void moves(struct buf *out, const struct comparison *c)
{
    int64_t last = INT64_MAX;
    int shown = 0;
    char text[TEXT_MAX];

    if (c->moved == 0)
        return;
    buf_printf(out, "\nmoved from bucket to bucket: %s\n", text_count(c->moved, text));
    while (shown < MOVES_SHOWN) {
        int64_t most = 0;

        for (int i = 0; i < NODE_COUNT * NODE_COUNT; i++) {
            const int64_t n = c->moves[i / NODE_COUNT][i % NODE_COUNT];

            if (i / NODE_COUNT != i % NODE_COUNT && n < last && n > most)
                most = n;
        }
        if (most == 0)
            return;
        last = most;
        for (int i = 0; i < NODE_COUNT * NODE_COUNT && shown < MOVES_SHOWN; i++)
            if (i / NODE_COUNT != i % NODE_COUNT &&
                c->moves[i / NODE_COUNT][i % NODE_COUNT] == most) {
                buf_printf(out, "  %8s  %s -> %s\n", text_count(most, text),
                           node_path((enum node)(i / NODE_COUNT)),
                           node_path((enum node)(i % NODE_COUNT)));
                shown++;
            }
    }
}

/* In both, and not the same where it is printed. */
static bool is_seen(const struct change *n)
{
    struct buf text = {0};
    bool zero;

    if (!n->has_a || !n->has_b)
        return false;
    difference(&text, n, n->change);
    zero = strspn(buf_cstr(&text), "+-0.") == text.n;
    buf_release(&text);
    return !zero;
}

static void one_change(struct buf *out, const struct change *n)
{
    struct buf a = {0}, b = {0};

    report_change_value(&a, n, n->has_a, n->a);
    report_change_value(&b, n, n->has_b, n->b);
    buf_printf(out, "  %-*.*s %10s -> %-10s  ", NAME_WIDTH, STR_ARG(n->name), buf_cstr(&a),
               buf_cstr(&b));
    change_with_bounds(out, n);
    buf_char(out, '\n');
    buf_release(&a);
    buf_release(&b);
}

static void changes(struct buf *out, const struct comparison *c)
{
    int64_t told = 0, within = 0;
    char text[TEXT_MAX];

    for (const struct change *n = c->first_change; n; n = n->next) {
        if (!is_seen(n))
            continue;
        if (n->has_interval && n->low <= 0 && n->high >= 0) {
            within++;
            continue;
        }
        if (told++ == 0)
            buf_puts(out, "\nnumbers that changed beyond their bounds\n");
        if (told <= CHANGES_SHOWN)
            one_change(out, n);
    }
    if (told > CHANGES_SHOWN)
        buf_printf(out, "  and %s more\n", text_count(told - CHANGES_SHOWN, text));
    if (within)
        buf_printf(out, "\nwithin their bounds: %s %s; --json and --out have all\n",
                   text_count(within, text), plural(within, "number", "numbers"));
}

void report_comparison_text(struct buf *out, const struct comparison *c)
{
    name(out, c, COMPARED_A);
    buf_puts(out, " -> ");
    name(out, c, COMPARED_B);
    buf_puts(out, "\n");
    story(out, c, COMPARISON_ANSWER);
    story(out, c, COMPARISON_SHARE);
    story(out, c, COMPARISON_ACCOUNTS);
    story(out, c, COMPARISON_ITEMS);
    story(out, c, COMPARISON_OPEN);
    story(out, c, COMPARISON_RULES);
    for (size_t i = 0; i < c->cautions; i++) {
        buf_puts(out, "caution: ");
        log_escape(out, c->caution[i]);
        buf_char(out, '\n');
    }
    moves(out, c);
    changes(out, c);
    buf_char(out, '\n');
    story(out, c, COMPARISON_MEANING);
}
