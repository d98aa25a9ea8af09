/* tests/bench/reader.h: the page arm as a client of the benches: scrape_run over
 * the pages of urls.txt, in a process of its own. */
#ifndef TESTS_BENCH_READER_H
#define TESTS_BENCH_READER_H
#include <stdint.h>
#include "record/answer.h"

#define READER_CONCURRENCY "64"
/* argv: URLS TIMES CONCURRENCY [AUDIT]. Reads every page TIMES times, the whole
 * list before it begins anew; with an audit folder, into its store and its
 * archive. Prints what lab_run reads; gives the exit code. */
int reader_main(int argc, char **argv);
/* What the sum takes of one public answer; the other clients take the same. */
uint64_t reader_sum(const struct answer *);
#endif
