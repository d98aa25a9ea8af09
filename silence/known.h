/* silence/known.h: what is known of each item while a view is made, by its number.
 *
 * Memory: 12 bytes for every item.
 * Units:  UTC seconds and UTC days; 0 = never. */
#ifndef SILENCE_KNOWN_H
#define SILENCE_KNOWN_H
#include "record/item.h"
#include "record/settings.h"
#include "silence/silence.h"

#define DAY_MAX 40000                   // 2079: days that are indexed

#define KNOWN_STANDING 0x03u
#define KNOWN_MARKS 0x0cu               // enum page_mark, of its page
#define KNOWN_MARKS_SHIFT 2
#define KNOWN_RECOVERED 0x10u           // absent once, found later
#define KNOWN_WAS_SILENT 0x20u          // ... and the ask that makes it recovered was passed
#define KNOWN_GIVEN_UP 0x40u            // its page gave no answer page.attempts times
#define KNOWN_CAME_BACK 0x80u           // ... and the first ask that found it, too
struct known {
    int64_t max_item;
    int64_t found, recovered;
    uint32_t *silence;          // its place among the silences, plus 1; 0 = it came back, or
                                // was never asked
    uint32_t *alive;            // last time it was seen public, on its page or by the API
    uint16_t *created_day;      // UTC day of creation, by the API, else its page, else its id
    uint8_t *flags;             // its standing and KNOWN_*
    uint8_t *absent;            // of a found one: absences before it came back, 255 = or more
};
void known_init(struct known *, int64_t max_item);
void known_release(struct known *);
/* alive: as above; recovered: it came back after a silence that tells of batches. */
void known_take(struct known *, const struct settings *, const struct item_row *, enum standing,
                int64_t alive, bool recovered);
/* An absence before it came back is to count for nothing. */
void known_forget_absence(struct known *, int64_t item);
/* The window held the day of its creation, with a day of slack on both sides. */
bool known_fits_window(const struct known *, const struct ask_row *);

static inline bool known_is(const struct known *known, int64_t item)
{
    return item > 0 && item <= known->max_item;
}

static inline enum standing known_standing(const struct known *known, int64_t item)
{
    return (enum standing)(known->flags[item] & KNOWN_STANDING);
}

static inline bool day_in_range(int64_t day)
{
    return day >= 0 && day < DAY_MAX;
}
#endif
