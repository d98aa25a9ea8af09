/* audit/monitor/told.c: the store's readings, handed to what judges them. */
#include "audit/monitor/told.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include "base/array.h"

static int keep_round(void *to, const struct watch_round *r, struct err *err)
{
    struct told_rounds *all = to;

    (void)err;
    ARRAY_ROOM(all->v, all->n, all->cap);
    all->v[all->n++] = *r;
    return 0;
}

int told_rounds_read(struct audit *audit, struct told_rounds *all, struct err *err)
{
    *all = (struct told_rounds){ 0 };
    return store_watch_rounds(audit->store, keep_round, all, err);
}

void told_rounds_release(struct told_rounds *all)
{
    free(all->v);
    *all = (struct told_rounds){ 0 };
}

struct teller {
    const struct told_rounds *rounds;
    struct watch_readings of;
    told_fn *each;
    void *to;
};

static int tell_item(void *to, const struct watched *w, const struct reading *r, size_t n,
                     struct err *err)
{
    struct teller *t = to;

    watch_readings_of(w, r, n, t->rounds->v, t->rounds->n, &t->of);
    return t->each(t->to, w, t->of.v, t->of.n, err);
}

int told_each(struct audit *audit, const struct told_rounds *rounds, told_fn *each, void *to,
              struct err *err)
{
    struct teller t = { .rounds = rounds, .each = each, .to = to };
    int rc = store_watch_readings(audit->store, tell_item, &t, err);

    watch_readings_release(&t.of);
    return rc;
}

struct watch_events_opts told_opts(const struct settings *set)
{
    return (struct watch_events_opts){ .confirm_s = set->monitor_confirm_hours * 3600,
                                       .stale_s = set->monitor_stale_hours * 3600 };
}

void told_event_item(struct watch_events *e, const struct watched *w, const struct watch_reading *r,
                     size_t n)
{
    if (w->role != WATCH_FRESH)    // nobody promised it in its first hours
        watch_events_item(e, w->item, w->id, w->role != WATCH_CANARY, r, n);
}

void told_event_rounds(struct watch_events *e, const struct told_rounds *rounds, int64_t until)
{
    int64_t *at = xcalloc(rounds->n ? rounds->n : 1, sizeof *at);

    for (size_t i = 0; i < rounds->n; i++)
        at[i] = rounds->v[i].started_at;
    watch_events_rounds(e, at, rounds->n, until);
    free(at);
}

static int take_item(void *to, const struct watched *w, const struct watch_reading *r, size_t n,
                     struct err *err)
{
    (void)err;
    told_event_item(to, w, r, n);
    return 0;
}

int told_events(struct audit *audit, int64_t until, struct watch_events **out, struct err *err)
{
    const struct watch_events_opts opts = told_opts(&audit->set);
    struct watch_events *e = watch_events_new(&opts);
    struct told_rounds rounds;
    int rc = -1;

    if (told_rounds_read(audit, &rounds, err) || told_each(audit, &rounds, take_item, e, err))
        goto out;
    told_event_rounds(e, &rounds, until);
    *out = e;
    e = NULL;
    rc = 0;
out:
    told_rounds_release(&rounds);
    watch_events_free(e);
    return rc;
}

const char *told_event_name(const struct watch_event *e, char name[TOLD_NAME_MAX])
{
    snprintf(name, TOLD_NAME_MAX, "%s-%" PRId64 "-%" PRId64 "%s", watch_event_name(e->kind),
             e->item, e->at, e->loaded ? "-loaded" : "");
    return name;
}
