/* cmd/main.c: the table of commands: what each needs, takes and is for. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include "base/log.h"
#include "base/stop.h"
#include "cmd/cmd.h"
#include "cmd/help.h"

/* Words of an operand, how many of them at least and at most, and what was
 * expected where there are fewer or more. */
#define NO_OPERAND { "", 0, 0, NULL }

static const struct command commands[] = {
    { "init", NEED_NOTHING, { "[postgresql://...] [DIR]", 0, 2, "one folder" }, &cmd_init,
      "make an audit", "blindspot init my-audit" },
    { "add", NEED_WRITE,
      { "FILE...", 1, OPERANDS_MANY, "at least one FILE, or - for standard input" }, &cmd_add,
      "take items in: links, CSV, JSON, donation packages", "blindspot add links.txt package.zip" },
    { "load", NEED_WRITE, { "FILE...", 1, OPERANDS_MANY, "at least one FILE" }, &cmd_load,
      "take in answers that others collected",
      "blindspot load --api replies.jsonl --at 2026-03-02" },
    { "plan", NEED_READ, NO_OPERAND, &cmd_plan, "what fetch and scrape will cost; sends nothing",
      "blindspot plan" },
    { "fetch", NEED_WRITE, NO_OPERAND, &cmd_fetch, "ask the API for what is due",
      "blindspot fetch" },
    { "scrape", NEED_WRITE, NO_OPERAND, &cmd_scrape, "read the pages that are due",
      "blindspot scrape" },
    { "diff", NEED_WRITE, NO_OPERAND, &cmd_diff, "compare the two sides of every item",
      "blindspot diff" },
    { "classify", NEED_WRITE, NO_OPERAND, &cmd_classify, "label every gap by rules.ini",
      "blindspot classify" },
    { "report", NEED_REPORT, NO_OPERAND, &cmd_report, "write report/: tables, figures, index.html",
      "blindspot report" },
    { "figure",
      NEED_REPORT,
      {
#define FIGURE(id, name, make, shows) #name "|"
#include "report/figure.def"
#undef FIGURE
          "all...", 1, OPERANDS_MANY, "the name of a figure, or all" },
      &cmd_figure,
      "draw figures for print, as SVG, PDF and PNG",
      "blindspot figure breakdown --format pdf --width 85" },
    { "audit", NEED_WRITE, { "[FILE...]", 0, OPERANDS_MANY, NULL }, &cmd_audit,
      "all of it, as far as it can get now", "blindspot audit links.txt" },
    { "status", NEED_LABELS, NO_OPERAND, &cmd_status,
      "the waterfall so far, the quota, what is due next", "blindspot status" },
    { "doctor", NEED_NOTHING, NO_OPERAND, &cmd_doctor, "what would keep the next run from working",
      "blindspot doctor --offline" },
    { "explain", NEED_LABELS, { "ID|URL", 1, 1, "one ID or URL" }, &cmd_explain,
      "all that is known of one item", "blindspot explain 7361448925972155679" },
    { "check", NEED_LABELS,
      { "[CLAIMS.ini]", 0, 1, "one file of claims, or none for the shipped ones" }, &cmd_check,
      "hold what was promised of the API against the audit", "blindspot check claims.ini" },
    { "review", NEED_WRITE, { "[N|FILE...]", 0, OPERANDS_MANY, NULL }, &cmd_review,
      "a sample of labels for two people to judge, and how far they agree",
      "blindspot review 200" },
    { "verify", NEED_READ,
      { "[BUNDLE]", 0, 1, "one BUNDLE, or none for the audit of this folder" }, &cmd_verify,
      "check store, ledger and every record of the archive", "blindspot verify" },
    { "export", NEED_READ, NO_OPERAND, &cmd_export,
      "records out as CSV or JSON Lines, or all in one sealed file",
      "blindspot export --bundle audit.tar" },
    { "compare", NEED_NOTHING, { "A B", 2, 2, "two audits: folders or bundles" }, &cmd_compare,
      "two audits of the same items: what was fixed, what broke",
      "blindspot compare march.tar april --out changes" },
    { "site", NEED_NOTHING,
      { "DIR FOLDER...", 2, OPERANDS_MANY, "a folder for the site, and one FOLDER or more" },
      &cmd_site,
      "one public site of audits, samples and watch lists",
      "blindspot site public march sample watch" },
    { "work",
      NEED_NOTHING,
      { "postgresql://...", 1, 1, "the address of an audit on PostgreSQL" },
      &cmd_work,
      "read pages for an audit that others run, from here",
      "blindspot work 'postgresql://anna@db.example.org/audits?schema=march'" },
    { "gather",
      NEED_NOTHING,
      { "[postgresql://...] DIR [FOLDER...]", 1, OPERANDS_MANY,
        "postgresql://... and a folder, or a folder and those of workers" },
      &cmd_gather,
      "an audit on PostgreSQL, and its workers' evidence, into a folder",
      "blindspot gather postgresql://db.example.org/audits?schema=march march" },
    { "spread",
      NEED_NOTHING,
      { "DIR postgresql://...", 2, 2, "a folder and postgresql://HOST/DATABASE?schema=NAME" },
      &cmd_spread,
      "the store of an audit out of its folder into a schema of PostgreSQL",
      "blindspot spread march postgresql://db.example.org/audits?schema=march" },
    { "purge", NEED_WRITE, NO_OPERAND, &cmd_purge, "drop content, keep states, times and labels",
      "blindspot purge --older 15d" },
    { "monitor", NEED_READ, NO_OPERAND, &cmd_monitor,
      "where a watch list stands: today's states, the last events", "blindspot -C watch monitor" },
    { "monitor init", NEED_NOTHING, { "[postgresql://...] [DIR]", 0, 2, "one folder" },
      &cmd_monitor_init, "make a watch list: posts that are asked for daily",
      "blindspot monitor init watch --from my-audit --top 10" },
    { "monitor add", NEED_WRITE, { "ID|URL...", 1, OPERANDS_MANY, "at least one ID or URL" },
      &cmd_monitor_add, "put posts on the watch list, or take them off",
      "blindspot monitor add 7361448925972155679" },
    { "monitor run", NEED_WRITE, NO_OPERAND, &cmd_monitor_run,
      "one round: ask for what is due today, confirm what has changed", "blindspot monitor run" },
    { "monitor fresh", NEED_WRITE, { "[ID|URL...]", 0, OPERANDS_MANY, NULL }, &cmd_monitor_fresh,
      "follow new posts until the API returns them",
      "blindspot monitor fresh 7361448925972155679" },
    { "monitor alert", NEED_WRITE, NO_OPERAND, &cmd_monitor_alert,
      "tell a program of events, each once",
      "blindspot monitor alert --exec 'mail -s watch me@example.org'" },
    { "monitor load", NEED_WRITE,
      { "FILE...", 1, OPERANDS_MANY, "at least one FILE" }, &cmd_monitor_load,
      "take in a series that others measured, into a watch list",
      "blindspot monitor load series.csv" },
    { "monitor site", NEED_READ, { "DIR", 1, 1, "one folder" }, &cmd_monitor_site,
      "make the public page of a watch list: files for any web server",
      "blindspot monitor site /srv/www/watch" },
    { "monitor note", NEED_WRITE, { "[DATE TEXT]", 0, 2, "a day and a text" }, &cmd_monitor_note,
      "write a note beside a day of a watch list",
      "blindspot monitor note 2026-01-31 \"API down, says the platform\"" },
    { "sample", NEED_LABELS, NO_OPERAND, &cmd_sample,
      "where a sample of creators stands, and how large one has to be",
      "blindspot sample --power 1.5%" },
    { "sample add", NEED_WRITE,
      { "FILE...", 1, OPERANDS_MANY, "at least one FILE, or - for standard input" },
      &cmd_sample_add,
      "creators into the frame of a sample: handles, profiles, feeds",
      "blindspot sample add feed.json --place NL" },
    { "sample list", NEED_WRITE, NO_OPERAND, &cmd_sample_list,
      "read the newest posts of each creator of a sample", "blindspot sample list" },
    { "sample draw", NEED_WRITE, NO_OPERAND, &cmd_sample_draw,
      "draw posts of each creator of a sample, by its seed",
      "blindspot sample draw --posts 10 --min-age 72h" },
    { "help", NEED_NOTHING, { "[COMMAND|TOPIC]", 0, 2, "one command, topic or setting" }, &cmd_help,
      "all about a command, a topic or a setting", "blindspot help audit" },
    { "completion",
      NEED_NOTHING,
      { "bash|zsh|fish", 1, 1, "one shell: bash, zsh or fish" },
      &cmd_completion,
      "the shell's completions: commands, options, settings, words",
      "eval \"$(blindspot completion bash)\"" },
};
#define COMMANDS (sizeof commands / sizeof *commands)

