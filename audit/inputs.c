/* audit/inputs.c: see inputs.h. */
#include "audit/inputs.h"
#include <stdlib.h>
#include <string.h>
#include "base/array.h"
#include "store/expect.h"
#include "store/inputs.h"

struct filling {
    struct arena *mem;
    struct inputs *in;
    size_t source_cap, given_up_cap;       // of arrays on the heap, until they settle
};

static int take_source(void *to, const struct input_source *row, struct err *err)
{
    struct filling *f = to;
    struct inputs *in = f->in;

    (void)err;
    in->sources++;
    in->uncounted += row->uncounted;
    if (row->times) {
        intake_add(&in->all, &row->intake);
        in->residual += llabs((long long)intake_residual(&row->intake));
    }
    if (in->len == INPUTS_SOURCES)
        return 0;
    ARRAY_ROOM(in->source, in->len, f->source_cap);
    in->source[in->len] = *row;
    in->source[in->len++].kind = arena_dup(f->mem, row->kind);
    return 0;
}

static int take_given_up(void *to, const struct input_link *row, struct err *err)
{
    struct filling *f = to;
    struct inputs *in = f->in;

    (void)err;
    ARRAY_ROOM(in->given_up, in->given_ups, f->given_up_cap);
    in->given_up[in->given_ups] = *row;
    in->given_up[in->given_ups++].url = arena_dup(f->mem, row->url);
    return 0;
}

static void *settle(struct arena *mem, void *v, size_t bytes)
{
    void *out = bytes ? memcpy(arena_alloc(mem, bytes), v, bytes) : NULL;

    free(v);
    return out;
}

int inputs_read(struct audit *audit, struct arena *mem, struct inputs *in, struct err *err)
{
    struct filling f = { .mem = mem, .in = in };
    int attempts = (int)audit->set.page_attempts, rc = 0;

    *in = (struct inputs){ 0 };
    if (store_expect_inputs(audit->store, attempts, err) ||
        store_sources(audit->store, attempts, take_source, &f, err) ||
        store_link_fates(audit->store, attempts, in->link, err) ||
        store_given_up(audit->store, attempts, take_given_up, &f, err) ||
        store_count_items(audit->store, &in->items, err))
        rc = -1;
    in->source = settle(mem, in->source, in->len * sizeof *in->source);
    in->given_up = settle(mem, in->given_up, in->given_ups * sizeof *in->given_up);
    if (rc == 0 && !in->uncounted)
        in->residual += llabs((long long)(in->items - in->all.fresh - in->all.link[FATE_NEW_ITEM]));
    return rc;
}
