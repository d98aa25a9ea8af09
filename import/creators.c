/* import/creators.c: tables in which a column names creators: handles, or links to their
 * pages or posts. What stands beside the handle is read where its column's name says what it
 * is: the account's id, when it was seen, where, by which post. The time at which a post was
 * made is none of these. */
#include <stdlib.h>
#include <string.h>
#include "base/csv_rows.h"
#include "base/utc.h"
#include "import/cell.h"
#include "import/names.h"
#include "import/readers.h"
#include "platform/tiktok.h"
#include "record/id.h"

#define SEEN_AT_MIN INT64_C(1388534400)    // 2014-01-01: there were no creators before
enum { NONE = CSV_COLUMNS_MAX };
enum column { COLUMN_HANDLE, COLUMN_AUTHOR, COLUMN_AT, COLUMN_PLACE, COLUMN_POST, COLUMN_COUNT };

/* The names of a column, the best first; as names_plain makes them. */
static const char *const names[COLUMN_COUNT][24] = {
    [COLUMN_HANDLE] = { "handle", "username", "uniqueid", "authoruniqueid", "authorusername",
                        "authorhandle", "authormetaname", "authormetauniqueid", "creatorhandle",
                        "creatorusername", "userhandle", "creator", "author", "account", "user",
                        "uploader", "profile", "profileurl", "profilelink", "creatorurl",
                        "authorurl", "accounturl", "userurl", NULL },
    [COLUMN_AUTHOR] = { "authorid", "authormetaid", "creatorid", "userid", "accountid",
                        "uploaderid", NULL },
    [COLUMN_AT] = { "seenat", "seenon", "observedat", "observedon", "collectedat", "capturedat",
                    "timestampcollected", "collectiontimestamp", "scrapedat", "crawledat",
                    "dayseen", "dateseen", "seen", "observed", "day", "date", NULL },
    [COLUMN_PLACE] = { "place", "seenin", "feedcountry", "viewercountry", "country", "region",
                       "location", "market", NULL },
    [COLUMN_POST] = { "tiktokurl", "webvideourl", "videourl", "posturl", "itemurl", "postlink",
                      "videolink", "url", "link", "postid", "videoid", "itemid", "awemeid", "post",
                      "video", "id", NULL },
};

struct creators {
    struct collector *in;
    struct creators_plan plan;
    struct csv_rows *rows;
    bool begun;
};

/* ---- which column is what ---- */
struct head {
    size_t at[COLUMN_COUNT];
    int rank[COLUMN_COUNT];
    size_t named;    // the column that --column names
    const char *want;
    size_t width;
};
static void note_name(struct head *h, struct str name, size_t i)
{
    char text[NAMES_PLAIN_MAX + 1];
    struct str plain = names_plain(str_trim(name), text);

    for (int c = 0; c < COLUMN_COUNT && !str_starts(str_trim(name), STR("@")); c++)
        for (int r = 0; names[c][r] && r < h->rank[c]; r++)
            if (str_eq(plain, str_of(names[c][r]))) {
                h->rank[c] = r;
                h->at[c] = i;
            }
    if (h->want && str_eq_nocase(str_trim(name), str_of(h->want)))
        h->named = i;
}
static int head_row(void *to, const struct str *cell, size_t n, int64_t line, struct err *err)
{
    struct head *h = to;

    (void)line;
    (void)err;
    h->width = n;
    for (size_t i = 0; i < n; i++)
        note_name(h, cell[i], i);
    return 0;
}
/* "date" beside a post is when that was made. */
static bool is_date_of_post(const struct head *h)
{
    return h->rank[COLUMN_POST] < 24 && str_eq(str_of(names[COLUMN_AT][h->rank[COLUMN_AT]]),
                                               STR("date"));
}
static int use_column(struct head *h, const char *want, bool *has_names, struct err *err)
{
    uint64_t no;

    if (h->named < NONE) {
        h->at[COLUMN_HANDLE] = h->named;
    } else if (str_u64(str_of(want), &no) && no >= 1 && no <= h->width) {
        h->at[COLUMN_HANDLE] = (size_t)no - 1;
        *has_names = false;
        for (int c = 0; c < COLUMN_COUNT; c++)
            *has_names = *has_names || h->rank[c] < 24;
    } else {
        return err_set(err, ERR_USAGE, "--column: there is no column \"%.60s\"", want);
    }
    return 0;
}
int creators_sniff(struct str text, const struct import_opts *o, struct creators_plan *plan,
                   struct err *err)
{
    struct head h = { .named = NONE, .want = o->column };
    struct str line = STR_NONE;
    struct csv_rows *rows;
    struct err broken = { 0 };

