/* silence/sound_asks.c: asks as trials. */
#include "silence/sound_asks.h"
#include "silence/parts.h"

/* Something else came back. Where an item is the only canary of its batch, the others that
 * were asked speak for it. */
static bool brings_others(const struct view *view, const struct settings *set,
                          const struct judged *b, const struct ask_row *row)
{
    bool canary = row->role == ROLE_CANARY;

    if (b->canaries > canary)
        return b->back - (canary && row->came_back) > 0 && !b->dead_canary;
    if (b->late && b->came > row->came_back)       // its retrieved items are its canaries
        return true;
    if (canary || (row->round == 1 && settings_first(set) != WITNESS_COUNT))
        return b->came - (!canary && row->came_back) > 0;
    return canaries_hold(view->canaries, set, b);
}

static enum sound_ask judge(const struct view *view, const struct settings *set,
                            const struct judged *b, const struct ask_row *row)
{
    const struct known *known = &view->known;
    int own = ask_is_suspect(row, known);

    if (!known_is(known, row->item) || b->out || b->forensic || !known_fits_window(known, row) ||
        (set->page_recheck ? b->suspects != own
                           : b->lasting_suspects != ask_is_lasting_suspect(row, known)) ||
        !brings_others(view, set, b, row))
        return SOUND_NOT;
    if (row->came_back)
        return SOUND_FOUND;
    if (known->alive[row->item] >= row->at)
        return SOUND_ABSENT;
    return known_standing(known, row->item) == STANDING_NOT_PUBLIC ? SOUND_NOT : SOUND_UNDECIDED;
}

struct walk {
    const struct view *view;
    const struct settings *set;
    sound_ask_fn *each;
    void *to;
    struct err *err;
};

static int take_batch(void *to, struct judged *b)
{
    const struct walk *w = to;

    if (!b->row[0].complete)
        return 0;
    judged_fill(b, &w->view->known);
    b->out = outages_hold(&w->view->outages, b->row[0].at, b->row[0].request);
    for (size_t i = 0; i < b->n; i++)
        if (w->each(w->to, &b->row[i], judge(w->view, w->set, b, &b->row[i]), w->err))
            return -1;
    return 0;
}

int view_sound_asks(const struct view *view, const struct row_source *rows,
                    const struct settings *set, sound_ask_fn *each, void *to, struct err *err)
{
    struct walk w = { view, set, each, to, err };

    return judged_each(rows, take_batch, &w, err);
}
