/* audit/work/files.c: archive, sender and what the audit is told of both. */
#include "audit/work/files.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "archive/member.h"
#include "archive/place.h"
#include "audit/audit.h"
#include "audit/evidence_away.h"
#include "audit/evidence_put.h"
#include "audit/repair.h"
#include "audit/work_line.h"
#include "base/array.h"
#include "base/file.h"
#include "base/log.h"
#include "base/utc.h"

#define FILE_BYTES (INT64_C(64) << 20)    // a file is closed when it is as large, or as old
#define FILE_MS (INT64_C(600) * 1000)
#define TOLD "bucket.txt"
#define TOLD_MAX (256u << 20)

/* ---- what the audit was told of ---- */
static void told_line(struct buf *out, const struct work_files *f, const char *name)
{
    buf_printf(out, "%s %s\n", sender_url(f->sender), name);
}

static int told_read(const struct work_files *f, struct buf *out, struct err *err)
{
    char *path = file_join(f->dir, TOLD);
    const int rc = file_exists(path) ? file_read(path, TOLD_MAX, out, err) : 0;

    free(path);
    return rc;
}

static bool is_told(const struct work_files *f, struct str told, const char *name)
{
    struct buf line = { 0 };
    bool is;

    told_line(&line, f, name);
    is = str_starts(told, buf_view(&line));
    buf_clear(&line);
    buf_char(&line, '\n');
    told_line(&line, f, name);
    is |= str_find(told, buf_view(&line), 0) >= 0;
    buf_release(&line);
    return is;
}

/* One that is lost here is sent and told again, which changes nothing. */
static void note_told(struct work_files *f)
{
    char *path;
    int fd;

    if (!f->told.n || f->away->commits <= f->told_at)
        return;
    path = file_join(f->dir, TOLD);
    fd = file_open(path, O_WRONLY | O_CREAT | O_APPEND);
    if (fd < 0 || write(fd, f->told.p, f->told.n) != (ssize_t)f->told.n || fsync(fd))
        log_warn("%s: %s", path, strerror(errno));
    if (fd >= 0)
        close(fd);
    free(path);
    buf_clear(&f->told);
}

/* Other audits' files wait until somebody reads for them here. */
static void tell_there(struct work_files *f)
{
    size_t left = 0;

    for (size_t i = 0; i < f->there.n; i++) {
        const struct kept_file *file = &f->there.v[i];

        if (!f->audit.n || !str_starts(str_of(file->name), buf_view(&f->audit))) {
            f->there.v[left++] = *file;
            continue;
        }
        work_line_file(&f->away->lines, file, str_of(sender_url(f->sender)));
        told_line(&f->told, f, file->name);
        f->told_at = f->away->commits;
    }
    f->there.n = left;
}

static void take_news(struct work_files *f)
{
    struct sent_news news;

    while (f->sender && sender_next(f->sender, &news)) {
        evidence_put_tell(f->sender, &news);
        if (news.what != SENT_THERE)
            continue;
        ARRAY_ROOM(f->there.v, f->there.n, f->there.cap);
        f->there.v[f->there.n++] = news.file;
    }
    tell_there(f);
}

/* ---- what an earlier run left ---- */
static int mend(const char *path, struct kept_file *file, struct err *err)
{
    struct members *m = NULL;
    struct err why = { 0 };
    int64_t end;
    int rc;

    if (members_open(&m, path, err))
        return -1;
    file->size = members_size(m);
    end = repair_whole_until(m, 0, &why);
    rc = end < file->size && members_find(m, end + 1) == file->size;
    if (rc)
        file->size = end;
    file->digest = members_digest(m, file->size);
    members_close(m);
    return rc && truncate(path, (off_t)end) ? err_set(err, ERR_IO, "%s: %s", path, strerror(errno))
                                            : 0;
}

/* Damage is no reason to end: it is told, and the file stays here. */
static void send_left(struct work_files *f, const char *name)
{
    char *path = file_join(f->dir, name);
    struct kept_file file = { .size = 0 };
    struct err err = { 0 };

    if (strlen(name) >= sizeof file.name || archive_is_written(path))
        goto out;
    memcpy(file.name, name, strlen(name));
    if (mend(path, &file, &err))
        log_warn("%s", err.msg);
    else if (file.size)
        sender_add(f->sender, &file);
out:
    free(path);
}

static int send_all_left(struct work_files *f, struct err *err)
{
    struct buf told = { 0 };
    char **names = NULL;
    size_t n = 0;
    const int rc = archive_list(f->dir, &names, &n, err) || told_read(f, &told, err) ? -1 : 0;

    for (size_t i = 0; rc == 0 && i < n; i++)
        if (evidence_file_worker(str_of(names[i])).n && !is_told(f, buf_view(&told), names[i]))
            send_left(f, names[i]);
    archive_list_free(names, n);
    buf_release(&told);
    return rc;
}

/* ---- the worker's own ---- */
static void closed(void *to, const struct kept_file *file)
{
    struct work_files *f = to;

    if (f->sender)
        sender_add(f->sender, file);
}

int work_files_init(struct work_files *f, struct away *away, const struct settings *machine,
                    const char *dir, struct err *err)
{
    *f = (struct work_files){ .away = away, .dir = file_join(dir, "evidence") };
    away->closed = closed;
    away->to = f;
    return sender_new(&f->sender, machine, f->dir, err) || (f->sender && send_all_left(f, err))
               ? -1
               : 0;
}

int work_files_open(struct work_files *f, const struct settings *set, const char *audit,
                    const char *name, struct err *err)
{
    if (f->archive)
        return 0;
    if (file_mkdirs(f->dir, err))
        return -1;
    if (archive_open(&f->archive, f->dir, audit, audit_keep(set), err))
        return -1;
    buf_printf(&f->audit, "blindspot-%.32s-", audit);
    archive_tune(f->archive, name, FILE_BYTES);
    f->keeper = archive_keeper(f->archive);
    f->away->keeper = &f->keeper;
    f->begun_ms = utc_real_ms();
    return 0;
}

int work_files_mind(struct work_files *f, struct err *err)
{
    take_news(f);
    note_told(f);
    if (!f->archive || utc_real_ms() - f->begun_ms < FILE_MS)
        return 0;
    f->begun_ms = utc_real_ms();
    return archive_seal(f->archive, err);
}

static int commit(struct work_files *f, struct err *err)
{
    struct far_upload u = { .releases = true };

    return away_commit(f->away, &u, err);
}

int work_files_end(struct work_files *f, struct err *err)
{
    size_t left;

    if (f->archive && (archive_seal(f->archive, err) || commit(f, err)))
        return -1;
    if (!f->sender)
        return 0;
    left = sender_finish(f->sender);
    take_news(f);
    evidence_put_left(f->sender, left);
    if (f->told.n && commit(f, err))
        return -1;
    note_told(f);
    return 0;
}

int work_files_release(struct work_files *f, struct err *err)
{
    const int rc = f->archive ? archive_close(f->archive, err) : 0;

    sender_free(f->sender);
    buf_release(&f->audit);
    buf_release(&f->told);
    free(f->there.v);
    free(f->dir);
    return rc;
}
