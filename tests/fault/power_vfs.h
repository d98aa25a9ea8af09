/* tests/fault/power_vfs.h: a SQLite VFS under which the power can fail.
 *
 * Everything goes to the real file at once, so the running program sees what
 * it wrote; beside it stands what a disk would surely still hold: the file as
 * it was when it was last synced, and the writes since. When the power fails,
 * every further call that would change a file fails, and power_lose() puts the
 * files into a state that a disk could be in afterwards: of the writes since
 * the last sync a drawn part is there, in any order across pages of 512
 * bytes, and one of them is torn. Files without a sync keep their names: a
 * journal or WAL that is empty or missing reads the same.
 * fsync() and fdatasync() are replaced as well, for files that are written
 * without SQLite (the archive). */
#ifndef TESTS_POWER_VFS_H
#define TESTS_POWER_VFS_H
#include <fcntl.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "base/err.h"
#include "base/file.h"
#include "base/str.h"

#define POWER_FILES 64
#define POWER_SECTOR 512

struct power_write {
    int64_t at;
    size_t n;
    bool cut;
    unsigned char *p;
};    // cut: a truncation to `at`
struct power_file {
    char *name;
    struct buf sure;               // its bytes when it was last synced
    struct power_write *pending;
    size_t len, cap;
    bool plain;                    // not SQLite's: appended to, synced by fsync()
    bool named;                    // a plain file whose folder was synced since
};
static struct {
    sqlite3_vfs vfs, *real;
    struct power_file file[POWER_FILES];
    size_t files;
    long calls, fails_at;          // calls that change something; 0: the power stays
    bool off;
    uint64_t dice;
} power;
struct power_open { sqlite3_file base; struct power_file *f; sqlite3_file *real; };

static uint64_t power_draw(uint64_t below)
{
    power.dice = power.dice * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return below ? (power.dice >> 33) % below : 0;
}

/* True once the power is off. */
static bool power_call(void)
{
    if (power.fails_at && ++power.calls >= power.fails_at)
        power.off = true;
    else if (!power.fails_at)
        power.calls++;
    return power.off;
}

/* ---- what the disk holds ---- */

static struct power_file *power_find(const char *name, bool make)
{
    for (size_t i = 0; i < power.files; i++)
        if (!strcmp(power.file[i].name, name))
            return &power.file[i];
    if (!make)
        return NULL;
    if (power.files == POWER_FILES)
        die("more files than the test knows");
    power.file[power.files] = (struct power_file){ .name = xstrdup(name) };
    return &power.file[power.files++];
}

static void power_forget(struct power_file *f)
{
    for (size_t i = 0; i < f->len; i++)
        free(f->pending[i].p);
    f->len = 0;
}

static void power_sure(struct power_file *f)
{
    struct err err = {0};

    power_forget(f);
    if (file_read(f->name, (size_t)1 << 30, &f->sure, &err))
        buf_clear(&f->sure);
}

static void power_note(struct power_file *f, const void *p, size_t n, int64_t at, bool cut)
{
    struct power_write *w;

    if (f->len == f->cap) {
        f->cap = f->cap ? 2 * f->cap : 64;
        f->pending = xrealloc(f->pending, f->cap * sizeof *f->pending);
    }
    w = &f->pending[f->len++];
    *w = (struct power_write){ .at = at, .n = n, .cut = cut, .p = n ? xmalloc(n) : NULL };
    if (n)
        memcpy(w->p, p, n);
}

/* ---- the methods of a file ---- */

static sqlite3_file *power_real(sqlite3_file *f) { return ((struct power_open *)(void *)f)->real; }
static struct power_file *power_of(sqlite3_file *f) { return ((struct power_open *)(void *)f)->f; }

