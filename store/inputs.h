/* store/inputs.h: what each source held and what became of it; short links and where
 * they stand. attempts is page.attempts: a link that gave no answer so often is given up. */
#ifndef STORE_INPUTS_H
#define STORE_INPUTS_H
#include <stdbool.h>
#include "record/intake.h"

struct store;
struct err;
/* A source was read once more. Its short links are counted as they are added
 * (store_add_link): those of the intake are not. In the transaction of its items. */
MUST_CHECK int store_source_count(struct store *, int64_t source, const struct intake *,
                                  struct err *);
/* In the order of their numbers; texts are borrowed for the call. */
MUST_CHECK int store_sources(struct store *, int attempts,
                             int (*each)(void *to, const struct input_source *, struct err *),
                             void *to, struct err *);
/* Short links, each once, by where they stand. */
MUST_CHECK int store_link_fates(struct store *, int attempts, int64_t n[FATE_COUNT], struct err *);
/* Those that are given up, in the order they came; texts are borrowed for the call. */
MUST_CHECK int store_given_up(struct store *, int attempts,
                              int (*each)(void *to, const struct input_link *, struct err *),
                              void *to, struct err *);
#endif
