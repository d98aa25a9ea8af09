/* fetch/run.h: what every run over the API is given, and what it counts.
 * Units: instants UTC seconds; everything else counts. */
#ifndef FETCH_RUN_H
#define FETCH_RUN_H
#include "record/settings.h"

struct fetch_opts {
    const struct settings *set;
    const char *client_key, *client_secret;
    int64_t expected;             // items, for whoever looks on; 0: nobody knows
};
struct fetch_result {
    int64_t requests;             // closed, whether complete or not
    int64_t sends;                // charged: first sends, retries, further pages
    int64_t found, absent;        // members that came back; that did not, in complete replies
    int64_t failed;               // requests given up
    int64_t incomplete;           // of requests: closed without a complete reply (failed ones too)
    int64_t strange_rows;         // rows not asked for, outside the window, twice
    int64_t nul_chars;            // U+0000 replaced
    int64_t token_calls;          // not charged
    int64_t retry_at;             // 0, or when to run again
    bool quota;                   // today's allowance is used up
    bool quota_told;              // ... and the platform itself said so (ledger_spent)
};
#endif
