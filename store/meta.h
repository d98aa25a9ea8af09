/* store/meta.h: names and small facts of an audit, tallies, and what happened. */
#ifndef STORE_META_H
#define STORE_META_H
#include <stdint.h>
#include "base/err.h"
#include "base/str.h"

struct store;
/* One text each; what is never set is empty. */
#define METAS(X)                                                                           \
    X(AUDIT, "audit")                         /* random id, hex */                         \
    X(SERIES, "series")                       /* audit (or empty), sample, watch */        \
    X(SEED, "seed")                           /* hex */                                    \
    X(SOURCE_KEY, "source_key")               /* hex, for digests of donors' files */      \
    X(TAKEN_AT, "taken_at")                   /* RFC 3339: new items came in last */       \
    X(ROUND_1_CLOSED_AT, "round1_closed_at")  /* RFC 3339 */                               \
    X(LABELS_OF, "labels_of")                 /* what the labels rest on */                \
    X(DIFFERENCES_OF, "differences_of")       /* what the differences rest on */           \
    X(WITNESS_OF, "witness_of")               /* what checks by other witnesses rest on */ \
    X(WITNESS_LEFT, "witness_left")           /* checks that were left to do, a number */  \
    X(VALIDATION_FAILED, "validation_failed") /* runs of the validity check that failed */ \
    X(PLAN_BEFORE, "plan_before")             /* the plan before the first request */      \
    X(PLAN_AFTER_ROUND_1, "plan_after_round_1")                                            \
    X(LATE_SAMPLE, "late_sample") /* who is asked again weeks later */                     \
    X(PURGE_OPEN, "purge_open")   /* "yes": a purge was not finished */                    \
    X(REVIEW, "review")           /* labels that people judge again */                     \
    X(VERIFIED, "verified")       /* archive last found sound: its digest, when */         \
    X(PAGE_DAYS, "page_days")     /* record/site_days.h, of the pages themselves */  \
    X(EMBED_DAYS, "embed_days")   X(OEMBED_DAYS, "oembed_days")                            \
    X(CLOCK_BOUND, "clock_bound") /* ms, store_clock_bound */
enum meta {
#define X(id, key) META_##id,
    METAS(X)
#undef X
    META_COUNT
};
const char *meta_name(enum meta);
MUST_CHECK int store_meta_get(struct store *, enum meta, struct buf *out, struct err *);
MUST_CHECK int store_meta_set(struct store *, enum meta, struct str value, struct err *);
MUST_CHECK int store_meta_drop(struct store *, enum meta, struct err *);
/* Adds to the tally (kind, name): drift, skipped links ... */
MUST_CHECK int store_tally(struct store *, const char *kind, struct str name,
                           const struct counted *, struct err *);
struct tally_row { struct str kind, name; int64_t count, first_at, last_at; };
MUST_CHECK int store_tallies(struct store *, const char *kind /* NULL: all */,
                             int (*each)(void *to, const struct tally_row *, struct err *),
                             void *to, struct err *);
/* How wrong the instants of this audit may be beside each other: the largest bound (base/utc.h) of
 * the clocks by which they were taken, in ms; 0 where one machine's clock took them all. */
MUST_CHECK int store_clock_bound(struct store *, int64_t *ms, struct err *);
MUST_CHECK int store_clock_bound_raise(struct store *, int64_t ms, struct err *);
/* Something that happened, for `status` and the report ("blocked", "quota", "handle_changed"). */
MUST_CHECK int store_event(struct store *, const char *kind, int64_t item, struct str text,
                           struct err *);
/* The last event of a kind: its time and text; *at is 0 where there is none. */
MUST_CHECK int store_last_event(struct store *, const char *kind, int64_t *at, struct buf *text,
                                struct err *);
/* Texts of the events of a kind, in order. */
MUST_CHECK int store_events(struct store *, const char *kind,
                            int (*each)(void *to, struct str text, struct err *), void *to,
                            struct err *);
#endif
