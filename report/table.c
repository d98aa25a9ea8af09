/* report/table.c: labels.csv, differences.csv, and records as CSV or JSON Lines.
 * libcsv quotes every cell it is given, so only cells that need quotes go
 * through it: at 10 million rows the others would cost half a gigabyte. */
#include <csv.h>
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include "base/json_out.h"
#include "base/log.h"
#include "base/utc.h"
#include "platform/tiktok.h"
#include "record/id.h"
#include "report/column.h"
#include "report/comparison.h"
#include "report/report.h"
#include "report/text.h"
#include "report/waterfall.h"

#define LINE_END "\r\n"

static bool needs_quotes(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (strchr(",\"\r\n", s.p[i]))      // finds U+0000 as well: quoted, harmless
            return true;
    return s.n > 0 && (s.p[0] == ' ' || s.p[s.n - 1] == ' ');
}

static void cell_text(struct buf *line, struct str s)
{
    size_t need;

    if (line->n)
        buf_char(line, ',');
    if (!needs_quotes(s)) {
        buf_str(line, s);
        return;
    }
    need = csv_write(NULL, 0, s.p, s.n);
    buf_grow(line, need);
    line->n += csv_write(line->p + line->n, need, s.p, s.n);
}

/* Text of ASCII without controls, as nearly all is, needs no look at its characters. */
static bool is_plain(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] < 0x20 || (unsigned char)s.p[i] >= 0x7f)
            return false;
    return true;
}

/* Lines and tabs belong to a caption; other controls, and marks that turn the
 * direction of what follows, are shown. */
static void show(struct buf *out, struct str s)
{
    size_t from = 0;

    for (size_t i = 0; i <= s.n; i++) {
        if (i < s.n && !memchr("\r\n\t", s.p[i], 3))
            continue;
        log_escape(out, str_sub(s, from, i - from));
        if (i < s.n)
            buf_char(out, s.p[i]);
        from = i + 1;
    }
}

/* A spreadsheet runs a cell that begins with one of these as a formula. */
static void cell_outside(struct buf *line, const struct csv_out *out, struct str s)
{
    const bool formula = !out->sheet && s.n > 0 && memchr("=+-@\t\r\n", s.p[0], 7);
    struct buf safe = {0};

    if (out->raw || (!formula && is_plain(s))) {
        cell_text(line, s);
        return;
    }
    if (formula)
        buf_char(&safe, '\'');
    show(&safe, s);
    cell_text(line, buf_view(&safe));
    buf_release(&safe);
}

static void cell_word(struct buf *line, const char *word) { cell_text(line, str_of(word)); }

static void cell_count(struct buf *line, int64_t n)
{
    char text[24];

    snprintf(text, sizeof text, "%" PRId64, n);
    cell_word(line, text);
}

static void cell_instant(struct buf *line, int64_t at)
{
    char text[TEXT_MAX];

    cell_word(line, text_instant(at, text));
}

static void cell_value(struct buf *line, const struct csv_out *out, enum field field,
                       const struct value *v)
{
    struct buf set = {0};
    char real[32];

    switch (v->kind) {
    case VAL_NONE:
        cell_word(line, "");
        break;
    case VAL_INT:
        if (field_info(field)->type == TYPE_TIME)
            cell_instant(line, v->i);
        else
            cell_count(line, v->i);
        break;
    case VAL_REAL:
        snprintf(real, sizeof real, "%.6g", v->real);
        cell_word(line, real);
        break;
    case VAL_TEXT:
        if (field_info(field)->type == TYPE_SET) {    // one cell, one line: members apart by blanks
            buf_str(&set, v->text);
            for (size_t i = 0; i < set.n; i++)
                if (set.p[i] == '\n')
                    set.p[i] = ' ';
            cell_outside(line, out, buf_view(&set));
        } else {
            cell_outside(line, out, v->text);
        }
        break;
    }
    buf_release(&set);
}

static int line_write(struct csv_out *out, struct buf *line, struct err *err)
{
    if (fwrite(line->p, 1, line->n, out->f) != line->n)
        return err_set(err, ERR_IO, "the table cannot be written: %s", strerror(errno));
    out->rows++;
    return 0;
}

static int header_write(struct csv_out *out, enum table table, struct err *err)
{
    struct column column[COLUMNS_MAX];
    size_t n = table_columns(table, column);
    struct buf line = {0};
    int rc;

    for (size_t i = 0; i < n; i++)
        cell_text(&line, column[i].name);
    buf_puts(&line, LINE_END);
    rc = line_write(out, &line, err);
    out->rows = 0;
    buf_release(&line);
    return rc;
}

