/* store/inner.h: what the files of the store share; nobody else includes it. */
#ifndef STORE_INNER_H
#define STORE_INNER_H
#include "base/arena.h"
#include "record/counter.h"
#include "record/gap.h"
#include "record/item.h"
#include "record/reading.h"
#include "record/site_days.h"
#include "store/db.h"
#include "store/rows.h"

#define STORE_CHUNK 512    // rows that a cursor holds, so that no statement stands between two
#define STORE_CHUNK_FAR 4096    // of a server, to which each chunk is a way and back
#define STORE_REQUESTS_FAR 512    // requests, with all that their members share

/* Things that are numbered by the store; items are as well. */
enum numbered {
    NUMBER_REQUEST,
    NUMBER_RECORD,
    NUMBER_EVIDENCE,
    NUMBER_FILE,
    NUMBER_SOURCE,
    NUMBER_LINK,
    NUMBER_EVENT,
    NUMBER_RULESET,
    NUMBER_CREATOR,
    NUMBER_LISTING,
    NUMBER_DRAW,
    NUMBER_NOTE,
    NUMBER_ROUND,    // of requests after the first: `fetch` and a watch list count on together
    NUMBER_WORK,
    NUMBER_COUNT
};

struct store_sink;
struct store {
    struct db *db;
    bool is_private;
    bool is_still;                         // STORE_STILL
    bool dirty;                            // this transaction brings answers or items
    int64_t answer_first, answer_newest;   // instants of its answers, 0 none
    int64_t last[NUMBER_COUNT];            // numbers given; -1: none is at hand
    int64_t block[NUMBER_COUNT];           // the last of those that were taken
    struct stmt *coming[NUMBER_COUNT];     // takes the next block; NULL: none does
    int64_t max_item;                      // -1: to be looked up, with max_id
    uint64_t max_id;
    int64_t asked, found;          // items that ever were; kept by the sink, -1: to be counted
    int sighted;                   // a creator was seen on a feed; -1: to be looked up
    int64_t ruleset;               // of the labels that are being written
    struct row_set labels, gaps;   // put, and not yet written
    struct arena item_mem;         // texts of the items that were asked for last
    struct row_set wanted;         // their numbers
    bool batch;                    // the open transaction is the sink's
    int64_t derived, derived_from;    // changes to what is derived; -1, or where the open
                                      // transaction of such began
    struct site_days site_days;       // store_site_days
    struct buf *meta;                 // META_COUNT of them; NULL: not known
    struct near *near;                // of what is read next; NULL: nothing is known of it
    struct known_items *known;        // of what is read now; NULL: the same
    struct heads *heads;              // that were asked for, and are told what is put since
    struct buf place;              // the vantage that was asked for last, its number (0 none),
    int64_t place_n, places;       // and how many there are
    struct store_sink *sink;
    bool lost_noted;               // of requests that were in flight at a kill; all that began
    int64_t unended;               // since ended, but for so many
    char file[96];                 // of evidence, the last that was asked for
    int64_t file_n;                // its number, 0 none
    struct db *before;             // during a replay: what was there before it
};

/* ---- change.c: every writing function joins the open one or makes its own ---- */
MUST_CHECK int store_enter(struct store *, bool *own, struct err *);
/* rc -1 rolls an own one back; gives rc. */
MUST_CHECK int store_leave(struct store *, bool own, int rc, struct err *);
/* As db_commit_later. */
MUST_CHECK int store_commit_later(struct store *, struct err *);
MUST_CHECK int store_leave_later(struct store *, bool own, int rc, struct err *);
/* The open transaction, until it ends, writes what is derived alone. */
void store_derives(struct store *);
/* A statement that store_changes does not count. */
MUST_CHECK int store_run_aside(struct store *, enum query, const struct arg *, size_t n,
                               struct err *);
void store_answered(struct store *, int64_t at);    // an answer of that instant came in
/* The next n numbers of a kind, from *first on. They are given once; of what people see few of and
 * know by its number as many as are wanted, of all else many at a time (the table numbered), for
 * whoever takes some holds its row until the commit. */
MUST_CHECK int store_number(struct store *, enum numbered, int64_t n, int64_t *first, struct err *);
/* Within a transaction: where few of a kind are left, or none is at hand, and each wait is a way
 * to a server, the next ones come along with what is waited for. */
MUST_CHECK int store_numbers_ahead(struct store *, enum numbered, struct err *);
/* The next n numbers of items end at *last, and nobody else adds items until this transaction
 * ends; those behind `used` were not needed. */
MUST_CHECK int store_item_numbers_take(struct store *, int64_t n, int64_t *last, struct err *);
MUST_CHECK int store_item_numbers_leave(struct store *, int64_t used, int64_t last, struct err *);
void store_numbers_forget(struct store *);    // what was taken may have been rolled back
void store_numbers_give_back(struct store *);

