/* audit/take/load_listed.c: rows of a list into answers. A row that is none, or names a post
 * of which it does not say what the site showed, still names an item. */
#include "audit/take/load_listed.h"
#include <string.h>
#include "audit/listed.h"
#include "base/utc.h"
#include "record/id.h"

struct listing {
    struct loading *l;
    uint64_t last_id;
    int64_t last_at;    // of the row before: one post may have many files
};

static int no_time(struct err *err)
{
    return err_set(err, ERR_INPUT,
                   "nothing in it says when its posts were seen: give " LOADING_AT_EXAMPLE
                   " (`add` takes their ids without)");
}

/* The row as it was, under the name of its shape, and its answer. */
static int put_answer(struct loading *l, const struct post_found *f, struct str row, int64_t at,
                      struct answer *a, struct err *err)
{
    struct ask_member member = { 0 };
    struct request req = { .witness = WITNESS_PAGE,
                           .loaded = true,
                           .http = 200,
                           .complete = true,
                           .member = &member,
                           .members = 1,
                           .reserved_at = at,
                           .sent_at = at,
                           .done_at = at };
    struct buf urn = { 0 };
    int rc = -1;

    buf_printf(&urn, LISTED_URN "%s", post_shape_name(f->shape));
    if (loading_items(l, &f->id, 1, &member, err) || l->sink.reserve(l->sink.to, &req, err) ||
        loading_keep(l, &req, buf_cstr(&urn),
                     STR("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n"), row, 200, at,
                     &req.evidence, err))
        goto out;
    a->item = member.item;
    a->witness = WITNESS_PAGE;
    a->at = at;
    a->request = req.n;
    a->evidence = req.evidence;
    if (audit_keep(&l->audit->set) == KEEP_EXTRACT)
        a->extract = row;
    if (l->sink.put(l->sink.to, &req, a, err) || l->sink.done(l->sink.to, &req, err))
        goto out;
    l->result->answers++;
    l->result->is_public++;
    rc = 0;
out:
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
    struct listing *list = to;
    struct loading *l = list->l;
    int64_t at = f->at ? f->at : l->o->has_at ? l->o->at : 0;
    struct ask_member member = { 0 };
    struct answer a = { 0 };

    if (!f->id) {    // a short link, or an id that was spoiled
        l->result->strange++;
        return 0;
    }
    if (!f->answer) {
        l->result->unanswered++;
        return loading_items(l, &f->id, 1, &member, err);
    }
    if (!at)
        return no_time(err);
    if (f->id == list->last_id && at == list->last_at)
        return 0;
    list->last_id = f->id;
    list->last_at = at;
    arena_clear(&l->mem);
    listed_read(f->shape, row, f->id, &l->mem, &a);
    if (a.kind == ANSWER_PUBLIC && time_fits(&a, f->id, at))
        return put_answer(l, f, row, at, &a, err);
    l->result->unanswered++;
    return loading_items(l, &f->id, 1, &member, err);
}

static void tell(struct loading *l, const struct posts_count *count)
{
    l->result->empty = count->empty;
    l->result->unreadable = count->unreadable;
}

int load_listed(struct loading *l, struct digest *digest, struct err *err)
{
    struct listing list = { .l = l };
    const struct posts_sink sink = { put_post, &list };
    struct posts_count count = { 0 };

    if (posts_file_each(l->path, utc_now(), &sink, &count, digest, err))
        return -1;
    tell(l, &count);
    return 0;
}

int load_listed_text(struct loading *l, struct str text, struct err *err)
{
    struct listing list = { .l = l };
    const struct posts_sink sink = { put_post, &list };
    struct posts_count count = { 0 };

    if (posts_text_each(text, "standard input", utc_now(), &sink, &count, err))
        return -1;
    tell(l, &count);
    return 0;
}