    for (int c = 0; c < COLUMN_COUNT; c++) {
        h.at[c] = NONE;
        h.rank[c] = 24;
    }
    (void)str_cut(&text, '\n', &line);
    *plan = (struct creators_plan){ .delim = csv_rows_delim(line), .has_names = true };
    rows = csv_rows_new(plan->delim, head_row, &h);
    if (csv_rows_feed(rows, line, &broken) || csv_rows_end(rows, &broken))
        err_clear(&broken);    // no line of names, then
    csv_rows_free(rows);
    if (o->column && use_column(&h, o->column, &plan->has_names, err))
        return -1;
    if (h.rank[COLUMN_AT] < 24 && is_date_of_post(&h))
        h.at[COLUMN_AT] = NONE;
    plan->handle = h.at[COLUMN_HANDLE];
    plan->author = h.at[COLUMN_AUTHOR];
    plan->at = h.at[COLUMN_AT];
    plan->place = h.at[COLUMN_PLACE];
    plan->post = h.at[COLUMN_POST];
    return plan->handle < NONE;
}

/* ---- rows ---- */
static struct str cell_at(const struct str *cell, size_t n, size_t i)
{
    return i < n ? str_trim(cell_bare(cell[i])) : STR_NONE;
}
/* Seconds, milliseconds, a date or an instant; 0 where it is none. */
static int64_t time_of(const struct collector *in, struct str text)
{
    struct err err = { 0 };
    int64_t at;

    if (str_i64(text, &at))
        at /= at > INT64_C(100000000000) ? 1000 : 1;
    else if (utc_parse(text, &at, &err))
        return 0;
    return at >= SEEN_AT_MIN && at <= in->opts->now + 86400 ? at : 0;
}
static uint64_t post_of(const struct collector *in, struct str text)
{
    struct link l = { 0 };
    enum cell_kind kind = cell_read_whole(text, in->opts->now, &l);

    return (kind == CELL_LINK || kind == CELL_ID) && l.what == LINK_ITEM ? l.item.id : 0;
}
/* The cell that names the creator: where it is empty, the link to the post. */
static struct str name_of(const struct creators *c, const struct str *cell, size_t n)
{
    struct str name = cell_at(cell, n, c->plan.handle);
    struct str link = cell_at(cell, n, c->plan.post);

    return cell_is_placeholder(name) && link_is_whole(link) ? link : name;
}
static int take_row(void *to, const struct str *cell, size_t n, int64_t line, struct err *err)
{
    struct creators *c = to;
    struct creator_seen seen = { .handle = "" };

    (void)line;
    if (!c->begun && c->plan.has_names) {
        c->begun = true;
        return 0;
    }
    c->begun = true;
    c->in->count.rows++;
    if (!str_u64(cell_at(cell, n, c->plan.author), &seen.author) || seen.author > INT64_MAX)
        seen.author = 0;
    seen.at = time_of(c->in, cell_at(cell, n, c->plan.at));
    seen.place = cell_at(cell, n, c->plan.place);
    if (cell_is_placeholder(seen.place))
        seen.place = STR_NONE;
    seen.post = post_of(c->in, cell_at(cell, n, c->plan.post));
    return collect_creator(c->in, name_of(c, cell, n), &seen, err);
}

/* ---- the reader ---- */
static int creators_feed(void *self, struct str piece, struct err *err)
{
    return csv_rows_feed(((struct creators *)self)->rows, piece, err);
}
static int creators_end(void *self, struct err *err)
{
    struct creators *c = self;

    c->in->count.tables++;
    return csv_rows_end(c->rows, err);
}
static void creators_free(void *self)
{
    csv_rows_free(((struct creators *)self)->rows);
    free(self);
}
void creators_reader(struct reader *r, struct collector *in, const struct creators_plan *plan)
{
    struct creators *c = xcalloc(1, sizeof *c);

    c->in = in;
    c->plan = *plan;
    c->rows = csv_rows_new(plan->delim, take_row, c);
    *r = (struct reader){ creators_feed, creators_end, creators_free, c };
}
