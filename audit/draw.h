/* audit/draw.h: a seeded sample without replacement: those of lowest
 * HMAC(seed, id) among all that come by, in the memory of two samples.
 *
 *     struct drawing d;
 *     drawing_init(&d, 300);
 *     for each: drawing_put(&d, digest_rank(seed, id), item);
 *     drawing_end(&d);  use d.v[0 .. d.n - 1], by rank
 *     drawing_release(&d); */
#ifndef AUDIT_DRAW_H
#define AUDIT_DRAW_H
#include <stddef.h>
#include <stdint.h>

struct drawn { uint64_t rank; int64_t item; };
struct drawing { struct drawn *v; size_t n, want; };
void drawing_init(struct drawing *, size_t want);    // want 0: nothing is drawn
void drawing_put(struct drawing *, uint64_t rank, int64_t item);
void drawing_end(struct drawing *);
void drawing_release(struct drawing *);
#endif
