/* base/deflate.c: whole buffers through libdeflate. */
#include "base/deflate.h"
#include <libdeflate.h>
#include "base/err.h"

/* Above the default: what is packed once is loaded often. Of tables of tens of megabytes that are
 * made anew each day, less: level 9 takes five times as long and saves a tenth. */
#define LEVEL 9
#define LEVEL_TABLES 5

typedef size_t bound_fn(struct libdeflate_compressor *, size_t);
typedef size_t pack_fn(struct libdeflate_compressor *, const void *, size_t, void *, size_t);

static void pack(struct buf *out, struct str bytes, int level, bound_fn *bound, pack_fn *fn)
{
    struct libdeflate_compressor *c = libdeflate_alloc_compressor(level);
    size_t room;

    if (!c)
        die("out of memory");
    room = bound(c, bytes.n);
    buf_grow(out, room);
    out->n += fn(c, bytes.p, bytes.n, out->p + out->n, room);
    libdeflate_free_compressor(c);
}

void deflate_zlib(struct buf *out, struct str bytes)
{
    pack(out, bytes, LEVEL, libdeflate_zlib_compress_bound, libdeflate_zlib_compress);
}

void deflate_gzip(struct buf *out, struct str bytes)
{
    pack(out, bytes, LEVEL_TABLES, libdeflate_gzip_compress_bound, libdeflate_gzip_compress);
}
