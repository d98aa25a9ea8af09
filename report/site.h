/* report/site.h: a watch list as a public page: files that any web server can show.
 *
 * Here live: site_index (the first page), site_matrix (posts by days, as a drawing), site_chart
 *            (availability over time), site_story (what happened, in sentences), site_item (a
 *            post's page), site_list (all posts as a table, all events), site_data (JSON, CSV),
 *            site_feed (Atom), site_badge, site_words (what a state is called), site.css,
 *            site.js.
 * To add:    a section: copy site_chart.c; a file: copy site_badge.c, and give it its line in
 *            audit/monitor/site.c.
 * States:    all of them are struct watch_day (record/watch.h); no file makes its own.
 * Numbers:   those of data.json, each with its place there (report/datum.h).
 * Same in, same out: no clock but for `is_stale`, which the caller says. Without its script a page
 *            has everything but the cursor in the matrix. */
#ifndef REPORT_SITE_H
#define REPORT_SITE_H
#include "record/watch_history.h"
#include "report/look.h"

struct site {
    const struct watch_history *h;
    const struct look *look;
    struct str title;              // of the list; "" none was given
    struct str url;                // where the site will stand, with / at its end; "" unknown
    size_t day_rows;               // post-days that data.json and data.csv hold at the most
    bool whole;                    // by site_begin: they hold all
    int64_t from_day;              // by site_begin: else the first that they hold
    size_t rows_most;              // by site_begin: runs of days that a post's page tells
};
#define SITE_ROW_BYTES 3000000         // of the rows of all posts' pages together
#define SITE_DAY_ROWS 20000
/* Fills what is derived; day_rows 0 becomes SITE_DAY_ROWS. */
void site_begin(struct site *);

/* The curve of new posts, as keys of the open object. */
struct json_out;
void fresh_put(struct json_out *, const struct fresh_curve *);
void site_css(struct buf *out);
struct str site_js(void);
void site_index_html(struct buf *out, const struct site *);
void site_list_html(struct buf *out, const struct site *);        // every post, as a table
void site_events_html(struct buf *out, const struct site *);      // every event and note
void site_item_html(struct buf *out, const struct site *, size_t post);
/* all: whatever their size, for a packed file; else as site.day_rows says. */
void site_data_json(struct buf *out, const struct site *, bool all);
void site_data_csv(struct buf *out, const struct site *, bool all);
void site_feed_xml(struct buf *out, const struct site *);
void site_badge_svg(struct buf *out, const struct site *);
#endif
