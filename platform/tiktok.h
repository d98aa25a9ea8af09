/* platform/tiktok.h: what is the subject's alone: its addresses. Whatever knows
 * TikTok and is no field, code or rule of a table stands in this folder.
 * Ownership: texts are appended to the caller's buffer. */
#ifndef PLATFORM_TIKTOK_H
#define PLATFORM_TIKTOK_H
#include <stdint.h>
#include "base/str.h"

/* The public address of a post: https://www.tiktok.com/@HANDLE/video/ID, with
 * _ for a handle that is unknown or could not stand in an address. */
void tiktok_post_url(struct buf *out, uint64_t id, struct str handle);
#endif
