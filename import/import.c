/* import/import.c: a file in, its items out. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/file.h"
#include "import/import.h"
#include "import/readers.h"

enum { PIECE = 256 * 1024 };
static const char *const kind_names[] = {
    [FEEDER_NONE] = "list",         [FEEDER_LIST] = "list",   [FEEDER_CSV] = "csv",
    [FEEDER_JSON] = "json",         [FEEDER_JSONL] = "jsonl", [FEEDER_POSTS] = "posts",
    [FEEDER_DONATION] = "donation", [FEEDER_ZIP] = "zip",   [FEEDER_CREATORS] = "creators",
};
/* A ZIP can only be read with its end at hand: stdin goes to an unlinked file
 * first. The archive as it is, nothing unpacked. */
static int spool(int from, struct str head, FILE **out, struct err *err)
{
    char *piece = xmalloc(PIECE);
    FILE *f = tmpfile();
    ssize_t n = 0;
    bool ok = f && fwrite(head.p, 1, head.n, f) == head.n;

    while (ok && (n = file_next(from, piece, PIECE, err)) > 0)
        ok = fwrite(piece, 1, (size_t)n, f) == (size_t)n;
    if (ok && n == 0 && fflush(f) == 0) {
        *out = f;
    } else {
        if (n >= 0)
            err_set(err, ERR_IO, "cannot be kept while it is read: %s", strerror(errno));
        if (f)
            fclose(f);
        f = NULL;
    }
    free(piece);
    return f ? 0 : -1;
}
static int digest_file(int fd, struct digest_ctx *sum, struct err *err)
{
    char *piece = xmalloc(PIECE);
    ssize_t n;

    if (lseek(fd, 0, SEEK_SET) < 0) {
        free(piece);
        return err_set(err, ERR_IO, "cannot be read twice: %s", strerror(errno));
    }
    while ((n = file_next(fd, piece, PIECE, err)) > 0)
        digest_add(sum, piece, (size_t)n);
    free(piece);
    return n < 0 ? -1 : 0;
}
static int import_zip(struct collector *in, int fd, struct str head, struct digest_ctx *sum,
                      struct err *err)
{
    FILE *kept = NULL;
    const char *kind = NULL;
    int rc = -1;

    if (lseek(fd, 0, SEEK_CUR) < 0) {
        if (spool(fd, head, &kept, err))
            return -1;
        fd = fileno(kept);
    }
    if (!digest_file(fd, sum, err))
        rc = package_read(in, fd, &kind, err);
    in->count.kind = kind;
    if (kept)
        fclose(kept);
    return rc;
}
static int import_text(struct collector *in, const char *name, int fd, char *piece, ssize_t n,
                       struct digest_ctx *sum, struct err *err)
{
    struct feeder f;
    int rc = 0;

    feeder_init(&f, in, name);
    while (n > 0 && !rc) {
        digest_add(sum, piece, (size_t)n);
        rc = feeder_feed(&f, (struct str){ piece, (size_t)n }, err);
        if (!rc && (n = file_next(fd, piece, PIECE, err)) < 0)
            rc = -1;
    }
    if (!rc)
        rc = feeder_end(&f, err);
    in->count.kind = kind_names[f.kind];
    feeder_release(&f);
    return rc;
}
static struct digest keyed(struct str key, struct digest_ctx *sum)
{
    struct digest plain = digest_finish(sum);

    return digest_hmac(key, (struct str){ (const char *)plain.b, sizeof plain.b });
}
int import_file(const char *path, const struct import_opts *opts, const struct import_sink *sink,
                struct import_count *count, struct err *err)
{
    const char *name = strcmp(path, "-") ? path : "standard input";
    int fd = strcmp(path, "-") ? file_open(path, O_RDONLY) : STDIN_FILENO;
    char *piece = xmalloc(PIECE);
    struct collector in;
    struct digest_ctx sum;
    ssize_t n;
    int rc = -1;

    collector_init(&in, opts, sink);
    digest_start(&sum);
    if (fd < 0) {
        err_set(err, file_blame(errno), "%s", strerror(errno));
        goto out;
    }
    if ((n = file_next(fd, piece, PIECE, err)) < 0)
        goto out;
    if (zip_shape((struct str){ piece, (size_t)n }))
        rc = import_zip(&in, fd, (struct str){ piece, (size_t)n }, &sum, err);
    else
        rc = import_text(&in, name, fd, piece, n, &sum, err);
    if (!rc)
        rc = collect_end(&in, err);
out:
    in.count.digest = keyed(opts->source_key, &sum);
    if (rc)
        err_wrap(err, "%s", name);
    else
        *count = in.count;
    if (fd > STDIN_FILENO)
        close(fd);
    free(piece);
    collector_release(&in);
    return rc ? -1 : 0;
}
