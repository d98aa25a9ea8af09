/* cmd/topics.c: what `help TOPIC` tells: settings, columns, names and labels from their lists, and
 * exit codes, environment and files, which stand here. */
#include <stdio.h>
#include <string.h>
#include "base/words.h"
#include "cmd/help.h"
#include "record/label.h"
#include "record/settings.h"
#include "report/column.h"

struct told {
    const char *name, *text;
};

/* ---- exit codes ---- */

static const struct {
    int code;
    const char *of;    // NULL: of every command; else their names with | between
    const char *text;
    bool locks;        // of those alone that may have to wait for another process
} exit_codes[] = {
    { 0, NULL, "done", false },
    { 1, "check", "a claim fails", false },
    { 1, "compare", "broken items outweigh fixed ones beyond chance", false },
    { 2, NULL, "usage, settings or input: the sentence on standard error says what was expected",
      false },
    { 3, "fetch|scrape|audit|doctor|monitor run",
      "unfinished: run it again from the printed time on (quota, waiting day, blocked, an API that "
      "answers nothing to anybody)", false },
    { 3, NULL, "another blindspot works on this audit: run it again when that has ended", true },
    { 4, "fetch|scrape|audit|doctor|monitor run",
      "a person must act: the API does not take the key or its scope", false },
    { 3, "monitor alert", "the program did not take an event: the next run tells it again", false },
    { 3, "export", "an authority for time stamps does not answer; no bundle was written", false },
    { 4, "export", "the SSH key does not sign; no bundle was written", false },
    { 5, NULL, "this machine: disk, permissions, store", false },
    { 5, "verify", "something is broken; its name, place and what it touches are printed", false },
    { 6, "check", "no claim fails, and one is undecided", false },
    { 130, NULL, "interrupted; what came in is kept", false },
    { 141, NULL, "whoever read standard output has left, as `head` does; nothing is said", false },
};

void topic_exit_codes(struct sheet *s, const struct command *c)
{
    for (size_t i = 0; i < sizeof exit_codes / sizeof *exit_codes; i++) {
        const char *of = exit_codes[i].of;
        struct buf tag = { 0 }, text = { 0 };

        if (c && ((of && !words_has(of, str_of(c->name))) ||
                  (exit_codes[i].locks && c->need < NEED_LABELS)))
            continue;
        buf_printf(&tag, "`%d`", exit_codes[i].code);
        if (of && !c) {
            buf_puts(&text, "of ");
            words_list(&text, of);
            buf_puts(&text, ": ");
        }
        buf_puts(&text, exit_codes[i].text);
        sheet_entry(s, buf_cstr(&tag), buf_cstr(&text));
        buf_release(&text);
        buf_release(&tag);
    }
    sheet_list(s);
}

static void put_exit(struct sheet *s)
{
    topic_exit_codes(s, NULL);
    sheet_prose(s, "`audit` is done when every item is decided or given up. Items that are too "
                   "recent are named with their date, and do not keep it unfinished.");
}

/* ---- environment and files ---- */

static void put_told(struct sheet *s, const struct told *t)
{
    for (; t->name; t++)
        sheet_entry(s, t->name, t->text);
    sheet_list(s);
}

static void put_environment(struct sheet *s)
{
    static const struct told list[] = {
        { "`BLINDSPOT_CLIENT_KEY`, `BLINDSPOT_CLIENT_SECRET`",
          "the client key and secret of the Research API. They appear in no log, store, report or "
          "archive." },
        { "`BLINDSPOT_CLIENT_KEY_FILE`, `BLINDSPOT_CLIENT_SECRET_FILE`",
          "files that hold them, in one line each; read where the variable above is not set" },
        { "`BLINDSPOT_PROXY`",
          "as `page.proxy`, where that is empty: it keeps a proxy's password out of settings and "
          "process listings. Names and passwords of proxies appear in no log, store, report or "
          "archive. Other proxies of the environment (`http_proxy` and the like) are not used." },
        { "`XDG_STATE_HOME`", "below it lies the ledger of the quota; where it is not set, below "
                              "$HOME/.local/state" },
        { "`NO_COLOR`", "where it is set and not empty, no colours" },
        { "`BLINDSPOT_CLOCK`",
          "a file that holds the time, for tests: seconds since 1970 or RFC 3339. It replaces the "
          "clock, and every wait returns at once. Refused unless `api.base_url`, `page.base_url` "
          "and `page.short_url` all are loopback addresses." },
        { NULL, NULL },
    };

    put_told(s, list);
}

