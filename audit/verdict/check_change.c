/* audit/verdict/check_change.c: now and before. */
#include "audit/verdict/check_change.h"
#include <stdlib.h>
#include <string.h>
#include "audit/other.h"
#include "audit/verdict/check_ratio.h"
#include "audit/verdict/label.h"
#include "base/file.h"
#include "base/stat_paired.h"

void check_change_decide(struct check_row *row)
{
    const struct check_value *now = &row->now, *was = &row->before;
    const double margin = row->claim->margin;
    struct check_value d = { .has = now->has && was->has };
    struct stat_interval i;

    row->verdict = CHECK_UNDECIDED;
    if (!d.has)
        return;
    i = stat_difference(was->value, (struct stat_interval){ was->low, was->high }, now->value,
                        (struct stat_interval){ now->low, now->high });
    d.value = now->value - was->value;
    d.low = i.low;
    d.high = i.high;
    row->change = d;
    row->verdict = row->claim->higher_is_worse ? check_decide(-d.high, -d.low, -margin)
                                               : check_decide(d.low, d.high, -margin);
    if (row->verdict != CHECK_UNDECIDED || check_ratio_says_nothing(row->unit, now) ||
        check_ratio_says_nothing(row->unit, was))
        return;
    row->further_items =
        row->claim->higher_is_worse
            ? check_further_about(-d.value, -d.high, -d.low, false, row->n, -margin)
            : check_further_about(d.value, d.low, d.high, false, row->n, -margin);
    row->about = row->further_items >= 0;
}

static bool is_of(const struct claim *c, struct str other)
{
    return !c->untestable.n && c->bound == CLAIM_NOT_WORSE && str_eq(c->other, other);
}

/* The first claim that names this audit. */
static bool is_first(const struct claims *claims, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (is_of(claims_at(claims, k), claims_at(claims, i)->other))
            return false;
    return true;
}

static int look_at(struct audit *audit, const struct claims *claims, const char *path,
                   check_measure_fn *measure, struct check_row *row, struct err *err)
{
    char *rules = file_join(audit->dir, "rules.ini");
    struct rulebook book = { 0 };
    struct other other = { 0 };
    struct err later = { 0 };
    int rc = rulebook_read(&book, rules, err) || other_find(&other, path, err) ||
                     other_open(&other, &book, NULL, err) || labels_refresh(&other.audit, err) ||
                     measure(&other.audit, claims, row, err)
                 ? -1
                 : 0;

    if (other_close(&other, rc ? &later : err))
        rc = -1;
    rulebook_release(&book);
    free(rules);
    return rc;
}

/* Beside the claims file, unless it begins with /. */
static char *path_of(const char *claims_path, struct str other)
{
    const char *slash = claims_path ? strrchr(claims_path, '/') : NULL;
    struct buf path = { 0 };

    if (slash && !str_starts(other, STR("/")))
        buf_add(&path, claims_path, (size_t)(slash - claims_path) + 1);
    buf_str(&path, other);
    (void)buf_cstr(&path);
    return path.p;
}

int check_before(struct audit *audit, const struct claims *claims, const char *path,
                 check_measure_fn *measure, struct check_row *row, struct err *err)
{
    struct check_row *before = xcalloc(claims_len(claims), sizeof *before);
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < claims_len(claims); i++) {
        const struct claim *c = claims_at(claims, i);
        char *other;

        if (c->untestable.n || c->bound != CLAIM_NOT_WORSE || !is_first(claims, i))
            continue;
        memset(before, 0, claims_len(claims) * sizeof *before);
        for (size_t k = 0; k < claims_len(claims); k++)
            before[k].claim = claims_at(claims, k);
        other = path_of(path, c->other);
        rc = look_at(audit, claims, other, measure, before, err);
        if (rc)
            err_wrap(err, "%s:%d", claims_name(claims), c->bound_line);
        free(other);
        for (size_t k = i; rc == 0 && k < claims_len(claims); k++)
            if (is_of(claims_at(claims, k), c->other))
                row[k].before = before[k].now;
    }
    free(before);
    return rc;
}
