/* audit/verdict/explain.c: the story of one item, for who asks for it. */
#include "audit/verdict/explain.h"
#include "audit/verdict/looks.h"
#include "audit/verdict/story.h"
#include "report/cases.h"

static void tell(struct story *s, enum explain_as as, struct buf *out)
{
    struct told_story told = { 0 };

    if (as == EXPLAIN_JSON) {
        story_json(out, s);
        return;
    }
    story_tell(s, &told);
    if (as == EXPLAIN_HTML)
        report_case(out, &told, false);
    else
        story_text(out, &told);
    told_release(&told);
}

int explain_item(struct audit *audit, const char *what, enum explain_as as, struct buf *out,
                 struct err *err)
{
    struct arena mem = { 0 };
    struct look look = { 0 };
    struct stories all = { 0 };
    struct story s = { 0 };
    int rc = -1;

    if ((as == EXPLAIN_HTML && looks_make(audit, &mem, &look, err)) ||
        stories_open(&all, audit, as == EXPLAIN_HTML ? &look : NULL, err))
        goto out;
    if (story_find(&all, what, &s, err) == 0) {
        tell(&s, as, out);
        rc = 0;
    }
    story_release(&s);
    stories_close(&all);
out:
    looks_release(&look);
    arena_release(&mem);
    return rc;
}
