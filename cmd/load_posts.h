/* cmd/load_posts.h: `load --posts`: lists of creators' posts into the frame of a sample. */
#ifndef CMD_LOAD_POSTS_H
#define CMD_LOAD_POSTS_H
#include "audit/sample/lists.h"
#include "cmd/cmd.h"

MUST_CHECK int load_posts(struct app *, const struct lists_opts *, bool json, struct err *);
#endif
