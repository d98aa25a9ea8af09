/* base/deflate.h: bytes packed as zlib (RFC 1950), as a browser's DecompressionStream("deflate")
 * unpacks them. The other way is base/inflate.h. */
#ifndef BASE_DEFLATE_H
#define BASE_DEFLATE_H
#include "base/str.h"

/* Appends to out. The same bytes give the same bytes with one version of libdeflate. */
void deflate_zlib(struct buf *out, struct str bytes);
/* As gzip (RFC 1952), faster and a little longer, without a time: the same bytes give the same. */
void deflate_gzip(struct buf *out, struct str bytes);
#endif
