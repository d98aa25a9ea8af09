/* import/dataset.c: links and ids in JSON of any shape: what scrapers, the
 * research API's clients and colleagues write.
 * Without --key these are taken: strings that are a link as a whole; ids under
 * keys that name an item's id; "id" of the records themselves; bare ids in a
 * list at the root. One record may name its item several times (id, link, share
 * link): in a row that counts once. */
#include <stdlib.h>
#include <string.h>
#include "import/cell.h"
#include "import/names.h"
#include "import/readers.h"
#include "import/scan.h"
#include "record/id.h"

enum { RECORDS_HELD = 16 };
struct dataset {
    struct collector *in;
    struct scan scan;
    uint64_t last_id;          // taken last from the record that is open
    bool key_seen;
    struct link held[RECORDS_HELD];
    size_t held_n;                // "id" of the first records
    int64_t posts, others;        // "id" of records so far, by what they look like
    size_t columns, id_column;    // of a frame in halves; id_column counts from 1, 0 is none
    size_t cell;                  // of its row that is open, from 1
};
/* --key NAME, or the end of a path: video.url */
static bool key_matches(const struct scan *s, const char *want)
{
    struct str path = str_of(want);

    for (int up = 0; path.n; up++) {
        size_t dot = path.n;

        while (dot > 0 && path.p[dot - 1] != '.')
            dot--;
        if (!str_eq_nocase(scan_key(s, up), (struct str){ path.p + dot, path.n - dot }))
            return false;
        path.n = dot ? dot - 1 : 0;
    }
    return true;
}
static bool is_item_name(struct str key)
{
    static const char *const names[] = { "video_id", "videoid", "item_id",       "itemid",
                                         "aweme_id", "awemeid", "share_item_id", "tiktok_id",
                                         "tiktokid", NULL };

    return str_is_one_of(key, names);
}
/* A frame by columns: {"id":{"0":...,"1":...}} or {"id":[...]}. */
static bool in_column_of(const struct scan *s, bool (*is_name)(struct str))
{
    struct str row = scan_key(s, 0);
    uint64_t n;

    if (s->depth != 2 || !s->level[1].object)
        return false;
    if (!s->level[2].object)
        return is_name(row);
    return str_u64(row, &n) && is_name(scan_key(s, 1));
}
static bool is_id(struct str key) { return str_eq_nocase(key, STR("id")); }
static bool at_item_key(const struct scan *s)
{
    return (s->depth && s->level[s->depth].object && is_item_name(scan_key(s, 0))) ||
           in_column_of(s, is_item_name);
}
/* "id" directly in a record: at the root, in a list at the root, or in a list
 * that is called videos, items ...; elsewhere it is an author's or a sound's. */
static bool at_record_id(const struct scan *s)
{
    static const char *const lists[] = { "videos",
                                         "items",
                                         "itemlist",
                                         "item_list",
                                         "aweme_list",
                                         "posts",
                                         "reposted_videos",
                                         "user_liked_videos",
                                         "liked_videos",
                                         "user_pinned_videos",
                                         "pinned_videos",
                                         "pinned_videos_list",
                                         "data",
                                         "results",
                                         "rows",
                                         "records",
                                         "entries",
                                         NULL };
    int d = s->depth;

    if (in_column_of(s, is_id))
        return true;
    if (!d || !s->level[d].object || !is_id(scan_key(s, 0)))
        return false;
    if (d == 1 || (d == 2 && !s->level[1].object))
        return true;
    return !s->level[d - 1].object && str_is_one_of(scan_key(s, 1), lists);
}
/* An element of a list of nothing but ids at the root. */
static bool at_root_list(const struct scan *s)
{
    return s->depth == 0 || (s->depth == 1 && !s->level[1].object);
}
static bool dataset_wants(void *to, const struct scan *s)
{
    const struct dataset *d = to;

    return !d->in->opts->key || key_matches(s, d->in->opts->key);
}
static int take_once(struct dataset *d, struct str text, struct err *err)
{
    struct link l = { 0 };
    struct str rest = text;

    if (link_next(&rest, d->in->opts->now, &l) && l.what == LINK_ITEM) {
        if (l.item.id == d->last_id)
            return 0;
        d->last_id = l.item.id;
    }
    return collect_value(d->in, text, err);
}
static int dataset_link(struct dataset *d, const struct scan *s, struct str text, struct err *err)
{
    struct link l;

    link_parse(text, d->in->opts->now, &l);
    /* pictures, sound files and other sites are a dataset's own business */
    if (l.what == LINK_SKIPPED && (l.skip == SKIP_OTHER_HOST || l.skip == SKIP_CDN_FILE))
        return 0;
    if (name_is_provenance(scan_key(s, 0)) || name_is_provenance(scan_key(s, 1))) {
        collect_skip(d->in, SKIP_PROVENANCE);
        return 0;
    }
    return take_once(d, text, err);
}
/* "id" of a record may be an account's or a sound's: of those most are odd, and a few look
 * like a post's. Where most of the first are, none is taken. Rounded ids are odd as well:
 * whether they were that is judged at the end, with all others. */
