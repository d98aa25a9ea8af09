/* audit/take/load_listed.c: rows of a list into answers. A row that is none, or names a post
 * of which it does not say what the site showed, still names an item. */
#include "audit/take/load_listed.h"
#include <string.h>
#include "audit/listed.h"
#include "base/log.h"
#include "base/utc.h"
#include "record/ending.h"
#include "record/id.h"

struct list_in {
    struct loading *l;
    uint64_t last_id;
    int64_t last_at;    // of the row before: one post may have many files
    int64_t named;      // rows that gave an item
};

static int no_time(struct err *err)
{
    return err_set(err, ERR_INPUT,
                   "nothing in it says when its posts were seen: give " LOADING_AT_EXAMPLE
                   " (`add` takes their ids without)");
}

/* The row as it was, under the name of its shape, and its answer. */
static int put_answer(struct loading *l, enum post_shape shape, struct str row, int64_t at,
                      struct answer *a, struct err *err)
{
    struct buf urn = { 0 };
    struct loaded_page page = {
        .id = a->id,
        .at = at,
        .status = 200,
        .head = STR("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n"),
        .body = row
    };
    int rc;

    listed_urn(&urn, shape, a->id);
    page.url = buf_cstr(&urn);
    if (audit_keep(&l->audit->set) == KEEP_EXTRACT)
        a->extract = row;
    rc = loading_put_page(l, &page, a, err);
    buf_release(&urn);
    return rc;
}

/* Seen before it was made, a post was not seen then. */
static bool time_fits(const struct answer *a, uint64_t id, int64_t at)
{
    const struct value *made = &a->record->val[FIELD_CREATED];

    return at >= (made->kind == VAL_INT ? made->i : id_time(id));
}

static int put_post(void *to, const struct post_found *f, struct str row, struct err *err)
{
    struct list_in *list = to;
    struct loading *l = list->l;
    int64_t at = f->at ? f->at : l->o->has_at ? l->o->at : 0;
    struct ask_member member = { 0 };
    struct answer a = { 0 };

    if (!f->id) {
        load_pass(l->result, f->link[0] ? "short_link" : "bad_id", STR_NONE, 1);
        return 0;
    }
    if (!f->link[0] && (ending_of(f->id) & l->spoiled)) {
        l->result->spoiled++;
        return 0;
    }
    list->named++;
    if (!f->answer) {
        load_pass(l->result, LOAD_UNANSWERED, STR_NONE, 1);
        return loading_items(l, &f->id, 1, &member, err);
    }
    if (!at)
        return no_time(err);
    if (f->id == list->last_id && at == list->last_at) {
        loading_repeat(l, 1);
        return 0;
    }
    list->last_id = f->id;
    list->last_at = at;
    arena_clear(&l->mem);
    listed_read(f->shape, row, f->id, &l->mem, &a);
    if (a.kind == ANSWER_PUBLIC && time_fits(&a, f->id, at))
        return put_answer(l, f->shape, row, at, &a, err);
    load_pass(l->result, LOAD_UNANSWERED, STR_NONE, 1);
    return loading_items(l, &f->id, 1, &member, err);
}

int load_listed_row(struct loading *l, enum post_shape shape, uint64_t id, struct str row,
                    int64_t at, struct err *err)
{
    struct answer a = { 0 };

    listed_read(shape, row, id, &l->mem, &a);
    if (a.kind == ANSWER_PUBLIC && time_fits(&a, id, at))
        return put_answer(l, shape, row, at, &a, err);
    l->result->other++;
    return 0;
}

/* ---- the file, twice ---- */
/* All ids of the file are counted before the first row is taken; a link is exact. */
static int count_id(void *to, const struct post_found *f, struct str row, struct err *err)
{
    (void)row;
    (void)err;
    if (f->id && !f->link[0])
        endings_add(to, f->id);
    return 0;
}

/* text: what came in through stdin, else STR_NONE. */
static int each(const struct loading *l, struct str text, const struct posts_sink *sink,
                struct posts_count *count, struct digest *digest, struct err *err)
{
    return text.p ? posts_text_each(text, "standard input", utc_now(), sink, count, err)
                  : posts_file_each(l->path, utc_now(), sink, count, digest, err);
}

static int judge_endings(struct loading *l, struct str text, struct err *err)
{
    struct endings e = { 0 };
    const struct posts_sink sink = { .post = count_id, .to = &e, .without_rows = true };
    struct posts_count count = { 0 };
    struct digest digest;
    struct buf sentence = { 0 };

    if (each(l, text, &sink, &count, &digest, err))
        return -1;
    l->spoiled = endings_spoiled(&e);
    if (l->spoiled) {
        endings_sentence(&e, l->spoiled, &sentence);
        log_warn("%s: %s; such rows are not taken", l->path, buf_cstr(&sentence));
    }
    buf_release(&sentence);
    return 0;
}

static int load_rows(struct loading *l, struct str text, struct digest *digest, struct err *err)
{
    struct list_in list = { .l = l };
    const struct posts_sink sink = { .post = put_post, .to = &list };
    struct posts_count count = { 0 };

    if (judge_endings(l, text, err) || each(l, text, &sink, &count, digest, err))
        return -1;
    if (count.empty)
        load_pass(l->result, "no_link", STR_NONE, count.empty);
    if (count.unreadable)
        load_pass(l->result, "unreadable_row", STR_NONE, count.unreadable);
    return list.named ? 0 : load_nothing(l, err);
}

int load_listed(struct loading *l, struct digest *digest, struct err *err)
{
    return load_rows(l, STR_NONE, digest, err);
}

int load_listed_text(struct loading *l, struct str text, struct err *err)
{
    struct digest digest;    // the caller's, who read the text, is the same

    return load_rows(l, text, &digest, err);
}
