/* audit/verdict/story.h: what is known of one item, gathered by explain.c and told by
 * story_text.c for people and story_json.c for programs. */
#ifndef AUDIT_VERDICT_STORY_H
#define AUDIT_VERDICT_STORY_H
#include "audit/audit.h"
#include "audit/verdict/accounts.h"
#include "base/json_out.h"
#include "record/fact.h"
#include "silence/view.h"

struct story {
    struct audit *audit;
    struct buf *out;
    struct arena mem;
    const struct view *view;
    const struct account_table *accounts;
    struct item_row row;
    struct label_row label;
    struct record *rec[SIDE_COUNT];
    int64_t at[SIDE_COUNT];
    struct gap *gap; size_t gaps, gap_cap;    // what is not equal, by field; texts are of mem
    struct facts facts;
    struct hits hits, gave_up;
    struct json_out json;    // of story_json.c
};
/* begin, then a line for each answer in order of time, then end. */
void story_text_begin(struct story *);
int story_text_line(void *story, const struct history_row *, struct err *);
void story_text_end(struct story *);
void story_json_begin(struct story *);
int story_json_line(void *story, const struct history_row *, struct err *);
void story_json_end(struct story *);
/* Why a counter differs, in one sentence without its end; nothing where it does not. */
void story_gap_says(struct buf *, const struct gap *);
#endif
