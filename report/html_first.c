/* report/html_first.c: head and first screen of index.html: what was asked of which platform,
 * the answer, what became of the public posts, who, how it was checked, what it rests on, and
 * where to go on. Whoever reads nothing else has read this. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include "base/utc.h"
#include "report/html_part.h"
#include "report/summary.h"

/* ---- which answer there is ---- */

enum answer_shape {
    SHAPE_NO_POSTS,       // nothing came in
    SHAPE_NOT_ASKED,      // nothing was asked yet
    SHAPE_RANGE,          // unfinished: a range, never a point
    SHAPE_OPEN,           // unfinished, and no range worth the name
    SHAPE_NO_SHARE,       // missing ones are known, and not of how many
    SHAPE_NONE_PUBLIC,    // nobody could open any
    SHAPE_ALL,            // all came back
    SHAPE_NONE,           // none came back
    SHAPE_SOME,
};

static bool has_range(const struct summary *s, const char *name)
{
    const struct number *n = numbers_find(&s->numbers, str_of(name));

    return n && n->has && number_has_range(n);
}

static enum answer_shape shape_of(const struct summary *s)
{
    const struct waterfall *w = &s->waterfall;

    if (w->n[NODE_ITEMS] == 0)
        return SHAPE_NO_POSTS;
    if (s->request[WITNESS_QUERY].requests == 0 && w->n[NODE_OPEN] == w->n[NODE_ITEMS])
        return SHAPE_NOT_ASKED;
    if (!s->final)
        return w->n[NODE_NOT_ASKED] == 0 && has_range(s, "public_not_returned") ? SHAPE_RANGE
                                                                                : SHAPE_OPEN;
    if (!s->headline.has_share)
        return w->n[NODE_RETRIEVED] || w->n[NODE_PUBLIC] ? SHAPE_NO_SHARE : SHAPE_NONE_PUBLIC;
    if (w->n[NODE_PUBLIC] == 0)
        return SHAPE_ALL;
    return w->n[NODE_RETRIEVED] == 0 ? SHAPE_NONE : SHAPE_SOME;
}

/* The number of public posts is an estimate where a sample says how many returned ones are. */
static const char *about(const struct summary *s)
{
    return s->headline.sampled < s->waterfall.n[NODE_RETRIEVED] ? "about " : "";
}

static bool one_public(const struct summary *s)
{
    const double n = (double)s->waterfall.n[NODE_PUBLIC] + s->headline.retrieved_public;

    return n > 0.5 && n < 1.5;
}

/* ---- the title ---- */

static void title_end(struct buf *out, const struct summary *s)
{
    buf_puts(out, " \u2013 audit ");
    if (s->name.n)
        buf_printf(out, "\u201c%.*s\u201d", STR_ARG(s->name));
    else
        buf_add(out, s->audit.p, s->audit.n);
    if (s->newest_answer_at) {
        buf_puts(out, ", ");
        html_days_text(out, s->newest_answer_at, s->newest_answer_at);
    }
}

static void title_range(struct buf *out, const struct summary *s)
{
    const struct stat_interval *r = &s->headline.range;
    char low[TEXT_MAX], high[TEXT_MAX];

    buf_printf(out, "provisional, %s to %s of the public posts not returned",
               text_percent(r->low, low), text_percent(r->high, high));
}

static void title_some(struct buf *out, const struct summary *s, const struct look *look)
{
    const int64_t missing = s->waterfall.n[NODE_PUBLIC];
    char a[TEXT_MAX], b[TEXT_MAX];

    if (look_hides(look, missing))
        buf_printf(out, "under %lld", (long long)look->min_cell);
    else
        buf_puts(out, text_count(missing, a));
    if (s->headline.has_share)
        buf_printf(out, " of %s%s", about(s),
                   text_estimate((double)missing + s->headline.retrieved_public, b));
    buf_puts(out, " public posts not returned");
}

