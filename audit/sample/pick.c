/* audit/sample/pick.c: see pick.h. */
#include "audit/sample/pick.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/array.h"
#include "record/id.h"
#include "record/seed.h"

void frame_release(struct frame *f)
{
    for (size_t i = 0; i < f->n; i++)
        free(f->v[i].post);
    free(f->v);
    *f = (struct frame){ NULL, 0 };
}

void picked_release(struct picked *p)
{
    free(p->creator);
    free(p->post);
    *p = (struct picked){ .creator = NULL };
}

/* ---- the digest of a frame ---- */

static int by_handle(const void *a, const void *b)
{
    const struct frame_creator *const *x = a, *const *y = b;
    int c = strcmp((*x)->who.handle, (*y)->who.handle);

    return c ? c : ((*x)->who.n > (*y)->who.n) - ((*x)->who.n < (*y)->who.n);
}

struct digest frame_digest(const struct frame *f)
{
    const struct frame_creator **v = xcalloc(f->n + 1, sizeof *v);
    struct digest_ctx ctx;
    char line[HANDLE_MAX + 64];

    for (size_t i = 0; i < f->n; i++)
        v[i] = &f->v[i];
    qsort(v, f->n, sizeof *v, by_handle);
    digest_start(&ctx);
    for (size_t i = 0; i < f->n; i++) {
        digest_add(&ctx, line,
                   (size_t)snprintf(line, sizeof line, "@%s %s\n", v[i]->who.handle,
                                    creator_standing_name(v[i]->who.standing)));
        for (size_t k = 0; k < v[i]->posts; k++)
            digest_add(&ctx, line,
                       (size_t)snprintf(line, sizeof line, " %" PRIu64 "\n", v[i]->post[k].id));
    }
    free(v);
    return digest_finish(&ctx);
}

/* ---- one creator ---- */

struct ranked {
    uint64_t id, rank;
    bool pinned, unusable;
};

static int by_rank(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;
    int c = (x->rank > y->rank) - (x->rank < y->rank);

    return c ? c : (x->id > y->id) - (x->id < y->id);
}

static struct str key_of(struct str seed, char key[24])
{
    snprintf(key, 24, "%016" PRIx64, digest_rank(seed, SEED_DRAW));
    return str_of(key);
}

/* Posts that are old enough, in the order of the draw; free() them. */
static struct ranked *rank_posts(const struct frame_creator *c, struct str seed,
                                 const struct draw *d, size_t *n)
{
    struct ranked *v = xcalloc(c->posts + 1, sizeof *v);
    char text[24];
    struct str key = key_of(seed, text);

    *n = 0;
    for (size_t i = 0; i < c->posts; i++) {
        const struct frame_post *p = &c->post[i];

        if (id_time(p->id) + d->min_age_s > d->at)
            continue;
        v[(*n)++] = (struct ranked){ p->id, d->newest ? ~p->id : digest_rank(key, p->id), p->pinned,
                                     p->unusable };
    }
    qsort(v, *n, sizeof *v, by_rank);
    return v;
}

/* A list is worth more than what the page said before it. */
static enum draw_why standing_why(const struct frame_creator *c)
{
    if (c->who.purged)
        return DRAW_PURGED;
    if (!c->is_listed || c->who.standing_at >= c->listed_at)
        switch (c->who.standing) {
        case CREATOR_PRIVATE: return DRAW_PRIVATE;
        case CREATOR_GONE: return DRAW_GONE;
        case CREATOR_REFUSED: return DRAW_REFUSED;
        default: break;
        }
    return c->is_listed ? DRAW_DRAWN : DRAW_NOT_LISTED;
}

static void add_post(struct picked *out, size_t *cap, const struct drawn_post *p)
{
    ARRAY_ROOM(out->post, out->posts, *cap);
    out->post[out->posts++] = *p;
}

/* The first that can be used; whatever stands before it and cannot is noted as replaced. */
static void take(const struct frame_creator *c, const struct ranked *v, size_t n, int64_t want,
                 struct draw_creator *row, struct picked *out, size_t *cap)
{
    uint64_t passed[64];
    size_t passes = 0, used = 0;
    int64_t place = 1;

    for (size_t i = 0; i < n && place <= want; i++) {
        struct drawn_post p = { .creator = c->who.n, .post = v[i].id, .place = place };

        if (v[i].unusable) {
            if (passes < sizeof passed / sizeof *passed)
                passed[passes++] = v[i].id;
            continue;
        }
        if (used < passes) {
            p.instead = passed[used++];
            out->replaced++;
        }
        row->pinned += v[i].pinned;
        add_post(out, cap, &p);
        place++;
    }
}

static void pick_of(const struct frame_creator *c, struct str seed, const struct draw *d,
                    struct picked *out, size_t *cap)
{
    struct draw_creator row = { .creator = c->who.n,
                                .listed = (int64_t)c->posts,
                                .newest = c->newest,
                                .why = standing_why(c) };
    struct ranked *v = NULL;
    size_t n = 0;

    if (row.why == DRAW_DRAWN) {
        v = rank_posts(c, seed, d, &n);
        for (size_t i = 0; i < n; i++)
            row.frame += !v[i].unusable;
        if (row.listed < d->posts)
            row.why = DRAW_TOO_FEW;
        else if ((int64_t)n < d->posts)
            row.why = DRAW_TOO_YOUNG;
        else if (row.frame < d->posts)
            row.why = DRAW_UNUSABLE;
        else
            take(c, v, n, d->posts, &row, out, cap);
        free(v);
    }
    out->by_why[row.why]++;
    if (row.why == DRAW_DRAWN) {
        out->no_choice += row.frame == d->posts;
        out->newest += row.newest;
        out->pinned += row.pinned;
    }
    out->creator[out->creators++] = row;
}

void pick(const struct frame *f, struct str seed, struct draw *d, struct picked *out)
{
    size_t cap = 0;

    *out = (struct picked){ .creator = xcalloc(f->n + 1, sizeof *out->creator) };
    d->frame = frame_digest(f);
    for (size_t i = 0; i < f->n; i++)
        pick_of(&f->v[i], seed, d, out, &cap);
}

static bool is_taken(const uint64_t *taken, size_t n, uint64_t id)
{
    for (size_t i = 0; i < n; i++)
        if (taken[i] == id)
            return true;
    return false;
}

uint64_t pick_next(const struct frame_creator *c, struct str seed, const struct draw *d,
                   const uint64_t *taken, size_t n)
{
    size_t ranked = 0;
    struct ranked *v = rank_posts(c, seed, d, &ranked);
    uint64_t id = 0;

    for (size_t i = 0; i < ranked && !id; i++)
        if (!v[i].unusable && !is_taken(taken, n, v[i].id))
            id = v[i].id;
    free(v);
    return id;
}
