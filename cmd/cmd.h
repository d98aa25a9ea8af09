/* cmd/cmd.h: the commands, and what they share.
 * main.c has the table: what each command is called, needs and takes. runner.c
 * runs every one of them in the same way. A cmd_*.c file is one command: its
 * options, one call into audit/, its printing. sentences.c has what several of
 * them print. To add one, copy cmd_classify.c and give it a row in main.c. */
#ifndef CMD_CMD_H
#define CMD_CMD_H
#include "audit/audit.h"
#include "audit/bundle.h"
#include "audit/series.h"
#include "base/nearest.h"
#include "base/opt.h"

#define EXIT_INPUT 2    // a file was not taken, or in part; the others were
#define EXIT_UNFINISHED 3
#define EXIT_UNDECIDED 6          // no claim fails, and one needs more items
#define EXIT_READER_LEFT 141      // what a shell says of a program that SIGPIPE ended
#define OPERANDS_MANY 1000000          // more than a command line can hold

/* The first four work beside one who writes: on the audit as it was last committed. */
enum need {
    NEED_NOTHING,       // no audit is opened
    NEED_READ,          // the audit, to read in it
    NEED_LABELS,        // the same, with labels and differences of all that came in
    NEED_REPORT,        // the same, and the folder report/ for this process alone
    NEED_WRITE,         // the audit, for this process alone
};
struct app {
    const struct command *command;
    const char *dir;                   // -C, or "."
    struct opt_list sets;              // --set
    char **operand; int operands;      // as the command's row allows them
    enum need need;                    // the row's, or what prepare made of it
    struct audit audit;
    bool open;
    bool is_bundle;        // -C names a bundle: unpacked for this run, read alone
    bool wants_archive;    // prepare: of a bundle the archive is needed too
    struct bundle bundle;
    int report_lock;                   // app_hold_report; 0 none
    /* For stdout, and one sentence behind it: printed when the command has gone well and the audit
     * is closed, for whoever reads may take their time (a pager). */
    struct buf out, last;
    int code;                          // the exit code then
};
/* What a command does. Its options point into a static struct of its file, for
 * one process runs one command. */
struct action {
    const struct opt *options;
    const char *about;    // for `help COMMAND` and its man page (cmd/sheet.h)
    /* Before anything is opened: what of the options contradicts each other or
     * needs less than the row says. NULL: nothing. */
    int (*prepare)(struct app *, struct err *);
    int (*run)(struct app *, struct err *);
    enum series series;                // of the folders that it works in; 0: of all
    bool input_is_ours;                // what cannot be read was written by this tool: exit code 5
};
struct command {
    const char *name;                  // one word, or two: "monitor run" of the group "monitor"
    enum need need;
    struct { const char *words; int min, max; const char *expected; } operands;
    const struct action *action;
    const char *summary;               // one line of `blindspot --help`
    const char *example;               // the first line of its own --help
};

/* The rows of main.c's table; NULL behind the last. By name: NULL where there is none, and then
 * near knows what was probably meant. */
const struct command *command_at(size_t no);
const struct command *command_find(const char *name, struct nearest *near);
/* By the words of a command line, of which there are count, at least one: the row of two of them
 * before the row of one. *used: how many of them. */
const struct command *command_of(char **word, int count, int *used, struct nearest *near);
/* Is there a row of two words that begins with this one? */
bool command_is_group(const char *word);
extern const struct opt app_options[];    // what stands before a command's name

/* Parses what stands behind the command's name (argv[0]), prints its help where
 * that is asked for, opens what it needs, runs and closes it. The exit code. */
int app_run(struct app *, int argc, char **argv);
/* What a command that makes a folder was given: [postgresql://...] [DIR]. address is NULL where its
 * store is to lie in the folder. ERR_USAGE begins with the command. */
MUST_CHECK int app_new_place(const struct app *, const char *command, const char **address,
                             const char **dir, struct err *);
/* Opens the audit as this need says, and closes it again: for who looks more than once. */
MUST_CHECK int app_open(struct app *, enum need, struct err *);
MUST_CHECK int app_close(struct app *, struct err *);
/* The folder report/ for this process alone, until it ends. Before the snapshot is
 * opened, so that a report never takes the place of a newer one. Waits for another that writes
 * there: that takes seconds. Nothing where there is no audit. */
MUST_CHECK int app_hold_report(struct app *, struct err *);
/* Prints err, closes, maps its kind to the exit code. Nothing is printed where err is
 * only that nobody reads stdout any more. */
int app_fail(struct app *, struct err *);
/* Closes, prints app->out and flushes stdout; app->code if all of that goes well. */
int app_done(struct app *);

extern const struct action cmd_help, cmd_completion;
extern const struct action cmd_init, cmd_add, cmd_load, cmd_plan, cmd_fetch, cmd_scrape, cmd_diff,
    cmd_classify, cmd_report, cmd_audit, cmd_status, cmd_explain, cmd_verify, cmd_export, cmd_purge,
    cmd_check, cmd_compare, cmd_review, cmd_doctor, cmd_figure, cmd_gather, cmd_spread;
extern const struct action cmd_monitor_load, cmd_monitor_note, cmd_monitor_site;
extern const struct action cmd_site, cmd_work;
extern const struct action cmd_monitor_fresh;
extern const struct action cmd_sample, cmd_sample_add, cmd_sample_list, cmd_sample_draw;
extern const struct action cmd_monitor, cmd_monitor_init, cmd_monitor_add, cmd_monitor_run,
    cmd_monitor_alert;
#endif