/* ---- store.c: a new one, with its tables and nothing else in them ---- */
size_t store_chunk(const struct store *);    // one of the two above
MUST_CHECK int store_begin_new(struct store **, const char *path, struct err *);
/* Frees it; rc 0: it stands under its name from now on. */
MUST_CHECK int store_end_new(struct store *, int rc, struct err *);

/* ---- meta.c ---- */
MUST_CHECK int store_meta_read(struct store *, struct err *);    // once
void store_meta_forget(struct store *);    // what was written may have been rolled back
/* Words that stand for numbers in the tables: how many differ from this program's;
 * set: they are this program's from now on. */
MUST_CHECK int store_words(struct store *, bool set, int *differ, struct err *);
/* ---- vantage.c ---- */
void store_place_forget(struct store *);    // what was written may have been rolled back
/* ---- site_days.c: what the rows of items point to ---- */
MUST_CHECK int store_site_days(struct store *, struct err *);
/* At the first vantage, whatever came of it. */
MUST_CHECK int store_site_asked(struct store *, enum witness, int64_t at, struct err *);
void store_site_days_forget(struct store *);    // what was written may have been rolled back
/* ---- items.c ---- */
#define ITEM_WIDTH 31              // of ITEM_COLUMNS
/* A row of ITEM_COLUMNS; false where a number stands that we never wrote. */
bool store_item_read(struct stmt *, struct item_row *, struct arena *);
/* The items of these numbers, each in its place; n is 0 where there is none. What is known of
 * other vantages is as it was written. */
MUST_CHECK int store_items_raw(struct store *, const int64_t *item, size_t n, struct item_row *,
                               struct arena *, struct err *);
/* From here on as all but the sink see them. */
void store_items_show(struct item_row *, size_t n);
/* What this side says of them: the other's columns are not touched, so neither arm needs to know
 * what the other writes meanwhile. */
MUST_CHECK int store_states_put(struct store *, enum side, const struct item_row *, size_t n,
                                struct err *);
MUST_CHECK int store_item_id(struct store *, int64_t item, uint64_t *id, struct err *);
/* ---- asks.c ---- */
/* A row of a request's columns, from n to log_id. */
void store_request_read(struct stmt *, struct request *);
/* ---- records.c ---- */
/* What one side showed in these answers, each of which has a record and an item. What is
 * compared of their items now may have been asked for before (heads, else NULL), or be kept:
 * since then only this store put records of them. */
struct heads;
/* Of n items, in any order, without those that are kept; NULL: none is left. */
MUST_CHECK int store_heads_later(struct store *, enum side, const int64_t *item, size_t n,
                                 struct heads **, struct err *);
void store_heads_free(struct heads *);    // accepts NULL
/* The store's from here on, until they are forgotten. */
void store_heads_keep(struct heads *);
void store_heads_forget(struct store *);
/* What answers of that witness borrow of them is asked for, and nobody waits for it; they
 * themselves are there. */
MUST_CHECK int store_heads_lend(struct heads *, enum witness by, struct err *);
MUST_CHECK int store_put_records(struct store *, enum side, const struct answer *, size_t n,
                                 struct heads *, struct err *);
/* By its number; copied to the arena. */
MUST_CHECK int store_record_numbered(struct store *, int64_t n, struct arena *, struct record **,
                                     int64_t *at, struct err *);
/* What a page showed at another vantage than the first; one that is older than what is known
 * of it there is not kept. */
MUST_CHECK int store_put_record_there(struct store *, int64_t vantage, const struct answer *,
                                      struct err *);
/* ---- results.c ---- */
#define GAP_WIDTH 14               // of GAP_COLUMNS
/* Texts of its values are those of the statement. */
void store_gap_read(struct stmt *, struct gap *);
/* ---- counters.c ---- */
/* All readings of the pages of some items, one item's behind another's and by time; of[i]
 * says which are those of row i, all 0 before. */
struct readings_of { size_t first, n; unsigned marks; };
struct readings { struct counter_reading *v; size_t n, cap; struct readings_of *of; };
/* rows: c0 is i, in the order of rows, c1 the item. */
MUST_CHECK int store_readings(struct store *, struct row_set *, struct readings *,
                              struct err *);
/* ---- answers.c ---- */
MUST_CHECK int store_flush_sink(struct store_sink *, struct err *);    // and it is there
void store_sink_forget(struct store_sink *);    // what is not written is not to be written
/* ---- watch.c ---- */
/* A row of Q_WATCHED's columns; its texts as of stmt_text. */
void store_watched_read(struct stmt *, struct watched *);
/* ---- evidence.c ---- */
/* The number of a file of evidence, given where it has none; 0 for "". */
MUST_CHECK int store_file_number(struct store *, const char *name, int64_t *n, struct err *);
void store_file_forget(struct store *);    // it may have been rolled back
#endif
