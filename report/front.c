/* report/front.c: index.html of a site: an entry a section, with its answer, its ledger, its
 * days and where to go on. To add a kind of entry: its row in the table at the end. */
#include "report/front.h"
#include <stdio.h>
#include "base/log.h"
#include "base/utc.h"
#include "report/html_part.h"
#include "report/summary.h"
#include "report/waterfall.h"

/* ---- ledgers ---- */

static const struct row {
    enum node node;
    const char *words;
} rows[] = {
    { NODE_RETRIEVED, "Returned" },
    { NODE_PUBLIC, "Not returned, and public" },
    { NODE_NOT_PUBLIC, "Not returned, and not public" },
    { NODE_RESTRICTED, "Not returned, and refused from here" },
    { NODE_OPEN, "Undecided" },
    { NODE_ITEMS, "All" },
};

/* A table whose name no other entry has: by it a screen reader tells them apart. */
static xmlNode *open_ledger(xmlNode *part, const struct front_entry *e, const char *what,
                            const char *const *heads, size_t len)
{
    char caption[400];

    snprintf(caption, sizeof caption, "Ledger of %.200s: every %s stands in one row.", e->folder,
             what);
    return dom_table(part, caption, heads, len);
}

/* What became of its posts, down to where the parts of missing differ for a reader. */
static void ledger(xmlNode *part, const struct front_entry *e, struct html_page *page)
{
    static const char *const heads[] = { "", "#posts", "#of all" };
    const struct waterfall *w = &page->s->waterfall;
    xmlNode *tbody = open_ledger(part, e, "post", HEADS(heads)), *p;
    char text[TEXT_MAX], pointer[NODE_POINTER_MAX];

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const int64_t n = w->n[rows[i].node];
        xmlNode *row = dom_row(tbody, str_of(rows[i].words));

        html_node_at(rows[i].node, pointer);
        html_count(row, page, n, "%s/count", pointer);
        html_share(row, page, w->n[NODE_ITEMS] ? (double)n / (double)w->n[NODE_ITEMS] : 0, n,
                   "%s/share", pointer);
    }
    p = dom_class(part, "p", "soft");
    dom_text(p, "Left over where the parts are added up: ");
    datum_at(p, text_count(waterfall_residual(w), text), (double)waterfall_residual(w),
             "/residual");
    dom_text(p, ".");
}

static void links(xmlNode *part, const struct front_entry *e, const char *const *files)
{
    xmlNode *nav = dom_class(part, "nav", "links");
    char href[300], label[64];

    snprintf(label, sizeof label, "Pages and data of %.40s", e->folder);
    dom_attr(nav, "aria-label", label);
    for (; files[0]; files += 2) {
        snprintf(href, sizeof href, "%.200s/%s", e->folder, files[0]);
        dom_link(nav, href, str_of(files[1]));
    }
}

/* ---- an audit, or a sample ---- */

static const char *const audit_files[] = { "index.html",      "The report",   "method.html",
                                           "How it was done", "summary.json", "summary.json",
                                           "labels.csv",      "labels.csv",   NULL };

static void range(xmlNode *part, struct html_page *page, const struct front_entry *e)
{
    const struct number *n = numbers_find(&page->s->numbers, STR("public_not_returned"));
    xmlNode *p, *a;
    char href[300];

    if (!page->s->final || !n || !n->has)
        return;
    p = dom_add(part, "p");
    html_say(p, page,
             number_has_range(n)
                 ? "{value public_not_returned}, at least {low public_not_returned} and at most "
                   "{high public_not_returned} ("
                 : "{value public_not_returned} (");
    snprintf(href, sizeof href, "%.200s/index.html#sure", e->folder);
    a = dom_link(p, href, STR("how sure"));
    dom_attr(a, "aria-label", "How sure this is");
    dom_text(p, ").");
}

/* What a sample is for: creators, not posts. */
static void creators(xmlNode *part, struct html_page *page)
{
    const struct sample_result *s = &page->s->sample;
    xmlNode *p = dom_class(part, "p", "lede");

    if (!s->counted.creators) {
        html_say(p, page, "{value sample_creators} ");
        dom_printf(p, "%s seen; the posts of none of them are all decided yet",
                   plural(s->creators, "creator was", "creators were"));
        return;
    }
    html_say(p, page,
             "Of {of sample_all} creators whose posts are decided the API returned every post of "
             "{n sample_all}, {value sample_all} ({low sample_all} to {high sample_all}), and "
             "none of {n sample_none}, {value sample_none} ({low sample_none} to "
             "{high sample_none})");
}

static void of_posts(xmlNode *part, const struct front_entry *e)
{
    struct look look = *e->look;
    struct html_page page = { .s = e->s, .look = &look, .from = { e->s, &look } };

    look.is_entry = false;    // the way back leads here
    html_kick(part, &page);
    if (e->s->sample.has) {
        creators(part, &page);
    } else {
        html_answer(dom_class(part, "p", "lede"), &page);
        range(part, &page, e);
    }
    if (e->s->waterfall.n[NODE_ITEMS])
        ledger(part, e, &page);
    links(part, e, audit_files);
}

/* ---- a watch list ---- */

static const char *const watch_files[] = { "index.html", "The watch list", "data.json",
                                           "data.json",  "data.csv",       "data.csv",
                                           "feed.xml",   "Feed",           NULL };

