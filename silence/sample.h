/* silence/sample.h: a seeded sample without replacement: those of lowest
 * HMAC(seed, id) among all that come by, in the memory of two samples.
 *
 *     struct sample d;
 *     sample_init(&d, 300);
 *     for each: sample_put(&d, digest_rank(seed, id), item);
 *     sample_end(&d);  use d.v[0 .. d.n - 1], by rank
 *     sample_release(&d); */
#ifndef SILENCE_SAMPLE_H
#define SILENCE_SAMPLE_H
#include <stddef.h>
#include <stdint.h>

struct drawn { uint64_t rank; int64_t item; };
struct sample { struct drawn *v; size_t n, want; };
void sample_init(struct sample *, size_t want);    // want 0: nothing is drawn
void sample_put(struct sample *, uint64_t rank, int64_t item);
void sample_end(struct sample *);
void sample_release(struct sample *);
#endif
