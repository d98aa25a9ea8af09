/* store/replay.h: answers are made again from the archive. */
#ifndef STORE_REPLAY_H
#define STORE_REPLAY_H
#include <stdbool.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/err.h"
#include "record/answer.h"

struct store;
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
/* Every request that has ended, in the order in which it was answered, as it stood
 * when the replay began: answers may be put between its rows. */
MUST_CHECK int store_replay(struct store *, struct replay_cursor **, struct err *);
MUST_CHECK int replay_cursor_next(struct replay_cursor *, struct arena *, struct replay_row *,
                                  struct err *);     // 1, 0 end, -1
void replay_cursor_close(struct replay_cursor *);    // accepts NULL
#endif
