/* audit/keep/gather.c: the order of steps is what keeps an audit whole: the new place is filled and
 * read again, the old one is closed for writers, and the last step is one rename. */
#include "audit/keep/gather.h"
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "audit/audit.h"
#include "base/bucket.h"
#include "base/file.h"
#include "base/folder.h"
#include "base/log.h"
#include "base/pg_url.h"
#include "base/utc.h"

#define FRESH ".gather"       // the store that comes home, until it takes its place
#define KEPT ".spread"        // the file that an audit had before it was spread
#define STAGE ".gathering"    // a copy's folder, until it is whole

/* ---- which audit ---- */
static int show(const char *address, struct buf *out, struct err *err)
{
    struct pg_url url = { 0 };
    int rc = pg_url_read(&url, str_of(address), "the store", err);

    if (rc == 0)
        pg_url_show(&url, out);
    pg_url_release(&url);
    return rc;
}

/* By whichever user. */
static bool same_address(const char *a, const char *b)
{
    struct buf one = { 0 }, other = { 0 };
    struct err ignored = { 0 };
    bool same = pg_url_is(str_of(b)) && show(a, &one, &ignored) == 0 &&
                show(b, &other, &ignored) == 0 && str_eq(buf_view(&one), buf_view(&other));

    buf_release(&one);
    buf_release(&other);
    return same;
}

static bool is_home_of(const char *dir, const char *address)
{
    char *db = file_join(dir, "audit.db"), *place = store_place(db);
    bool is = file_exists(db) && same_address(address, place);

    free(place);
    free(db);
    return is;
}

/* ---- files ---- */
/* True where one was there. */
static bool drop(const char *path, const char *ending)
{
    char *name = file_beside(path, ending);
    bool was = unlink(name) == 0;

    free(name);
    return was;
}

/* A log that lies beside a file's name would be taken for one of the file that comes there. */
static bool drop_store(const char *path)
{
    static const char *const ending[] = { "", "-wal", "-shm", "-journal", ".new", ".new-journal" };
    bool was = false;

    for (size_t i = 0; i < sizeof ending / sizeof *ending; i++)
        if (drop(path, ending[i]))
            was = true;
    return was;
}

/* ---- home ---- */
/* From a run that was interrupted behind its last step but one nobody has written since. */
static int open_far(const char *place, struct store **s, bool *moved_out, struct err *err)
{
    int64_t at = 0;

    if (store_open(s, place, STORE_READ, err) || store_moved_out_at(*s, &at, err))
        return -1;
    *moved_out = at != 0;
    if (at)
        return 0;
    if (store_close(*s, err)) {
        *s = NULL;
        return -1;
    }
    *s = NULL;
    return store_open(s, place, STORE_WRITE, err);
}

static int come_home(const struct gather_opts *o, struct gathered *out, struct err *err)
{
    char *db = file_join(o->dir, "audit.db"), *fresh = file_beside(db, FRESH);
    struct store *s = NULL;
    bool moved_out = false;
    int rc = open_far(db, &s, &moved_out, err);

    if (rc == 0 && (drop_store(fresh) || moved_out))
        log_info("an earlier gather into %s was interrupted; it is done anew", o->dir);
    rc = rc || store_carry(s, fresh, &out->store, err) ||
                 (!moved_out && store_move_out(s, utc_now(), err))
             ? -1
             : 0;
    if (rc == 0) {
        drop(db, "-wal");
        drop(db, "-shm");
        drop(db, "-journal");
        rc = file_rename(fresh, db, err);
    }
    if (rc == 0)
        drop(db, KEPT);
    if (s && store_close(s, rc ? &(struct err){ 0 } : err))
        rc = -1;
    out->is_home = rc == 0;
    free(fresh);
    free(db);
    return rc;
}

