/* audit/held.h: views that are kept: the last one for the next who asks, older ones until
 * whoever holds them lets them go.
 *
 * Ownership: a list that begins NULL; held_forget empties it once nobody holds any. */
#ifndef AUDIT_HELD_H
#define AUDIT_HELD_H
#include <stdbool.h>
#include <stdint.h>

struct account_table;
struct held;
struct view;
/* The last one, if it was made of a store as changed as this (store_changes): one more
 * holds it. NULL where there is none; an older one is forgotten. */
struct view *held_take(struct held **, int64_t changes);
/* Another last one, held once, and owned from now on. */
void held_put(struct held **, struct view *, int64_t changes);
void held_let(struct held **, const struct view *);     // what is not held is left alone
/* The last one goes, at once or with its last holder. */
void held_forget(struct held **);
/* Where a held view's accounts are kept: NULL until someone has made them. They are
 * freed with it. */
struct account_table **held_accounts(struct held **, const struct view *);
#endif
