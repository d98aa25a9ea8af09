/* report/comparison_json.c: a comparison as JSON. */
#include <math.h>
#include "base/json_out.h"
#include "report/comparison.h"

static void put_side(struct json_out *o, const char *key, const struct compared_side *s)
{
    json_open(o, key);
    json_put_text(o, "name", s->name);
    json_put_text(o, "audit", s->audit);
    json_put_int(o, "items", s->items);
    json_put_int(o, "open", s->open);
    json_put_int(o, "purged", s->purged);
    json_put_int(o, "not_comparable", s->not_comparable);
    json_put_instant(o, "first_answer_at", s->first_answer_at);
    json_put_instant(o, "newest_answer_at", s->newest_answer_at);
    json_put_text(o, "rules", s->rules);
    json_put_bool(o, "relabelled", s->relabelled);
    if (s->manifest.n)
        json_put_text(o, "manifest", s->manifest);
    else
        json_put_null(o, "manifest");
    json_close(o);
}

static void put_value(struct json_out *o, const char *key, const struct change *n, bool has,
                      double x)
{
    if (!has)
        json_put_null(o, key);
    else if (n->unit == UNIT_PLAIN)
        json_put_int(o, key, llround(x));
    else
        json_put_fixed(o, key, x, 6);
}

static void put_change(struct json_out *o, const struct change *n)
{
    const bool both = n->has_a && n->has_b;

    json_put_key(o, n->name);
    json_open(o, NULL);
    put_value(o, "a", n, n->has_a, n->a);
    put_value(o, "b", n, n->has_b, n->b);
    put_value(o, "change", n, both, n->change);
    put_value(o, "low", n, n->has_interval, n->low);
    put_value(o, "high", n, n->has_interval, n->high);
    json_put_word(o, "bounds", bounds_name(n->has_interval ? n->bounds : BOUNDS_NONE));
    json_put_bool(o, "paired", n->paired);
    json_put_word(o, "unit", unit_name(n->unit));
    json_put_word(o, "criterion", criterion_name(n->criterion));
    json_close(o);
}

static void put_moves(struct json_out *o, const struct comparison *c)
{
    json_open_list(o, "moved");
    for (int from = 0; from < NODE_COUNT; from++)
        for (int to = 0; to < NODE_COUNT; to++) {
            if (from == to || !c->moves[from][to])
                continue;
            json_open(o, NULL);
            json_put_word(o, "from", node_path((enum node)from));
            json_put_word(o, "to", node_path((enum node)to));
            json_put_int(o, "count", c->moves[from][to]);
            json_close(o);
        }
    json_close(o);
}

static void put_labels(struct json_out *o, const struct comparison *c)
{
    json_open(o, "labels");
    for (int i = 0; i < NODE_COUNT; i++) {
        struct compared_label l;

        if (!node_is_leaf((enum node)i) || !node_is_public((enum node)i))
            continue;
        l = comparison_label(c, (enum node)i);
        json_open(o, node_name((enum node)i));
        json_put_int(o, "a", l.a);
        json_put_int(o, "b", l.b);
        json_put_int(o, "fixed", l.fixed);
        json_put_int(o, "broken", l.broken);
        json_put_int(o, "still_missing", l.still);
        json_close(o);
    }
    json_close(o);
}

static void put_counts(struct json_out *o, const struct comparison *c)
{
    json_open(o, "items");
    json_put_int(o, "both", c->both);
    json_put_int(o, "only_a", c->side[COMPARED_A].only);
    json_put_int(o, "only_b", c->side[COMPARED_B].only);
    json_close(o);
    json_put_int(o, "fixed", c->fixed);
    json_put_int(o, "broken", c->broken);
    json_put_int(o, "still_missing", c->still_missing);
    put_moves(o, c);
    json_open(o, "mcnemar");
    json_put_int(o, "fixed", c->fixed);
    json_put_int(o, "broken", c->broken);
    json_put_real(o, "p", c->p, 6);
    json_close(o);
}

void report_comparison_json(struct buf *out, const struct comparison *c)
{
    struct json_out o = { .buf = out, .style = JSON_COMPACT };

    json_open(&o, NULL);
    put_counts(&o, c);
    json_open(&o, "numbers");
    put_change(&o, &c->missing);
    for (const struct change *n = c->first_change; n; n = n->next)
        put_change(&o, n);
    json_close(&o);
    put_labels(&o, c);
    json_open(&o, "by_account");
    json_put_int(&o, "accounts", c->by_account.accounts);
    json_put_share(&o, "broken", c->fixed + c->broken ? c->by_account.share : -1);
    json_put_share(&o, "low", c->by_account.interval.low);
    json_put_share(&o, "high", c->by_account.interval.high);
    json_close(&o);
    json_put_int(&o, "still_retrieved", c->still_retrieved);
    json_open(&o, "open");
    json_put_int(&o, "a", c->open[COMPARED_A]);
    json_put_int(&o, "b", c->open[COMPARED_B]);
    json_put_int(&o, "any", c->open_any);
    json_close(&o);
    json_put_bool(&o, "worse", comparison_is_worse(c));
    json_put_bool(&o, "better", comparison_is_better(c));
    put_side(&o, "a", &c->side[COMPARED_A]);
    put_side(&o, "b", &c->side[COMPARED_B]);
    json_put_text(&o, "rules", c->rules);
    json_put_text(&o, "rules_are", c->rules_are);
    json_open_list(&o, "cautions");
    for (size_t i = 0; i < c->cautions; i++)
        json_put_text(&o, NULL, c->caution[i]);
    json_close(&o);
    json_close(&o);
    buf_char(out, '\n');
}
