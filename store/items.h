/* store/items.h: items and short links on their way in, items with all that is
 * known of them on their way out. */
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
#define STORE_ITEMS_FAR 16384    // items, of half a KB, that a server gives on one way

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
/* The same of many; those that are not 0 before stay as they are. */
MUST_CHECK int store_item_numbers(struct store *, const uint64_t *id, int64_t *item, size_t n,
                                  struct err *);
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
    ITEMS_REFUSED /* never found, and their page says so now */,
};
struct item_cursor;
/* The items that ever came back, by number. */
MUST_CHECK int store_each_found(struct store *, void (*each)(void *to, int64_t item, uint64_t id),
                                void *to, struct err *);
/* Ascending; only ids (from ITEMS_TOUCHED on: item numbers) above after, 0 = from the start. */
MUST_CHECK int store_items(struct store *, enum item_filter, uint64_t after, struct item_cursor **,
                           struct err *);
MUST_CHECK int item_cursor_next(struct item_cursor *, struct item_row *,
                                struct err *);    // 1, 0 end, -1
void item_cursor_close(struct item_cursor *);     // accepts NULL
/* Before the first row: it is read to its end, so a server is asked for the next chunk of rows when
 * one has come. */
void item_cursor_goes_on(struct item_cursor *);
/* The row that was given last and those behind it that are at hand, *n in all; borrowed. */
const struct item_row *item_cursor_ahead(const struct item_cursor *, size_t *n);
MUST_CHECK int store_item(struct store *, int64_t item, struct item_row *, bool *found,
                          struct err *);
/* Rows of items that a loop wants one after another, many of them read at a time: what is written
 * of an item since may not show in its row. item: of place i of n, 0 where none is wanted. Of
 * a further vantage (else <= 1) what was read there comes along. Of pages that are read now:
 * nearly: what was nearly an answer before is wanted of them (sink.alike, record/sink.h); kept:
 * what is written with their answers at the first vantage comes along from a server
 * (store/known.h), and the rows are as these left them; records: of this witness, whose answers
 * may have records, WITNESS_QUERY: none has. */
struct items_wanted {
    int64_t (*item)(const void *of, size_t i);
    const void *of;
    size_t n;
    int64_t vantage;
    bool nearly, kept;
    enum witness records;
};
struct items_ahead;
struct items_ahead *items_ahead_open(struct store *, const struct items_wanted *);
/* Of place i, where i is not less than before; texts are borrowed until the next call. */
MUST_CHECK int items_ahead_row(struct items_ahead *, size_t i, struct item_row *, bool *found,
                               struct err *);
/* Of that row, as struct vantage_seen (store/vantage.h). */
void items_ahead_there(const struct items_ahead *, enum answer_kind *, int64_t *at, int *tries);
/* Some of the list stay, to be gone through again: place i becomes place `to`, not behind it,
 * in the order of the list; then n are left. Rows are as read, where all were read at once. */
void items_ahead_move(struct items_ahead *, size_t i, size_t to);
void items_ahead_cut(struct items_ahead *, size_t n);
void items_ahead_close(struct items_ahead *);    // accepts NULL
/* Items whose page, embed page or oEmbed was blocked alone on that UTC day, as read from that
 * vantage, and was not read there since. */
MUST_CHECK int store_blocked_alone(struct store *, int64_t vantage, int64_t day,
                                   void (*each)(void *to, int64_t item, enum witness), void *to,
                                   struct err *);
/* Items that this witness should show, at most max, the latest first: it did when it was last
 * read; after those another did, or else the API returned them. */
MUST_CHECK int store_readable(struct store *, enum witness, int64_t *item, size_t max, size_t *len,
                              struct err *);
/* Items that are public or refused by their embed page alone. Walks over all of them. */
MUST_CHECK int store_by_embed(struct store *, int64_t *n, struct err *);
MUST_CHECK int store_set_sampled(struct store *, const int64_t *item, size_t len, struct err *);
/* Every one that came back. */
MUST_CHECK int store_set_sampled_all(struct store *, struct err *);
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
