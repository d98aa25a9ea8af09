/* report/html_run.c: the sections of method.html that say how it was found: requests, plan and
 * actual, batches, pages and blocks, the validity check, settings. */
#include <stdio.h>
#include "report/html_part.h"
#include "report/summary.h"

/* ---- requests ---- */

static void outages(xmlNode *part, struct html_page *page)
{
    static const char *const heads[] = { "from (UTC)", "to (UTC)", "#calls", "since" };
    const struct summary *s = page->s;
    xmlNode *tbody = NULL;

    for (size_t i = 0; i < s->outages; i++) {
        const struct outage_row *o = &s->outage[i];
        xmlNode *row;

        if (!tbody)
            tbody = dom_table(part,
                              "Times in which the API answered nothing to anybody: these "
                              "replies are kept and count for nothing.",
                              HEADS(heads));
        row = dom_add(tbody, "tr");
        html_instant(row, o->from, "");
        html_instant(row, o->to, "");
        html_count(row, page, o->requests, "/stretches/%zu/requests", i);
        dom_cell(row, o->open ? "nothing came since" : "it answered again");
    }
}

static void rests_on_embed(xmlNode *part, struct html_page *page)
{
    const struct number *n = numbers_find(&page->s->numbers, STR("rests_on_embed"));
    xmlNode *p;

    if (!n)
        return;
    p = dom_add(part, "p");
    dom_text(p, "What rests on the embed page alone: ");
    datum_n(p, page->from, "rests_on_embed");
    dom_text(p, " of the ");
    datum_of(p, page->from, "rests_on_embed");
    dom_text(p, n->of == 1 ? " post that is public or refused; its page"
                           : " posts that are public or "
                             "refused; their page");
    dom_text(p, " itself gave no answer that decides. Such a post has page_witness embed in "
                "labels.csv.");
}

static void disagree(xmlNode *part, struct html_page *page)
{
    const struct number *n = numbers_find(&page->s->numbers, STR("witnesses_disagree"));
    xmlNode *p;

    if (!n || !n->of)
        return;
    p = dom_add(part, "p");
    dom_text(p, "Witnesses that disagree: of ");
    datum_of(p, page->from, "witnesses_disagree");
    dom_text(p, n->of == 1 ? " post that its page refused and whose embed page answered since, the "
                             "embed page shows "
                           : " posts that their page refused and whose embed page answered since, "
                             "the embed page shows ");
    datum_n(p, page->from, "witnesses_disagree");
    dom_text(p, ". The first suspicion is that the page hangs on where it was read; such a post "
                "counts as refused from here, not as deleted or private.");
}

static void witnesses(xmlNode *part, struct html_page *page)
{
    static const char *const heads[] = { "witness",  "#asked",   "#public",
                                         "#refused", "#blocked", "#no answer" };
    const struct summary *s = page->s;
    xmlNode *tbody = NULL;

    for (int w = 0; w < WITNESS_COUNT; w++) {
        const struct witness_said *said = &s->said[w];
        const char *name = witness_name((enum witness)w);
        char words[TEXT_MAX];
        xmlNode *row;

        if (!said->asked)
            continue;
        if (!tbody)
            tbody = dom_table(part,
                              "What each of the site\u2019s witnesses said, reading by reading. A "
                              "block (a challenge, a captcha) says nothing of a post.",
                              HEADS(heads));
        row = dom_row(tbody, str_of(text_words(str_of(name), words)));
        html_count(row, page, said->asked, "/witnesses/%s/asked", name);
        html_count(row, page, said->is_public, "/witnesses/%s/public", name);
        html_count(row, page, said->refused, "/witnesses/%s/refused", name);
        html_count(row, page, said->blocked, "/witnesses/%s/blocked", name);
        html_count(row, page, said->no_answer, "/witnesses/%s/no_answer", name);
    }
    disagree(part, page);
    rests_on_embed(part, page);
}

