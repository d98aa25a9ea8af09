/* report/site_index.c: the first page: today's sentence, the sum of all days, posts by days. */
#include <stdio.h>
#include "report/site_part.h"

#define EVENTS_MOST 20
#define RUNS_MOST 60000    // of the matrix: a page of a megabyte

/* ---- today ---- */

static void put_pill(xmlNode *to, const struct site *s)
{
    const struct watch_history *h = s->h;
    xmlNode *p = dom_add(to, "p"), *pill;
    char text[SITE_DATE_MAX];

    pill = dom_class(p, "span", h->is_stale ? "pill w" : "pill");
    dom_attr(pill, "id", "fresh");
    if (h->rounds)
        dom_printf(pill, "last round %s", site_instant(h->last_round.started_at, text));
    else if (h->newest_at)
        dom_printf(pill, "last reading %s", utc_date(utc_day(h->newest_at), text));
    else
        dom_text(pill, "no reading yet");
    if (h->is_stale)
        dom_printf(pill, ": nothing was measured for more than %lld hours",
                   (long long)h->stale_hours);
    if (h->rounds && h->last_round.ending != ROUND_DONE)
        dom_printf(p, " It ended before its time%s%s.",
                   h->last_round.ending == ROUND_OPEN ? "" : ": ",
                   round_ending_name(h->last_round.ending));
}

static void put_pages(xmlNode *to, const struct watch_counts *c)
{
    xmlNode *p;

    if (!c->absent_public)
        return;
    p = dom_class(to, "p", "lede");
    dom_printf(p, "Of those that it did not return that day ");
    site_count(p, c->absent_public, "/last_day/there/absent_page_public");
    dom_text(p, " had a public page, and of ");
    site_count(p, c->absent_unread, "/last_day/there/absent_page_not_read");
    dom_text(p, " the page was not read.");
}

/* Who is gone stands in no other number of the sentence. */
static void put_gone(xmlNode *h1, const struct watch_counts *all)
{
    if (!all->gone.days)
        return;
    dom_text(h1, "; ");
    site_count(h1, all->gone.days, "/last_day/gone/days");
    dom_printf(h1, " more %s no longer public", all->gone.days == 1 ? "was" : "were");
}

static void put_of_day(xmlNode *h1, const struct watch_counts *all, const char *date)
{
    const struct watch_counts c = watch_counts_there(all);

    if (!c.days) {
        dom_printf(h1, "On %s none of ", date);
        site_count(h1, all->gone.days, "/last_day/gone/days");
        dom_printf(h1, " %s was public any more", plural(all->gone.days, "post", "posts"));
        return;
    }
    dom_printf(h1, "On %s the API returned ", date);
    site_count(h1, c.found, "/last_day/there/found");
    dom_text(h1, " of ");
    site_count(h1, c.days, "/last_day/there/days");
    dom_printf(h1, " %s", plural(c.days, "post", "posts"));
    if (c.not_measured) {
        dom_text(h1, "; ");
        site_count(h1, c.not_measured, "/last_day/there/not_measured");
        dom_printf(h1, " %s not measured", c.not_measured == 1 ? "was" : "were");
    }
    put_gone(h1, all);
}

static void put_today(xmlNode *to, const struct site *s)
{
    const struct watch_history *h = s->h;
    const int64_t measured = watch_history_last_measured(h), last = h->first_day + h->days - 1;
    const struct watch_counts *c = measured < 0 ? NULL : &h->date[measured - h->first_day].posts;
    char date[SITE_DATE_MAX];
    xmlNode *h1 = dom_add(to, "h1");

    if ((!h->days || !c) && !h->watched && site_has_fresh(h)) {
        site_count(h1, h->fresh->followed, "/fresh/followed");
        dom_printf(h1, " new %s followed until the API returns them",
                   h->fresh->followed == 1 ? "post is" : "posts are");
        return;
    }
    if (!h->days || !c) {
        dom_text(h1, "Nothing was measured yet");
        return;
    }
    put_of_day(h1, c, site_date(measured, date));
    if (measured < last)
        dom_printf(dom_class(to, "p", "lede"),
                   "Since then, until %s, nothing was measured: what the API returns today is not "
                   "known.",
                   site_date(last, date));
    put_pages(to, c);
}

/* ---- all days ---- */

static void put_line(xmlNode *ul, const char *words, int64_t n, int64_t of, const char *name)
{
    xmlNode *li = dom_add(ul, "li");

    dom_printf(li, "%s ", words);
    site_count(dom_add(li, "b"), n, "/totals/there/%s", name);
    dom_text(li, " (");
    site_share(li, n, of, "/totals/there/shares/%s", name);
    dom_text(li, ")");
}

static void put_part(xmlNode *ul, const char *words, int64_t n, const char *pointer)
{
    xmlNode *li;

    if (!n)
        return;
    li = dom_add(ul, "li");
    site_count(li, n, "%s", pointer);
    dom_printf(li, " %s", words);
}