void html_title(struct buf *out, const struct summary *s, const struct look *look)
{
    buf_puts(out, "TikTok Research API: ");
    switch (shape_of(s)) {
    case SHAPE_NO_POSTS: buf_puts(out, "no posts yet"); break;
    case SHAPE_NOT_ASKED: buf_puts(out, "nothing asked yet"); break;
    case SHAPE_RANGE: title_range(out, s); break;
    case SHAPE_OPEN: buf_puts(out, "provisional"); break;
    case SHAPE_NONE_PUBLIC: buf_puts(out, "no public posts"); break;
    case SHAPE_ALL: buf_puts(out, "all public posts returned"); break;
    case SHAPE_NO_SHARE:
    case SHAPE_NONE:
    case SHAPE_SOME: title_some(out, s, look); break;
    }
    title_end(out, s);
}

/* ---- the head ---- */

static void pill(xmlNode *p, struct html_page *page)
{
    const struct summary *s = page->s;
    xmlNode *span = dom_class(p, "span", s->final ? "pill" : "pill w");

    dom_text(span, s->final ? "final: " : "provisional: ");
    html_say(span, page, "{n decided} of {of decided} decided");
}

void html_kick(xmlNode *header, struct html_page *page)
{
    const struct summary *s = page->s;
    xmlNode *p = dom_class(header, "p", "kick");

    if (page->look->is_entry) {
        dom_link(p, "../index.html", STR("All of this site"));
        dom_text(p, " \u00b7 ");
    }
    dom_text(p, "TikTok Research API \u00b7 audit ");
    if (s->name.n) {
        xmlNode *name = dom_add(p, "span");

        dom_attr(name, "data-outside", "report.name");
        dom_text(name, "\u201c");
        dom_str(name, s->name);
        dom_text(name, "\u201d");
    } else {
        dom_str(dom_add(p, "code"), s->audit);
    }
    dom_text(p, " \u00b7 ");
    if (s->newest_answer_at) {
        html_days(p, s->first_answer_at, s->newest_answer_at);
        dom_text(p, " (UTC)");
    } else {
        dom_text(p, "no answer yet");
    }
    if (!s->waterfall.n[NODE_ITEMS])
        return;
    dom_text(p, " \u00b7 ");
    pill(p, page);
}

/* "1 in 7", "6 in 10": the share once more, as it is said. */
static void ratio(xmlNode *h1, const struct html_page *page)
{
    const double share = page->s->headline.share;
    const int in_ten = (int)lround(10 * share);
    char text[TEXT_MAX], count[TEXT_MAX];

    if (share <= 0 || in_ten > 9 || look_hides(page->look, page->s->waterfall.n[NODE_PUBLIC]))
        return;
    if (share <= 0.5)
        snprintf(text, sizeof text, "1 in %.40s", text_count(llround(1 / share), count));
    else
        snprintf(text, sizeof text, "%d in 10", in_ten);
    dom_text(h1, ": ");
    datum_at(h1, text, share, "/numbers/public_not_returned/value");
}

void html_answer(xmlNode *h1, struct html_page *page)
{
    const struct summary *s = page->s;
    const enum answer_shape shape = shape_of(s);
    const char *n = *about(s) ? "about {about public_posts}" : "{about public_posts}";
    char text[256];

    switch (shape) {
    case SHAPE_NO_POSTS: dom_text(h1, "No posts have come in yet"); return;
    case SHAPE_NOT_ASKED:
        html_say(h1, page, "{value items}");
        dom_printf(h1, " %s, and the API was not asked for %s yet",
                   plural(s->waterfall.n[NODE_ITEMS], "post", "posts"),
                   plural(s->waterfall.n[NODE_ITEMS], "it", "any of them"));
        return;
    case SHAPE_RANGE:
        html_say(h1, page,
                 "Provisional: the API did not return between {low public_not_returned} "
                 "and {high public_not_returned} of the posts that anyone could open");
        return;
    case SHAPE_OPEN:
        html_say(h1, page, "Provisional: {n decided} of {of decided} posts are decided");
        return;
    case SHAPE_NO_SHARE:
        html_say(h1, page, "The API did not return {n missing_public} ");
        dom_printf(h1, "%s that anyone could open",
                   plural(s->waterfall.n[NODE_PUBLIC], "post", "posts"));
        return;
    case SHAPE_NONE_PUBLIC:
        html_say(h1, page,
                 s->waterfall.n[NODE_ITEMS] == 1
                     ? "The one post of this audit could not be opened by anyone"
                     : "None of {value items} posts could be opened by anyone");
        return;
    case SHAPE_ALL:
        snprintf(text, sizeof text, "The API returned all %s posts that anyone could open", n);
        html_say(h1, page,
                 one_public(s) ? "The API returned the one post that anyone could open" : text);
        return;
    case SHAPE_NONE:
        html_say(h1, page,
                 one_public(s) ? "The API did not return the one post that anyone could "
                                 "open"
                               : "The API returned none of the {about public_posts} posts "
                                 "that anyone could open");
        return;
    case SHAPE_SOME:
        snprintf(text, sizeof text,
                 "The API did not return {n missing_public} of %s posts that anyone could open", n);
        html_say(h1, page, text);
        ratio(h1, page);
        return;
    }
}

