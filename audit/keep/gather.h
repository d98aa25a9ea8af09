/* audit/keep/gather.h: an audit on PostgreSQL becomes an ordinary folder (gather), and the other
 * way round (spread): the store goes over as it is (store/carry.h), and evidence that lies in the
 * folders of workers is brought together.
 *
 * Whole:   what is killed in its middle leaves what was there before; the same command again does
 *          or finishes it, and says so. Nothing that held an audit is removed before what takes
 *          its place has been read again.
 * Two:     where the store comes home into its own folder the schema stays as it is, to be read,
 *          and nobody writes there any more. Into a folder that is new goes a copy.
 * Errors:  ERR_USAGE where something else is there already, or the settings of the audit are in
 *          no folder that was named; ERR_AGAIN where another works on it; ERR_STOPPED. */
#ifndef AUDIT_KEEP_GATHER_H
#define AUDIT_KEEP_GATHER_H
#include "base/opt.h"
#include "store/carry.h"

struct gather_opts {
    const char *address;    // of the store; NULL: evidence alone, into the audit in dir
    const char *dir;
    char *const *folder;    // of workers, and for a copy that of the audit itself
    size_t folders;
    const struct opt_list *sets;    // --set, over blindspot.ini of the audit
};
struct gathered {
    struct carried store;
    bool is_home;                      // the store came into its own folder
    int64_t brought, here, missing;    // files of evidence: copied now, there before, nowhere
    int64_t from_bucket;               // of those brought
    struct buf missing_names;          // in lines
    struct buf buckets;                // where the store says that some of these lie, in lines
};
/* out: to be released, in every case. */
MUST_CHECK int gather_run(const struct gather_opts *, struct gathered *out, struct err *);
void gathered_release(struct gathered *);
/* The folder keeps its file as audit.db.spread, until it is gathered. */
MUST_CHECK int spread_run(const char *dir, const char *address, struct carried *, struct err *);

/* Of evidence/ in dir: each file that the store knows and that is not there is looked for in
 * evidence/ of the folders, in them, then in the bucket (NULL: none), and copied where it has the
 * size and digest that the store has of it; of one that was never closed, and lies in the bucket,
 * those that it bears there. (audit/keep/collect.c) */
struct bucket;
struct collect_places {
    char *const *folder;
    size_t folders;
    struct bucket *bucket;
};
MUST_CHECK int collect_evidence(struct store *, const char *dir, const struct collect_places *,
                                struct gathered *, struct err *);
/* evidence/NAME of a folder, or NAME in it, to be freed; NULL where neither is there. */
char *collect_found_in(const char *folder, const char *name);
#endif
