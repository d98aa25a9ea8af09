/* scrape/wall.c: what is held, and what tells. */
#include <string.h>
#include "scrape/wall.h"

#define CONTROLS_TRIED 8    // of the source: those that are held themselves are none

bool wall_holds(struct wall *w, struct visit *v, const struct answer *a)
{
    if (v->clears || v->req.witness == WITNESS_CREATOR || a->kind != ANSWER_NO_ANSWER ||
        !no_answer_is_block(a->why))
        return false;
    aside_add(&w->held, v, a);
    return true;
}

static bool tells_of(enum witness read, enum witness held)
{
    return read == held || (read == WITNESS_PAGE && held == WITNESS_SHORT);
}

/* Puts those that the witness tells of as blocked alone; all: as they came. */
static int put_some(struct wall *w, bool alone, enum witness read, struct err *err)
{
    struct aside *kept = NULL;

    while (w->held) {
        struct aside *h = w->held;

        if (alone && !tells_of(read, h->visit.req.witness)) {
            w->held = h->next;
            h->next = kept;
            kept = h;
            continue;
        }
        if (alone) {
            if (h->visit.req.witness != WITNESS_SHORT)      // whose message is its target
                h->answer.message = str_of(no_answer_name(h->answer.why));
            h->answer.why = NO_ANSWER_BLOCKED_ALONE;
        }
        if (aside_put(&w->held, w->book, err)) {
            while (kept) {    // for wall_release
                h = kept;
                kept = h->next;
                h->next = w->held;
                w->held = h;
            }
            return -1;
        }
    }
    w->held = kept;
    return 0;
}

int wall_blames_site(struct wall *w, struct err *err)
{
    w->site = true;
    return put_some(w, false, WITNESS_PAGE, err);
}

int wall_sees(struct wall *w, const struct visit *v, const struct answer *a, struct err *err)
{
    bool given = answer_is_given(a);

    if (v->clears)
        w->asking = false;
    if (given && (v->req.witness == WITNESS_PAGE || v->req.witness == WITNESS_EMBED) &&
        a->kind == ANSWER_PUBLIC) {
        w->last_id = v->task.id;
        w->last_item = v->task.item;
    }
    if (given)
        return put_some(w, true, v->req.witness, err);
    return v->clears ? wall_blames_site(w, err) : 0;
}

static bool is_held(const struct wall *w, int64_t item)
{
    for (const struct aside *h = w->held; h; h = h->next)
        if (h->visit.req.witness != WITNESS_SHORT && h->visit.member.item == item)
            return true;
    return false;
}

/* What is asked of a post that should be readable, where this witness was blocked. */
static enum witness control_of(enum witness held)
{
    return held == WITNESS_OEMBED || held == WITNESS_EMBED ? held : WITNESS_PAGE;
}

int wall_control(struct wall *w, struct read_source *source, struct arena *mem,
                 struct read_task *task, struct err *err)
{
    int got = 0;

    memset(task, 0, sizeof *task);
    if (w->last_item && !is_held(w, w->last_item)) {
        task->id = w->last_id;
        task->item = w->last_item;
        got = 1;
    }
    for (int i = 0; !got && i < CONTROLS_TRIED && source->control; i++) {
        if ((got = source->control(source->from, mem, task, err)) <= 0)
            break;
        got = !is_held(w, task->item);
    }
    if (got != 1)
        return got;
    task->witness = w->held ? control_of(w->held->visit.req.witness) : WITNESS_PAGE;
    w->asking = true;
    return 1;
}

void wall_release(struct wall *w) { aside_release(&w->held); }