/* What stands before a command's name. */
static struct app app = { .dir = "." };
static struct { const char *progress; bool quiet, version; } given;
const struct opt app_options[] = {
    { OPT_KIND_TEXT, "directory", 'C', &app.dir, "AUDIT",
      "the audit's folder (default: the current one), or a bundle of it, to read in" },
    OPT_LIST("set", &app.sets, "SECTION.KEY=VALUE", "overrides blindspot.ini for this run"),
    { OPT_KIND_FLAG, "quiet", 'q', &given.quiet, NULL, "say nothing but warnings and errors" },
    OPT_TEXT("progress", &given.progress, "auto|always|never",
             "where progress is shown (default: auto, where stderr is a terminal)"),
    OPT_FLAG("version", &given.version, "print the version"),
    OPT_END
};

const struct command *command_at(size_t no) { return no < COMMANDS ? &commands[no] : NULL; }

const struct command *command_find(const char *name, struct nearest *near)
{
    const struct command *found = NULL;

    *near = nearest_to(str_of(name));
    for (size_t i = 0; i < COMMANDS; i++) {
        nearest_offer(near, str_of(commands[i].name));
        if (!strcmp(commands[i].name, name))
            found = &commands[i];
    }
    return found;
}

bool command_is_group(const char *word)
{
    const size_t n = strlen(word);

    for (size_t i = 0; i < COMMANDS; i++)
        if (!strncmp(commands[i].name, word, n) && commands[i].name[n] == ' ')
            return true;
    return false;
}

