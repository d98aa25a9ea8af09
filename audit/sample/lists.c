/* audit/sample/lists.c: all rows of a file first, each with whose list it is on; then list by
 * list into the store. */
#include "audit/sample/lists.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "base/array.h"
#include "base/file.h"
#include "base/log.h"
#include "base/utc.h"
#include "import/posts_file.h"
#include "import/urls.h"
#include "record/ending.h"
#include "store/frame.h"
#include "store/inputs.h"

#define SOURCE_KIND "lists"
#define STDIN_MAX ((size_t)1 << 30)

static const char *const fate_names[LISTED_FATE_COUNT] = {
#define X(id, name) [LISTED_##id] = name,
    LISTED_FATES(X)
#undef X
};
const char *listed_fate_name(enum listed_fate f) { return fate_names[f]; }

struct row {
    int64_t creator;    // whose list it is on; 0 nobody's
    size_t no;          // in the file
    uint64_t id;
    int64_t at;
    int64_t reply;
    uint64_t who;    // of the author that the row names: equal where it is the same
    enum post_shape shape;
    enum listed_fate fate;
    bool cut, has_link, has_owner, repeat;
};
/* Rows of one creator come one behind another. */
struct asked {
    char handle[HANDLE_MAX + 1];
    uint64_t author;
    int64_t creator;
    bool known;
};
struct loading {
    struct audit *audit;
    const struct lists_opts *o;
    struct lists_result *result;
    struct row *v;
    size_t n, cap;
    struct asked owner, author;
    struct listed_post *post;    // of the list being put
    size_t posts, post_cap;
};

/* ---- rows ---- */
static int find(struct loading *l, struct asked *last, const char *handle, uint64_t author,
                int64_t *creator, struct err *err)
{
    if (!last->known || strcmp(last->handle, handle) != 0 || last->author != author) {
        *last = (struct asked){ .author = author };
        memcpy(last->handle, handle, strnlen(handle, HANDLE_MAX) + 1);
        if (store_creator_find(l->audit->store, str_of(handle), author, &last->creator, err))
            return -1;
        last->known = true;
    }
    *creator = last->creator;
    return 0;
}
/* The same of a row's author, whose id may join it to another handle from now on. */
static int find_author(struct loading *l, const char *handle, uint64_t author, int64_t *creator,
                       struct err *err)
{
    bool was_known = l->author.known && !strcmp(l->author.handle, handle) &&
                     l->author.author == author;
    int64_t row, of_handle;

    if (find(l, &l->author, handle, author, creator, err))
        return -1;
    if (was_known || !*creator || !author || !handle[0])
        return 0;
    if (store_creator_find(l->audit->store, str_of(handle), 0, &of_handle, err))
        return -1;
    return of_handle ? store_creator_put(l->audit->store, str_of(handle), author, &row, err) : 0;
}
/* The author that a row names, by handle or by the link to the post. */
static void author_of(const struct post_found *f, char handle[HANDLE_MAX + 1])
{
    struct link link = { 0 };

    memcpy(handle, f->handle, HANDLE_MAX + 1);
    if (handle[0] || !f->link[0])
        return;
    link_parse(str_of(f->link), INT64_MAX / 2, &link);
    if (link.what == LINK_ITEM)
        memcpy(handle, link.item.handle, HANDLE_MAX + 1);
}
/* FNV-1a: only ever compared within one reply. */
static uint64_t hash_of(const char *text)
{
    uint64_t h = UINT64_C(14695981039346656037);

    for (; *text; text++)
        h = (h ^ (unsigned char)*text) * UINT64_C(1099511628211);
    return h;
}
/* Whose list the row is on, and whether it is a post of theirs. */
static int judge_author(struct loading *l, const struct post_found *f, struct row *r,
                        struct err *err)
{
    char handle[HANDLE_MAX + 1];
    int64_t author = 0;
    bool named;

