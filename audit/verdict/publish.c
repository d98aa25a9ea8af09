/* audit/verdict/publish.c: labels and differences go from the store to their files row
 * by row; the rest is drawn from the summary. */
#include "audit/verdict/publish.h"
#include <stdlib.h>
#include <string.h>
#include "audit/verdict/cases.h"
#include "audit/verdict/differ.h"
#include "audit/verdict/label.h"
#include "audit/verdict/looks.h"
#include "audit/verdict/summarize.h"
#include "base/file.h"
#include "base/log.h"
#include "report/front.h"
#include "report/items.h"
#include "report/package.h"
#include "report/report.h"
#include "report/sheets.h"
#include "store/expect.h"

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

/* A table to a stream that stands open. */
typedef int table_fn(struct publishing *, struct csv_out *, struct err *);

static int labels_to(struct publishing *p, struct csv_out *csv, struct err *err)
{
    struct label_cursor *cursor = NULL;
    struct label_source source = { .next = next_label };
    int rc = store_labels_told(p->audit->store, 0, &cursor, err);

    source.from = cursor;
    if (rc == 0)
        rc = report_labels_csv(csv, &source, err);
    label_cursor_close(cursor);
    return rc;
}

static int differences_to(struct publishing *p, struct csv_out *csv, struct err *err)
{
    const struct diff_sink all = { .emit = report_differences_put, .equal = true, .to = csv };
    struct diff_result ignored;

    if (report_differences_begin(csv, err))
        return -1;
    return csv->all ? differ_each(p->audit, &all, &ignored, err)
                    : store_gaps(p->audit->store, report_differences_put, csv, err);
}

static int creators_to(struct publishing *p, struct csv_out *csv, struct err *err)
{
    return report_creators(csv, &p->s->sample, &p->look, err);
}

static int write_table(struct publishing *p, const char *name, table_fn *fn, struct err *err)
{
    char *path = file_join(p->dir, name);
    struct csv_out csv = { .raw = p->opts->raw,
                           .all = p->opts->all,
                           .alias = p->opts->entry ? &p->look.alias : NULL };
    struct file_out file;
    int rc = file_create(&file, path, err);

    free(path);
    if (rc)
        return -1;
    csv.f = file.f;
    if (fn(p, &csv, err)) {
        file_abandon(&file);
        return -1;
    }
    return file_close(&file, err);
}

static int write_labels(struct publishing *p, struct err *err)
{
    return write_table(p, "labels.csv", labels_to, err);
}

static int write_differences(struct publishing *p, struct err *err)
{
    if (p->opts->entry)
        return 0;
    return write_table(p, "differences.csv", differences_to, err);
}

static int sheet_of(struct publishing *p, struct sheets *book, const char *name, enum table table,
                    table_fn *fn, struct err *err)
{
    struct csv_out csv = { .sheet = true, .all = p->opts->all };
    int rc;

    if (sheets_table(book, name, table, &csv.f, err))
        return -1;
    rc = fn(p, &csv, err);
    if (fclose(csv.f) && rc == 0)
        rc = err_set(err, ERR_IO, "the sheet %s cannot be written", name);
    return rc;
}

