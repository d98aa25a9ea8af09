/* audit/keep/purge.c: first the store, in one transaction, which also marks whose
 * bytes are to go; then file by file of the archive; then the reports; then the
 * store's free pages. Each step finds by itself what is left to do. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "audit/keep/purge.h"
#include "audit/pseudonym.h"
#include "audit/repair.h"
#include "archive/member.h"
#include "archive/warc.h"
#include "base/array.h"
#include "base/file.h"
#include "base/log.h"
#include "base/utc.h"

#define DAY_S 86400

struct purging {
    struct audit *audit; struct purge_result *result;
    char *dir;
    int64_t *item; size_t n, cap;
    struct archive *to;              // the new files
};

/* ---- which items ---- */

static int add_item(void *to, int64_t item, struct err *err)
{
    struct purging *p = to;

    (void)err;
    ARRAY_ROOM(p->item, p->n, p->cap);
    p->item[p->n++] = item;
    return 0;
}

static int find_gone(struct purging *p, purge_gone_fn *gone, struct err *err)
{
    struct item_cursor *cursor = NULL;
    struct item_row row;
    int got;

    if (store_items(p->audit->store, ITEMS_ALL, 0, &cursor, err))
        return -1;
    while ((got = item_cursor_next(cursor, &row, err)) > 0)
        if (!row.purged_at && gone(p->audit, &row))
            add_item(p, row.n, err);
    item_cursor_close(cursor);
    return got;
}

static int purge_items(struct purging *p, struct err *err)
{
    struct buf key = {0};
    int rc = -1;

    if (pseudonym_key(p->audit, &key, err) == 0)
        rc = store_purge_items(p->audit->store, str_trim(buf_view(&key)), p->item, p->n, err);
    p->result->items = rc ? 0 : (int64_t)p->n;
    if (key.p)
        explicit_bzero(key.p, key.n);
    buf_release(&key);
    return rc;
}

static int purge_store(struct purging *p, const struct purge_opts *o, struct err *err)
{
    if ((o->gone && find_gone(p, o->gone, err)) ||
        (o->has_days &&
         store_purge_find(p->audit->store, utc_now() - o->days * DAY_S, add_item, p, err)))
        return -1;
    if (p->n && purge_items(p, err))
        return -1;
    return o->has_days || o->gone
               ? store_purge_creators(
                     p->audit->store,
                     &(struct purge_creators){ .gone = o->gone != NULL,
                                               .has_before = o->has_days,
                                               .before = utc_now() - o->days * DAY_S },
                     &p->result->creators, err)
               : 0;
}

/* ---- the archive ---- */

struct old_file { char *name, *bucket; int64_t n; };
struct old_files { struct old_file *v; size_t n, cap; };

static int take_file(void *to, const struct evidence_file *f, struct err *err)
{
    struct old_files *files = to;
    struct buf name = {0}, bucket = {0};

    (void)err;
    buf_str(&name, f->name);
    buf_str(&bucket, f->bucket);
    ARRAY_ROOM(files->v, files->n, files->cap);
    files->v[files->n++] = (struct old_file){ xstrdup(buf_cstr(&name)), xstrdup(buf_cstr(&bucket)),
                                              f->n };
    buf_release(&name);
    buf_release(&bucket);
    return 0;
}

/* A file of which `what` is to be known: its records beside the exchanges that
 * the store knows in it. */
struct pass {
    struct purging *p; const struct old_file *file; struct members *m;
    struct evidence_cursor *cursor; struct evidence_row row; bool has_row;
    bool keep;                       // the record belongs to an exchange that stays
    struct moved {
        int64_t evidence, offset, len;
        char file[96];
    } *moved;
    size_t moved_n, moved_cap;
    bool write;                      // else only whether there is anything to do
    bool needed;
};

static int next_row(struct pass *f, struct err *err)
{
    int got = evidence_cursor_next(f->cursor, &f->row, err);

    f->has_row = got == 1;
    return got < 0 ? -1 : 0;
}

static int note_moved(struct pass *f, int64_t evidence, const struct kept_place *place)
{
    struct moved *m;

    ARRAY_ROOM(f->moved, f->moved_n, f->moved_cap);
    m = &f->moved[f->moved_n++];
    *m = (struct moved){ .evidence = evidence, .offset = place->offset, .len = place->len };
    memcpy(m->file, place->file, sizeof m->file);
    return 0;
}

static int copy_member(struct pass *f, int64_t at, int64_t len, int64_t evidence, struct err *err)
{
    struct kept_place place;

    if (archive_put_member(f->p->to, members_raw(f->m, at, len), &place, err))
        return -1;
    return evidence ? note_moved(f, evidence, &place) : 0;
}

/* The first record of an exchange: it stays, or is put as its digest alone. */
static int first_record(struct pass *f, int64_t at, int64_t len, const struct warc_record *r,
                        struct err *err)
{
    bool is_purged = str_eq(r->target_uri, STR(ARCHIVE_PURGED_URI));
    struct kept_place place;
    int64_t when = 0;

    f->keep = !f->row.purged_at || is_purged;
    f->needed = f->needed || !f->keep;
    if (!f->write)
        return 0;
    if (f->keep)
        return copy_member(f, at, len, f->row.n, err);
    if (utc_parse(r->date, &when, err) ||
        archive_put_purged(f->p->to, &f->row.digest, when, &place, err))
        return -1;
    f->p->result->exchanges++;
    return note_moved(f, f->row.n, &place);
}

/* Of what follows, a request and what is told of the reading stay with their reply; what no
 * answer refers to goes. */
