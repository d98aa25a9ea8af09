/* store/crawl.h: the videos of a crawl database that tiktok-library wrote (SQLite), in
 * the order of the time at which they were collected.
 * Shape:     a row is the text of an object with the API's keys, crawled_at and
 *            crawled_updated_at as they stand (UTC, by the database's own clock).
 * Absent:    NULL; no list where there are no hashtags or effects. create_time: it was
 *            written in the local time of the machine that crawled, which nothing names.
 * Ownership: the row is borrowed until the next call.
 * Errors:    ERR_INPUT for a file that is no such database, or is damaged; ERR_IO where it
 *            cannot be read. They do not name the file.
 * Source:    github.com/CybersecurityForDemocracy/tiktok-library, models.py, 2024. */
#ifndef STORE_CRAWL_H
#define STORE_CRAWL_H
#include "base/err.h"
#include "base/str.h"

struct crawl;
/* Do the first bytes of a file say that it is an SQLite database? */
bool crawl_is(struct str head);
MUST_CHECK int crawl_open(struct crawl **, const char *path, struct err *);
/* The same of the ids alone, in their order: a row is one as it stands, empty where NULL. */
MUST_CHECK int crawl_open_ids(struct crawl **, const char *path, struct err *);
/* 1 and a row, 0 at the end, -1. */
MUST_CHECK int crawl_next(struct crawl *, struct str *row, struct err *);
void crawl_close(struct crawl *);    // accepts NULL
#endif
