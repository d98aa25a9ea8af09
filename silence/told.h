/* silence/told.h: what one ask of the query was worth to its item, and why: for whoever
 * explains an item. The judgement itself is sound.c's.
 * Units: UTC seconds and UTC days. */
#ifndef SILENCE_TOLD_H
#define SILENCE_TOLD_H
#include "silence/view.h"
#include "silence/judged.h"

/* A request as it is judged now. */
struct told_batch {
    int64_t request;
    struct judged as;        // without its rows
    bool complete, holds;    // holds: canaries, or those that stand in for them, came back
};
typedef void told_batch_fn(void *to, const struct told_batch *);
/* Every request that has ended, by number. rows: those that the view was made of. */
MUST_CHECK int view_told_batches(const struct view *, const struct row_source *,
                                 const struct settings *, told_batch_fn *, void *to, struct err *);

/* Why an absence of a public item counts for nothing; in the order in which it is told. */
#define UNSOUND(X)                                                                               \
    X(INCOMPLETE, "incomplete", "the reply was not complete")                                    \
    X(OUTAGE, "outage", "the API answered nothing to anybody then")                              \
    X(CHECK, "check", "it was a check, whose silence is counted apart")                          \
    X(WINDOW, "window", "the window had no day of slack around the day on which it was made")    \
    X(YOUNG, "young", "it was too young to be in the API")                                       \
    X(CLOCKS, "clocks",                                                                          \
      "its page was read so close to it that the clocks of the machines leave open which came "  \
      "first")                                                                                   \
    X(BEFORE, "not_seen_before", "its page had not been seen public before")                     \
    X(CANARIES, "canaries",                                                                      \
      "no post that the API is known to have came back, so the batch may "                       \
      "have been lost")                                                                          \
    X(MATES, "mates", "a batch-mate may not have been public, and such a batch can lose others") \
    X(SINCE, "not_seen_since", "its page was not seen public at or after it")
enum unsound {
#define X(id, word, sentence) UNSOUND_##id,
    UNSOUND(X)
#undef X
        UNSOUND_COUNT
};
const char *unsound_word(enum unsound);
const char *unsound_sentence(enum unsound);

/* One ask, as its item sees it: it is no mate of its own. */
struct told_ask {
    int mates, mates_back;          // ids beside it; of these came back
    int canaries, canaries_back;    // among them
    int suspects;                   // among them: may not have been public
    bool absent;                    // an absence of an item that was seen public
    bool counts;                    // ... which is sound, or would be after further pages
    unsigned why;                   // ... or is not: 1 << enum unsound
};
void view_told_ask(const struct view *, const struct settings *, const struct told_batch *,
                   const struct ask_row *, struct told_ask *);
#endif
