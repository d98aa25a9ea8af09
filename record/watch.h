/* record/watch.h: the nouns of a watch list: what one asking said, the state of an item on
 * a day, events, notes, and the whole history that the site tells.
 *
 * Days:      UTC days since 1970-01-01. Instants: UTC seconds, 0 = never.
 * Absent:    "not measured" is never "absent": who has no answer has a why.
 * Source:    design 7.6; the states are made by watch/day.h, events by watch/events.h.
 * Ownership: texts and arrays are borrowed from the arena of whoever filled the struct. */
#ifndef RECORD_WATCH_H
#define RECORD_WATCH_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/str.h"

/* What the API said of an item on a day. NONE: it was not on the list that day and nothing was
 * measured, so the day is in no denominator. */
#define WATCH_APIS(X) \
    X(NONE, "") X(NOT_MEASURED, "not_measured") X(ABSENT, "absent") X(FOUND, "found")
enum watch_api {
#define X(id, name) WATCH_API_##id,
    WATCH_APIS(X)
#undef X
    WATCH_API_COUNT
};
const char *watch_api_name(enum watch_api);
enum watch_api watch_api_of(struct str);            // WATCH_API_COUNT where it is none

/* The same of its page. NONE: nobody asked (a series that has the API alone). */
#define WATCH_PAGES(X) \
    X(NONE, "") X(NOT_MEASURED, "not_measured") X(REFUSED, "refused") X(PUBLIC, "public")
enum watch_page {
#define X(id, name) WATCH_PAGE_##id,
    WATCH_PAGES(X)
#undef X
    WATCH_PAGE_COUNT
};
const char *watch_page_name(enum watch_page);
enum watch_page watch_page_of(struct str);          // WATCH_PAGE_COUNT where it is none

/* Why nothing was measured, the weakest charge against the platform first: where the asks of
 * a day failed for several reasons, the first in this order is the day's. */
#define WATCH_WHYS(X) \
    X(NONE, "", "") \
    X(OURS, "ours", "our own failure: timeout, connection, quota, token, a round that was killed") \
    X(BLOCK, "block", "the site blocked us") \
    X(UNSAID, "unsaid", "the series that was loaded gives no reason") \
    X(OUTAGE, "outage", "the platform: an error of its own, or nothing for anybody") \
    X(MISSED, "missed", "nobody asked that day")
enum watch_why {
#define X(id, name, is) WATCH_WHY_##id,
    WATCH_WHYS(X)
#undef X
    WATCH_WHY_COUNT
};
const char *watch_why_name(enum watch_why);         // "" for NONE
const char *watch_why_is(enum watch_why);           // the same for a person
enum watch_why watch_why_of(struct str);            // WATCH_WHY_COUNT where it is none

/* ---- one asking ---- */

enum watch_witness { WATCH_BY_API, WATCH_BY_PAGE, WATCH_BY_OEMBED };
enum watch_said {
    WATCH_SAID_NOTHING,     // no well-formed, complete reply: why says whose fault
    WATCH_SAID_NO,          // the API: a complete reply without it; page, oEmbed: refused
    WATCH_SAID_YES,         // found; public
};
/* What one reply said of one item. Readings of a round are the archive's; those of a loaded
 * series are what others measured: one a day, `at` the day's 00:00:00, round 0. */
struct watch_reading {
    int64_t at;                     // when the reply had come in
    int64_t round;                  // watch_round.n
    enum watch_witness witness;
    enum watch_said said;
    enum watch_why why;             // of SAID_NOTHING; else NONE
    bool loaded;
    /* Of the API. */
    int mates, mates_back;          // others in its request, and how many of those came back
    int canaries;                   // asked in its round, but for those known as gone; 0: none
    int back;                       // ids that came back in any reply of its round (loaded: day)
    bool proven;                    // ... in this one, or before it and after it: it was answering
    int64_t request;                // request.n; 0: loaded
    int64_t reply;                  // evidence.n, 0: not kept
};

/* ---- the state of an item on a day ---- */

struct watch_day {
    uint8_t api, api_why;           // enum watch_api, watch_why
    uint8_t page, page_why;         // enum watch_page, watch_why
    bool no_canary;                 // absent, and nothing shows that the API answered that day
    bool by_oembed;                 // the page's state is what oEmbed said, the page gave nothing
    uint8_t asks;                   // readings behind it, 255: or more
};
/* Its page was no longer public and the API did not return it: no fault of the API, whatever it
 * says then. Who counts what the API owes leaves such a day out. */
bool watch_day_is_gone(struct watch_day);
/* The same, but for the number of asks. */
bool watch_day_is_like(struct watch_day, struct watch_day);

/* ---- events ---- */

#define WATCH_EVENTS(X) \
    X(RETURNED, "returned", "the API returns it again") \
    X(LOST, "lost", "the API no longer returns it") \
    X(PAGE_GONE, "page_gone", "its page is no longer public") \
    X(PAGE_BACK, "page_back", "its page is public again") \
    X(OUTAGE, "outage", "everything failed at once") \
    X(STALE, "stale", "no round was run")
enum watch_event_kind {
#define X(id, name, is) WATCH_EVENT_##id,
    WATCH_EVENTS(X)
#undef X
    WATCH_EVENT_COUNT
};
const char *watch_event_name(enum watch_event_kind);
const char *watch_event_is(enum watch_event_kind);

struct watch_event {
    enum watch_event_kind kind;
    int64_t at;                     // the first reading that showed it
    int64_t confirmed_at;           // the second; outage and stale: their end, 0 = goes on
    int64_t before_at;              // the last reading that said otherwise, 0 = none
    int64_t item; uint64_t id;      // 0: of the whole list
    bool loaded;                    // from readings that others took
};

/* What a person wrote beside a day (`monitor note`). */
struct watch_note { int64_t n, day; struct str text; int64_t made_at; };
#endif
