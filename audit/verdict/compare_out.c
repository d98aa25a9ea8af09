/* audit/verdict/compare_out.c: three lists and moved.csv row by row; numbers, page and what
 * describes the tables from the finished comparison. */
#include "audit/verdict/compare_out.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "base/file.h"
#include "record/id.h"
#include "report/comparison.h"
#include "report/package.h"

enum out_file { OUT_FIXED, OUT_BROKEN, OUT_STILL, OUT_MOVED, OUT_FILES };
static const char *const names[OUT_FILES] = {
    [OUT_FIXED] = "fixed.txt", [OUT_BROKEN] = "broken.txt", [OUT_STILL] = "still_missing.txt",
    [OUT_MOVED] = "moved.csv",
};

struct compare_out {
    char *dir;
    struct file_out file[OUT_FILES];
    bool open[OUT_FILES];
    struct csv_out moved;
};

static void drop(struct compare_out *o)
{
    for (int i = 0; i < OUT_FILES; i++)
        if (o->open[i])
            file_abandon(&o->file[i]);
    free(o->dir);
    free(o);
}

static int refuse_audit(const char *dir, struct err *err)
{
    char *db = file_join(dir, "audit.db");
    int rc = file_exists(db) ? err_set(err, ERR_USAGE,
                                       "--out %s: an audit lies there; name another folder", dir)
                             : 0;

    free(db);
    return rc;
}

static int open_files(struct compare_out *o, struct err *err)
{
    for (int i = 0; i < OUT_FILES; i++) {
        char *path = file_join(o->dir, names[i]);
        int rc = file_create(&o->file[i], path, err);

        free(path);
        if (rc)
            return -1;
        o->open[i] = true;
    }
    o->moved.f = o->file[OUT_MOVED].f;
    return report_moved_begin(&o->moved, err);
}

int compare_out_open(struct compare_out **out, const char *dir, struct err *err)
{
    struct compare_out *o = xcalloc(1, sizeof *o);

    o->dir = xstrdup(dir);
    if (refuse_audit(dir, err) || file_mkdirs(dir, err) || open_files(o, err)) {
        drop(o);
        return -1;
    }
    *out = o;
    return 0;
}

static int put_pair(void *to, const struct compared_example *e, struct err *err)
{
    struct compare_out *o = to;
    const enum out_file list = move_is_fixed(e->from, e->to)           ? OUT_FIXED
                               : move_is_broken(e->from, e->to)        ? OUT_BROKEN
                               : move_is_still_missing(e->from, e->to) ? OUT_STILL
                                                                       : OUT_FILES;
    char id[ID_TEXT_MAX];

    if (list != OUT_FILES && fprintf(o->file[list].f, "%s\n", id_text(e->id, id)) < 0)
        return err_set(err, ERR_IO, "%s: %s", o->file[list].path, strerror(errno));
    return e->from == e->to ? 0 : report_moved_put(&o->moved, e, err);
}

struct compare_sink compare_out_sink(struct compare_out *o)
{
    return (struct compare_sink){ put_pair, o };
}

static int write_numbers(const char *dir, const struct comparison *c, struct err *err)
{
    char *path = file_join(dir, "numbers.csv");
    struct file_out file;
    struct csv_out csv = {0};
    int rc = file_create(&file, path, err);

    free(path);
    if (rc)
        return -1;
    csv.f = file.f;
    if (report_changes(&csv, c, err)) {
        file_abandon(&file);
        return -1;
    }
    return file_close(&file, err);
}

static int write_page(const char *dir, const struct comparison *c, const struct look *look,
                      struct err *err)
{
    char *path = file_join(dir, "index.html");
    struct buf page = {0};
    int rc;

    report_comparison_html(&page, c, look);
    rc = file_write(path, buf_view(&page), err);
    buf_release(&page);
    free(path);
    return rc;
}

static int close_lists(struct compare_out *o, struct err *err)
{
    for (int i = 0; i < OUT_FILES; i++) {
        o->open[i] = false;
        if (file_close(&o->file[i], err))
            return -1;
    }
    return 0;
}

int compare_out_close(struct compare_out *o, const struct comparison *c, const struct look *look,
                      struct err *err)
{
    static const struct package_table tables[] = { { "moved", TABLE_MOVED },
                                                   { "numbers", TABLE_CHANGES } };
    int rc = 0;

    if (c)
        rc = close_lists(o, err) || write_numbers(o->dir, c, err) ||
                     report_package(o->dir, "What changed between two audits of a research API",
                                    tables, sizeof tables / sizeof *tables, err) ||
                     write_page(o->dir, c, look, err)
                 ? -1
                 : 0;
    drop(o);
    return rc;
}
