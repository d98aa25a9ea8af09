/* silence/told.c: see told.h. */
#include "silence/told.h"
#include "base/utc.h"
#include "silence/parts.h"
#include "silence/sound.h"

static const struct {
    const char *word, *sentence;
} whys[UNSOUND_COUNT] = {
#define X(id, word, sentence) [UNSOUND_##id] = { word, sentence },
    UNSOUND(X)
#undef X
};

const char *unsound_word(enum unsound u) { return whys[u].word; }

const char *unsound_sentence(enum unsound u) { return whys[u].sentence; }

/* ---- requests ---- */

struct walk {
    const struct view *view;
    const struct settings *set;
    told_batch_fn *each;
    void *to;
};

static int take_batch(void *to, struct judged *b)
{
    const struct walk *w = to;
    struct told_batch told = { .request = b->row[0].request, .complete = b->row[0].complete };

    judged_fill(b, &w->view->known);
    b->out = outages_hold(&w->view->outages, b->row[0].at, b->row[0].request);
    told.holds = canaries_hold(w->view->canaries, w->set, b);
    told.as = *b;
    told.as.row = NULL;
    w->each(w->to, &told);
    return 0;
}

int view_told_batches(const struct view *view, const struct row_source *rows,
                      const struct settings *set, told_batch_fn *each, void *to, struct err *err)
{
    struct walk w = { view, set, each, to };

    return judged_each(rows, take_batch, &w, err);
}

/* ---- one ask ---- */

static unsigned bit(bool is, enum unsound u) { return is ? 1u << u : 0; }

/* Whether its page had been seen public before, and was at or after it. Where only the clocks
 * leave that open, they are why. */
static unsigned whys_of_page(const struct settings *set, const struct silence *s,
                             const struct ask_row *row, int64_t clock_s)
{
    const int64_t first = s->public_first - clock_s, last = s->public_last + clock_s;
    const bool before = row->at < s->public_first,
               since = row->at > s->public_last && (set->page_recheck || silence_is_refused(s));

    return bit((before && row->at >= first) || (since && row->at <= last), UNSOUND_CLOCKS) |
           bit(before && row->at < first, UNSOUND_BEFORE) |
           bit(since && row->at > last, UNSOUND_SINCE);
}

static unsigned whys_of(const struct view *view, const struct settings *set,
                        const struct silence *s, const struct told_batch *b,
                        const struct ask_row *row, bool suspects)
{
    int64_t day = utc_day(s->created);

    return bit(!b->complete, UNSOUND_INCOMPLETE) | bit(b->as.out, UNSOUND_OUTAGE) |
           bit(row->role != ROLE_ASKED, UNSOUND_CHECK) |
           bit(row->start_day > day - 1 || row->end_day < day + 1, UNSOUND_WINDOW) |
           bit(row->at < due_by_age(silence_born(s), set), UNSOUND_YOUNG) |
           bit(!b->holds, UNSOUND_CANARIES) | bit(suspects, UNSOUND_MATES) |
           whys_of_page(set, s, row, view->clock_s);
}

void view_told_ask(const struct view *view, const struct settings *set, const struct told_batch *b,
                   const struct ask_row *row, struct told_ask *told)
{
    const struct known *known = &view->known;
    const struct silence *s = silences_find(view, row->item);
    const bool canary = row->role == ROLE_CANARY, here = known_is(known, row->item);
    const bool own = here && ask_is_suspect(row, known);
    const bool own_lasting = here && ask_is_lasting_suspect(row, known);
    struct absence a;

    *told = (struct told_ask){
        .mates = (int)b->as.n - 1,
        .mates_back = b->as.came + b->as.back - row->came_back,
        .canaries = b->as.canaries - canary,
        .canaries_back = b->as.back - (canary && row->came_back),
        .suspects = b->as.suspects - own,
    };
    if (!s || row->came_back || !s->public_first)
        return;
    told->absent = true;
    told->counts = b->complete && !b->as.out && !b->as.forensic &&
                   absence_of(view, set, &b->as, row, b->holds, &a) && a.sound;
    if (!told->counts)
        told->why = whys_of(view, set, s, b, row,
                            set->page_recheck ? told->suspects > 0
                                              : b->as.lasting_suspects > own_lasting);
}