/* settings: the folder whose blindspot.ini names the bucket. */
static int collect_from(struct store *s, const struct gather_opts *o, const char *settings,
                        const char *dir, struct gathered *out, struct err *err)
{
    struct collect_places from = { .folder = o->folder, .folders = o->folders };
    struct settings set;
    int rc;

    settings_init(&set);
    rc = audit_settings(settings, o->sets, &set, err);
    if (rc == 0 && *set.evidence_bucket) {
        const struct bucket_opts b = { set.evidence_bucket, set.net_ca_file, set.net_timeout_s };

        rc = bucket_open(&from.bucket, &b, err);
    }
    rc = rc || collect_evidence(s, dir, &from, out, err) ? -1 : 0;
    bucket_close(from.bucket);
    settings_release(&set);
    return rc;
}

/* Evidence that came in later, or lay elsewhere: any audit's. */
static int collect(const struct gather_opts *o, struct gathered *out, struct err *err)
{
    char *db = file_join(o->dir, "audit.db");
    struct store *s = NULL;
    int rc = store_open(&s, db, STORE_READ, err);

    rc = rc || collect_from(s, o, o->dir, o->dir, out, err) ? -1 : 0;
    if (s && store_close(s, rc ? &(struct err){ 0 } : err))
        rc = -1;
    free(db);
    return rc;
}

/* ---- a copy ---- */
/* Settings, rules and what else its owner put there; what a program can make anew is not. */
static int copy_files(const char *from, const char *to, struct err *err)
{
    DIR *d = opendir(from);
    const struct dirent *e;
    int rc = 0;

    if (!d)
        return err_set(err, ERR_IO, "%s: %s", from, strerror(errno));
    while (rc == 0 && (e = readdir(d))) {
        char *one = file_join(from, e->d_name), *other = file_join(to, e->d_name);
        struct stat st;

        if (e->d_name[0] != '.' && strncmp(e->d_name, "audit.db", 8) != 0 &&
            !str_ends(str_of(e->d_name), STR(".tmp")) && lstat(one, &st) == 0 &&
            S_ISREG(st.st_mode)) {
            unlink(other);
            rc = file_copy(one, other, err);
        }
        free(one);
        free(other);
    }
    closedir(d);
    return rc;
}

static const char *folder_of_audit(const struct gather_opts *o)
{
    for (size_t i = 0; i < o->folders; i++)
        if (is_home_of(o->folder[i], o->address))
            return o->folder[i];
    return NULL;
}

static int fill_stage(const struct gather_opts *o, const char *settings, const char *stage,
                      struct gathered *out, struct err *err)
{
    char *db = file_join(stage, "audit.db");
    struct store *s = NULL;
    int rc;

    drop_store(db);
    rc = copy_files(settings, stage, err) || store_open(&s, o->address, STORE_READ, err) ||
                 store_carry(s, db, &out->store, err) ||
                 collect_from(s, o, settings, stage, out, err)
             ? -1
             : 0;
    if (s && store_close(s, rc ? &(struct err){ 0 } : err))
        rc = -1;
    free(db);
    return rc;
}

static int make_copy(const struct gather_opts *o, struct gathered *out, struct err *err)
{
    const char *settings = folder_of_audit(o);
    struct buf dir = { 0 };
    char *stage;
    int rc;

    if (!settings)
        return err_set(err, ERR_USAGE,
                       "%s is to be a copy, and settings and rules are not in the database: name "
                       "the folder of the audit behind it",
                       o->dir);
    buf_puts(&dir, o->dir);
    while (dir.n > 1 && dir.p[dir.n - 1] == '/')
        dir.n--;
    stage = file_beside(buf_cstr(&dir), STAGE);
    if (file_exists(stage))
        log_info("an earlier gather into %s was interrupted; this one goes on", o->dir);
    rc = file_mkdirs(stage, err) || fill_stage(o, settings, stage, out, err) ||
                 file_rename(stage, buf_cstr(&dir), err)
             ? -1
             : 0;
    free(stage);
    buf_release(&dir);
    return rc;
}

