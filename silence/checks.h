/* silence/checks.h: the checks that are made when all else is done: ids asked alone, and
 * batches of canaries beside ids that may make a batch lose. Counts. */
#ifndef SILENCE_CHECKS_H
#define SILENCE_CHECKS_H
#include <stdint.h>

/* Confirmed items asked alone, and those of them that came back. */
struct spot_sum { int64_t asked, back; };
/* Beside ids that are not public, or public and never returned. */
enum forensic_kind { FORENSIC_DEAD, FORENSIC_NEVER, FORENSIC_COUNT };
struct forensic { int64_t batches, canaries, lost, recovered, recovered_lost; };
#endif
