/* report/lines.c: records as JSON Lines. Ids are strings, absent fields are left
 * out, sets are arrays: what a side did not send is not made up. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include "base/json.h"
#include "base/utc.h"
#include "record/id.h"
#include "report/report.h"

static void put_set(struct buf *o, struct str rest)
{
    struct str text;
    int n = 0;

    buf_char(o, '[');
    while (set_next(&rest, &text)) {
        buf_puts(o, n++ ? "," : "");
        json_quote(o, text);
    }
    buf_char(o, ']');
}

static void put_value(struct buf *o, const struct field_info *info, const struct value *v)
{
    char at[UTC_TEXT_MAX];

    if (v->kind == VAL_INT && info->type == TYPE_TIME)
        buf_printf(o, "\"%s\"", utc_rfc3339(v->i, at));
    else if (v->kind == VAL_INT && info->type == TYPE_ID)
        buf_printf(o, "\"%" PRId64 "\"", v->i);
    else if (v->kind == VAL_INT)
        buf_printf(o, "%" PRId64, v->i);
    else if (v->kind == VAL_REAL)
        buf_printf(o, "%.9g", v->real);
    else if (info->type == TYPE_SET)
        put_set(o, v->text);
    else
        json_quote(o, v->text);
}

int report_record_json(struct csv_out *out, enum side side, int64_t at, const struct record *r,
                       struct err *err)
{
    char id[ID_TEXT_MAX], when[UTC_TEXT_MAX];
    struct buf o = {0};
    int rc = 0;

    buf_printf(&o, "{\"id\":\"%s\",\"side\":\"%s\",\"at\":\"%s\"", id_text(r->id, id),
               side_name(side), utc_rfc3339(at, when));
    for (int f = 0; f < FIELD_COUNT; f++) {
        if (r->val[f].kind == VAL_NONE)
            continue;
        buf_printf(&o, ",\"%s\":", field_info((enum field)f)->name);
        put_value(&o, field_info((enum field)f), &r->val[f]);
    }
    buf_puts(&o, "}\n");
    if (fwrite(o.p, 1, o.n, out->f) != o.n)
        rc = err_set(err, ERR_IO, "the records cannot be written: %s", strerror(errno));
    out->rows += rc == 0;
    buf_release(&o);
    return rc;
}
