/* cmd/cmd.h: what subcommands share. A subcommand parses its options, makes
 * one call into audit/ and ends with an exit code. */
#ifndef CMD_CMD_H
#define CMD_CMD_H
#include "audit/audit.h"
#include "base/opt.h"

#define EXIT_UNFINISHED 3

struct app {
    const char *dir;              // -C, or "."
    struct opt_list sets;
    const struct command *command;
    struct audit audit;
    bool open;
};
struct command {
    const char *name;
    int (*run)(struct app *, int argc, char **argv);
    const char *summary;          // one line of `blindspot --help`
    const char *example;          // the first line of its own --help
    const char *operands;         // behind the options in its usage line
};
/* Parses; prints the help where it is asked for. Returns 1 to go on, 0 when the
 * help was printed, -1 with err set. */
int app_options(struct app *, const struct opt *, int argc, char **argv, char ***operands,
                int *count, struct err *);
/* For commands without operands, whose one option is --json (json NULL: not even
 * that): parses, opens the audit. Returns as app_options does. */
int app_begin(struct app *, int argc, char **argv, bool *json, bool write, struct err *);
/* No operand is taken: else ERR_USAGE. */
MUST_CHECK int app_no_operands(struct app *, char **operands, int count, struct err *);
MUST_CHECK int app_open(struct app *, bool write, struct err *);
/* Prints err, closes, maps its kind to the exit code. */
int app_fail(struct app *, struct err *);
/* Closes, flushes stdout and checks it; code is the exit code if that goes well. */
int app_done(struct app *, int code);
/* Text for stdout, whole. */
void app_print(const struct buf *);

int cmd_init(struct app *, int argc, char **argv);
int cmd_add(struct app *, int argc, char **argv);
int cmd_load(struct app *, int argc, char **argv);
int cmd_plan(struct app *, int argc, char **argv);
int cmd_fetch(struct app *, int argc, char **argv);
int cmd_scrape(struct app *, int argc, char **argv);
int cmd_diff(struct app *, int argc, char **argv);
int cmd_classify(struct app *, int argc, char **argv);
int cmd_report(struct app *, int argc, char **argv);
int cmd_audit(struct app *, int argc, char **argv);
int cmd_status(struct app *, int argc, char **argv);
int cmd_explain(struct app *, int argc, char **argv);
int cmd_export(struct app *, int argc, char **argv);
int cmd_purge(struct app *, int argc, char **argv);
int cmd_verify(struct app *, int argc, char **argv);
#endif
