/* audit/verdict/explain.c: the story of one item. */
#include <inttypes.h>
#include <math.h>
#include <string.h>
#include "audit/verdict/explain.h"
#include "audit/keep/purge.h"
#include "base/json.h"
#include "base/log.h"
#include "base/utc.h"
#include "import/urls.h"
#include "record/fact.h"
#include "record/id.h"

struct story {
    struct audit *audit; struct buf *out; bool json;
    const struct view *view; const struct account_table *accounts; struct arena mem;
    struct item_row row; struct label_row label; const struct silence *silence;
    struct record *rec[SIDE_COUNT]; int64_t at[SIDE_COUNT];
    struct facts facts;
    int lines;
};

int explain_find(struct audit *audit, const char *what, int64_t *item, struct err *err)
{
    struct str rest = str_of(what);
    struct link link;

    memset(&link, 0, sizeof link);
    if (!link_next(&rest, utc_now(), &link) || link.what != LINK_ITEM)
        return err_set(err, ERR_USAGE,
                       "explain: expected an item's id or a link that holds one, not \"%s\"", what);
    if (store_item_find(audit->store, link.item.id, item, err))
        return -1;
    /* A purged item has a pseudonym, which whoever holds the key can make. */
    if (!*item && purge_find(audit, link.item.id, item, err))
        return -1;
    if (!*item)
        return err_set(err, ERR_USAGE, "explain: item %" PRIu64 " is not in this audit",
                       link.item.id);
    return 0;
}

/* ---- one line of its history ---- */

static void history_text(struct story *s, const struct history_row *h)
{
    char at[UTC_TEXT_MAX], from[UTC_TEXT_MAX], to[UTC_TEXT_MAX];
    struct buf *o = s->out;

    buf_printf(o, "  %s  ", utc_rfc3339(h->at, at));
    if (h->witness == WITNESS_QUERY) {
        if (h->round)
            buf_printf(o, "API round %d, %s..%s", h->round, utc_date(h->start_day, from),
                       utc_date(h->end_day, to));
        else
            buf_puts(o, "API reply that was loaded");
        buf_printf(o, ", %zu ids%s: %s%s", h->members,
                   h->role == ROLE_CANARY ? ", as a canary"
                   : h->role == ROLE_LATE ? ", in a late check"
                                          : "",
                   answer_name(h->kind),
                   h->complete ? "" : " (reply incomplete, counts for nothing)");
        if (h->log_id.n) {
            buf_puts(o, ", log ");
            log_escape(o, h->log_id);
        }
    } else if (h->witness == WITNESS_VALIDATION) {
        buf_printf(o, "validity check of %zu ids: %s", h->members, h->kind == ANSWER_FOUND ? "valid"
                   : h->kind == ANSWER_ABSENT ? "not valid" : "no answer");
    } else if (h->witness == WITNESS_USERNAME) {
        buf_printf(o, "API query by username, %s..%s: %s", utc_date(h->start_day, from),
                   utc_date(h->end_day, to), answer_name(h->kind));
    } else {
        buf_printf(o, "%s: %s", witness_name(h->witness), answer_name(h->kind));
        if (h->kind == ANSWER_NO_ANSWER)
            buf_printf(o, " (%s)", no_answer_name(h->why));
        if (h->has_code)
            buf_printf(o, ", code %" PRId64, h->code);
        if (h->message.n) {
            buf_puts(o, ", \"");
            log_escape(o, h->message);
            buf_puts(o, "\"");
        }
        if (h->region.n) {
            buf_puts(o, ", seen from ");
            log_escape(o, h->region);
        }
        if (h->vantage.n)
            buf_printf(o, ", at vantage %.*s", STR_ARG(h->vantage));
    }
    buf_printf(o, ", request %" PRId64, h->request);
    if (h->evidence.n)
        buf_printf(o, "\n      %s%.*s", str_starts(h->evidence, STR("sha256:")) ? "" : "evidence/",
                   STR_ARG(h->evidence));
    buf_char(o, '\n');
}

static void json_str(struct buf *o, const char *key, struct str text)
{
    buf_printf(o, ",\"%s\":", key);
    json_quote(o, text);
}

