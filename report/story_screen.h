/* report/story_screen.h: an audit on one screen of 80 x 24: the shares that matter and the
 * waterfall, each bucket a line, those of what is open on one. ASCII.
 * To add a line, look first which one can go: `status` has no room to scroll. */
#ifndef REPORT_STORY_SCREEN_H
#define REPORT_STORY_SCREEN_H
#include "record/summary.h"

#define SCREEN_COLUMNS 80
#define SCREEN_LABEL 16             // columns of the words before a line's text
/* Two lines, by the numbers public_not_returned and public_returned_late: with the point where
 * nothing is left to do, else the range alone. */
void story_shares(struct buf *, const struct summary *, bool final);
/* Sixteen lines, or one more. */
void story_tree(struct buf *, const struct summary *);
#endif