static void cells_item(struct buf *line, const struct csv_out *out, const struct label_row *row)
{
    const bool hides = out->alias && !alias_shows(out->alias, row->handle);
    char id[ID_TEXT_MAX], name[ALIAS_MAX];
    struct buf url = {0};

    if (!row->purged)
        tiktok_post_url(&url, row->id, hides ? STR_NONE : row->handle);
    cell_word(line, id_text(row->id, id));
    cell_text(line, buf_view(&url));
    cell_outside(line, out, hides ? alias_of(out->alias, row->handle, name) : row->handle);
    cell_instant(line, row->created_at);
    buf_release(&url);
}

static void cells_label(struct buf *line, const struct csv_out *out, const struct label_row *row)
{
    cell_word(line, state_name(row->state));
    cell_word(line, label_name(row->label));
    cell_word(line, reason_name(row->reason));
    cell_outside(line, out, row->rule);
    cell_word(line, basis_name(row->basis));
    cell_word(line, row->state == STATE_RETRIEVED ? "" : row->confirmed ? "yes" : "no");
}

static void cells_api(struct buf *line, const struct label_row *row)
{
    cell_count(line, row->asked);
    cell_count(line, row->days);
    cell_instant(line, row->first_at);
    cell_instant(line, row->last_at);
}

static void cells_page(struct buf *line, const struct csv_out *out, const struct label_row *row)
{
    cell_word(line, row->page < ANSWER_COUNT ? answer_name(row->page) : "");
    if (row->has_code)
        cell_count(line, row->code);
    else
        cell_word(line, "");
    cell_outside(line, out, row->message);
    cell_instant(line, row->page_at);
    cell_outside(line, out, row->place);
    cell_outside(line, out, row->region);
    cell_text(line, row->evidence);
}

static void cells_appended(struct buf *line, const struct label_row *row)
{
    char text[32] = "";
    enum node bucket;

    if (row->residual >= 0)
        snprintf(text, sizeof text, "%.6g", row->residual);
    cell_word(line, text);
    cell_text(line, row->sound_list);
    cell_instant(line, row->later_refused_at);
    cell_word(line, validation_name(row->validation));
    cell_word(line, row->elsewhere_at ? answer_name(row->elsewhere) : "");
    cell_instant(line, row->elsewhere_at);
    cell_text(line, row->vantage);
    bucket = waterfall_leaf(row);
    cell_word(line, bucket == NODE_COUNT ? "" : node_path(bucket));
    cell_word(line, snapshot_name(row->snapshot));
    if (row->account)
        cell_count(line, row->account);
    else
        cell_word(line, "");
    cell_text(line, row->page_witness);
    cell_text(line, row->page_engine);
    cell_text(line, row->public_at);
    cell_text(line, row->refused_at);
}

int report_labels_csv(struct csv_out *out, const struct label_source *from, struct err *err)
{
    struct label_row row;
    struct buf line = {0};
    int rc = header_write(out, TABLE_LABELS, err), more = 0;

    while (!rc && (more = from->next(from->from, &row, err)) > 0) {
        buf_clear(&line);
        cells_item(&line, out, &row);
        cells_label(&line, out, &row);
        cells_api(&line, &row);
        cells_page(&line, out, &row);
        cells_appended(&line, &row);
        buf_puts(&line, LINE_END);
        rc = line_write(out, &line, err);
    }
    buf_release(&line);
    return rc || more < 0 ? -1 : 0;
}

static void cells_why(struct buf *line, const struct gap *gap)
{
    const struct gap_why *why = &gap->why;
    char needed[32] = "", limit[32] = "";

    if (gap_rule_has_limit(why->rule)) {
        snprintf(needed, sizeof needed, "%.4g", why->needed);
        snprintf(limit, sizeof limit, "%.4g", why->limit);
    }
    cell_word(line, gap_rule_name(why->rule));
    cell_word(line, needed);
    cell_word(line, limit);
    cell_word(line, gap_rule_has_limit(why->rule) && why->witness < FIELD_COUNT
                        ? field_info(why->witness)->name
                        : "");
    cell_word(line, snapshot_name(gap->snapshot));
}

int report_differences_begin(struct csv_out *out, struct err *err)
{
    return header_write(out, TABLE_DIFFERENCES, err);
}

