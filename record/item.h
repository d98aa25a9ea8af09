/* record/item.h: an item on its way in, as a link named it.
 * Absent: handle "" where the link named no usable one; else lower case. */
#ifndef RECORD_ITEM_H
#define RECORD_ITEM_H
#include <stdint.h>

#define HANDLE_MAX 24
struct new_item { uint64_t id; char handle[HANDLE_MAX + 1]; };
#endif