static void requests(xmlNode *part, struct html_page *page)
{
    static const char *const heads[] = { "witness", "#requests", "#sent, with repeats", "#failed" };
    const struct summary *s = page->s;
    xmlNode *tbody = dom_table(part,
                               "What was asked of whom; each send to the API is charged to the "
                               "day\u2019s quota.",
                               HEADS(heads));

    for (int w = 0; w < WITNESS_COUNT; w++) {
        const struct request_count *c = &s->request[w];
        const char *name = witness_name((enum witness)w);
        char words[TEXT_MAX];
        xmlNode *row;

        if (c->requests == 0 && c->sends == 0)
            continue;
        row = dom_row(tbody, str_of(text_words(str_of(name), words)));
        html_count(row, page, c->requests, "/requests/%s/requests", name);
        html_count(row, page, c->sends, "/requests/%s/sends", name);
        html_count(row, page, c->failed, "/requests/%s/failed", name);
    }
    witnesses(part, page);
    outages(part, page);
}

static bool has_requests(const struct summary *s) { return s->newest_answer_at || s->outages; }

/* ---- plan and actual ---- */

static void span(xmlNode *row, const struct span *x, int phase, const char *when, const char *of)
{
    xmlNode *td = dom_class(row, "td", "n"), *between;
    char text[TEXT_MAX];

    datum_at(td, text_count(x->mid, text), (double)x->mid, "/plan/phases/%d/%s/%s/expected", phase,
             when, of);
    if (x->low == x->high)
        return;
    between = dom_class(td, "div", "soft");
    datum_at(between, text_count(x->low, text), (double)x->low, "/plan/phases/%d/%s/%s/low", phase,
             when, of);
    dom_text(between, " to ");
    datum_at(between, text_count(x->high, text), (double)x->high, "/plan/phases/%d/%s/%s/high",
             phase, when, of);
}

static void planned(xmlNode *row, const struct plan_kept *kept, int p, const char *when)
{
    if (!kept->known) {
        dom_number(row, "-");
        dom_number(row, "-");
        return;
    }
    span(row, &kept->phase[p].calls, p, when, "requests");
    span(row, &kept->phase[p].days, p, when, "days");
}

static void plan(xmlNode *part, struct html_page *page)
{
    static const char *const heads[] = { "phase", "#calls planned before",
                                         "#days", "#planned after the first round",
                                         "#days", "#calls sent",
                                         "#days" };
    const struct phases *all = &page->s->phases;
    xmlNode *tbody, *p;
    char text[TEXT_MAX];

    if (!all->before.known && !all->after.known) {
        dom_p(part,
              "No plan was kept: this audit asked nothing, or was begun by an older version.");
        return;
    }
    if (all->before.known) {
        p = dom_add(part, "p");
        dom_text(p, "Planned before the first request, for ");
        datum_at(p, text_count(all->before.items, text), (double)all->before.items,
                 "/plan/items_before");
        dom_printf(p,
                   " %s, and again when the first round had closed; small is the range. Calls "
                   "that were repeated after a failure are in no plan, but were sent.",
                   plural(all->before.items, "post", "posts"));
    }
    tbody = dom_table(part,
                      "Calls and UTC days by phase; pages, embed pages and oEmbed are calls of the "
                      "public site, the others of the API.",
                      HEADS(heads));
    for (int i = 0; i < PHASE_COUNT; i++) {
        xmlNode *row, *th;

        if (!phases_has(all, (enum phase)i))
            continue;
        row = dom_add(tbody, "tr");
        th = dom_add(row, "th");
        dom_attr(th, "scope", "row");
        dom_text(dom_class(th, "code", "name"), phase_words((enum phase)i));
        planned(row, &all->before, i, "before");
        planned(row, &all->after, i, "after_round_1");
        html_count(row, page, all->done[i].calls, "/plan/phases/%d/actual/requests", i);
        html_count(row, page, all->done[i].days, "/plan/phases/%d/actual/days", i);
    }
}

/* ---- batches ---- */

static void forensic(xmlNode *part, struct html_page *page)
{
    const struct batches *b = &page->s->batches;
    char text[TEXT_MAX];
    xmlNode *p;

    for (int i = 0; i < 2; i++) {
        const struct forensic_row *f = &b->forensic[i];

        if (!f->batches)
            continue;
        p = dom_add(part, "p");
        dom_text(p, "Of ");
        datum_count_at(p, page->from, f->canaries, "/batches/forensic/%d/canaries", i);
        dom_printf(p, " %s sent beside ids that are %s, ",
                   plural(f->canaries, "canary", "canaries"),
                   i ? "public and never returned" : "not public");
        datum_count_at(p, page->from, f->lost, "/batches/forensic/%d/lost", i);
        dom_printf(p, " %s lost.", plural(f->lost, "was", "were"));
    }
    if (!b->bad)
        return;
    p = dom_add(part, "p");
    dom_text(p, "In the windows below canaries were lost more often than chance explains, of ");
    datum_at(p, text_count(b->window_days, text), (double)b->window_days,
             "/batches/windows_by_day");
    dom_text(p, " windows and days that lost any.");
}

