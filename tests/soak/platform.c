/* tests/soak/platform.c: the models of corruption. */
#include "tests/soak/platform.h"

#include <stdlib.h>
#include <string.h>
#include "base/utc.h"
#include "fetch/batch.h"
#include "fixtures/corrupt.h"
#include "record/id.h"

#define WINDOWS_FAIL_DAYS 3

const struct model_info models[MODEL_COUNT] = {
    [MODEL_NONE] = { "none", "nothing is lost", 0, 0, true },
    [MODEL_DEAD_SHARE] = { "dead_share",
                           "a batch with an id that is not public loses RATE of what is there",
                           0.06, 0, true },
    [MODEL_DEAD_ALL] = { "dead_all", "a batch with an id that is not public loses everything", 1, 0,
                         true },
    [MODEL_ANY_SHARE] = { "any_share", "a batch with any never-retrievable id loses RATE", 0.5, 0,
                          false },
    [MODEL_BATCH_STICKY] = { "batch_sticky",
                             "any batch loses RATE, always the same ids for the same company", 0.3,
                             0, false },
    [MODEL_FAVOURED] = { "favoured", "dead_share SECOND, but RATE of all ids is never lost", 0.5,
                         0.3, true },
    [MODEL_RANDOM_SHARE] = { "random_share", "every request loses each id with probability RATE",
                             0.1, 0, false },
    [MODEL_WINDOWS] = { "windows", "RATE of the windows give 500 for three days; dead_share SECOND",
                        0.2, 0.06, true },
    [MODEL_OUTAGE] = { "outage",
                       "day RATE (0 is the first) answers nothing, code ok; dead_share SECOND", 1,
                       0.06, true },
    [MODEL_LATE] = { "late", "RATE is published weeks after its id says; dead_share SECOND", 0.02,
                     0.06, true },
    [MODEL_INTERMITTENT] = { "intermittent",
                             "RATE comes and goes in runs of days; dead_share SECOND", 0.01, 0.06,
                             true },
    [MODEL_VANISH] = { "vanish", "RATE of the public vanishes a day; dead_share SECOND", 0.005,
                       0.06, true },
    [MODEL_DELAY] = { "delay",
                      "RATE is new and returned 48 to 72 h after its creation; dead_share SECOND",
                      0.05, 0.06, true },
    [MODEL_HANDLES] = { "handles",
                        "RATE of the accounts has another handle from day 1; dead_share SECOND",
                        0.05, 0.06, true },
};

int model_parse(struct model *m, const char *text, struct err *err)
{
    size_t len = strcspn(text, ":");
    double *const to[] = { &m->rate, &m->second };
    const char *at = text + len;

    for (int k = 0; k < MODEL_COUNT; k++) {
        if (strlen(models[k].name) != len || strncmp(models[k].name, text, len) != 0)
            continue;
        *m = (struct model){ (enum model_kind)k, models[k].rate, models[k].second };
        for (int i = 0; i < 2 && *at == ':'; i++) {
            char *end;

            *to[i] = strtod(at + 1, &end);
            if (end == at + 1 || (*end && *end != ':') || !(*to[i] >= 0) || *to[i] > 60)
                return err_set(err, ERR_USAGE, "model '%s': a rate is missing or no number", text);
            at = end;
        }
        return *at ? err_set(err, ERR_USAGE, "model '%s': NAME[:RATE[:SECOND]] is expected", text)
                   : 0;
    }
    return err_set(err, ERR_USAGE, "'%s' is no model; --help lists them", text);
}

void model_print(const struct model *m, struct buf *out)
{
    buf_puts(out, models[m->kind].name);
    if (m->kind != MODEL_NONE && m->kind != MODEL_DEAD_ALL)
        buf_printf(out, ":%g", m->rate);
    if (models[m->kind].second > 0)
        buf_printf(out, ":%g", m->second);
}

void model_world(const struct model *m, struct world_params *p)
{
    switch (m->kind) {
    case MODEL_LATE:
        p->value[WORLD_LATE_FOUND_SHARE] = m->rate;
        p->value[WORLD_LATE_MISSING_SHARE] = m->rate / 4;
        break;
    case MODEL_INTERMITTENT:
        p->value[WORLD_INTERMITTENT] = m->rate;
        break;
    case MODEL_VANISH:
        p->value[WORLD_VANISH_PER_DAY] = m->rate;
        break;
    case MODEL_DELAY:
        p->value[WORLD_TOO_RECENT_SHARE] = m->rate;
        p->value[WORLD_DELAYED] = 1;
        break;
    default:
        break;
    }
}

int model_days(const struct model *m)
{
    return m->kind == MODEL_DELAY ? 6 : 1;
}

// ---- one request ----

bool platform_has(const struct platform *p, const struct world_item *it, int64_t at)
{
    return world_returned(p->w, it, at);
}

char *platform_handle(const struct platform *p, uint32_t account, int64_t at,
                      char out[WORLD_HANDLE_MAX])
{
    bool changed = p->model.kind == MODEL_HANDLES && at >= p->w->params.clock + UTC_DAY_S &&
                   !p->w->account[account].company &&
                   world_draw(p->w, account, DRAW_RENAME + 1000) < p->model.rate;

    return changed ? world_next_handle(p->w, account, out) : world_handle(p->w, account, out);
}

