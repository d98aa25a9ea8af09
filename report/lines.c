/* report/lines.c: records as JSON Lines. Ids are strings, absent fields are left
 * out, sets are arrays: what a side did not send is not made up. */
#include <errno.h>
#include <string.h>
#include "base/json_out.h"
#include "base/utc.h"
#include "report/report.h"

static void put_set(struct json_out *o, const char *key, struct str rest)
{
    struct str text;

    json_open_list(o, key);
    while (set_next(&rest, &text))
        json_put_text(o, NULL, text);
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
        put_set(o, info->name, v->text);
    else
        json_put_text(o, info->name, v->text);
}

int report_record_json(struct csv_out *out, enum side side, int64_t at, const struct record *r,
                       struct err *err)
{
    char when[UTC_TEXT_MAX];
    struct buf text = {0};
    struct json_out o = { .buf = &text, .style = JSON_COMPACT };
    int rc = 0;

    json_open(&o, NULL);
    json_put_id(&o, "id", r->id);
    json_put_word(&o, "side", side_name(side));
    json_put_word(&o, "at", utc_rfc3339(at, when));
    for (int f = 0; f < FIELD_COUNT; f++)
        if (r->val[f].kind != VAL_NONE)
            put_value(&o, field_info((enum field)f), &r->val[f]);
    json_close(&o);
    buf_char(&text, '\n');
    if (fwrite(text.p, 1, text.n, out->f) != text.n)
        rc = err_set(err, ERR_IO, "the records cannot be written: %s", strerror(errno));
    out->rows += rc == 0;
    buf_release(&text);
    return rc;
}
