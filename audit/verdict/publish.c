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

static int next_label(void *from, struct label_row *row, struct err *err)
{
    return label_cursor_next(from, row, err);
}

static int write_labels(struct audit *audit, const char *dir, const struct report_opts *o,
                        struct err *err)
{
    char *path = file_join(dir, "labels.csv");
    struct label_cursor *cursor = NULL;
    struct label_source source = { .next = next_label };
    struct csv_out csv = { .raw = o->raw };
    struct file_out file;
    int rc = -1;

    if (store_labels_told(audit->store, &cursor, err))
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

static int write_items(struct audit *audit, const char *dir, const struct summary *s,
                       const struct look *look, struct err *err)
{
    struct label_cursor *cursor = NULL;
    struct label_source source = { .next = next_label };
    int rc = -1;

    if (store_labels(audit->store, &cursor, err))
        goto out;
    source.from = cursor;
    rc = report_items(dir, s, look, &source, (struct items_limits){0}, err);
out:
    label_cursor_close(cursor);
    return rc;
}

static int write_differences(struct audit *audit, const char *dir, const struct report_opts *o,
                             struct err *err)
{
    char *path = file_join(dir, "differences.csv");
    struct csv_out csv = { .raw = o->raw, .all = o->all };
    const struct diff_sink all = { .emit = report_differences_put, .equal = true, .to = &csv };
    struct diff_result ignored;
    struct file_out file;
    int rc = -1;

    if (file_create(&file, path, err))
        goto out;
    csv.f = file.f;
    if (report_differences_begin(&csv, err) ||
        (o->all ? differ_each(audit, &all, &ignored, err)
                : store_gaps(audit->store, report_differences_put, &csv, err))) {
        file_abandon(&file);
        goto out;
    }
    rc = file_close(&file, err);
out:
    free(path);
    return rc;
}

static int write_package(const char *dir, struct err *err)
{
    static const struct package_table tables[] = { { "labels", TABLE_LABELS },
                                                   { "differences", TABLE_DIFFERENCES } };

    return report_package(dir, "What the research API leaves out: labels and differences", tables,
                          sizeof tables / sizeof *tables, err);
}

static int write_summary(const char *dir, const struct summary *s, struct err *err)
{
    char *path = file_join(dir, "summary.json");
    struct buf out = { 0 };
    int rc;

    report_summary_json(&out, s);
    rc = file_write(path, buf_view(&out), err);
    buf_release(&out);
    free(path);
    return rc;
}

static int write_page(const char *dir, const struct summary *s, const struct look *look,
                      const char *figures, struct err *err)
{
    char *path = file_join(dir, "index.html");
    struct buf page = {0};
    int rc = report_html(&page, s, look, figures, err);

    if (rc == 0)
        rc = file_write(path, buf_view(&page), err);
    buf_release(&page);
    free(path);
    return rc;
}

int publish_report(struct audit *audit, const struct report_opts *o, struct arena *mem,
                   struct summary *s, struct err *err)
{
    char *dir = file_join(audit->dir, "report"), *figures = file_join(dir, "figures");
    bool drawn = report_have_gnuplot();
    struct look look = {0};
    int rc = -1;

    if (audit_seal(audit, err) || looks_make(audit, mem, &look, err) ||
        labels_refresh(audit, err) || summarize(audit, mem, s, err) ||
        file_mkdirs(figures, err) || write_labels(audit, dir, o, err) ||
        write_differences(audit, dir, o, err) || write_package(dir, err) ||
        write_summary(dir, s, err))
        goto out;
    if (!drawn)
        log_warn(
            "gnuplot is missing: the figures' data and scripts are written, the pictures are not");
    if (drawn && report_figures(dir, s, err))
        goto out;
    rc = write_page(dir, s, &look, drawn ? figures : NULL, err) ||
                 write_items(audit, dir, s, &look, err)
             ? -1
             : 0;
out:
    looks_release(&look);
    free(figures);
    free(dir);
    return rc;
}
