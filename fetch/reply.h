/* fetch/reply.h: the bytes of one reply of the research API -> rows or error.
 * Shape:     {"data":{"videos":[...],"cursor","has_more","search_id"},
 *            "error":{"code","message","log_id"}}; on errors data may be absent,
 *            {} or null, and error may be flat ("error":"invalid_token"). Rows of
 *            posts also stand under the keys of an account's lists (reposted_videos,
 *            user_liked_videos, pinned_videos_list ...).
 * Ownership: everything points into the arena; the body may go away.
 * Source:    developers.tiktok.com, research-api-specs-query-videos; recorded
 *            replies of public clients, 2024. */
#ifndef FETCH_REPLY_H
#define FETCH_REPLY_H
#include <stdbool.h>
#include "fetch/row.h"
#include "record/answer.h"

#define REPLY_MAX (64u << 20)            // decoded bytes of one reply

struct reply {
    bool ok;                             // error code "ok", or data without any error
    struct str code, message, log_id;    // "" where absent
    bool has_list;                       // data has a list of posts, be it empty
    struct record *row; size_t rows;     // rows with an id, in their order
    size_t bad_rows;                     // rows without a usable id, or ambiguous
    size_t doubled_rows;                 // of these: some key stands twice, with different values
    size_t spoiled_rows;                 // of these: the id was rounded
    struct row_drifts other;             // "list": lists in data that hold no posts, by their keys
    bool has_cursor; int64_t cursor;
    bool has_has_more, has_more;
    struct str search_id;
    size_t nul_chars;                    // U+0000 that became U+2400
    struct row_drifts drift;
};
/* Errors: ERR_INPUT where body is not JSON or no reply of this API, or where a
 * key around the rows has two values. */
MUST_CHECK int reply_parse(struct str body, struct arena *, struct reply *, struct err *);
/* The same of a document that is read: root, or its data alone (rows, cursor ...). */
MUST_CHECK int reply_read(const struct json *root, struct arena *, struct reply *, struct err *);
MUST_CHECK int reply_read_data(const struct json *data, struct arena *, struct reply *,
                               struct err *);
/* Is it what stands under "data": does it have a list of posts? */
bool reply_is_data(const struct json *);
/* Is it a page of posts, or one without any? Errors, lists of accounts or comments, and
 * replies of which no row can be used are not. */
bool reply_is_of_posts(const struct reply *);
/* The instant in a log_id (YYYYMMDDhhmmss + hex). false where it has none. */
bool reply_log_time(struct str log_id, int64_t *at);

/* What an error asks of the caller. */
enum api_error {
    API_OK = 0,
    API_RETRY,      // the platform failed: 5xx, timeout
    API_RATE,       // too fast: everything waits
    API_QUOTA,      // the day is used up
    API_TOKEN,      // renew the token
    API_AUTH,       // a person must act: scope, approval
    API_SEARCH,     // the search is not ready or gone: wait, or start it again
    API_FIELD,      // a field of ?fields= is not known (any more)
    API_FAIL,       // anything else: sending it again is of no use
};
enum api_error reply_error(int status, const struct reply *);

/* Does a row belong to this request? Members that came back before are told
 * by the caller. */
enum row_verdict { ROW_TAKEN, ROW_NOT_ASKED, ROW_OUTSIDE_WINDOW };
enum row_verdict reply_row_check(const struct request *, const struct record *, size_t *member);

/* Index of the asked field that the message names as a word, or len. */
size_t reply_named_field(struct str message, const struct str *names, size_t len);
#endif
