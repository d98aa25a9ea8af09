/* audit/page_yield.c: what the pages of a run gave, for the tallies and for status. */
#include "audit/page_yield.h"
#include <inttypes.h>

void page_yield_add(struct scrape_result *sum, const struct scrape_result *one)
{
    sum->pages += one->pages;
    sum->oembed += one->oembed;
    sum->embeds += one->embeds;
    sum->creators += one->creators;
    sum->sends += one->sends;
    sum->links += one->links;
    sum->links_resolved += one->links_resolved;
    sum->links_dead += one->links_dead;
    sum->links_open += one->links_open;
    sum->is_public += one->is_public;
    sum->refused += one->refused;
    sum->no_answer += one->no_answer;
    counted_join(&sum->blocks, &one->blocks);
    sum->controls += one->controls;
    for (int i = 0; i < GENERATION_COUNT; i++)
        counted_join(&sum->generation[i], &one->generation[i]);
    for (int i = 0; i < NO_ANSWER_COUNT; i++)
        counted_join(&sum->unread[i], &one->unread[i]);
    for (int i = 0; i < ENGINE_COUNT; i++)
        counted_join(&sum->engine[i], &one->engine[i]);
    counted_join(&sum->challenges, &one->challenges);
    sum->turned += one->turned;
    sum->odd = one->odd;
    sum->retry_at = one->retry_at;
}

static int tell_yield(struct audit *audit, struct buf *text, const char *kind, const char *name,
                      const struct counted *c, struct err *err)
{
    if (c->n == 0)
        return 0;
    buf_printf(text, "%s%s %" PRId64, text->n ? ", " : "", name, c->n);
    return store_tally(audit->store, kind, str_of(name), c, err);
}

/* By what pages were read; where no browser did, there is nothing to tell apart. */
static int tell_engines(struct audit *audit, const struct scrape_result *sum, struct buf *text,
                        struct err *err)
{
    const bool both = sum->engine[ENGINE_BROWSER].n || sum->challenges.n;
    int rc = 0;

    for (int i = 0; both && rc == 0 && i < ENGINE_COUNT; i++) {
        struct buf name = { 0 };

        buf_printf(&name, "by %s", engine_name((enum engine)i));
        rc = tell_yield(audit, text, "page_engine", buf_cstr(&name), &sum->engine[i], err);
        buf_release(&name);
    }
    return rc ? rc
              : tell_yield(audit, text, "page_engine", "challenge shown to the browser",
                           &sum->challenges, err);
}

static int note(struct audit *audit, const struct scrape_result *sum, struct err *err)
{
    struct buf text = { 0 };
    int rc = 0;

    for (int i = 0; rc == 0 && i < GENERATION_COUNT; i++)
        if (i != GENERATION_OEMBED)
            rc = tell_yield(audit, &text, "page_read",
                            i ? generation_name((enum generation)i) : "other", &sum->generation[i],
                            err);
    for (int i = 0; rc == 0 && i < NO_ANSWER_COUNT; i++)
        rc = tell_yield(audit, &text, "page_unread", no_answer_name((enum no_answer)i),
                        &sum->unread[i], err);
    if (rc == 0)
        rc = tell_yield(audit, &text, "page_unread", "block", &sum->blocks, err);
    if (rc == 0)
        rc = tell_engines(audit, sum, &text, err);
    if (rc == 0 && text.n)
        rc = store_event(audit->store, "page_yield", 0, buf_view(&text), err);
    buf_release(&text);
    return rc;
}

static bool gave_any(const struct scrape_result *sum)
{
    int64_t n = sum->blocks.n + sum->challenges.n;

    for (int i = 0; i < GENERATION_COUNT; i++)
        n += sum->generation[i].n;
    for (int i = 0; i < NO_ANSWER_COUNT; i++)
        n += sum->unread[i].n;
    for (int i = 0; i < ENGINE_COUNT; i++)
        n += sum->engine[i].n;
    return n > 0;
}

/* What the pages of this run gave, by generation, and why the others gave
 * nothing: in the tallies, and as one event for status. */
int page_yield_note(struct audit *audit, const struct scrape_result *sum, struct err *err)
{
    if (!gave_any(sum))
        return 0;
    if (store_begin(audit->store, err))
        return -1;
    if (note(audit, sum, err) == 0 && store_commit_later(audit->store, err) == 0)
        return 0;
    store_rollback(audit->store);
    return -1;
}
