/* archive/member.c: gzip members by their place, decoded whole by libdeflate. */
#include <errno.h>
#include <fcntl.h>
#include <libdeflate.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "archive/member.h"

#define TEXT_MAX ((size_t)97 << 20)        // the largest block that warc.c reads, and its head
#define TEXT_FIRST ((size_t)1 << 20)
#define MAPPED_KEEP ((size_t)16 << 20)     // behind the place where somebody reads
#define MAPPED_STEP ((size_t)64 << 10)     // a multiple of every page size
#define DIGEST_STEP ((int64_t)4 << 20)

/* What archive.c writes: no name, no time, fastest level, system unknown. */
static const char gzip_head[10] = { '\x1f', '\x8b', 8, 0, 0, 0, 0, 0, 4, '\xff' };

struct members {
    char *path;
    const char *p; size_t n;               // the mapped file
    size_t gone;                           // up to here nothing is held in memory
    struct libdeflate_decompressor *d;
    struct buf text;
};

int members_open(struct members **out, const char *path, struct err *err)
{
    struct members *m = xcalloc(1, sizeof *m);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat st;
    void *at;

    m->path = xstrdup(path);
    if (fd < 0 || fstat(fd, &st)) {
        err_set(err, ERR_IO, "%s: %s", path, strerror(errno));
        goto fail;
    }
    m->n = (size_t)st.st_size;
    if (m->n) {
        at = mmap(NULL, m->n, PROT_READ, MAP_PRIVATE, fd, 0);
        if (at == MAP_FAILED) {
            m->n = 0;
            err_set(err, ERR_IO, "%s: %s", path, strerror(errno));
            goto fail;
        }
        m->p = at;
    }
    close(fd);
    if (!(m->d = libdeflate_alloc_decompressor()))
        die("out of memory");
    *out = m;
    return 0;
fail:
    if (fd >= 0)
        close(fd);
    members_close(m);
    return -1;
}

void members_close(struct members *m)
{
    if (!m)
        return;
    if (m->n)
        munmap((void *)(uintptr_t)m->p, m->n);
    libdeflate_free_decompressor(m->d);
    buf_release(&m->text);
    free(m->path);
    free(m);
}

int64_t members_size(const struct members *m)
{
    return (int64_t)m->n;
}

struct str members_raw(const struct members *m, int64_t offset, int64_t len)
{
    return str_sub((struct str){ m->p, m->n }, offset < 0 ? m->n : (size_t)offset,
                   len < 0 ? 0 : (size_t)len);
}

/* Who goes through a file of a gigabyte holds no more of it than a part. What
 * is let go comes back from the file where somebody looks there again. */
static void let_go(struct members *m, size_t at)
{
    at -= at % MAPPED_STEP;
    if (at < m->gone) {
        m->gone = at;
    } else if (at - m->gone >= MAPPED_KEEP) {
        (void)madvise((void *)(uintptr_t)(m->p + m->gone), at - m->gone, MADV_DONTNEED);
        m->gone = at;
    }
}

struct digest members_digest(struct members *m, int64_t end)
{
    struct digest_ctx sum;
    struct str part;

    digest_start(&sum);
    for (int64_t at = 0; at < end; at += DIGEST_STEP) {
        part = members_raw(m, at, end - at < DIGEST_STEP ? end - at : DIGEST_STEP);
        digest_add(&sum, part.p, part.n);
        let_go(m, (size_t)at);
    }
    return digest_finish(&sum);
}

static int bad(const struct members *m, int64_t offset, const char *what, struct err *err)
{
    return err_set(err, ERR_INPUT, "%s: the record at byte %lld %s", m->path, (long long)offset,
                   what);
}

int members_at(struct members *m, int64_t offset, int64_t *len, struct str *text, struct err *err)
{
    size_t left, used = 0, got = 0, room;
    enum libdeflate_result rc = LIBDEFLATE_INSUFFICIENT_SPACE;

    if (offset < 0 || (uint64_t)offset > m->n)
        return bad(m, offset, "lies behind the end of the file", err);
    left = m->n - (size_t)offset;
    if (left == 0)
        return 0;
    if (left < sizeof gzip_head || memcmp(m->p + offset, gzip_head, sizeof gzip_head) != 0)
        return bad(m, offset,
                   left < sizeof gzip_head ? "is cut off" : "does not begin as one of ours", err);
    buf_clear(&m->text);
    for (room = m->text.cap > TEXT_FIRST ? m->text.cap : TEXT_FIRST; room <= 2 * TEXT_MAX;
         room *= 2) {
        buf_grow(&m->text, room);
        rc = libdeflate_gzip_decompress_ex(m->d, m->p + offset, left, m->text.p, m->text.cap, &used,
                                           &got);
        if (rc != LIBDEFLATE_INSUFFICIENT_SPACE)
            break;
    }
    if (rc == LIBDEFLATE_INSUFFICIENT_SPACE || (rc == LIBDEFLATE_SUCCESS && got > TEXT_MAX))
        return bad(m, offset, "is larger than any that we write", err);
    if (rc != LIBDEFLATE_SUCCESS)
        return bad(m, offset, "is damaged or cut off", err);
    let_go(m, (size_t)offset);
    m->text.n = got;
    *len = (int64_t)used;
    *text = buf_view(&m->text);
    return 1;
}

int64_t members_find(const struct members *m, int64_t from)
{
    ptrdiff_t at = str_find((struct str){ m->p, m->n }, (struct str){ gzip_head, sizeof gzip_head },
                            from < 0 ? 0 : (size_t)from);

    return at < 0 ? (int64_t)m->n : at;
}