/* ---- what is said below it ---- */

/* Why the missing ones are missing, as far as the platform says. */
static void reasons(xmlNode *p, struct html_page *page)
{
    const struct summary *s = page->s;
    const int64_t documented = s->public_split[BASIS_DOCUMENTED],
                  disputed = s->public_split[BASIS_DISPUTED],
                  unexplained = s->public_split[BASIS_UNEXPLAINED];

    if (documented)
        html_say(p, page,
                 " TikTok\u2019s documentation announced the exclusion of "
                 "{n public_missing_documented} of them");
    else
        dom_text(p, " TikTok\u2019s documentation announced the exclusion of none of them");
    if (disputed)
        html_say(p, page, ", its pages disagree about {n public_missing_disputed}");
    if (unexplained)
        html_say(p, page, "; for **{n public_missing_unexplained} it gives no reason**.");
    else
        dom_text(p, ".");
}

static void second_finding(xmlNode *p, struct html_page *page)
{
    const int64_t late = page->s->waterfall.n[NODE_AFTER_RETRIES];

    if (!late)
        return;
    html_say(p, page,
             " Another {n public_returned_late} came back only when asked again: who asks "
             "once sees {value public_returned_at_once} of the public posts.");
}

static void share_and_range(xmlNode *p, struct html_page *page)
{
    if (has_range(page->s, "public_not_returned"))
        html_say(p, page,
                 "{value public_not_returned}, at least {low public_not_returned} and at "
                 "most {high public_not_returned} ([how sure](#sure)).");
    else
        html_say(p, page, "{value public_not_returned} ([how sure](#sure)).");
}

static void lede(xmlNode *main, struct html_page *page, enum answer_shape shape)
{
    xmlNode *p = dom_class(main, "p", "lede");

    switch (shape) {
    case SHAPE_NO_POSTS:
        dom_text(p, "Give links, tables or donation packages to ");
        dom_text(dom_add(p, "code"), "blindspot audit FILE...");
        dom_text(p, "; then this page says what the API does not show.");
        return;
    case SHAPE_NOT_ASKED:
        dom_text(p, "Run ");
        dom_text(dom_add(p, "code"), "blindspot audit");
        dom_text(p, " to begin.");
        return;
    case SHAPE_RANGE:
        dom_text(p, "Where in that range the answer lies depends on what is not decided yet "
                    "(");
        dom_link(p, "#sure", STR("how sure"));
        dom_text(p, ").");
        if (page->s->waterfall.n[NODE_PUBLIC])
            html_say(p, page, " So far {n missing_public} are confirmed as not returned.");
        second_finding(p, page);
        return;
    case SHAPE_OPEN:
        dom_text(p, "There is no answer before that: a share would be one of those posts alone "
                    "that happened to be asked for first.");
        return;
    case SHAPE_NO_SHARE:
        dom_text(p, "What share of the public posts that is cannot be said before pages of "
                    "returned posts have been read.");
        return;
    case SHAPE_NONE_PUBLIC:
        dom_text(p, "They were deleted, private or refused from here, so the API need not return "
                    "them; nothing is said about public posts.");
        return;
    case SHAPE_ALL:
        if (page->s->waterfall.n[NODE_AFTER_RETRIES])
            html_say(p, page,
                     "**{n public_returned_late} of them came back only when asked "
                     "again**: who asks once sees {value public_returned_at_once} of the "
                     "public posts ([how sure](#sure)).");
        else
            html_say(p, page,
                     one_public(page->s)
                         ? "It came back when it was first asked for ([how sure](#sure))."
                         : "Each came back when it was first asked for ([how sure](#sure)).");
        return;
    case SHAPE_NONE:
    case SHAPE_SOME:
        share_and_range(p, page);
        reasons(p, page);
        second_finding(p, page);
        return;
    }
}