static void put_absent_parts(xmlNode *li, const struct watch_counts *c)
{
    xmlNode *ul = dom_class(li, "ul", "parts");

    put_part(ul, "while the page was public", c->absent_public, "/totals/there/absent_page_public");
    put_part(ul, "without the page having been read", c->absent_unread,
             "/totals/there/absent_page_not_read");
    put_part(ul,
             "of all these without proof that the API answered anybody that day (no canary, "
             "and no other post came back)",
             c->no_canary, "/totals/there/absent_no_canary");
}

static void put_why_parts(xmlNode *li, const struct watch_counts *c)
{
    xmlNode *ul = dom_class(li, "ul", "parts");
    char pointer[64];

    for (enum watch_why w = WATCH_WHY_NONE; w < WATCH_WHY_COUNT; w++) {
        snprintf(pointer, sizeof pointer, "/totals/there/why/%s", watch_why_name(w));
        put_part(ul, site_why(w), c->why[w], pointer);
    }
}

static void put_gone_days(xmlNode *box, const struct watch_counts *all)
{
    xmlNode *p;

    if (!all->gone.days)
        return;
    p = dom_add(box, "p");
    dom_text(p, "Beside these, on ");
    site_count(p, all->gone.days, "/totals/gone/days");
    dom_printf(p,
               " %s the post was no longer public: that is no absence of the API, and counts "
               "in no other line.",
               plural(all->gone.days, "post-day", "post-days"));
}

static void put_sum(xmlNode *body, const struct site *s)
{
    const struct watch_counts there = watch_counts_there(&s->h->counts), *c = &there;
    xmlNode *box = dom_class(body, "div", "headline"), *big = dom_class(box, "p", "big"), *ul;

    dom_text(big, "Not returned on ");
    site_count(big, c->absent, "/totals/there/absent");
    dom_text(big, " of ");
    site_count(big, c->days, "/totals/there/days");
    dom_text(big, " post-days");
    ul = dom_class(box, "ul", "sums");
    put_line(ul, "Returned on", c->found, c->days, "found");
    put_line(ul, "Not returned on", c->absent, c->days, "absent");
    put_absent_parts(ul->last, c);
    put_line(ul, "Not measured on", c->not_measured, c->days, "not_measured");
    put_why_parts(ul->last, c);
    put_gone_days(box, &s->h->counts);
    dom_text(dom_class(box, "p", "soft"),
             "A post-day is one post on one day. What was not measured is neither returned nor "
             "not returned, and counts in no other line. \"Not returned\" means: not on the days "
             "that were asked; it does not say never.");
}

/* ---- posts by days ---- */

/* The first day from which the runs of all posts fit on the page. */
static int64_t first_shown(const struct watch_history *h)
{
    int64_t from = h->first_day, runs = RUNS_MOST + 1;

    while (runs > RUNS_MOST) {
        runs = 0;
        for (size_t i = 0; i < h->posts; i++)
            for (size_t k = 0; k < h->post[i].runs; k++)
                runs += h->post[i].run[k].last >= from;
        if (runs > RUNS_MOST)
            from += (h->first_day + h->days - from) / 4 + 1;
    }
    return from;
}

/* One that nobody asked for tells nothing of any day, and has no row. */
static void put_canaries(xmlNode *to, const struct site *s, struct matrix_of of)
{
    const struct watch_history *h = s->h;
    xmlNode *p;

    of.from = h->watched;
    of.n = h->canaries - h->canaries_idle;
    dom_text(dom_add(to, "h3"), "Canaries");
    dom_text(dom_class(to, "p", "soft"),
             "Posts that the API returned when the list was made. They are asked for beside the "
             "others, to see whether the API answers at all, and count in no sum above.");
    if (of.n) {
        site_matrix(to, s, &of);
        dom_attr(dom_class(to, "p", "cursor"), "aria-live", "polite");
    }
    if (h->canaries_idle) {
        p = dom_class(to, "p", "soft");
        site_count(p, (int64_t)h->canaries_idle, "/posts/canaries_never_asked");
        dom_printf(p, " of the list's %s never asked for, and %s no row here. ",
                   h->canaries_idle == 1 ? "canaries was" : "canaries were",
                   h->canaries_idle == 1 ? "has" : "have");
        dom_link(p, "list.html", STR("All canaries as a table"));
        dom_text(p, ".");
    }
}

