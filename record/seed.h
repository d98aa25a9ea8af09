/* record/seed.h: what an audit's seed is used for, each under a number of its own:
 * digest_rank(seed, SEED_...). A number that is in use never changes its meaning, or an
 * audit that goes on would draw and shuffle otherwise than it began.
 * Samples are drawn by digest_rank(seed, id): an id is never as small as these. */
#ifndef RECORD_SEED_H
#define RECORD_SEED_H

enum seed_purpose {
    SEED_WAITS = 0,       // jitter of the waits for host i of the site: SEED_WAITS + i, 0 and 1;
                          // it orders nothing, so that 1 has two uses does no harm
    SEED_CANARIES = 1,    // which retrieved items of a day are its canaries
    SEED_PAGES = 2,       // the order in which pages are read
    SEED_MATES = 3,       // who is asked with whom
    SEED_DONORS = 4,      // donors drawn again for an interval (bootstrap)
    SEED_SPOTS = 5,       // which confirmed items are asked alone, as a check
    SEED_ACCOUNTS = 6,    // accounts drawn again for an interval (bootstrap)
    SEED_CASES = 7,       // which items of a label get a case file of their own
    SEED_REVIEW = 8,      // whose labels people judge again, and the order of their sheets
    SEED_DRAW = 9,        // which posts of a creator are drawn (record/draw.h)
    SEED_WATCH = 10,    // equal views, and the canaries, of a watch list made from an audit
    SEED_CREATORS = 11,  // whether creators of whom nothing came back are chance (simulation)
    SEED_ELSEWHERE = 12,    // which posts that are public here a further vantage reads
};
#endif