static void history_json(struct story *s, const struct history_row *h)
{
    char at[UTC_TEXT_MAX], day[UTC_TEXT_MAX];
    struct buf *o = s->out;

    buf_printf(o, "%s{\"at\":\"%s\",\"witness\":\"%s\",\"answer\":\"%s\",\"request\":%" PRId64,
               s->lines ? "," : "", utc_rfc3339(h->at, at), witness_name(h->witness),
               answer_name(h->kind), h->request);
    if (h->witness == WITNESS_QUERY) {
        buf_printf(o, ",\"round\":%d,\"start\":\"%s\"", h->round, utc_date(h->start_day, day));
        buf_printf(o, ",\"end\":\"%s\",\"ids\":%zu,\"canary\":%s,\"late\":%s,\"complete\":%s",
                   utc_date(h->end_day, day), h->members, h->role == ROLE_CANARY ? "true" : "false",
                   h->role == ROLE_LATE ? "true" : "false", h->complete ? "true" : "false");
        json_str(o, "log_id", h->log_id);
    } else {
        json_str(o, "why", str_of(no_answer_name(h->why)));
        if (h->has_code)
            buf_printf(o, ",\"code\":%" PRId64, h->code);
        json_str(o, "message", h->message);
        json_str(o, "region", h->region);
        json_str(o, "vantage", h->vantage);
    }
    json_str(o, "evidence", h->evidence);
    buf_char(o, '}');
}

static int each_line(void *to, const struct history_row *h, struct err *err)
{
    struct story *s = to;

    (void)err;
    (s->json ? history_json : history_text)(s, h);
    s->lines++;
    return 0;
}

/* ---- the rules ---- */

static void value_text_of(struct buf *o, const struct value *v)
{
    if (v->kind == VAL_INT)
        buf_printf(o, "%" PRId64, v->i);
    else if (v->kind == VAL_REAL)
        buf_printf(o, "%.6g", v->real);
    else if (v->kind == VAL_TEXT)
        log_escape(o, str_sub(v->text, 0, 120));
    else
        buf_puts(o, "(absent)");
}

static void rule_text(struct story *s, const struct rule *r, bool decides)
{
    struct buf *o = s->out;

    buf_puts(o, "  [");
    log_escape(o, r->name);
    buf_printf(o, "] line %d: %s, %s, basis %s%s\n", r->line, label_name(r->label),
               reason_name(r->reason), basis_name(r->basis),
               decides ? "  <- decided" : "  (also matches)");
    for (size_t i = 0; i < r->len; i++) {
        enum fact fact = r->when[i].fact;

        buf_puts(o, "      ");
        log_escape(o, r->when[i].source);
        buf_puts(o, "   [is ");
        value_text_of(o, &s->facts.val[fact]);
        buf_puts(o, "]\n");
    }
    buf_puts(o, "      source: ");
    log_escape(o, r->source);
    buf_char(o, '\n');
}

static void rules_text(struct story *s)
{
    struct rules_hits hits = rules_hits(s->audit->rules, &s->facts);
    int shown = 0;

    buf_puts(s->out, "\nRules that match\n");
    for (size_t i = 0; i < rules_len(s->audit->rules); i++)
        if (rules_hit(&hits, i))
            rule_text(s, rules_at(s->audit->rules, i),
                      shown++ == 0 && s->label.state == STATE_MISSING);
    if (!shown)
        buf_puts(s->out, "  none\n");
}

static void overturn_text(struct story *s)
{
    struct buf *o = s->out;

    buf_puts(o, "\nWhat would overturn it\n");
    switch (s->label.state) {
    case STATE_RETRIEVED:
        buf_puts(o, "  nothing in this series: the API returned it once\n");
        break;
    case STATE_OPEN:
        buf_printf(o, "  it is open (%s): %s\n", reason_name(s->label.reason),
                   s->label.reason == REASON_TOO_RECENT ? "it is asked when it is old enough"
                   : s->label.reason == REASON_UNOBSERVED ? "a page answer would decide it"
                   : s->label.reason == REASON_NOT_ASKED ? "the API was not asked yet"
                   : "sound absences on further days, or one answer with it, would decide it");
        break;
    default:
        buf_puts(o, "  one reply of the API that holds it makes it retrieved\n");
        if (s->label.page == ANSWER_PUBLIC)
            buf_puts(
                o,
                "  a batch-mate found not public at one of the days that count takes that day away\n"
                "  a page reading that refuses it is reported beside the label\n");
        else
            buf_puts(o, "  a later public page opens it again\n");
    }
}

