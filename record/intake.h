/* record/intake.h: what became of all that a source held, so that nothing that came in
 * is lost without a word. A source is one file as it was given to `add` or `load`.
 *
 * The account: seen = fresh + duplicates + what was passed over, kind by kind
 *              + short links, by where each of them stands.
 * Kinds:     named by whoever reads the file: a row in its own list (import/skip.h,
 *            archive/replies.h, audit/take/load.h), in the same words wherever it is
 *            the same. The store keeps names, so a new kind is that one row.
 * Ownership: names are copied. */
#ifndef RECORD_INTAKE_H
#define RECORD_INTAKE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/str.h"

/* Where a short link stands. X(id, key, words) */
#define LINK_FATES(X)                                          \
    X(NEW_ITEM, "new_item", "led to a new item")               \
    X(DUPLICATE, "duplicate", "led to an item that was there") \
    X(NO_ITEM, "no_item", "led to something that is no item")  \
    X(DEAD, "dead", "dead")                                    \
    X(GIVEN_UP, "given_up", "given up: no answer")             \
    X(WAITING, "waiting", "waiting to be resolved")
enum link_fate {
#define X(id, key, words) FATE_##id,
    LINK_FATES(X)
#undef X
    FATE_COUNT
};
const char *link_fate_name(enum link_fate);     // "new_item" ...
const char *link_fate_words(enum link_fate);

#define INTAKE_KINDS 64            // what is passed over for still other reasons is "others"
struct intake_kind { char name[40]; int64_t n; };
struct intake {
    int64_t seen;          // links, ids, rows, records, pages: an item, or an answer of one
    int64_t fresh;         // items that were new
    int64_t duplicates;    // of items that were there, or that came twice in the source
    struct intake_kind passed[INTAKE_KINDS]; size_t kinds;    // as they came
    int64_t link[FATE_COUNT];                            // short links, each time one was seen
};
/* Adds n that were passed over for this reason. */
void intake_pass(struct intake *, const char *name, int64_t n);
void intake_pass_str(struct intake *, struct str name, int64_t n);
/* Adds what another holds. */
void intake_add(struct intake *, const struct intake *);
int64_t intake_passed(const struct intake *);        // of all kinds
int64_t intake_short_links(const struct intake *);   // wherever they stand
/* What is accounted for nowhere; 0 where the account closes. */
int64_t intake_residual(const struct intake *);

/* What the sources of an audit held, by audit/inputs.h. */
struct input_source {
    int64_t n;                 // its number
    struct str kind;           // "list", "csv", "donation", "load" ...
    int64_t times;             // that it was read and counted; 0: the intake says nothing
    bool uncounted;            // it also came in before anything was counted
    struct intake intake;
};
struct input_link { struct str url; int64_t tries, tried_at; };
#define INPUTS_SOURCES 1000    // kept one by one, in the order they came
struct inputs {
    int64_t sources;
    int64_t uncounted;         // of these: came in before what they held was counted
    struct intake all;         // of those that were counted
    struct input_source *source; size_t len;       // the first INPUTS_SOURCES
    int64_t items;             // of the audit
    /* Over all sources: what they saw and account for nowhere, and items that no
     * source accounts for (where every source was counted). */
    int64_t residual;
    int64_t link[FATE_COUNT];                      // short links, each once
    struct input_link *given_up; size_t given_ups; // all of them
};
#endif
