/* import/posts_file.c: the bytes of a file twice: once to find its rows, then each row by
 * its offset. So a list of any length is read in the memory of one row. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/file.h"
#include "base/stop.h"
#include "import/posts_file.h"
#include "import/utf16.h"

enum { PIECE = 256 * 1024 };

/* A file that is open (fd >= 0), or text that is at hand. */
struct bytes {
    int fd;
    struct str text;
    int64_t skip;
};
struct reading {
    const struct bytes *from;
    const struct posts_sink *sink;
    struct posts_count *count;
    struct buf row;
};

static ssize_t read_at(const struct bytes *b, char *out, size_t n, int64_t offset, struct err *err)
{
    ssize_t have;

    if (b->fd < 0) {
        struct str part = str_sub(b->text, (size_t)offset, n);

        if (part.n)
            memcpy(out, part.p, part.n);
        return (ssize_t)part.n;
    }
    have = file_at(b->fd, out, n, (off_t)offset);
    if (have < 0)
        return err_set(err, ERR_IO, "%s", strerror(errno));
    return stop_asked() ? err_set(err, ERR_STOPPED, "interrupted") : have;
}

/* ---- JSON ---- */
static int row_found(void *to, const struct post_found *f, struct err *err)
{
    struct reading *r = to;
    ssize_t n;

    if (f->len > (int64_t)POST_ROW_MAX) {
        r->count->unreadable++;
        return 0;
    }
    if (r->sink->without_rows)
        return r->sink->post(r->sink->to, f, STR_NONE, err);
    buf_clear(&r->row);
    buf_grow(&r->row, (size_t)f->len);
    n = read_at(r->from, r->row.p, (size_t)f->len, f->offset + r->from->skip, err);
    if (n < 0)
        return -1;
    if (n < (ssize_t)f->len)
        return err_set(err, ERR_IO, "it became shorter while it was read");
    r->row.n = (size_t)n;
    return r->sink->post(r->sink->to, f, buf_view(&r->row), err);
}
static int row_empty(void *to, struct err *err)
{
    (void)err;
    ((struct reading *)to)->count->empty++;
    return 0;
}
static int row_broken(void *to, struct err *err)
{
    (void)err;
    ((struct reading *)to)->count->unreadable++;
    return 0;
}

/* ---- UTF-16 ---- */
/* What Windows' shells write with ">" is read from a copy in UTF-8, in a file without a
 * name: rows are read by their offsets. *kept is NULL where the bytes are UTF-8 already. */
static int as_utf8(struct bytes *b, FILE **kept, struct digest_ctx *sum, struct err *err)
{
    char *piece = xmalloc(PIECE);
    struct buf text = { 0 };
    struct utf16 u;
    int64_t at = 0;
    ssize_t n = read_at(b, piece, 2, 0, err);
    bool ok = true;

    *kept = NULL;
    if (n == 2 && utf16_mark((struct str){ piece, 2 }, &u)) {
        *kept = tmpfile();
        ok = *kept != NULL;
        while (ok && (n = read_at(b, piece, PIECE, at, err)) > 0) {
            struct str part = { piece, (size_t)n };

            digest_add(sum, part.p, part.n);
            buf_clear(&text);
            utf16_decode(&u, at ? part : str_sub(part, 2, part.n), &text);
            ok = !text.n || fwrite(text.p, 1, text.n, *kept) == text.n;
            at += n;
        }
        ok = ok && n == 0 && fflush(*kept) == 0;
        if (!ok && n >= 0)
            err_set(err, ERR_IO, "cannot be kept while it is read: %s", strerror(errno));
        if (ok)
            *b = (struct bytes){ .fd = fileno(*kept) };
    }
    buf_release(&text);
    free(piece);
    return ok && n >= 0 ? 0 : -1;
}

/* ---- which reader ---- */
enum kind { KIND_NONE = 0, KIND_JSON, KIND_LINES, KIND_CSV };
/* One document a line: the first line is whole, and another begins alike. */
static bool is_lines(struct str text)
{
    ptrdiff_t end = str_find(text, STR("\n"), 0);
    struct str line = str_trim(str_sub(text, 0, end < 0 ? text.n : (size_t)end)), next;

    if (end < 0 || !line.n || line.p[0] != '{' || line.p[line.n - 1] != '}')
        return false;
    next = str_trim(str_sub(text, (size_t)end, text.n));
    return next.n && next.p[0] == '{';
}
static struct str without_mark(struct str text)
{
    return str_starts(text, STR("\xef\xbb\xbf")) ? str_sub(text, 3, text.n) : text;
}
static enum kind kind_of(struct str text, char *delim)
{
    struct str head = str_trim(without_mark(text));