int report_differences_put(void *csv_out, const struct gap *gap, struct err *err)
{
    struct csv_out *out = csv_out;
    struct buf line = {0};
    char id[ID_TEXT_MAX], error[32] = "";
    int rc;

    if (gap->verdict == VERDICT_NONE || (gap->verdict == VERDICT_EQUAL && !out->all))
        return 0;
    if (gap->has_error)
        snprintf(error, sizeof error, "%.6f", gap->relative_error);
    cell_word(&line, id_text(gap->id, id));
    cell_word(&line, field_info(gap->field)->name);
    cell_value(&line, out, gap->field, &gap->api);
    cell_value(&line, out, gap->field, &gap->page);
    cell_word(&line, verdict_name(gap->verdict));
    cell_word(&line, error);
    cell_instant(&line, gap->api_at);
    cell_instant(&line, gap->page_at);
    cells_why(&line, gap);
    buf_puts(&line, LINE_END);
    rc = line_write(out, &line, err);
    buf_release(&line);
    return rc;
}

/* ---- for the platform ---- */

int report_handed_begin(struct csv_out *out, enum table table, struct err *err)
{
    return header_write(out, table, err);
}

int report_handed_item(struct csv_out *out, const struct handed_item *item, struct err *err)
{
    const struct label_row *row = item->label;
    const enum node bucket = waterfall_leaf(row);
    struct buf line = { 0 }, url = { 0 };
    char id[ID_TEXT_MAX];
    int rc;

    tiktok_post_url(&url, row->id, row->handle);
    cell_word(&line, id_text(row->id, id));
    cell_text(&line, buf_view(&url));
    cell_instant(&line, row->created_at);
    cell_word(&line, item->expected);
    cell_word(&line, item->got);
    cell_word(&line, row->page < ANSWER_COUNT ? answer_name(row->page) : "");
    cell_instant(&line, row->page_at);
    cells_api(&line, row);
    cell_word(&line, bucket == NODE_COUNT ? "" : node_path(bucket));
    buf_puts(&line, LINE_END);
    rc = line_write(out, &line, err);
    buf_release(&line);
    buf_release(&url);
    return rc;
}

int report_handed_request(struct csv_out *out, const struct handed_request *handed, struct err *err)
{
    const struct request *r = handed->request;
    struct buf line = { 0 };
    int rc;

    cell_count(&line, r->n);
    cell_instant(&line, r->loaded ? 0 : r->sent_at);
    cell_instant(&line, r->done_at);
    cell_count(&line, r->sends);
    cell_count(&line, r->http);
    cell_outside(&line, out, str_of(r->error_code));
    cell_outside(&line, out, str_of(r->log_id));
    cell_word(&line, r->complete ? "yes" : "no");
    cell_count(&line, r->rows);
    cell_outside(&line, out, handed->body);
    cell_word(&line, handed->archived ? "archive" : "store");
    buf_puts(&line, LINE_END);
    rc = line_write(out, &line, err);
    buf_release(&line);
    return rc;
}

int report_handed_ask(struct csv_out *out, const struct ask_member *m, int64_t request,
                      struct err *err)
{
    struct buf line = { 0 };
    char id[ID_TEXT_MAX];
    int rc;

    cell_word(&line, id_text(m->id, id));
    cell_count(&line, request);
    cell_word(&line, m->came_back ? "yes" : "no");
    buf_puts(&line, LINE_END);
    rc = line_write(out, &line, err);
    buf_release(&line);
    return rc;
}

/* ---- labels judged again ---- */

int report_review_begin(struct csv_out *out, struct err *err)
{
    return header_write(out, TABLE_REVIEW, err);
}

int report_review_row(struct csv_out *out, int coder, const struct review_sheet_row *r,
                      struct err *err)
{
    struct buf line = { 0 };
    char id[ID_TEXT_MAX];
    int rc;

    cell_count(&line, r->row);
    cell_count(&line, coder);
    cell_word(&line, id_text(r->label.id, id));
    cell_word(&line, "");
    cell_word(&line, "");
    cell_outside(&line, out, r->label.handle);
    cells_page(&line, out, &r->label);
    if (r->account > 0) {
        cell_count(&line, r->posts);
        cell_count(&line, r->returned);
    } else {
        cell_word(&line, "");
        cell_word(&line, "");
    }
    buf_puts(&line, LINE_END);
    rc = line_write(out, &line, err);
    buf_release(&line);
    return rc;
}

