/* store/items.h: items and short links on their way in, items with all that is
 * known of them on their way out, the places from which their pages are read. */
#ifndef STORE_ITEMS_H
#define STORE_ITEMS_H
#include <stdbool.h>
#include <stdint.h>
#include "base/digest.h"
#include "base/err.h"
#include "base/str.h"
#include "record/intake.h"
#include "record/item.h"

struct store;
/* ---- items in ---- */
struct add_count { int64_t items, fresh, duplicates; };
/* A source is one file as it was given: kind ("list", "csv", "donation" ...)
 * and a keyed digest. The same source again gives the same number. */
MUST_CHECK int store_source(struct store *, const char *kind, const struct digest *,
                            int64_t *source, struct err *);
/* A source whose digest is known only when it was read: a number at once, its
 * name in the end. Where a source of that name is there already, the same bytes
 * were read before, and the new number goes. */
MUST_CHECK int store_source_new(struct store *, int64_t *source, struct err *);
MUST_CHECK int store_source_named(struct store *, int64_t source, const char *kind,
                                  const struct digest *, struct err *);
/* Adds one chunk: sorted by id, no id twice within it. Fast path for bulk:
 * chunks of 100,000 and more within store_begin/commit. counts are added to. */
MUST_CHECK int store_add_items(struct store *, int64_t source, const struct new_item *, size_t len,
                               struct add_count *, struct err *);
/* Short links wait until scrape resolves them. url is kept once, and how often each
 * source has it. *fate: where it stands; attempts: page.attempts, then it is given up. */
MUST_CHECK int store_add_link(struct store *, int64_t source, struct str url, int attempts,
                              enum link_fate *fate, struct err *);
/* What a link led to: id (added as an item of the link's sources), or 0 = dead. */
MUST_CHECK int store_link_resolved(struct store *, int64_t link, uint64_t id, struct str handle,
                                   struct err *);
/* It led to a page that is no item. */
MUST_CHECK int store_link_no_item(struct store *, int64_t link, struct err *);
/* Number of item by id, 0 where there is none. */
MUST_CHECK int store_item_find(struct store *, uint64_t id, int64_t *item, struct err *);
/* The items of every source of a kind, as ranges of their numbers that do not
 * overlap within a source; by source, then number. */
MUST_CHECK int store_source_items(struct store *, const char *kind,
                                  int (*each)(void *to, int64_t source, int64_t first, int64_t last,
                                              struct err *),
                                  void *to, struct err *);
MUST_CHECK int store_count_sources(struct store *, const char *kind, int64_t *count, struct err *);

/* ---- items out ---- */
enum item_filter {
    ITEMS_ALL,
    ITEMS_NEVER_ASKED /* in no complete reply */,
    ITEMS_NOT_FOUND /* asked or not, never found */,
    /* by item number: faster where the order is of no account */
    ITEMS_TOUCHED /* sent, read or sampled at least once */,
    ITEMS_FOUND,
    ITEMS_SAMPLED,
};
struct item_cursor;
/* The items that ever came back, by number. */
MUST_CHECK int store_each_found(struct store *, void (*each)(void *to, int64_t item, uint64_t id),
                                void *to, struct err *);
/* Ascending; only ids (of the latter three: item numbers) above after, 0 = from the start. */
MUST_CHECK int store_items(struct store *, enum item_filter, uint64_t after, struct item_cursor **,
                           struct err *);
MUST_CHECK int item_cursor_next(struct item_cursor *, struct item_row *,
                                struct err *);    // 1, 0 end, -1
void item_cursor_close(struct item_cursor *);     // accepts NULL
MUST_CHECK int store_item(struct store *, int64_t item, struct item_row *, bool *found,
                          struct err *);
/* A vantage is a place from which the site is seen: number 1 is the audit's own,
 * the first that read a page, whatever its name then is; "" means that one.
 * Without make one that is new gets the number it would get. */
MUST_CHECK int store_vantage(struct store *, struct str name, bool make, int64_t *n, struct err *);
/* What an item's page last said at a vantage other than the first: ANSWER_COUNT
 * where nothing decisive; tries without an answer since. */
MUST_CHECK int store_vantage_read(struct store *, int64_t vantage, int64_t item, enum answer_kind *,
                                  int64_t *at, int *tries, struct err *);
/* Was its page (or oEmbed; of a short link item is the link) blocked alone on that UTC day? */
MUST_CHECK int store_blocked_alone(struct store *, int64_t item, enum witness, int64_t vantage,
                                   int64_t day, bool *yes, struct err *);
/* Items whose page should be readable: public when last read, or else returned
 * by the API; the latest first, at most max. */
MUST_CHECK int store_readable(struct store *, int64_t *item, size_t max, size_t *len, struct err *);
MUST_CHECK int store_set_sampled(struct store *, const int64_t *item, size_t len, struct err *);
struct store_totals {
    int64_t items, links_open, links_dead, asked, found, not_found, not_asked, page_public,
        page_refused, page_none, requests, sends, rows, max_item;
    int64_t first_answer_at, newest_answer_at;
};
MUST_CHECK int store_totals(struct store *, struct store_totals *, struct err *);
/* Of these, without a walk over the items (found: after the first call of a run). */
MUST_CHECK int store_max_item(struct store *, int64_t *max, struct err *);
MUST_CHECK int store_count_items(struct store *, int64_t *items, struct err *);
MUST_CHECK int store_count_requests(struct store *, int64_t *requests, struct err *);
MUST_CHECK int store_count_found(struct store *, int64_t *found, struct err *);
/* Links still to resolve, in the order of their numbers. */
MUST_CHECK int store_open_links(struct store *, int max_tries,
                                int (*each)(void *to, int64_t link, struct str url, int tries,
                                            int64_t tried_at, struct err *),
                                void *to, struct err *);
#endif
