/* cmd/sentences.h: what several commands say. */
#ifndef CMD_SENTENCES_H
#define CMD_SENTENCES_H
#include "audit/take/add.h"
#include "audit/turn/rounds.h"
#include "cmd/cmd.h"

#define SENTENCE_NO_CANARY                                                                         \
    "the API returned no item of this audit, so no absence can be told from an outage: none is "   \
    "confirmed"

/* Takes the files in and says for each what it held (stderr); json not NULL:
 * the same as one JSON value. *code is 2 where one of them could not be read or
 * gave nothing; the others are taken all the same. */
MUST_CHECK int sentences_add(struct audit *, char **files, int count, const struct add_opts *,
                             struct buf *json, int *code, struct err *);
/* What a run did, why it stopped, what is left and when (stderr). Gives the
 * exit code: 0 where nothing of `what` (enum rounds_do) is left, else 3. */
MUST_CHECK int sentences_progress(struct audit *, const struct progress *, int what, int *code,
                                  struct err *);
/* Asks or reads (enum rounds_do), and says what came of it; json: on stdout as well. */
MUST_CHECK int sentences_rounds(struct app *, int what, bool json, struct err *);
#endif
