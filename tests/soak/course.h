/* tests/soak/course.h: one audit from its first day to its end, and the judgement
 * of its verdicts by the world's truth. */
#ifndef TESTS_SOAK_COURSE_H
#define TESTS_SOAK_COURSE_H
#include "record/summary.h"
#include "tests/soak/arms.h"

enum shares {
    SHARES_PUBLISHED,
    SHARES_FIXTURE
};    // the published audit's; those of fixtures/world.h
struct course {
    struct model model;
    uint64_t seed;
    int64_t items, daily;
    enum shares shares;
    const struct opt_list *sets, *world_sets;
    const char *extra;              // one more --set, or NULL
    const char *extra_world;        // one more --world, or NULL
    bool tell;                      // each verdict that is not the truth on stderr
    int64_t kill_every;    // a process dies by kill -9 after 1 to 2 x that many instants; 0 = never
};
struct outcome {                    // plain data: it comes through a pipe
    bool ran; char why[200];        // why it did not
    bool finished;
    int days;                       // calendar days on which something was sent or read
    struct watch watch;
    struct published published;
    int64_t windows;                // packed batches of a first round
    int64_t public_missing;         // truth: public, old enough, never returned
    int64_t missing, judged;        // called missing; of these on a public page
    int64_t wrong;                  // of judged: the API held it at one ask at least
    int64_t away;                   // of judged: it came and went, and was away at every ask
    int64_t labels;                 // label or reason is not the truth
    int64_t open;                   // undecided without the truth being so
    int64_t hidden;    // called missing when the audit was done, though it comes and goes
    int64_t hidden_drawn;           // of the late checks' sample: such
    struct late_check late[SUMMARY_LATE]; size_t lates;
    int64_t late_wrong;             // absent in a late check, though the API held it then
    double expected, expected_low,
        expected_high;                  // sum of the stated probabilities of judged, with its 95 %
    int64_t kills, charged, recorded;   // charged by the ledger; sends that the store knows of
    uint64_t verdicts;    // digest of every item's state and, where missing, its label and reason
    double seconds; long peak_kb;
};
void course_run(const struct course *, const char *dir, struct outcome *);
#endif