/* ---- what is open, and until when ---- */

static const char *open_words(enum reason r, int64_t n)
{
    switch (r) {
    case REASON_TOO_RECENT:
        return plural(n, "post is too recent to be in the API",
                      "posts are too recent to be in the API");
    case REASON_UNOBSERVED:
        return plural(n, "post has a page that gave no answer",
                      "posts have pages that gave no answer");
    case REASON_UNCONFIRMED:
        return plural(n, "public post was not returned, on too few days as yet",
                      "public posts were not returned, on too few days as yet");
    case REASON_RULE_GAVE_UP:
        return plural(n, "post waits for a simpler rule", "posts wait for a simpler rule");
    default: return plural(n, "post was not asked for yet", "posts were not asked for yet");
    }
}

static const char *setting(const struct summary *s, const char *name)
{
    for (size_t i = 0; i < s->settings; i++)
        if (str_eq(s->setting[i].name, str_of(name)))
            return s->setting[i].value.p;
    return NULL;
}

static void calls_a_day(xmlNode *li, struct html_page *page)
{
    const char *calls = setting(page->s, "api.daily_requests");
    char text[TEXT_MAX];

    if (!calls)
        return;
    dom_text(li, ": as far as ");
    datum_at(li, text_count(atoll(calls), text), atof(calls), "/settings/api.daily_requests");
    dom_text(li, " calls a day go");
}

static void open_list(xmlNode *main, struct html_page *page)
{
    const struct summary *s = page->s;
    xmlNode *box, *list;

    if (s->final || !s->dues || s->newest_answer_at == 0)
        return;
    box = dom_class(main, "div", "note");
    dom_text(dom_add(box, "h2"), "What is open, and until when");
    list = dom_add(box, "ul");
    for (size_t i = 0; i < s->dues; i++) {
        const struct due_row *d = &s->due[i];
        xmlNode *li = dom_add(list, "li");

        datum_count_at(li, page->from, d->count, "/open/%zu/count", i);
        dom_printf(li, " %s", open_words(d->reason, d->count));
        if (d->first_at) {
            dom_text(li, d->last_at > d->first_at ? ": can be asked on " : ": not before ");
            html_days(li, d->first_at, d->last_at > d->first_at ? d->last_at : d->first_at);
        } else if (d->reason == REASON_UNOBSERVED) {
            dom_printf(li, ": %s tried again", plural(d->count, "it is", "they are"));
        } else if (d->reason == REASON_NOT_ASKED) {
            calls_a_day(li, page);
        }
        dom_text(li, i + 1 < s->dues ? ";" : ".");
    }
}

/* ---- the bar ---- */

static const struct {
    const char *name;
    enum meaning meaning;
} shown[] = {
    { "public_returned_at_once", MEANING_RETURNED },
    { "public_returned_late", MEANING_LATE },
    { "public_missing_documented", MEANING_DOCUMENTED },
    { "public_missing_disputed", MEANING_DISPUTED },
    { "public_missing_unexplained", MEANING_UNEXPLAINED },
};
#define SHOWN (sizeof shown / sizeof *shown)

