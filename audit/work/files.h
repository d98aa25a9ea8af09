/* audit/work/files.h: the files in which a worker keeps the bytes: closed when they are large or
 * old enough, put into a bucket where this machine names one (evidence.bucket), and told to the
 * audit with the worker's next commit.
 *
 * Left:      what an earlier run in the same folder wrote and did not bring into the bucket goes
 *            there as well; of a file that was cut off when that was killed the last record, which
 *            no answer refers to, is cut away first. An audit is told of its own files alone.
 * Told:      evidence/bucket.txt names what the audit was told of: lines of a URL and a name.
 * Ownership: work_files_release; it accepts a zeroed one. */
#ifndef AUDIT_WORK_FILES_H
#define AUDIT_WORK_FILES_H
#include "archive/archive.h"
#include "audit/sender.h"
#include "audit/work/away.h"

struct work_files {
    struct away *away;
    char *dir;                 // evidence/
    struct archive *archive;
    struct keeper keeper;      // the archive, as the sink asks for it
    int64_t begun_ms;          // when the file that is open was
    struct sender *sender;     // NULL: there is no bucket
    struct buf audit;          // "blindspot-AUDIT-": how names of this audit's files begin
    struct {
        struct kept_file *v;
        size_t n, cap;
    } there;                   // in the bucket, and not told yet
    struct buf told;           // names that go into bucket.txt when this commit is over:
    int64_t told_at;
};
/* machine: what this machine's own settings say. dir: the worker's folder. Errors: ERR_AUTH without
 * keys to the bucket. */
MUST_CHECK int work_files_init(struct work_files *, struct away *, const struct settings *machine,
                               const char *dir, struct err *);
/* Before the first page of a work; set is the work's, name the worker's. */
MUST_CHECK int work_files_open(struct work_files *, const struct settings *set, const char *audit,
                               const char *name, struct err *);
/* Now and then: closes what is old enough, and takes down what got into the bucket. */
MUST_CHECK int work_files_mind(struct work_files *, struct err *);
/* The last file is closed, and the audit told; then the bucket is waited for, as long as it takes
 * files. */
MUST_CHECK int work_files_end(struct work_files *, struct err *);
MUST_CHECK int work_files_release(struct work_files *, struct err *);
#endif
