/* cmd/sentences.h: what several commands print. */
#ifndef CMD_SENTENCES_H
#define CMD_SENTENCES_H
#include "audit/take/add.h"
#include "audit/turn/rounds.h"
#include "cmd/cmd.h"

/* Takes the files in and says for each what it held (stderr); json not NULL:
 * the same as one JSON value. */
MUST_CHECK int say_added(struct audit *, char **files, int count, const struct add_opts *,
                         struct buf *json, struct err *);
/* What a run did, why it stopped, what is left and when (stderr). Gives the
 * exit code: 0 where nothing of `what` (enum rounds_do) is left, else 3. */
MUST_CHECK int say_progress(struct audit *, const struct progress *, int what, int *code,
                            struct err *);
void say_outlook(const struct outlook *);
/* Asks or reads (enum rounds_do) in the audit that is open, and says what came of it. */
int say_rounds(struct app *, int what);
/* A command that asks or reads (enum rounds_do) and says what came of it. */
int say_run(struct app *, int argc, char **argv, int what);
#endif