static void put_files(struct sheet *s)
{
    static const struct told below[] = {
        { "`blindspot.ini`", "the settings, each with one line of explanation" },
        { "`rules.ini`", "the rules that label a gap, tried from top to bottom. Its head explains "
                         "the form; after an edit, `blindspot classify` relabels what is stored." },
        { "`company_handles.txt`",
          "handles of the platform's own accounts, one a line; a list that a rule refers to" },
        { "`audit.db`", "SQLite: items, requests, answers, records, differences, labels; "
                        "`audit.db-lock` beside it lets one blindspot at a time work on the "
                        "audit" },
        { "`evidence/*.warc.gz`", "what the pages and the API really sent" },
        { "`review/`", "sheets for coders, and their codebook (`blindspot review`)" },
        { "`report/index.html`", "what was found, in one page that needs no network and no "
                                 "script" },
        { "`report/method.html`", "how it was found: requests, plan and actual, batches, blocks, "
                                  "settings, what came in" },
        { "`report/items.html`",
          "all items in a table that can be searched, filtered and ordered; what it shows stands "
          "behind # in its address, as in items.html#missing-public. From 1,000,000 items on, a "
          "page for each bucket" },
        { "`report/labels.csv`", "one row for each item, sorted by id (`blindspot help columns`)" },
        { "`report/differences.csv`",
          "one row for each field on which the two sides disagree; of a counter that differs the "
          "rule (single, impossible, joint), the factor needed and the factor allowed; of a handle "
          "that is within, renamed: both are of one account" },
        { "`report/summary.json`", "every number of the report, named, with its bounds" },
        { "`report/ids/NAME.txt`", "the ids behind a number of that name, one a line" },
        { "`report/cases/`", "a case file for every item: what was asked, answered and decided" },
        { "`report/datapackage.json`",
          "what each column of the CSV files means; `load.py`, `load.R` and `load.sql` read them "
          "with ids exact" },
        { "`report/tables.xlsx`", "the same tables as a workbook, with `report --xlsx`" },
        { "`report/figures/`", "each figure as SVG, PDF and PNG, with its data (TSV), its "
                               "gnuplot script, and its values in words (TXT)" },
        { NULL, NULL },
    };
    static const struct told outside[] = {
        { "`$XDG_STATE_HOME/blindspot/quota.db`",
          "calls by day and digest of the client key, shared by all audits of a user" },
        { "`$XDG_STATE_HOME/blindspot/purge-AUDIT.key`",
          "the key of an audit's pseudonyms, made by the first purge; without it nobody can tell "
          "which id one had" },
        { NULL, NULL },
    };

    sheet_prose(s, "Below the audit's folder:");
    put_told(s, below);
    sheet_prose(s, "Outside of it:");
    put_told(s, outside);
}

/* ---- settings ---- */

/* "[1..100]", "[pages|extract|none]"; nothing where any text may stand. */
static void takes(struct buf *out, const struct setting_info *t)
{
    static const char *const plain[] = { "TEXT", "FILE", "URL", "PROXIES", "NAME", "WORD", NULL };

    if (!strcmp(t->takes, "RATE"))
        buf_puts(out, " [above 0]");
    else if (!strcmp(t->takes, "PROBABILITY"))
        buf_puts(out, " [between 0 and 1]");
    else if (!str_is_one_of(str_of(t->takes), plain))
        buf_printf(out, " [%s]", t->takes);
}

static void put_setting(struct sheet *s, const struct setting_info *t, bool whole)
{
    struct buf tag = { 0 }, text = { 0 };

    buf_printf(&tag, "`%s%s%s` = %s", whole ? t->section : "", whole ? "." : "", t->key,
               *t->dflt ? t->dflt : "(empty)");
    buf_puts(&text, t->help);
    takes(&text, t);
    sheet_entry(s, buf_cstr(&tag), buf_cstr(&text));
    buf_release(&text);
    buf_release(&tag);
}

static void put_section(struct sheet *s, const char *section)
{
    const struct setting_info *t;
    struct buf title = { 0 };

    buf_printf(&title, s->form == SHEET_MAN ? "Section %s" : "[%s]", section);
    sheet_part(s, buf_cstr(&title));
    for (size_t i = 0; (t = setting_at(i)); i++)
        if (!strcmp(t->section, section))
            put_setting(s, t, false);
    sheet_list(s);
    buf_release(&title);
}

