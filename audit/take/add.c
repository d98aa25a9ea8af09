/* audit/take/add.c: from import's chunks to the store. */
#include <string.h>
#include "audit/take/add.h"
#include "audit/add_api.h"
#include "audit/take/add_archive.h"
#include "base/log.h"
#include "base/utc.h"
#include "store/inputs.h"

struct taker { struct audit *audit; struct added *in; const char *file; int64_t source; };

static int take_items(void *to, const struct new_item *items, size_t len, struct err *err)
{
    struct taker *t = to;

    return store_add_items(t->audit->store, t->source, items, len, &t->in->added,
                           err);
}

static int take_link(void *to, struct str url, struct err *err)
{
    struct taker *t = to;
    enum link_fate fate;

    if (store_add_link(t->audit->store, t->source, url, (int)t->audit->set.page_attempts, &fate,
                       err))
        return -1;
    t->in->intake.link[fate]++;
    return 0;
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

/* The short links were counted one by one. */
static void account(struct added *in)
{
    const struct import_count *c = &in->count;

    in->intake.seen = c->links;
    for (int i = 0; i < SKIP_COUNT; i++) {
        intake_pass(&in->intake, import_skip_name((enum import_skip)i), c->skipped[i]);
        if (!import_skip_is_link((enum import_skip)i))
            in->intake.seen += c->skipped[i];
    }
    in->intake.fresh = in->added.fresh;
    in->intake.duplicates = in->added.duplicates + c->taken - c->items;
}

/* Whether an item that was never asked is too recent hangs on it (audit/verdict/final.h). */
static int note_taken(struct audit *audit, const struct added *in, struct err *err)
{
    char now[UTC_TEXT_MAX];

    return in->added.fresh == 0 ? 0
                                : store_meta_set(audit->store, META_TAKEN_AT,
                                                 str_of(utc_rfc3339(utc_now(), now)), err);
}

static int import_any(const char *path, const struct import_opts *opts,
                      const struct import_sink *sink, struct import_count *count, struct err *err)
{
    bool meant;

    if (add_api(path, opts, sink, count, &meant, err) ||
        (!meant && add_archive(path, opts, sink, count, &meant, err)))
        return -1;
    return meant ? 0 : import_file(path, opts, sink, count, err);
}

int add_file(struct audit *audit, const char *path, const struct add_opts *o, struct added *in,
             struct err *err)
{
    struct taker t = { .audit = audit, .in = in, .file = path };
    struct import_sink sink = {
        .items = take_items, .link = take_link, .note = take_note, .to = &t
    };
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
        import_any(path, &opts, &sink, &in->count, err)) {
        store_rollback(audit->store);
        goto out;
    }
    account(in);
    if (store_source_count(audit->store, t.source, &in->intake, err) ||
        name_source(audit, t.source, &in->count, err) || note_taken(audit, in, err)) {
        store_rollback(audit->store);
        goto out;
    }
    rc = store_commit(audit->store, err);
out:
    buf_release(&key);
    return rc;
}
