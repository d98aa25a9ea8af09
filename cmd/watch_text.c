/* cmd/watch_text.c: today's states and events, said. */
#include "cmd/watch_text.h"
#include <inttypes.h>
#include "audit/monitor/told.h"
#include "base/utc.h"

void watch_today_text(struct buf *out, const struct due_list *l)
{
    char next[UTC_TEXT_MAX];

    buf_printf(out, "today %lld of " COUNTED " %s returned, %lld %s not, %lld %s not measured",
               (long long)l->by_api[WATCH_API_FOUND], COUNT_OF(l->posts, "post", "posts"),
               plural(l->by_api[WATCH_API_FOUND], "was", "were"),
               (long long)l->by_api[WATCH_API_ABSENT],
               plural(l->by_api[WATCH_API_ABSENT], "was", "were"),
               (long long)l->by_api[WATCH_API_NOT_MEASURED],
               plural(l->by_api[WATCH_API_NOT_MEASURED], "was", "were"));
    if (l->no_canary)
        buf_printf(out, " (%lld without any canary to show that the API answered)",
                   (long long)l->no_canary);
    if (l->waiting)
        buf_printf(out, "; " COUNTED " %s for a second ask from %s on",
                   COUNT_OF(l->waiting, "change", "changes"), plural(l->waiting, "waits", "wait"),
                   utc_rfc3339(l->next_at, next));
}

void watch_event_text(struct buf *out, const struct watch_event *e)
{
    char at[UTC_TEXT_MAX], sure[UTC_TEXT_MAX];

    buf_printf(out, "%s %s", utc_rfc3339(e->at, at), watch_event_name(e->kind));
    if (e->id)
        buf_printf(out, " %" PRIu64, e->id);
    buf_printf(out, ": %s", watch_event_is(e->kind));
    if (e->item && e->confirmed_at)
        buf_printf(out, ", confirmed %s", utc_rfc3339(e->confirmed_at, sure));
    else if (e->confirmed_at)
        buf_printf(out, ", until %s", utc_rfc3339(e->confirmed_at, sure));
}

void watch_put_today(struct json_out *j, const struct due_list *l)
{
    json_open(j, "today");
    json_put_int(j, "posts", l->posts);
    json_put_int(j, "canaries", l->canaries);
    for (enum watch_api a = WATCH_API_COUNT - 1; a > WATCH_API_NONE; a--)
        json_put_int(j, watch_api_name(a), l->by_api[a]);
    json_put_int(j, "absent_without_canary", l->no_canary);
    for (enum watch_page p = WATCH_PAGE_COUNT - 1; p > WATCH_PAGE_NOT_MEASURED; p--)
        json_put_int(j, watch_page_name(p), l->by_page[p]);
    json_put_int(j, "page_not_measured", l->by_page[WATCH_PAGE_NOT_MEASURED]);
    json_close(j);
    json_put_int(j, "due_now", l->due);
    json_put_int(j, "waiting", l->waiting);
    json_put_instant(j, "next_at", l->next_at);
}

void watch_put_event(struct json_out *j, const char *key, const struct watch_event *e)
{
    char name[TOLD_NAME_MAX];

    json_open(j, key);
    json_put_text(j, "event", str_of(told_event_name(e, name)));
    json_put_instant(j, "at", e->at);
    if (e->id)
        json_put_id(j, "id", e->id);
    else
        json_put_null(j, "id");
    json_put_word(j, "kind", watch_event_name(e->kind));
    json_put_text(j, "is", str_of(watch_event_is(e->kind)));
    json_put_instant(j, "confirmed_at", e->confirmed_at);
    json_put_instant(j, "before_at", e->before_at);
    json_put_bool(j, "loaded", e->loaded);
    json_close(j);
}
