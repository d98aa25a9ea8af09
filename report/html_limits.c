/* report/html_limits.c: the last sections of index.html: what it does not prove, and how to
 * cite it. */
#include "report/html_part.h"

static void limits(xmlNode *part, struct html_page *page)
{
    static const char *const not_proved[] = {
        "That the API would never return a post. Missing means: not returned on the days that "
        "labels.csv lists for it, while anyone could open its page before and after.",
        "Why a post is missing. A label names the rule that matched, not the platform\u2019s "
        "reason; documented means that its documentation announced such an exclusion.",
        "Anything about other posts. The list is what was handed in; who takes it for a sample "
        "must say of what.",
        "That an account is excluded because of who owns it. Age is never inferred, and the "
        "exclusion of minors is one that nobody can see from outside.",
        "Which of two counters is right. The page rounds, the API\u2019s copy lags; a difference "
        "is one that no growth of those days explains.",
    };
    xmlNode *list = dom_add(part, "ul");

    (void)page;
    for (size_t i = 0; i < sizeof not_proved / sizeof *not_proved; i++)
        dom_text(dom_add(list, "li"), not_proved[i]);
}

static void code_item(xmlNode *dl, const char *name, struct str value)
{
    xmlNode *div = dom_add(dl, "div");

    dom_text(dom_add(div, "dt"), name);
    dom_str(dom_add(dom_add(div, "dd"), "code"), value);
}

static void cite(xmlNode *part, struct html_page *page)
{
    const struct summary *s = page->s;
    xmlNode *quote = dom_add(part, "blockquote"), *p = dom_add(quote, "p"), *dl;

    dom_text(p, "Audit of the TikTok Research API ");
    if (s->name.n) {
        xmlNode *name = dom_add(p, "span");

        dom_attr(name, "data-outside", "report.name");
        dom_text(name, "\u201c");
        dom_str(name, s->name);
        dom_text(name, "\u201d ");
    }
    dom_text(p, "(");
    dom_str(dom_add(p, "code"), s->audit);
    dom_text(p, "), made with ");
    dom_str(dom_add(p, "code"), s->tool);
    if (s->newest_answer_at) {
        dom_text(p, ", answers of ");
        html_days(p, s->first_answer_at, s->newest_answer_at);
        dom_text(p, " (UTC)");
    }
    dom_text(p, !s->newest_answer_at ? "." : s->final ? ", final." : ", provisional.");
    dom_p(part, "The audit is the same where these are the same:");
    dl = dom_class(part, "dl", "digests");
    code_item(dl, "audit", s->audit);
    code_item(dl, "tool", s->tool);
    if (s->archived.records)
        code_item(dl, "archive, SHA-256", s->archived.digest);
    code_item(dl, "rules.ini, SHA-256", s->rules_digest);
    p = dom_class(part, "p", "soft");
    dom_text(p, "The archive\u2019s digest can be had without this tool: ");
    dom_text(dom_add(p, "code"), "cd evidence && sha256sum *.warc.gz | LC_ALL=C sort | sha256sum");
    dom_text(p, ".");
}

const struct html_part html_limits[] = {
    { "limits", "What it does not prove", "What this does not prove", limits, NULL },
    { "cite", "How to cite", "How to cite this", cite, NULL },
    { 0 },
};
