/* audit/reviewed.c: "2026-03-02T08:00:00Z", then a line "label=COUNT" for each class, then a
 * line "ITEM LABEL CODE CODE" for each row, "-" where there is no code. */
#include "audit/reviewed.h"
#include <inttypes.h>
#include "base/array.h"
#include "base/utc.h"

static int no_review(struct err *err)
{
    return err_set(err, ERR_IO, "what the store keeps of the review cannot be read");
}

static int take_class(struct review *r, struct str line, struct err *err)
{
    struct str name;
    int64_t n;

    if (!str_cut(&line, '=', &name) || label_find(name) >= LABEL_COUNT || !str_i64(line, &n) ||
        n < 0)
        return no_review(err);
    r->population[label_find(name)] = n;
    return 0;
}

static int take_row(struct review *r, struct str line, struct err *err)
{
    struct review_row row = { 0 };
    struct str word;
    int code;

    if (!str_cut(&line, ' ', &word) || !str_i64(word, &row.item) || !str_cut(&line, ' ', &word))
        return no_review(err);
    row.label = label_find(word);
    if (row.label == LABEL_NONE || row.label >= LABEL_COUNT || r->rows == REVIEW_MAX)
        return no_review(err);
    for (int k = 0; k < REVIEW_CODERS; k++) {
        if (!str_cut(&line, ' ', &word))
            return no_review(err);
        code = str_eq(word, STR("-")) ? LABEL_NONE : review_code_find(word);
        if (code >= REVIEW_CODES)
            return no_review(err);
        row.code[k] = code;
    }
    ARRAY_ROOM(r->row, r->rows, r->cap);
    r->row[r->rows++] = row;
    return 0;
}

static int take(struct review *r, struct str text, struct err *err)
{
    struct str line;
    int rc = 0;

    if (!text.n)
        return 0;
    if (!str_cut(&text, '\n', &line) || utc_parse(line, &r->drawn_at, err))
        return no_review(err);
    while (rc == 0 && str_cut(&text, '\n', &line))
        if (line.n)
            rc = str_find(line, STR("="), 0) >= 0 ? take_class(r, line, err)
                                                  : take_row(r, line, err);
    return rc;
}

int reviewed_read(struct store *s, struct review *r, struct err *err)
{
    struct buf text = { 0 };
    int rc;

    *r = (struct review){ 0 };
    rc = store_meta_get(s, META_REVIEW, &text, err) || take(r, buf_view(&text), err) ? -1 : 0;
    buf_release(&text);
    return rc;
}

static const char *word_of(int code) { return code == LABEL_NONE ? "-" : review_code_name(code); }

int reviewed_write(struct store *s, const struct review *r, struct err *err)
{
    struct buf text = { 0 };
    char at[UTC_TEXT_MAX];
    int rc;

    buf_printf(&text, "%s\n", utc_rfc3339(r->drawn_at, at));
    for (int l = LABEL_NONE + 1; l < LABEL_COUNT; l++)
        buf_printf(&text, "%s=%" PRId64 "\n", label_name((enum label)l), r->population[l]);
    for (size_t i = 0; i < r->rows; i++)
        buf_printf(&text, "%" PRId64 " %s %s %s\n", r->row[i].item, label_name(r->row[i].label),
                   word_of(r->row[i].code[0]), word_of(r->row[i].code[1]));
    rc = store_meta_set(s, META_REVIEW, buf_view(&text), err);
    buf_release(&text);
    return rc;
}