static void of_days(xmlNode *part, const struct front_entry *e)
{
    static const char *const heads[] = { "", "#post-days", "#of all" };
    const struct watch_counts there = watch_counts_there(&e->watch->counts), *w = &there;
    const int64_t gone = e->watch->counts.gone.days, all = w->days;
    const struct {
        const char *words, *name;
        int64_t n;
    } row_of[] = { { "Returned", "found", w->found },
                   { "Not returned", "absent", w->absent },
                   { "Not measured", "not_measured", w->not_measured } };
    xmlNode *p = dom_class(part, "p", "kick"), *tbody;
    char text[TEXT_MAX];

    dom_printf(p, "TikTok Research API \u00b7 watch list of " COUNTED,
               COUNT_OF((int64_t)e->watch->watched, "post", "posts"));
    if (!e->watch->days) {
        dom_p(part, "Nothing was measured yet.");
        links(part, e, watch_files);
        return;
    }
    dom_text(p, " \u00b7 ");
    html_days(p, e->watch->first_day * UTC_DAY_S,
              (e->watch->first_day + e->watch->days - 1) * UTC_DAY_S);
    dom_text(p, " (UTC)");
    p = dom_class(part, "p", "lede");
    dom_text(p, "Not returned on ");
    datum_at(p, text_count(w->absent, text), (double)w->absent, "/totals/there/absent");
    dom_text(p, " of ");
    datum_at(p, text_count(all, text), (double)all, "/totals/there/days");
    dom_text(p, " post-days; on ");
    datum_at(p, text_count(w->not_measured, text), (double)w->not_measured,
             "/totals/there/not_measured");
    dom_text(p, " of all of these nothing was measured, and they count neither way.");
    if (gone) {
        dom_text(p, " On ");
        datum_at(p, text_count(gone, text), (double)gone, "/totals/gone/days");
        dom_printf(p, " more the post was no longer public.");
    }
    tbody = open_ledger(part, e, "post and day", HEADS(heads));
    for (size_t i = 0; i < sizeof row_of / sizeof *row_of; i++) {
        xmlNode *row = dom_row(tbody, str_of(row_of[i].words));

        datum_at(dom_class(row, "td", "n"), text_count(row_of[i].n, text), (double)row_of[i].n,
                 "/totals/there/%s", row_of[i].name);
        dom_number(row, all ? text_percent((double)row_of[i].n / (double)all, text) : "-");
    }
    datum_at(dom_class(dom_row(tbody, STR("All")), "td", "n"), text_count(all, text), (double)all,
             "/totals/there/days");
    dom_number(tbody->last, text_percent(1, text));
    links(part, e, watch_files);
}

/* ---- the page ---- */

static const struct kind {
    const char *title, *one, *many, *file, *name;
    void (*fill)(xmlNode *, const struct front_entry *);
} kinds[FRONT_KINDS] = {
    [FRONT_AUDIT] = { "An audit", "an audit of a list of posts", "audits of lists of posts",
                      "summary.json", "audit", of_posts },
    [FRONT_SAMPLE] = { "A sample of creators", "a sample of creators", "samples of creators",
                       "summary.json", "sample", of_posts },
    [FRONT_WATCH] = { "A watch list", "a daily look at posts that should be there",
                      "daily looks at posts that should be there", "data.json", "watch", of_days },
};

/* "an audit of a list of posts, a sample of creators and a daily look at ..." */
static void say_kinds(xmlNode *p, const struct front_entry *e, size_t n)
{
    size_t count[FRONT_KINDS] = { 0 }, left = 0;

    for (size_t i = 0; i < n; i++)
        left += count[e[i].kind]++ == 0;
    for (int k = 0, said = 0; k < FRONT_KINDS; k++) {
        if (!count[k])
            continue;
        dom_text(p, !said ? "" : left == 1 ? " and " : ", ");
        if (count[k] == 1)
            dom_text(p, kinds[k].one);
        else
            dom_printf(p, "%zu %s", count[k], kinds[k].many);
        said++;
        left--;
    }
}

void report_front(struct buf *out, const struct front_entry *e, size_t n)
{
    xmlNode *body, *main, *p;
    xmlDoc *doc = dom_page("What the TikTok Research API leaves out", &body);

    main = dom_add(body, "main");
    dom_text(dom_add(main, "h1"), "What the TikTok Research API leaves out");
    p = dom_class(main, "p", "lede");
    dom_text(p, "Here: ");
    say_kinds(p, e, n);
    dom_text(p, n > 1 ? ". Each has its own posts, its own days and its own ledger; nothing is "
                        "added up across them, for a post may stand in more than one."
                      : ".");
    for (size_t i = 0; i < n; i++) {
        xmlNode *part = dom_add(main, "section"), *h2 = dom_add(part, "h2");
        char from[300];

        snprintf(from, sizeof from, "%.200s/%s", e[i].folder, kinds[e[i].kind].file);
        dom_attr(part, "id", e[i].folder);
        dom_attr(part, "data-from", from);
        dom_printf(h2, "%s: ", kinds[e[i].kind].title);
        dom_str(h2, e[i].name);
        kinds[e[i].kind].fill(part, &e[i]);
    }
    dom_write(doc, out);
}

void report_front_json(struct json_out *o, const struct front_entry *e, size_t n)
{
    struct buf path = { 0 };

    json_open_list(o, "entries");
    for (size_t i = 0; i < n; i++) {
        buf_clear(&path);
        buf_printf(&path, "%s/%s", e[i].folder, kinds[e[i].kind].file);
        json_open(o, NULL);
        json_put_text(o, "kind", str_of(kinds[e[i].kind].name));
        json_put_text(o, "name", e[i].name);
        json_put_text(o, "folder", str_of(e[i].folder));
        json_put_text(o, "data", buf_view(&path));
        json_close(o);
    }
    json_close(o);
    buf_release(&path);
}
