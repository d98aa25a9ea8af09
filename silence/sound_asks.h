/* silence/sound_asks.h: every ask of the query, as a trial of the API: would the reply have
 * shown the item, had the API shown it to that request? Whether an ask is sound is judged
 * by its batch without the item itself, so that what came of it decides nothing: complete
 * reply, no outage, a day of slack in the window, no mate that may not have been public,
 * and another id of the batch (or canaries of that day, where the batch had none) came back. */
#ifndef SILENCE_SOUND_ASKS_H
#define SILENCE_SOUND_ASKS_H
#include "silence/view.h"

enum sound_ask {
    SOUND_NOT,          // the ask says nothing of the item
    SOUND_FOUND,        // it came back
    SOUND_ABSENT,       // it did not, and was public: seen so, or returned, at or after it
    SOUND_UNDECIDED,    // it did not, and no sign of it since says that it was public
};
/* Whether the item was old enough when it was asked is left to the caller. */
typedef int sound_ask_fn(void *to, const struct ask_row *, enum sound_ask, struct err *);
/* Walks over the asks once more, by request. rows: those that the view was made of.
 * Errors: of the source and of each. */
MUST_CHECK int view_sound_asks(const struct view *, const struct row_source *,
                               const struct settings *, sound_ask_fn *each, void *to, struct err *);
#endif