/* What no row of a group names is no operand of the group's own row either. */
const struct command *command_of(char **word, int count, int *used, struct nearest *near)
{
    char two[128];

    *used = 1;
    if (count < 2 || word[1][0] == '-' || !command_is_group(word[0]))
        return command_find(word[0], near);
    *used = 2;
    snprintf(two, sizeof two, "%.60s %.60s", word[0], word[1]);
    return command_find(two, near);
}

static int print_help(bool asked)
{
    struct sheet sheet;

    sheet_begin(&sheet, SHEET_TEXT, &app.out);
    help_program(&sheet);
    sheet_release(&sheet);
    app.code = asked ? 0 : EXIT_INPUT;
    return app_done(&app);
}

static void set_progress(void)
{
    const char *word = given.progress ? given.progress : "auto";

    log_setup(given.quiet, !strcmp(word, "always")  ? LOG_PROGRESS_ALWAYS
                           : !strcmp(word, "never") ? LOG_PROGRESS_NEVER
                                                    : LOG_PROGRESS_AUTO);
}

/* `blindspot --json status`: an option of a command that stands before it. */
static void place_of_option(int argc, char **argv, struct err *err)
{
    const char *unknown = NULL;
    struct nearest near;

    for (int i = 1; i < argc; i++) {
        const struct command *c = unknown ? command_find(argv[i], &near) : NULL;

        if (c && opt_find(c->action->options, unknown)) {
            err_set(err, ERR_USAGE, "%.40s stands behind the command: `blindspot %s %.40s`",
                    unknown, c->name, unknown);
            return;
        }
        if (!unknown && argv[i][0] == '-' && !opt_find(app_options, argv[i]))
            unknown = argv[i];
    }
}

static int run(int argc, char **argv)
{
    struct err err = {0};
    struct nearest near;
    char **operands;
    bool help = false;
    int count, used;

    stop_install();
    signal(SIGPIPE, SIG_IGN);
    log_setup(false, LOG_PROGRESS_AUTO);
    if (opt_parse_leading(app_options, argc, argv, &operands, &count, &help, &err)) {
        place_of_option(argc, argv, &err);
        return app_fail(&app, &err);
    }
    set_progress();
    if (given.version) {
        printf("blindspot %s\n", BLINDSPOT_VERSION);
        return app_done(&app);
    }
    if (help || count == 0)
        return print_help(help);
    app.command = command_of(operands, count, &used, &near);
    if (app.command)
        return app_run(&app, count - used + 1, operands + used - 1);
    err_set(&err, ERR_USAGE, "there is no command \"%.60s%s%.60s\"%s", operands[0],
            used > 1 ? " " : "", used > 1 ? operands[1] : "",
            near.best[0] ? nearest_hint(&near) : "; `blindspot help` lists them");
    return app_fail(&app, &err);
}

int main(int argc, char **argv)
{
    int code;

    exit_guard();
    code = run(argc, argv);
    exit_is_ours();
    return code;
}
