/* audit/sample/frame.h: creators into the frame of a sample: who was seen, when, where and by
 * which post. A file is taken whole or not at all.
 *
 * Lives in audit/sample/: a sample of creators, of each some posts, which become items that
 * fetch, scrape and report go on with as in any audit: frame (who was seen), lists (what
 * others listed of them), list (what their own pages list), draw. To take in something else
 * of the frame copy lists.c: rows of a file, judged, then put into the store at once.
 *
 * Forms:    all that import/ reads, with creators wanted (import/sink.h), and archives (HAR,
 *           WARC): addresses of profiles and posts, and the platform's own replies that list
 *           posts, each at its reply's time.
 * Day:      as the row says, else --day, else none. Place: as the row says, else --place.
 * Counts:   of all that a file held, sightings and what was passed over by kind; the ledger
 *           over inputs has them under the same names.
 * Errors:   as of import_file; ERR_IO. */
#ifndef AUDIT_SAMPLE_FRAME_H
#define AUDIT_SAMPLE_FRAME_H
#include "audit/audit.h"
#include "import/import.h"

struct sight_opts {
    const char *column, *key, *place;    // NULL: not given
    int64_t day;
    bool has_day;    // --day
};
struct sighted {    // of one file
    const char *file;
    struct import_count count;
    int64_t fresh;               // sightings that were new
    int64_t repeats;             // that were there, or came twice in the file
    int64_t creators;            // that were new
    int64_t no_day, no_place;    // sightings of which nobody said when, where
    struct intake intake;
};
MUST_CHECK int sample_add(struct audit *, const char *path, const struct sight_opts *,
                          struct sighted *, struct err *);
#endif
