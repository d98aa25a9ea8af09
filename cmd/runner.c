/* cmd/runner.c: the one way in which every command runs. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "audit/verdict/label.h"
#include "base/file.h"
#include "base/log.h"
#include "base/pg_url.h"
#include "base/place.h"
#include "base/words.h"
#include "cmd/cmd.h"
#include "cmd/help.h"

#define REPORT_WAIT_MS 60000

static void print_help(struct app *app)
{
    struct sheet sheet;

    sheet_begin(&sheet, SHEET_TEXT, &app->out);
    help_short(&sheet, app->command);
    sheet_release(&sheet);
}

/* An operand that is one of a few words. */
static int check_words(const struct app *app, struct err *err)
{
    const struct command *c = app->command;
    struct buf words = { 0 };
    char begin[64];
    int rc = 0;

    if (opt_value_of(c->operands.words) != OPT_VALUE_WORDS)
        return 0;
    buf_str(&words, opt_bare(c->operands.words));
    snprintf(begin, sizeof begin, "%s: expected", c->name);
    for (int i = 0; i < app->operands && rc == 0; i++)
        rc = words_check(buf_cstr(&words), app->operand[i], begin, err);
    buf_release(&words);
    return rc;
}

static int check_operands(const struct app *app, struct err *err)
{
    const struct command *c = app->command;

    if (c->operands.max == 0 && app->operands > 0)
        return err_set(err, ERR_USAGE, "%s takes no operand, but \"%s\" was given", c->name,
                       app->operand[0]);
    if (app->operands < c->operands.min)
        return err_set(err, ERR_USAGE, "%s: expected %s", c->name, c->operands.expected);
    if (app->operands > c->operands.max)
        return err_set(err, ERR_USAGE, "%s: expected %s, but \"%s\" was given as well", c->name,
                       c->operands.expected, app->operand[c->operands.max]);
    return check_words(app, err);
}

int app_hold_report(struct app *app, struct err *err)
{
    char *db = file_join(app->dir, "audit.db"), *report = file_join(app->dir, "report");
    int rc = file_exists(db) ? file_lock_folder(report, REPORT_WAIT_MS, &app->report_lock, err) : 0;

    free(report);
    free(db);
    return rc;
}

/* Whichever machine made a bundle: our clock of a test is not for it. */
static int open_audit(struct app *app, enum store_mode mode, struct err *err)
{
    const struct audit_place place = { .dir = app->dir, .sets = &app->sets };

    app->open = (app->is_bundle ? audit_open_place(&app->audit, &place, mode, err)
                                : audit_open(&app->audit, app->dir, &app->sets, mode, err)) == 0;
    return app->open ? 0 : -1;
}

static bool is_flat(const char *name) { return strchr(name, '/') == NULL; }

static bool is_flat_or_archived(const char *name)
{
    return is_flat(name) || strncmp(name, "evidence/", 9) == 0;
}

static int open_bundle(struct app *app, struct err *err)
{
    if (app->need == NEED_REPORT || app->need == NEED_WRITE)
        return err_set(err, ERR_USAGE,
                       "%s is a bundle, which is sealed, and %s writes: unpack it with "
                       "`tar xf` into a folder, and name that",
                       app->dir, app->command->name);
    if (bundle_open(&app->bundle, app->dir, app->wants_archive ? is_flat_or_archived : is_flat,
                    err))
        return -1;
    app->dir = app->bundle.dir;
    return 0;
}

/* The lock is taken only where labels have to be made: a run that begins while somebody looks at
 * the status is not turned away. */
static int open_with_labels(struct app *app, struct err *err)
{
    bool fresh = false;

    if (open_audit(app, STORE_READ, err) || labels_are_fresh(&app->audit, &fresh, err))
        return -1;
    if (fresh)
        return 0;
    app->open = false;
    return audit_close(&app->audit, err) || open_audit(app, STORE_REFRESH, err) ||
                   labels_refresh(&app->audit, err)
               ? -1
               : 0;
}

int app_open(struct app *app, enum need need, struct err *err)
{
    if (app->is_bundle && need != NEED_NOTHING && open_bundle(app, err))
        return -1;
    switch (need) {
    case NEED_NOTHING: return 0;
    case NEED_READ: return open_audit(app, STORE_READ, err);
    case NEED_LABELS: return open_with_labels(app, err);
    case NEED_REPORT: return app_hold_report(app, err) || open_with_labels(app, err) ? -1 : 0;
    case NEED_WRITE: return open_audit(app, STORE_WRITE, err);
    }
    return 0;
}

