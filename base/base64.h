/* base/base64.h: base64 of RFC 4648, with padding. */
#ifndef BASE_BASE64_H
#define BASE_BASE64_H
#include "base/err.h"
#include "base/str.h"

void base64_put(struct buf *out, struct str bytes);
/* White space is passed over. -1, and out as it was, on anything else or a lost end. */
MUST_CHECK int base64_take(struct buf *out, struct str text);
#endif
