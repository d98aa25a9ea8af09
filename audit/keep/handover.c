/* audit/keep/handover.c: the folder for the platform's API team. */
#include "audit/keep/handover.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "archive/place.h"
#include "base/file.h"
#include "fetch/search.h"
#include "record/id.h"
#include "report/package.h"
#include "report/report.h"
#include "report/waterfall.h"

#define IDS_FILE_MAX ((size_t)256 << 20)

enum why { WHY_NOT = 0, WHY_WANTED = 1, WHY_DIFFERS = 2 };
struct handover {
    struct audit *audit;
    const char *dir;
    uint8_t *why;    // by item: bits
    int64_t items;
    bool chosen;    // by a file of ids
    struct places *bytes;
    struct file_out requests_file, asks_file;
    struct csv_out requests, asks, table;
    struct buf body;
};

/* ---- which posts ---- */

static int take_difference(void *to, const struct gap *g, struct err *err)
{
    struct handover *h = to;

    (void)err;
    if (g->verdict == VERDICT_DIFFERS)
        h->why[g->item] |= WHY_DIFFERS;
    return 0;
}

static int choose_missing(struct handover *h, struct err *err)
{
    struct label_cursor *labels = NULL;
    struct label_row l;
    int got;

    if (store_labels(h->audit->store, &labels, err))
        return -1;
    while ((got = label_cursor_next(labels, &l, err)) > 0)
        if (!l.purged && waterfall_group(&l) == NODE_PUBLIC)
            h->why[l.item] |= WHY_WANTED;
    label_cursor_close(labels);
    return got;
}

static int choose_listed(struct handover *h, const char *path, struct err *err)
{
    struct buf text = { 0 };
    struct str rest, line;
    int64_t item;
    uint64_t id;
    int rc = file_read(path, IDS_FILE_MAX, &text, err), no = 0;

    if (rc && (err->kind == ERR_INPUT || !file_exists(path)))
        err->kind = ERR_USAGE;
    rest = buf_view(&text);
    while (rc == 0 && str_cut(&rest, '\n', &line)) {
        no++;
        line = str_trim(line);
        if (line.n == 0)
            continue;
        item = 0;
        if (!str_u64(line, &id))
            rc = err_set(err, ERR_USAGE, "%s:%d: expected one id a line, not \"%.*s\"", path, no,
                         STR_ARG(str_sub(line, 0, 60)));
        else if (store_item_find(h->audit->store, id, &item, err))
            rc = -1;
        else if (item == 0)
            rc = err_set(err, ERR_USAGE, "%s:%d: %.*s is no item of this audit", path, no,
                         STR_ARG(line));
        else
            h->why[item] |= WHY_WANTED;
    }
    buf_release(&text);
    return rc;
}

static int choose(struct handover *h, const char *ids, struct err *err)
{
    int64_t max = 0;

    if (store_max_item(h->audit->store, &max, err))
        return -1;
    h->why = xcalloc((uint64_t)max + 1, 1);
    h->chosen = ids != NULL;
    if (store_gaps(h->audit->store, take_difference, h, err))
        return -1;
    return ids ? choose_listed(h, ids, err) : choose_missing(h, err);
}

static bool is_handed(const struct handover *h, int64_t item)
{
    return h->chosen ? (h->why[item] & WHY_WANTED) != 0 : h->why[item] != 0;
}

/* ---- tables ---- */

static int open_table(const struct handover *h, const char *name, struct file_out *file,
                      struct csv_out *out, struct err *err)
{
    char *path = file_join(h->dir, name);
    int rc = file_create(file, path, err);

    if (rc == 0)
        *out = (struct csv_out){ .f = file->f };
    free(path);
    return rc;
}

