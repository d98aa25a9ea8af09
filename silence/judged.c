/* silence/judged.c: who of a batch may have made it lose. */
#include "silence/judged.h"
#include <stdlib.h>
#include "base/array.h"

/* One that is only restricted here is no suspect: the API may well return it. */
bool ask_is_suspect(const struct ask_row *row, const struct known *known)
{
    return row->role != ROLE_CANARY && !row->came_back && row->item <= known->max_item &&
           known_standing(known, row->item) != STANDING_RESTRICTED &&
           known->alive[row->item] < row->at;
}

bool ask_is_lasting_suspect(const struct ask_row *row, const struct known *known)
{
    return ask_is_suspect(row, known) && (known_standing(known, row->item) != STANDING_PUBLIC ||
                                          (known->flags[row->item] & KNOWN_GIVEN_UP));
}

static bool is_dead_canary(const struct ask_row *row, const struct known *known)
{
    return !row->came_back && row->item <= known->max_item && known->alive[row->item] < row->at &&
           known_standing(known, row->item) == STANDING_NOT_PUBLIC;
}

void judged_fill(struct judged *b, const struct known *known)
{
    b->suspects = b->lasting_suspects = b->never = b->canaries = b->back = b->came = 0;
    b->dead_canary = b->forensic = b->late = false;
    for (size_t i = 0; i < b->n; i++) {
        const struct ask_row *row = &b->row[i];

        if (row->role == ROLE_CANARY) {
            b->canaries++;
            b->back += row->came_back;
            b->dead_canary |= is_dead_canary(row, known);
        } else {
            b->came += row->came_back;
            b->never += row->item > known->max_item || known->silence[row->item] > 0;
            b->forensic |= row->role == ROLE_FORENSIC;
            b->late |= row->role == ROLE_LATE;
            b->suspects += ask_is_suspect(row, known);
            b->lasting_suspects += ask_is_lasting_suspect(row, known);
        }
    }
}

int judged_make_up(const struct judged *b, bool canaries, bool own_suspect, bool own_never)
{
    enum mates mates = b->lasting_suspects > own_suspect ? MATES_DEAD
                       : canaries                        ? MATES_SOUND
                                                         : MATES_NO_CANARY;

    return make_up_of(mates, b->never > own_never, b->n);
}

int judged_each(const struct row_source *rows, int (*take)(void *to, struct judged *), void *to,
                struct err *err)
{
    struct judged b = { 0 };
    struct ask_row row;
    int got;

    if (rows->rewind_asks(rows->from, err))
        return -1;
    do {
        got = rows->next_ask(rows->from, &row, err);
        if (b.n && (got <= 0 || row.request != b.row[0].request)) {
            if (got >= 0 && take(to, &b))
                got = -1;
            b.n = 0;
            b.out = b.repeat = false;
        }
        if (got > 0) {
            ARRAY_ROOM(b.row, b.n, b.cap);
            b.row[b.n++] = row;
        }
    } while (got > 0);
    free(b.row);
    return got;
}