static int write_sheets(struct publishing *p, struct err *err)
{
    char *path = file_join(p->dir, "tables.xlsx");
    struct sheets *book;
    struct err late = {0};
    int rc;

    if (!p->opts->xlsx) {          // one of an earlier report would say other numbers
        rc = file_exists(path) ? file_remove(path, err) : 0;
        free(path);
        return rc;
    }
    rc = sheets_new(path, p->s->newest_answer_at, &book, err);
    if (rc == 0)
        rc = sheet_of(p, book, "labels", TABLE_LABELS, labels_to, err);
    if (rc == 0)
        rc = sheet_of(p, book, "differences", TABLE_DIFFERENCES, differences_to, err);
    if (rc == 0)
        rc = p->s->sample.has ? sheet_of(p, book, "creators", TABLE_CREATORS, creators_to, err) : 0;
    if (rc == 0)
        rc = sheets_numbers(book, &p->s->numbers, err);
    if (sheets_close(book, &late) && rc == 0) {
        *err = late;
        rc = -1;
    }
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

static int write_package(struct publishing *p, struct err *err)
{
    const bool all = !p->opts->entry;
    struct package_table tables[3] = { { "labels", TABLE_LABELS } };
    size_t n = 1;

    if (all)
        tables[n++] = (struct package_table){ "differences", TABLE_DIFFERENCES };
    if (p->s->sample.has)
        tables[n++] = (struct package_table){ "creators", TABLE_CREATORS };
    return report_package(p->dir,
                          all ? "What the research API leaves out: labels and differences"
                              : "What the research API leaves out: labels",
                          tables, n, err);
}

static int write_creators(struct publishing *p, struct err *err)
{
    return p->s->sample.has ? write_table(p, "creators.csv", creators_to, err) : 0;
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

/* The summary as an entry of a site shows it: handles as on the pages. */
static const struct summary *shown(struct publishing *p)
{
    struct summary *s = arena_alloc(p->mem, sizeof *s);
    const struct alias *alias = &p->look.alias;

    *s = *p->s;
    s->accounts.row = arena_alloc(p->mem, (s->accounts.len + 1) * sizeof *s->accounts.row);
    for (size_t i = 0; i < s->accounts.len; i++) {
        struct account_row *row = &s->accounts.row[i];
        char name[ALIAS_MAX];

        *row = p->s->accounts.row[i];
        row->handle = arena_dup(p->mem, alias_of(alias, row->handle, name));
    }
    for (int l = 0; l < LABEL_COUNT; l++)
        for (size_t i = 0; i < s->examples[l]; i++)
            if (!alias_shows(alias, s->example[l][i].handle))
                s->example[l][i].handle = STR_NONE;
    return s;
}

static int write_summary(struct publishing *p, struct err *err)
{
    struct buf out = {0};
    int rc;

    report_summary_json(&out, p->opts->entry ? shown(p) : p->s);
    rc = write_text(p, "summary.json", &out, err);
    buf_release(&out);
    return rc;
}

static void leave_out(struct figure_order *order, const struct summary *s)
{
    for (int i = 0; order->all && i < FIGURE_COUNT; i++)
        order->figure[i] = figure_is_of((enum figure_name)i, s);
}

/* Without gnuplot data, scripts and words alone. */
static int draw(const struct summary *s, const struct look *look, const char *dir,
                struct figure_order order, struct err *err)
{
    if (!report_have_gnuplot()) {
        log_warn("gnuplot is missing: the figures' data, scripts and words are written, the "
                 "pictures are not");
        memset(order.picture, 0, sizeof order.picture);
    }
    return report_figures(dir, s, look, &order, err);
}

static int write_figures(struct publishing *p, struct err *err)
{
    struct figure_order order = { .width = FIGURE_WIDE, .all = true };

    leave_out(&order, p->s);
    for (int i = 0; i < PICTURES; i++)
        order.picture[i] = true;
    return draw(p->s, &p->look, p->figures, order, err);
}

int publish_figures(struct audit *audit, const char *dir, struct figure_order *order,
                    struct arena *mem, struct err *err)
{
    char *own = dir ? NULL : file_join(audit->dir, "report/figures");
    struct look look = { 0 };
    struct summary s;
    int rc = -1;

    if (looks_make(audit, mem, &look, err) == 0 && labels_refresh(audit, err) == 0 &&
        summarize(audit, mem, &s, NULL, err) == 0) {
        leave_out(order, &s);
        rc = draw(&s, &look, dir ? dir : own, *order, err);
    }
    looks_release(&look);
    free(own);
    return rc;
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

static int write_cases(struct publishing *p, struct err *err)
{
    return cases_write(p->audit, p->dir, &p->look, p->s, err);
}

/* What lies in report/, in the order in which it is written: what a page shows is there before
 * the page. To add a kind of file: its function, and a row. */
static int (*const writers[])(struct publishing *, struct err *) = {
    write_labels,  write_differences, write_creators, write_sheets, write_package, write_ids,
    write_summary, write_figures,     write_items,  write_cases,   write_index,
    write_method,
};

int publish_report(struct audit *audit, const struct report_opts *o, struct arena *mem,
                   struct summary *s, struct err *err)
{
    struct publishing p = { .audit = audit,
                            .opts = o,
                            .mem = mem,
                            .s = s,
                            .dir = o->entry ? xstrdup(o->entry) : file_join(audit->dir, "report"),
                            .drawn = report_have_gnuplot() };
    int rc = -1;

    p.figures = file_join(p.dir, "figures");
    store_keep_answers(audit->store, true);
    if (store_expect_stamp(audit->store, err) || (!o->entry && audit_seal(audit, err)) ||
        looks_make(audit, mem, &p.look, err) ||
        labels_refresh(audit, err) || summarize(audit, mem, s, &p.behind, err) ||
        file_mkdirs(p.dir, err))
        goto out;
    p.look.is_entry = o->entry != NULL;
    rc = 0;
    for (size_t i = 0; rc == 0 && i < sizeof writers / sizeof *writers; i++)
        rc = writers[i](&p, err);
out:
    store_keep_answers(audit->store, false);
    behind_free(p.behind);
    looks_release(&p.look);
    free(p.figures);
    free(p.dir);
    return rc;
}

int publish_entry(struct audit *audit, const char *dir, struct arena *mem, struct front_entry *e,
                  struct err *err)
{
    const struct report_opts o = { .entry = dir };
    struct summary *s = arena_alloc(mem, sizeof *s);
    struct look *look = arena_alloc(mem, sizeof *look);

    if (publish_report(audit, &o, mem, s, err))
        return -1;
    look->min_cell = audit->set.report_min_cell;    // the front page names no account
    e->s = s;
    e->look = look;
    return 0;
}
