/* audit/turn/guess.h: which share of an audit's items will stay away, in three cases: by
 * the answers so far, with 95 % intervals; by published studies where there are none.
 * Units: shares, 0..1. */
#ifndef AUDIT_TURN_GUESS_H
#define AUDIT_TURN_GUESS_H
#include "silence/view.h"

enum odds { ODDS_LOW, ODDS_MID, ODDS_HIGH, ODDS_COUNT };
struct guess {
    double open;                // of items not yet asked: silent at first, and public
    double gone;                // ... silent, and not public
    double is_public;           // of silent items whose page was not read
    double back;                // of public silent items: come back when they are asked again
};
void guess_make(struct guess[ODDS_COUNT], const struct view *);
#endif
