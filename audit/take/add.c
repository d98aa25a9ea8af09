/* audit/take/add.c: from import's chunks to the store. */
#include <string.h>
#include "audit/take/add.h"
#include "base/file.h"
#include "base/log.h"
#include "base/utc.h"
#include "import/collect.h"
#include "store/crawl.h"

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

/* The bytes of a database are no text for import/: its ids are handed on as they stand. */
static int import_crawl(const char *path, const struct import_opts *opts,
                        const struct import_sink *sink, struct import_count *count, struct err *err)
{
    struct collector in;
    struct crawl *crawl = NULL;
    struct digest plain = { { 0 } };
    struct str id;
    int got = -1;

    collector_init(&in, opts, sink);
    if (file_digest(path, &plain, err) == 0 && crawl_open_ids(&crawl, path, err) == 0)
        while ((got = crawl_next(crawl, &id, err)) > 0)
            if (collect_value(&in, id, err))
                break;
    if (got == 0)
        got = collect_end(&in, err);
    crawl_close(crawl);
    in.count.kind = "crawl";
    in.count.digest = digest_hmac(opts->source_key,
                                  (struct str){ (const char *)plain.b, sizeof plain.b });
    *count = in.count;
    collector_release(&in);
    return got ? -1 : 0;
}

static int import_any(const char *path, const struct import_opts *opts,
                      const struct import_sink *sink, struct import_count *count, struct err *err)
{
    return strcmp(path, "-") != 0 && crawl_is_file(path)
               ? import_crawl(path, opts, sink, count, err)
               : import_file(path, opts, sink, count, err);
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
