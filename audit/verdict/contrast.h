/* audit/verdict/contrast.h: how public posts that the API does not return differ from those
 * that it does, by what their pages show: standardised differences, missing less returned.
 * Returned posts are those of the seeded sample, whose pages were read whatever they are. */
#ifndef AUDIT_VERDICT_CONTRAST_H
#define AUDIT_VERDICT_CONTRAST_H
#include "audit/verdict/numbers.h"

struct contrast;
struct contrast *contrast_new(const struct account_graph *);
void contrast_free(struct contrast *);    // accepts NULL
/* A post of the one group or the other, with the record of its page; at: newest answer. */
void contrast_add(struct contrast *, const struct item_row *, bool missing, const struct record *,
                  int64_t at);
void contrast_put(const struct contrast *, struct summary *);
#endif
