/* record/watch_history.c: see watch_history.h. */
#include "record/watch_history.h"
#include <string.h>

static void count_gone(struct watch_counts *c, struct watch_day d)
{
    c->gone.days++;
    if (d.api == WATCH_API_ABSENT) {
        c->gone.absent++;
        c->gone.no_canary += d.no_canary;
    } else {
        c->gone.not_measured++;
        c->gone.why[d.api_why]++;
    }
}

void watch_count(struct watch_counts *c, struct watch_day d)
{
    c->page[d.page]++;
    if (d.api == WATCH_API_NONE)
        return;
    c->days++;
    c->found += d.api == WATCH_API_FOUND;
    c->not_measured += d.api == WATCH_API_NOT_MEASURED;
    if (d.api == WATCH_API_NOT_MEASURED)
        c->why[d.api_why]++;
    if (watch_day_is_gone(d))
        count_gone(c, d);
    if (d.api != WATCH_API_ABSENT)
        return;
    c->absent++;
    c->no_canary += d.no_canary;
    if (d.page == WATCH_PAGE_PUBLIC)
        c->absent_public++;
    else if (d.page == WATCH_PAGE_REFUSED)
        c->absent_gone++;
    else
        c->absent_unread++;
}

void watch_counts_add(struct watch_counts *to, const struct watch_counts *c)
{
    to->days += c->days;
    to->found += c->found;
    to->absent += c->absent;
    to->not_measured += c->not_measured;
    to->absent_public += c->absent_public;
    to->absent_gone += c->absent_gone;
    to->absent_unread += c->absent_unread;
    to->no_canary += c->no_canary;
    for (int i = 0; i < WATCH_WHY_COUNT; i++) {
        to->why[i] += c->why[i];
        to->gone.why[i] += c->gone.why[i];
    }
    for (int i = 0; i < WATCH_PAGE_COUNT; i++)
        to->page[i] += c->page[i];
    to->gone.days += c->gone.days;
    to->gone.absent += c->gone.absent;
    to->gone.not_measured += c->gone.not_measured;
    to->gone.no_canary += c->gone.no_canary;
}

struct watch_counts watch_counts_there(const struct watch_counts *c)
{
    struct watch_counts there = *c;

    there.days -= c->gone.days;
    there.absent -= c->gone.absent;
    there.absent_gone = 0;
    there.page[WATCH_PAGE_REFUSED] -= c->gone.days;
    there.not_measured -= c->gone.not_measured;
    there.no_canary -= c->gone.no_canary;
    for (int i = 0; i < WATCH_WHY_COUNT; i++)
        there.why[i] -= c->gone.why[i];
    memset(&there.gone, 0, sizeof there.gone);
    return there;
}

enum watch_fate watch_post_fate(const struct watch_post *p)
{
    const struct watch_counts there = watch_counts_there(&p->counts);

    if (there.found)
        return there.absent ? WATCH_FATE_BOTH : WATCH_FATE_ALWAYS;
    if (there.absent)
        return WATCH_FATE_NEVER;
    return p->counts.gone.days ? WATCH_FATE_GONE : WATCH_FATE_UNMEASURED;
}

void watch_history_fates(const struct watch_history *h, int64_t n[WATCH_FATES])
{
    for (int i = 0; i < WATCH_FATES; i++)
        n[i] = 0;
    for (size_t i = 0; i < h->posts; i++)
        if (h->post[i].role != WATCH_CANARY)
            n[watch_post_fate(&h->post[i])]++;
}

struct watch_day watch_post_on(const struct watch_post *p, int64_t day)
{
    if (day < p->first_day || day - p->first_day >= (int64_t)p->days)
        return (struct watch_day){ 0 };
    return p->day[day - p->first_day];
}

bool watch_post_is_idle(const struct watch_post *p)
{
    for (size_t i = 0; i < p->runs; i++)
        if (p->run[i].asks)
            return false;
    return true;
}

static void span(struct watch_history *h)
{
    int64_t last = -1;

    for (size_t i = 0; i < h->posts; i++) {
        const struct watch_post *p = &h->post[i];

        if (!p->days)
            continue;
        if (last < 0 || p->first_day < h->first_day)
            h->first_day = p->first_day;
        if (p->first_day + (int64_t)p->days - 1 > last)
            last = p->first_day + (int64_t)p->days - 1;
    }
    h->days = last < 0 ? 0 : last - h->first_day + 1;
}

void watch_history_finish(struct watch_history *h, struct arena *mem)
{
    span(h);
    h->date = arena_alloc(mem, ((size_t)h->days + 1) * sizeof *h->date);
    for (size_t i = 0; i < h->posts; i++) {
        struct watch_post *p = &h->post[i];
        const bool canary = p->role == WATCH_CANARY;

        *(canary ? &h->canaries : &h->watched) += 1;
        h->canaries_idle += canary && watch_post_is_idle(p);
        for (size_t d = 0; d < p->days; d++) {
            watch_count(&p->counts, p->day[d]);
            if (!canary)
                watch_count(&h->date[p->first_day - h->first_day + (int64_t)d].posts, p->day[d]);
        }
        watch_counts_add(canary ? &h->of_canaries : &h->counts, &p->counts);
    }
    for (int64_t d = 0; d < h->days; d++)
        h->gaps += h->date[d].posts.days == 0;
}

int64_t watch_history_last_measured(const struct watch_history *h)
{
    for (int64_t d = h->days - 1; d >= 0; d--)
        if (h->date[d].posts.found || h->date[d].posts.absent)
            return h->first_day + d;
    return -1;
}
