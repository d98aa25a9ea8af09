/* audit/verdict/story_tell.c: the story of one item, told line by line. */
#include "audit/verdict/story.h"
#include <inttypes.h>
#include <math.h>
#include "audit/verdict/story_telling.h"
#include "base/utc.h"
#include "fetch/search.h"
#include "platform/tiktok.h"
#include "record/id.h"
#include "report/waterfall.h"

/* ---- the head ---- */

enum meaning story_meaning(const struct story *s)
{
    enum node leaf = waterfall_leaf(&s->label);

    return leaf == NODE_COUNT ? MEANING_UNDECIDED : meaning_of(leaf, s->label.basis);
}

static const char *open_sentence(enum reason r)
{
    switch (r) {
    case REASON_TOO_RECENT: return "Open: it is too young to be expected in the API.";
    case REASON_UNOBSERVED:
        return "Open: the API did not return it, and its page gave no answer that decides.";
    case REASON_UNCONFIRMED:
        return "Open: its page was public and the API did not return it, not yet often enough "
               "to rule out a lost batch.";
    case REASON_NOT_ASKED: return "Open: the API was not asked for it.";
    default: return "Open: a rule that may decide it was given up.";
    }
}

static const char *sentence(const struct label_row *l, enum meaning m)
{
    if (l->state == STATE_RETRIEVED)
        return m == MEANING_LATE ? "Returned: the API gave it only after further asks."
                                 : "Returned: the API gave it when it was first asked.";
    if (l->state == STATE_OPEN)
        return open_sentence(l->reason);
    switch (m) {
    case MEANING_NOT_PUBLIC:
        return "Not public: the API did not return it, and its page says that it is gone or "
               "private.";
    case MEANING_RESTRICTED:
        return "Refused from here: the API did not return it, and its page may be public "
               "elsewhere.";
    case MEANING_DOCUMENTED:
        return "Missing, documented: its page was public and the API did not return it; the "
               "platform's documentation announced that.";
    case MEANING_DISPUTED:
        return "Missing, disputed: its page was public and the API did not return it; two pages "
               "of the platform's documentation disagree whether it should.";
    default:
        return "Missing, unexplained: its page was public and the API did not return it; no "
               "document says why.";
    }
}

static void tell_verdict(struct telling *t)
{
    const struct label_row *l = &t->s->label;
    enum node leaf = waterfall_leaf(l);
    struct buf text = { 0 };

    buf_puts(&text, state_name(l->state));
    if (l->label)
        buf_printf(&text, ", %s", label_name(l->label));
    buf_printf(&text, ", %s", reason_name(l->reason));
    if (l->state == STATE_MISSING)
        buf_printf(&text, ", basis %s", basis_name(l->basis));
    tell_fact(t, "verdict", "%.*s", STR_ARG(buf_view(&text)));
    if (leaf != NODE_COUNT)
        tell_fact(t, "counted in", "%s", node_path(leaf));
    buf_release(&text);
}

/* A label that rests on the weaker of the two that show a page says so. */
static void tell_witness(struct telling *t)
{
    const struct value *by = &t->s->facts.val[FACT_PAGE_WITNESS];

    if (by->kind != VAL_TEXT || !str_eq(by->text, str_of(witness_name(WITNESS_EMBED))))
        return;
    tell_fact(
        t, "witness",
        "rests on the embed page alone, which %s: the page itself gave no answer that decides",
        t->s->label.page == ANSWER_REFUSED ? "never says why a post is not shown"
                                           : "has fewer fields than the page");
}

/* Where it is public, in an audit that reads at more than one vantage. */
static void tell_places(struct telling *t)
{
    const struct item_places *at = &t->s->at;
    const struct { const char *name; struct str names; } lines[] = {
        { "public at", at->public_at },
        { "refused at", at->refused_at },
        { "no answer at", at->unread_at },
    };

    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        if (lines[i].names.n)
            tell_add(t, TOLD_FACT, str_of(lines[i].name), telling_set(t->s, lines[i].names));
    for (size_t i = 0; i < t->s->apart.n; i++) {
        const struct apart *a = &t->s->apart.v[i];

        tell_fact(t, "vantages differ", "public at %s, refused at %s%s", a->public_at,
                  a->refused_at,
                  a->open ? "; nobody saw it since, so it may have been deleted"
                          : " while it was there still");
    }
}

