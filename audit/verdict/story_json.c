/* audit/verdict/story_json.c: the story of one item as one JSON value. */
#include "audit/verdict/story.h"
#include <inttypes.h>
#include <stdio.h>
#include "base/utc.h"
#include "base/json_out.h"
#include "record/id.h"

#define EXACT_MAX 999999999999999    // of a number that every reader of JSON keeps whole

static void put_rules(struct json_out *o, const struct story *s)
{
    const struct rules *rules = s->all->audit->rules;

    json_open_list(o, "rules");
    for (size_t i = 0; i < rules_len(rules); i++)
        if (hits_has(&s->hits, i))
            json_put_text(o, NULL, rules_at(rules, i)->name);
    json_close(o);
}

static void put_value(struct json_out *o, const char *key, const struct value *v)
{
    char text[32];

    if (v->kind == VAL_TEXT) {
        json_put_text(o, key, v->text);
    } else if (v->kind == VAL_INT && v->i > EXACT_MAX) {
        snprintf(text, sizeof text, "%" PRId64, v->i);
        json_put_word(o, key, text);
    } else if (v->kind == VAL_INT) {
        json_put_int(o, key, v->i);
    } else if (v->kind == VAL_REAL) {
        json_put_real(o, key, v->real, 9);
    }
}

static void put_facts(struct json_out *o, const struct story *s)
{
    char name[64];

    json_open(o, "facts");
    for (int f = 0; f < FACT_COUNT; f++)
        put_value(o, fact_name((enum fact)f, name), &s->facts.val[f]);
    json_close(o);
}

static void put_gap(struct json_out *o, const struct gap *g)
{
    struct buf says = {0};

    json_open(o, NULL);
    json_put_word(o, "field", field_info(g->field)->name);
    json_put_word(o, "verdict", verdict_name(g->verdict));
    put_value(o, "api", &g->api);
    put_value(o, "page", &g->page);
    if (g->why.rule != GAP_RULE_NONE) {
        json_put_word(o, "rule", gap_rule_name(g->why.rule));
        if (gap_rule_has_limit(g->why.rule)) {
            json_put_real(o, "needed", g->why.needed, 4);
            json_put_real(o, "allowed", g->why.limit, 4);
        }
        if (g->why.witness < FIELD_COUNT)
            json_put_word(o, "witness", field_info(g->why.witness)->name);
        story_gap_says(&says, g);
        json_put_text(o, "says", buf_view(&says));
    }
    json_close(o);
    buf_release(&says);
}

static void put_gaps(struct json_out *o, const struct story *s)
{
    json_open_list(o, "differences");
    for (size_t i = 0; i < s->about->gaps; i++)
        put_gap(o, &s->about->gap[i]);
    json_close(o);
}

static void put_verdict(struct json_out *o, struct story *s)
{
    const struct label_row *l = &s->label;
    bool may_follow;
    char at[UTC_TEXT_MAX];

    json_put_id(o, "id", l->id);
    json_put_text(o, "url", story_url(s, &may_follow));
    json_put_text(o, "username", l->handle);
    json_put_word(o, "created_at", utc_rfc3339(l->created_at, at));
    json_put_word(o, "state", state_name(l->state));
    json_put_word(o, "label", label_name(l->label));
    json_put_word(o, "reason", reason_name(l->reason));
    json_put_text(o, "rule", l->rule);
    json_put_word(o, "basis", basis_name(l->basis));
    json_put_bool(o, "confirmed", l->confirmed);
    json_put_int(o, "asked", l->asked);
    json_put_int(o, "days", l->days);
    json_put_text(o, "sound_days", l->sound_list);
    json_put_word(o, "validation", validation_name(l->validation));
    if (l->residual >= 0)
        json_put_real(o, "residual", l->residual, 6);
    json_put_word(o, "snapshot", snapshot_name(l->snapshot));
}

static void put_ask(struct json_out *o, const struct told_ask *a)
{
    json_put_int(o, "mates", a->mates);
    json_put_int(o, "mates_back", a->mates_back);
    json_put_int(o, "canaries", a->canaries);
    json_put_int(o, "canaries_back", a->canaries_back);
    json_put_int(o, "suspects", a->suspects);
    if (!a->absent)
        return;
    json_put_bool(o, "counts", a->counts);
    json_open_list(o, "unsound");
    for (int u = 0; u < UNSOUND_COUNT; u++)
        if (a->why >> u & 1)
            json_put_word(o, NULL, unsound_word((enum unsound)u));
    json_close(o);
}

static void put_query(struct json_out *o, const struct story *s, const struct history_row *h)
{
    struct told_ask ask;

    json_put_int(o, "round", h->round);
    json_put_date(o, "start", h->start_day);
    json_put_date(o, "end", h->end_day);
    json_put_int(o, "ids", (int64_t)h->members);
    json_put_bool(o, "canary", h->role == ROLE_CANARY);
    json_put_bool(o, "late", h->role == ROLE_LATE);
    json_put_bool(o, "complete", h->complete);
    json_put_text(o, "log_id", h->log_id);
    if (story_ask(s, h, &ask))
        put_ask(o, &ask);
}

static void put_past(struct json_out *o, const struct story *s, const struct history_row *h)
{
    char at[UTC_TEXT_MAX];

    json_open(o, NULL);
    json_put_word(o, "at", utc_rfc3339(h->at, at));
    json_put_word(o, "witness", witness_name(h->witness));
    json_put_word(o, "answer", answer_name(h->kind));
    json_put_int(o, "request", h->request);
    if (h->witness == WITNESS_QUERY) {
        put_query(o, s, h);
    } else {
        json_put_word(o, "why", no_answer_name(h->why));
        if (h->has_code)
            json_put_int(o, "code", h->code);
        json_put_text(o, "message", h->message);
        json_put_text(o, "region", h->region);
        json_put_text(o, "vantage", h->vantage);
    }
    json_put_text(o, "evidence", h->evidence);
    json_close(o);
}

static void put_lent(struct json_out *o, const struct story *s)
{
    struct str left = s->about->lent, name;

    if (!s->about->lent.n)
        return;
    json_open(o, "lent");
    json_put_word(o, "by", witness_name(s->about->lent_by));
    json_open_list(o, "fields");
    while (str_cut(&left, ' ', &name))
        json_put_text(o, NULL, name);
    json_close(o);
    json_close(o);
}

void story_json(struct buf *out, struct story *s)
{
    struct json_out o = { .buf = out, .style = JSON_COMPACT };

    json_open(&o, NULL);
    put_verdict(&o, s);
    put_rules(&o, s);
    put_facts(&o, s);
    put_gaps(&o, s);
    put_lent(&o, s);
    json_open_list(&o, "history");
    for (size_t i = 0; i < s->about->pasts; i++)
        put_past(&o, s, &s->about->past[i]);
    json_close(&o);
    json_close(&o);
    buf_char(out, '\n');
}
