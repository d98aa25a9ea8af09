/* audit/take/loading.c: one file, one source, one transaction. */
#include "audit/take/loading.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/file.h"
#include "import/skip.h"
#include "store/inputs.h"

#define LOAD_MAX ((size_t)1 << 30)

bool load_result_is_part(const struct load_result *r)
{
    return r->damaged || r->skipped[REPLIES_DAMAGED] || r->skipped[REPLIES_NO_DATE];
}

static void pass(struct load_result *r, const char *why, int64_t n)
{
    r->intake.seen += n;
    intake_pass(&r->intake, why, n);
}

void loading_repeat(struct loading *l, int64_t n)
{
    l->result->intake.seen += n;
    l->result->intake.duplicates += n;
}

int loading_no_time(const struct loading *l, struct err *err)
{
    return err_set(err, ERR_INPUT,
                   "%s: nothing in it says when it was answered (no WARC-Date, no log_id): give %s",
                   l->path, LOADING_AT_EXAMPLE);
}

void load_passed_text(const struct load_result *r, struct buf *out)
{
    for (size_t i = 0; i < r->passed_n; i++)
        buf_printf(out, "%s%s %" PRId64, i ? ", " : "", r->passed[i].what, r->passed[i].n);
}

void load_pass(struct load_result *r, const char *what, struct str name, int64_t n)
{
    char text[sizeof r->passed[0].what];
    struct load_passed *p = r->passed;

    if (name.n)
        snprintf(text, sizeof text, "%s (%.*s)", what, (int)(name.n < 40 ? name.n : 40), name.p);
    else
        snprintf(text, sizeof text, "%s", what);
    while (p < r->passed + r->passed_n && !str_eq(str_of(p->what), str_of(text)))
        p++;
    if (p == r->passed + LOAD_PASSED_MAX) {
        p--;
        snprintf(p->what, sizeof p->what, "others");
        p->kind = strlen(p->what);
    } else if (p == r->passed + r->passed_n) {
        snprintf(p->what, sizeof p->what, "%s", text);
        p->kind = strlen(what);
        r->passed_n++;
    }
    p->n += n;
}

/* Nothing of it was taken: says what there was instead. */
int load_nothing(const struct loading *l, struct err *err)
{
    struct buf passed = { 0 };

    if (l->result->spoiled)
        buf_printf(&passed, "spoiled_id %" PRId64 "%s", l->result->spoiled,
                   l->result->passed_n ? ", " : "");
    load_passed_text(l->result, &passed);
    if (l->result->other)
        buf_printf(&passed, "%sreplies to other requests %" PRId64, passed.n ? ", " : "",
                   l->result->other);
    if (l->result->damaged)
        buf_printf(&passed, "%s%s", passed.n ? ", " : "", l->result->damage);
    err_set(err, ERR_INPUT, "%s: nothing of it was taken: %.200s", l->path,
            passed.n ? buf_cstr(&passed) : "it holds no post");
    buf_release(&passed);
    return -1;
}

int loading_items(struct loading *l, const uint64_t *id, size_t n, struct ask_member *member,
                    struct err *err)
{
    struct new_item *items = xcalloc(n ? n : 1, sizeof *items);
    int64_t *item = xcalloc(n ? n : 1, sizeof *item);
    struct add_count added = {0};
    int rc = -1;

    for (size_t i = 0; i < n; i++)
        items[i].id = id[i];
    if (store_add_items(l->audit->store, l->source, items, n, &added, err))
        goto out;
    l->result->items += added.fresh;
    l->result->intake.seen += (int64_t)n;
    l->result->intake.fresh += added.fresh;
    l->result->intake.duplicates += added.duplicates;
    rc = store_item_numbers(l->audit->store, id, item, n, err);
    for (size_t i = 0; rc == 0 && i < n; i++) {
        member[i].id = id[i];
        member[i].item = item[i];
    }
out:
    free(item);
    free(items);
    return rc;
}

int loading_keep(struct loading *l, const struct request *req, const char *url,
                      struct str head, struct str body, int status, int64_t at, struct evidence *ev,
                      struct err *err)
{
    struct http_exchange x = { .url = url,
                               .status = status,
                               .sent_at = at,
                               .done_at = at,
                               .head = head,
                               .body = body,
                               .http_version = 11 };

