/* report/html_sure.c: the section of index.html that says how sure its answer is: the one
 * range with its reason, and what each check says. */
#include <stdio.h>
#include "base/utc.h"
#include "report/html_part.h"

/* How the lower end comes about. */
static void at_least(xmlNode *p, struct html_page *page)
{
    const struct headline *h = &page->s->headline;

    if (h->wrong_most <= 0 || !page->s->waterfall.n[NODE_PUBLIC])
        return;
    html_say(p, page, ", if {high verdicts_wrong} of {n missing_public} verdicts were wrong, ");
    dom_text(p, h->wrong_most > h->wrong_expected
                    ? "as many as the check by single ids does not rule out"
                    : "as many as are expected to be by the stated probabilities");
}

/* How the upper end does. */
static void at_most(xmlNode *p, struct html_page *page)
{
    static const struct {
        enum node node;
        const char *name, *one, *more;
    } open[] = {
        { NODE_RESTRICTED, "missing_restricted", "post that is refused from here",
          "posts that are refused from here" },
        { NODE_UNOBSERVED, "open_unobserved", "post without a page answer",
          "posts without a page answer" },
        { NODE_UNCONFIRMED, "open_unconfirmed", "post that was asked for on too few days",
          "posts that were asked for on too few days" },
    };
    int told = 0;

    for (size_t i = 0; i < sizeof open / sizeof *open; i++) {
        const int64_t n = page->s->waterfall.n[open[i].node];

        if (!n)
            continue;
        dom_text(p, told++ ? " and the " : ", if the ");
        datum_n(p, page->from, open[i].name);
        dom_printf(p, " %s", plural(n, open[i].one, open[i].more));
    }
    if (told)
        dom_text(p, " were public and not returned");
}

/* One sentence: both ends, and why they lie there. */
static void range(xmlNode *part, struct html_page *page)
{
    const struct summary *s = page->s;
    const struct number *n = numbers_find(&s->numbers, STR("public_not_returned"));
    xmlNode *p = dom_add(part, "p");

    if (!n || !n->has) {
        dom_text(p, "There is no share to be sure of: no page of a returned post was read, or no "
                    "post is known as public.");
        return;
    }
    if (!number_has_range(n)) {
        html_say(p, page,
                 "{value public_not_returned} is a count of this list: nothing in it is "
                 "undecided, and no end of a range would print otherwise.");
        return;
    }
    html_say(p, page, "**At least {low public_not_returned}**");
    at_least(p, page);
    html_say(p, page, "; **at most {high public_not_returned}**");
    at_most(p, page);
    if (s->headline.has_interval && s->headline.retrieved_high - s->headline.retrieved_low >= 0.5)
        dom_text(p, "; both at the 95 % limits of what the sampled pages say of how many returned "
                    "posts are public");
    dom_text(p, ".");
}

static void single_ids(xmlNode *list, struct html_page *page)
{
    const struct checks *c = &page->s->checks;
    xmlNode *li;

    if (!c->spot_asked)
        return;
    li = dom_add(list, "li");
    html_say(li, page,
             "**By single ids.** {n spot_check} of {of spot_check} confirmed posts came "
             "back when each was asked for alone, so at most {high spot_check} of such "
             "verdicts are wrong (one-sided 95 % limit).");
}

static void rounds(xmlNode *list, struct html_page *page)
{
    const struct checks *c = &page->s->checks;
    xmlNode *li;
    char text[TEXT_MAX];

    if (c->left < 0)
        return;
    li = dom_add(list, "li");
    html_say(li, page, "**By rounds.** ");
    datum_count_at(li, page->from, c->n2, "/checks/first_found_round_1");
    dom_printf(li, " %s back at the first further ask and ",
               plural(c->n2, "post came", "posts came"));
    datum_count_at(li, page->from, c->n3, "/checks/first_found_round_2");
    dom_text(li, " at the second; rounds that fall off so leave ");
    datum_at(li, text_estimate(c->left, text), c->left, "/checks/left_over");
    dom_text(li, " over");
    if (c->left_upper >= 0) {
        dom_text(li, ", at most ");
        datum_at(li, text_estimate(c->left_upper, text), c->left_upper,
                 "/checks/left_over_upper_95");
        dom_text(li, " (95 %)");
    }
    dom_text(li, ".");
}

static void probabilities(xmlNode *list, struct html_page *page)
{
    const double wrong = page->s->headline.wrong_expected;
    xmlNode *li;

    if (!page->s->waterfall.n[NODE_PUBLIC])
        return;
    li = dom_add(list, "li");
    html_say(li, page, "**By probability.** From how often batches lose a post that is there, ");
    if (wrong < 0.05)
        datum_at(li, "fewer than one", wrong, "/numbers/verdicts_wrong/value");
    else
        datum_value(li, page->from, "verdicts_wrong");
    html_say(li, page, " of {n missing_public} verdicts are expected to be wrong.");
}

static void sample(xmlNode *list, struct html_page *page)
{
    const struct headline *h = &page->s->headline;
    xmlNode *li;

    if (!h->sampled)
        return;
    li = dom_add(list, "li");
    html_say(li, page, "**Which returned posts are public.** Of {n retrieved}");
    dom_printf(li, " returned %s ", plural(page->s->waterfall.n[NODE_RETRIEVED], "post", "posts"));
    datum_count_at(li, page->from, h->sampled, "/headline/sampled");
    dom_printf(li, " %s; ",
               plural(h->sampled, "was drawn by a seed and its page read",
                      "were drawn by a seed and their pages read"));
    datum_count_at(li, page->from, h->sampled_public, "/headline/sampled_public");
    dom_printf(li, " %s public", plural(h->sampled_public, "is", "are"));
    if (h->sampled_unread) {
        dom_text(li, ", ");
        datum_count_at(li, page->from, h->sampled_unread, "/headline/sampled_unread");
        dom_text(li, " more gave no answer");
    }
    dom_text(li, ".");
}

