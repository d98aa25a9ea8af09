/* cmd/help.h: the pages of help, made from the tables that the program works by: commands, their
 * options, settings.def, column.def, fact.def, label.h. One page serves a terminal and man(1).
 * What stands in no table (exit codes, environment, files) stands in topics.c. To add a topic,
 * copy a row of its table. */
#ifndef CMD_HELP_H
#define CMD_HELP_H
#include "cmd/cmd.h"
#include "cmd/sheet.h"

/* What `blindspot` and `blindspot --help` print; the short help of a command; all of it. */
void help_program(struct sheet *);
void help_short(struct sheet *, const struct command *);
void help_command(struct sheet *, const struct command *);
/* blindspot(1): the program, its commands and every topic. */
void help_manual(struct sheet *);

/* What `help TOPIC` tells, and a section of the man page. */
struct topic {
    const char *name, *title, *summary;
    void (*put)(struct sheet *);
};
const struct topic *topic_at(size_t no);    // NULL behind the last
/* A section of settings ("api") or one of them ("api.batch"); false where there is none. */
bool topic_setting(struct sheet *, const char *name);
/* The name of a command's man page: "blindspot-monitor-run". */
void help_page_name(const struct command *, struct buf *out);
/* The exit codes of one command; NULL: all of all. */
void topic_exit_codes(struct sheet *, const struct command *);
#endif
