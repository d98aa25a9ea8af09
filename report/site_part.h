/* report/site_part.h: what the files of a watch list's site share. */
#ifndef REPORT_SITE_PART_H
#define REPORT_SITE_PART_H
#include "base/json_out.h"
#include "report/datum.h"
#include "report/meaning.h"
#include "report/site.h"

#define SITE_DATE_MAX 32
/* "14 January 2026". */
char *site_date(int64_t day, char text[SITE_DATE_MAX]);
/* "14 January 2026" or "3 to 14 January 2026". */
#define SITE_SPAN_MAX 72
char *site_span(int64_t first, int64_t last, char text[SITE_SPAN_MAX]);
/* "2026-01-14 12:03 UTC", "-" for 0. */
char *site_instant(int64_t at, char text[SITE_DATE_MAX]);
const char *site_fill_words(enum meaning);    // of meaning_of_day
/* "not returned; page public", "not measured: the platform failed; page not read". */
void site_state(struct buf *out, struct watch_day);
const char *site_why(enum watch_why);      // "the platform failed"
const char *site_event(enum watch_event_kind);
/* The post as pages call it: its id, and its handle or pseudonym where one is known. */
struct str site_handle(const struct site *, const struct watch_post *, char text[ALIAS_MAX]);
/* "item/7361448925972155679.html" */
#define SITE_HREF_MAX 64
char *site_href(uint64_t id, char text[SITE_HREF_MAX]);
/* Its post; NULL where the event is the whole list's. */
const struct watch_post *site_post_of(const struct site *, const struct watch_event *);
/* "list", or the title that it was given. */
struct str site_title(const struct site *);

/* A page of the site; up: "" or "../". */
xmlDoc *site_page(const struct site *, const char *title, const char *up, xmlNode **body);
/* Where a reader can go from here, at its end. */
void site_footer(xmlNode *body, const struct site *, const char *up);
/* A datum of data.json. */
void site_count(xmlNode *, int64_t n, const char *pointer, ...) PRINTF(3, 4);
void site_share(xmlNode *, int64_t n, int64_t of, const char *pointer, ...) PRINTF(4, 5);
xmlNode *site_section(xmlNode *body, const char *id, const char *title);
/* Events as a list, the newest first, at most so many. */
void site_put_events(xmlNode *, const struct site *, const char *up, size_t most, uint64_t of);

/* Posts by days as a drawing; the posts from `from` on, n of them. Their names stand beside it;
 * up: "" or "../". */
struct matrix_of { size_t from, n; int64_t first_day, days; bool names; const char *up; };
void site_matrix(xmlNode *to, const struct site *, const struct matrix_of *);
void site_legend(xmlNode *to);
void site_chart(xmlNode *to, const struct site *);
void site_story(xmlNode *to, const struct site *);
/* Counters of the API behind those of the page; new posts and when they came. */
bool site_has_lag(const struct watch_history *);
void site_lag(xmlNode *to, const struct site *);
void site_lag_json(struct json_out *, const struct watch_history *);
bool site_has_fresh(const struct watch_history *);
void site_fresh(xmlNode *to, const struct site *);
void site_fresh_json(struct json_out *, const struct watch_history *);
#endif
