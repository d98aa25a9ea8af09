/* report/html_run.c: the sections of index.html that say how it was found: what
 * is open, what batches lose, the validity check, requests, the plan, settings. */
#include "report/html_part.h"
#include "report/summary.h"

static void drift_table(xmlNode *part, const struct summary *s, bool yields, const char *head,
                        const char *caption)
{
    static const char *const heads[] = { "kind", "name", "#times", "first (UTC)", "last (UTC)" };
    xmlNode *tbody = NULL;

    for (size_t i = 0; i < s->drifts; i++) {
        const struct drift_row *d = &s->drift[i];
        xmlNode *row;

        if (summary_is_yield(d) != yields)
            continue;
        if (!tbody) {
            dom_text(dom_add(part, "h3"), head);
            tbody = dom_table(part, caption, HEADS(heads));
        }
        row = dom_row(tbody, d->kind);
        dom_str(dom_add(dom_add(row, "td"), "code"), d->name);
        html_number(row, d->count);
        html_instant(row, d->first_at, "");
        html_instant(row, d->last_at, "");
    }
}

static void open_items(xmlNode *part, struct html_page *page)
{
    static const char *const heads[] = { "reason", "#items", "due first (UTC)", "due last (UTC)" };
    const struct summary *s = page->s;
    xmlNode *tbody;

    if (s->dues == 0)
        dom_p(part, "Nothing is open.");
    else {
        tbody = dom_table(part, "Items without a verdict, and when they can get one.",
                          HEADS(heads));
        for (size_t i = 0; i < s->dues; i++) {
            xmlNode *row = dom_row(tbody, str_of(reason_name(s->due[i].reason)));

            html_number(row, s->due[i].count);
            html_instant(row, s->due[i].first_at,
                         s->due[i].reason == REASON_RULE_GAVE_UP ? "once the rule is simpler"
                                                                 : "given up or not planned");
            html_instant(row, s->due[i].last_at, "");
        }
    }
    for (size_t i = 0; i < s->rules; i++)
        html_story(part, s, STORY_GAVE_UP, i);
    drift_table(part, s, true, "What the pages gave",
                "Page answers by the generation of the page, and pages without an answer by what "
                "stood in their place.");
    drift_table(
        part, s, false, "What the platform sent that this version does not know",
        "Codes, keys and shapes never seen before, or gone; they may change what a label means.");
}

static void batches(xmlNode *part, struct html_page *page)
{
    static const char *const heads[] = { "batch-mates", "other ids never returned",
                                         "ids",        "#asks lost",
                                         "#of",        "#a loss has probability",
                                         "#95 % from", "#to" };
    const struct summary *s = page->s;
    const struct batches *b = &s->batches;
    xmlNode *tbody;

    if (!b->len) {
        dom_p(part, "Nothing was asked twice yet.");
        return;
    }
    html_story(part, s, STORY_FORENSIC, 0);
    tbody = dom_table(part,
                      "Asks of items that came back after an absence, and of canaries (those found "
                      "at once weigh a quarter), by what else was in the batch. Sound mates: every "
                      "other id was public, and a canary came back.",
                      HEADS(heads));
    for (size_t i = 0; i < b->len; i++) {
        const struct batch_row *r = &b->row[i];
        char a[TEXT_MAX];
        xmlNode *row = dom_row(tbody, str_of(text_mates(r->mates)));

        dom_cell(row, r->never ? "yes" : "no");
        dom_cell(row, r->size);
        dom_number(row, text_estimate(r->lost, a));
        dom_number(row, text_estimate(r->lost + r->kept, a));
        dom_number(row, text_percent(r->loss, a));
        dom_number(row, text_percent(r->interval.low, a));
        dom_number(row, text_percent(r->interval.high, a));
    }
}

static void validation(xmlNode *part, struct html_page *page)
{
    static const char *const heads[] = { "the query's verdict", "#valid", "#not valid",
                                         "#not asked" };
    const struct summary *s = page->s;
    xmlNode *tbody;
    int64_t answered = 0;
    char text[TEXT_MAX], all[TEXT_MAX];

    for (int i = 0; summary_validation_nodes[i] != NODE_COUNT; i++)
        answered += s->validation[summary_validation_nodes[i]][VALIDATION_VALID] +
                    s->validation[summary_validation_nodes[i]][VALIDATION_NOT_VALID];
    if (!answered) {
        dom_p(part, "It was not asked in this audit (setting api.validation).");
        return;
    }
    dom_printf(dom_add(part, "p"),
               "The platform offers a second answer about an id: a task that takes up to 10,000 of "
               "them and returns those that are still valid. It answered for %s %s here; for %s of "
               "them it says otherwise than the query: returned but not valid, or missing but "
               "valid.",
               text_count(answered, all), plural(answered, "item", "items"),
               text_count(s->validation_against_query, text));
    tbody = dom_table(part,
                      "Items by the verdict that rests on the query, and by the validity check's "
                      "last answer; column validation of labels.csv.",
                      HEADS(heads));
    for (int i = 0; summary_validation_nodes[i] != NODE_COUNT; i++) {
        const int64_t *n = s->validation[summary_validation_nodes[i]];
        xmlNode *row = dom_row(tbody, str_of(node_name(summary_validation_nodes[i])));

        html_number(row, n[VALIDATION_VALID]);
        html_number(row, n[VALIDATION_NOT_VALID]);
        html_number(row, n[VALIDATION_NONE]);
    }
}

