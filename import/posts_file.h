/* import/posts_file.h: a whole file of posts that other tools list, row by row: JSON and
 * JSON Lines of a known shape (import/posts.h), and the tables of 4CAT, pyktok and Apify.
 * Shape:     each post with the text of its row, which for a table is an object of its
 *            cells by their columns' names.
 * Memory:    one row, at most POST_ROW_MAX; it does not grow with the file.
 * Errors:    ERR_INPUT with the line where the file breaks off; ERR_IO; the sink's own. */
#ifndef IMPORT_POSTS_FILE_H
#define IMPORT_POSTS_FILE_H
#include "base/digest.h"
#include "import/posts.h"

#define POST_ROW_MAX ((size_t)16 << 20)
struct posts_sink {
    int (*post)(void *to, const struct post_found *, struct str row, struct err *);
    void *to;
    bool without_rows;    // the ids are enough: row is STR_NONE
};
struct posts_count {
    int64_t empty;         // rows in which no post was
    int64_t unreadable;    // lines that are no JSON, rows above POST_ROW_MAX
};
/* Does the file (path "-" is none: it cannot be looked at twice), or the text, hold such rows? */
MUST_CHECK int posts_file_is(const char *path, bool *is, struct err *);
bool posts_text_is(struct str text);
/* now bounds the times; *digest is of the file's bytes. */
MUST_CHECK int posts_file_each(const char *path, int64_t now, const struct posts_sink *,
                               struct posts_count *, struct digest *, struct err *);
MUST_CHECK int posts_text_each(struct str text, const char *name, int64_t now,
                               const struct posts_sink *, struct posts_count *, struct err *);

/* ---- posts_csv.c: the tables ---- */
/* The shape of a table whose first line the text begins with, and what parts its cells. */
enum post_shape posts_csv_shape(struct str text, char *delim);
struct posts_csv;
struct posts_csv *posts_csv_new(const struct posts_sink *, struct posts_count *, int64_t now,
                                char delim);
void posts_csv_free(struct posts_csv *);
MUST_CHECK int posts_csv_feed(struct posts_csv *, struct str piece, struct err *);
MUST_CHECK int posts_csv_end(struct posts_csv *, struct err *);
#endif