static void later_refused(xmlNode *list, struct html_page *page)
{
    const int64_t n = page->s->later_refused;
    xmlNode *li;

    if (!n)
        return;
    li = dom_add(list, "li");
    html_say(li, page, "**What vanished since.** ");
    datum_count_at(li, page->from, n, "/headline/later_refused");
    dom_printf(li, " %s refused after %s confirmation; labels.csv says when.",
               plural(n, "post that counts as public was", "posts that count as public were"),
               plural(n, "its", "their"));
}

static void late_rate(xmlNode *li, struct html_page *page, const struct late_rate *r, size_t i,
                      const char *key, const char *hits, const char *of, const char *hit)
{
    datum_count_at(li, page->from, r->asked, "/late_checks/checks/%zu/%s/asked", i, key);
    dom_text(li, of);
    datum_count_at(li, page->from, r->hits, "/late_checks/checks/%zu/%s/%s", i, key, hits);
    dom_text(li, hit);
    if (!r->asked)
        return;
    dom_text(li, " (");
    datum_share_at(li, page->from, share_of(r->hits, r->asked), r->hits,
                   "/late_checks/checks/%zu/%s/share", i, key);
    dom_text(li, ", 95 % interval ");
    datum_share_at(li, page->from, r->interval.low, r->hits,
                   "/late_checks/checks/%zu/%s/interval_95/0", i, key);
    dom_text(li, " to ");
    datum_share_at(li, page->from, r->interval.high, r->hits,
                   "/late_checks/checks/%zu/%s/interval_95/1", i, key);
    dom_text(li, ")");
}

static void left_open(xmlNode *li, struct html_page *page, size_t i)
{
    const struct late_check *l = &page->s->late[i];
    static const char *const keys[] = { "missing", "retrieved" };
    const struct late_rate *rates[] = { &l->missing, &l->retrieved };

    for (int k = 0; k < 2; k++) {
        if (rates[k]->refused) {
            dom_text(li, " Of the ");
            dom_printf(li, "%s ones the pages of ", k ? "returned" : "missing");
            datum_count_at(li, page->from, rates[k]->refused,
                           "/late_checks/checks/%zu/%s/refused_since", i, keys[k]);
            dom_text(li, " more were refused since.");
        }
        if (rates[k]->undecided) {
            dom_printf(li, " Of the %s ones ", k ? "returned" : "missing");
            datum_count_at(li, page->from, rates[k]->undecided,
                           "/late_checks/checks/%zu/%s/undecided", i, keys[k]);
            dom_text(li, " are undecided.");
        }
    }
}

static void late(xmlNode *list, struct html_page *page, size_t i)
{
    const struct late_check *l = &page->s->late[i];
    xmlNode *li = dom_add(list, "li");
    char text[TEXT_MAX];

    dom_text(dom_add(li, "strong"), "Later.");
    dom_text(li, " After ");
    datum_at(li, text_count(l->days, text), l->days, "/late_checks/checks/%zu/days", i);
    dom_printf(li, " %s (", plural(l->days, "day", "days"));
    html_days(li, utc_day_start(l->first_day), utc_day_start(l->last_day));
    dom_text(li, ") a sample was asked again: of ");
    late_rate(li, page, &l->missing, i, "missing", "came_back", " confirmed missing posts ",
              " came back and count as returned now");
    dom_text(li, "; of ");
    late_rate(li, page, &l->retrieved, i, "retrieved", "absent", " returned ones ",
              " were absent though their pages were still public");
    dom_text(li, ".");
    left_open(li, page, i);
}

static void donors(xmlNode *list, struct html_page *page)
{
    const struct donors *d = &page->s->donors;
    xmlNode *li;

    if (!d->has)
        return;
    li = dom_add(list, "li");
    html_say(li, page, "**Donor by donor.** The mean of the shares of ");
    datum_count_at(li, page->from, d->donors, "/donors/donors");
    dom_text(li, " donors is ");
    datum_share_at(li, page->from, d->mean, d->donors, "/donors/mean_share");
    dom_text(li, " (95 % interval ");
    datum_share_at(li, page->from, d->interval.low, d->donors, "/donors/interval_95/0");
    dom_text(li, " to ");
    datum_share_at(li, page->from, d->interval.high, d->donors, "/donors/interval_95/1");
    dom_text(li, ", drawn over donors): the number that speaks about donors, not about the list.");
}

static void sure(xmlNode *part, struct html_page *page)
{
    xmlNode *list;

    range(part, page);
    list = dom_class(part, "ul", "checks");
    single_ids(list, page);
    rounds(list, page);
    probabilities(list, page);
    sample(list, page);
    later_refused(list, page);
    for (size_t i = 0; i < page->s->lates; i++)
        late(list, page, i);
    donors(list, page);
    if (!list->children) {
        xmlUnlinkNode(list);
        xmlFreeNode(list);
    }
}

static bool has_answers(const struct summary *s) { return s->newest_answer_at != 0; }

const struct html_part html_sure[] = {
    { "sure", "How sure", "How sure this is", sure, has_answers },
    { 0 },
};