/* ---- two audits compared ---- */

int report_moved_begin(struct csv_out *out, struct err *err)
{
    return header_write(out, TABLE_MOVED, err);
}

int report_moved_put(struct csv_out *out, const struct compared_example *e, struct err *err)
{
    struct buf line = {0}, url = {0};
    char id[ID_TEXT_MAX];
    int rc;

    if (!e->purged)
        tiktok_post_url(&url, e->id, e->handle);
    cell_word(&line, id_text(e->id, id));
    cell_text(&line, buf_view(&url));
    cell_outside(&line, out, e->handle);
    cell_word(&line, node_path(e->from));
    cell_word(&line, node_path(e->to));
    cell_word(&line, move_is_fixed(e->from, e->to)    ? "fixed"
                     : move_is_broken(e->from, e->to) ? "broken"
                                                      : "");
    buf_puts(&line, LINE_END);
    rc = line_write(out, &line, err);
    buf_release(&url);
    buf_release(&line);
    return rc;
}

static void cell_real(struct buf *line, bool has, double x)
{
    char text[40] = "";

    if (has)
        snprintf(text, sizeof text, "%.9g", x);
    cell_word(line, text);
}

static int put_change(struct csv_out *out, const struct change *n, struct err *err)
{
    struct buf line = {0};
    int rc;

    cell_text(&line, n->name);
    cell_word(&line, criterion_name(n->criterion));
    cell_word(&line, unit_name(n->unit));
    cell_real(&line, n->has_a, n->a);
    cell_real(&line, n->has_b, n->b);
    cell_real(&line, n->has_a && n->has_b, n->change);
    cell_real(&line, n->has_interval, n->low);
    cell_real(&line, n->has_interval, n->high);
    cell_word(&line, bounds_name(n->has_interval ? n->bounds : BOUNDS_NONE));
    cell_word(&line, n->paired ? "yes" : "no");
    buf_puts(&line, LINE_END);
    rc = line_write(out, &line, err);
    buf_release(&line);
    return rc;
}

int report_changes(struct csv_out *out, const struct comparison *c, struct err *err)
{
    int rc = header_write(out, TABLE_CHANGES, err) || put_change(out, &c->missing, err) ? -1 : 0;

    for (const struct change *n = c->first_change; rc == 0 && n; n = n->next)
        rc = put_change(out, n, err);
    return rc;
}

/* ---- creators of a sample ---- */

static void cells_creator(struct buf *line, const struct csv_out *out, const struct look *look,
                          const struct sample_creator *c)
{
    const int64_t count[] = { c->frame, c->drawn, c->available, c->missing, c->open, c->canada };
    char alias[ALIAS_MAX];

    cell_outside(line, out, alias_of(&look->alias, c->handle, alias));
    for (size_t i = 0; i < sizeof count / sizeof *count; i++)
        cell_count(line, count[i]);
    cell_real(line, c->chance >= 0, c->chance);
    cell_count(line, c->gone);
    cell_count(line, c->restricted);
    cell_word(line, creator_fate_name(c->fate));
    cell_word(line, c->why == DRAW_DRAWN ? "" : draw_why_name(c->why));
    cell_word(line, c->newest ? "yes" : "no");
    cell_real(line, c->q >= 0, c->q);
    cell_count(line, c->n);
    buf_puts(line, LINE_END);
}

int report_creators(struct csv_out *out, const struct sample_result *s, const struct look *look,
                    struct err *err)
{
    struct buf line = { 0 };
    int rc = header_write(out, TABLE_CREATORS, err);

    for (size_t i = 0; rc == 0 && i < s->rows; i++) {
        buf_clear(&line);
        cells_creator(&line, out, look, &s->row[i]);
        rc = line_write(out, &line, err);
    }
    buf_release(&line);
    return rc;
}

/* ---- records ---- */

int report_records_begin(struct csv_out *out, struct err *err)
{
    out->rows = 0;
    return out->lines ? 0
                      : header_write(out, out->api_names ? TABLE_RECORDS_API : TABLE_RECORDS, err);
}

/* Ids are strings, absent fields are left out, sets are arrays: what a side did
 * not send is not made up. */
static void put_set(struct json_out *o, const char *key, struct str inner, struct str rest)
{
    struct str text;

    json_open_list(o, key);
    while (set_next(&rest, &text)) {
        if (inner.n) {
            json_open(o, NULL);
            json_put_key(o, inner);
            json_put_text(o, NULL, text);
            json_close(o);
        } else {
            json_put_text(o, NULL, text);
        }
    }
    json_close(o);
}