static int power_close(sqlite3_file *f)
{
    sqlite3_file *real = power_real(f);
    int rc = real->pMethods ? real->pMethods->xClose(real) : SQLITE_OK;

    sqlite3_free(real);
    return rc;
}
static int power_read(sqlite3_file *f, void *p, int n, sqlite3_int64 at)
{
    return power_real(f)->pMethods->xRead(power_real(f), p, n, at);
}
static int power_write(sqlite3_file *f, const void *p, int n, sqlite3_int64 at)
{
    if (power_call())
        return SQLITE_IOERR_WRITE;
    if (power_of(f))
        power_note(power_of(f), p, (size_t)n, at, false);
    return power_real(f)->pMethods->xWrite(power_real(f), p, n, at);
}
static int power_truncate(sqlite3_file *f, sqlite3_int64 to)
{
    if (power_call())
        return SQLITE_IOERR_TRUNCATE;
    if (power_of(f))
        power_note(power_of(f), NULL, 0, to, true);
    return power_real(f)->pMethods->xTruncate(power_real(f), to);
}
static int power_sync(sqlite3_file *f, int flags)
{
    (void)flags;
    if (power_call())
        return SQLITE_IOERR_FSYNC;
    if (power_of(f))
        power_sure(power_of(f));
    return SQLITE_OK;              // this machine's disk need not follow
}
static int power_size(sqlite3_file *f, sqlite3_int64 *n)
{
    return power_real(f)->pMethods->xFileSize(power_real(f), n);
}
static int power_lock(sqlite3_file *f, int how)
{
    return power_real(f)->pMethods->xLock(power_real(f), how);
}
static int power_unlock(sqlite3_file *f, int how)
{
    return power_real(f)->pMethods->xUnlock(power_real(f), how);
}
static int power_reserved(sqlite3_file *f, int *out)
{
    return power_real(f)->pMethods->xCheckReservedLock(power_real(f), out);
}
static int power_control(sqlite3_file *f, int op, void *arg)
{
    return op == SQLITE_FCNTL_SIZE_HINT || op == SQLITE_FCNTL_CHUNK_SIZE ||
                   op == SQLITE_FCNTL_MMAP_SIZE
               ? SQLITE_NOTFOUND
               : power_real(f)->pMethods->xFileControl(power_real(f), op, arg);
}
static int power_sector(sqlite3_file *f) { (void)f; return POWER_SECTOR; }
/* No promise at all: neither atomic nor in order, nor safe to append to. */
static int power_traits(sqlite3_file *f) { (void)f; return 0; }
static int power_shm_map(sqlite3_file *f, int region, int size, int extend, void volatile **out)
{
    return power_real(f)->pMethods->xShmMap(power_real(f), region, size, extend, out);
}
static int power_shm_lock(sqlite3_file *f, int at, int n, int flags)
{
    return power_real(f)->pMethods->xShmLock(power_real(f), at, n, flags);
}
static void power_shm_barrier(sqlite3_file *f)
{
    power_real(f)->pMethods->xShmBarrier(power_real(f));
}
static int power_shm_unmap(sqlite3_file *f, int del)
{
    return power_real(f)->pMethods->xShmUnmap(power_real(f), power.off ? 0 : del);
}

static const sqlite3_io_methods power_methods = {
    .iVersion = 2,
    .xClose = power_close,
    .xRead = power_read,
    .xWrite = power_write,
    .xTruncate = power_truncate,
    .xSync = power_sync,
    .xFileSize = power_size,
    .xLock = power_lock,
    .xUnlock = power_unlock,
    .xCheckReservedLock = power_reserved,
    .xFileControl = power_control,
    .xSectorSize = power_sector,
    .xDeviceCharacteristics = power_traits,
    .xShmMap = power_shm_map,
    .xShmLock = power_shm_lock,
    .xShmBarrier = power_shm_barrier,
    .xShmUnmap = power_shm_unmap,
};

/* ---- the VFS ---- */

static int power_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *f, int flags, int *out)
{
    struct power_open *o = (struct power_open *)(void *)f;
    int rc;

    (void)vfs;
    memset(o, 0, sizeof *o);
    o->real = sqlite3_malloc(power.real->szOsFile);
    if (!o->real)
        return SQLITE_NOMEM;
    memset(o->real, 0, (size_t)power.real->szOsFile);
    rc = power.real->xOpen(power.real, name, o->real, flags, out);
    if (rc != SQLITE_OK) {
        sqlite3_free(o->real);
        return rc;
    }
    if (name && !power_find(name, false)) {
        o->f = power_find(name, true);
        power_sure(o->f);
    } else if (name) {
        o->f = power_find(name, false);
    }
    o->base.pMethods = &power_methods;
    return SQLITE_OK;
}

static int power_delete(sqlite3_vfs *vfs, const char *name, int sync)
{
    struct power_file *f = power_find(name, false);
    int rc;

    (void)vfs;
    if (power_call())
        return SQLITE_IOERR_DELETE;
    rc = power.real->xDelete(power.real, name, sync);
    if (f && rc == SQLITE_OK)
        power_sure(f);
    return rc;
}