static void verdict_text(struct story *s)
{
    const struct label_row *l = &s->label;
    struct buf *o = s->out;
    char at[UTC_TEXT_MAX];

    buf_printf(o, "Item %" PRIu64 "\n", l->id);
    buf_puts(o, "  handle     ");
    log_escape(o, l->handle);
    buf_printf(o, "\n  uploaded   %s by its id", utc_rfc3339(id_time(l->id), at));
    buf_printf(o, "\n  created    %s\n", utc_rfc3339(l->created_at, at));
    buf_printf(o, "  verdict    %s", state_name(l->state));
    if (l->label)
        buf_printf(o, ", %s", label_name(l->label));
    buf_printf(o, ", %s", reason_name(l->reason));
    if (l->state == STATE_MISSING)
        buf_printf(o, ", basis %s", basis_name(l->basis));
    buf_printf(o, "\n  asked      %d time%s on %d day%s\n", l->asked, l->asked == 1 ? "" : "s",
               l->days, l->days == 1 ? "" : "s");
    if (l->state != STATE_RETRIEVED && l->sound_days)
        buf_printf(o, "  not returned on these days, in sound company: %.*s\n",
                   STR_ARG(l->sound_list));
    if (l->validation)
        buf_printf(o, "  validity   %s, says the platform's own check\n",
                   l->validation == VALIDATION_VALID ? "valid" : "not valid");
    if (l->residual >= 0)
        buf_printf(o, "  probability that batches or windows lost it: %.2g\n", l->residual);
    if (l->later_refused_at)
        buf_printf(o, "  refused after its confirmation, at %s\n",
                   utc_rfc3339(l->later_refused_at, at));
}

static void account_text(struct story *s)
{
    const struct account_stat *a = account_table_find(s->accounts, s->label.account);

    if (!a)
        return;
    buf_printf(s->out,
               "\nAccount: %" PRId64 " items, %" PRId64 " asked, %" PRId64 " retrieved, %" PRId64
               " trials",
               a->items, a->asked, a->retrieved, a->trials);
    if (!isnan(a->chance))
        buf_printf(s->out, ", chance of this silence %.2g", a->chance);
    if (!isnan(a->q))
        buf_printf(s->out, ", q %.2g", a->q);
    buf_char(s->out, '\n');
    if (a->query_ok && a->query_rows == 0)
        buf_puts(
            s->out,
            "  a query by its username returned no post in the window that holds most of its items\n");
    else if (a->query_ok)
        buf_printf(s->out, "  a query by its username returned %d posts in one window\n",
                   a->query_rows);
    if (a->info == USER_INFO_KNOWN && a->has_videos)
        buf_printf(s->out, "  the API knows the account (user/info): %" PRId64 " posts\n",
                   a->videos);
    else if (a->info != USER_INFO_NONE)
        buf_printf(s->out, "  %s\n",
                   a->info == USER_INFO_KNOWN ? "the API knows the account (user/info)"
                   : a->info == USER_INFO_DENIED
                       ? "the API denies the account: it cannot return this user's information"
                       : "the API denies the account: it cannot find the user");
}

static void records_text(struct story *s)
{
    struct buf *o = s->out;

    if (!s->rec[SIDE_API] && !s->rec[SIDE_PAGE])
        return;
    buf_printf(o, "\n%-22s %-40s %s\n", "Field", "API", "Page");
    for (int f = 0; f < FIELD_COUNT; f++) {
        struct value none = {0};
        const struct value *a = s->rec[SIDE_API] ? &s->rec[SIDE_API]->val[f] : &none;
        const struct value *p = s->rec[SIDE_PAGE] ? &s->rec[SIDE_PAGE]->val[f] : &none;
        size_t from = o->n;

        if (a->kind == VAL_NONE && p->kind == VAL_NONE)
            continue;
        buf_printf(o, "  %-20s ", field_info((enum field)f)->name);
        if (a->kind != VAL_NONE)
            value_text_of(o, a);
        while (o->n - from < 63)
            buf_char(o, ' ');
        buf_char(o, ' ');
        if (p->kind != VAL_NONE)
            value_text_of(o, p);
        buf_char(o, '\n');
    }
}

/* ---- JSON ---- */

