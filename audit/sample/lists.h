/* audit/sample/lists.h: `load --posts`: lists of creators' posts that others made (yt-dlp -J
 * --flat-playlist, Zeeschuimer, 4CAT, TikTok-Api ...), each kept with who made it and when.
 * Whose:    of the creator on whose page a row stood, where the file says so; then rows of
 *           others (reposts, suggestions) are dropped. Else of the row's own author. A row from
 *           a feed or a search is on no creator's list.
 * Dropped:  posts that friends or their viewer alone may see, and those of others; both are
 *           counted, and stand in the list's `dropped`.
 * Newest:   where the file says that the list goes on (requested_entries of yt-dlp, hasMore of
 *           the platform's reply), or --newest: the list is cut, not all that was posted.
 * Time:     the newest of its rows, else --at; a file without either is refused.
 * Frame:    a creator who was never seen is none of the frame: such rows are counted.
 * Errors:   as of import/posts_file.h; ERR_INPUT for a file that lists no posts. A file is
 *           taken whole or not at all. */
#ifndef AUDIT_SAMPLE_LISTS_H
#define AUDIT_SAMPLE_LISTS_H
#include "audit/audit.h"
#include "record/intake.h"

struct lists_opts {
    int64_t at;
    bool has_at;
    bool newest;
};
/* Where a row went. X(id, name): what is passed over, as the ledger over inputs has it. */
#define LISTED_FATES(X)                                                                    \
    X(POST, "listed_post")                                                                 \
    X(PRIVATE, "private_post")                                                             \
    X(OTHER, "post_of_another")                                                            \
    X(NOT_SEEN, "not_in_frame")      /* its creator was never seen */                      \
    X(ELSEWHERE, "not_on_a_profile") /* it stood on a feed, a search: no creator's list */ \
    X(NO_HANDLE, "no_handle")                                                              \
    X(FAILED, "failed_row") /* says that its link failed */                                \
    X(SHORT_LINK, "short_link")                                                            \
    X(BAD_ID, "bad_id") X(SPOILED, "spoiled_id") X(EMPTY, "no_link")                       \
        X(UNREADABLE, "unreadable_row")
enum listed_fate {
#define X(id, name) LISTED_##id,
    LISTED_FATES(X)
#undef X
        LISTED_FATE_COUNT
};
const char *listed_fate_name(enum listed_fate);
struct lists_result {    // of one file
    const char *file;
    int64_t rows;
    int64_t fate[LISTED_FATE_COUNT];    // of the rows
    int64_t repeats;                    // posts that came twice on a list
    int64_t lists, fresh, cut;          // lists; of these: new, of the newest alone
    struct intake intake;
};
MUST_CHECK int sample_load(struct audit *, const char *path, const struct lists_opts *,
                           struct lists_result *, struct err *);
#endif
