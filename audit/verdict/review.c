/* audit/verdict/review.c: see review.h. */
#include "audit/verdict/review.h"
#include <stdlib.h>
#include <string.h>
#include "audit/reviewed.h"
#include "audit/verdict/label.h"
#include "audit/verdict/numbers.h"
#include "base/array.h"
#include "base/embed.h"
#include "base/file.h"
#include "base/utc.h"
#include "record/seed.h"
#include "report/package.h"
#include "report/report.h"

EMBED(review_codebook, "audit/verdict/review_codebook.txt");

/* ---- who is drawn ---- */

struct ranked {
    uint64_t rank;
    int64_t item;
};
struct classes {
    struct {
        struct ranked *v;
        size_t n, cap, take;
    } of[LABEL_COUNT];
    uint64_t salt;
};

static int by_rank(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;

    return x->rank != y->rank ? (x->rank < y->rank ? -1 : 1) : 0;
}

static void classes_release(struct classes *c)
{
    for (int l = 0; l < LABEL_COUNT; l++)
        free(c->of[l].v);
}

/* What was purged has nothing left to be judged by. */
static int gather(struct audit *audit, struct classes *c, struct err *err)
{
    struct label_cursor *cursor = NULL;
    struct label_row row;
    int got;

    if (store_labels(audit->store, &cursor, err))
        return -1;
    while ((got = label_cursor_next(cursor, &row, err)) > 0) {
        if (row.label == LABEL_NONE || row.purged)
            continue;
        ARRAY_ROOM(c->of[row.label].v, c->of[row.label].n, c->of[row.label].cap);
        c->of[row.label].v[c->of[row.label].n++] = (struct ranked){ mix64(c->salt ^ row.id),
                                                                    row.item };
    }
    label_cursor_close(cursor);
    for (int l = 0; l < LABEL_COUNT; l++)
        if (c->of[l].n)
            qsort(c->of[l].v, c->of[l].n, sizeof *c->of[l].v, by_rank);
    return got;
}

/* One more of each class that has one more, until there are enough. */
static void allot(struct classes *c, size_t rows)
{
    bool more = true;

    while (more && rows) {
        more = false;
        for (int l = LABEL_NONE + 1; l < LABEL_COUNT && rows; l++)
            if (c->of[l].take < c->of[l].n) {
                c->of[l].take++;
                rows--;
                more = true;
            }
    }
}

/* In an order that says nothing of the labels. */
static int by_item(const void *a, const void *b)
{
    const struct review_row *x = a, *y = b;

    return x->item != y->item ? (x->item < y->item ? -1 : 1) : 0;
}

static int draw(struct audit *audit, size_t rows, struct review *r, struct err *err)
{
    struct classes c = { .salt = digest_rank(buf_view(&audit->seed), SEED_REVIEW) };
    int rc = gather(audit, &c, err);

    allot(&c, rows);
    r->drawn_at = utc_now();
    for (int l = LABEL_NONE + 1; rc == 0 && l < LABEL_COUNT; l++) {
        r->population[l] = (int64_t)c.of[l].n;
        for (size_t i = 0; i < c.of[l].take; i++) {
            ARRAY_ROOM(r->row, r->rows, r->cap);
            r->row[r->rows++] = (struct review_row){ .item = c.of[l].v[i].item,
                                                     .label = (enum label)l };
        }
    }
    classes_release(&c);
    if (rc == 0 && !r->rows)
        return err_set(err, ERR_USAGE, "no item bears a label yet: there is nothing to review");
    if (rc == 0)
        qsort(r->row, r->rows, sizeof *r->row, by_item);
    return rc;
}

/* ---- the sheets ---- */

struct sheets {
    struct audit *audit;
    const struct review *review;
    struct review_sheet_row *row;    // by place in the review
    struct arena mem;
    int64_t *items, *returned;    // by account
    int64_t accounts;
};

static int64_t place_of(const struct review *r, int64_t item)
{
    const struct review_row key = { .item = item };
    const struct review_row *hit = bsearch(&key, r->row, r->rows, sizeof *r->row, by_item);

    return hit ? hit - r->row : -1;
}

static void count_account(struct sheets *s, const struct label_row *l)
{
    if (l->account <= 0)
        return;
    if (l->account >= s->accounts) {
        const int64_t n = 2 * l->account + 64;

        s->items = xrealloc(s->items, (uint64_t)n * sizeof *s->items);
        s->returned = xrealloc(s->returned, (uint64_t)n * sizeof *s->returned);
        memset(s->items + s->accounts, 0, (size_t)(n - s->accounts) * sizeof *s->items);
        memset(s->returned + s->accounts, 0, (size_t)(n - s->accounts) * sizeof *s->returned);
        s->accounts = n;
    }
    s->items[l->account]++;
    s->returned[l->account] += l->state == STATE_RETRIEVED;
}