static int one_record(struct pass *f, int64_t at, int64_t len, struct str text, struct err *err)
{
    struct warc_record r;
    bool first = f->has_row && f->row.offset == at, beside;

    if (warc_parse(text, &r, err))
        return err_wrap(err, "evidence/%s, byte %" PRId64, f->file->name, at);
    if (first)
        return first_record(f, at, len, &r, err) || next_row(f, err) ? -1 : 0;
    if (f->has_row && f->row.offset < at)
        return err_set(err, ERR_INPUT,
                       "evidence/%s: no record begins at byte %" PRId64 "; `blindspot verify` says "
                       "more",
                       f->file->name, f->row.offset);
    beside = str_eq(r.type, STR("request")) ||
             (str_eq(r.type, STR("metadata")) && r.concurrent_to.n);
    if (str_eq(r.type, STR("warcinfo")))
        return 0;
    if (beside && f->keep)
        return f->write ? copy_member(f, at, len, 0, err) : 0;
    f->keep = false;
    f->needed = f->needed || !beside;
    return 0;
}

static int walk(struct pass *f, struct err *err)
{
    int64_t at = 0, len = 0;
    struct str text;
    int got;

    f->keep = false;
    if (store_evidence(f->p->audit->store, EVIDENCE_OF_FILE, f->file->n, &f->cursor, err) ||
        next_row(f, err))
        return -1;
    f->needed = !f->has_row;         // nothing refers to the file
    while ((got = members_at(f->m, at, &len, &text, err)) == 1) {
        if (one_record(f, at, len, text, err))
            return -1;
        at += len;
    }
    if (got == 0 && f->has_row)
        got = err_set(err, ERR_INPUT, "evidence/%s ends before byte %" PRId64, f->file->name,
                      f->row.offset);
    evidence_cursor_close(f->cursor);
    f->cursor = NULL;
    return got;
}

/* The new places become true in one transaction, when the new file is on the
 * disk; then the old one goes. */
static int replace(struct pass *f, const char *path, struct err *err)
{
    struct store *s = f->p->audit->store;
    struct keeper keeper = archive_keeper(f->p->to);
    int rc = archive_seal(f->p->to, err);

    if (rc || store_begin(s, err))
        return -1;
    rc = store_seal_evidence(s, &keeper, err);
    for (size_t i = 0; rc == 0 && i < f->moved_n; i++)
        rc = store_evidence_moved(s, f->moved[i].evidence, f->moved[i].file, f->moved[i].offset,
                                  f->moved[i].len, err);
    if (rc == 0)
        rc = store_evidence_file_drop(s, f->file->name, err);
    if (rc || store_commit(s, err)) {
        store_rollback(s);
        return -1;
    }
    f->p->result->files++;
    if (*f->file->bucket)
        log_warn("%s lies in %s as it was, with what was purged here: delete it there",
                 f->file->name, f->file->bucket);
    return file_remove(path, err);
}

static int purge_file(struct purging *p, const struct old_file *file, struct err *err)
{
    char *path = file_join(p->dir, file->name);
    struct pass f = { .p = p, .file = file };
    int rc = -1;

    if (!file_exists(path)) {    // an earlier purge ended between the removal of the file and that
                                 // of its name
        rc = store_evidence_file_drop(p->audit->store, file->name, err);
        if (*file->bucket)
            log_warn("%s lies in %s and not here: what is to be purged in it is not; `blindspot "
                     "gather` brings it",
                     file->name, file->bucket);
        goto out;
    }
    if (members_open(&f.m, path, err) || walk(&f, err))
        goto out;
    rc = 0;
    if (!f.needed)
        goto out;
    f.write = true;
    rc = walk(&f, err) || replace(&f, path, err) ? -1 : 0;
out:
    evidence_cursor_close(f.cursor);
    members_close(f.m);
    free(f.moved);
    free(path);
    return rc;
}

static int purge_archive(struct purging *p, struct err *err)
{
    struct old_files files = {0};
    const struct settings *set = &p->audit->set;
    int rc = -1;

    if (repair_archive(p->audit->store, p->dir, err) ||
        archive_open(&p->to, p->dir, buf_cstr(&p->audit->name), KEEP_PAGES, err))
        return -1;
    archive_tune(p->to, set->evidence_worker, set->evidence_file_bytes);
    if (store_evidence_files(p->audit->store, take_file, &files, err) == 0)
        rc = 0;
    for (size_t i = 0; rc == 0 && i < files.n; i++)
        rc = purge_file(p, &files.v[i], err);
    if (archive_close(p->to, rc ? &(struct err){0} : err))
        rc = -1;
    for (size_t i = 0; i < files.n; i++) {
        free(files.v[i].name);
        free(files.v[i].bucket);
    }
    free(files.v);
    return rc;
}

/* ---- the reports ---- */

/* They hold ids and captions: written anew where there are any. */
static int purge_report(struct audit *audit, purge_report_fn *write, struct err *err)
{
    char *dir = file_join(audit->dir, "report");
    int rc = file_exists(dir) ? write(audit, err) : 0;

    free(dir);
    return rc;
}

int purge_audit(struct audit *audit, const struct purge_opts *o, struct purge_result *result,
                struct err *err)
{
    struct purging p = { .audit = audit,
                         .result = result,
                         .dir = file_join(audit->dir, "evidence") };
    int rc;

    memset(result, 0, sizeof *result);
    rc = file_mkdirs(p.dir, err) || purge_store(&p, o, err) || purge_archive(&p, err) ||
                 purge_report(audit, o->report, err) || store_purge_finish(audit->store, err)
             ? -1
             : 0;
    free(p.item);
    free(p.dir);
    return rc;
}
