/* store/store.h: what the tool asks of a store. sqlite.c is the default one; a
 * second store implements the same functions.
 *
 * Shape:     items have a number n (dense, from 1, in the order they came) and
 *            an id; everything else refers to n. One series (1) is the audit's.
 * Ownership: rows of cursors are borrowed until the next call on that cursor.
 * Errors:    ERR_IO for this machine; ERR_INPUT for a file that is no store of
 *            ours, or of a newer schema.
 * Time:      UTC seconds, 0 = never. */
#ifndef STORE_STORE_H
#define STORE_STORE_H
#include <stdbool.h>
#include <stdint.h>
#include "base/err.h"
#include "record/answer.h"
#include "record/gap.h"
#include "record/item.h"
#include "record/keeper.h"
#include "record/label.h"
#include "record/phase.h"
#include "record/record.h"
#include "record/settings.h"
#include "record/sink.h"
#include "record/verdict.h"

struct store;
/* One process writes at a time, and holds the audit's lock for as long.
 * STORE_READ     no lock: one snapshot, that of the moment of opening, until the
 *                store is closed, whatever others commit. Nothing can be written.
 * STORE_WRITE    the lock, or ERR_AGAIN "another blindspot works on it".
 * STORE_REFRESH  for who reads, and may have to make labels and differences anew
 *                first. Where nobody works on the audit it takes the lock and
 *                they go into the store, for the next one as well. Where somebody
 *                does, or the folder cannot be written, it is a snapshot: labels,
 *                differences and meta can be written all the same, into tables of
 *                this process alone that stand in front of the store's and are
 *                gone with store_close; all else is ERR_AGAIN. It never waits. */
enum store_mode { STORE_READ, STORE_WRITE, STORE_REFRESH };
/* path of audit.db. create makes it (fails where it exists) with a fresh audit
 * id and seed; open brings an older schema up to date, under the lock. */
MUST_CHECK int store_create(const char *path, struct err *);
MUST_CHECK int store_open(struct store **, const char *path, enum store_mode, struct err *);
/* True where what is written stays with this process (STORE_REFRESH, and another works on it). */
bool store_is_private(const struct store *);
MUST_CHECK int store_close(struct store *, struct err *);
/* Explicit transactions around bulk work; each function below otherwise makes
 * its own. */
MUST_CHECK int store_begin(struct store *, struct err *);
MUST_CHECK int store_commit(struct store *, struct err *);
void store_rollback(struct store *);
/* A number that another replaces whenever this process changed what the audit
 * rests on: anything but labels, differences, meta, tallies, events and who is in
 * the sample. */
int64_t store_changes(const struct store *);
/* A copy of the store at path, which must not be there: what it holds, without
 * free pages; the same store gives the same bytes. */
MUST_CHECK int store_copy(struct store *, const char *path, struct err *);

/* ---- names and small facts of the audit ---- */
/* "audit" (random hex id), "seed" (hex), "source_key" (hex, for digests of
 * donors' files), "round1_closed_at" ... Absent keys give an empty buf. */
MUST_CHECK int store_meta_get(struct store *, const char *key, struct buf *out, struct err *);
MUST_CHECK int store_meta_set(struct store *, const char *key, struct str value, struct err *);
/* Adds to the tally (kind, name): drift, skipped links ... */
MUST_CHECK int store_tally(struct store *, const char *kind, struct str name,
                           const struct counted *, struct err *);
struct tally_row { struct str kind, name; int64_t count, first_at, last_at; };
MUST_CHECK int store_tallies(struct store *, const char *kind /* NULL: all */,
                             int (*each)(void *to, const struct tally_row *, struct err *),
                             void *to, struct err *);
/* Something that happened, for `status` and the report ("blocked", "quota", "handle_changed"). */
MUST_CHECK int store_event(struct store *, const char *kind, int64_t item, struct str text,
                           struct err *);
/* The last event of a kind: its time and text; *at is 0 where there is none. */
MUST_CHECK int store_last_event(struct store *, const char *kind, int64_t *at, struct buf *text,
                                struct err *);