static void take_facts(struct sheets *s, int64_t at, const struct label_row *l)
{
    struct review_sheet_row *row = &s->row[at];

    row->row = at + 1;
    row->label = *l;
    row->label.handle = l->page == ANSWER_PUBLIC ? arena_dup(&s->mem, l->handle) : STR_NONE;
    row->label.message = arena_dup(&s->mem, l->message);
    row->label.place = arena_dup(&s->mem, l->place);
    row->label.region = arena_dup(&s->mem, l->region);
    row->label.evidence = arena_dup(&s->mem, l->evidence);
    row->account = l->account;
}

static int read_facts(struct sheets *s, struct err *err)
{
    struct label_cursor *cursor = NULL;
    struct label_row row;
    int got;

    if (store_labels_told(s->audit->store, 0, &cursor, err))
        return -1;
    while ((got = label_cursor_next(cursor, &row, err)) > 0) {
        const int64_t at = place_of(s->review, row.item);

        count_account(s, &row);
        if (at >= 0)
            take_facts(s, at, &row);
    }
    label_cursor_close(cursor);
    for (size_t i = 0; i < s->review->rows; i++) {
        const int64_t account = s->row[i].account;

        if (account <= 0 || account >= s->accounts)
            continue;
        s->row[i].posts = s->items[account];
        s->row[i].returned = s->returned[account];
    }
    return got;
}

/* Each coder sees the rows in another order, so that neither tires at the same ones. */
static int write_sheet(struct sheets *s, int coder, const char *path, struct err *err)
{
    const uint64_t salt = digest_rank(buf_view(&s->audit->seed), SEED_REVIEW);
    const size_t n = s->review->rows;
    struct ranked *order = xcalloc(n, sizeof *order);
    struct file_out file;
    struct csv_out csv = { 0 };
    int rc = -1;

    for (size_t i = 0; i < n; i++)
        order[i] = (struct ranked){ mix64(salt + (uint64_t)coder * 0x10000 + i + 1), (int64_t)i };
    qsort(order, n, sizeof *order, by_rank);
    if (file_create(&file, path, err))
        goto out;
    csv.f = file.f;
    rc = report_review_begin(&csv, err);
    for (size_t i = 0; rc == 0 && i < n; i++)
        rc = report_review_row(&csv, coder, &s->row[order[i].item], err);
    if (rc)
        file_abandon(&file);
    else
        rc = file_close(&file, err);
out:
    free(order);
    return rc;
}

/* A sheet that somebody may have filled in is never written over. */
static int write_all(struct sheets *s, const char *dir, bool again, struct err *err)
{
    static const struct package_table tables[] = { { "coder-1", TABLE_REVIEW },
                                                   { "coder-2", TABLE_REVIEW } };
    const struct str codebook = { review_codebook, review_codebook_len };
    char *text = file_join(dir, "codebook.txt");
    int rc = file_mkdirs(dir, err);

    for (int k = 1; rc == 0 && k <= REVIEW_CODERS; k++) {
        char name[] = "coder-1.csv", *path;

        name[6] = (char)('0' + k);
        path = file_join(dir, name);
        rc = !again && file_exists(path)
                 ? err_set(err, ERR_USAGE,
                           "%s: there is a sheet already, perhaps filled in; --to names another "
                           "folder",
                           path)
                 : write_sheet(s, k, path, err);
        free(path);
    }
    if (rc == 0)
        rc = file_write(text, codebook, err) ||
                     report_package(dir, "Labels to be judged again: a sheet a coder", tables,
                                    sizeof tables / sizeof *tables, err)
                 ? -1
                 : 0;
    free(text);
    return rc;
}

static int write_sheets(struct audit *audit, const struct review *r, const char *dir, bool again,
                        struct err *err)
{
    struct sheets s = { .audit = audit, .review = r };
    int rc;

    s.row = xcalloc(r->rows, sizeof *s.row);
    rc = read_facts(&s, err) || write_all(&s, dir, again, err) ? -1 : 0;
    free(s.row);
    free(s.items);
    free(s.returned);
    arena_release(&s.mem);
    return rc;
}

