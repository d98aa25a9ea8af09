/* store/store.h: what an audit keeps: opened and closed, transactions, what has
 * changed. What is kept stands in one header a topic: meta, items, asks, answers
 * (the sink), evidence, records, results, purge, replay, check; and the ledger of
 * requests, which is a file of its own.
 *
 * A new topic: copy evidence.h and evidence.c, with its statements in queries.def
 * and its tables in schema.sql and migrate/. A new fact of an audit: a line in
 * meta.h. An engine: store/db_engine.h.
 *
 * Shape:     items have a number n (dense, from 1, in the order they came) and
 *            an id; everything else refers to n. An audit is one store.
 * Ownership: rows of cursors are borrowed until the next call on that cursor.
 *            While a cursor is open, or within a callback, nothing is written,
 *            save where its comment says otherwise.
 * Errors:    ERR_IO for this machine; ERR_INPUT for a file that is no store of
 *            ours, or of a newer schema.
 * Time:      UTC seconds, 0 = never. */
#ifndef STORE_STORE_H
#define STORE_STORE_H
#include <stdbool.h>
#include <stdint.h>
#include "base/err.h"
#include "store/change.h"

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
 *                gone with store_close; all else is ERR_AGAIN. It never waits.
 * STORE_STILL    for a folder that is evidence: its file is read as it lies, and no
 *                byte of the folder changes, nor does a file come or go. Labels,
 *                differences and meta as of STORE_REFRESH beside another. ERR_AGAIN where
 *                that cannot be: commits lie in a log beside the file, or its schema is
 *                an older one. Then a copy is to be opened. Whoever holds it makes sure that
 *                nobody writes there. */
enum store_mode { STORE_READ, STORE_WRITE, STORE_REFRESH, STORE_STILL };
/* What may lie beside a store's file and belongs to it: endings of its name, after that of
 * the file itself, which is none. */
#define STORE_FILES { "", "-wal", "-journal" }
#define STORE_FILE_COUNT 3
/* path of audit.db. create makes it (fails where it exists) with a fresh audit
 * id and seed; open brings an older schema up to date, under the lock. */
MUST_CHECK int store_create(const char *path, struct err *);
/* The same with META_SERIES from the first instant on; "" is not written. */
MUST_CHECK int store_create_as(const char *path, const char *series, struct err *);
MUST_CHECK int store_open(struct store **, const char *path, enum store_mode, struct err *);
/* True where what is written stays with this process (STORE_REFRESH, and another works on it). */
bool store_is_private(const struct store *);
/* It lies on a server, where other machines come. */
bool store_is_far(const struct store *);
MUST_CHECK int store_close(struct store *, struct err *);
/* A copy of the store at path, which must not be there: what it holds, without
 * free pages; the same store gives the same bytes. */
MUST_CHECK int store_copy(struct store *, const char *path, struct err *);
/* The address that the file holds in place of a store, or the path itself. To be freed. */
char *store_place(const char *path);
/* It is a file in the audit's folder, not a schema of a server. */
bool store_is_file(const struct store *);
/* Of one that is no file: what it holds went over into a folder. Nobody gets its lock any more,
 * so nothing is written there; it can be read. 0: it did not. */
MUST_CHECK int store_move_out(struct store *, int64_t at, struct err *);
MUST_CHECK int store_moved_out_at(struct store *, int64_t *at, struct err *);
/* What was committed stands in the file itself. Where somebody reads it that may have to wait: a
 * log beside it is not empty then. */
MUST_CHECK int store_settle(struct store *, struct err *);
#endif
