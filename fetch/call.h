/* fetch/call.h: one request of the API under way: its search, its pages, who
 * has come back. A search of up to 100 ids answers on one page as a rule, but
 * a page may hold fewer rows than there are, or none, with has_more true: the
 * cursor counts places of an index, not rows (recorded replies, 2024).
 * Ownership: call_release frees; req.member lives in mem, as the source made it. */
#ifndef FETCH_CALL_H
#define FETCH_CALL_H
#include "fetch/reply.h"
#include "fetch/run.h"
#include "fetch/wire.h"
#include "record/answer.h"
#include "record/sink.h"

struct call {
    struct call *next;
    struct arena mem, page;       // of the request; of the reply that is being read
    struct request req;
    struct buf body;              // what is sent
    int64_t cursor; struct buf search_id;     // "" = a search that starts
    bool *seen;                   // by member: came back in this search
    size_t back;                  // members that came back
    struct wire_try try;
    int restarts, pages, empty_pages;
    bool unread;                  // a row of it had no id that can be read
    int fields_generation;        // of the last send
};
void call_begin(struct call *);               // after the source has filled req
void call_restart(struct call *);             // the search from its start
void call_clear(struct call *);               // ready for the next request
void call_release(struct call *);
enum call_page { PAGE_LAST, PAGE_MORE, PAGE_STUCK };
/* A good reply: hands the rows that were asked for to the sink and counts the
 * others. *page is LAST where the API said so or all are back; STUCK where going
 * on leads nowhere, with *why for error_code. */
MUST_CHECK int call_page(struct call *, const struct reply *, const struct sink *,
                         struct fetch_result *, enum call_page *page, const char **why,
                         struct err *);
#endif
