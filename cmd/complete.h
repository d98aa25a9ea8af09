/* cmd/complete.h: completions made from the tables of commands, options and settings. Each shell
 * has a file that writes its script; what they ask of the tables they share. */
#ifndef CMD_COMPLETE_H
#define CMD_COMPLETE_H
#include "cmd/cmd.h"
#include "record/setting.h"

void complete_bash(struct buf *);
void complete_zsh(struct buf *);
void complete_fish(struct buf *);

/* The words that may stand in a value, with blanks between: "csv jsonl"; of an operand that names a
 * command (help) all commands and topics. "" where anything may. */
void complete_words(const char *value, struct buf *out);
/* The word of an operand: "[FILE...]" is FILE. Of several, the first that is no address. */
void complete_operand(const struct command *, struct buf *out);
/* The words that may follow `before` as a part of a command's name, with blanks between: of "" all
 * first words, of a group its commands. */
void complete_parts(const char *before, struct buf *out);
/* The words that a setting takes; "" where there are none. */
void complete_setting_words(const struct setting_info *, struct buf *out);
/* text as it stands between single quotes of a shell, with a backslash before each of `more`. */
void complete_quoted(const char *text, const char *more, struct buf *out);
#endif