static void tell_asked(struct telling *t)
{
    const struct label_row *l = &t->s->label;
    char at[UTC_TEXT_MAX];

    tell_fact(t, "asked", COUNTED " on " COUNTED, COUNT_OF(l->asked, "time", "times"),
              COUNT_OF(l->days, "day", "days"));
    if (l->state != STATE_RETRIEVED && l->sound_days)
        tell_fact(t, "days that count", "%.*s", STR_ARG(l->sound_list));
    if (l->residual >= 0)
        tell_fact(t, "doubt", "%.2g: the probability that batches or windows lost it each time",
                  l->residual);
    if (l->validation)
        tell_fact(t, "validity", "%s, says the platform's own check",
                  l->validation == VALIDATION_VALID ? "valid" : "not valid");
    tell_witness(t);
    if (l->state != STATE_RETRIEVED && item_embed_since(&t->s->row) == ANSWER_PUBLIC)
        tell_fact(t, "witnesses disagree",
                  "its page refused it on %s, and its embed page shows it since",
                  utc_date(utc_day(t->s->row.page_at), at));
    tell_places(t);
    if (l->later_refused_at)
        tell_fact(t, "refused later", "%s, after its absence was confirmed",
                  utc_rfc3339(l->later_refused_at, at));
}

static void tell_head(struct telling *t)
{
    struct story *s = t->s;
    const struct label_row *l = &s->label;
    enum meaning m = story_meaning(s);
    struct str url = story_url(s, &t->may_follow);
    char id[ID_TEXT_MAX], at[UTC_TEXT_MAX];

    told_add(t->to, TOLD_TITLE, arena_dup(&s->mem, str_of(id_text(l->id, id))),
             str_of(meanings[m].word), str_of(sentence(l, m)));
    if (url.n && t->may_follow)
        tell_add(t, TOLD_LINK, STR("link"), url);
    else if (url.n && !s->all->look)
        tell_add(t, TOLD_FACT, STR("link"), url);
    else if (url.n)
        tell_fact(t, "link", "none: the post is not known as public");
    tell_add(t, TOLD_FACT, STR("account"),
             l->handle.n ? telling_handle(s, l->handle) : STR("(no handle)"));
    tell_fact(t, "uploaded", "%s, by its id", utc_rfc3339(id_time(l->id), at));
    tell_fact(t, "created", "%s", utc_rfc3339(l->created_at, at));
    tell_verdict(t);
    tell_asked(t);
}

/* ---- the rules ---- */

static void tell_rule(struct telling *t, const struct rule *r, const char *part)
{
    struct story *s = t->s;
    struct str name = telling_safe(s, r->name), source = telling_safe(s, r->source);

    tell(t, TOLD_LINE, "[%.*s] line %d: %s, %s, basis %s%s", STR_ARG(name), r->line,
         label_name(r->label), reason_name(r->reason), basis_name(r->basis), part);
    for (size_t i = 0; i < r->len; i++) {
        struct str when = telling_safe(s, r->when[i].source), is = telling_fact(t, &r->when[i]);

        tell(t, TOLD_NOTE, "%.*s   [is %.*s]", STR_ARG(when), STR_ARG(is));
    }
    if (source.n)
        tell(t, TOLD_NOTE, "source: %.*s", STR_ARG(source));
}

static void tell_rules(struct telling *t)
{
    const struct story *s = t->s;
    const struct label_row *l = &s->label;
    const struct rules *rules = s->all->audit->rules;
    int shown = 0;

    tell(t, TOLD_HEAD, "Rules that match");
    for (size_t i = 0; i < rules_len(rules); i++) {
        const struct rule *r = rules_at(rules, i);

        if (hits_has(&s->hits, i))
            tell_rule(t, r,
                      shown++ == 0 && l->state == STATE_MISSING ? "; it decided"
                                                                : "; it matches as well");
        else if (hits_has(&s->gave_up, i))
            tell_rule(t, r,
                      l->reason == REASON_RULE_GAVE_UP && str_eq(r->name, l->rule)
                          ? "; given up: nobody can tell whether it matches"
                          : "; given up");
    }
    if (!shown && !hits_any(&s->gave_up))
        tell(t, TOLD_LINE, "none");
}

