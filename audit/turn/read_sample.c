/* audit/turn/read_sample.c: which retrieved items are read as well. */
#include "audit/turn/read_sample.h"
#include <stdlib.h>
#include <string.h>
#include "base/digest.h"
#include "silence/sample.h"

struct sampling { struct sample sample; struct str seed; };

static void put_found(void *to, int64_t item, uint64_t id)
{
    struct sampling *s = to;

    sample_put(&s->sample, digest_rank(s->seed, id), item);
}

static bool is_census(const struct settings *set)
{
    return !strcmp(set->page_retrieved_sample, "all");
}

int64_t read_sample_of(const struct settings *set, int64_t retrieved)
{
    uint64_t n = 0;

    if (is_census(set))
        return retrieved;
    str_u64(str_of(set->page_retrieved_sample), &n);
    return n < (uint64_t)retrieved ? (int64_t)n : retrieved;
}

int read_draw_sample(struct audit *audit, struct err *err)
{
    struct sampling s = { .seed = buf_view(&audit->seed) };
    struct sample *d = &s.sample;
    int64_t *items = NULL, found, want;
    int rc = -1;

    if (store_count_found(audit->store, &found, err))
        return -1;
    want = read_sample_of(&audit->set, found);
    if (want == 0)
        return 0;
    sample_init(d, (size_t)want);
    if (store_each_found(audit->store, put_found, &s, err))
        goto out;
    sample_end(d);
    items = xcalloc(d->n ? d->n : 1, sizeof *items);
    for (size_t i = 0; i < d->n; i++)
        items[i] = d->v[i].item;
    rc = store_set_sampled(audit->store, items, d->n, err);
out:
    free(items);
    sample_release(d);
    return rc;
}

int read_sample_rest(struct audit *audit, struct err *err)
{
    return is_census(&audit->set) ? store_set_sampled_all(audit->store, err) : 0;
}
