/* report/comparison.h: what `compare` prints and writes, from a finished comparison
 * (record/comparison.h): sentences for people, JSON, a page, and rows of two tables.
 * Same in, same out: no clock, no path of this machine. */
#ifndef REPORT_COMPARISON_H
#define REPORT_COMPARISON_H
#include "record/comparison.h"
#include "report/look.h"
#include "report/report.h"

/* The answer first, then what it rests on; plain text, with a newline behind it. */
void report_comparison_text(struct buf *out, const struct comparison *);
/* One JSON value with a newline behind it (docs/json/compare.schema.json). */
void report_comparison_json(struct buf *out, const struct comparison *);
/* index.html: needs no network and no script. */
void report_comparison_html(struct buf *out, const struct comparison *, const struct look *);

/* Sentences that the text and the page share. */
enum comparison_story {
    COMPARISON_ANSWER,       // better, worse, or neither, with p
    COMPARISON_MEANING,      // what that means, and what not
    COMPARISON_ITEMS,        // how many both hold, and what is only in one
    COMPARISON_OPEN,         // what is open in one of them; nothing where nothing is
    COMPARISON_SHARE,        // missing of those that both know as public, and its change
    COMPARISON_ACCOUNTS,     // the same by account; nothing where nothing changed
    COMPARISON_RULES,        // by which rules both are labelled
};
void report_comparison_story(struct buf *, const struct comparison *, enum comparison_story);
/* A number, and its change, as people read them: "12.3 %", "+1.2 points"; "-" absent. */
void report_change_value(struct buf *, const struct change *, bool has, double value);
void report_change_change(struct buf *, const struct change *);
/* The bounds of the change, "-1.2 to +3.4", and of what kind they are; nothing where none. */
void report_change_bounds(struct buf *, const struct change *);
const char *report_change_kind(const struct change *);

/* moved.csv: an item whose bucket is another in B, a row; header, then rows by id. */
MUST_CHECK int report_moved_begin(struct csv_out *, struct err *);
MUST_CHECK int report_moved_put(struct csv_out *, const struct compared_example *, struct err *);
/* numbers.csv, all of it. */
MUST_CHECK int report_changes(struct csv_out *, const struct comparison *, struct err *);
#endif
