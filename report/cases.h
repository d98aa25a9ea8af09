/* report/cases.h: case files: the story of a post (record/told.h) as a page by itself, or as
 * one of many in a file of data that a click loads.
 *
 *     cases/index.html        shows index.html#ID, by a script that is allowed by its digest
 *     cases/shards/N.js       the stories of up to SHARD_ITEMS posts with ids next to each other
 *     cases/ID.html           pages without a script, of examples and of a sample
 *
 * A shard is a script, since nothing else loads from file://: show(N, "base64 of zlib of JSON").
 * Its JSON has every text once, for posts that were asked together have much in common:
 * {"text":["",...],"posts":{ID:[kind,text,text,kind,...]}}, kinds and texts of told.def by place.
 *
 * Escapes: texts go through libxml2, or through JSON and textContent; no markup of a shard is
 *          ever read as such. */
#ifndef REPORT_CASES_H
#define REPORT_CASES_H
#include <stdbool.h>
#include <stdint.h>
#include "base/str.h"
#include "record/label.h"
#include "record/told.h"

/* in_report: it lies in cases/ and links to the rest; else it is alone. */
void report_case(struct buf *out, const struct told_story *, bool in_report);

#define SHARD_ITEMS 256
struct shard;
struct shard *shard_new(void);
void shard_free(struct shard *);    // accepts NULL
/* Ids ascend. True where it is full, and is to be written. */
bool shard_add(struct shard *, uint64_t id, const struct told_story *);
size_t shard_len(const struct shard *);
/* The script of shard n, in place of what out held; the shard is empty then. */
void shard_write(struct shard *, int64_t n, struct buf *out);

/* index.html. first: of each shard its lowest id; page: posts with a page of their own, by
 * group: the labels, then LABEL_COUNT returned, LABEL_COUNT + 1 undecided. */
#define CASE_GROUPS (LABEL_COUNT + 2)
struct case_page {
    uint64_t id;
    int group;
};
struct case_index {
    const uint64_t *first;
    size_t shards;
    const struct case_page *page;
    size_t pages;
};
void report_cases_index(struct buf *out, const struct case_index *);
#endif
