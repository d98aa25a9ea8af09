/* record/item.h: an item: as a link named it, as all that is known of it so far
 * adds up, and as one of those that a request asked for.
 * Absent: handle "" where no usable one is known; else lower case. Instants are
 *         UTC seconds, 0 = never. */
#ifndef RECORD_ITEM_H
#define RECORD_ITEM_H
#include <stdbool.h>
#include <stdint.h>
#include "record/answer.h"
#include "record/site_days.h"

#define HANDLE_MAX 24
struct new_item { uint64_t id; char handle[HANDLE_MAX + 1]; };

/* Totals over all its answers. */
struct item_row {
    int64_t n; uint64_t id; struct str handle;
    int64_t page_created;       // creation time on its page, else 0
    int64_t api_created;        // create_time of its API row, else 0
    /* the API, witness query; canary asks count too */
    int asked;                  // times asked in requests that were answered completely
    int days;                   // distinct UTC days of those
    int64_t first_at, last_at;  // first and last of those
    int64_t sent_at;            // last time it was sent in any request
    int64_t found_first_at, found_last_at;
    int absent_before_found;    // complete replies without it before the first found one
    /* the page, last decisive reading (public or refused) */
    enum answer_kind page;    // ANSWER_PUBLIC, ANSWER_REFUSED, ANSWER_NO_ANSWER (tried, nothing
                              // decisive); ANSWER_COUNT = never read
    bool has_code; int64_t code; struct str message;
    int64_t page_at;            // of that reading
    int64_t public_first_at, public_last_at, refused_last_at;
    int tries;                  // no answers in a row that used an attempt
    int64_t tried_at;           // last page try of any outcome
    enum answer_kind oembed;    // last; ANSWER_COUNT = never asked
    int64_t oembed_at; int oembed_tries;
    bool sampled;               // in the seeded sample of retrieved items
    int following_asked;    // complete asks whose window began after its id's (following window)
    struct str region;          // vantage of the deciding page
    int64_t page_request, api_request;  // the request that decided, 0 = none
    enum validation valid;      // the platform's validity check, last answer
    int64_t valid_at;           // of that answer
    unsigned page_marks;        // enum page_mark, of the last public page
    enum answer_kind elsewhere;    // PUBLIC or REFUSED: its page at another vantage, at or after
                                   // page_at; else ANSWER_COUNT
    int64_t elsewhere_at, elsewhere_vantage;
    enum witness page_witness;  // who decides what stands in page: WITNESS_PAGE, or WITNESS_EMBED
    enum answer_kind embed;     // its embed page's last answer, whoever decides; or ANSWER_COUNT
    int64_t embed_at; int embed_tries;
    const struct site_days *site_days;    // of the audit; borrowed from its store, NULL: unknown
    int64_t purged_at;          // content dropped, id a pseudonym; 0 no
};
/* When it was made: as the API says, whose windows go by that; else as its page
 * says; else by its id. */
int64_t item_created(const struct item_row *);
/* When its age begins: the later of its id's time and its page's creation time. */
int64_t item_born(const struct item_row *);
/* What the embed page of a post said at or after its page refused it: PUBLIC, REFUSED, or
 * ANSWER_COUNT where that is not known. PUBLIC: the two witnesses disagree. */
enum answer_kind item_embed_since(const struct item_row *);

/* One id of one request of the query. */
struct ask_row {
    int64_t request, at;        // done_at
    int64_t start_day, end_day; int round; bool complete; size_t members;
    int64_t item; enum ask_role role; bool came_back;
};
#endif
