/* report/html_sample.c: the section of index.html about the creators of a sample: of how many of
 * them the API returned how much. */
#include <stdio.h>
#include <stdlib.h>
#include "base/err.h"
#include "base/utc.h"
#include "report/html_part.h"
#include "report/sample.h"

static bool is_sample(const struct summary *s) { return s->sample.has; }

static void answer(xmlNode *part, struct html_page *page)
{
    const struct sample_result *s = &page->s->sample;
    xmlNode *p = dom_add(part, "p");

    dom_text(p, "Creators were taken from where they were seen");
    if (s->seen_from) {
        dom_text(p, ", ");
        html_days(p, s->seen_from * UTC_DAY_S, s->seen_to * UTC_DAY_S);
    }
    dom_printf(p, ", whatever the API knows of them, and %s. ",
               s->draw.newest ? "of each its newest posts" : "posts of each were drawn by lot");
    if (!s->counted.creators) {
        dom_text(p, "No creator\u2019s posts are all decided yet.");
        return;
    }
    html_say(p, page,
             "Of {of sample_all} creators whose posts are decided the API returned every post "
             "of **{n sample_all}**, {value sample_all} ({low sample_all} to {high sample_all}), "
             "and none of **{n sample_none}**, {value sample_none} ({low sample_none} to "
             "{high sample_none}). ");
    html_say(p, page,
             "Of their posts it returned {n sample_posts} of {of sample_posts}, "
             "{value sample_posts} ({low sample_posts} to {high sample_posts}).");
    p = dom_class(part, "p", "soft");
    dom_text(p,
             "Ranges are 95 % intervals: Wilson\u2019s for creators; for posts by creators, since "
             "the posts of one creator hang together. ");
    if (s->fate[CREATOR_FATE_OPEN])
        dom_text(p,
                 "Those of creators are widened by the ones that are undecided, as if these fell "
                 "all one way, then all the other. ");
    dom_text(p, "A post that is not public any more is no trial: nine returned of nine that are "
                "still public are every post.");
}

static void zeros(xmlNode *part, struct html_page *page)
{
    const struct sample_result *s = &page->s->sample;
    char text[TEXT_MAX];
    xmlNode *p;

    if (s->zeros_chance < 0)
        return;
    p = dom_add(part, "p");
    dom_text(p, "Are the creators with none more than chance? Of posts of the other creators ");
    datum_share_at(p, page->from, s->rate, s->trials, "/sample/rate");
    dom_text(p, " come back, and the posts of one creator hang together with a correlation of ");
    snprintf(text, sizeof text, "%.3f", s->rho);
    datum_at(p, text, s->rho, "/sample/rho");
    dom_text(p, "; by that ");
    datum_at(p, text_estimate(s->zeros_expected, text), s->zeros_expected,
             "/sample/zeros/expected");
    dom_text(p, " would have none, and ");
    datum_count_at(p, page->from, s->zeros, "/sample/zeros/seen");
    dom_text(p, plural(s->zeros, " has. ", " have. "));
    dom_text(p, "So many more than expected, or still more, come about with a probability of ");
    datum_at(p, text_probability(s->zeros_chance, text), s->zeros_chance, "/sample/zeros/chance");
    html_say(p, page,
             s->zeros_chance < 0.05 ? ": **not by chance**, at the level of one in twenty."
                                    : ": chance may explain it.");
}

static void part_of(xmlNode *list, struct html_page *page, int64_t n, const char *pointer,
                    const char *words)
{
    xmlNode *li;

    if (!n)
        return;
    li = dom_add(list, "li");
    datum_count_at(li, page->from, n, "/sample/%s", pointer);
    dom_printf(li, " %s", words);
}

/* Where every creator of the frame is. */
static void ledger(xmlNode *part, struct html_page *page)
{
    const struct sample_result *s = &page->s->sample;
    xmlNode *p = dom_add(part, "p"), *list = dom_add(part, "ul");
    char pointer[64], words[96];

    dom_text(p, "Every one of the ");
    datum_count_at(p, page->from, s->creators, "/sample/creators");
    dom_printf(p,
               " %s that %s seen is in one of these:", plural(s->creators, "creator", "creators"),
               plural(s->creators, "was", "were"));
    part_of(list, page, s->fate[CREATOR_FATE_COUNTED], "counted", "counted");
    part_of(
        list, page, s->fate[CREATOR_FATE_CANADA], "canada",
        "from Canada, apart: the documentation left Canada out for a time. Half and more of the "
        "posts on trial were made there, by the page of the post or by the region that the API "
        "gives its account");
    part_of(list, page, s->fate[CREATOR_FATE_OPEN], "open",
            "undecided: a drawn post waits for its page or for another day\u2019s ask");
    part_of(list, page, s->fate[CREATOR_FATE_GONE], "gone",
            "with no drawn post that is public any more");
    part_of(list, page, s->fate[CREATOR_FATE_NOT_DRAWN], "not_drawn", "not drawn from");
    for (int why = DRAW_DRAWN + 1; why < DRAW_WHY_COUNT; why++) {
        snprintf(pointer, sizeof pointer, "left_out/%s", draw_why_name((enum draw_why)why));
        snprintf(words, sizeof words, "left out: %s", draw_why_words((enum draw_why)why));
        part_of(list, page, s->left_out[why], pointer, words);
    }
}

