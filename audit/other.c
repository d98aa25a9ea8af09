/* audit/other.c: an audit is opened as it lies, or from a copy, never so that it changes. */
#include "audit/other.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/file.h"

static char *last_part(const char *path)
{
    struct str rest = str_of(path), part, last = STR(".");
    struct buf name = {0};
    char *out;

    while (str_cut(&rest, '/', &part))
        if (part.n)
            last = part;
    buf_str(&name, last);
    out = xstrdup(buf_cstr(&name));
    buf_release(&name);
    return out;
}

/* Store, settings, rules and their lists; not what lies in folders. */
static bool is_flat(const char *name)
{
    return strchr(name, '/') == NULL;
}

static int find_dir(struct other *o, const char *path, struct err *err)
{
    struct stat st;

    if (stat(path, &st))
        return err_set(err, file_blame(errno) == ERR_IO ? ERR_IO : ERR_USAGE, "%s: %s", path,
                       strerror(errno));
    o->is_bundle = S_ISREG(st.st_mode);
    if (!o->is_bundle && !S_ISDIR(st.st_mode))
        return err_set(err, ERR_USAGE, "%s: expected the folder of an audit, or a bundle", path);
    if (o->is_bundle && bundle_open(&o->bundle, path, is_flat, err))
        return -1;
    o->dir = xstrdup(o->is_bundle ? o->bundle.dir : path);
    return 0;
}

int other_find(struct other *o, const char *path, struct err *err)
{
    char *db = NULL, *rules = NULL;
    int rc = -1;

    memset(o, 0, sizeof *o);
    o->name = last_part(path);
    if (find_dir(o, path, err))
        goto out;
    db = file_join(o->dir, "audit.db");
    rules = file_join(o->dir, "rules.ini");
    if (!file_exists(db))
        err_set(err, o->is_bundle ? ERR_INPUT : ERR_USAGE,
                "%s: there is no audit in it: expected the folder of one, or a bundle that "
                "`blindspot export --bundle` wrote",
                path);
    else if (rulebook_read(&o->rules, rules, err) == 0)
        rc = 0;
    else if (o->is_bundle)
        err_wrap(err, "%s", path);
out:
    free(rules);
    free(db);
    return rc;
}

/* ---- a copy ---- */

static int changed(const char *path, struct err *err)
{
    return err_set(err, ERR_AGAIN, "%s was written to while it was read: run this again", path);
}

static const char *const endings[STORE_FILE_COUNT] = STORE_FILES;

static void look(const char *db, struct file_state state[STORE_FILE_COUNT])
{
    for (int i = 0; i < STORE_FILE_COUNT; i++) {
        char *name = file_beside(db, endings[i]);

        state[i] = file_state_of(name);
        free(name);
    }
}

static bool is_as_it_was(const char *db, const struct file_state before[STORE_FILE_COUNT])
{
    bool same = true;

    for (int i = 0; i < STORE_FILE_COUNT; i++) {
        char *name = file_beside(db, endings[i]);

        same = same && file_is_still(name, &before[i]);
        free(name);
    }
    return same;
}

static int copy_files(struct other *o, const char *db, const char *to, struct err *err)
{
    struct file_state before[STORE_FILE_COUNT];
    int rc = 0;

    look(db, before);
    for (int i = 0; rc == 0 && i < STORE_FILE_COUNT; i++) {
        char *from = file_beside(db, endings[i]), *copy = file_beside(to, endings[i]);

        if (i == 0 || before[i].size > 0)
            rc = file_copy(from, copy, err);
        free(copy);
        free(from);
    }
    return rc == 0 && !is_as_it_was(db, before) ? changed(o->dir, err) : rc;
}

/* Another process works there: what it committed last, as the engine shows it. */
static int copy_beside(const char *db, const char *to, struct err *err)
{
    struct store *s = NULL;
    struct err later = {0};
    int rc;

    if (store_open(&s, db, STORE_READ, err))
        return -1;
    rc = store_copy(s, to, err);
    return store_close(s, rc ? &later : err) || rc ? -1 : 0;
}

static int copy_db(struct other *o, const char *db, const char *to, struct err *err)
{
    char *name = file_beside(db, "-lock");
    int fd = file_open(name, O_RDONLY), rc;
    bool works = fd >= 0 && flock(fd, LOCK_SH | LOCK_NB) && errno == EWOULDBLOCK;

    rc = works ? copy_beside(db, to, err) : copy_files(o, db, to, err);
    if (fd >= 0)
        close(fd);               // and gives up the lock
    free(name);
    return rc;
}

/* ---- opening ---- */

static int open_copy(struct other *o, struct audit_place *place, const char *db, struct err *err)
{
    char *to;
    int rc;

    if (!(o->copy = bundle_folder(err)))
        return -1;
    to = file_join(o->copy, "audit.db");
    place->db = to;
    rc = copy_db(o, db, to, err) || audit_open_place(&o->audit, place, STORE_WRITE, err) ? -1 : 0;
    place->db = NULL;
    free(to);
    return rc;
}

static int open_folder(struct other *o, struct audit_place *place, struct err *err)
{
    char *db = file_join(o->dir, "audit.db");
    struct err why = {0};
    int rc;

    look(db, o->db);
    rc = audit_open_place(&o->audit, place, STORE_STILL, &why);
    o->is_still = rc == 0;
    if (rc && why.kind == ERR_AGAIN)
        rc = open_copy(o, place, db, err);
    else if (rc)
        *err = why;
    free(db);
    return rc;
}

int other_open(struct other *o, const struct rulebook *rules, const struct opt_list *sets,
               struct err *err)
{
    struct audit_place place = { .dir = o->dir, .rules = rules ? rules : &o->rules, .sets = sets };
    int rc = o->is_bundle ? audit_open_place(&o->audit, &place, STORE_WRITE, err)
                          : open_folder(o, &place, err);

    if (rc)
        return o->is_bundle ? err_wrap(err, "%s", o->name) : -1;
    o->is_open = true;
    o->has_other_rules = rules && !rulebook_same(rules, &o->rules);
    return o->has_other_rules ? store_meta_set(o->audit.store, META_LABELS_OF, STR_NONE, err) : 0;
}

static int check_still(struct other *o, struct err *err)
{
    char *db = file_join(o->dir, "audit.db");
    int rc = is_as_it_was(db, o->db) ? 0 : changed(o->dir, err);

    free(db);
    return rc;
}

int other_close(struct other *o, struct err *err)
{
    int rc = o->is_open ? audit_close(&o->audit, err) : 0;

    if (rc == 0 && o->is_still)
        rc = check_still(o, err);
    bundle_close(&o->bundle);
    if (o->copy)
        bundle_remove(o->copy);
    free(o->copy);
    free(o->dir);
    free(o->name);
    rulebook_release(&o->rules);
    memset(o, 0, sizeof *o);
    return rc;
}
