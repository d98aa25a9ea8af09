/* scrape/run.h: what a run over the site is given, and what it counts.
 * Units: instants UTC seconds; everything else counts. */
#ifndef SCRAPE_RUN_H
#define SCRAPE_RUN_H
#include "record/answer.h"
#include "record/settings.h"

struct scrape_opts {
    const struct settings *set;
    struct str seed;              // of the jitter
    int64_t expected;             // pages, for whoever looks on; 0: nobody knows
};
struct scrape_result {
    int64_t pages, oembed, links; // tasks answered, by witness
    int64_t is_public, refused, no_answer;        // of pages and oEmbed
    int64_t links_resolved, links_dead, links_open;
    struct counted blocks;        // of no_answer and links_open: the site blocked us
    int64_t sends;                // exchanges, with redirects and retries
    int64_t redirects, retries, pauses;
    struct counted generation[GENERATION_COUNT];  // decisive answers by generation of page
    int64_t controls;             // pages read to see whether the site is to blame
    struct counted unread[NO_ANSWER_COUNT];       // pages without an answer, by why
    struct evidence odd;          // of the last page of a run that ended by drift
    int64_t whole;                // pages that only the whole-document way could read
    int64_t retry_at;             // 0, or when to run again
};
#endif
