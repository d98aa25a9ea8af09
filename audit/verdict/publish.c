/* audit/verdict/publish.c: labels and differences go from the store to their files row
 * by row; the rest is drawn from the summary. */
#include "audit/verdict/publish.h"
#include <stdlib.h>
#include "audit/verdict/differ.h"
#include "audit/verdict/label.h"
#include "audit/verdict/looks.h"
#include "audit/verdict/summarize.h"
#include "base/file.h"
#include "base/log.h"
#include "report/items.h"
#include "report/package.h"
#include "report/report.h"

/* One report as it is written. */
struct publishing {
    struct audit *audit;
    const struct report_opts *opts;
    struct arena *mem;
    struct summary *s;             // finished
    struct look look;
    struct behind *behind;
    char *dir, *figures;           // report/, report/figures/
    bool drawn;                    // gnuplot is there
};

static int next_label(void *from, struct label_row *row, struct err *err)
{
    return label_cursor_next(from, row, err);
}

static int write_labels(struct publishing *p, struct err *err)
{
    char *path = file_join(p->dir, "labels.csv");
    struct label_cursor *cursor = NULL;
    struct label_source source = { .next = next_label };
    struct csv_out csv = { .raw = p->opts->raw };
    struct file_out file;
    int rc = -1;

    if (store_labels_told(p->audit->store, &cursor, err))
        goto out;
    source.from = cursor;
    if (file_create(&file, path, err))
        goto out;
    csv.f = file.f;
    if (report_labels_csv(&csv, &source, err)) {
        file_abandon(&file);
        goto out;
    }
    rc = file_close(&file, err);
out:
    label_cursor_close(cursor);
    free(path);
    return rc;
}

static int write_items(struct publishing *p, struct err *err)
{
    struct label_cursor *cursor = NULL;
    struct label_source source = { .next = next_label };
    int rc = -1;

    if (store_labels(p->audit->store, &cursor, err))
        goto out;
    source.from = cursor;
    rc = report_items(p->dir, p->s, &p->look, &source, (struct items_limits){0}, err);
out:
    label_cursor_close(cursor);
    return rc;
}

static int write_differences(struct publishing *p, struct err *err)
{
    char *path = file_join(p->dir, "differences.csv");
    struct csv_out csv = { .raw = p->opts->raw, .all = p->opts->all };
    const struct diff_sink all = { .emit = report_differences_put, .equal = true, .to = &csv };
    struct diff_result ignored;
    struct file_out file;
    int rc = -1;

    if (file_create(&file, path, err))
        goto out;
    csv.f = file.f;
    if (report_differences_begin(&csv, err) ||
        (p->opts->all ? differ_each(p->audit, &all, &ignored, err)
                      : store_gaps(p->audit->store, report_differences_put, &csv, err))) {
        file_abandon(&file);
        goto out;
    }
    rc = file_close(&file, err);
out:
    free(path);
    return rc;
}

static int write_package(struct publishing *p, struct err *err)
{
    static const struct package_table tables[] = { { "labels", TABLE_LABELS },
                                                   { "differences", TABLE_DIFFERENCES } };

    return report_package(p->dir, "What the research API leaves out: labels and differences", tables,
                          sizeof tables / sizeof *tables, err);
}

static int write_ids(struct publishing *p, struct err *err)
{
    return behind_write(p->behind, p->audit, p->dir, err);
}

static int write_text(struct publishing *p, const char *name, const struct buf *text,
                      struct err *err)
{
    char *path = file_join(p->dir, name);
    int rc = file_write(path, buf_view(text), err);

    free(path);
    return rc;
}

static int write_summary(struct publishing *p, struct err *err)
{
    struct buf out = {0};
    int rc;

    report_summary_json(&out, p->s);
    rc = write_text(p, "summary.json", &out, err);
    buf_release(&out);
    return rc;
}

static int write_figures(struct publishing *p, struct err *err)
{
    if (file_mkdirs(p->figures, err))
        return -1;
    if (p->drawn)
        return report_figures(p->dir, p->s, err);
    log_warn("gnuplot is missing: the figures' data and scripts are written, the pictures are not");
    return 0;
}

typedef void page_fn(struct buf *, const struct summary *, const struct look *, bool drawn);

static int write_page(struct publishing *p, const char *name, page_fn *make, struct err *err)
{
    struct buf page = {0};
    int rc;

    make(&page, p->s, &p->look, p->drawn);
    rc = write_text(p, name, &page, err);
    buf_release(&page);
    return rc;
}

static int write_index(struct publishing *p, struct err *err)
{
    return write_page(p, "index.html", report_html, err);
}

static int write_method(struct publishing *p, struct err *err)
{
    return write_page(p, "method.html", report_method_html, err);
}

/* What lies in report/, in the order in which it is written: what a page shows is there before
 * the page. To add a kind of file: its function, and a row. */
static int (*const writers[])(struct publishing *, struct err *) = {
    write_labels,  write_differences, write_package, write_ids,   write_summary,
    write_figures, write_items,       write_index,   write_method,
};

int publish_report(struct audit *audit, const struct report_opts *o, struct arena *mem,
                   struct summary *s, struct err *err)
{
    struct publishing p = { .audit = audit,
                            .opts = o,
                            .mem = mem,
                            .s = s,
                            .dir = file_join(audit->dir, "report"),
                            .drawn = report_have_gnuplot() };
    int rc = -1;

    p.figures = file_join(p.dir, "figures");
    if (audit_seal(audit, err) || looks_make(audit, mem, &p.look, err) ||
        labels_refresh(audit, err) || summarize(audit, mem, s, &p.behind, err) ||
        file_mkdirs(p.dir, err))
        goto out;
    rc = 0;
    for (size_t i = 0; rc == 0 && i < sizeof writers / sizeof *writers; i++)
        rc = writers[i](&p, err);
out:
    behind_free(p.behind);
    looks_release(&p.look);
    free(p.figures);
    free(p.dir);
    return rc;
}