static void bar(xmlNode *main, struct html_page *page)
{
    struct chart_piece piece[SHOWN] = { 0 };
    struct buf alt = { 0 };
    char count[TEXT_MAX];
    xmlNode *h2 = dom_add(main, "h2"), *key;

    if (one_public(page->s))
        dom_text(h2, "What became of the public post");
    else
        html_say(h2, page, "What became of the {about public_posts} public posts");
    dom_text(h2, page->s->final ? "" : ", so far");
    for (size_t i = 0; i < SHOWN; i++) {
        const struct number *n = numbers_find(&page->s->numbers, str_of(shown[i].name));

        piece[i] = (struct chart_piece){ shown[i].meaning, n->value };
        if (n->n && !look_hides(page->look, n->n))
            buf_printf(&alt, "%s%s %s", alt.n ? ", " : "", text_count(n->n, count),
                       meanings[shown[i].meaning].label);
    }
    chart_stack(main, "stack main", buf_cstr(&alt), piece, SHOWN);
    buf_release(&alt);
    key = dom_class(main, "ol", "key big");
    for (size_t i = 0; i < SHOWN; i++) {
        xmlNode *li, *b;

        if (shown[i].meaning == MEANING_DISPUTED && piece[i].share <= 0)
            continue;
        li = dom_add(key, "li");
        chart_key(dom_add(li, "span"), shown[i].meaning);
        b = dom_add(li, "b");
        html_listed(b, page, shown[i].name);
        dom_text(b, " \u00b7 ");
        datum_value(b, page->from, shown[i].name);
    }
}

static void left_out(xmlNode *main, struct html_page *page)
{
    const int64_t *n = page->s->waterfall.n;
    xmlNode *p = dom_class(main, "p", "kick");
    static const struct {
        enum node node;
        const char *name, *one, *more;
    } left[] = {
        { NODE_NOT_PUBLIC, "missing_not_public", "post deleted or private",
          "posts deleted or private" },
        { NODE_RESTRICTED, "missing_restricted", "refused from here", "refused from here" },
        { NODE_OPEN, "open", "undecided", "undecided" },
    };
    const char *lead = "Left out of this bar: ";

    for (size_t i = 0; i < sizeof left / sizeof *left; i++) {
        if (!n[left[i].node])
            continue;
        dom_text(p, lead);
        datum_n(p, page->from, left[i].name);
        dom_printf(p, " %s", plural(n[left[i].node], left[i].one, left[i].more));
        lead = ", ";
    }
    if (page->s->headline.sampled > page->s->headline.sampled_public) {
        dom_text(p, lead[0] == ',' ? "; of " : "Of ");
        datum_n(p, page->from, "retrieved");
        dom_text(p, " returned posts about ");
        datum_at(p, text_estimate(page->s->headline.retrieved_public, (char[TEXT_MAX]){ 0 }),
                 page->s->headline.retrieved_public, "/headline/retrieved_public");
        dom_text(p, " are public");
        lead = ", ";
    }
    if (lead[0] == ',')
        dom_text(p, ". ");
    if (n[NODE_ITEMS] > 1) {
        dom_text(p, "All ");
        datum_value(p, page->from, "items");
        dom_text(p, " add up: ");
    }
    dom_link(p, "#ledger", n[NODE_ITEMS] > 1 ? STR("the ledger") : STR("The ledger"));
    dom_text(p, ".");
}

/* ---- the four facts ---- */

static xmlNode *fact(xmlNode *dl, const char *name, xmlNode **small)
{
    xmlNode *div = dom_add(dl, "div"), *dd;

    dom_text(dom_add(div, "dt"), name);
    dd = dom_add(div, "dd");
    *small = dom_add(div, "dd");
    dom_attr(*small, "class", "small");
    return dd;
}

static void who(xmlNode *dl, struct html_page *page)
{
    const struct summary *s = page->s;
    xmlNode *small, *dd = fact(dl, "Who", &small);
    char text[TEXT_MAX];

    datum_value(dd, page->from, "items");
    dom_printf(dd, " %s from ", plural(s->waterfall.n[NODE_ITEMS], "post", "posts"));
    datum_at(dd, text_count(s->inputs.sources, text), (double)s->inputs.sources, "/inputs/count");
    dom_printf(dd, " %s", plural(s->inputs.sources, "file", "files"));
    dom_text(small, "says nothing about other posts");
}