/* "file:offset" of evidence that was kept, "" of any other. */
MUST_CHECK int store_evidence_place(struct store *, struct evidence, struct buf *out, struct err *);

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
/* Short links wait until scrape resolves them. url is kept once. */
MUST_CHECK int store_add_link(struct store *, int64_t source, struct str url, bool *fresh,
                              struct err *);
/* What a link led to: id (added as an item of the link's sources), or 0 = dead. */
MUST_CHECK int store_link_resolved(struct store *, int64_t link, uint64_t id, struct str handle,
                                   struct err *);
/* Number of item by id, 0 where there is none. */
MUST_CHECK int store_item_find(struct store *, uint64_t id, int64_t *item, struct err *);
/* The items of every source of a kind, as ranges of their numbers that do not
 * overlap within a source; by source, then number. */
MUST_CHECK int store_source_items(struct store *, const char *kind,
                                  int (*each)(void *to, int64_t source, int64_t first, int64_t last,
                                              struct err *),
                                  void *to, struct err *);
MUST_CHECK int store_count_sources(struct store *, const char *kind, int64_t *count, struct err *);

/* ---- state of items: totals kept in the same transaction as the answers ---- */
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
MUST_CHECK int store_count_requests(struct store *, int64_t *requests, struct err *);
MUST_CHECK int store_count_found(struct store *, int64_t *found, struct err *);
MUST_CHECK int store_count_open_links(struct store *, int64_t *open, struct err *);
struct store_stamp {
    int64_t answers;            // grows with every committed answer or item: newer than X?
    int64_t first_answer_at, newest_answer_at;
};
MUST_CHECK int store_stamp(struct store *, struct store_stamp *, struct err *);
/* Links still to resolve, in the order of their numbers. */
MUST_CHECK int store_open_links(struct store *, int max_tries,
                                int (*each)(void *to, int64_t link, struct str url, int tries,
                                            int64_t tried_at, struct err *),
                                void *to, struct err *);

/* ---- asks: who was asked together, who came back ---- */
struct ask_cursor;
/* Every ask of witness query in requests that have ended, by request then item. */
MUST_CHECK int store_asks(struct store *, struct ask_cursor **, struct err *);
MUST_CHECK int ask_cursor_next(struct ask_cursor *, struct ask_row *, struct err *);
void ask_cursor_close(struct ask_cursor *);

/* ---- the sink of fetch and scrape ---- */
struct ledger;                  // store/ledger.h
struct sink_opts {
    struct ledger *ledger;      // NULL: nothing is charged (load)
    struct digest client;       // digest of the client key
    int64_t daily_requests;
    const struct keeper *keeper;    // of the bytes (borrowed); NULL: digests alone
    struct str vantage;         // whence its pages are read (borrowed)
    int64_t commit_every;       // page answers between commits; API requests commit one by one
};
MUST_CHECK int store_sink(struct store *, const struct sink_opts *, struct sink *, struct err *);
void store_sink_release(struct sink *);

/* ---- evidence: where the bytes of each exchange lie ---- */
struct evidence_file {
    int64_t n; struct str name;
    int64_t size;
    struct digest digest;    // size 0: it was never closed (a run was killed, or writes it now)
    int64_t last_offset;                    // of the exchanges in it, -1 none
};
/* In the order in which they were begun. */
MUST_CHECK int store_evidence_files(struct store *,
                                    int (*each)(void *to, const struct evidence_file *,
                                                struct err *),
                                    void *to, struct err *);
MUST_CHECK int store_evidence_file_set(struct store *, const char *name, int64_t size,
                                       const struct digest *, struct err *);
/* Size and digest of every file that the keeper has closed. */
MUST_CHECK int store_seal_evidence(struct store *, const struct keeper *, struct err *);
struct evidence_row {
    int64_t n; struct str file;             // "": its digest alone was kept
    int64_t offset, len; enum witness witness; struct digest digest; int64_t purged_at, request;
};
struct evidence_cursor;
enum evidence_order {
    EVIDENCE_OF_FILE,                       // those of file `of`, by offset
    EVIDENCE_OF_REQUEST,                    // those of request `of`, as they came in
};
MUST_CHECK int store_evidence(struct store *, enum evidence_order, int64_t of,
                              struct evidence_cursor **, struct err *);