static void power_install(void)
{
    power.real = sqlite3_vfs_find(NULL);
    power.vfs = *power.real;
    power.vfs.szOsFile = sizeof(struct power_open);
    power.vfs.zName = "power";
    power.vfs.xOpen = power_open;
    power.vfs.xDelete = power_delete;
    if (sqlite3_vfs_register(&power.vfs, 1) != SQLITE_OK)
        die("the VFS cannot be registered");
}

static void power_remove(void)
{
    sqlite3_vfs_unregister(&power.vfs);
    sqlite3_vfs_register(power.real, 1);
    for (size_t i = 0; i < power.files; i++) {
        power_forget(&power.file[i]);
        free(power.file[i].pending);
        free(power.file[i].name);
        buf_release(&power.file[i].sure);
    }
    memset(&power, 0, sizeof power);
}

/* ---- files that SQLite does not write ---- */

int fsync(int fd)
{
    char link[64], name[512];
    struct stat st;
    ssize_t n;

    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    n = readlink(link, name, sizeof name - 1);
    if (n < 0 || fstat(fd, &st) || !power.real)
        return (int)syscall(SYS_fsync, fd);
    name[n] = '\0';
    if (power_call()) {
        errno = EIO;
        return -1;
    }
    if (S_ISDIR(st.st_mode)) {
        for (size_t i = 0; i < power.files; i++)
            if (power.file[i].plain && !strncmp(power.file[i].name, name, (size_t)n) &&
                power.file[i].name[n] == '/' && !strchr(power.file[i].name + n + 1, '/'))
                power.file[i].named = true;
        return 0;
    }
    if (!strstr(name, ".warc"))
        return 0;
    power_find(name, true)->plain = true;
    power_sure(power_find(name, false));
    return 0;
}

/* The length of what was appended goes to the disk with it. */
int fdatasync(int fd)
{
    return fsync(fd);
}

/* ---- the power is gone ---- */

static void power_put(struct buf *to, const struct power_write *w, size_t n)
{
    size_t end = (size_t)w->at + n;

    if (to->n < end) {
        buf_grow(to, end - to->n);
        memset(to->p + to->n, 0, end - to->n);
        to->n = end;
    }
    memcpy(to->p + w->at, w->p, n);
}

/* SQLite's: a drawn part of the pending writes, one torn between two sectors. */
static void power_lose_pages(struct power_file *f)
{
    size_t torn = (size_t)power_draw(f->len), keep = (size_t)power_draw(4);

    for (size_t i = 0; i < f->len; i++) {
        const struct power_write *w = &f->pending[i];

        if (power_draw(4) >= keep &&
            i != torn)    // none, a quarter, a half, three quarters of them
            continue;
        if (w->cut)
            f->sure.n = f->sure.n < (size_t)w->at ? f->sure.n : (size_t)w->at;
        else
            power_put(&f->sure, w,
                      i == torn ? (size_t)power_draw(w->n / POWER_SECTOR + 1) * POWER_SECTOR
                                : w->n);
    }
}

/* A plain file was only appended to: some of the new bytes came, the blocks
 * before them perhaps as zeros. */
static void power_lose_tail(struct power_file *f)
{
    struct buf now = {0};
    struct err err = {0};
    size_t from = f->sure.n, to;

    if (file_read(f->name, (size_t)1 << 30, &now, &err) == 0 && now.n > from) {
        to = from + (size_t)power_draw(now.n - from + 1);
        buf_add(&f->sure, now.p + from, to - from);
        for (size_t i = from; i + POWER_SECTOR <= to; i += POWER_SECTOR)
            if (power_draw(3) == 0)
                memset(f->sure.p + i, 0, POWER_SECTOR);
    }
    buf_release(&now);
}

static void power_set(const char *name, struct str bytes)
{
    FILE *f = fopen(name, "wb");

    if (!f || fwrite(bytes.p ? bytes.p : "", 1, bytes.n, f) != bytes.n || fclose(f))
        die("%s cannot be written", name);
}

/* After everything was closed: files as a disk might hold them. Plain files of
 * this folder that were never synced under their names are gone or empty. */
static void power_lose(void)
{
    for (size_t i = 0; i < power.files; i++) {
        struct power_file *f = &power.file[i];
        struct stat st;

        if (f->plain && !f->named) {
            unlink(f->name);
            continue;
        }
        if (f->plain)
            power_lose_tail(f);
        else if (f->len > 0)
            power_lose_pages(f);
        if (!f->plain && f->len == 0 && stat(f->name, &st))
            continue;              // deleted, and nothing is pending
        power_set(f->name, buf_view(&f->sure));
    }
}
#endif
