/* record/ending.h: have the ids of one source lost their last digits? Programs that read a
 * number as a double round it: what comes out looks like an id and is none.
 * Shape:   an id has the endings that ending_of says, as bits; the ids of a source are
 *          counted by them, and judged together: one id that ends in 000 is an id.
 * Source:  IEEE 754: from 2^62 on (every id since 2004) doubles lie 1024 apart;
 *          ECMA-262, Number::toString, which writes them with 16 digits and zeros;
 *          spreadsheets keep 15 digits. Ids of posts themselves have bit 8 set. */
#ifndef RECORD_ENDING_H
#define RECORD_ENDING_H
#include <stdint.h>
#include "base/str.h"

#define ENDING_DOUBLE 1u    // a multiple of 1024
#define ENDING_000 2u
#define ENDING_0000 4u    // has ENDING_000 as well
#define ENDINGS 8u
struct endings {
    int64_t ids, by[ENDINGS];
};    // by: ids with exactly these endings

unsigned ending_of(uint64_t id);
void endings_add(struct endings *, uint64_t id);
/* The endings that far more of the ids have than chance gives (binomial tail below
 * 1e-9); 0 none. An id with any of them is spoiled. */
unsigned endings_spoiled(const struct endings *);
int64_t endings_count(const struct endings *, unsigned endings);    // ids with any of them
/* "12 of 12 ids end in 000, where chance gives 0.012: ... rounds ids so". spoiled != 0. */
void endings_sentence(const struct endings *, unsigned spoiled, struct buf *out);
#endif