MUST_CHECK int evidence_cursor_next(struct evidence_cursor *, struct evidence_row *,
                                    struct err *);       // 1, 0 end, -1
void evidence_cursor_close(struct evidence_cursor *);    // accepts NULL

/* ---- replay: answers are made again from the archive ---- */
/* How many exchanges cannot be read again: their bytes were purged, or never kept. */
MUST_CHECK int store_replay_check(struct store *, int64_t *purged, int64_t *not_kept, struct err *);
/* Opens a transaction and forgets all that follows from answers of the API, of
 * pages and of oEmbed; store_replay_end keeps what was put since, store_rollback
 * brings the old back. */
MUST_CHECK int store_replay_begin(struct store *, struct err *);
MUST_CHECK int store_replay_end(struct store *, struct err *);
struct replay_place { int64_t evidence; struct str file; int64_t offset; };
struct replay_row {
    struct request request;                 // its members, of the API's, by id; none has come back
    bool has_answer; struct answer answer;  // of a page or oEmbed: what it was
    struct str vantage;                     // and whence it was read
    struct replay_place *place; size_t places;      // its exchanges, as they came in
};
struct replay_cursor;
/* Every request that has ended, in the order in which it was answered. */
MUST_CHECK int store_replay(struct store *, struct replay_cursor **, struct err *);
MUST_CHECK int replay_cursor_next(struct replay_cursor *, struct arena *, struct replay_row *,
                                  struct err *);     // 1, 0 end, -1
void replay_cursor_close(struct replay_cursor *);    // accepts NULL

/* ---- purge: content goes, states, times and labels stay ---- */
/* Pseudonyms of ids lie above all ids of posts: their time is 2036 and later. */
#define PSEUDONYM_FIRST ((uint64_t)0x1f << 58)
uint64_t store_pseudonym(struct str key, uint64_t id);
/* Items that are decided and of which no answer came in since `before`; by number. */
MUST_CHECK int store_purge_find(struct store *, int64_t before,
                                int (*each)(void *to, int64_t item, struct err *), void *to,
                                struct err *);
/* Drops what the store knows of the items, gives them pseudonyms, and marks the
 * exchanges that held them (evidence_row.purged_at); in one transaction. */
MUST_CHECK int store_purge_items(struct store *, struct str key, const int64_t *item, size_t len,
                                 struct err *);
/* An exchange lies somewhere else now; a file that nothing points to any more. */
MUST_CHECK int store_evidence_moved(struct store *, int64_t evidence, const char *file,
                                    int64_t offset, int64_t len, struct err *);
MUST_CHECK int store_evidence_file_drop(struct store *, const char *file, struct err *);
/* No deleted byte is left in the store's files. */
MUST_CHECK int store_purge_finish(struct store *, struct err *);

/* ---- is everything there that should be ---- */
/* integrity_check of the file, every number that points to nothing, items that
 * have no label or more buckets than one: a sentence each, in the same order on
 * the same store. */
MUST_CHECK int store_check(struct store *, int (*each)(void *to, struct str problem, struct err *),
                           void *to, struct err *);
/* Records whose fields are no longer those that were stored. */
MUST_CHECK int store_check_records(struct store *,
                                   int (*each)(void *to, struct str problem, struct err *),
                                   void *to, struct err *);
/* Texts of the events of a kind, in order. */
MUST_CHECK int store_events(struct store *, const char *kind,
                            int (*each)(void *to, struct str text, struct err *), void *to,
                            struct err *);
struct store_sums {
    int64_t requests, sends, answers, purged_items;
};    // sends: those that were charged
MUST_CHECK int store_sums(struct store *, struct store_sums *, struct err *);
/* The ids that a request was about, by number of item. */
MUST_CHECK int store_request_ids(struct store *, int64_t request,
                                 int (*each)(void *to, uint64_t id, struct err *), void *to,
                                 struct err *);

