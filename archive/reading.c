/* archive/reading.c: what all kinds of archives share. */
#include "archive/reading.h"
#include "base/log.h"

#define DAMAGES_MAX 1000
#define TOLD_MAX 5                 // the rest is in the counts

static const char *const skip_names[] = {
#define X(id, name) [REPLIES_##id] = name,
    REPLIES_SKIPS(X)
#undef X
};

const char *replies_skip_name(enum replies_skip skip)
{
    return skip_names[skip];
}

void reading_skip(struct reading *r, enum replies_skip why, struct err *err)
{
    if (r->told++ < TOLD_MAX)
        log_warn("%s", err->msg);
    err_clear(err);
    r->skipped[why]++;
}

int reading_damaged(struct reading *r, struct err *err)
{
    if (err->kind != ERR_INPUT)
        return -1;
    if (r->skipped[REPLIES_DAMAGED] == DAMAGES_MAX)
        return err_wrap(err, "more than 1,000 places are damaged");
    reading_skip(r, REPLIES_DAMAGED, err);
    return 0;
}
