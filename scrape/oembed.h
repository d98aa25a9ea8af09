/* scrape/oembed.h: the second witness. GET {base}/oembed?url=... answers 200
 * with JSON for a post that is public somewhere, and one and the same HTTP 400
 * for every kind of absence (2,201 ids measured 2026-08-11), so a refusal here
 * says only "not from here". The handle in the URL is ignored. */
#ifndef SCRAPE_OEMBED_H
#define SCRAPE_OEMBED_H
#include <stdint.h>
#include "base/arena.h"
#include "base/http.h"
#include "base/inflate.h"
#include "record/answer.h"

#define OEMBED_MAX ((size_t)1 << 20)
struct str oembed_url(struct str base, uint64_t id, struct arena *);
/* PUBLIC, REFUSED (code and message as sent) or NO_ANSWER; no record: a
 * caption and a name are no page. status is the HTTP status, body is decoded. */
void oembed_read(int status, struct str body, uint64_t id, struct arena *, struct answer *);
void oembed_read_exchange(const struct http_exchange *, uint64_t id, struct inflate *,
                          struct buf *scratch, struct arena *, struct answer *);
#endif
