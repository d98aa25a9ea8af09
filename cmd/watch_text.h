/* cmd/watch_text.h: what the commands of a watch list say in the same words, for people and as
 * JSON: the states of today, an event. docs/json/monitor-run.schema.json tells the shapes. */
#ifndef CMD_WATCH_TEXT_H
#define CMD_WATCH_TEXT_H
#include "audit/monitor/due.h"
#include "base/json_out.h"

/* "today 3 of 11 posts were returned, 7 were not, 1 was not measured". */
void watch_today_text(struct buf *out, const struct due_list *);
/* "2026-01-05T08:00:00Z lost 7361448925972155679: the API no longer returns it, ..." */
void watch_event_text(struct buf *out, const struct watch_event *);
/* "today": {...}, "waiting", "next_at". */
void watch_put_today(struct json_out *, const struct due_list *);
/* {"event","at","id","kind","confirmed_at","before_at"}: a list's id is null. */
void watch_put_event(struct json_out *, const char *key, const struct watch_event *);
#endif
