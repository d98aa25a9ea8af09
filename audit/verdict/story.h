/* audit/verdict/story.h: what is known of one item: gathered by story_find or story_gather,
 * told once by story_tell.c for text, pages and cases/, and put as one JSON value by story_json.c.
 *
 *     struct stories all;
 *     stories_open(&all, audit, look, err)        what every story needs; look NULL: it tells all
 *     story_find(&all, "7301...", &s, err)        or story_gather, for one that was walked to
 *     story_tell(&s, &told, err)
 *     story_release(&s); stories_close(&all);
 *
 * Ownership: texts are of the story's arena; a story borrows from `all`. */
#ifndef AUDIT_VERDICT_STORY_H
#define AUDIT_VERDICT_STORY_H
#include "audit/audit.h"
#include "audit/view.h"
#include "audit/verdict/accounts.h"
#include "audit/verdict/vantages.h"
#include "record/fact.h"
#include "record/told.h"
#include "report/look.h"
#include "report/meaning.h"
#include "store/about.h"

struct stories {
    struct audit *audit;
    const struct look *look;
    const struct view *view;
    const struct account_table *accounts;
    struct places places;
    struct {
        struct told_batch *v;
        size_t n, cap;
    } batches;    // by request
};
struct story {
    const struct stories *all;
    struct arena mem;
    struct item_row row;
    struct label_row label;
    const struct record *rec[SIDE_COUNT];
    const struct about_item *about;      // what is not equal, and what was said; borrowed
    struct item_places at;    // where it is public
    struct {
        struct apart *v;
        size_t n, cap;
    } apart;    // pairs of vantages that differ
    struct facts facts;
    struct hits hits, gave_up;
    struct about *own;    // of one that somebody named
};
MUST_CHECK int stories_open(struct stories *, struct audit *, const struct look *, struct err *);
void stories_close(struct stories *);
/* what: an id, or a link that holds one. Errors: ERR_USAGE where it is neither, or where the
 * audit has no such item. */
MUST_CHECK int story_find(const struct stories *, const char *what, struct story *, struct err *);
/* Of an item whose row, label, records and about stand in the story, and outlive it; a story that
 * told another item keeps the memory. */
MUST_CHECK int story_gather(struct story *, struct err *);
void story_release(struct story *);

void story_tell(struct story *, struct told_story *);
void story_text(struct buf *, const struct told_story *);
void story_json(struct buf *, struct story *);

/* What the files of it share. */
/* One ask of the query; false where nothing is known of its request. */
bool story_ask(const struct story *, const struct history_row *, struct told_ask *);
/* What its post is called and whether its address may be followed by whoever sees it. */
struct str story_url(struct story *, bool *may_follow);
enum meaning story_meaning(const struct story *);
/* Why a counter differs, in one sentence without its end; nothing where it does not. */
void story_gap_says(struct buf *, const struct gap *);
#endif
