/* report/report.h: what `report` writes, from rows and a finished summary.
 *
 * Here live: summary and waterfall (rows -> numbers), table (CSV and JSON Lines),
 *            column (what their columns are) and package (which tells other programs),
 *            json (summary.json), story (the same as sentences), figure (data and
 *            drawings) and gnuplot (which runs them), html (the frames of index.html and
 *            method.html; html_first is the first screen, the other html_ files are their
 *            sections, chart what they draw, dom their tags, style.css their looks),
 *            comparison (two audits side by side: text; _json and _html beside it).
 * To add:    a section of a page: copy html_time.c and see html_part.h; a figure: copy
 *            `accounts` in figure.c; a table of
 *            its own: copy report_differences_* in table.c, its columns in column.def; a
 *            column: its row there and its cell; a sentence: copy
 *            `checks` in story.c; a number: record/summary.h, then a put_ in json.c
 *            (keys are appended, none is renamed) and in docs/summary.schema.json.
 * Same in, same out: nothing reads a clock or depends on the order of memory.
 * Safety:    outside text is escaped for where it goes: RFC 4180 and spreadsheets,
 *            JSON, HTML, gnuplot, terminals. */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H
#include <stdbool.h>
#include <stdio.h>
#include "base/err.h"
#include "record/answer.h"
#include "record/gap.h"
#include "record/summary.h"
#include "record/verdict.h"
#include "report/column.h"
#include "report/figure.h"
#include "report/look.h"
#include "report/picture.h"

/* ---- tables: RFC 4180, lines end with CR LF, cells quoted only where they must be ---- */
struct csv_out {
    FILE *f;
    bool raw;         // leave cells of outside text that begin with = + - @ tab or CR as they are
    bool all;         // differences: equal rows as well
    bool sheet;       // cells of a workbook, where nothing is a formula: controls are shown alone
    bool lines;       // records: JSON Lines in place of CSV
    bool api_names;   // records: the fields that the API has, under its names
    const struct alias *alias;    // labels: handles as pages show them; NULL: as they are
    int64_t rows;     // written so far, without the header
};
/* 1 and a row (borrowed until the next call), 0 end, -1 error; rows come by id. */
struct label_source { int (*next)(void *from, struct label_row *, struct err *); void *from; };
MUST_CHECK int report_labels_csv(struct csv_out *, const struct label_source *, struct err *);
/* Header, then one call a row by id and field; *_put has the shape of store_gaps' each. */
MUST_CHECK int report_differences_begin(struct csv_out *, struct err *);
MUST_CHECK int report_differences_put(void *csv_out, const struct gap *, struct err *);
/* Records, one a call: as rows of a CSV, or as JSON Lines; _begin writes the header, if any. */
MUST_CHECK int report_records_begin(struct csv_out *, struct err *);
MUST_CHECK int report_record(struct csv_out *, enum side, int64_t at, const struct record *,
                             struct err *);
/* For the platform: posts, requests, who was asked in which. _begin writes a table's header. */
struct handed_item {
    const struct label_row *label;
    const char *expected, *got;
};
struct handed_request {
    const struct request *request;
    struct str body;
    bool archived;
};
MUST_CHECK int report_handed_begin(struct csv_out *, enum table, struct err *);
MUST_CHECK int report_handed_item(struct csv_out *, const struct handed_item *, struct err *);
MUST_CHECK int report_handed_request(struct csv_out *, const struct handed_request *, struct err *);
MUST_CHECK int report_handed_ask(struct csv_out *, const struct ask_member *, int64_t request,
                                 struct err *);

/* The creators of a sample, one a row, header first; handles as the look shows them. */
MUST_CHECK int report_creators(struct csv_out *, const struct sample_result *, const struct look *,
                               struct err *);

/* A sheet on which a coder judges labels again: what the tool says stands in none of its cells. */
struct review_sheet_row {
    int64_t row, account, posts, returned;
    struct label_row label;    // facts alone are shown
};
MUST_CHECK int report_review_begin(struct csv_out *, struct err *);
MUST_CHECK int report_review_row(struct csv_out *, int coder, const struct review_sheet_row *,
                                 struct err *);

/* ---- the summary, finished (summary_finish) ---- */
/* One JSON value with a newline behind it; "schema":1. */
void report_summary_json(struct buf *out, const struct summary *);
/* What the numbers say, as text; nothing where that was not done. i: which late
 * check, outage or rule, else 0. */
enum story {
    STORY_INPUTS,       // what came in and what became of it, and its residual
    STORY_WATERFALL,    // the tree with counts, shares and bars, and its residual; ASCII
    STORY_HEADLINE,     // one sentence
    STORY_RANGE,        // how its range comes about, another
    STORY_OPEN,         // what is open, and until when
    STORY_CHECKS,       // what the two checks say, a sentence each
    STORY_LATE,         // what a late check found
    STORY_OUTAGE,       // an outage in which the API answered nothing
    STORY_BATCHES,      // what batches lose: a line for each make-up
    STORY_FORENSIC,     // what the forensic batches and the window_days say
    STORY_PHASES,       // a table: planned before the first request and after round 1, sent
    STORY_WITNESSES,    // a table: what each of the site's witnesses said
    STORY_GAVE_UP,      // a rule that was given up on items, which stay open
};
void report_story(struct buf *, const struct summary *, enum story what, size_t i);

/* NAME.{tsv,gp,txt,svg,pdf,png} in the folder dir, and NAME_85.{gp,svg,pdf,png} at the smaller
 * width: drawn by gnuplot, started without a shell. What is there already, of the same data, is
 * left alone. Errors: ERR_IO where gnuplot is missing (have_gnuplot tells beforehand) or fails;
 * data, scripts and words then stay. */
struct figure_order {
    bool figure[FIGURE_COUNT], picture[PICTURES];
    int width;                         // FIGURE_NARROW or FIGURE_WIDE
    bool all;                          // those alone that are of this kind of folder
};
MUST_CHECK int report_figures(const char *dir, const struct summary *, const struct look *,
                              const struct figure_order *, struct err *);
bool report_have_gnuplot(void);

/* index.html, what was found, and method.html, how: pages that need no network and no script.
 * drawn: figures/ has pictures to link to. */
void report_html(struct buf *out, const struct summary *, const struct look *, bool drawn);
void report_method_html(struct buf *out, const struct summary *, const struct look *, bool drawn);
#endif