static void verdict_json(struct story *s)
{
    const struct label_row *l = &s->label;
    struct rules_hits hits = rules_hits(s->audit->rules, &s->facts);
    char id[ID_TEXT_MAX], at[UTC_TEXT_MAX];
    struct buf *o = s->out;
    int n = 0;

    buf_printf(o, "{\"id\":\"%s\"", id_text(l->id, id));
    json_str(o, "username", l->handle);
    buf_printf(o, ",\"created_at\":\"%s\",\"state\":\"%s\",\"label\":\"%s\",\"reason\":\"%s\"",
               utc_rfc3339(l->created_at, at), state_name(l->state), label_name(l->label),
               reason_name(l->reason));
    json_str(o, "rule", l->rule);
    buf_printf(o, ",\"basis\":\"%s\",\"confirmed\":%s,\"asked\":%d,\"days\":%d",
               basis_name(l->basis), l->confirmed ? "true" : "false", l->asked, l->days);
    json_str(o, "sound_days", l->sound_list);
    json_str(o, "validation", str_of(validation_name(l->validation)));
    if (l->residual >= 0)
        buf_printf(o, ",\"residual\":%.6g", l->residual);
    buf_puts(o, ",\"rules\":[");
    for (size_t i = 0; i < rules_len(s->audit->rules); i++)
        if (rules_hit(&hits, i)) {
            buf_puts(o, n++ ? "," : "");
            json_quote(o, rules_at(s->audit->rules, i)->name);
        }
    buf_puts(o, "],\"facts\":{");
    n = 0;
    for (int f = 0; f < FACT_COUNT; f++)
        if (s->facts.val[f].kind != VAL_NONE) {
            const struct value *v = &s->facts.val[f];
            char name[64];

            buf_printf(o, "%s\"%s\":", n++ ? "," : "", fact_name((enum fact)f, name));
            if (v->kind == VAL_TEXT)
                json_quote(o, v->text);
            else if (v->kind == VAL_INT)
                buf_printf(o, v->i > 999999999999999 ? "\"%" PRId64 "\"" : "%" PRId64, v->i);
            else
                buf_printf(o, "%.9g", v->real);
        }
    buf_puts(o, "},\"history\":[");
}

/* ---- gathering ---- */

/* The label row is found by walking from the id before it. */
static int read_label(struct story *s, struct err *err)
{
    struct label_cursor *cursor = NULL;
    struct label_row l;
    int got;

    if (store_labels_from(s->audit->store, s->row.id - 1, &cursor, err))
        return -1;
    got = label_cursor_next(cursor, &l, err);
    if (got > 0 && l.id == s->row.id) {
        s->label = l;
        s->label.handle = arena_dup(&s->mem, l.handle);
        s->label.rule = arena_dup(&s->mem, l.rule);
        s->label.sound_list = arena_dup(&s->mem, l.sound_list);
        s->label.message = arena_dup(&s->mem, l.message);
        s->label.place = arena_dup(&s->mem, l.place);
        s->label.region = arena_dup(&s->mem, l.region);
        s->label.account = account_of(s->accounts->graph,
                                      l.item);    // a purge leaves other accounts than there were
    } else if (got >= 0) {
        got = err_set(err, ERR_IO,
                      "item %" PRIu64 " has no row among the labels; run `blindspot classify`",
                      s->row.id);
    }
    label_cursor_close(cursor);
    return got < 0 ? -1 : 0;
}

static int gather(struct story *s, const char *what, struct err *err)
{
    int64_t item = 0;
    bool found = false;

    if (explain_find(s->audit, what, &item, err) ||
        store_item(s->audit->store, item, &s->row, &found, err))
        return -1;
    s->row.handle = arena_dup(&s->mem, s->row.handle);
    s->row.message = arena_dup(&s->mem, s->row.message);
    s->row.region = arena_dup(&s->mem, s->row.region);
    if (audit_view_hold(s->audit, &s->view, err) ||
        relabel_accounts(s->audit, s->view, &s->accounts, err) || read_label(s, err))
        return -1;
    for (int side = 0; side < SIDE_COUNT; side++)
        if (store_record(s->audit->store, item, (enum side)side, &s->mem, &s->rec[side],
                         &s->at[side], err))
            return -1;
    s->silence = view_find(s->view, item);
    relabel_facts(s->audit, &s->row, s->silence, s->rec[SIDE_API], s->rec[SIDE_PAGE],
                  account_table_find(s->accounts, s->label.account), &s->facts);
    return 0;
}

int explain_item(struct audit *audit, const char *what, bool json, struct buf *out, struct err *err)
{
    struct story s = { .audit = audit, .out = out, .json = json };
    int rc = -1;

    if (gather(&s, what, err))
        goto out;
    if (json)
        verdict_json(&s);
    else
        verdict_text(&s);
    if (!json)
        buf_puts(out, "\nWhat was asked and answered, in order of time\n");
    if (store_history(audit->store, s.row.n, each_line, &s, err))
        goto out;
    if (json) {
        buf_puts(out, "]}\n");
    } else {
        rules_text(&s);
        overturn_text(&s);
        account_text(&s);
        records_text(&s);
    }
    rc = 0;
out:
    audit_view_let(audit, s.view);
    arena_release(&s.mem);
    return rc;
}
