/* audit/verdict/check_json.c: verdicts for programs (docs/json/check.schema.json). */
#include "audit/verdict/check.h"
#include "base/json_out.h"

static void put_value(struct json_out *o, const char *key, bool has, double x)
{
    if (has)
        json_put_fixed(o, key, x, 6);
    else
        json_put_null(o, key);
}

static void put_range(struct json_out *o, const char *key, const struct check_value *v)
{
    if (!v->has) {
        json_put_null(o, key);
        return;
    }
    json_open(o, key);
    put_value(o, "value", true, v->value);
    put_value(o, "low", true, v->low);
    put_value(o, "high", true, v->high);
    json_close(o);
}

static void put_cautions(struct json_out *o, const struct check *c)
{
    json_open_list(o, "cautions");
    for (size_t i = 0; i < c->cautions; i++)
        json_put_text(o, NULL, c->caution[i]);
    json_close(o);
}

static void put_ids(struct json_out *o, const struct check *c, size_t row, const char *dir)
{
    const bool has = dir && claim_counts_items(c->row[row].claim);
    struct buf path = { 0 };

    json_open(o, "ids");
    for (int p = 0; p < CHECK_PARTS; p++) {
        if (!has) {
            json_put_null(o, check_part_name((enum check_part)p));
            continue;
        }
        buf_clear(&path);
        check_ids_file(c, row, (enum check_part)p, &path);
        json_put_text(o, check_part_name((enum check_part)p), buf_view(&path));
    }
    json_close(o);
    buf_release(&path);
}

static void put_count(struct json_out *o, const char *key, int64_t n)
{
    if (n < 0)
        json_put_null(o, key);
    else
        json_put_int(o, key, n);
}

static void put_row(struct json_out *o, const struct check *c, size_t i, const char *dir)
{
    const struct check_row *r = &c->row[i];
    struct buf bound = { 0 };

    check_bound_text(r->claim, &bound);
    json_open(o, NULL);
    json_put_text(o, "name", r->claim->name);
    json_put_text(o, "claim", r->claim->claim);
    json_put_word(o, "criterion", criterion_name(r->claim->criterion));
    json_put_word(o, "verdict", check_verdict_name(r->verdict));
    put_value(o, "value", r->now.has, r->now.value);
    put_value(o, "low", r->now.has, r->now.low);
    put_value(o, "high", r->now.has, r->now.high);
    json_put_int(o, "n", r->n);
    json_put_int(o, "held", r->held);
    json_put_int(o, "open", r->open);
    json_put_text(o, "bound", buf_view(&bound));
    json_put_fixed(o, "confidence", r->claim->confidence, 4);
    put_cautions(o, c);
    put_ids(o, c, i, dir);
    json_put_text(o, "source", r->claim->source);
    json_put_word(o, "measure", claim_measure_name(r->claim->measure));
    json_put_text(o, "of", r->claim->subject);
    json_put_word(o, "unit", unit_name(r->unit));
    json_put_int(o, "aside", r->aside);
    json_put_int(o, "accounts", r->accounts);
    put_range(o, "before", &r->before);
    put_range(o, "change", &r->change);
    put_count(o, "further_items", r->further_items);
    put_count(o, "further_days", r->further_days);
    json_put_text(o, "why", r->why);
    json_close(o);
    buf_release(&bound);
}

static void put_untested(struct json_out *o, const struct claim *c)
{
    json_open(o, NULL);
    json_put_text(o, "name", c->name);
    json_put_text(o, "claim", c->claim);
    json_put_word(o, "criterion", criterion_name(c->criterion));
    json_put_text(o, "source", c->source);
    json_put_text(o, "reason", c->untestable);
    json_close(o);
}

void check_json(const struct check *c, const char *ids_dir, struct buf *out)
{
    struct json_out o = { .buf = out, .style = JSON_COMPACT };

    json_open(&o, NULL);
    json_open_list(&o, "claims");
    for (size_t i = 0; i < c->rows; i++)
        if (!c->row[i].claim->untestable.n)
            put_row(&o, c, i, ids_dir);
    json_close(&o);
    for (int v = 0; v < CHECK_VERDICTS; v++)
        json_put_int(&o, check_verdict_name((enum check_verdict)v), c->count[v]);
    json_open_list(&o, "not_tested");
    for (size_t i = 0; i < c->rows; i++)
        if (c->row[i].claim->untestable.n)
            put_untested(&o, c->row[i].claim);
    json_close(&o);
    json_put_text(&o, "audit", c->audit);
    json_put_text(&o, "tool", c->tool);
    json_put_instant(&o, "newest_answer_at", c->newest_answer_at);
    json_close(&o);
    buf_char(out, '\n');
}
