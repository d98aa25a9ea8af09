/* scrape/streak.c: is it the posts, or the site? */
#include <stdlib.h>
#include "base/array.h"
#include "scrape/streak.h"

#define CONTROLS_MAX 2             // controls without an answer that convict the site
#define DRY_MIN 3    // fewer unread pages than that, after others were shown, are of these posts

/* Puts what is held: as it was read, or as no answer. */
static int put_held(struct streak *k, bool as_read, struct err *err)
{
    while (k->held) {
        if (!as_read) {
            k->held->answer.kind = ANSWER_NO_ANSWER;
            k->held->answer.why = NO_ANSWER_UNKNOWN_CODE;
            k->held->answer.record = NULL;
            k->held->answer.list = NULL;
        }
        if (aside_put(&k->held, k->book, err))
            return -1;
    }
    return 0;
}

/* ---- the row ---- */

static void add(struct streak *k, const struct visit *v, enum no_answer why)
{
    ARRAY_ROOM(k->v, k->n, k->cap);
    k->v[k->n++] = v->member;
    k->why[why]++;
    k->controls += v->control;
    k->witness = v->req.witness;
    k->evidence = v->evidence;
}

/* A page was read: the site is what it was. */
static int end_row(struct streak *k, struct err *err)
{
    if (put_held(k, true, err))
        return -1;
    *k = (struct streak){ .book = k->book,
                          .unread_max = k->unread_max,
                          .shown = k->shown,
                          .v = k->v,
                          .cap = k->cap,
                          .asking = k->asking,
                          .any_read = true };
    return 0;
}

int streak_take(struct streak *k, struct visit *v, struct answer *a, struct err *err)
{
    bool of_page = v->req.witness == WITNESS_PAGE || v->req.witness == WITNESS_CREATOR ||
                   v->req.witness == WITNESS_EMBED;

    if (v->control)
        k->asking = false;
    if (v->code_unknown) {
        add(k, v, NO_ANSWER_UNKNOWN_CODE);
        aside_add(&k->held, v, a);
        return 0;
    }
    if (book_put(k->book, &v->req, a, v->evidence, err))
        return -1;
    if (of_page && answer_is_given(a))
        return end_row(k, err);
    if (of_page && !no_answer_is_block(a->why))
        add(k, v, a->why);
    return 0;
}

bool streak_suspects(const struct streak *k, bool dry)
{
    return k->n >= k->unread_max || (dry && !k->any_read && k->n >= (k->shown ? DRY_MIN : 1));
}

bool streak_wants_control(const struct streak *k)
{
    return k->controls < CONTROLS_MAX;
}

/* With no control at all only a long row of them convicts. */
void streak_decide(struct streak *k)
{
    k->sure = k->controls > 0 || k->n >= k->unread_max;
}

int streak_end(struct streak *k, bool early, bool unreachable, struct err *err)
{
    if (!k->sure && !unreachable) {
        k->n = 0;
        for (const struct aside *h = k->held; h; h = h->next)
            k->v[k->n++] = h->visit.member;
    }
    if (put_held(k, !early, err))
        return -1;
    return early ? book_spare(k->book, k->witness, k->v, k->n, err) : 0;
}

void streak_release(struct streak *k)
{
    free(k->v);
    aside_release(&k->held);
}

/* ---- what a person is told ---- */

/* At most page.unread pages and those under way are held, so each is counted by itself. */
static void codes_text(const struct streak *k, struct buf *text)
{
    int64_t code = 0;
    size_t most = 0, all = 0;

    for (const struct aside *h = k->held; h; h = h->next) {
        size_t same = 0;

        all++;
        for (const struct aside *o = k->held; o; o = o->next)
            same += o->answer.code == h->answer.code;
        if (same > most) {
            most = same;
            code = h->answer.code;
        }
    }
    buf_printf(text, "pages changed: %zu of the last %zu carry ", all, k->n);
    if (most == all)
        buf_printf(text, "status code %lld, which is not known", (long long)code);
    else
        buf_printf(text, "status codes that are not known, %zu of them %lld", most,
                   (long long)code);
}

void streak_text(const struct streak *k, struct buf *text)
{
    int most = NO_ANSWER_NONE;

    for (int i = 0; i < NO_ANSWER_COUNT; i++)
        if (k->why[i] > k->why[most])
            most = i;
    switch (most) {
    case NO_ANSWER_LOGIN_WALL:
        buf_printf(text, "the site asks for a login: " COUNTED
                         " in a row, and shows no post without",
                   COUNT_OF((int64_t)k->n, "page", "pages"));
        break;
    case NO_ANSWER_UNKNOWN_CODE:
        codes_text(k, text);
        break;
    case NO_ANSWER_EMPTY:
        buf_printf(text, "the site blocks us: the last " COUNTED " empty",
                   COUNT_OF((int64_t)k->n, "page was", "pages were"));
        break;
    case NO_ANSWER_SERVER_ERROR:
    case NO_ANSWER_TIMEOUT:
    case NO_ANSWER_TRANSPORT:
    case NO_ANSWER_HTTP_404:
    case NO_ANSWER_HTTP_OTHER:
        buf_printf(text, "the site fails: the last " COUNTED " gave no answer (%s)",
                   COUNT_OF((int64_t)k->n, "page", "pages"),
                   no_answer_name((enum no_answer)most));
        break;
    default:
        buf_printf(text, "pages changed: 0 of the last %zu had a known shape (%s)", k->n,
                   no_answer_name((enum no_answer)most));
    }
}
