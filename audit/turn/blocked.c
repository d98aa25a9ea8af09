/* audit/turn/blocked.c: which posts wait for another day. */
#include "audit/turn/blocked.h"
#include <stdlib.h>
#include "base/array.h"
#include "base/utc.h"
#include "store/expect.h"

static void take(void *to, int64_t item, enum witness witness)
{
    struct blocked *b = to;

    ARRAY_ROOM(b->v, b->n, b->cap);
    b->v[b->n++] = (struct blocked_post){ item, witness };
}

static int by_item(const void *a, const void *b)
{
    const struct blocked_post *x = a, *y = b;

    return x->item != y->item ? (x->item < y->item ? -1 : 1)
                              : (x->witness > y->witness) - (x->witness < y->witness);
}

static int read_day(struct blocked *b, struct store *store, int64_t vantage, int64_t day,
                    struct err *err)
{
    b->n = 0;
    if (store_blocked_alone(store, vantage, day, take, b, err))
        return -1;
    if (b->n)
        qsort(b->v, b->n, sizeof *b->v, by_item);
    b->day = day;
    return 0;
}

int blocked_expect(const struct blocked *b, struct store *store, int64_t vantage, struct err *err)
{
    return b->day == utc_day(utc_now()) ? 0 : store_expect_blocked(store, vantage, err);
}

int blocked_today(struct blocked *b, struct store *store, int64_t vantage, int64_t item,
                  enum witness witness, bool *yes, struct err *err)
{
    const struct blocked_post key = { item, witness };
    const int64_t today = utc_day(utc_now());

    if (b->day != today && read_day(b, store, vantage, today, err))
        return -1;
    *yes = b->n && bsearch(&key, b->v, b->n, sizeof key, by_item);
    return 0;
}

void blocked_note(struct blocked *b, int64_t item, enum witness witness, int64_t at)
{
    const struct blocked_post post = { item, witness };

    if (b->day != utc_day(at))
        return;
    take(b, item, witness);
    for (size_t i = b->n - 1; i > 0 && by_item(&b->v[i - 1], &b->v[i]) > 0; i--) {
        b->v[i] = b->v[i - 1];
        b->v[i - 1] = post;
    }
}

void blocked_release(struct blocked *b)
{
    free(b->v);
    *b = (struct blocked){ 0 };
}
