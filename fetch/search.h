/* fetch/search.h: the body of a search: posts by their ids, or of one account,
 * created within a window.
 * Units: days are UTC days since 1970-01-01, both ends inclusive.
 * Source: developers.tiktok.com, research-api-specs-query-videos. */
#ifndef FETCH_SEARCH_H
#define FETCH_SEARCH_H
#include "record/answer.h"

struct search {
    const struct ask_member *member; size_t members;   // by these ids, or
    struct str handle;                                 // of this account, where there are none
    int64_t start_day, end_day;
    int64_t cursor; struct str search_id;              // of a further page; 0 and "" of the first
};
/* In place of what out held. */
void search_body(struct buf *out, const struct search *);
#endif
