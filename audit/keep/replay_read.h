/* audit/keep/replay_read.h: one request of a replay: its bytes from the archive, read by
 * the readers of today. Nothing here knows the store, so any thread may do it.
 * Ownership: a job's texts lie in its arena. */
#ifndef AUDIT_KEEP_REPLAY_READ_H
#define AUDIT_KEEP_REPLAY_READ_H
#include "archive/place.h"
#include "audit/audit.h"
#include "base/inflate.h"

struct replay_rows {
    struct record *row;
    size_t n;
    int64_t at, evidence;
};    // of one page of a search
struct replay_job {
    struct replay_row was;
    struct answer answer;    // of a page, oEmbed or a creator's page
    struct str handle;       // of the creator whose page it is
    struct replay_rows *page;
    size_t pages;
    int64_t bytes, exchanges;
    struct arena mem;    // of what was read
    struct err err;      // its kind is ERR_NONE where all went well
};
/* What one thread reads with. */
struct replay_reader {
    struct places *bytes;
    struct inflate *inflate;
    struct buf hold, decoded;
};
struct replay_reader replay_reader_init(const char *archive_dir);
void replay_reader_release(struct replay_reader *);
/* Fills the job from what its `was` says; what fails is in its err. */
void replay_read(struct replay_reader *, struct replay_job *);
#endif
