/* audit/verdict/compare_purged.h: the items of one audit for a comparison, by id: purged ones
 * under the id that they had, where the key is here and the other audit holds that item.
 *
 * Memory: 32 bytes a purged item, 64 one that is found again; else a row. */
#ifndef AUDIT_VERDICT_COMPARE_PURGED_H
#define AUDIT_VERDICT_COMPARE_PURGED_H
#include "audit/audit.h"
#include "audit/verdict/compare_rows.h"

struct compare_items;
/* other: the audit whose ids may be those of this one's purged items. Both are read. */
MUST_CHECK int compare_items_open(struct compare_items **, struct audit *, struct audit *other,
                                  struct err *);
struct compare_source compare_items_source(struct compare_items *);
int64_t compare_items_purged(const struct compare_items *);
void compare_items_close(struct compare_items *);      // accepts NULL
#endif
