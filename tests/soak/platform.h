/* tests/soak/platform.h: what the simulated API gives back for one request,
 * under one model of corruption. Pure: the same ids at the same instant under
 * the same number give the same answer; nothing is remembered.
 *
 * Rates: `rate` and `second` of a model are its own (models[] names them).
 * Dead: not public, or no post at all. Never: what the API will not return at
 * any time (dead, Canada, advertising, companies, excluded accounts ...). */
#ifndef TESTS_SOAK_PLATFORM_H
#define TESTS_SOAK_PLATFORM_H
#include "fixtures/world.h"

enum model_kind {
    MODEL_NONE,
    MODEL_DEAD_SHARE,
    MODEL_DEAD_ALL,
    MODEL_ANY_SHARE,
    MODEL_BATCH_STICKY,
    MODEL_FAVOURED,
    MODEL_RANDOM_SHARE,
    MODEL_WINDOWS,
    MODEL_OUTAGE,
    MODEL_LATE,
    MODEL_INTERMITTENT,
    MODEL_VANISH,
    MODEL_DELAY,
    MODEL_HANDLES,
    MODEL_COUNT
};
struct model { enum model_kind kind; double rate, second; };
struct model_info {
    const char *name, *help;
    double rate, second;            // where none is given
    bool needs_dead;                // what is there is lost only beside an id that is not public
};
extern const struct model_info models[MODEL_COUNT];
/* "NAME[:RATE[:SECOND]]". Errors: ERR_USAGE. */
MUST_CHECK int model_parse(struct model *, const char *text, struct err *);
void model_print(const struct model *, struct buf *out);       // the same text, rates always named
/* The world that a model needs (vanishing, late, intermittent, recent items). */
void model_world(const struct model *, struct world_params *);
/* Days that an audit is run at least, finished or not. */
int model_days(const struct model *);

struct platform { const struct world *w; struct model model; };
struct question {
    const uint64_t *id; size_t n;
    int64_t start_day, end_day, at;
    uint64_t number;                // of the request, for what is lost at random
};
enum reply_kind { REPLY_OK, REPLY_500 };
enum reply_kind platform_query(const struct platform *, const struct question *, bool *back);
/* The API holds the item at that instant: asked alone in the right window it comes back. */
bool platform_has(const struct platform *, const struct world_item *, int64_t at);
/* Handle of an account at an instant. */
char *platform_handle(const struct platform *, uint32_t account, int64_t at,
                      char out[WORLD_HANDLE_MAX]);

/* The procedure of the published audit (arXiv:2506.09746) on the same platform:
 * packed batches, those that stayed away once more in packed batches, then every
 * public one of the rest alone on two days. */
struct published {
    int64_t packed, first_missing, again, single, wrong;
    int64_t silent;    // packed batches of what is public and never returned: one round over it
};
void published_run(const struct platform *, struct published *);
#endif