static void requests(xmlNode *part, struct html_page *page)
{
    static const char *const heads[] = { "witness", "#requests", "#sent, with repeats", "#failed" };
    const struct summary *s = page->s;
    xmlNode *tbody;

    tbody = dom_table(part,
                      "What was asked of whom; each send to the API is charged to the day's quota.",
                      HEADS(heads));
    for (int w = 0; w < WITNESS_COUNT; w++) {
        const struct request_count *c = &s->request[w];
        xmlNode *row;

        if (c->requests == 0 && c->sends == 0)
            continue;
        row = dom_row(tbody, str_of(witness_name((enum witness)w)));
        html_number(row, c->requests);
        html_number(row, c->sends);
        html_number(row, c->failed);
    }
    for (size_t i = 0; i < s->outages; i++)
        html_story(part, s, STORY_OUTAGE, i);
    html_figure(part, page, FIGURE_TIMELINE,
                  "Bars by day: requests to the API, items asked and returned, pages read.");
}

static void planned(xmlNode *row, const struct plan_kept *kept, enum phase p)
{
    char text[SPAN_MAX];

    dom_number(row, kept->known ? text_span(&kept->phase[p].calls, text) : "-");
    dom_number(row, kept->known ? text_span(&kept->phase[p].days, text) : "-");
}

static void plan(xmlNode *part, struct html_page *page)
{
    static const char *const heads[] = { "phase", "#calls planned before",
                                         "#days", "#calls planned after round 1",
                                         "#days", "#calls sent",
                                         "#days" };
    const struct summary *s = page->s;
    xmlNode *tbody;
    const struct phases *all = &s->phases;
    char text[TEXT_MAX];

    if (!all->before.known && !all->after.known) {
        dom_p(part,
              "No plan was kept: this audit asked nothing, or was begun by an older version.");
        return;
    }
    if (all->before.known)
        dom_printf(dom_add(part, "p"),
                   "Planned before the first request, for %s %s, and again when round 1 had "
                   "closed; in brackets the range. Calls that were repeated after a failure are in "
                   "no plan, but were sent.",
                   text_count(all->before.items, text), plural(all->before.items, "item", "items"));
    tbody = dom_table(part,
                      "Calls and UTC days by phase; pages and oEmbed are calls of the public site, "
                      "the others of the API.",
                      HEADS(heads));
    for (int p = 0; p < PHASE_COUNT; p++) {
        xmlNode *row;

        if (!phases_has(all, (enum phase)p))
            continue;
        row = dom_row(tbody, str_of(phase_words((enum phase)p)));
        planned(row, &all->before, (enum phase)p);
        planned(row, &all->after, (enum phase)p);
        html_number(row, all->done[p].calls);
        html_number(row, all->done[p].days);
    }
}

static void settings(xmlNode *part, struct html_page *page)
{
    static const char *const heads[] = { "setting", "value" };
    const struct summary *s = page->s;
    xmlNode *p, *tbody;

    p = dom_add(part, "p");
    dom_text(p, "SHA-256 of rules.ini: ");
    dom_str(dom_add(p, "code"), s->rules_digest);
    tbody = dom_table(part, "The settings of this run.", HEADS(heads));
    for (size_t i = 0; i < s->settings; i++) {
        xmlNode *row = dom_row(tbody, s->setting[i].name);

        dom_str(dom_add(dom_add(row, "td"), "code"), s->setting[i].value);
    }
}

const struct html_part html_run[] = {
    { "open", "Still open", "Still open", open_items },
    { "batches", "Batches", "What batches lose", batches },
    { "validation", "Validity check", "The platform's own validity check", validation },
    { "requests", "Requests", "Requests", requests },
    { "plan", "Plan and actual", "Plan and actual", plan },
    { "settings", "Settings", "Settings", settings },
    { NULL, NULL, NULL, NULL },
};
