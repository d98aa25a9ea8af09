/* fetch/kept_row.c: first as the API writes it, then as tools do. */
#include "fetch/kept_row.h"
#include <string.h>
#include "base/utc.h"
#include "record/id.h"

#define SET_MAX 1000    // elements of one list that are kept

static const char *const fault_names[KEPT_FAULT_COUNT] = {
    [KEPT_FINE] = "row",           [KEPT_NO_ID] = "no_id",         [KEPT_BAD_ID] = "bad_id",
    [KEPT_SPOILED] = "spoiled_id", [KEPT_DOUBLED] = "doubled_key", [KEPT_COMMENT] = "comment",
    [KEPT_OTHER] = "other_row",
};
const char *kept_fault_name(enum kept_fault fault) { return fault_names[fault]; }

static const char *const id_columns[] = { "id", "video_id", "item_id", NULL };
/* Their tool writes them by its database's clock, which is UTC. */
static const char *const utc_columns[] = { "crawled_updated_at", "crawled_at", NULL };
static const char *const time_columns[] = {
    "crawled_updated_at", "crawled_at", "collected_at", "collection_time", "retrieved_at",
    "fetched_at",         "queried_at", "scraped_at",   "query_time",      NULL
};

/* traktok's name of a column, where it is not the API's. */
static struct str column_key(struct str column)
{
    return str_eq(column, STR("author_name")) ? STR("username") : column;
}

bool kept_row_is_id(struct str column) { return str_is_one_of(column, id_columns); }
bool kept_row_is_field(struct str column) { return row_field(column_key(column)) < FIELD_COUNT; }

bool kept_row_is_post(uint64_t id)
{
    char text[ID_TEXT_MAX];
    uint64_t again;

    return id_parse(str_of(id_text(id, text)), utc_now(), &again) <= ID_ODD;
}

/* What pandas, R and databases write for "no value"; in this case of letters alone, since
 * handles and captions may be such words. */
static bool is_nothing(const struct json *j)
{
    static const char *const words[] = { "NA",   "NaN",  "nan", "None", "NULL",
                                         "null", "<NA>", "NaT", NULL };
    struct str text;

    if (json_kind(j) == JSON_NULL)
        return true;
    if (!json_text(j, &text))
        return false;
    for (const char *const *w = words; *w; w++)
        if (str_eq(text, str_of(*w)))
            return true;
    return str_trim(text).n == 0;
}

/* ---- values ---- */

/* "77", "10.0", 1e3: pandas makes floats of a column in which a value is missing. */
static bool whole_number(const struct json *j, int64_t *out)
{
    double d;

    if (json_i64(j, out))
        return true;
    if (!json_double(j, &d) || d < -9007199254740992.0 || d > 9007199254740992.0)
        return false;
    *out = (int64_t)d;
    return d - (double)*out == 0;
}

/* Unix time in s, ms, us or ns, or a time written out. */
static bool instant(const struct json *j, int64_t *at)
{
    struct str text;
    struct err ignored = { 0 };

    if (whole_number(j, at)) {
        while (*at > 100000000000)
            *at /= 1000;
        return utc_is_seen(*at);
    }
    if (!json_text(j, &text))
        return false;
    text = str_trim(text);
    if (text.n > 26 && text.p[19] == '.')    // nanoseconds
        text = str_sub(text, 0, 19);
    return utc_parse_seen(text, at, &ignored) == 0;
}

static bool flag(const struct json *j, int64_t *out)
{
    bool b;
    struct str text;

    if (json_bool(j, &b)) {
        *out = b;
        return true;
    }
    if (!json_text(j, &text) ||
        (!str_eq_nocase(text, STR("true")) && !str_eq_nocase(text, STR("false"))))
        return false;
    *out = str_eq_nocase(text, STR("true"));
    return true;
}

static bool is_between(char c) { return (c >= '\0' && c <= ' ') || strchr(",|;[](){}", c); }

/* One element of a printed list: what is quoted, or the bare word; false at its end. */
static bool next_element(struct str *rest, struct buf *out)
{
    size_t i = 0;
    char quote = 0;

    buf_clear(out);
    while (i < rest->n && is_between(rest->p[i]))
        i++;
    if (i == rest->n)
        return false;
    if (rest->p[i] == '\'' || rest->p[i] == '"')
        quote = rest->p[i++];
    for (; i < rest->n; i++) {
        char c = rest->p[i];

        if (c == '\\' && i + 1 < rest->n)
            c = rest->p[++i];
        else if (quote ? c == quote : c != ' ' && is_between(c))
            break;
        buf_char(out, c);
    }
    *rest = str_sub(*rest, i + (quote ? 1 : 0), rest->n);
    return true;
}

/* ['a', 'b'] of Python, c("a", "b") of R, a|b of data.table. */
static bool printed_list(struct str text, bool bare, struct arena *mem, struct value *out)
{
    struct buf element = { 0 };
    struct arena scratch = { 0 };
    struct value set = { 0 };
    size_t n = 0;
    bool list = str_starts(text, STR("c(")) || str_starts(text, STR("list("));

    if (list)
        text = str_sub(text, (size_t)str_find(text, STR("("), 0), text.n);
    else if (str_eq(text, STR("character(0)")))
        text = STR_NONE;
    set_add(&set, STR(""), &scratch);
    if (!bare && !list && text.n && text.p[0] != '[')
        set_add(&set, text, &scratch);    // one, and it may hold any sign
    else
        while (n++ < SET_MAX && next_element(&text, &element))
            set_add(&set, str_trim(buf_view(&element)), &scratch);
    *out = value_text(arena_dup(mem, set.text));
    arena_release(&scratch);
    buf_release(&element);
    return true;
}

