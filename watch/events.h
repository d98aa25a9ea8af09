/* watch/events.h: what happened to a watch list, from the sequence of its readings. The same
 * readings give the same events, always: nothing is stored, and later readings take back none.
 *
 * An asking:    the readings of one round, or of one day of a series that others measured; its
 *               state is that of a day (watch/day.h).
 * A change:     an asking that says otherwise than what holds so far, and another one, confirm_s
 *               later or more, that says the same; what says again what holds takes it back. Of
 *               another's series the next measured day confirms. What was not measured neither
 *               confirms nor takes back, nor does an absence without any canary in a list of
 *               our own: there an API that returns nothing to anybody looks just like it.
 * The first asking that measured something begins what holds, and is no event.
 * outage:       an asking in which the platform failed for every post that was asked for (of
 *               another's series: nothing measured of two posts or more); askings of that kind in
 *               a row are one, also where one between them failed by a fault of ours. It ends with
 *               the asking that follows them.
 * stale:        more than stale_s without a round; `at` is the last one.
 * Units:        instants UTC seconds. */
#ifndef WATCH_EVENTS_H
#define WATCH_EVENTS_H
#include "watch/day.h"

struct watch_events_opts {
    int64_t confirm_s, stale_s;
};

enum watch_side { WATCH_SIDE_API, WATCH_SIDE_PAGE, WATCH_SIDES };
/* What holds of an item by its readings (by time), and what waits to be confirmed. */
struct watch_holds {
    uint8_t state;          // enum watch_api or watch_page; NONE: nothing was measured yet
    int64_t measured_at;    // last asking that said so; 0 none
    uint8_t change;         // what an asking said otherwise; NONE: nothing waits
    int64_t changed_at;     // when, 0 none
};
void watch_holds_of(const struct watch_reading *, size_t len, enum watch_side,
                    const struct watch_events_opts *, struct watch_holds *);

struct watch_events;
struct watch_events *watch_events_new(const struct watch_events_opts *);
/* All readings of one item, by time. told false: it bears witness to outages, and has no events of
 * its own (a canary). */
void watch_events_item(struct watch_events *, int64_t item, uint64_t id, bool told,
                       const struct watch_reading *, size_t len);
/* When the rounds began, ascending; until: how far the silence after the last one is looked at. */
void watch_events_rounds(struct watch_events *, const int64_t *started_at, size_t n, int64_t until);
/* By at, kind, id; borrowed until the set is freed. To be called once, when all is in. */
const struct watch_event *watch_events_end(struct watch_events *, size_t *n);
void watch_events_free(struct watch_events *);    // accepts NULL
#endif
