/* base/deflate.c: whole buffers through libdeflate. */
#include "base/deflate.h"
#include <libdeflate.h>
#include "base/err.h"

/* Above the default: what is packed once is loaded often. */
#define LEVEL 9

void deflate_zlib(struct buf *out, struct str bytes)
{
    struct libdeflate_compressor *c = libdeflate_alloc_compressor(LEVEL);
    size_t room;

    if (!c)
        die("out of memory");
    room = libdeflate_zlib_compress_bound(c, bytes.n);
    buf_grow(out, room);
    out->n += libdeflate_zlib_compress(c, bytes.p, bytes.n, out->p + out->n, room);
    libdeflate_free_compressor(c);
}
