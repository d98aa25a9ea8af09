/* report/site_story.c: what happened, in sentences: who was never returned, who came and went, when
 * everything failed at once, when nobody asked. */
#include <string.h>
#include "record/id.h"
#include "report/site_part.h"

#define POSTS_MOST 12      // of a kind that are told one by one
#define SPANS_MOST 8

static bool is_canary(const struct watch_post *p) { return p->role == WATCH_CANARY; }

static void link_to(xmlNode *to, const struct watch_post *p)
{
    char href[SITE_HREF_MAX], id[ID_TEXT_MAX];

    dom_link(to, site_href(p->id, href), str_of(id_text(p->id, id)));
}

/* ---- posts ---- */

static void put_came_and_went(xmlNode *ul, const struct watch_post *p, size_t i)
{
    const struct watch_counts there = watch_counts_there(&p->counts), *c = &there;
    xmlNode *li = dom_add(ul, "li");

    dom_text(li, "Post ");
    link_to(li, p);
    dom_text(li, " came and went: returned on ");
    site_count(li, c->found, "/items/%zu/totals/there/found", i);
    dom_text(li, ", not returned on ");
    site_count(li, c->absent, "/items/%zu/totals/there/absent", i);
    dom_text(li, " and not measured on ");
    site_count(li, c->not_measured, "/items/%zu/totals/there/not_measured", i);
    dom_text(li, " of ");
    site_count(li, c->days, "/items/%zu/totals/there/days", i);
    dom_text(li, " days");
    if (p->counts.gone.days) {
        dom_text(li, "; on ");
        site_count(li, p->counts.gone.days, "/items/%zu/totals/gone/days", i);
        dom_text(li, " more it was no longer public");
    }
    dom_text(li, ".");
}

static void put_posts(xmlNode *ul, const struct watch_history *h)
{
    int64_t n[WATCH_FATES];
    xmlNode *li = dom_add(ul, "li");

    watch_history_fates(h, n);
    site_count(li, n[WATCH_FATE_NEVER], "/posts/never_returned");
    dom_text(li, " of ");
    site_count(li, (int64_t)h->watched, "/posts/watched");
    dom_printf(li, " %s %s never returned on any day that was measured",
               plural((int64_t)h->watched, "post", "posts"),
               n[WATCH_FATE_NEVER] == 1 ? "was" : "were");
    dom_text(li, "; ");
    site_count(li, n[WATCH_FATE_ALWAYS], "/posts/always_returned");
    dom_printf(li, " %s returned on every such day, ", n[WATCH_FATE_ALWAYS] == 1 ? "was" : "were");
    site_count(li, n[WATCH_FATE_BOTH], "/posts/came_and_went");
    dom_text(li, " on some of them");
    if (n[WATCH_FATE_UNMEASURED]) {
        dom_text(li, ", and of ");
        site_count(li, n[WATCH_FATE_UNMEASURED], "/posts/never_measured");
        dom_text(li, " nothing was measured");
    }
    dom_text(li, ".");
    if (n[WATCH_FATE_GONE]) {
        dom_text(li, " ");
        site_count(li, n[WATCH_FATE_GONE], "/posts/gone_throughout");
        dom_printf(li, " %s no longer public whenever anything was measured.",
                   n[WATCH_FATE_GONE] == 1 ? "was" : "were");
    }
    for (size_t i = 0, told = 0; i < h->posts && told < POSTS_MOST; i++)
        if (!is_canary(&h->post[i]) && watch_post_fate(&h->post[i]) == WATCH_FATE_BOTH) {
            put_came_and_went(ul, &h->post[i], i);
            told++;
        }
    if (n[WATCH_FATE_BOTH] > POSTS_MOST)
        dom_printf(dom_add(ul, "li"), "%lld more came and went: the table of all posts has them.",
                   (long long)n[WATCH_FATE_BOTH] - POSTS_MOST);
}

/* ---- days ---- */

enum blank { BLANK_NO, BLANK_UNASKED, BLANK_FAILED };

static enum blank blank_of(const struct watch_date *d)
{
    const struct watch_counts *c = &d->posts;

    if (c->found + c->absent > 0)
        return BLANK_NO;
    return c->not_measured == c->why[WATCH_WHY_MISSED] ? BLANK_UNASKED : BLANK_FAILED;
}

/* Why most of it failed. */
static enum watch_why main_reason(const struct watch_history *h, int64_t from, int64_t to)
{
    int64_t by[WATCH_WHY_COUNT] = { 0 };
    enum watch_why most = WATCH_WHY_NONE;

    for (int64_t d = from; d < to; d++)
        for (int w = 0; w < WATCH_WHY_COUNT; w++)
            by[w] += h->date[d].posts.why[w];
    for (enum watch_why w = WATCH_WHY_NONE; w < WATCH_WHY_COUNT; w++)
        if (by[w] > by[most])
            most = w;
    return most;
}

static void put_spans(xmlNode *ul, const struct watch_history *h, enum blank kind)
{
    int64_t days = 0, spans = 0, told = 0;
    xmlNode *li, *inner;

    for (int64_t d = 0; d < h->days; d++) {
        days += blank_of(&h->date[d]) == kind;
        spans += blank_of(&h->date[d]) == kind && (!d || blank_of(&h->date[d - 1]) != kind);
    }
    if (!days)
        return;
    li = dom_add(ul, "li");
    dom_printf(li, kind == BLANK_FAILED ? "On " COUNTED " everything failed at once, and nothing "
                                          "was measured:"
                                        : "On " COUNTED " nobody asked:",
               COUNT_OF(days, "day", "days"));
    inner = dom_add(li, "ul");
    for (int64_t d = h->days; d > 0 && told < SPANS_MOST; d--) {
        const int64_t to = d;
        char text[SITE_SPAN_MAX];
        xmlNode *one;

        if (blank_of(&h->date[d - 1]) != kind)
            continue;
        while (d > 1 && blank_of(&h->date[d - 2]) == kind)
            d--;
        one = dom_add(inner, "li");
        dom_printf(one, "%s (" COUNTED ")",
                   site_span(h->first_day + d - 1, h->first_day + to - 1, text),
                   COUNT_OF(to - d + 1, "day", "days"));
        if (kind == BLANK_FAILED)
            dom_printf(one, ": %s", site_why(main_reason(h, d - 1, to)));
        told++;
    }
    if (spans > told)
        dom_printf(dom_add(inner, "li"), "and %lld times before", (long long)(spans - told));
}

static void put_partial(xmlNode *ul, const struct watch_history *h)
{
    int64_t days = 0, posts = 0;

    for (int64_t d = 0; d < h->days; d++) {
        const struct watch_counts c = watch_counts_there(&h->date[d].posts);

        if (blank_of(&h->date[d]) == BLANK_NO && c.not_measured) {
            days++;
            posts += c.not_measured;
        }
    }
    if (days)
        dom_printf(dom_add(ul, "li"),
                   "On " COUNTED " some posts were measured and others were not: " COUNTED
                   " not measured.",
                   COUNT_OF(days, "further day", "further days"),
                   COUNT_OF(posts, "post-day", "post-days"));
}

void site_story(xmlNode *body, const struct site *s)
{
    xmlNode *ul = dom_add(site_section(body, "story", "What happened"), "ul");

    put_posts(ul, s->h);
    put_spans(ul, s->h, BLANK_FAILED);
    put_spans(ul, s->h, BLANK_UNASKED);
    put_partial(ul, s->h);
}
