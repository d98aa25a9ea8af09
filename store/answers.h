/* store/answers.h: answers in, through the sink of fetch, scrape and load. What was ever said of
 * an item: store/about.h. */
#ifndef STORE_ANSWERS_H
#define STORE_ANSWERS_H
#include <stdint.h>
#include "base/digest.h"
#include "base/err.h"
#include "base/str.h"
#include "record/keeper.h"
#include "record/sink.h"
#include "record/verdict.h"

struct store;
struct ledger;                  // store/ledger.h
struct sink_opts {
    struct ledger *ledger;      // NULL: nothing is charged (load)
    struct digest client;       // digest of the client key
    int64_t daily_requests;
    const struct keeper *keeper;    // of the bytes (borrowed); NULL: digests alone
    struct str vantage;         // whence its pages are read (borrowed)
    int64_t commit_every;       // page answers between commits; API requests commit one by one
};
MUST_CHECK int store_sink(struct store *, const struct sink_opts *, struct sink *, struct err *);
void store_sink_release(struct sink *);

/* The make of an item's page as one reading found it: that of the request or, where
 * request is 0, that of the time at. GENERATION_NONE where there is none. */
MUST_CHECK int store_page_generation(struct store *, int64_t item, int64_t request, int64_t at,
                                     enum generation *, struct err *);
#endif
