/* store/watch.h: a watch list: who is on it, its rounds, and all that was ever said of
 * those who are. What was asked and what came back stands in request, ask and page_answer,
 * as in every audit; here it is given back post by post, as readings.
 * Ownership: rows of a callback are borrowed until it returns. */
#ifndef STORE_WATCH_H
#define STORE_WATCH_H
#include <stdbool.h>
#include <stdint.h>
#include "base/err.h"
#include "base/str.h"
#include "record/reading.h"

struct store;
/* ---- the list ---- */
/* Of each item, role and why (one that others measured too stays what it is). One that is on the
 * list already keeps its since_at, and is watched again where it was not; *fresh counts those that
 * were not watched before. */
MUST_CHECK int store_watch_put(struct store *, const struct watched *, size_t n, int64_t *fresh,
                               struct err *);
/* Nobody asks for them from now on; their readings stay. */
MUST_CHECK int store_watch_end(struct store *, const int64_t *item, size_t n, struct err *);
/* All that ever were watched, by id. */
MUST_CHECK int store_watched(struct store *,
                             int (*each)(void *to, const struct watched *, struct err *), void *to,
                             struct err *);

/* ---- rounds ---- */
/* A round begins now: its number, above that of every round so far, and no audit's round 1. */
MUST_CHECK int store_round_begin(struct store *, int64_t due, int64_t *n, struct err *);
MUST_CHECK int store_round_end(struct store *, int64_t n, enum round_ending, struct err *);
/* By number, which is also their order in time. */
MUST_CHECK int store_watch_rounds(struct store *,
                                  int (*each)(void *to, const struct watch_round *, struct err *),
                                  void *to, struct err *);

/* ---- readings ---- */
/* Post by post (by item), all its readings by time; also of those that are watched no more. n is
 * 0 where nothing was asked yet. */
typedef int watch_readings_fn(void *to, const struct watched *, const struct reading *, size_t n,
                              struct err *);
MUST_CHECK int store_watch_readings(struct store *, watch_readings_fn *, void *to, struct err *);
/* What others measured; ANSWER_COUNT where they did not look. A day that the source told before
 * is told anew. */
struct day_reading {
    int64_t item, day;
    enum answer_kind api, page;
};
MUST_CHECK int store_readings_put(struct store *, int64_t source, const struct day_reading *,
                                  size_t n, struct err *);

/* ---- who was told of what ---- */
/* done_at: when somebody took it; 0: nobody did yet; ALERT_BEGUN: told, with an outcome that is
 * not known, for a kill came between. */
#define ALERT_BEGUN (-1)
struct alert_row {
    struct str event;
    int64_t tries, tried_at, done_at;
};
/* Before somebody is told, and after it. */
MUST_CHECK int store_alert_begun(struct store *, struct str event, struct err *);
MUST_CHECK int store_alert_ended(struct store *, struct str event, bool taken, struct err *);
/* By name of the event. */
MUST_CHECK int store_alerts(struct store *,
                            int (*each)(void *to, const struct alert_row *, struct err *), void *to,
                            struct err *);
#endif