static void tell_overturn(struct telling *t)
{
    const struct label_row *l = &t->s->label;

    tell(t, TOLD_HEAD, "What would overturn it");
    if (l->state == STATE_RETRIEVED) {
        tell(t, TOLD_LINE, "nothing in this series: the API returned it once");
    } else if (l->state == STATE_OPEN) {
        tell(t, TOLD_LINE, "it is open (%s): %s", reason_name(l->reason),
             l->reason == REASON_TOO_RECENT   ? "it is asked when it is old enough"
             : l->reason == REASON_UNOBSERVED ? "a page answer would decide it"
             : l->reason == REASON_RULE_GAVE_UP
                 ? "a pattern of that rule with fewer ways to match would decide it"
             : l->reason == REASON_NOT_ASKED
                 ? "the API was not asked yet"
                 : "sound absences on further days, or one answer with it, would decide it");
    } else {
        tell(t, TOLD_LINE, "one reply of the API that holds it makes it retrieved");
        if (l->page == ANSWER_PUBLIC) {
            tell(t, TOLD_LINE,
                 "a batch-mate found not public at one of the days that count takes "
                 "that day away");
            tell(t, TOLD_LINE, "a page reading that refuses it is reported beside the label");
        } else {
            tell(t, TOLD_LINE, "a later public page opens it again");
        }
    }
}

/* ---- the account, the records ---- */

static const char *info_sentence(const struct account_stat *a)
{
    switch (a->info) {
    case USER_INFO_KNOWN: return "the API knows the account (user/info)";
    case USER_INFO_DENIED:
        return "the API denies the account: it cannot return this user's information";
    case USER_INFO_UNKNOWN: return "the API denies the account: it cannot find the user";
    default: return NULL;
    }
}

/* A second witness beside the posts' own pages. */
static void tell_own_page(struct telling *t, const struct account_stat *a)
{
    static const char *const says[CREATOR_STANDING_COUNT] = {
        [CREATOR_PUBLIC] = "is public",
        [CREATOR_PRIVATE] = "is private (accounts of minors are shown so, too)",
        [CREATOR_GONE] = "is gone: banned, deleted, renamed, or never there",
        [CREATOR_REFUSED] = "is refused, with a code that says neither private nor gone",
    };
    char day[UTC_TEXT_MAX];

    if (a->page != CREATOR_UNREAD)
        tell(t, TOLD_NOTE, "its own embed page said on %s that it %s",
             utc_date(utc_day(a->page_at), day), says[a->page]);
}

static void tell_account(struct telling *t)
{
    const struct account_stat *a = account_table_find(t->s->all->accounts, t->s->label.account);
    struct buf o = { 0 };

    if (!a)
        return;
    tell(t, TOLD_HEAD, "The account");
    buf_printf(&o, COUNTED " of it in this audit, %" PRId64 " asked, %" PRId64 " returned",
               COUNT_OF(a->items, "post", "posts"), a->asked, a->retrieved);
    if (a->retrieved == 0 && !isnan(a->chance))
        buf_printf(&o,
                   "; that none of %" PRId64 " public ones comes back by chance has "
                   "probability %.2g",
                   a->trials, a->chance);
    if (a->retrieved == 0 && !isnan(a->q))
        buf_printf(&o, " (q %.2g over all accounts)", a->q);
    tell(t, TOLD_LINE, "%.*s", STR_ARG(buf_view(&o)));
    buf_release(&o);
    if (a->query_ok && a->query_rows == 0)
        tell(t, TOLD_NOTE,
             "a query by its username returned no post in the window that holds most "
             "of its items");
    else if (a->query_ok)
        tell(t, TOLD_NOTE, "a query by its username returned " COUNTED " in one window",
             COUNT_OF(a->query_rows, "post", "posts"));
    if (a->info == USER_INFO_KNOWN && a->has_videos)
        tell(t, TOLD_NOTE, "%s: " COUNTED, info_sentence(a), COUNT_OF(a->videos, "post", "posts"));
    else if (info_sentence(a))
        tell(t, TOLD_NOTE, "%s", info_sentence(a));
    tell_own_page(t, a);
}

