/* report/html_accounts.c: the section of index.html about accounts of which nothing came. */
#include <stdio.h>
#include "report/html_part.h"

#define SHOWN 50
#define NEAR 0.2    // a silence as likely as this is none to speak of

static const char *const known_words[USER_INFO_COUNT] = { "not asked", "yes",
                                                          "cannot find the user",
                                                          "cannot return the user" };

static void put_row(xmlNode *tbody, struct html_page *page, size_t i)
{
    const struct account_row *r = &page->s->accounts.row[i];
    char name[ALIAS_MAX];
    xmlNode *row = dom_add(tbody, "tr"), *th = dom_add(row, "th");

    dom_attr(th, "scope", "row");
    dom_str(dom_add(th, "code"),
            r->handle.n ? alias_of(&page->look->alias, r->handle, name) : STR("(no handle)"));
    html_count(row, page, r->items, "/accounts/listed/%zu/items", i);
    html_count(row, page, r->trials, "/accounts/listed/%zu/trials", i);
    html_count(row, page, r->retrieved, "/accounts/listed/%zu/retrieved", i);
    html_share(row, page, r->canada, r->trials, "/accounts/listed/%zu/canada", i);
    html_chance(row, r->chance, "/accounts/listed/%zu/chance", i);
    html_chance(row, r->q, "/accounts/listed/%zu/q", i);
    dom_cell(row, known_words[r->info]);
    if (r->query_ok)
        html_count(row, page, r->query_rows, "/accounts/listed/%zu/username_rows", i);
    else
        dom_number(row, "-");
}

static bool is_shown(const struct account_row *r, enum account_verdict v)
{
    return r->verdict == v && (v == ACCOUNT_EXCLUDED || (r->chance >= 0 && r->chance < NEAR));
}

static void list(xmlNode *part, struct html_page *page, enum account_verdict v, const char *caption)
{
    static const char *const heads[] = { "account",
                                         "#posts",
                                         "#on trial",
                                         "#returned",
                                         "#created in Canada",
                                         "#chance",
                                         "#q",
                                         "does the API know it?",
                                         "#rows by username" };
    const struct accounts *a = &page->s->accounts;
    xmlNode *tbody = NULL;
    int shown = 0;

    for (size_t i = 0; i < a->len && shown < SHOWN; i++) {
        if (!is_shown(&a->row[i], v))
            continue;
        if (!tbody)
            tbody = dom_table(part, caption, HEADS(heads));
        put_row(tbody, page, i);
        shown++;
    }
}

/* What the API itself says of the accounts that are called excluded. */
static void asked_by_name(xmlNode *part, struct html_page *page)
{
    const struct accounts *a = &page->s->accounts;
    const int64_t *n = a->info[ACCOUNT_EXCLUDED];
    xmlNode *p;

    if (n[USER_INFO_KNOWN] + n[USER_INFO_UNKNOWN] + n[USER_INFO_DENIED] + a->queried == 0)
        return;
    p = dom_add(part, "p");
    dom_text(p, "The API was asked about the excluded accounts by name: ");
    datum_count_at(p, page->from, n[USER_INFO_KNOWN], "/accounts/excluded_by_user_info/known");
    dom_text(p, " it knows, ");
    datum_count_at(p, page->from, n[USER_INFO_UNKNOWN], "/accounts/excluded_by_user_info/unknown");
    dom_text(p, " it cannot find, of ");
    datum_count_at(p, page->from, n[USER_INFO_DENIED], "/accounts/excluded_by_user_info/denied");
    dom_text(p, " it cannot return the information. A query by the username, over the window that "
                "holds most of an account\u2019s posts, was answered for ");
    datum_count_at(p, page->from, a->queried,
                   "/accounts/excluded_by_user_info/queried_by_username");
    dom_text(p, " of them, for ");
    datum_count_at(p, page->from, a->queried_none,
                   "/accounts/excluded_by_user_info/queried_without_a_row");
    dom_text(p, " of these without a single post.");
}

