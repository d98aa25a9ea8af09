/* base/inflate.h: content codings undone under a cap.
 * gzip (several members, libdeflate whole-buffer) and zlib/deflate. */
#ifndef BASE_INFLATE_H
#define BASE_INFLATE_H
#include "base/err.h"
#include "base/str.h"

struct inflate;                                  // a reusable decoder; not shared by threads
struct inflate *inflate_new(void);
void inflate_free(struct inflate *);
/* Decodes body by its Content-Encoding value ("", "identity", "gzip",
 * "x-gzip", "deflate") into out (cleared first), at most cap bytes.
 * "" and identity copy nothing: *view borrows body; else it borrows out.
 * Errors: ERR_INPUT on damage, an unknown coding, or beyond the cap. */
MUST_CHECK int inflate_body(struct inflate *, struct str coding, struct str body,
                            size_t cap, struct buf *out, struct str *view, struct err *);
#endif
