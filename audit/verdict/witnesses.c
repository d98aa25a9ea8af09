/* audit/verdict/witnesses.c: do the site's own witnesses agree, and what rests on the weaker of
 * them? Of posts that their page refused and whose embed page was asked since: how many it shows.
 * Of those that are public or refused: how many by their embed page alone. */
#include "audit/verdict/numbers.h"
#include "record/item.h"

struct sides {
    struct number disagree, alone;
    int set_disagree, set_alone;    // of the items behind them
    int64_t n_disagree, of_disagree, n_alone, of_alone;
};

static void take(const struct numbers_from *from, struct sides *t, const struct item_row *row)
{
    const enum answer_kind embed = item_embed_since(row);
    const bool decided = row->page == ANSWER_PUBLIC || row->page == ANSWER_REFUSED,
               alone = decided && row->page_witness == WITNESS_EMBED;

    t->of_disagree += embed != ANSWER_COUNT;
    t->n_disagree += embed == ANSWER_PUBLIC;
    if (embed == ANSWER_PUBLIC)
        behind_mark(from->behind, t->set_disagree, row->n);
    t->of_alone += decided;
    t->n_alone += alone;
    if (alone)
        behind_mark(from->behind, t->set_alone, row->n);
}

static int count(const struct numbers_from *from, struct sides *t, struct err *err)
{
    struct item_cursor *cursor = NULL;
    struct item_row row;
    int got;

    if (store_items(from->audit->store, ITEMS_ALL, 0, &cursor, err))
        return -1;
    while ((got = item_cursor_next(cursor, &row, err)) > 0)
        take(from, t, &row);
    item_cursor_close(cursor);
    return got;
}

/* No pass over the items where no embed page was ever read. */
int witness_numbers(const struct numbers_from *from, struct err *err)
{
    struct summary *s = from->s;
    struct sides t = {
        .disagree = { .name = STR("witnesses_disagree"),
                      .is = STR("Posts that their page refused and that their embed page shows, "
                                "read at or after that, as a share of the refused posts whose "
                                "embed page answered since. That the page hangs on where it was "
                                "read is the first suspicion.") },
        .alone = { .name = STR("rests_on_embed"),
                   .is = STR("Posts that are public or refused by their embed page alone, as a "
                             "share of all that are either: the page itself gave no answer that "
                             "decides. The embed page has fewer fields, and never says why it "
                             "shows no post.") },
    };

    if (!s->said[WITNESS_EMBED].asked)
        return 0;
    t.set_disagree = behind_set(from->behind, t.disagree.name);
    t.set_alone = behind_set(from->behind, t.alone.name);
    if (count(from, &t, err))
        return -1;
    number_set_share(&t.disagree, t.n_disagree, t.of_disagree);
    if (!t.of_disagree)
        t.disagree.is = STR("Posts that their page refused and that their embed page shows, read "
                            "at or after that. No value: no embed page was asked about a refused "
                            "post.");
    number_put(&s->numbers, s->mem, &t.disagree);
    number_set_share(&t.alone, t.n_alone, t.of_alone);
    if (t.n_alone)
        number_put(&s->numbers, s->mem, &t.alone);
    return 0;
}