static int put_item(struct handover *h, const struct label_row *l, struct err *err)
{
    struct handed_item item = { .label = l, .expected = "returned", .got = "not returned" };

    if (l->state == STATE_RETRIEVED) {
        item.expected = h->why[l->item] & WHY_DIFFERS ? "the values of its page" : "returned";
        item.got = h->why[l->item] & WHY_DIFFERS ? "other values (differences.csv)" : "returned";
    } else if (l->state == STATE_OPEN) {
        item.got = "not returned so far";
    }
    h->items++;
    return report_handed_item(&h->table, &item, err);
}

static int put_items(struct handover *h, struct err *err)
{
    struct label_cursor *labels = NULL;
    struct label_row l;
    int got;

    if (report_handed_begin(&h->table, TABLE_HANDED_ITEMS, err) ||
        store_labels(h->audit->store, &labels, err))
        return -1;
    while ((got = label_cursor_next(labels, &l, err)) > 0)
        if (!l.purged && is_handed(h, l.item) && put_item(h, &l, err)) {
            got = -1;
            break;
        }
    label_cursor_close(labels);
    return got;
}

static int put_difference(void *to, const struct gap *g, struct err *err)
{
    struct handover *h = to;

    return g->verdict == VERDICT_DIFFERS && is_handed(h, g->item)
               ? report_differences_put(&h->table, g, err)
               : 0;
}

static int put_differences(struct handover *h, struct err *err)
{
    return report_differences_begin(&h->table, err) ||
                   store_gaps(h->audit->store, put_difference, h, err)
               ? -1
               : 0;
}

static int write_table(struct handover *h, const char *name,
                       int (*put)(struct handover *, struct err *), struct err *err)
{
    struct file_out file;

    if (open_table(h, name, &file, &h->table, err))
        return -1;
    if (put(h, err)) {
        file_abandon(&file);
        return -1;
    }
    return file_close(&file, err);
}

/* ---- requests ---- */

/* The body of the request that lies behind a reply in the archive; false where there is none. */
static bool archived_body(struct handover *h, const struct evidence_row *e)
{
    struct warc_record r = { 0 };
    struct str text = STR_NONE;
    struct buf reply = { 0 };
    struct err ignored = { 0 };
    int64_t len = 0;
    ptrdiff_t at = -1;

    if (e->file.n && !e->purged_at &&
        place_read(h->bytes, e->file, e->offset, &r, &text, &len, &ignored) == 0) {
        buf_str(&reply, r.record_id);
        if (place_read(h->bytes, e->file, e->offset + len, &r, &text, &len, &ignored) == 0 &&
            str_eq(r.concurrent_to, buf_view(&reply)))
            at = str_find(r.block, STR("\r\n\r\n"), 0);
    }
    if (at >= 0) {
        buf_clear(&h->body);
        buf_str(&h->body, str_sub(r.block, (size_t)at + 4, r.block.n));
    }
    buf_release(&reply);
    return at >= 0 && h->body.n > 0;
}

static int find_body(struct handover *h, const struct request *r, bool *archived, struct err *err)
{
    const struct search search = {
        .member = r->member, .members = r->members, .start_day = r->start_day, .end_day = r->end_day
    };
    struct evidence_cursor *cursor = NULL;
    struct evidence_row e;
    int got;

    *archived = false;
    if (store_evidence(h->audit->store, EVIDENCE_OF_REQUEST, r->n, &cursor, err))
        return -1;
    while ((got = evidence_cursor_next(cursor, &e, err)) > 0)
        *archived |= archived_body(h, &e);
    evidence_cursor_close(cursor);
    if (got == 0 && !*archived) {
        buf_clear(&h->body);
        search_body(&h->body, &search);
    }
    return got;
}

static int put_request(void *to, const struct request *r, struct err *err)
{
    struct handover *h = to;
    struct handed_request handed = { .request = r };
    bool any = false;

    for (size_t i = 0; i < r->members; i++)
        if (is_handed(h, r->member[i].item)) {
            any = true;
            if (report_handed_ask(&h->asks, &r->member[i], r->n, err))
                return -1;
        }
    if (!any)
        return 0;
    if (find_body(h, r, &handed.archived, err))
        return -1;
    handed.body = buf_view(&h->body);
    return report_handed_request(&h->requests, &handed, err);
}

