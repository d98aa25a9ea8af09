/* fetch/search.c: one condition, one window, one page. */
#include "base/json_out.h"
#include "base/utc.h"
#include "fetch/search.h"
#include "platform/tiktok.h"

static void put_condition(struct json_out *o, const struct search *s)
{
    json_open(o, "query");
    json_open_list(o, "and");
    json_open(o, NULL);
    json_put_word(o, "operation", s->members ? "IN" : "EQ");
    json_put_word(o, "field_name", s->members ? "video_id" : "username");
    json_open_list(o, "field_values");
    for (size_t i = 0; i < s->members; i++)
        json_put_id(o, NULL, s->member[i].id);
    if (!s->members)
        json_put_text(o, NULL, s->handle);
    json_close(o);
    json_close(o);
    json_close(o);
    json_close(o);
}

void search_body(struct buf *out, const struct search *s)
{
    struct json_out o = { .buf = out, .style = JSON_COMPACT };
    char day[UTC_TEXT_MAX];

    buf_clear(out);
    json_open(&o, NULL);
    put_condition(&o, s);
    json_put_word(&o, "start_date", utc_compact(s->start_day, day));
    json_put_word(&o, "end_date", utc_compact(s->end_day, day));
    json_put_int(&o, "max_count", PAGE_ROWS_MAX);
    if (s->cursor > 0)
        json_put_int(&o, "cursor", s->cursor);
    if (s->search_id.n > 0)
        json_put_text(&o, "search_id", s->search_id);
    json_close(&o);
}