static void put_matrix(xmlNode *body, const struct site *s)
{
    const struct watch_history *h = s->h;
    xmlNode *to = site_section(body, "days", "Post by post, day by day"), *p, *out;
    const int64_t from = first_shown(h);
    struct matrix_of of = { .n = h->watched, .names = true, .up = "", .first_day = from,
                            .days = h->first_day + h->days - from };
    char date[SITE_DATE_MAX];

    site_legend(to);
    if (from > h->first_day)
        dom_printf(dom_class(to, "p", "note"),
                   "This drawing begins on %s, for more would not fit one page. Every earlier day "
                   "stands on the pages of the posts and in the files.",
                   site_date(from, date));
    site_matrix(to, s, &of);
    out = dom_class(to, "p", "cursor");
    dom_attr(out, "aria-live", "polite");
    p = dom_class(to, "p", "soft");
    dom_text(p, "A row is a post, a column a day; a blank is a day of which nothing is on record. "
                "The names lead to the pages of the posts. ");
    dom_link(p, "list.html", STR("The same as a table"));
    dom_text(p, ".");
    if (h->canaries)
        put_canaries(to, s, of);
}

/* ---- the rest ---- */

static void put_events(xmlNode *body, const struct site *s)
{
    xmlNode *to = site_section(body, "events", "Events and notes"), *p;

    site_put_events(to, s, "", EVENTS_MOST, 0);
    if (s->h->events + s->h->notes > EVENTS_MOST) {
        p = dom_add(to, "p");
        dom_link(p, "events.html", STR("All events and notes"));
        dom_printf(p, " (%zu)", s->h->events + s->h->notes);
    }
}

static void put_method(xmlNode *body, const struct site *s)
{
    const struct watch_history *h = s->h;
    xmlNode *to = site_section(body, "method", "How to read this"), *ul = dom_add(to, "ul");

    dom_text(dom_add(ul, "li"),
             "Returned: a well-formed reply of the API brought the post, on any ask of that day.");
    dom_text(dom_add(ul, "li"),
             "Not returned: a complete reply came without it, and another post came back in a "
             "reply of the same round (or day, of a loaded series), so the API was answering. "
             "Where nothing else could come back this is said beside it.");
    dom_text(dom_add(ul, "li"),
             "Not measured: no round, a failure of the platform, one of our own, or a block. It "
             "is never read as an absence.");
    dom_text(dom_add(ul, "li"),
             "No page: the post was no longer public when its page was read that day. Whatever "
             "the API says then is no fault of the API: such a day is in none of the numbers "
             "above but its own.");
    dom_printf(dom_add(ul, "li"),
               "A change becomes an event when a second ask, at least %lld hours later, says the "
               "same; in a loaded series the next measured day. Until then it is no event.",
               (long long)h->confirm_hours);
    if (h->series)
        dom_printf(dom_add(ul, "li"),
                   COUNTED " loaded: measured by others. The bytes behind them are not in this "
                           "archive.",
                   COUNT_OF(h->series, "series was", "series were"));
}

static void put_ledger(xmlNode *body, const struct site *s)
{
    const struct watch_history *h = s->h;
    xmlNode *to = site_section(body, "ledger", "Ledger"), *dl = dom_add(to, "dl");
    const struct { const char *words, *at; int64_t n; } fact[] = {
        { "posts watched", "/posts/watched", (int64_t)h->watched },
        { "canaries", "/posts/canaries", (int64_t)h->canaries },
        { "days", "/days", h->days },
        { "days without any reading", "/days_without_a_reading", h->gaps },
        { "rounds", "/rounds", h->rounds },
        { "rounds that ended before their time", "/rounds_cut", h->rounds_cut },
        { "requests to the API", "/requests", h->requests },
        { "pages and oEmbed replies read", "/pages_read", h->pages },
        { "loaded series", "/series", h->series },
    };

    for (size_t i = 0; i < sizeof fact / sizeof *fact; i++) {
        xmlNode *div = dom_add(dl, "div");

        dom_text(dom_add(div, "dt"), fact[i].words);
        site_count(dom_add(div, "dd"), fact[i].n, "%s", fact[i].at);
    }
}

void site_index_html(struct buf *out, const struct site *s)
{
    const struct watch_history *h = s->h;
    struct buf title = { 0 };
    char span[SITE_SPAN_MAX];
    xmlNode *body, *main, *kick;
    xmlDoc *doc;

    buf_str(&title, site_title(s));
    doc = site_page(s, buf_cstr(&title), "", &body);
    main = dom_add(body, "main");
    kick = dom_class(main, "p", "kick");
    dom_str(kick, site_title(s));
    if (h->days)
        dom_printf(kick, " · %s", site_span(h->first_day, h->first_day + h->days - 1, span));
    put_today(main, s);
    put_pill(main, s);
    if (h->counts.days)
        put_sum(main, s);
    if (h->days)
        put_matrix(main, s);
    if (h->counts.days) {
        site_story(main, s);
        site_chart(main, s);
    }
    if (h->days) {
        if (site_has_lag(h))
            site_lag(main, s);
        put_events(main, s);
    }
    if (site_has_fresh(h))
        site_fresh(main, s);
    put_method(main, s);
    put_ledger(main, s);
    site_footer(body, s, "");
    dom_write(doc, out);
    buf_release(&title);
}