static int put_requests(struct handover *h, struct err *err)
{
    if (open_table(h, "requests.csv", &h->requests_file, &h->requests, err))
        return -1;
    if (open_table(h, "asks.csv", &h->asks_file, &h->asks, err)) {
        file_abandon(&h->requests_file);
        return -1;
    }
    if (report_handed_begin(&h->requests, TABLE_HANDED_REQUESTS, err) ||
        report_handed_begin(&h->asks, TABLE_HANDED_ASKS, err) ||
        store_requests(h->audit->store, put_request, h, err)) {
        file_abandon(&h->requests_file);
        file_abandon(&h->asks_file);
        return -1;
    }
    if (file_close(&h->requests_file, err)) {
        file_abandon(&h->asks_file);
        return -1;
    }
    return file_close(&h->asks_file, err);
}

/* ---- all of it ---- */

static int put_readme(const struct handover *h, struct err *err)
{
    char *path = file_join(h->dir, "README.md");
    struct buf text = { 0 };
    int rc;

    buf_printf(
        &text,
        "# Posts that the Research API did not return as expected\n\n" COUNTED
        ", found by an audit ("
        "%.*s"
        ") with blindspot " BLINDSPOT_VERSION ".\n\n"
        "| file | what it holds |\n|---|---|\n"
        "| items.csv | a row a post: its id, what was expected, what came, what its public"
        " page said and when, on how many days the API was asked |\n"
        "| differences.csv | fields in which the API's row and the page differ: both values,"
        " and when each was read |\n"
        "| requests.csv | the requests that asked for these posts: the body as it was sent,"
        " times (UTC), HTTP status, error code, log id |\n"
        "| asks.csv | which request asked for which post, and whether it came back |\n"
        "| datapackage.json | what each column means; load.py, load.R and load.sql read the"
        " tables with every id exact |\n\n"
        "An absence counts only in a complete reply, where posts that came back before were"
        " returned beside it, and on more than one day. Times are UTC. Ids are texts: they"
        " have more digits than a double keeps.\n\n"
        "To find a request on your side take its log_id and answered_at; to repeat it send"
        " its body to /v2/research/video/query/. `bucket` says why the audit counts a post as"
        " it does (for example missing/public/canada: made in Canada).\n",
        COUNT_OF(h->items, "post", "posts"), STR_ARG(buf_view(&h->audit->name)));
    rc = file_write(path, buf_view(&text), err);
    buf_release(&text);
    free(path);
    return rc;
}

int handover_write(struct audit *audit, const char *dir, const char *ids, int64_t *items,
                   struct err *err)
{
    static const struct package_table tables[] = { { "items", TABLE_HANDED_ITEMS },
                                                   { "differences", TABLE_DIFFERENCES },
                                                   { "requests", TABLE_HANDED_REQUESTS },
                                                   { "asks", TABLE_HANDED_ASKS } };
    struct handover h = { .audit = audit, .dir = dir };
    char *evidence = file_join(audit->dir, "evidence");
    int rc = -1;

    h.bytes = places_new(evidence);
    if (choose(&h, ids, err) || file_mkdirs(dir, err) ||
        write_table(&h, "items.csv", put_items, err) ||
        write_table(&h, "differences.csv", put_differences, err) || put_requests(&h, err) ||
        put_readme(&h, err) ||
        report_package(dir, "Posts that the Research API did not return as expected", tables,
                       sizeof tables / sizeof *tables, err))
        goto out;
    *items = h.items;
    rc = 0;
out:
    places_free(h.bytes);
    free(h.why);
    free(evidence);
    buf_release(&h.body);
    return rc;
}
