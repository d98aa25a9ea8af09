/* silence/known.c: items as their rows tell of them, packed. */
#include <stdlib.h>
#include "base/utc.h"
#include "record/witnesses.h"
#include "silence/known.h"

void known_init(struct known *known, int64_t max_item)
{
    uint64_t slots = (uint64_t)max_item + 1;

    *known = (struct known){ .max_item = max_item,
                             .silence = xcalloc(slots, sizeof *known->silence),
                             .alive = xcalloc(slots, sizeof *known->alive),
                             .created_day = xcalloc(slots, sizeof *known->created_day),
                             .flags = xcalloc(slots, sizeof *known->flags),
                             .absent = xcalloc(slots, sizeof *known->absent) };
}

void known_release(struct known *known)
{
    free(known->silence);
    free(known->alive);
    free(known->created_day);
    free(known->flags);
    free(known->absent);
}

void known_take(struct known *known, const struct settings *set, const struct item_row *row,
                enum standing standing, int64_t alive, bool recovered)
{
    int absent = row->found_first_at ? row->absent_before_found : 0;

    known->alive[row->n] = (uint32_t)alive;
    known->created_day[row->n] = (uint16_t)utc_day(item_created(row));
    known->flags[row->n] =
        (uint8_t)((unsigned)standing | (row->page_marks << KNOWN_MARKS_SHIFT & KNOWN_MARKS) |
                  (sight_tries(set, row) >= set->page_attempts ? KNOWN_GIVEN_UP : 0u) |
                  (recovered ? KNOWN_RECOVERED : 0u));
    known->absent[row->n] = (uint8_t)(absent < UINT8_MAX ? absent : UINT8_MAX);
    known->found += row->found_first_at != 0;
    known->recovered += recovered;
}

void known_forget_absence(struct known *known, int64_t item)
{
    if (known->absent[item] && --known->absent[item] == 0 &&
        (known->flags[item] & KNOWN_RECOVERED)) {
        known->flags[item] &= (uint8_t)~KNOWN_RECOVERED;
        known->recovered--;
    }
}

bool known_fits_window(const struct known *known, const struct ask_row *row)
{
    int64_t day = known->created_day[row->item];

    return row->start_day <= day - 1 && row->end_day >= day + 1;
}