    author_of(f, handle);
    named = handle[0] || f->author;
    r->who = f->author ? f->author : hash_of(handle);
    r->has_owner = f->owner[0] != '\0';
    if (find_author(l, handle, f->author, &author, err))
        return -1;
    if (!f->owner[0]) {
        r->creator = author;
        r->fate = !named ? LISTED_NO_HANDLE : author ? LISTED_POST : LISTED_NOT_SEEN;
        return 0;
    }
    if (find(l, &l->owner, f->owner, 0, &r->creator, err))
        return -1;
    r->fate = !r->creator                                                      ? LISTED_NOT_SEEN
              : named && author != r->creator && strcmp(handle, f->owner) != 0 ? LISTED_OTHER
                                                                               : LISTED_POST;
    return 0;
}
static int take_row(void *to, const struct post_found *f, struct str text, struct err *err)
{
    struct loading *l = to;
    struct row *r;

    (void)text;
    ARRAY_ROOM(l->v, l->n, l->cap);
    r = &l->v[l->n];
    *r = (struct row){ .no = l->n,
                       .id = f->id,
                       .at = f->at          ? f->at
                             : l->o->has_at ? l->o->at
                                            : 0,
                       .reply = f->reply,
                       .shape = f->shape,
                       .cut = f->cut,
                       .has_link = f->link[0] != '\0' };
    l->n++;
    if (f->shape == POST_FAILED)
        r->fate = LISTED_FAILED;
    else if (f->elsewhere)
        r->fate = LISTED_ELSEWHERE;
    else if (judge_author(l, f, r, err))
        return -1;
    else if (r->fate == LISTED_POST && !f->id)
        r->fate = f->link[0] ? LISTED_SHORT_LINK : LISTED_BAD_ID;
    else if (r->fate == LISTED_POST && f->closed)
        r->fate = LISTED_PRIVATE;
    return 0;
}
/* A reply of the site that lists posts of several people is a feed or a search. */
static void judge_replies(struct loading *l)
{
    for (size_t i = 0, end; i < l->n; i = end) {
        bool several = false;

        for (end = i + 1; end < l->n && l->v[end].reply == l->v[i].reply; end++)
            several = several || l->v[end].who != l->v[i].who;
        for (size_t k = i; k < end && several && l->v[i].reply; k++)
            if (!l->v[k].has_owner)
                l->v[k].fate = LISTED_ELSEWHERE;
    }
}
/* Ids that a program rounded are none; a link is exact. */
static void judge_endings(struct loading *l)
{
    struct endings e = { 0 };
    struct buf sentence = { 0 };
    unsigned spoiled;

    for (size_t i = 0; i < l->n; i++)
        if (l->v[i].id && !l->v[i].has_link)
            endings_add(&e, l->v[i].id);
    spoiled = endings_spoiled(&e);
    if (!spoiled)
        return;
    for (size_t i = 0; i < l->n; i++)
        if (l->v[i].fate == LISTED_POST && !l->v[i].has_link && (ending_of(l->v[i].id) & spoiled))
            l->v[i].fate = LISTED_SPOILED;
    endings_sentence(&e, spoiled, &sentence);
    log_warn("%s: %s; such rows are not taken", l->result->file, buf_cstr(&sentence));
    buf_release(&sentence);
}

/* ---- lists ---- */
static int by_creator(const void *a, const void *b)
{
    const struct row *x = a, *y = b;

    if (x->creator != y->creator)
        return x->creator < y->creator ? -1 : 1;
    return (x->no > y->no) - (x->no < y->no);
}
/* A post that comes twice stands where it came first. */
static int by_post(const void *a, const void *b)
{
    const struct row *x = a, *y = b;

    if (x->creator != y->creator)
        return by_creator(a, b);
    if (x->fate != y->fate)
        return (int)x->fate - (int)y->fate;
    if (x->id != y->id)
        return x->id < y->id ? -1 : 1;
    return by_creator(a, b);
}
static void sort_rows(struct loading *l)
{
    if (!l->n)
        return;
    qsort(l->v, l->n, sizeof *l->v, by_post);
    for (size_t i = 1; i < l->n; i++)
        l->v[i].repeat = l->v[i].fate == LISTED_POST && l->v[i - 1].fate == LISTED_POST &&
                         l->v[i].creator == l->v[i - 1].creator && l->v[i].id == l->v[i - 1].id;
    qsort(l->v, l->n, sizeof *l->v, by_creator);
}
static bool is_on_a_list(const struct row *r)
{
    return r->creator && (r->fate == LISTED_POST || r->fate == LISTED_PRIVATE ||
                          r->fate == LISTED_OTHER || r->fate == LISTED_SPOILED);
}
static void add_row(struct loading *l, struct listing *list, const struct row *r)
{
    list->rows++;
    list->dropped += r->fate != LISTED_POST;
    if (r->at > list->at)
        list->at = r->at;
    list->reach = r->cut || l->o->newest ? LISTING_NEWEST : LISTING_ALL;
    if (r->fate != LISTED_POST)
        return;
    if (r->repeat) {
        l->result->repeats++;
        return;
    }
    ARRAY_ROOM(l->post, l->posts, l->post_cap);
    l->post[l->posts] = (struct listed_post){ r->id, (int64_t)l->posts };
    l->posts++;
}
/* The list of the creator whose rows begin at i; *next: behind them. Of the replies of one list
 * the last says whether it goes on. */
