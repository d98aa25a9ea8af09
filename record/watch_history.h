/* record/watch_history.h: all that a watch list ever showed, post by post and day by day: what
 * the site tells, and everything that is counted of it.
 *
 * Counted:   post-days. Every day of a post that was on the list, or that a loaded series has a
 *            row of, is in exactly one of found, absent and not_measured; canaries are counted
 *            apart, for they are chosen because the API returns them.
 * Gone:      a post-day on which the post was no longer public (watch_day_is_gone). Headline, first
 *            sentence, badge, story and line are of the others: watch_counts_there.
 * Ownership: texts and arrays lie in the arena of whoever filled the struct. */
#ifndef RECORD_WATCH_HISTORY_H
#define RECORD_WATCH_HISTORY_H
#include "base/arena.h"
#include "record/fresh.h"
#include "record/lag.h"
#include "record/reading.h"
#include "record/watch.h"

struct watch_counts {
    int64_t days;                        // found + absent + not_measured
    int64_t found, absent, not_measured;
    int64_t why[WATCH_WHY_COUNT];        // of not_measured
    int64_t absent_public, absent_gone, absent_unread;    // of absent, by what the page said
    int64_t no_canary;                   // of absent: nothing shows that the API answered
    int64_t page[WATCH_PAGE_COUNT];
    struct {
        int64_t days;    // absent + not_measured; the same of these days alone:
        int64_t absent, not_measured, why[WATCH_WHY_COUNT], no_canary;
    } gone;
};
void watch_count(struct watch_counts *, struct watch_day);
/* Without the days on which the post was gone: what the API could return. */
struct watch_counts watch_counts_there(const struct watch_counts *);
void watch_counts_add(struct watch_counts *, const struct watch_counts *);

/* The last reply of one side in a run of days: when, in its own words, and where it lies. */
struct watch_reply {
    int64_t at;                          // 0: none that is ours (nobody asked, or a loaded series)
    int64_t request;                     // 0 likewise; who was asked, and its evidence
    enum witness witness;
    struct evidence evidence;
    struct str said;                     // "HTTP 200, ok", "10204, item doesn't exist"
    struct str place;                    // "file:offset sha256:hex", "" not kept
};
/* Days alike, one after the other. */
struct watch_run {
    int64_t first, last;                 // days, both inclusive
    struct watch_day is;
    int64_t asks;                        // readings behind it
    bool loaded;                         // some of them others took
    struct watch_reply api, page;
};
struct watch_post {
    int64_t item; uint64_t id;
    struct str handle; enum watch_role role;
    struct str why;                      // its bucket in the audit that it came from, ""
    bool purged;
    int64_t since_at, until_at;          // asked for from here; until_at 0: still
    int64_t first_day;                   // of day[0]; every day from there on
    const struct watch_day *day; size_t days;
    const struct watch_run *run; size_t runs;    // in order; they cover day[]
    struct watch_counts counts;          // by watch_history_finish
};
/* A day of the whole list; canaries are none of its posts. */
struct watch_date { struct watch_counts posts; };

struct watch_history {
    struct str list;                     // its random id, hex
    struct watch_post *post; size_t posts;         // the posts by id, canaries by id, canaries
                                                    // that nobody ever asked for
    const struct watch_event *event; size_t events;      // by time
    const struct watch_note *note; size_t notes;         // by day
    int64_t rounds, rounds_cut;          // begun; not done: killed, over a limit, stopped
    struct watch_round last_round;       // the last that began; n 0: none
    int64_t series;                      // loaded ones
    int64_t requests, pages;             // of this list's own: sent to the API; pages and oEmbed
    int64_t newest_at;                   // of its readings; 0 none
    int64_t stale_hours, confirm_hours;
    bool is_stale;                       // no round for longer than that
    const struct lag_history *lag;       // days alone; NULL: nobody looked
    const struct fresh_curve *fresh;     // NULL: nobody looked
    /* by watch_history_finish */
    size_t watched, canaries;            // posts that count, and canaries
    size_t canaries_idle;                // of those: never asked for, the last of post[]
    int64_t first_day, days;             // of all posts; days 0: nothing was measured
    struct watch_date *date;             // one a day from first_day on
    struct watch_counts counts, of_canaries;
    int64_t gaps;                        // days between without any post-day
};
/* From posts: all that stands below. */
void watch_history_finish(struct watch_history *, struct arena *);
/* Nothing was ever read of it. */
bool watch_post_is_idle(const struct watch_post *);
/* Of the post on that day; its api is NONE where it has no such day. */
struct watch_day watch_post_on(const struct watch_post *, int64_t day);
/* How the days of a post went, as far as it was there. */
enum watch_fate {
    WATCH_FATE_NEVER,    // asked for, and not returned on any day
    WATCH_FATE_ALWAYS,
    WATCH_FATE_BOTH,
    WATCH_FATE_UNMEASURED,
    WATCH_FATE_GONE,    // no longer public whenever anything was measured
    WATCH_FATES
};
enum watch_fate watch_post_fate(const struct watch_post *);
/* Of posts, without canaries. */
void watch_history_fates(const struct watch_history *, int64_t n[WATCH_FATES]);
/* The last day on which anything was measured of a post; -1 none. */
int64_t watch_history_last_measured(const struct watch_history *);
#endif
