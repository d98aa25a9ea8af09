/* archive/place.h: our own files in a folder, and the record at a place of one:
 * what the store's evidence points to.
 * Ownership: a record is borrowed until the next call on the same reader; a
 * reader belongs to one thread. */
#ifndef ARCHIVE_PLACE_H
#define ARCHIVE_PLACE_H
#include <stddef.h>
#include <stdint.h>
#include "archive/warc.h"
#include "base/err.h"
#include "base/str.h"

/* Names of the files in dir that end with .warc.gz, sorted; none where there is
 * no such folder. */
MUST_CHECK int archive_list(const char *dir, char ***names, size_t *len, struct err *);
void archive_list_free(char **names, size_t len);

struct places;
struct places *places_new(const char *dir);
void places_free(struct places *);                           // accepts NULL
/* The record at a place; *text is its whole text and *len its bytes in the file.
 * Errors: ERR_INPUT where it is damaged or no record, ERR_IO where the file is
 * not there. */
MUST_CHECK int place_read(struct places *, struct str file, int64_t offset, struct warc_record *,
                          struct str *text, int64_t *len, struct err *);
#endif