static void put_settings(struct sheet *s)
{
    const struct setting_info *t;
    const char *section = "";

    sheet_prose(s, "They stand in `blindspot.ini`, each with its default; lines that are missing "
                   "there "
                   "have it as well. `--set SECTION.KEY=VALUE` overrides one for a run.");
    for (size_t i = 0; (t = setting_at(i)); i++)
        if (strcmp(section, t->section) != 0)
            put_section(s, section = t->section);
}

bool topic_setting(struct sheet *s, const char *name)
{
    const struct setting_info *t;
    char whole[80];

    for (size_t i = 0; (t = setting_at(i)); i++) {
        snprintf(whole, sizeof whole, "%s.%s", t->section, t->key);
        if (!strcmp(name, t->section)) {
            put_section(s, t->section);
            return true;
        }
        if (!strcmp(name, whole)) {
            put_setting(s, t, true);
            sheet_list(s);
            return true;
        }
    }
    return false;
}

/* ---- columns, names and labels ---- */

static void put_table(struct sheet *s, enum table table, const char *title)
{
    struct column column[COLUMNS_MAX];
    const size_t n = table_columns(table, column);

    sheet_part(s, title);
    for (size_t i = 0; i < n; i++) {
        struct buf tag = { 0 }, text = { 0 };
        const char *word;

        buf_printf(&tag, "`%.*s`", STR_ARG(column[i].name));
        buf_puts(&text, column[i].about);
        if (*column[i].unit)
            buf_printf(&text, " [%s]", column[i].unit);
        for (int w = 0; column[i].words != WORDS_FIELD && column[i].words != WORDS_REASON &&
                        column[i].words != WORDS_BUCKET &&
                        (word = column_word(column[i].words, w)); w++)
            buf_printf(&text, "%s%s", w ? ", " : ": ", word);
        sheet_entry(s, buf_cstr(&tag), buf_cstr(&text));
        buf_release(&text);
        buf_release(&tag);
    }
    sheet_list(s);
}

static void put_columns(struct sheet *s)
{
    sheet_prose(s, "CSV by RFC 4180, UTF-8, times in RFC 3339 and UTC. Ids have 64 bits and are "
                   "exact as "
                   "text alone. An empty cell is absent. New columns are appended, none is "
                   "renamed.");
    put_table(s, TABLE_LABELS, "labels.csv");
    put_table(s, TABLE_DIFFERENCES, "differences.csv");
}

static void put_names(struct sheet *s)
{
    static const struct told facts[] = {
#define FACT(id, name, meaning) { "`" name "`", meaning },
#define VERDICT_FACT(id, name, meaning)
#include "record/fact.def"
#undef FACT
#undef VERDICT_FACT
        { NULL, NULL },
    };
    static const struct told verdicts[] = {
#define FACT(id, name, meaning)
#define VERDICT_FACT(id, name, meaning) { "`" name "`", meaning },
#include "record/fact.def"
#undef FACT
#undef VERDICT_FACT
        { NULL, NULL },
    };
    struct buf fields = { 0 };

    sheet_prose(s, "A rule is a section of `rules.ini`; all its conditions (`when = NAME OPERATOR "
                   "VALUE`) "
                   "must hold, and the first rule that holds labels. Operators: `=` `!=` `<` `<=` "
                   "`>` "
                   "`>=` `~` `!~` (PCRE2, case-insensitive), `in` (a list, or @FILE beside the "
                   "rules), "
                   "`present`, `absent`.");
    put_told(s, facts);
    buf_puts(&fields, "Of each field that a side has, `api.NAME` is what the API said last, "
                      "`page.NAME` "
                      "what the page did:");
    for (int f = 0; f < FIELD_COUNT; f++)
        buf_printf(&fields, "%s %s", f ? "," : "", field_info((enum field)f)->name);
    buf_puts(&fields, ".");
    sheet_prose(s, buf_cstr(&fields));
    sheet_prose(s, "For claims alone (`blindspot help check`), what the rules said:");
    put_told(s, verdicts);
    buf_release(&fields);
}