static void in_words(xmlNode *part, struct html_page *page)
{
    const struct accounts *a = &page->s->accounts;
    xmlNode *p = dom_add(part, "p");
    char text[TEXT_MAX];

    dom_text(p, "The posts belong to ");
    datum_count_at(p, page->from, a->accounts, "/accounts/count");
    dom_printf(p, " %s. Of ", plural(a->accounts, "account", "accounts"));
    datum_count_at(p, page->from, a->verdict[ACCOUNT_EXCLUDED], "/accounts/verdicts/excluded");
    dom_text(p, " the API returned nothing though chance does not explain it: at least ");
    datum_at(p, text_count(a->min_items, text), (double)a->min_items, "/accounts/min_items");
    dom_text(p, " public posts, none of them returned, at a false discovery rate of one in twenty. "
                "They are called excluded.");
    p = dom_class(part, "p", "soft");
    dom_text(p, "Counted as in the published audit: ");
    datum_count_at(p, page->from, a->published_accounts, "/accounts/published_way/accounts");
    dom_text(p, " accounts with five posts or more, of ");
    datum_count_at(p, page->from, a->published_none, "/accounts/published_way/none_retrieved");
    dom_text(p, " of them none came back, of these ");
    datum_count_at(p, page->from, a->published_none_canada,
                   "/accounts/published_way/of_which_canada");
    dom_text(p, " from Canada. At other accounts ");
    datum_share_at(p, page->from, a->rate, a->with_key_items, "/accounts/rate");
    dom_text(p,
             " of the posts come back; posts of one account hang together with a correlation of ");
    snprintf(text, sizeof text, "%.3f", a->rho);
    datum_at(p, text, a->rho, "/accounts/rho");
    dom_text(p, ".");
}

static void spread(xmlNode *part, struct html_page *page)
{
    static const char *const words[ACCOUNT_BINS] = {
        "none",      "to a tenth",    "to two tenths",   "to three tenths", "to four tenths",
        "to a half", "to six tenths", "to seven tenths", "to eight tenths", "to nine tenths",
        "below all", "all",
    };
    static const char *const heads[] = { "of its public posts came back", "#accounts", "" };
    const struct accounts *a = &page->s->accounts;
    int64_t most = 0;
    xmlNode *tbody, *caption;

    for (int b = 0; b < ACCOUNT_BINS; b++)
        most = a->bin[b] > most ? a->bin[b] : most;
    if (!most)
        return;
    tbody = dom_table(part, "Accounts with posts enough, by how much of them the API returned.",
                      HEADS(heads));
    caption = tbody->parent;
    dom_attr(caption, "class", "short");
    for (int b = 0; b < ACCOUNT_BINS; b++) {
        xmlNode *row = dom_row(tbody, str_of(words[b]));

        html_count(row, page, a->bin[b], "/accounts/by_share_retrieved/%s", account_bin_name(b));
        chart_bar_cell(
            row, &(struct chart_bar){ .share = (double)html_drawn(page, a->bin[b]) / (double)most,
                                      .meaning = b == 0                  ? MEANING_UNEXPLAINED
                                                 : b == ACCOUNT_BINS - 1 ? MEANING_RETURNED
                                                                         : MEANING_LATE });
    }
}

static void accounts(xmlNode *part, struct html_page *page)
{
    if (page->s->accounts.accounts == 0) {
        dom_p(part, "No post belongs to a known account yet.");
        return;
    }
    in_words(part, page);
    list(part, page, ACCOUNT_EXCLUDED,
         "Accounts called excluded. On trial: public posts that no earlier rule explains. Chance: "
         "the probability that none of these comes back; q: the same, corrected for how many "
         "accounts were looked at.");
    asked_by_name(part, page);
    list(part, page, ACCOUNT_CHANCE,
         "Near misses: none of their posts came back, and chance may still explain it.");
    spread(part, page);
    html_figure(part, page, FIGURE_ACCOUNTS);
}

static bool has_accounts(const struct summary *s) { return s->accounts.accounts > 0; }

const struct html_part html_accounts[] = {
    { "accounts", "Accounts", "Accounts of which nothing came", accounts, has_accounts },
    { 0 },
};