/* What is random among the newest few is not random among all. */
static void newest_alone(xmlNode *p, struct html_page *page)
{
    const struct sample_result *s = &page->s->sample;

    dom_text(p, "Of ");
    datum_count_at(p, page->from, s->newest_lists, "/sample/draw/newest_lists");
    dom_printf(
        p,
        " of the creators the list that was drawn from shows the newest few posts alone, as "
        "the site\u2019s public creator page does (8 to 13, pinned ones among them). What was "
        "drawn of %s are some of those few: older posts could not be drawn, and the shares "
        "say nothing of them. ",
        plural(s->newest_lists, "this one", "these"));
}

static void how(xmlNode *part, struct html_page *page)
{
    const struct sample_result *s = &page->s->sample;
    char text[TEXT_MAX];
    xmlNode *p;

    if (!s->draw.n)
        return;
    p = dom_class(part, "p", "soft");
    dom_text(p, "The draw of ");
    html_day(p, s->draw.at);
    dom_text(p, " asked for ");
    datum_at(p, text_count(s->draw.posts, text), s->draw.posts, "/sample/draw/posts");
    dom_printf(p, " posts of each creator, %s",
               s->draw.newest ? "the newest ones"
                              : "at random by the "
                                "audit\u2019s seed");
    if (s->draw.min_age_s) {
        dom_text(p, ", at least ");
        datum_count_at(p, page->from, s->draw.min_age_s / 3600, "/sample/draw/min_age_hours");
        dom_text(p, " hours old");
    }
    dom_text(p, ". ");
    if (s->replaced) {
        datum_count_at(p, page->from, s->replaced, "/sample/draw/replaced");
        dom_printf(p, " %s stand in place of one that could not be used. ",
                   plural(s->replaced, "post", "posts"));
    }
    if (s->newest_lists)
        newest_alone(p, page);
    if (s->no_choice && !s->draw.newest) {
        dom_text(p, "Of ");
        datum_count_at(p, page->from, s->no_choice, "/sample/draw/no_choice");
        dom_printf(p,
                   " %s no more posts could be drawn than were drawn: of %s nothing was left to "
                   "chance. ",
                   plural(s->no_choice, "creator", "creators"),
                   plural(s->no_choice, "this one", "these"));
    }
    if (s->pinned) {
        datum_count_at(p, page->from, s->pinned, "/sample/draw/pinned");
        dom_printf(p, " of the drawn posts %s pinned: their creators chose %s.",
                   plural(s->pinned, "is", "are"), plural(s->pinned, "it", "them"));
    }
}

static void spread(xmlNode *part, struct html_page *page)
{
    static const char *const heads[] = { "posts available", "#creators", "" };
    const struct sample_result *s = &page->s->sample;
    int64_t most = 0;
    xmlNode *tbody;

    for (int64_t i = 0; i <= s->draw.posts; i++)
        most = s->counted.n[i] > most ? s->counted.n[i] : most;
    if (!most)
        return;
    tbody = dom_table(part, "Creators by how many of their drawn posts the API returned.",
                      HEADS(heads));
    dom_attr(tbody->parent, "class", "short");
    for (int64_t i = 0; i <= s->draw.posts; i++) {
        char name[TEXT_MAX];
        xmlNode *row = dom_row(tbody, str_of(text_count(i, name)));

        dom_attr(row->children, "data-name", "row");    // digits, and no number of summary.json
        html_count(row, page, s->counted.n[i], "/sample/by_available/%lld", (long long)i);
        chart_bar_cell(row, &(struct chart_bar){
                                .share = (double)html_drawn(page, s->counted.n[i]) / (double)most,
                                .meaning = i ? MEANING_RETURNED : MEANING_UNEXPLAINED });
    }
}

static void with_none(xmlNode *part, struct html_page *page)
{
    static const char *const heads[] = { "creator", "#posts on trial", "#could be drawn", "#chance",
                                         "#q",      "counted" };
    const struct sample_result *s = &page->s->sample;
    const struct sample_creator **list = xcalloc(s->rows + 1, sizeof *list);
    size_t n = sample_with_none(s, list);
    xmlNode *tbody;

    if (n) {
        tbody = dom_table(part,
                          "Creators of whom the API returned none of the drawn posts. Chance: the "
                          "probability that none of so many comes back, at the rate of the others; "
                          "q: the same, corrected for how many creators were looked at.",
                          HEADS(heads));
        for (size_t i = 0; i < n; i++) {
            const struct sample_creator *c = list[i];
            char name[ALIAS_MAX];
            xmlNode *row = dom_add(tbody, "tr"), *th = dom_add(row, "th");

            dom_attr(th, "scope", "row");
            dom_str(dom_add(th, "code"), alias_of(&page->look->alias, c->handle, name));
            html_count(row, page, c->missing, "/sample/with_none/%zu/missing", i);
            html_count(row, page, c->frame, "/sample/with_none/%zu/frame", i);
            html_chance(row, c->chance, "/sample/with_none/%zu/chance", i);
            html_chance(row, c->q, "/sample/with_none/%zu/q", i);
            dom_cell(row, c->fate == CREATOR_FATE_CANADA ? "apart: Canada" : "yes");
        }
    }
    free(list);
}

static void sample(xmlNode *part, struct html_page *page)
{
    if (!page->s->sample.draw.n) {
        dom_p(part, "Nothing was drawn yet: `blindspot sample draw` draws from the frame.");
        ledger(part, page);
        return;
    }
    answer(part, page);
    spread(part, page);
    html_figure(part, page, FIGURE_CREATORS);
    zeros(part, page);
    with_none(part, page);
    ledger(part, page);
    how(part, page);
}

const struct html_part html_sample[] = {
    { "sample", "Creators", "How much of each creator the API returned", sample, is_sample },
    { 0 },
};
