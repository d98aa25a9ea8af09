/* silence/sound.h: judges each absence in a batch (silence/view.h says what is wanted). */
#ifndef SILENCE_SOUND_H
#define SILENCE_SOUND_H
#include "base/arena.h"
#include "silence/judged.h"

struct view;
/* One absence, by all that is known now. */
struct absence { struct silence *s; int64_t day; bool sound, pending, unsound; int make_up; };
/* canaries: those of the batch hold. False where the row is no absence of a silent item
 * that was public. */
bool absence_of(const struct view *, const struct settings *, const struct judged *,
                const struct ask_row *, bool canaries, struct absence *);
/* It says something new: these ids were not asked together before, and it does not, in
 * an otherwise sound batch, count for nothing. */
bool absence_tells(const struct absence *, const struct judged *);
/* The silent item's day, made where there is none. */
struct silent_day *absences_on(struct absences *, int64_t day, struct arena *);
/* The walk that counts them. */
void sound_take(struct view *, const struct settings *, const struct judged *);
#endif
