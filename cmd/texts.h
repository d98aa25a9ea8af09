/* cmd/texts.h: the longer texts for people, a file each, named as their command. */
#ifndef CMD_TEXTS_H
#define CMD_TEXTS_H
#include "audit/turn/status.h"
#include "cmd/cmd.h"

/* 80 x 24: final or not, what is next and when, the shares, the waterfall. */
void status_screen(const struct status *, struct buf *out);
void status_batches(const struct status *, struct buf *out);
/* The screen, drawn again when the audit has changed, until SIGINT: then app->code is 130. */
MUST_CHECK int status_watch(struct app *, struct err *);
/* All of it, in as many lines as it takes. */
void status_text(struct status *, struct buf *out);
void plan_text(const struct plan *, const struct settings *, struct buf *out);
#endif
