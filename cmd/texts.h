/* cmd/texts.h: the longer texts for people, a file each, named as their command. */
#ifndef CMD_TEXTS_H
#define CMD_TEXTS_H
#include "audit/turn/status.h"

void status_text(struct status *, struct buf *out);
void plan_text(const struct plan *, const struct settings *, struct buf *out);
#endif
