/* audit/verdict/check_text.c: verdicts for people, and the files of ids. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "audit/verdict/check.h"
#include "base/file.h"
#include "base/log.h"
#include "record/id.h"

/* Up to so many decimals, without zeros at the end. */
static void put_decimals(struct buf *out, double x, int decimals)
{
    char text[64];
    size_t n;

    snprintf(text, sizeof text, "%.*f", decimals, x);
    n = strlen(text);
    while (strchr(text, '.') && (text[n - 1] == '0' || text[n - 1] == '.')) {
        bool point = text[n - 1] == '.';

        text[--n] = 0;
        if (point)
            break;
    }
    buf_puts(out, strcmp(text, "-0") ? text : "0");
}

void check_value_text(enum number_unit unit, double value, struct buf *out)
{
    if (unit != UNIT_SHARE) {
        put_decimals(out, value, fabs(value) < 1 ? 4 : 3);
        return;
    }
    put_decimals(out, 100 * value, 2);
    buf_puts(out, " %");
}

void check_bound_text(const struct claim *c, struct buf *out)
{
    buf_printf(out, "%s ", claim_bound_name(c->bound));
    if (c->bound != CLAIM_NOT_WORSE) {
        log_escape(out, c->limit_text);
        return;
    }
    log_escape(out, c->other);
    buf_puts(out, ", margin ");
    log_escape(out, c->margin_text);
}

static void put_range(enum number_unit unit, const struct check_value *v, struct buf *out)
{
    check_value_text(unit, v->value, out);
    buf_puts(out, " (");
    check_value_text(unit, v->low, out);
    buf_puts(out, " to ");
    check_value_text(unit, v->high, out);
    buf_char(out, ')');
}

static void put_further(const struct check_row *r, struct buf *out)
{
    const char *about = r->about ? "about " : "";

    if (r->further_items < 0)
        return;
    if (r->further_days >= 0) {
        buf_printf(out, "; %" PRId64 " of these would decide, in " COUNTED " at the earliest",
                   r->further_items, COUNT_OF(r->further_days, "day", "days"));
        return;
    }
    if (r->claim->measure == CLAIM_AGREEMENT)
        buf_printf(out, "; %s" COUNTED " more", about, COUNT_OF(r->further_items, "ask", "asks"));
    else
        buf_printf(out, "; %s" COUNTED " more", about, COUNT_OF(r->further_items, "item", "items"));
    buf_printf(out, "%s at this rate would decide",
               r->claim->bound == CLAIM_NOT_WORSE ? " in either audit" : "");
}

void check_row_text(const struct check_row *r, struct buf *out)
{
    if (r->claim->untestable.n) {
        log_escape(out, r->claim->untestable);
        return;
    }
    if (r->now.has)
        put_range(r->unit, &r->now, out);
    else
        buf_puts(out, "no value");
    if (r->change.has) {
        buf_puts(out, ", before ");
        put_range(r->unit, &r->before, out);
        buf_puts(out, ", change ");
        put_range(r->unit, &r->change, out);
    }
    buf_puts(out, ", promised ");
    check_bound_text(r->claim, out);
    if (r->now.has && r->unit == UNIT_SHARE)
        buf_printf(out, "; %" PRId64 " of %" PRId64 " held", r->held, r->n);
    else if (r->now.has)
        buf_printf(out, "; from %" PRId64, r->n);
    if (r->aside)
        buf_printf(out, ", %" PRId64 " not held against it (account without any retrieved post)",
                   r->aside);
    if (r->open)
        buf_printf(out, ", %" PRId64 " open", r->open);
    if (r->verdict == CHECK_UNDECIDED)
        put_further(r, out);
    if (r->why.n)
        buf_printf(out, "; %.*s", STR_ARG(r->why));
}

static void put_line(const struct check_row *r, struct buf *out)
{
    buf_printf(out, "%-10s ",
               r->claim->untestable.n ? "not tested" : check_verdict_name(r->verdict));
    log_escape(out, r->claim->name);
    buf_puts(out, ": ");
    check_row_text(r, out);
    buf_char(out, '\n');
}

void check_text(const struct check *c, struct buf *out)
{
    int64_t untested = 0;

    for (size_t i = 0; i < c->cautions; i++)
        buf_printf(out, "caution    %.*s\n", STR_ARG(c->caution[i]));
    for (size_t i = 0; i < c->rows; i++) {
        untested += c->row[i].claim->untestable.n > 0;
        put_line(&c->row[i], out);
    }
    buf_printf(out, "%" PRId64 " pass, %" PRId64 " fail, %" PRId64 " undecided",
               c->count[CHECK_PASS], c->count[CHECK_FAIL], c->count[CHECK_UNDECIDED]);
    if (untested)
        buf_printf(out, "; %" PRId64 " cannot be tested from outside", untested);
    buf_char(out, '\n');
}

/* ---- files of ids ---- */

/* Two names may become one: then, and where a name had to be changed, its line makes it its own. */
void check_ids_file(const struct check *c, size_t row, enum check_part part, struct buf *out)
{
    struct str name = c->row[row].claim->name;
    bool changed = name.n > 64 || name.n == 0;

    for (size_t i = 0; i < name.n && i < 64; i++) {
        bool plain = name.p[i] && strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                         "0123456789-_",
                                         name.p[i]);

        buf_char(out, plain ? name.p[i] : '_');
        changed |= !plain;
    }
    if (changed)
        buf_printf(out, "-line%d", c->row[row].claim->line);
    buf_printf(out, ".%s.txt", check_part_name(part));
}

static int write_ids(const char *dir, const char *name, const struct check_ids *ids,
                     struct err *err)
{
    char *path = file_join(dir, name), id[ID_TEXT_MAX];
    struct file_out file;
    int rc = -1;

    if (file_create(&file, path, err))
        goto out;
    for (size_t i = 0; i < ids->n; i++)
        fprintf(file.f, "%s\n", id_text(ids->v[i], id));
    rc = file_close(&file, err);
out:
    free(path);
    return rc;
}

int check_write_ids(const struct check *c, const char *dir, struct err *err)
{
    struct buf name = { 0 };
    int rc = file_mkdirs(dir, err);

    for (size_t i = 0; rc == 0 && i < c->rows; i++)
        for (int p = 0; rc == 0 && claim_counts_items(c->row[i].claim) && p < CHECK_PARTS; p++) {
            buf_clear(&name);
            check_ids_file(c, i, (enum check_part)p, &name);
            rc = write_ids(dir, buf_cstr(&name), &c->row[i].ids[p], err);
        }
    buf_release(&name);
    return rc;
}