static void put_value(struct json_out *o, const struct field_info *info, const struct value *v)
{
    char at[UTC_TEXT_MAX];

    if (v->kind == VAL_INT && info->type == TYPE_TIME)
        json_put_word(o, info->name, utc_rfc3339(v->i, at));
    else if (v->kind == VAL_INT && info->type == TYPE_ID)
        json_put_id(o, info->name, (uint64_t)v->i);
    else if (v->kind == VAL_INT)
        json_put_int(o, info->name, v->i);
    else if (v->kind == VAL_REAL)
        json_put_real(o, info->name, v->real, 9);
    else if (info->type == TYPE_SET)
        put_set(o, info->name, STR_NONE, v->text);
    else
        json_put_text(o, info->name, v->text);
}

/* As the API gives it, but for ids: they are strings, since few readers keep 64 bits. */
static void put_api_value(struct json_out *o, enum field f, const struct value *v)
{
    enum field_type type = field_info(f)->type;

    json_put_key(o, field_api_key(f).base);
    if (v->kind == VAL_INT && type == TYPE_ID)
        json_put_id(o, NULL, (uint64_t)v->i);
    else if (v->kind == VAL_INT && type == TYPE_FLAG)
        json_put_bool(o, NULL, v->i != 0);
    else if (v->kind == VAL_INT)
        json_put_int(o, NULL, v->i);
    else if (v->kind == VAL_REAL)
        json_put_real(o, NULL, v->real, 9);
    else if (type == TYPE_SET)
        put_set(o, NULL, field_api_key(f).inner, v->text);
    else if (type == TYPE_JSON && v->text.n)
        json_put_raw(o, NULL, v->text);
    else
        json_put_text(o, NULL, v->text);
}

static void cell_api_value(struct buf *line, const struct csv_out *out, enum field f,
                           const struct value *v)
{
    enum field_type type = field_info(f)->type;
    struct buf set = {0};
    struct json_out o = { .buf = &set, .style = JSON_COMPACT };

    if (v->kind == VAL_INT && type == TYPE_FLAG)
        cell_word(line, v->i ? "true" : "false");
    else if (v->kind == VAL_INT && type == TYPE_TIME)
        cell_count(line, v->i);
    else if (v->kind == VAL_TEXT && type == TYPE_SET) {
        put_set(&o, NULL, field_api_key(f).inner, v->text);
        cell_outside(line, out, buf_view(&set));
    } else
        cell_value(line, out, f, v);
    buf_release(&set);
}

static void record_cells(struct buf *line, const struct csv_out *out, enum side side, int64_t at,
                         const struct record *r)
{
    char id[ID_TEXT_MAX];

    cell_word(line, id_text(r->id, id));
    cell_word(line, side_name(side));
    cell_instant(line, at);
    for (int f = 0; f < FIELD_COUNT; f++) {
        if (!out->api_names)
            cell_value(line, out, (enum field)f, &r->val[f]);
        else if (column_is_of_api((enum field)f))
            cell_api_value(line, out, (enum field)f, &r->val[f]);
    }
    buf_puts(line, LINE_END);
}

static void record_json(struct buf *line, const struct csv_out *out, enum side side, int64_t at,
                        const struct record *r)
{
    char when[UTC_TEXT_MAX];
    struct json_out o = { .buf = line, .style = JSON_COMPACT };

    json_open(&o, NULL);
    json_put_id(&o, "id", r->id);
    json_put_word(&o, "side", side_name(side));
    json_put_word(&o, "at", utc_rfc3339(at, when));
    for (int f = 0; f < FIELD_COUNT; f++) {
        if (r->val[f].kind == VAL_NONE)
            continue;
        if (!out->api_names)
            put_value(&o, field_info((enum field)f), &r->val[f]);
        else if (column_is_of_api((enum field)f))
            put_api_value(&o, (enum field)f, &r->val[f]);
    }
    json_close(&o);
    buf_char(line, '\n');
}

int report_record(struct csv_out *out, enum side side, int64_t at, const struct record *r,
                  struct err *err)
{
    struct buf line = {0};
    int rc;

    if (out->lines)
        record_json(&line, out, side, at, r);
    else
        record_cells(&line, out, side, at, r);
    rc = line_write(out, &line, err);
    buf_release(&line);
    return rc;
}
