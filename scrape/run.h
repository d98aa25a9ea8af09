/* scrape/run.h: what a run over the site is given, and what it counts.
 * Units: instants UTC seconds; everything else counts. */
#ifndef SCRAPE_RUN_H
#define SCRAPE_RUN_H
#include "record/answer.h"
#include "record/settings.h"

struct browsing;
struct scrape_opts {
    const struct settings *set;
    struct str seed;              // of the jitter
    int64_t expected;             // pages, for whoever looks on; 0: nobody knows
    void (*paused)(void *to, int64_t ms);    // a pause begins: for others who come from the same
    void *to;                                // place; NULL: there are none
    bool shown;                              // just before this run the site showed pages
    struct browsing *browsing;               // from run to run (engine.h); NULL: of this run alone
};
struct scrape_result {
    int64_t pages, oembed, links; // tasks answered, by witness
    int64_t creators;             // the same, of creators' pages
    int64_t embeds;               // the same, of posts' embed pages
    int64_t is_public, refused, no_answer;    // of pages, oEmbed, embed pages and creators
    int64_t links_resolved, links_dead, links_open;
    struct counted blocks;        // of no_answer and links_open: the site blocked us
    int64_t sends;                // exchanges, with redirects and retries
    int64_t redirects, retries, pauses;
    struct counted generation[GENERATION_COUNT];  // decisive answers by generation of page
    int64_t controls;             // pages read to see whether the site is to blame
    struct counted unread[NO_ANSWER_COUNT];    // pages and lists without an answer, by why
    struct evidence odd;          // of the last page of a run that ended by drift
    int64_t turned;               // pages that plain HTTP saw without data, and a browser asked
    struct counted challenges;    // that a browser was shown, and solved or gave up
    struct counted engine[ENGINE_COUNT];    // decisive answers of pages, by what they were read
    int64_t whole;                // pages that only the whole-document way could read
    int64_t retry_at;             // 0, or when to run again
    bool unreachable;             // it ended since the network seems to be down
};
#endif
