/* audit/take/add.c: from import's chunks to the store. */
#include <string.h>
#include "audit/take/add.h"
#include "audit/take/add_api.h"
#include "base/log.h"
#include "base/utc.h"

struct taker { struct audit *audit; struct add_count *added; const char *file; int64_t source; };

static int take_items(void *to, const struct new_item *items, size_t len, struct err *err)
{
    struct taker *t = to;

    return store_add_items(t->audit->store, t->source, items, len, t->added, err);
}

static int take_link(void *to, struct str url, struct err *err)
{
    struct taker *t = to;
    bool fresh;

    return store_add_link(t->audit->store, t->source, url, &fresh, err);
}

static void take_note(void *to, const char *sentence)
{
    struct taker *t = to;

    log_warn("%s: %s", t->file, sentence);
}

/* The digest of a file is known only when it has been read, but its items need
 * a source at once: they go to a provisional one that gets its name in the end. */
static int name_source(struct audit *audit, int64_t source, const struct import_count *count,
                       struct err *err)
{
    return store_source_named(audit->store, source, count->kind, &count->digest, err);
}

static int tally_skips(struct audit *audit, const struct import_count *count, struct err *err)
{
    const int64_t now = utc_now();

    for (int i = 0; i < SKIP_COUNT; i++)
        if (count->skipped[i] &&
            store_tally(audit->store, "skipped", str_of(import_skip_name((enum import_skip)i)),
                        &(struct counted){ count->skipped[i], now, now }, err))
            return -1;
    return 0;
}

static int import_any(const char *path, const struct import_opts *opts,
                      const struct import_sink *sink, struct import_count *count, struct err *err)
{
    bool meant;

    if (add_api(path, opts, sink, count, &meant, err))
        return -1;
    return meant ? 0 : import_file(path, opts, sink, count, err);
}

int add_file(struct audit *audit, const char *path, const struct add_opts *o, struct added *in,
             struct err *err)
{
    struct taker t = { .audit = audit, .added = &in->added, .file = path };
    struct import_sink sink = { take_items, take_link, take_note, &t };
    struct import_opts opts = { .column = o->column, .key = o->key, .now = utc_now() };
    struct buf key = {0};
    int rc = -1;

    memset(in, 0, sizeof *in);
    in->file = path;
    if (store_meta_get(audit->store, META_SOURCE_KEY, &key, err))
        goto out;
    opts.source_key = buf_view(&key);
    if (store_begin(audit->store, err))
        goto out;
    if (store_source_new(audit->store, &t.source, err) ||
        import_any(path, &opts, &sink, &in->count, err) ||
        name_source(audit, t.source, &in->count, err) || tally_skips(audit, &in->count, err)) {
        store_rollback(audit->store);
        goto out;
    }
    rc = store_commit(audit->store, err);
out:
    buf_release(&key);
    return rc;
}

int add_total(struct audit *audit, struct add_total *total, struct err *err)
{
    struct store_totals totals;

    if (store_totals(audit->store, &totals, err))
        return -1;
    *total = (struct add_total){ totals.items, totals.links_open };
    return 0;
}