int gather_run(const struct gather_opts *o, struct gathered *out, struct err *err)
{
    char *db = file_join(o->dir, "audit.db");
    const bool there = file_exists(db);
    struct buf shown = { 0 };
    int rc;

    free(db);
    *out = (struct gathered){ 0 };
    if (!o->address)
        return collect(o, out, err);
    rc = show(o->address, &shown, err);
    buf_release(&shown);
    if (rc)
        return -1;
    if (is_home_of(o->dir, o->address))
        return come_home(o, out, err) || collect(o, out, err) ? -1 : 0;
    if (there)
        return err_set(err, ERR_USAGE, "%s: another audit lies there; nothing was changed", o->dir);
    if (file_exists(o->dir) && !folder_is_empty(o->dir))
        return err_set(err, ERR_USAGE, "%s is not an empty folder; nothing was changed", o->dir);
    return make_copy(o, out, err);
}

void gathered_release(struct gathered *g)
{
    buf_release(&g->missing_names);
    buf_release(&g->buckets);
}

/* ---- spread ---- */
/* What is there may be what an earlier run made and did not come to name. */
static int is_the_same(struct store *s, const char *dir, struct store *far, struct carried *c,
                       struct err *err)
{
    struct carried theirs;
    int64_t at = 0;

    if (store_moved_out_at(far, &at, err) || store_carried(far, &theirs, err) ||
        store_carried(s, c, err))
        return -1;
    if (at != 0 || memcmp(&theirs.digest, &c->digest, DIGEST_BYTES) != 0)
        return err_set(err, ERR_USAGE,
                       "the schema that the address names exists already, and holds something "
                       "else than %s; nothing was changed",
                       dir);
    log_info("an earlier spread of %s was interrupted behind its copy; this finishes it", dir);
    return 0;
}

static int send_out(struct store *s, const char *dir, const char *address, struct carried *c,
                    struct err *err)
{
    struct store *far = NULL;
    struct err why = { 0 };
    int rc;

    if (store_open(&far, address, STORE_READ, &why)) {
        if (why.kind == ERR_INPUT)    // none of ours is there
            return store_carry(s, address, c, err);
        *err = why;
        return -1;
    }
    rc = is_the_same(s, dir, far, c, err);
    return store_close(far, rc ? &why : err) ? -1 : rc;
}

/* From the rename on the folder's store is the schema. */
static int point_there(struct store *s, const char *db, const char *address, struct err *err)
{
    char *kept = file_beside(db, KEPT), *log = file_beside(db, "-wal");
    struct buf line = { 0 };
    int rc = store_settle(s, err);

    buf_printf(&line, "%s\n", address);
    if (rc == 0 && file_state_of(log).size > 0)
        rc = err_set(err, ERR_AGAIN,
                     "somebody reads %s: when that is over the same command "
                     "finishes it",
                     db);
    if (rc == 0)
        unlink(kept);
    if (rc == 0 && link(db, kept))
        rc = err_set(err, ERR_IO, "%s: %s", kept, strerror(errno));
    rc = rc || file_write(db, buf_view(&line), err) ? -1 : 0;
    buf_release(&line);
    free(log);
    free(kept);
    return rc;
}

int spread_run(const char *dir, const char *address, struct carried *c, struct err *err)
{
    char *db = file_join(dir, "audit.db");
    struct buf shown = { 0 };
    struct store *s = NULL;
    int rc = show(address, &shown, err);

    *c = (struct carried){ 0 };
    if (rc == 0 && !file_exists(db))
        rc = err_set(err, ERR_USAGE, "%s: there is no audit here", dir);
    rc = rc || store_open(&s, db, STORE_WRITE, err) ? -1 : 0;
    if (rc == 0 && !store_is_file(s))
        rc = err_set(err, ERR_USAGE, "%s: its store is on a PostgreSQL server already", dir);
    rc = rc || send_out(s, dir, address, c, err) || point_there(s, db, address, err) ? -1 : 0;
    if (s && store_close(s, rc ? &(struct err){ 0 } : err))
        rc = -1;
    buf_release(&shown);
    free(db);
    return rc;
}
