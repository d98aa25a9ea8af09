/* tests/bench/reader.c */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "audit/audit.h"
#include "base/file.h"
#include "base/log.h"
#include "scrape/scrape.h"
#include "tests/bench/lab.h"
#include "tests/bench/reader.h"

struct reader {
    uint64_t *id; size_t ids;
    int64_t times;
    size_t at;
    struct store *store;          // NULL: nothing is kept
    struct sink inner;
    int64_t requests, answers;
    uint64_t sum;
};

uint64_t reader_sum(const struct answer *a)
{
    static const enum field texts[] = { FIELD_AUTHOR,     FIELD_CAPTION, FIELD_HASHTAGS,
                                        FIELD_NICKNAME,   FIELD_PLACE,   FIELD_LANGUAGE,
                                        FIELD_MUSIC_TITLE };
    static const enum field numbers[] = { FIELD_CREATED, FIELD_MUSIC,    FIELD_DURATION,
                                          FIELD_VIEWS,   FIELD_LIKES,    FIELD_COMMENTS,
                                          FIELD_SHARES,  FIELD_FAVORITES };
    uint64_t sum = a->id;

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        sum += a->record->val[texts[i]].text.n;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        sum += (uint64_t)a->record->val[numbers[i]].i;
    return sum;
}

static int next_task(void *from, struct arena *mem, struct read_task *task, struct err *err)
{
    struct reader *r = from;

    (void)mem;
    if (r->at == r->ids && --r->times > 0)
        r->at = 0;
    if (r->at == r->ids)
        return 0;
    task->witness = WITNESS_PAGE;
    task->id = r->id[r->at++];
    return r->store && store_item_find(r->store, task->id, &task->item, err) ? -1 : 1;
}

/* ---- a sink that counts, before the store's or alone ---- */

static int on_reserve(void *to, struct request *req, struct err *err)
{
    struct reader *r = to;

    if (r->store)
        return r->inner.reserve(r->inner.to, req, err);
    req->n = req->n ? req->n : ++r->requests;
    return 0;
}

static int on_exchange(void *to, const struct request *req, const struct http_exchange *x,
                       struct evidence *evidence, struct err *err)
{
    struct reader *r = to;

    return r->store ? r->inner.exchange(r->inner.to, req, x, evidence, err) : 0;
}

static int on_put(void *to, const struct request *req, const struct answer *a, struct err *err)
{
    struct reader *r = to;

    if (a->kind != ANSWER_PUBLIC)
        return err_set(err, ERR_INPUT, "the page of %" PRIu64 " was not read: %s", a->id,
                       no_answer_name(a->why));
    r->answers++;
    r->sum += reader_sum(a);
    return r->store ? r->inner.put(r->inner.to, req, a, err) : 0;
}

static int on_done(void *to, struct request *req, struct err *err)
{
    struct reader *r = to;

    return r->store ? r->inner.done(r->inner.to, req, err) : 0;
}

static int on_commit(void *to, struct err *err)
{
    struct reader *r = to;

    return r->store ? r->inner.commit(r->inner.to, err) : 0;
}

/* ---- the run ---- */

static void read_urls(struct reader *r, const char *path, struct buf *base)
{
    struct buf text = { 0 };
    struct err err = { 0 };
    struct str rest, line;

    if (file_read(path, (size_t)1 << 26, &text, &err))
        lab_fail("%s", err.msg);
    rest = buf_view(&text);
    while (str_cut(&rest, '\n', &line)) {
        ptrdiff_t at = str_find(line, STR("/@_/video/"), 0);
        uint64_t id = 0;

        if (at < 0 || !str_u64(str_sub(line, (size_t)at + 10, line.n), &id))
            continue;
        if (r->ids % 1024 == 0)
            r->id = xrealloc(r->id, (r->ids + 1024) * sizeof *r->id);
        r->id[r->ids++] = id;
        buf_clear(base);
        buf_str(base, str_sub(line, 0, (size_t)at));
    }
    buf_release(&text);
}

static int set_all(struct settings *set, struct str base, const char *concurrency, struct err *err)
{
    char text[4][96];

    snprintf(text[0], sizeof text[0], "page.base_url=%.*s", STR_ARG(base));
    snprintf(text[1], sizeof text[1], "page.short_url=%.*s", STR_ARG(base));
    snprintf(text[2], sizeof text[2], "page.requests_per_second=100000");
    snprintf(text[3], sizeof text[3], "page.concurrency=%s", concurrency);
    for (int i = 0; i < 4; i++)
        if (settings_set(set, text[i], err))
            return -1;
    return 0;
}

static int run(struct reader *r, struct settings *set, struct err *err)
{
    struct read_source source = { .next = next_task, .from = r };
    struct sink sink = { .reserve = on_reserve,
                         .exchange = on_exchange,
                         .put = on_put,
                         .done = on_done,
                         .commit = on_commit,
                         .to = r };
    struct scrape_opts opts = { .set = set, .seed = STR("bench") };
    struct scrape_result result;
    double from = lab_now(), cpu = lab_cpu();

    if (scrape_run(&opts, &source, &sink, &result, err))
        return -1;
    from = lab_now() - from;
    cpu = lab_cpu() - cpu;
    printf("%" PRId64 " %.6f %.6f %" PRIu64 " %ld\n", r->answers, from, cpu, r->sum, lab_peak_kb());
    return 0;
}

int reader_main(int argc, char **argv)
{
    struct reader r = { 0 };
    struct audit audit = { 0 };
    struct settings set;
    struct buf base = { 0 };
    struct err err = { 0 };
    int rc;

    if (argc < 3 || argc > 4 || !str_i64(str_of(argv[1]), &r.times))
        lab_fail("URLS TIMES CONCURRENCY [AUDIT]");
    log_setup(true, LOG_PROGRESS_NEVER);
    read_urls(&r, argv[0], &base);
    settings_init(&set);
    rc = set_all(&set, buf_view(&base), argv[2], &err);
    if (rc == 0 && argc == 4) {
        rc = audit_open(&audit, argv[3], NULL, true, &err) ||
             audit_sink(&audit, false, &r.inner, &err);
        r.store = audit.store;
    }
    rc = rc || run(&r, &set, &err);
    if (r.inner.to)
        store_sink_release(&r.inner);
    if (rc || (argc == 4 && audit_close(&audit, &err)))
        lab_fail("%s", err.msg);
    settings_release(&set);
    buf_release(&base);
    free(r.id);
    return 0;
}
