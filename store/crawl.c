/* store/crawl.c: one statement over somebody else's tables. */
#include "store/crawl.h"
#include <stdlib.h>
#include "base/json_out.h"
#include "store/db.h"

static const struct db_kind kind = { .is = "a crawl database of tiktok-library",
                                     .before = "the database " };
/* As the statement has them. */
static const char *const columns[] = {
    "id",
    "username",
    "region_code",
    "video_description",
    "music_id",
    "like_count",
    "comment_count",
    "share_count",
    "view_count",
    "playlist_id",
    "voice_to_text",
    "crawled_at",
    "crawled_updated_at",
    "hashtag_names",
    "effect_ids",
};
#define COLUMNS ((int)(sizeof columns / sizeof columns[0]))
#define LISTS 2    // the last of them are JSON

struct crawl {
    struct db *db;
    struct stmt *st;
    struct buf row;
    bool ids;
};

bool crawl_is(struct str head) { return str_starts(head, STR("SQLite format 3")); }

static int open_as(struct crawl **out, const char *path, bool ids, struct err *err)
{
    struct crawl *c = xcalloc(1, sizeof *c);

    c->ids = ids;
    if (db_open_foreign(&c->db, path, &kind, err) ||
        db_query(c->db, ids ? Q_CRAWL_IDS : Q_CRAWL_VIDEOS, NO_ARGS, &c->st, err)) {
        crawl_close(c);
        return -1;
    }
    *out = c;
    return 0;
}

int crawl_open(struct crawl **out, const char *path, struct err *err)
{
    return open_as(out, path, false, err);
}

int crawl_open_ids(struct crawl **out, const char *path, struct err *err)
{
    return open_as(out, path, true, err);
}

void crawl_close(struct crawl *c)
{
    if (!c)
        return;
    stmt_done(c->st);
    db_close(c->db);
    buf_release(&c->row);
    free(c);
}

static void put_cell(struct json_out *o, const char *name, const struct value *v, bool list)
{
    switch (v->kind) {
    case VAL_INT: json_put_int(o, name, v->i); break;
    case VAL_REAL: json_put_real(o, name, v->real, 17); break;
    case VAL_TEXT:
        if (list)
            json_put_raw(o, name, v->text);
        else
            json_put_text(o, name, v->text);
        break;
    case VAL_NONE: break;
    }
}

static void put_row(struct crawl *c)
{
    struct json_out o = { .buf = &c->row, .style = JSON_COMPACT };

    json_open(&o, NULL);
    for (int i = 0; i < COLUMNS; i++) {
        struct value v;

        stmt_value(c->st, i, &v);
        put_cell(&o, columns[i], &v, i >= COLUMNS - LISTS);
    }
    json_close(&o);
}

int crawl_next(struct crawl *c, struct str *row, struct err *err)
{
    int got = stmt_next(c->st, err);

    if (got <= 0)
        return got;
    buf_clear(&c->row);
    if (c->ids)
        buf_str(&c->row, stmt_text(c->st, 0));
    else
        put_row(c);
    *row = buf_view(&c->row);
    return 1;
}
