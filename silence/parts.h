/* silence/parts.h: what a view is made of. Nobody outside silence/ includes it.
 *
 * It is made in four walks over the asks, batch by batch; each sees what those before
 * it have found:
 *     replies   what each reply says of the API as a whole: the outages
 *     canaries  days with a canary back, canaries that stayed away, and where
 *     sound     the days of each silent item; what was lost and what was not
 *     weigh     what each absence is worth */
#ifndef SILENCE_PARTS_H
#define SILENCE_PARTS_H
#include "base/arena.h"
#include "silence/canary.h"
#include "silence/checks.h"
#include "silence/judged.h"
#include "silence/late.h"
#include "silence/losses.h"
#include "silence/outage.h"

struct silences {
    struct silence *v; size_t n, cap;   // by id
    double expected_wrong;
    struct arena mem;           // of their absences
};
struct view {
    int64_t clock_s;            // of the rows
    struct known known;
    struct silences silences;
    struct canaries *canaries;
    struct losses *losses;
    struct outages outages;
    struct outage_rates first_rates;    // of first asks, outside the outages
    int64_t requests;           // complete requests of the query, the checks apart
    struct spot_sum spots;
    struct forensic forensic[FORENSIC_COUNT];
    struct late late;           // the sample that is asked again, and what came of it
};
static inline struct silence *silences_find(const struct view *view, int64_t item)
{
    uint32_t i = known_is(&view->known, item) ? view->known.silence[item] : 0;

    return i ? &view->silences.v[i - 1] : NULL;
}
#endif
