/* base/nearest.h: of the words that are known the one that a mistyped word probably meant.
 *
 *     struct nearest near = nearest_to(word);
 *     for (each known word) nearest_offer(&near, known);
 *     err_set(err, ERR_USAGE, "expected ..., not \"%.*s\"%s", STR_ARG(word), nearest_hint(&near));
 *
 * Letters are alike whatever their case, and three letters or more that a known word begins
 * with are near it.
 * Absent: words longer than NEAREST_MAX, and known ones that differ in more than a third
 *         of the letters: then there is no hint. */
#ifndef BASE_NEAREST_H
#define BASE_NEAREST_H
#include "base/str.h"

#define NEAREST_MAX 48
struct nearest {
    struct str word;    // borrowed
    char best[NEAREST_MAX + 1];
    size_t distance;    // letters put in, left out, exchanged or swapped; the first wins
    char hint[NEAREST_MAX + 32];
};
struct nearest nearest_to(struct str word);
void nearest_offer(struct nearest *, struct str known);
/* "; did you mean NAME?", or "" where nothing is near. */
const char *nearest_hint(struct nearest *);
#endif
