/* report/report.h: what `report` writes, from rows and a finished summary.
 * Nothing here reads a clock or depends on the order of memory: the same rows
 * give the same bytes. Outside text is escaped for where it goes: RFC 4180 and
 * spreadsheets, JSON, HTML, gnuplot, terminals. */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H
#include <stdbool.h>
#include <stdio.h>
#include "base/err.h"
#include "record/gap.h"
#include "record/summary.h"
#include "record/verdict.h"

/* ---- tables: RFC 4180, lines end with CR LF, cells quoted only where they must be ---- */
struct csv_out {
    FILE *f;
    bool raw;         // leave cells of outside text that begin with = + - @ tab or CR as they are
    bool all;         // differences: equal rows as well
    int64_t rows;     // written so far, without the header
};
/* 1 and a row (borrowed until the next call), 0 end, -1 error; rows come by id. */
struct label_source { int (*next)(void *from, struct label_row *, struct err *); void *from; };
MUST_CHECK int report_labels_csv(struct csv_out *, const struct label_source *, struct err *);
/* Header, then one call a row by id and field; *_put has the shape of store_gaps' each. */
MUST_CHECK int report_differences_begin(struct csv_out *, struct err *);
MUST_CHECK int report_differences_put(void *csv_out, const struct gap *, struct err *);
/* Records, one a call: as rows of a CSV, or as JSON Lines. */
MUST_CHECK int report_records_begin(struct csv_out *, struct err *);
MUST_CHECK int report_record_csv(struct csv_out *, enum side, int64_t at, const struct record *,
                                 struct err *);
MUST_CHECK int report_record_json(struct csv_out *, enum side, int64_t at, const struct record *,
                                  struct err *);

/* ---- the summary, finished (summary_finish) ---- */
/* One JSON value with a newline behind it; "schema":1. */
void report_summary_json(struct buf *out, const struct summary *);
/* The tree with counts, shares and bars, and the line of the residual; ASCII. */
void report_waterfall(struct buf *out, const struct summary *);
/* The headline as one sentence, and its range as another; plain text. */
void report_headline(struct buf *out, const struct summary *);
void report_headline_range(struct buf *out, const struct summary *);
/* What the two checks say, a sentence each; nothing where neither was made. */
void report_checks(struct buf *out, const struct summary *);
/* What batches lose: a line for each make-up; what the forensic batches and the
 * windows by day say, as sentences, nothing where there are none. */
void report_batches(struct buf *out, const struct summary *);
void report_forensic(struct buf *out, const struct summary *);
/* What late check number i found; nothing where it was not made. */
void report_late(struct buf *out, const struct summary *, size_t i);
/* A outage in which the API answered nothing, as a sentence. */
void report_outage(struct buf *out, const struct outage_row *);
/* A table of the phases: planned before the first request and after round 1,
 * with their ranges, beside what was sent; nothing where neither is known. */
void report_phases(struct buf *out, const struct summary *);
/* "12", or "15 (3 to 33)" where there is a range. */
#define SPAN_MAX 72
char *report_span(const struct span *, char text[SPAN_MAX]);

/* figures/{breakdown,fields,accounts,timeline}.{tsv,gp,svg,pdf,png} below dir,
 * drawn by gnuplot, started without a shell. Errors: ERR_IO where gnuplot is
 * missing (have_gnuplot tells beforehand) or fails; data and scripts then stay. */
MUST_CHECK int report_figures(const char *dir, const struct summary *, struct err *);
bool report_have_gnuplot(void);

/* dir/index.html: one page that needs no network and no script. figures: the
 * SVG files below dir/figures are shown in it (their bytes are embedded). */
MUST_CHECK int report_html(const char *dir, const struct summary *, bool figures, struct err *);
/* The same page as bytes. figure_dir NULL: without pictures. */
MUST_CHECK int report_html_page(struct buf *out, const struct summary *, const char *figure_dir,
                                struct err *);
#endif