static int records_taken(struct dataset *d, struct err *err)
{
    bool posts = d->posts >= d->others;

    for (size_t i = 0; i < d->held_n; i++)
        if (!posts)
            collect_aside(d->in, d->held[i].item.id);
        else if (collect_link(d->in, &d->held[i], err))
            return -1;
    d->held_n = 0;
    return 0;
}
static int record_id(struct dataset *d, const struct link *l, struct err *err)
{
    d->posts += !l->odd;
    d->others += l->odd;
    if (l->odd) {
        collect_aside(d->in, l->item.id);
    } else if (l->item.id != d->last_id) {
        d->last_id = l->item.id;
        d->held[d->held_n++] = *l;
    }
    return d->posts + d->others < RECORDS_HELD && d->held_n < RECORDS_HELD ? 0
                                                                           : records_taken(d, err);
}
/* A frame in halves: {"columns":["id",...],"index":[...],"data":[[...],...]}. */
static bool in_half(const struct scan *s, struct str key, int depth)
{
    if (s->depth != depth || !s->level[1].object || s->level[2].object ||
        (depth == 3 && s->level[3].object))
        return false;
    return str_eq(scan_key(s, 0), key);
}
static void note_column(struct dataset *d, struct str name)
{
    d->columns++;
    if (!d->id_column && (is_id(name) || is_item_name(name)))
        d->id_column = d->columns;
}
static bool at_frame_id(struct dataset *d, const struct scan *s)
{
    return d->id_column && in_half(s, STR("data"), 3) && d->cell == d->id_column;
}
/* Where creators are wanted: a key that nothing but a handle stands under. */
static bool is_handle_name(struct str key)
{
    static const char *const keys[] = { "handle",          "username",         "uniqueid",
                                        "unique_id",       "author_username",  "author_unique_id",
                                        "author_uniqueid", "creator_username", NULL };

    return str_is_one_of(key, keys);
}
static bool at_handle(const struct dataset *d, const struct scan *s)
{
    return d->in->sink->seen &&
           ((s->depth && s->level[s->depth].object && is_handle_name(scan_key(s, 0))) ||
            in_column_of(s, is_handle_name));
}
static int dataset_string(struct dataset *d, const struct scan *s, struct str text, struct err *err)
{
    struct str bare = cell_bare(text);
    struct link l = { 0 };

    if (link_is_whole(bare))
        return dataset_link(d, s, bare, err);
    if (at_handle(d, s))
        return collect_creator(d->in, bare, &(struct creator_seen){ .handle = "" }, err);
    if (d->in->sink->seen)
        return 0;    // an id names nobody
    if (at_item_key(s) || (at_root_list(s) && cell_is_number(bare)))
        return take_once(d, bare, err);
    if (at_record_id(s) || at_frame_id(d, s)) {
        if (cell_is_spoiled(bare))
            return take_once(d, bare, err);
        link_from_id(cell_whole_number(bare), d->in->opts->now, &l);
        return l.what == LINK_ITEM ? record_id(d, &l, err) : 0;
    }
    return 0;
}
static int dataset_value(void *to, const struct scan *s, enum scan_type type, struct str text,
                         struct err *err)
{
    struct dataset *d = to;

    if (d->in->opts->key) {
        if (!key_matches(s, d->in->opts->key))
            return 0;
        d->key_seen = true;
        if (type != SCAN_TRUE && type != SCAN_FALSE)
            return collect_value(d->in, text, err);
        collect_skip(d->in, SKIP_NO_LINK);
        return 0;
    }
    if (type == SCAN_STRING && in_half(s, STR("columns"), 2))
        note_column(d, text);
    d->cell += in_half(s, STR("data"), 3);
    if (type == SCAN_STRING || type == SCAN_NUMBER)
        return dataset_string(d, s, text, err);
    if (type == SCAN_NULL && at_item_key(s) && !d->in->sink->seen)
        collect_skip(d->in, SKIP_PLACEHOLDER);
    return 0;
}
/* Private sections of a donation are left alone whatever the file is. */
static bool dataset_enter(void *to, const struct scan *s, bool object)
{
    static const char *const sealed[] = { "direct messages",
                                          "direct message",
                                          "chat history",
                                          "login history",
                                          "search history",
                                          "searches",
                                          NULL };
    struct dataset *d = to;

    if (object && (s->depth == 0 || !s->level[s->depth].object))
        d->last_id = 0;
    if (in_half(s, STR("data"), 2))
        d->cell = 0;
    d->cell += in_half(s, STR("data"), 3);    // a list is one cell
    return !str_is_one_of(scan_key(s, 0), sealed);
}
static void dataset_leave(void *to, const struct scan *s, bool object)
{
    struct dataset *d = to;

    if (object && (s->depth == 0 || !s->level[s->depth].object))
        d->last_id = 0;
}
static void dataset_broken(void *to)
{
    struct dataset *d = to;

    d->last_id = 0;
    collect_skip(d->in, SKIP_UNREADABLE_ROW);
}
static int dataset_feed(void *self, struct str piece, struct err *err)
{
    return scan_feed(&((struct dataset *)self)->scan, piece, err);
}
static int dataset_end(void *self, struct err *err)
{
    struct dataset *d = self;

    if (scan_end(&d->scan, err) || records_taken(d, err))
        return -1;
    if (d->in->opts->key && !d->key_seen)
        return err_set(err, ERR_USAGE, "the key %s is in none of its %lld lines", d->in->opts->key,
                       (long long)d->scan.line);
    return 0;
}
static void dataset_free(void *self)
{
    struct dataset *d = self;

    scan_release(&d->scan);
    free(d);
}
void dataset_reader(struct reader *r, struct collector *in, bool lines)
{
    struct dataset *d = xcalloc(1, sizeof *d);
    const struct scan_user user = { dataset_wants, dataset_value,  dataset_enter,
                                    dataset_leave, dataset_broken, d };

    d->in = in;
    scan_init(&d->scan, &user, lines);
    *r = (struct reader){ dataset_feed, dataset_end, dataset_free, d };
}