static void batches(xmlNode *part, struct html_page *page)
{
    static const char *const heads[] = { "batch-mates", "other ids never returned",
                                         "size",        "#asks lost",
                                         "#asks kept",  "#a loss has probability",
                                         "#from",       "#to" };
    static const struct {
        const char *word, *text;
    } sizes[] = {
        { "alone", "one id" },
        { "few", "up to twenty ids" },
        { "full", "more" },
    };
    const struct batches *b = &page->s->batches;
    xmlNode *tbody;

    forensic(part, page);
    tbody = dom_table(part,
                      "Asks of posts that came back after an absence, and of canaries (those found "
                      "at once weigh a quarter), by what else was in the batch. Sound mates: every "
                      "other id was public, and a canary came back. From and to: 95 %.",
                      HEADS(heads));
    for (size_t i = 0; i < b->len; i++) {
        const struct batch_row *r = &b->row[i];
        char a[TEXT_MAX];
        xmlNode *row = dom_row(tbody, str_of(text_mates(r->mates)));

        dom_cell(row, r->never ? "yes" : "no");
        for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++)
            if (str_eq(str_of(r->size), str_of(sizes[k].word)))
                dom_cell(row, sizes[k].text);
        datum_at(dom_class(row, "td", "n"), text_estimate(r->lost, a), r->lost,
                 "/batches/make_ups/%zu/lost", i);
        datum_at(dom_class(row, "td", "n"), text_estimate(r->kept, a), r->kept,
                 "/batches/make_ups/%zu/kept", i);
        html_share(row, page, r->loss, INT64_MAX, "/batches/make_ups/%zu/loss", i);
        html_share(row, page, r->interval.low, INT64_MAX, "/batches/make_ups/%zu/loss_95/0", i);
        html_share(row, page, r->interval.high, INT64_MAX, "/batches/make_ups/%zu/loss_95/1", i);
    }
}

static bool has_batches(const struct summary *s) { return s->batches.len > 0; }

/* ---- pages, blocks, what is new ---- */

static void drift_table(xmlNode *part, struct html_page *page, bool yields, const char *caption)
{
    static const char *const heads[] = { "kind", "name", "#times", "first (UTC)", "last (UTC)" };
    const struct summary *s = page->s;
    xmlNode *tbody = NULL;

    for (size_t i = 0; i < s->drifts; i++) {
        const struct drift_row *d = &s->drift[i];
        char words[TEXT_MAX];
        xmlNode *row;

        if (summary_is_yield(d) != yields)
            continue;
        if (!tbody)
            tbody = dom_table(part, caption, HEADS(heads));
        row = dom_row(tbody, str_of(text_words(d->kind, words)));
        dom_str(dom_add(dom_add(row, "td"), "code"), d->name);
        datum_at(dom_class(row, "td", "n"), text_count(d->count, words), (double)d->count,
                 "/drift/%zu/count", i);
        html_instant(row, d->first_at, "");
        html_instant(row, d->last_at, "");
    }
}

static bool has_yields(const struct summary *s)
{
    for (size_t i = 0; i < s->drifts; i++)
        if (summary_is_yield(&s->drift[i]))
            return true;
    return false;
}

static bool has_news(const struct summary *s)
{
    for (size_t i = 0; i < s->drifts; i++)
        if (!summary_is_yield(&s->drift[i]))
            return true;
    return false;
}

static void pages(xmlNode *part, struct html_page *page)
{
    drift_table(part, page, true,
                "Page answers by the generation of the page, and pages without an answer by what "
                "stood in their place: a block is never read as an answer.");
}

static void news(xmlNode *part, struct html_page *page)
{
    drift_table(part, page, false,
                "Codes, keys and shapes never seen before, or gone; they may change what a label "
                "means.");
}

/* ---- the validity check ---- */