static void put_labels(struct sheet *s)
{
    sheet_prose(s, "Every item is in exactly one leaf of this tree, and at each level the parts "
                   "add up to "
                   "the whole.");
    sheet_lines(s, "items\n"
                   "+- retrieved       at_once | after_retries\n"
                   "+- missing\n"
                   "|  +- not_public   deleted | private\n"
                   "|  +- public       canada | ad | tiktok_official |\n"
                   "|  |               excluded_account | unknown\n"
                   "|  +- restricted   unknown\n"
                   "+- open            too_recent | unobserved |\n"
                   "                   unconfirmed | not_asked | rule_gave_up");
    sheet_prose(s, "Missing means: not returned on the days that `labels.csv` lists; it never "
                   "means never. "
                   "A block page, a captcha or a timeout is no answer and decides nothing. A label "
                   "names "
                   "the rule that matched, not the platform's reason. Its basis says whether the "
                   "platform's documentation announced the exclusion on the day the API was last "
                   "asked: "
                   "documented, disputed (two of its pages disagree), unexplained; or not_public "
                   "for what "
                   "nobody could return.\n\n"
                   "The finer reasons of each label:");
    for (int l = LABEL_NONE + 1; l < LABEL_COUNT; l++) {
        struct buf tag = { 0 }, text = { 0 };

        buf_printf(&tag, "`%s`", label_name((enum label)l));
        for (int r = 0; r < REASON_COUNT; r++)
            if (reason_label((enum reason)r) == (enum label)l)
                buf_printf(&text, "%s%s", text.n ? ", " : "", reason_name((enum reason)r));
        sheet_entry(s, buf_cstr(&tag), buf_cstr(&text));
        buf_release(&text);
        buf_release(&tag);
    }
    sheet_list(s);
}

static void put_vantages(struct sheet *s)
{
    sheet_prose(s, "The page of a post may be refused in one country and public in another. The "
                   "vantage "
                   "that first reads a page is the audit's own. A further one is a name and a way "
                   "to "
                   "stand there:");
    sheet_lines(s, "BLINDSPOT_PROXY=socks5h://name:password@host:1080 \\\n"
                   "    blindspot --set page.vantage=ca scrape");
    sheet_prose(
        s,
        "What it reads is `page.elsewhere`: of the first vantage's refusals those that hang on the "
        "country or say nothing (ambiguous), every one (refused), whatever was read at the first "
        "(all), or the ambiguous ones and of the posts that are public here a sample "
        "(sample:1000), drawn by the audit's seed and the same at every vantage. It keeps the "
        "record that it was shown; `export --vantage ca` prints them.\n\n"
        "Rules see the result of refusals as `page.elsewhere`: public where the page was public "
        "at any other vantage at or after the refusal here, refused where it was refused there "
        "too, absent where it was not read. The rule `public-elsewhere` calls the former "
        "region_blocked, whatever the refusal said. `page@ca.outcome` is what the vantage ca was "
        "shown last, `page@first.outcome` the first one where it has no name; `page.public_at`, "
        "`page.refused_at` and `page.unread_at` are the names of all where it was so.\n\n"
        "A post that is public here and refused there may have been deleted in between. So the "
        "first vantage reads it once more, and only between two readings here that show it "
        "does it count as public here and refused there. How many do, pair by pair of vantages, "
        "stands in the report (section \"Public here, refused there\", figure vantages) and in "
        "`summary.json` (vantages, numbers public_here_refused_there and public_at_1_refused_at_2 "
        "of the vantages 1 and 2), with the posts whose deletion cannot be ruled out yet, "
        "vantages_undecided, apart.\n\n"
        "`labels.csv` keeps the first vantage's answer in its page_* columns, has the other one "
        "in page_elsewhere, page_elsewhere_at and elsewhere_vantage, and names in public_at and "
        "refused_at the vantages where the post was last public and refused. `explain` shows "
        "every page with the vantage and the country that the site named.");
}

/* ---- the table: conventional order of man pages last ---- */

static const struct topic topics[] = {
    { "labels", "LABELS", "what became of an item: the tree, labels and reasons", put_labels },
    { "vantages", "VANTAGES", "reading pages from another country", put_vantages },
    { "settings", "SETTINGS", "every setting; `help api` a section, `help api.batch` one",
      put_settings },
    { "rules", "RULES", "the names that rules and claims may use", put_names },
    { "columns", "COLUMNS", "the columns of labels.csv and differences.csv", put_columns },
    { "environment", "ENVIRONMENT", "variables: key and secret, proxy, state", put_environment },
    { "files", "FILES", "what lies in the folder of an audit, and outside of it", put_files },
    { "exit", "EXIT STATUS", "exit codes", put_exit },
};

const struct topic *topic_at(size_t no)
{
    return no < sizeof topics / sizeof *topics ? &topics[no] : NULL;
}