    if (head.n && (head.p[0] == '{' || head.p[0] == '[')) {
        bool lines = is_lines(head);

        return !posts_json_shape(head, lines) ? KIND_NONE : lines ? KIND_LINES : KIND_JSON;
    }
    return posts_csv_shape(text, delim) ? KIND_CSV : KIND_NONE;
}
static int feed(void *reader, enum kind kind, struct str piece, struct err *err)
{
    return kind == KIND_CSV ? posts_csv_feed(reader, piece, err) : posts_feed(reader, piece, err);
}
/* sum: of the file's bytes, counted where `counts`. */
static int each(struct bytes *from, int64_t now, const struct posts_sink *sink,
                struct posts_count *count, struct digest_ctx *sum, bool counts, struct err *err)
{
    struct reading r = { .from = from, .sink = sink, .count = count };
    const struct posts_user user = { row_found, row_empty, row_broken, &r };
    char *piece = xmalloc(PIECE), delim = ',';
    void *reader = NULL;
    enum kind kind = KIND_NONE;
    int64_t at = 0;
    ssize_t n;
    int rc = -1;

    while ((n = read_at(from, piece, PIECE, at, err)) > 0) {
        struct str part = { piece, (size_t)n };

        if (counts)
            digest_add(sum, part.p, part.n);
        if (!reader) {
            kind = kind_of(part, &delim);
            from->skip = (int64_t)(part.n - without_mark(part).n);
            part = without_mark(part);
            reader = kind == KIND_CSV ? (void *)posts_csv_new(sink, count, now, delim)
                                      : (void *)posts_new(&user, now, kind == KIND_LINES);
        }
        if (feed(reader, kind, part, err))
            goto out;
        at += n;
    }
    if (n == 0)
        rc = !reader            ? err_set(err, ERR_INPUT, "is empty")
             : kind == KIND_CSV ? posts_csv_end(reader, err)
                                : posts_end(reader, err);
out:
    if (kind == KIND_CSV)
        posts_csv_free(reader);
    else
        posts_free(reader);
    buf_release(&r.row);
    free(piece);
    return rc;
}

/* ---- the outside ---- */
static int open_it(const char *path, struct err *err)
{
    int fd = file_open(path, O_RDONLY);

    return fd >= 0 ? fd
                   : err_set(err, errno == ENOENT ? ERR_INPUT : ERR_IO, "%s: %s", path,
                             strerror(errno));
}
/* Of a folder or a pipe whoever reads it will say more; what cannot be read of a file is no other
 * kind of file. */
int posts_file_is(const char *path, bool *is, struct err *err)
{
    struct bytes from = { .fd = -1 };
    struct stat st;
    char *head;
    ssize_t n = 0;

    *is = false;
    if (strcmp(path, "-") == 0)
        return 0;
    if ((from.fd = open_it(path, err)) < 0)
        return -1;
    head = xmalloc(PIECE);
    if (fstat(from.fd, &st) == 0 && S_ISREG(st.st_mode))
        n = read_at(&from, head, PIECE, 0, err);
    if (n > 0)
        *is = posts_text_is((struct str){ head, (size_t)n });
    close(from.fd);
    free(head);
    return n < 0 ? err_wrap(err, "%s", path) : 0;
}
bool posts_text_is(struct str text)
{
    struct buf decoded = { 0 };
    struct utf16 u;
    bool is;
    char delim;

    text = str_sub(text, 0, PIECE);
    if (utf16_mark(text, &u)) {
        utf16_decode(&u, str_sub(text, 2, text.n), &decoded);
        text = buf_view(&decoded);
    }
    is = kind_of(text, &delim) != KIND_NONE;
    buf_release(&decoded);
    return is;
}
/* Of a file that is open, or of text. */
static int each_of(struct bytes from, int64_t now, const struct posts_sink *sink,
                   struct posts_count *count, struct digest *digest, struct err *err)
{
    struct digest_ctx sum;
    FILE *kept = NULL;
    int rc;

    digest_start(&sum);
    rc = as_utf8(&from, &kept, &sum, err) ? -1 : each(&from, now, sink, count, &sum, !kept, err);
    *digest = digest_finish(&sum);
    if (kept)
        fclose(kept);
    return rc;
}
int posts_file_each(const char *path, int64_t now, const struct posts_sink *sink,
                    struct posts_count *count, struct digest *digest, struct err *err)
{
    struct bytes from = { .fd = open_it(path, err) };
    int rc;

    if (from.fd < 0)
        return -1;
    rc = each_of(from, now, sink, count, digest, err);
    close(from.fd);
    return rc ? err_wrap(err, "%s", path) : 0;
}
int posts_text_each(struct str text, const char *name, int64_t now, const struct posts_sink *sink,
                    struct posts_count *count, struct err *err)
{
    struct digest digest;

    return each_of((struct bytes){ .fd = -1, .text = text }, now, sink, count, &digest, err)
               ? err_wrap(err, "%s", name)
               : 0;
}