int review_draw(struct audit *audit, const struct review_opts *o, struct review_result *result,
                char **dir, struct err *err)
{
    struct review old = { 0 }, r = { 0 };
    char at[UTC_TEXT_MAX];
    int rc = -1;

    *dir = o->dir ? xstrdup(o->dir) : file_join(audit->dir, "review");
    if (labels_refresh(audit, err) || reviewed_read(audit->store, &old, err))
        goto out;
    if (old.drawn_at && !o->again) {
        err_set(err, ERR_USAGE,
                "a review of %zu labels was drawn at %s; --again drops it with the codes that "
                "were given",
                old.rows, utc_rfc3339(old.drawn_at, at));
        goto out;
    }
    if (draw(audit, (size_t)o->rows, &r, err) || write_sheets(audit, &r, *dir, o->again, err) ||
        reviewed_write(audit->store, &r, err))
        goto out;
    review_judge(&r, result);
    rc = 0;
out:
    review_release(&old);
    review_release(&r);
    if (rc) {
        free(*dir);
        *dir = NULL;
    }
    return rc;
}

/* ---- what came of it ---- */

static int count_changed(struct audit *audit, const struct review *r, int64_t *changed,
                         struct err *err)
{
    struct label_cursor *cursor = NULL;
    struct label_row row;
    int64_t same = 0;
    int got;

    if (store_labels(audit->store, &cursor, err))
        return -1;
    while ((got = label_cursor_next(cursor, &row, err)) > 0) {
        const int64_t at = place_of(r, row.item);

        same += at >= 0 && r->row[at].label == row.label;
    }
    label_cursor_close(cursor);
    *changed = (int64_t)r->rows - same;
    return got;
}

int review_look(struct audit *audit, struct review_result *out, struct err *err)
{
    struct review r = { 0 };
    int rc = reviewed_read(audit->store, &r, err);

    if (rc == 0) {
        review_judge(&r, out);
        rc = r.drawn_at ? count_changed(audit, &r, &out->changed, err) : 0;
    }
    review_release(&r);
    return rc;
}

static void put_precision(const struct review_class *c, struct numbers *all, struct arena *mem,
                          struct str name, const char *is)
{
    struct number n = { .name = name,
                        .unit = UNIT_SHARE,
                        .has = c->has,
                        .n = c->right,
                        .of = c->decided,
                        .is = str_of(is) };

    if (c->has) {
        n.value = c->precision;
        number_set_bounds(&n, c->undecided ? BOUNDS_BOTH : BOUNDS_SAMPLE, c->interval);
    }
    number_put(all, mem, &n);
}

static void put_agreement(const struct stat_kappa *k, struct numbers *all, struct arena *mem)
{
    struct number share = { .name = STR("review_agreement"),
                            .unit = UNIT_SHARE,
                            .is = STR("Of the labels that both coders judged, the share to which "
                                      "they gave the same code; 95 % interval, exact.") };
    struct number kappa = { .name = STR("review_kappa"),
                            .unit = UNIT_RATIO,
                            .has = k->has,
                            .value = k->kappa,
                            .n = k->n,
                            .of = k->n,
                            .is = STR("Cohen's kappa of the two coders: 1 where they always agree, "
                                      "0 where as often as chance would; of the sample as it was "
                                      "drawn; 95 % interval.") };

    number_set_share(&share, k->agree, k->n);
    if (k->n)
        number_set_bounds(&share, BOUNDS_SAMPLE, stat_clopper_pearson(k->agree, k->n, 0.95));
    if (k->has)
        number_set_bounds(&kappa, BOUNDS_SAMPLE, (struct stat_interval){ k->low, k->high });
    number_put(all, mem, &share);
    number_put(all, mem, &kappa);
}

void review_put_numbers(const struct review_result *r, struct numbers *all, struct arena *mem)
{
    if (!r->drawn)
        return;
    put_agreement(&r->agreement, all, mem);
    put_precision(&r->all, all, mem, STR("review_precision"),
                  "Of all labels, the share that is right by the coders: each class weighs as many "
                  "items as bear it; no value until each has a judged one; 95 % interval from the "
                  "exact ones of the classes, what is undecided either way.");
    for (int l = LABEL_NONE + 1; l < LABEL_COUNT; l++)
        if (r->of[l].population)
            put_precision(&r->of[l], all, mem,
                          arena_printf(mem, "review_precision_%s", label_name((enum label)l)),
                          "Of the items that bear this label, the share to which it belongs by the "
                          "coders; 95 % interval, exact for a sample of so many, what is undecided "
                          "either way.");
}

int review_numbers(const struct numbers_from *from, struct err *err)
{
    if (review_look(from->audit, &from->s->review, err))
        return -1;
    review_put_numbers(&from->s->review, &from->s->numbers, from->s->mem);
    return 0;
}