/* ---- accounts that the API was asked about by name ---- */
/* By item, then time: the last row of an item is the newest. */
MUST_CHECK int store_users(struct store *,
                           int (*each)(void *to, const struct user_answer *, struct err *),
                           void *to, struct err *);

/* ---- records ---- */
struct pair_row {               // one item's current records; NULL where a side has none
    int64_t item; uint64_t id;
    const struct record *rec[SIDE_COUNT];
    int64_t at[SIDE_COUNT];     // when the current record's last reading came in
    enum generation page_generation;
    bool stable_equal;          // both hashes are there and equal
};
struct pair_cursor;
/* Items that have a record on a side (both = only those with one on each), by
 * id; both is the pass of diff and fills the fields that are compared alone
 * (field_info.cmp), for every column costs time). With skip_equal, pairs whose
 * hashes and counters agree are passed over without reading their fields;
 * *skipped counts them. */
MUST_CHECK int store_pairs(struct store *, bool both, bool skip_equal, struct pair_cursor **,
                           struct err *);
MUST_CHECK int pair_cursor_next(struct pair_cursor *, struct pair_row *, struct err *);
int64_t pair_cursor_skipped(const struct pair_cursor *);
void pair_cursor_close(struct pair_cursor *);
/* One counter reading after another, by item, side, time. */
struct counter_row {
    int64_t item;
    uint64_t id;
    enum side side;
    int64_t at;
    struct value val[FIELD_COUNT]; /* drifting ones */
};
MUST_CHECK int store_counters(struct store *, int64_t item /* 0: all */,
                              int (*each)(void *to, const struct counter_row *, struct err *),
                              void *to, struct err *);

/* ---- results of diff and classify (derived; can be thrown away) ---- */
MUST_CHECK int store_labels_begin(struct store *, const struct digest *rules, struct str rules_text,
                                  struct err *);    // drops the former, opens a transaction
MUST_CHECK int store_label_put(struct store *, const struct label_row *, struct err *);
MUST_CHECK int store_labels_end(struct store *, struct err *);
struct label_cursor;
MUST_CHECK int store_labels(struct store *, struct label_cursor **, struct err *);       // by id
MUST_CHECK int store_labels_from(struct store *, uint64_t after, struct label_cursor **,
                                 struct err *);    // ids above after
MUST_CHECK int label_cursor_next(struct label_cursor *, struct label_row *,
                                 struct err *);    // evidence is left empty
/* Of the row that came last: "file:offset ..." of both requests; until the next call. */
MUST_CHECK int label_cursor_evidence(struct label_cursor *, struct str *out, struct err *);
void label_cursor_close(struct label_cursor *);
MUST_CHECK int store_gaps_begin(struct store *, struct err *);
MUST_CHECK int store_gap_put(struct store *, const struct gap *, struct err *);
MUST_CHECK int store_gaps_end(struct store *, struct err *);
/* By id, then field. */
MUST_CHECK int store_gaps(struct store *, int (*each)(void *to, const struct gap *, struct err *),
                          void *to, struct err *);

/* ---- everything about one item, in order of time ---- */
MUST_CHECK int store_history(struct store *, int64_t item,
                             int (*each)(void *to, const struct history_row *, struct err *),
                             void *to, struct err *);
/* The make of an item's page as one reading found it: that of the request or, where
 * request is 0, that of the time at. GENERATION_NONE where there is none. */
MUST_CHECK int store_page_generation(struct store *, int64_t item, int64_t request, int64_t at,
                                     enum generation *, struct err *);
/* The current record of a side, copied to the arena; NULL where there is none. */
MUST_CHECK int store_record(struct store *, int64_t item, enum side, struct arena *,
                            struct record **, int64_t *at, struct err *);
/* Requests by UTC day and witness, for the timeline. */
struct day_row {
    int64_t day;
    enum witness witness;
    int64_t requests, sends, failed, asked, found;
};
MUST_CHECK int store_days(struct store *,
                          int (*each)(void *to, const struct day_row *, struct err *), void *to,
                          struct err *);
/* Calls sent by phase, and the UTC days on which; what was loaded is none. */
MUST_CHECK int store_phases(struct store *, struct phase_done done[PHASE_COUNT], struct err *);
#endif
