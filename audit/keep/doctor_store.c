/* audit/keep/doctor_store.c: what blindspot keeps: the store, the archive's files beside what the
 * store knows of them, and the ledger of requests, which lies elsewhere. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "audit/keep/doctor_own.h"
#include "base/file.h"
#include "base/utc.h"
#include "store/schema.h"

#define QUICK_MOST ((int64_t)4 << 30)       // of such a store it would take minutes

/* ---- the store ---- */

void doctor_store(struct patient *p)
{
    char *path = file_join(p->audit.dir, "audit.db"), room[32];
    struct file_state now = file_state_of(path);
    struct err err = { 0 };
    int64_t items = 0;

    if (!file_exists(path)) {
        doctor_left_out(p, "there is no audit here");
        goto out;
    }
    doctor_bytes((uint64_t)now.size, room, sizeof room);
    if (store_open(&p->audit.store, path, STORE_READ, &err) ||
        store_count_items(p->audit.store, &items, &err)) {
        doctor_fail_of(p, &err, "take the copy of a backup, or a bundle's");
        goto out;
    }
    if (store_is_locked(path))
        doctor_warn(p, "wait until it has ended", "another blindspot works on it");
    if (now.size > QUICK_MOST)
        doctor_ok(p, "audit.db, %s, " COUNTED "; too large to be read at once: `blindspot verify` "
                  "does", room, COUNT_OF(items, "item", "items"));
    else if (store_quick_check(p->audit.store, &err))
        doctor_fail_of(p, &err, "take the copy of a backup, or a bundle's");
    else
        doctor_ok(p, "audit.db, %s, " COUNTED ", schema %d, undamaged", room,
                  COUNT_OF(items, "item", "items"), SCHEMA_VERSION);
out:
    free(path);
}

/* ---- the archive ---- */

struct archive_look { const char *dir; int64_t files, missing, cut; uint64_t n; };

static int look_at_file(void *to, const struct evidence_file *f, struct err *err)
{
    struct archive_look *l = to;
    struct buf path = { 0 };
    struct stat st;

    (void)err;
    buf_printf(&path, "%s/%.*s", l->dir, STR_ARG(f->name));
    l->files++;
    if (stat(buf_cstr(&path), &st)) {
        l->missing += f->last_offset >= 0;      // of a file that holds no answer nothing is lost
    } else {
        l->n += (uint64_t)st.st_size;
        l->cut += f->size ? st.st_size != f->size : st.st_size <= f->last_offset;
    }
    buf_release(&path);
    return 0;
}

static void tell_archive(struct patient *p, const struct archive_look *l, int why)
{
    char room[32];

    doctor_bytes(l->n, room, sizeof room);
    if (l->missing)
        doctor_fail(p, ERR_IO, "put them back from a backup; `blindspot verify` lists them",
                    "%" PRId64 " of " COUNTED " of evidence/ %s", l->missing,
                    COUNT_OF(l->files, "file", "files"),
                    plural(l->missing, "is missing", "are missing"));
    else if (l->cut)
        doctor_fail(p, ERR_IO, "put them back from a backup; `blindspot verify` lists them",
                    "%" PRId64 " of " COUNTED " of evidence/ %s not as long as when %s written",
                    l->cut, COUNT_OF(l->files, "file", "files"), plural(l->cut, "is", "are"),
                    plural(l->cut, "it was", "they were"));
    else if (why)
        doctor_fail(p, ERR_IO, "make it writable", "nothing can be written to evidence/: %s",
                    strerror(why));
    else
        doctor_ok(p, COUNTED ", %s, none missing or cut", COUNT_OF(l->files, "file", "files"),
                  room);
}

void doctor_archive(struct patient *p)
{
    char *dir = file_join(p->audit.dir, "evidence");
    struct archive_look look = { .dir = dir };
    struct err err = { 0 };
    int why = 0;

    if (!p->audit.store) {
        doctor_left_out(p, "the store cannot be read");
    } else if (store_evidence_files(p->audit.store, look_at_file, &look, &err)) {
        doctor_fail_of(p, &err, "");
    } else if (audit_keep(&p->audit.set) == KEEP_NONE && look.files == 0) {
        doctor_ok(p, "evidence.keep is none: digests alone are kept");
    } else {
        if (file_exists(dir) && access(dir, W_OK))
            why = errno;
        tell_archive(p, &look, why);
    }
    free(dir);
}

/* ---- the ledger of requests ---- */

/* It is made with the first request: somewhere above it a folder must be writable. */
static int can_be_made(const char *path)
{
    char *dir = xstrdup(path), *slash;
    struct stat st;
    int why = 0;

    while ((slash = strrchr(dir, '/')) != NULL && slash != dir) {
        *slash = 0;
        if (stat(dir, &st) == 0 || errno != ENOENT)
            break;
    }
    if (stat(slash ? dir : ".", &st) || access(slash ? dir : ".", W_OK))
        why = errno;
    else if (!S_ISDIR(st.st_mode))
        why = ENOTDIR;
    free(dir);
    return why;
}

static void tell_quota(struct patient *p, int64_t used, bool spent)
{
    int64_t daily = p->audit.set.api_daily_requests, now = utc_now();
    char at[UTC_TEXT_MAX];

    if (spent || used >= daily)
        doctor_fail(p, ERR_QUOTA, "run it again then",
                    spent ? "the platform says that today's quota is used; the next begins at %s"
                          : "today's quota is used; the next begins at %s",
                    utc_rfc3339(utc_next_midnight(now), at));
    else
        doctor_ok(p, "%" PRId64 " of " COUNTED " used today (UTC)", used,
                  COUNT_OF(daily, "request", "requests"));
}

void doctor_quota(struct patient *p)
{
    char *path = audit_ledger_path(&p->audit.set);
    struct ledger *ledger = NULL;
    struct err err = { 0 };
    int64_t used = 0;
    bool spent = false;
    int why;

    if (ledger_is_shared(path) && p->offline) {
        doctor_left_out(p, "the ledger of requests lies in a database; --offline asks nobody");
    } else if (!ledger_is_made(path)) {
        if ((why = can_be_made(path)) != 0)
            doctor_fail(p, ERR_IO, "make it writable, or set api.quota to another file",
                        "the ledger of requests %s cannot be made: %s", path, strerror(why));
        else
            doctor_ok(p, COUNTED " a UTC day; none was charged on this machine yet",
                      COUNT_OF(p->audit.set.api_daily_requests, "request", "requests"));
    } else if (ledger_open(&ledger, path, &err) || ledger_check(ledger, &err)) {
        doctor_fail_of(p, &err,
                       ledger_is_shared(path)
                           ? "see docs/postgresql.md; nothing is sent without it"
                           : "put it back from a backup; without one move it away, and keep "
                             "to what is left of today's quota");
    } else if (!p->has_key) {
        doctor_left_out(p, "the ledger is there and undamaged; whose requests count only a key "
                        "can tell");
    } else if (ledger_counts(ledger, &p->audit.client, utc_day(utc_now()), &used, &spent, &err)) {
        doctor_fail_of(p, &err, "");
    } else {
        tell_quota(p, used, spent);
    }
    ledger_close(ledger);
    free(path);
}
