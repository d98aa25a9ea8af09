/* tests/soak/scores.h: how well counters are judged, on made-up audits whose truth is
 * known: of honest rows, how many get a `differs`; of spoiled ones, how many are found.
 *
 * A row is a post that both sides show. Ages are spread evenly by their logarithm, from 2
 * days to 5 years. The API's copy is 0 to 10 days old, in 15 % of the rows for each counter
 * another time; the page is read 1 to 3 times, the first time a day before to three days
 * after the API, and prints 3 or 4 digits. Beside the rows stand posts that teach growth
 * alone: two readings a day apart, of which 10 % are a frozen copy and 0.5 % show a hundred
 * times the views. Growth, bursts and falls are those of fixtures/growth.h. */
#ifndef TESTS_SOAK_SCORES_H
#define TESTS_SOAK_SCORES_H
#include <stdio.h>
#include "fixtures/growth.h"

#define SCORE_READINGS 3
enum score_age { AGE_DAYS, AGE_WEEKS, AGE_MONTH, AGE_YEAR, AGE_OLDER, SCORE_AGES };
struct score {
    int64_t rows, views, any;
};    // with `differs`: of views, of any counter
/* [0]: all posts; [1]: those whose page shows 1,000 views and more. */
struct scores {
    struct score of[SPOIL_KINDS][SCORE_AGES][2];     // SPOIL_NONE: honest rows
    struct score by_readings[SCORE_READINGS + 1];    // honest rows alone
};

struct score_audit {
    int64_t items;
    enum spoil spoil;
    double share;
    struct growth_law law;
    double own;       // share of the rows whose counters were each copied at a time of its own
    double taught;    // posts that teach, as a share of items
    double early;     // share of the rows whose page was also read 11 to 30 days before
    uint64_t seed;
};
#define SCORE_AUDIT ((struct score_audit){ .law = GROWTH_LAW, .own = 0.15, .taught = 0.3 })
/* Adds to the scores. */
void score_run(const struct score_audit *, struct scores *);

/* The table, with its goals: each kind and share, in audits of so many items, in all about
 * rows of them a line. Prints to out where it is not NULL; returns the goals that were missed. */
struct score_wish {
    int64_t items[3];
    int64_t rows;
    bool harder;
};
int scores_table(const struct score_wish *, FILE *out);
#endif
