/* audit/verdict/story_gap.c: why a counter differs, or a handle does not, in words. */
#include <inttypes.h>
#include "audit/verdict/story.h"

static void values_text(struct buf *o, const struct gap *g)
{
    buf_printf(o, "the API has %" PRId64 " and the page %" PRId64, g->api.i, g->page.i);
}

static void single_text(struct buf *o, const struct gap *g)
{
    values_text(o, g);
    if (g->why.needed < 1)
        buf_printf(o, "; at any instant that the API's copy can be of, the counter must have "
                      "fallen to %.4g of what it was, and at least %.4g is known to stay",
                   g->why.needed, g->why.limit);
    else
        buf_printf(o, "; at any instant that the API's copy can be of, the counter must have "
                      "grown by a factor of %.4g, and one post of that age in a thousand grows "
                      "by more than %.4g",
                   g->why.needed, g->why.limit);
}

static void joint_text(struct buf *o, const struct gap *g)
{
    const char *witness = g->why.witness < FIELD_COUNT ? field_info(g->why.witness)->name : "";

    values_text(o, g);
    buf_printf(o, "; they must have grown by a factor of %.4g, and what %s shows of that time "
                  "goes with no more than %.4g",
               g->why.needed, witness, g->why.limit);
}

void story_gap_says(struct buf *o, const struct gap *g)
{
    switch (g->why.rule) {
    case GAP_RULE_SINGLE: single_text(o, g); break;
    case GAP_RULE_JOINT: joint_text(o, g); break;
    case GAP_RULE_IMPOSSIBLE:
        buf_printf(o, "the API's %s is %.4g times its %s, which no page shows and no post can have",
                   g->why.witness < FIELD_COUNT ? field_info(g->why.witness)->name : "",
                   g->why.needed, field_info(g->field)->name);
        break;
    case GAP_RULE_RENAMED:
        buf_puts(o, "both handles are one account's, which a page or a link that came in shows: it "
                    "took another between two readings");
        break;
    case GAP_RULE_NONE: case GAP_RULE_COUNT: break;
    }
}