/* `blindspot status --set ...`: an option that stands before a command. */
static int place_of_option(const struct command *c, int argc, char **argv, struct err *err)
{
    for (int i = 1; i < argc && strstr(err->msg, "has no option"); i++)
        if (opt_find(app_options, argv[i]) && !opt_find(c->action->options, argv[i]))
            return err_set(err, ERR_USAGE, "%.40s stands before the command: `blindspot %.40s%s "
                                           "%s`",
                           argv[i], argv[i],
                           opt_find(app_options, argv[i])->kind == OPT_KIND_FLAG ? "" : " ...",
                           c->name);
    return -1;
}

static int require_series(struct app *app, struct err *err)
{
    return series_require(&app->audit, app->command->action->series, app->command->name, err);
}

static int run(struct app *app, int argc, char **argv, struct err *err)
{
    const struct action *action = app->command->action;
    struct stat st;
    bool help = false;

    app->need = app->command->need;
    if (opt_parse(action->options, argc, argv, &app->operand, &app->operands, &help, err))
        return place_of_option(app->command, argc, argv, err);
    if (help) {
        print_help(app);
        return 0;
    }
    app->is_bundle = stat(app->dir, &st) == 0 && S_ISREG(st.st_mode);
    if (check_operands(app, err) || (action->prepare && action->prepare(app, err)) ||
        app_open(app, app->need, err) || (app->open && require_series(app, err)))
        return -1;
    return action->run(app, err);
}

int app_run(struct app *app, int argc, char **argv)
{
    struct err err = {0};

    if (run(app, argc, argv, &err) == 0)
        return app_done(app);
    if (app->command->action->input_is_ours && err.kind == ERR_INPUT)
        err.kind = ERR_IO;
    return app_fail(app, &err);
}

int app_close(struct app *app, struct err *err)
{
    bool open = app->open;
    int rc;

    app->open = false;
    if (app->report_lock > 0)
        close(app->report_lock);
    app->report_lock = 0;
    rc = open ? audit_close(&app->audit, err) : 0;
    bundle_close(&app->bundle);
    return rc;
}

static void release(struct app *app)
{
    buf_release(&app->out);
    buf_release(&app->last);
    opt_list_release(&app->sets);
}

/* The sentence, and below it the line that is wrong. */
static void tell(const struct err *err)
{
    struct buf lines = { 0 };

    log_error("%s", err->msg);
    place_show(err, log_has_colour() ? "\033[31m" : "", log_has_colour() ? "\033[0m" : "", &lines);
    if (lines.n)
        fwrite(lines.p, 1, lines.n, stderr);
    buf_release(&lines);
}

int app_fail(struct app *app, struct err *err)
{
    struct err ignored = {0};
    bool left = file_stdout_left();

    log_progress_done();
    if (!left)
        tell(err);
    /* What ended the run, a server that is gone, may keep it from closing too. */
    if (app_close(app, &ignored) && strcmp(ignored.msg, err->msg) != 0)
        log_error("%s", ignored.msg);
    release(app);
    fflush(stdout);
    return left ? EXIT_READER_LEFT : err_exit_code(err);
}

int app_new_place(const struct app *app, const char *command, const char **address,
                  const char **dir, struct err *err)
{
    const bool far = app->operands && pg_url_is(str_of(app->operand[0]));

    if (app->operands > 1 && !far)
        return err_set(err, ERR_USAGE, "%s: expected one folder, or postgresql://... and a folder",
                       command);
    *address = far ? app->operand[0] : NULL;
    *dir = app->operands > far ? app->operand[far] : app->dir;
    return 0;
}

int app_done(struct app *app)
{
    struct err err = {0};

    log_progress_done();
    if (app_close(app, &err))
        return app_fail(app, &err);
    if (app->out.n)
        fwrite(app->out.p, 1, app->out.n, stdout);
    if (file_flush_stdout(&err))
        return app_fail(app, &err);
    if (app->last.n)
        log_info("%s", buf_cstr(&app->last));
    release(app);
    return app->code;
}
