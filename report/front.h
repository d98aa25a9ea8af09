/* report/front.h: the front page of a site that has several entries: audits, samples, watch
 * lists, each in a folder of its own below it. Nothing is added up across them: each has its own
 * posts, its own days and its own ledger.
 *
 * Numbers: each entry stands in an element with data-from="FOLDER/summary.json" (of a watch list
 *          FOLDER/data.json), and its data-at pointers lead into that file (report/datum.h).
 * Order:   as given.
 * Ownership: all borrowed. */
#ifndef REPORT_FRONT_H
#define REPORT_FRONT_H
#include "base/json_out.h"
#include "record/summary.h"
#include "record/watch_history.h"
#include "report/look.h"

enum front_kind { FRONT_AUDIT, FRONT_SAMPLE, FRONT_WATCH, FRONT_KINDS };
struct front_entry {
    enum front_kind kind;
    const char *folder;                   // below the site
    struct str name;                      // of the folder that it was made from
    const struct summary *s;              // finished; of a watch list NULL
    const struct look *look;              // the same
    const struct watch_history *watch;    // finished; of another entry NULL
};
void report_front(struct buf *out, const struct front_entry *, size_t n);
/* The same for programs, into an open object: what is where. Numbers are in each entry's file. */
void report_front_json(struct json_out *, const struct front_entry *, size_t n);
#endif