static int put_list(struct loading *l, size_t i, int64_t source, size_t *next, struct err *err)
{
    enum post_shape shape = l->v[i].shape;
    struct listing list = { .creator = l->v[i].creator,
                            .by = str_of(
                                post_shape_name(shape == POST_ENTRY ? POST_YT_DLP : shape)),
                            .source = source };
    bool fresh;

    l->posts = 0;
    for (; i < l->n && l->v[i].creator == list.creator; i++)
        if (is_on_a_list(&l->v[i]))
            add_row(l, &list, &l->v[i]);
    *next = i;
    if (!list.rows)
        return 0;
    if (!list.at)
        return err_set(err, ERR_INPUT,
                       "%s: nothing in it says when its posts were listed: give --at "
                       "2026-03-02T12:00:00Z",
                       l->result->file);
    l->result->lists++;
    if (store_listing_put(l->audit->store, &list, l->post, l->posts, &fresh, err))
        return -1;
    l->result->fresh += fresh;
    l->result->cut += list.reach == LISTING_NEWEST;
    return 0;
}
static void account(struct lists_result *r)
{
    r->intake.seen = r->rows;
    for (int f = 0; f < LISTED_FATE_COUNT; f++)
        intake_pass(&r->intake, fate_names[f], r->fate[f]);
}
static int put_lists(struct loading *l, const struct digest *digest, struct err *err)
{
    int64_t source;

    account(l->result);
    if (store_source(l->audit->store, SOURCE_KIND, digest, &source, err) ||
        store_source_count(l->audit->store, source, &l->result->intake, err))
        return -1;
    for (size_t i = 0; i < l->n;)
        if (l->v[i].creator ? put_list(l, i, source, &i, err) : (i++, 0))
            return -1;
    return 0;
}

/* ---- the file ---- */
static int each_row(struct loading *l, struct posts_count *count, struct digest *digest,
                    struct err *err)
{
    const struct posts_sink sink = { .post = take_row, .to = l, .without_rows = true };
    const char *path = l->result->file;
    struct buf text = { 0 };
    bool listed = true;
    int rc = -1;

    if (strcmp(path, "-") != 0) {
        if (posts_file_is(path, &listed, err))
            return -1;
        rc = listed ? posts_file_each(path, utc_now(), &sink, count, digest, err) : -1;
    } else if (file_read(path, STDIN_MAX, &text, err) == 0) {
        listed = posts_text_is(buf_view(&text));
        *digest = digest_sha256(buf_view(&text));
        rc = listed
                 ? posts_text_each(buf_view(&text), "standard input", utc_now(), &sink, count, err)
                 : -1;
    }
    if (!listed)
        err_set(err, ERR_INPUT,
                "%s: expected posts as yt-dlp -J, Zeeschuimer, 4CAT, TikTok-Api, pyktok, Apify or "
                "the platform itself list them",
                path);
    buf_release(&text);
    return rc;
}
static int read_all(struct loading *l, struct digest *digest, struct err *err)
{
    struct posts_count count = { 0 };
    struct lists_result *r = l->result;

    if (each_row(l, &count, digest, err))
        return -1;
    judge_replies(l);
    judge_endings(l);
    r->rows = (int64_t)l->n + count.empty + count.unreadable;
    for (size_t i = 0; i < l->n; i++)
        r->fate[l->v[i].fate]++;
    r->fate[LISTED_EMPTY] += count.empty;
    r->fate[LISTED_UNREADABLE] += count.unreadable;
    sort_rows(l);
    return 0;
}
int sample_load(struct audit *audit, const char *path, const struct lists_opts *o,
                struct lists_result *result, struct err *err)
{
    struct loading l = { .audit = audit, .o = o, .result = result };
    struct digest plain = { { 0 } }, digest;
    struct buf key = { 0 };
    int rc = -1;

    *result = (struct lists_result){ .file = path };
    if (store_meta_get(audit->store, META_SOURCE_KEY, &key, err) || store_begin(audit->store, err))
        goto out;
    rc = read_all(&l, &plain, err);
    digest = digest_hmac(buf_view(&key), (struct str){ (const char *)plain.b, sizeof plain.b });
    rc = rc || put_lists(&l, &digest, err) ? -1 : 0;
    if (rc)
        store_rollback(audit->store);
    else
        rc = store_commit(audit->store, err);
out:
    free(l.v);
    free(l.post);
    buf_release(&key);
    return rc;
}