static struct corruption corruption_of(const struct model *m)
{
    switch (m->kind) {
    case MODEL_NONE:
        return (struct corruption){0};
    case MODEL_DEAD_SHARE: case MODEL_DEAD_ALL:
        return (struct corruption){ .dead = m->rate };
    case MODEL_ANY_SHARE:
        return (struct corruption){ .any = m->rate };
    case MODEL_BATCH_STICKY:
        return (struct corruption){ .sticky = m->rate };
    case MODEL_FAVOURED:
        return (struct corruption){ .favoured = m->rate, .dead = m->second };
    case MODEL_RANDOM_SHARE:
        return (struct corruption){ .random = m->rate };
    case MODEL_WINDOWS:
        return (struct corruption){ .windows = m->rate,
                                    .window_days = WINDOWS_FAIL_DAYS,
                                    .dead = m->second };
    default:
        return (struct corruption){ .dead = m->second };
    }
}

static bool is_out(const struct platform *p, int64_t at)
{
    return p->model.kind == MODEL_OUTAGE &&
           utc_day(at) - utc_day(p->w->params.clock) == (int64_t)p->model.rate;
}

enum reply_kind platform_query(const struct platform *p, const struct question *q, bool *back)
{
    struct corruption corruption = corruption_of(&p->model);
    struct company company;

    memset(back, 0, q->n * sizeof *back);
    if (corrupt_window_fails(p->w, &corruption, q->start_day, q->end_day, q->at))
        return REPLY_500;
    if (is_out(p, q->at))
        return REPLY_OK;
    company = corrupt_company(p->w, q->id, q->n, q->at);
    for (size_t i = 0; i < q->n; i++) {
        const struct world_item *it = world_find(p->w, q->id[i]);
        int64_t day = it ? utc_day(it->created_at) : 0;

        back[i] = it && platform_has(p, it, q->at) && day >= q->start_day && day <= q->end_day &&
                  !corrupt_loses(p->w, &corruption, &company, q->number, it->id);
    }
    return REPLY_OK;
}

// ---- the published procedure ----

struct tried {
    struct pack_item *v;
    size_t n;
    bool *came;
};    // came: by the item's place in the world

static bool old_enough(const struct world *w, const struct world_item *it)
{
    return it->created_at + 72 * 3600 <= w->params.clock;
}

/* Asks what has not come so far in packed batches; gives the requests. */
static int64_t ask_packed(const struct platform *p, struct tried *t, int64_t max, int64_t at,
                          uint64_t *number)
{
    struct packer packer;
    struct batch b;
    uint64_t id[BATCH_MAX];
    bool back[BATCH_MAX], more = true;
    int64_t sent = 0;

    packer_init(&packer, max);
    for (size_t i = 0; more; i++) {
        bool full;

        while (i < t->n && t->came[t->v[i].item])
            i++;
        more = i < t->n;
        full = more ? packer_add(&packer, &t->v[i], &b) : packer_finish(&packer, &b);
        if (!full)
            continue;
        for (size_t k = 0; k < b.len; k++)
            id[k] = b.item[k].id;
        sent++;
        platform_query(
            p,
            &(struct question){ id, b.len, b.window.start_day, b.window.end_day, at, (*number)++ },
            back);
        for (size_t k = 0; k < b.len; k++)
            t->came[b.item[k].item] |= back[k];
    }
    return sent;
}

static size_t count_missing(const struct tried *t)
{
    size_t n = 0;

    for (size_t i = 0; i < t->n; i++)
        n += !t->came[t->v[i].item];
    return n;
}

/* Public, old enough and never returned: batches of one round over these alone. */
static int64_t silent_batches(const struct world *w, const struct tried *t)
{
    struct packer packer;
    struct batch b;
    int64_t n = 0;

    packer_init(&packer, BATCH_MAX);
    for (size_t i = 0; i < t->n; i++) {
        const struct world_item *it = &w->item[t->v[i].item];

        if (it->found_from == WORLD_NEVER && world_public(w, it, w->params.clock))
            n += packer_add(&packer, &t->v[i], &b);
    }
    return n + packer_finish(&packer, &b);
}

void published_run(const struct platform *p, struct published *out)
{
    const struct world *w = p->w;
    struct tried t = { xcalloc(w->items, sizeof *t.v), 0, xcalloc(w->items, 1) };
    uint64_t number = (uint64_t)1 << 40;
    int64_t at = w->params.clock;

    memset(out, 0, sizeof *out);
    for (size_t i = 0; i < w->items; i++)
        if (old_enough(w, &w->item[i]))
            t.v[t.n++] = (struct pack_item){ w->item[i].id, (int64_t)i,
                                             utc_day(id_time(w->item[i].id)) };
    qsort(t.v, t.n, sizeof *t.v, pack_item_cmp);
    out->silent = silent_batches(w, &t);
    out->packed = ask_packed(p, &t, BATCH_MAX, at, &number);
    out->first_missing = (int64_t)count_missing(&t);
    out->again = ask_packed(p, &t, BATCH_MAX, at + UTC_DAY_S, &number);
    for (size_t i = 0; i < t.n; i++)          // of the rest only what its page shows
        t.came[t.v[i].item] |= !world_public(w, &w->item[t.v[i].item], at + UTC_DAY_S);
    out->single = ask_packed(p, &t, 1, at + 2 * UTC_DAY_S, &number);
    out->single += ask_packed(p, &t, 1, at + 3 * UTC_DAY_S, &number);
    for (size_t i = 0; i < t.n; i++) {
        const struct world_item *it = &w->item[t.v[i].item];

        out->wrong += !t.came[t.v[i].item] &&
                      (platform_has(p, it, at) || platform_has(p, it, at + UTC_DAY_S) ||
                       platform_has(p, it, at + 2 * UTC_DAY_S));
    }
    free(t.v);
    free(t.came);
}