/* A list or an object that stands as text. */
static bool structured(const struct json *j, enum field f, struct arena *mem, struct value *out)
{
    struct json_doc doc = { 0 };
    struct err ignored = { 0 };
    struct str text;
    bool read = false;

    if (!json_text(j, &text))
        return row_value(j, f, mem, out);
    text = str_trim(text);
    if (text.n && (text.p[0] == '[' || text.p[0] == '{') && json_parse(text, &doc, &ignored) == 0)
        read = row_value(doc.root, f, mem, out);
    json_free(&doc);
    return read || ((f == FIELD_HASHTAGS || f == FIELD_EFFECTS || f == FIELD_MENTIONS) &&
                    printed_list(text, f != FIELD_MENTIONS, mem, out));
}

/* A value as tools keep it. Of an id no digit may be guessed. */
static bool kept_value(const struct json *j, enum field f, struct arena *mem, struct value *out)
{
    struct buf digits = { 0 };
    int64_t i = 0;
    bool read = false;

    switch (field_info(f)->type) {
    case TYPE_SET:
    case TYPE_JSON: return structured(j, f, mem, out);
    case TYPE_TIME: read = instant(j, &i); break;
    case TYPE_FLAG: read = flag(j, &i); break;
    case TYPE_COUNT:
    case TYPE_INT: read = whole_number(j, &i) && (i >= 0 || field_info(f)->type == TYPE_INT); break;
    case TYPE_TEXT:
        if (json_kind(j) != JSON_NUMBER)
            return row_value(j, f, mem, out);
        json_print(j, &digits);    // a caption of digits alone
        *out = value_text(arena_dup(mem, buf_view(&digits)));
        buf_release(&digits);
        return true;
    case TYPE_ID: return row_value(j, f, mem, out);
    }
    if (read)
        *out = value_int(i);
    return read;
}

static void take_value(const struct json *j, struct str column, struct arena *mem,
                       struct kept_row *row, struct row_drifts *passed)
{
    enum field f = row_field(column_key(column));
    struct value v = { 0 };

    if (f == FIELD_COUNT) {
        row_drift_add(passed, "column", column.n ? column : STR("(no name)"), mem);
        return;
    }
    if (!kept_value(j, f, mem, &v)) {
        row_drift_add(passed, "value", column, mem);
        return;
    }
    row->record.val[f] = v;
    if (f == FIELD_TAG && v.kind == VAL_TEXT)
        row_branded(v.text, &row->record.val[FIELD_BRANDED]);
}

/* ---- ids ---- */

static enum kept_fault read_id(const struct json *row, uint64_t *id)
{
    enum kept_fault fault = KEPT_NO_ID;
    uint64_t one;
    bool have = false;

    for (const char *const *name = id_columns; *name; name++) {
        const struct json *j = json_get(row, *name);

        if (!j || is_nothing(j))
            continue;
        if (row_id_spoiled(j))
            fault = KEPT_SPOILED;
        else if (!json_u64(j, &one) || !kept_row_is_post(one))
            fault = fault == KEPT_SPOILED ? fault : KEPT_BAD_ID;    // a row number, often
        else if (have && one != *id)
            return KEPT_DOUBLED;
        else {
            *id = one;
            have = true;
        }
    }
    return have ? KEPT_FINE : fault;
}

/* ---- the time of collection ---- */

static bool has_zone(struct str text)
{
    text = str_trim(text);
    if (text.n < 11 || str_ends(text, STR("Z")) || str_ends(text, STR("UTC")))
        return text.n >= 11;
    text = str_sub(text, 11, text.n);
    return text.n && (memchr(text.p, '+', text.n) || memchr(text.p, '-', text.n));
}

static int64_t collected_at(const struct json *row)
{
    struct str text;
    int64_t at, newest = 0;

    for (const char *const *name = time_columns; *name; name++) {
        const struct json *j = json_get(row, *name);

        if (!j || is_nothing(j) || !instant(j, &at) || at <= newest)
            continue;
        if (json_text(j, &text) && !whole_number(j, &(int64_t){ 0 }) && !has_zone(text) &&
            !str_is_one_of(str_of(*name), utc_columns))
            continue;
        newest = at;
    }
    return newest;
}

static bool is_comment(const struct json *row)
{
    return json_get(row, "parent_comment_id") ||
           (json_get(row, "text") && json_get(row, "video_id") && json_get(row, "id"));
}

/* Somebody's list has ids as well: what the API gave has its fields. An id alone is one. */
static bool is_of_others(const struct json *row)
{
    bool others = false;

    for (const struct json *j = json_first(row); j; j = json_next(j)) {
        if (kept_row_is_field(json_key(j)))
            return false;
        others = others ||
                 !(kept_row_is_id(json_key(j)) || str_is_one_of(json_key(j), time_columns));
    }
    return others;
}

enum kept_fault kept_row_read(const struct json *row, struct arena *mem, struct kept_row *out,
                              struct row_drifts *passed)
{
    struct str doubled = json_doubled_key(row, true);
    enum kept_fault fault;

    memset(out, 0, sizeof *out);
    if (doubled.p)
        return KEPT_DOUBLED;
    if (is_comment(row))
        return KEPT_COMMENT;
    if (is_of_others(row))
        return KEPT_OTHER;
    fault = read_id(row, &out->record.id);
    if (fault != KEPT_FINE)
        return fault;
    out->at = collected_at(row);
    for (const struct json *j = json_first(row); j; j = json_next(j)) {
        struct str column = json_key(j);

        if (!kept_row_is_id(column) && !str_is_one_of(column, time_columns) && !is_nothing(j))
            take_value(j, column, mem, out, passed);
    }
    return KEPT_FINE;
}
