/* cmd/main.c: blindspot's command table; opening and closing what a command needs. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/file.h"
#include "base/log.h"
#include "base/stop.h"
#include "cmd/cmd.h"

static const struct command commands[] = {
    { "init", cmd_init, "make an audit", "blindspot init my-audit", "[DIR]" },
    { "add", cmd_add, "take items in: links, CSV, JSON, donation packages",
      "blindspot add links.txt package.zip", "FILE..." },
    { "load", cmd_load, "take in answers that others collected",
      "blindspot load --api replies.jsonl --at 2026-03-02", "FILE..." },
    { "plan", cmd_plan, "what fetch and scrape will cost; sends nothing", "blindspot plan", "" },
    { "fetch", cmd_fetch, "ask the API for what is due", "blindspot fetch", "" },
    { "scrape", cmd_scrape, "read the pages that are due", "blindspot scrape", "" },
    { "diff", cmd_diff, "compare the two sides of every item", "blindspot diff", "" },
    { "classify", cmd_classify, "label every gap by rules.ini", "blindspot classify", "" },
    { "report", cmd_report, "write report/: tables, figures, index.html", "blindspot report", "" },
    { "audit", cmd_audit, "all of it, as far as it can get now", "blindspot audit links.txt",
      "[FILE...]" },
    { "status", cmd_status, "the waterfall so far, the quota, what is due next", "blindspot status",
      "" },
    { "explain", cmd_explain, "all that is known of one item",
      "blindspot explain 7361448925972155679", "ID|URL" },
    { "verify", cmd_verify, "check store, ledger and every record of the archive",
      "blindspot verify", "[BUNDLE]" },
    { "export", cmd_export, "records out as CSV or JSON Lines, or all in one sealed file",
      "blindspot export --bundle audit.tar", "" },
    { "purge", cmd_purge, "drop content, keep states, times and labels",
      "blindspot purge --older 15d", "" },
};
#define COMMANDS (sizeof commands / sizeof *commands)

static void print_help(const struct opt *opts)
{
    printf(
        "blindspot shows what a platform's research API leaves out.\n\n"
        "  blindspot init my-audit && cd my-audit\n"
        "  blindspot audit ../links.txt\n\n"
        "Usage: blindspot [-C AUDIT] [--set SECTION.KEY=VALUE]... [-q] COMMAND [OPTIONS]\n\nCommands:\n");
    for (size_t i = 0; i < COMMANDS; i++)
        printf("  %-9s %s\n", commands[i].name, commands[i].summary);
    printf("\nOptions:\n");
    opt_print(opts);
    printf("\nExit codes: 0 done; 2 usage, settings or input; 3 unfinished, run again after the\n"
           "printed time; 4 a person must act (key, scope); 5 this machine (disk, store);\n"
           "130 interrupted. `blindspot COMMAND --help` says more.\n");
}

int app_options(struct app *app, const struct opt *opts, int argc, char **argv, char ***operands,
                int *count, struct err *err)
{
    bool help = false;

    if (opt_parse(opts, argc, argv, operands, count, &help, err))
        return -1;
    if (!help)
        return 1;
    printf("Example:\n  %s\n\n%s: %s\n\nUsage: blindspot [-C AUDIT] %s [OPTIONS] %s\n\nOptions:\n",
           app->command->example, app->command->name, app->command->summary, app->command->name,
           app->command->operands);
    opt_print(opts);
    return 0;
}

int app_no_operands(struct app *app, char **operands, int count, struct err *err)
{
    if (count > 0)
        return err_set(err, ERR_USAGE, "%s takes no operand, but \"%s\" was given",
                       app->command->name, operands[0]);
    return 0;
}

int app_begin(struct app *app, int argc, char **argv, bool *json, bool write, struct err *err)
{
    const struct opt with_json[] = { OPT_FLAG("json", json, "print the result as JSON"), OPT_END },
                     none[] = { OPT_END };
    char **operands;
    int count, go = app_options(app, json ? with_json : none, argc, argv, &operands, &count, err);

    if (go > 0 && (app_no_operands(app, operands, count, err) || app_open(app, write, err)))
        go = -1;
    return go;
}

int app_open(struct app *app, bool write, struct err *err)
{
    if (audit_open(&app->audit, app->dir, &app->sets, write, err))
        return -1;
    app->open = true;
    return 0;
}

int app_fail(struct app *app, struct err *err)
{
    struct err ignored = {0};

    log_progress_done();
    log_error("%s", err->msg);
    if (app->open && audit_close(&app->audit, &ignored))
        log_error("%s", ignored.msg);
    opt_list_release(&app->sets);
    fflush(stdout);
    return err_exit_code(err);
}

int app_done(struct app *app, int code)
{
    struct err err = {0};

    log_progress_done();
    if (app->open && audit_close(&app->audit, &err)) {
        app->open = false;
        return app_fail(app, &err);
    }
    app->open = false;
    if (file_flush_stdout(&err))
        return app_fail(app, &err);
    opt_list_release(&app->sets);
    return code;
}

void app_print(const struct buf *text)
{
    if (text->n)
        fwrite(text->p, 1, text->n, stdout);
}

static int set_progress(const char *word, bool quiet, struct err *err)
{
    enum log_progress p = LOG_PROGRESS_AUTO;

    if (word && !strcmp(word, "always"))
        p = LOG_PROGRESS_ALWAYS;
    else if (word && !strcmp(word, "never"))
        p = LOG_PROGRESS_NEVER;
    else if (word && strcmp(word, "auto") != 0)
        return err_set(err, ERR_USAGE, "--progress: expected auto, always or never, not \"%s\"",
                       word);
    log_setup(quiet, p);
    return 0;
}

static int run(int argc, char **argv)
{
    struct app app = { .dir = "." };
    const char *progress = NULL;
    bool quiet = false, help = false, version = false;
    const struct opt opts[] = {
        { OPT_KIND_TEXT, "directory", 'C', &app.dir, "AUDIT",
          "the audit's folder (default: the current one)" },
        OPT_LIST("set", &app.sets, "SECTION.KEY=VALUE", "overrides blindspot.ini for this run"),
        { OPT_KIND_FLAG, "quiet", 'q', &quiet, NULL, "say nothing but warnings and errors" },
        OPT_TEXT("progress", &progress, "WHEN", "auto, always or never"),
        OPT_FLAG("version", &version, "print the version"),
        OPT_END
    };
    struct err err = {0};
    char **operands;
    int count;

    stop_install();
    signal(SIGPIPE, SIG_IGN);
    log_setup(false, LOG_PROGRESS_AUTO);
    if (opt_parse_leading(opts, argc, argv, &operands, &count, &help, &err) ||
        set_progress(progress, quiet, &err))
        return app_fail(&app, &err);
    if (version) {
        printf("blindspot %s\n", BLINDSPOT_VERSION);
        return app_done(&app, 0);
    }
    if (help || count == 0) {
        print_help(opts);
        return app_done(&app, help ? 0 : 2);
    }
    for (size_t i = 0; i < COMMANDS; i++)
        if (!strcmp(commands[i].name, operands[0])) {
            app.command = &commands[i];
            return commands[i].run(&app, count, operands);
        }
    err_set(&err, ERR_USAGE, "there is no command \"%s\"; `blindspot --help` lists them",
            operands[0]);
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