static int64_t validity_answers(const struct summary *s)
{
    int64_t n = 0;

    for (int i = 0; summary_validation_nodes[i] != NODE_COUNT; i++)
        n += s->validation[summary_validation_nodes[i]][VALIDATION_VALID] +
             s->validation[summary_validation_nodes[i]][VALIDATION_NOT_VALID];
    return n;
}

static bool has_validity(const struct summary *s) { return validity_answers(s) > 0; }

static void validity(xmlNode *part, struct html_page *page)
{
    static const char *const heads[] = { "by the query", "#valid", "#not valid", "#not asked" };
    const struct summary *s = page->s;
    xmlNode *p = dom_add(part, "p"), *tbody;

    dom_text(p, "The platform offers a second answer about an id: a task that takes many and "
                "returns those that are still valid. For ");
    datum_count_at(p, page->from, s->validation_against_query, "/validation/against_query");
    dom_printf(p,
               " %s it says otherwise than the query: returned but not valid, or missing but "
               "valid.",
               plural(s->validation_against_query, "post", "posts"));
    tbody = dom_table(
        part,
        "Posts by the verdict that rests on the query, and by the validity check\u2019s "
        "last answer; column validation of labels.csv.",
        HEADS(heads));
    for (int i = 0; summary_validation_nodes[i] != NODE_COUNT; i++) {
        const enum node node = summary_validation_nodes[i];
        const int64_t *n = s->validation[node];
        const char *name = node_name(node);
        xmlNode *row = dom_row(tbody, str_of(html_node_words(node)));

        html_count(row, page, n[VALIDATION_VALID], "/validation/%s/valid", name);
        html_count(row, page, n[VALIDATION_NOT_VALID], "/validation/%s/not_valid", name);
        html_count(row, page, n[VALIDATION_NONE], "/validation/%s/not_asked", name);
    }
}

/* ---- settings, versions, digests ---- */

static void code_row(xmlNode *tbody, const char *name, struct str value)
{
    xmlNode *row = dom_row(tbody, str_of(name));

    dom_str(dom_add(dom_add(row, "td"), "code"), value);
}

static void settings(xmlNode *part, struct html_page *page)
{
    static const char *const names[] = { "", "value" }, *const heads[] = { "setting", "value" };
    const struct summary *s = page->s;
    xmlNode *tbody = dom_table(part, "What made this report.", HEADS(names));

    code_row(tbody, "tool", s->tool);
    code_row(tbody, "audit", s->audit);
    code_row(tbody, "rules.ini, SHA-256", s->rules_digest);
    if (s->archived.records) {
        xmlNode *row = dom_row(tbody, STR("archive: files, records, bytes")), *td;
        char text[TEXT_MAX];

        td = dom_add(row, "td");
        datum_at(td, text_count(s->archived.files, text), (double)s->archived.files,
                 "/evidence/files");
        dom_text(td, ", ");
        datum_at(td, text_count(s->archived.records, text), (double)s->archived.records,
                 "/evidence/records");
        dom_text(td, ", ");
        datum_at(td, text_count(s->archived.bytes, text), (double)s->archived.bytes,
                 "/evidence/bytes");
        code_row(tbody, "archive, SHA-256", s->archived.digest);
        row = dom_row(tbody, STR("archive verified (UTC)"));
        html_instant(row, s->archived.verified_at, "not yet");
    }
    tbody = dom_table(part, "The settings of this run.", HEADS(heads));
    for (size_t i = 0; i < s->settings; i++) {
        xmlNode *row = dom_add(tbody, "tr"), *th = dom_add(row, "th");

        dom_attr(th, "scope", "row");
        dom_str(dom_add(th, "code"), s->setting[i].name);

        dom_str(dom_add(dom_add(row, "td"), "code"), s->setting[i].value);
    }
}

const struct html_part html_run[] = {
    { "requests", "Requests", "Requests", requests, has_requests },
    { "plan", "Plan and actual", "Plan and actual", plan, NULL },
    { "batches", "Batches", "What batches lose", batches, has_batches },
    { "pages", "Pages and blocks", "What the pages gave", pages, has_yields },
    { "news", "What is new", "What the platform sent that this version does not know", news,
      has_news },
    { "validation", "Validity check", "The platform\u2019s own validity check", validity,
      has_validity },
    { "settings", "Settings and versions", "Settings, versions, digests", settings, NULL },
    { 0 },
};