static void missing_means(xmlNode *dl, struct html_page *page)
{
    const char *days = setting(page->s, "api.confirm_days");
    xmlNode *small, *dd = fact(dl, "Missing means", &small);

    if (days) {
        dom_text(dd, "asked on ");
        datum_at(dd, days, atof(days), "/settings/api.confirm_days");
        dom_printf(dd, " %s, page public before and after",
                   str_eq(str_of(days), STR("1")) ? "day" : "days");
    } else {
        dom_text(dd, "not returned, page public before and after");
    }
    dom_text(small, "never \u201cnever\u201d");
}

static void checked(xmlNode *dl, struct html_page *page)
{
    xmlNode *small, *dd = fact(dl, "Checked by", &small);

    if (page->s->checks.spot_asked == 0) {
        dom_text(dd, "no single asks yet");
        dom_text(small, "confirmed posts are asked for alone in the end");
        return;
    }
    html_say(dd, page, "{n spot_check} of {of spot_check} asked alone came back");
    html_say(small, page, "upper limit {high spot_check} (95 %)");
}

static void evidence(xmlNode *dl, struct html_page *page)
{
    const struct archived *a = &page->s->archived;
    xmlNode *small, *dd = fact(dl, "Evidence", &small), *code;
    char text[TEXT_MAX];

    if (!a->records) {
        dom_text(dd, "none kept yet");
        dom_text(small, "what pages and API sent is archived as it came");
        return;
    }
    datum_at(dd, text_count(a->records, text), (double)a->records, "/evidence/records");
    dom_printf(dd, " %s%s", plural(a->records, "record", "records"),
               a->verified_at ? ", verified" : ", not verified yet");
    dom_text(small, "sha256 of the archive ");
    code = dom_add(small, "code");
    dom_attr(code, "title", a->digest.p);
    if (a->digest.n > 8)
        dom_printf(code, "%.4s\u2026%.4s", a->digest.p, a->digest.p + a->digest.n - 4);
}

/* ---- where to go on ---- */

static void links(xmlNode *main, struct html_page *page)
{
    static const struct {
        const char *href, *text;
    } to[] = {
        { "labels.csv", "labels.csv" },
        { "summary.json", "summary.json" },
        { "datapackage.json", "codebook" },
        { "method.html", "How it was done" },
        { "#cite", "Cite" },
    };
    xmlNode *nav = dom_class(main, "nav", "links"), *a;

    dom_attr(nav, "aria-label", "Data and next steps");
    if (page->s->waterfall.n[NODE_ITEMS]) {
        a = dom_link(nav, "items.html", STR("All "));
        datum_value(a, page->from, "items");
        dom_printf(a, " %s", plural(page->s->waterfall.n[NODE_ITEMS], "post", "posts"));
    }
    if (page->s->waterfall.n[NODE_PUBLIC]) {
        a = dom_link(nav, "items.html#missing-public", STR("The "));
        datum_n(a, page->from, "missing_public");
    }
    if (page->s->waterfall.n[NODE_ITEMS])
        dom_link(nav, "cases/index.html", STR("Case files"));
    for (size_t i = 0; i < sizeof to / sizeof *to; i++) {
        dom_link(nav, to[i].href, str_of(to[i].text));
        if (i == 0 && !page->look->is_entry)
            dom_link(nav, "differences.csv", STR("differences.csv"));
    }
}

xmlNode *html_first(xmlNode *body, struct html_page *page)
{
    const struct summary *s = page->s;
    const enum answer_shape shape = shape_of(s);
    xmlNode *main, *dl;

    html_kick(dom_add(body, "header"), page);
    main = dom_add(body, "main");
    html_answer(dom_add(main, "h1"), page);
    lede(main, page, shape);
    open_list(main, page);
    if (s->headline.has_share) {
        bar(main, page);
        left_out(main, page);
    }
    if (shape != SHAPE_NO_POSTS) {
        dl = dom_class(main, "dl", "facts");
        who(dl, page);
        missing_means(dl, page);
        checked(dl, page);
        evidence(dl, page);
    }
    links(main, page);
    return main;
}
