/* record/comparison.h: two audits of the same items side by side, A the earlier and B the
 * later as they were given: what `compare` says, as JSON, text, tables and a page.
 *
 * Shape:     every item that both hold counts once in moves[bucket in A][bucket in B]; what
 *            is said of fixed, broken and moved items is added up from that.
 * Words:     fixed: missing and public in A, retrieved in B; broken: the other way round;
 *            still missing: missing and public in both. What is open in one of the two is
 *            none of these.
 * Units:     shares and probabilities 0..1; instants UTC seconds, 0 = none.
 * Ownership: texts are borrowed from `mem`, which the caller clears. */
#ifndef RECORD_COMPARISON_H
#define RECORD_COMPARISON_H
#include "record/number.h"
#include "record/summary.h"

enum { COMPARED_A, COMPARED_B, COMPARED_SIDES };

struct compared_side {
    struct str name;               // the last part of its path
    struct str audit;              // its random id
    struct str rules;              // SHA-256 of its own rules.ini, hex
    struct str manifest;           // of a bundle: SHA-256, hex; "" of a folder
    bool relabelled;               // by other rules than its own
    int64_t items, open;           // all of it, also what the other has not
    int64_t first_answer_at, newest_answer_at;
    int64_t purged;                // whose content was dropped; they keep the label that they had
    int64_t only, not_comparable;  // items of it alone; purged, and nobody knows which those were
};
/* A number that both have, or one of them. */
struct change {
    struct str name;
    enum criterion criterion;
    enum number_unit unit;
    bool has_a, has_b;
    double a, b, change;           // b - a where both are there
    bool has_interval;             // of the change, its bounds
    double low, high;
    enum bounds bounds;            // of the change
    bool paired;                   // from the same items, item by item
    struct str is;
    const struct change *next;
};
/* An item that was fixed or broke, and whose it is: 0 nobody's. */
struct compared_change { int64_t account; bool broken; };
struct compared_block;
struct compared_example { uint64_t id; struct str handle; enum node from, to; bool purged; };
#define COMPARED_EXAMPLES 20
#define COMPARED_CAUTIONS 16

struct comparison {
    struct arena *mem;
    struct compared_side side[COMPARED_SIDES];
    struct str rules;              // SHA-256 of the rules that label both, hex
    struct str rules_are;          // "their own", "those that this program ships", "those of FILE"
    int64_t both;
    int64_t moves[NODE_COUNT][NODE_COUNT];       // by leaf in A, leaf in B
    struct compared_example fixed_example[COMPARED_EXAMPLES],
        broken_example[COMPARED_EXAMPLES];
    size_t fixed_examples, broken_examples;      // the lowest ids
    const struct change *first_change; struct change *last_change;    // in the order of B
    struct compared_block *changed;              // by comparison_changed
    struct str caution[COMPARED_CAUTIONS]; size_t cautions;   // what to know before one reads on
    /* by comparison_finish */
    int64_t fixed, broken, still_missing, still_retrieved;
    int64_t open[COMPARED_SIDES], open_any;      // of both
    int64_t moved;                               // another bucket in B than in A
    double p;                                    // of fixed against broken, McNemar's exact test
    /* Of those that were fixed or broke the share that broke, with its 95 % interval over
     * accounts, whose posts move together; accounts: how many, nobody's posts each by itself. */
    struct { int64_t accounts; double share; struct stat_interval interval; } by_account;
    struct change missing;         // share missing of those that both know as public, paired
};

bool node_is_public(enum node);    // missing/public, or a leaf of it
/* What an item's move from a bucket to another means; at most one of them holds. */
bool move_is_fixed(enum node from, enum node to);
bool move_is_broken(enum node from, enum node to);
bool move_is_still_missing(enum node from, enum node to);
/* A leaf of missing/public: how many of both lie there in A, in B; of those of A how many were
 * fixed or are still missing and public, of those of B how many broke. */
struct compared_label { int64_t a, b, fixed, broken, still; };
struct compared_label comparison_label(const struct comparison *, enum node leaf);
/* Broken outweighs fixed beyond chance (p < 0.05). */
bool comparison_is_worse(const struct comparison *);
bool comparison_is_better(const struct comparison *);
/* For by_account; its memory grows with these alone. */
void comparison_changed(struct comparison *, const struct compared_change *);
/* p is below 0.05, and by account it could as well be chance. */
bool comparison_hangs_on_accounts(const struct comparison *);
/* From moves and changed: all that stands below them in the struct. */
void comparison_finish(struct comparison *);
/* Once more; beyond COMPARED_CAUTIONS nothing happens. */
void comparison_caution(struct comparison *, const char *fmt, ...) PRINTF(2, 3);
/* The numbers of both, from theirs; after comparison_finish. */
void comparison_numbers(struct comparison *, const struct numbers *a, const struct numbers *b);
#endif