    return l->sink.exchange(l->sink.to, req, &x, ev, err);
}

int loading_put_page(struct loading *l, const struct loaded_page *p, struct answer *a,
                     struct err *err)
{
    struct ask_member member = {0};
    struct request req = { .witness = p->embed ? WITNESS_EMBED : WITNESS_PAGE,
                           .loaded = true,
                           .http = p->status,
                           .complete = true,
                           .member = &member,
                           .members = 1,
                           .reserved_at = p->at,
                           .sent_at = p->at,
                           .done_at = p->at };

    if (loading_items(l, &p->id, 1, &member, err) || l->sink.reserve(l->sink.to, &req, err) ||
        loading_keep(l, &req, p->url, p->head, p->body, p->status, p->at, &req.evidence, err))
        return -1;
    a->id = p->id;
    a->item = member.item;
    a->witness = req.witness;
    a->at = p->at;
    a->request = req.n;
    a->evidence = req.evidence;
    if (sink_settle(&l->sink, a, err) || l->sink.put(l->sink.to, &req, a, err) ||
        l->sink.done(l->sink.to, &req, err))
        return -1;
    l->result->answers++;
    l->result->is_public += a->kind == ANSWER_PUBLIC;
    l->result->refused += a->kind == ANSWER_REFUSED;
    l->result->no_answer += a->kind == ANSWER_NO_ANSWER;
    return 0;
}

int loading_begin(struct loading *l, struct err *err)
{
    l->inflate = inflate_new();
    memset(l->result, 0, sizeof *l->result);
    if (audit_sink(l->audit, false, &l->sink, err) || store_begin(l->audit->store, err))
        return -1;
    return store_source_new(l->audit->store, &l->source, err);
}

/* Said of a row that is accounted for as it is: a list's row without an answer is an item,
 * a column that is no field costs nothing of its row. */
static bool is_of_a_row(const char *kind)
{
    static const char *const kinds[] = { LOAD_UNANSWERED, "column", "value", NULL };

    return str_is_one_of(str_of(kind), kinds);
}

/* What the result counts beside the rows that were taken was seen as well. */
static int account(struct loading *l, struct err *err)
{
    struct load_result *r = l->result;

    for (int i = 0; i < REPLIES_SKIP_COUNT; i++)
        pass(r, replies_skip_name((enum replies_skip)i), r->skipped[i]);
    pass(r, "other_reply", r->other);
    pass(r, import_skip_name(SKIP_SPOILED_ID), r->spoiled);
    pass(r, "damaged_part", r->damaged);
    for (size_t i = 0; i < r->passed_n; i++) {
        const struct load_passed *p = &r->passed[i];
        char kind[sizeof p->what];

        snprintf(kind, sizeof kind, "%.*s", (int)p->kind, p->what);
        if (!is_of_a_row(kind))
            pass(r, kind, p->n);
    }
    return store_source_count(l->audit->store, l->source, &r->intake, err);
}

int loading_finish(struct loading *l, int rc, const struct digest *digest, struct err *err)
{
    /* Evidence is on the disk before what refers to it. What was not looked at is no source. */
    if (rc == 0 && l->result->not_meant)
        store_rollback(l->audit->store);
    else if (rc == 0 && (account(l, err) ||
                    store_source_named(l->audit->store, l->source, "load", digest, err) ||
                    (l->audit->archive && archive_sync(l->audit->archive, err)) ||
                    store_commit(l->audit->store, err)))
        rc = -1;
    if (rc)
        store_rollback(l->audit->store);
    store_sink_release(&l->sink);
    inflate_free(l->inflate);
    buf_release(&l->scratch);
    arena_release(&l->mem);
    return rc;
}

int loading_sniff(const char *path, bool *warc, struct buf *text, struct digest *digest,
                 struct err *err)
{
    *warc = false;
    if (strcmp(path, "-") != 0 && replies_is(path, warc, err))
        return -1;
    if (*warc)
        return 0;
    if (file_read(path, LOAD_MAX, text, err))
        return -1;
    *digest = digest_sha256(buf_view(text));
    return 0;
}