static void tell_records(struct telling *t)
{
    static const struct value none = { 0 };
    const struct story *s = t->s;

    if (!s->rec[SIDE_API] && !s->rec[SIDE_PAGE])
        return;
    tell(t, TOLD_HEAD, "What the two sides show");
    for (int f = 0; f < FIELD_COUNT; f++) {
        const struct value *a = s->rec[SIDE_API] ? &s->rec[SIDE_API]->val[f] : &none;
        const struct value *p = s->rec[SIDE_PAGE] ? &s->rec[SIDE_PAGE]->val[f] : &none;

        if (a->kind != VAL_NONE || p->kind != VAL_NONE)
            told_add(t->to, TOLD_ROW, str_of(field_info((enum field)f)->name),
                     telling_field(t, (enum field)f, a), telling_field(t, (enum field)f, p));
    }
    if (s->about->lent.n)
        tell(t, TOLD_LINE, "of the page's fields its %s alone has: %.*s",
             s->about->lent_by == WITNESS_EMBED ? "embed page" : "own page",
             STR_ARG(s->about->lent));
}

static void tell_gap(struct telling *t, const struct gap *g)
{
    struct buf says = { 0 };

    story_gap_says(&says, g);
    if (g->why.rule == GAP_RULE_NONE)
        tell(t, TOLD_LINE, "%s", field_info(g->field)->name);
    else
        tell(t, TOLD_LINE, "%s (%s): %.*s", field_info(g->field)->name, gap_rule_name(g->why.rule),
             STR_ARG(buf_view(&says)));
    buf_release(&says);
}

/* What is forgiven is told where somebody would ask why. */
static void tell_gaps(struct telling *t)
{
    const struct story *s = t->s;
    bool any = false, forgiven = false;

    for (size_t i = 0; i < s->about->gaps; i++) {
        if (s->about->gap[i].verdict != VERDICT_DIFFERS)
            continue;
        if (!any)
            tell(t, TOLD_HEAD, "Where the two sides contradict each other");
        any = true;
        tell_gap(t, &s->about->gap[i]);
    }
    if (s->label.snapshot == SNAPSHOT_NO)
        tell(t, TOLD_LINE,
             "No one instant of the ten days before the API's reply fits all counters "
             "of its row.");
    for (size_t i = 0; i < s->about->gaps; i++) {
        if (s->about->gap[i].why.rule != GAP_RULE_RENAMED)
            continue;
        if (!forgiven)
            tell(t, TOLD_HEAD, "No contradiction");
        forgiven = true;
        tell_gap(t, &s->about->gap[i]);
    }
}

/* ---- to ask again ---- */

static void tell_curl(struct telling *t)
{
    struct story *s = t->s;
    const struct history_row *last = NULL;
    struct str base = str_of(s->all->audit->set.api_base_url);
    struct ask_member alone;
    struct buf body = { 0 };
    char id[ID_TEXT_MAX];

    for (size_t i = 0; i < s->about->pasts; i++)
        if (s->about->past[i].witness == WITNESS_QUERY && s->about->past[i].start_day)
            last = &s->about->past[i];
    if (!last || s->label.purged)
        return;
    id_text(s->label.id, id);
    while (base.n && base.p[base.n - 1] == '/')
        base.n--;
    base = telling_safe(s, base);
    alone = (struct ask_member){ .id = s->label.id };
    search_body(&body, &(struct search){ .member = &alone,
                                         .members = 1,
                                         .start_day = last->start_day,
                                         .end_day = last->end_day });
    tell(t, TOLD_HEAD, "To ask it again");
    tell(t, TOLD_LINE, "This post alone, in its last window, with a token of your own:");
    tell(t, TOLD_CODE,
         "curl -sS '%.*s" TIKTOK_API_QUERY "?fields=id,create_time,username'"
         " -H 'Authorization: Bearer YOUR_TOKEN' -H 'Content-Type: application/json' -d '%.*s'",
         STR_ARG(base), STR_ARG(buf_view(&body)));
    tell(t, TOLD_LINE, "The bytes that were sent and answered, from the audit's folder:");
    tell(t, TOLD_CODE, "blindspot explain --raw %s", id);
    buf_release(&body);
}

void story_tell(struct story *s, struct told_story *to)
{
    struct telling t = { .s = s, .to = to };

    to->n = 0;
    tell_head(&t);
    story_tell_past(&t);
    tell_rules(&t);
    tell_overturn(&t);
    tell_account(&t);
    tell_records(&t);
    tell_gaps(&t);
    tell_curl(&t);
}
