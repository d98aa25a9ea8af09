/* audit/add_api.c: its ids are judged as those of any list are. */
#include "audit/add_api.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include "base/file.h"
#include "base/json.h"
#include "fetch/saved.h"
#include "import/collect.h"
#include "import/urls.h"
#include "record/id.h"
#include "store/crawl.h"

#define HEAD 512
#define FRAME_MAX ((size_t)REPLY_MAX)

/* Of a row that names its author, a sight of them by this post. */
static int take_author(struct collector *in, uint64_t id, struct str username, struct err *err)
{
    const struct creator_seen seen = { .handle = "", .post = id };

    return collect_creator(in, username, &seen, err);
}
static int take_crawled(struct collector *in, struct str row, struct err *err)
{
    struct json_doc doc = { 0 };
    struct str username = STR("");
    uint64_t id = 0;
    int rc;

    if (!in->sink->seen)
        return collect_value(in, row, err);
    if (json_parse(row, &doc, err))
        return -1;
    (void)json_u64(json_get(doc.root, "id"), &id);
    (void)json_text(json_get(doc.root, "username"), &username);
    rc = take_author(in, id, username, err);
    json_free(&doc);
    return rc;
}
static int take_crawl(struct collector *in, const char *path, struct err *err)
{
    struct crawl *crawl = NULL;
    struct str row;
    int got;

    if (in->sink->seen ? crawl_open(&crawl, path, err) : crawl_open_ids(&crawl, path, err))
        return err_wrap(err, "%s", path);
    while ((got = crawl_next(crawl, &row, err)) > 0)
        if (take_crawled(in, row, err)) {
            got = -1;
            break;
        }
    if (got < 0)
        err_wrap(err, "%s", path);
    crawl_close(crawl);
    return got;
}

/* ---- frames ---- */

static int take_record(void *to, const struct record *r, struct err *err)
{
    const struct value *author = &r->val[FIELD_AUTHOR];
    struct collector *in = to;
    char text[ID_TEXT_MAX];
    struct link l = { 0 };
    uint64_t id = r->id;

    if (in->sink->seen)
        return take_author(in, id, author->kind == VAL_TEXT ? author->text : STR(""), err);
    link_from_id(str_of(id_text(id, text)), in->opts->now, &l);
    return collect_link(in, &l, err);
}

static int take_reply(void *to, const struct reply *reply, struct str text, struct err *err)
{
    (void)text;
    for (size_t i = 0; i < reply->rows; i++)
        if (take_record(to, &reply->row[i], err))
            return -1;
    return 0;
}

static int take_row(void *to, const struct kept_row *row, struct str text, struct err *err)
{
    (void)text;
    return take_record(to, &row->record, err);
}

static void take_passed(void *to, const char *what, struct str name, int64_t n)
{
    static const enum import_skip skip[KEPT_FAULT_COUNT] = {
        [KEPT_NO_ID] = SKIP_NO_LINK,          [KEPT_BAD_ID] = SKIP_BAD_ID,
        [KEPT_DOUBLED] = SKIP_UNREADABLE_ROW, [KEPT_COMMENT] = SKIP_NO_LINK,
        [KEPT_OTHER] = SKIP_NO_LINK,
    };

    (void)name;
    for (int f = KEPT_NO_ID; f < KEPT_FAULT_COUNT; f++)
        for (; n > 0 && !strcmp(what, kept_fault_name((enum kept_fault)f)); n--)
            if (f == KEPT_SPOILED)
                collect_spoiled(to);
            else
                collect_skip(to, skip[f]);
}

/* Does it begin as such a frame does? Blanks and quotes are left out. */
static bool frame_begins(struct str head)
{
    static const char *const beginnings[] = { "{columns:[", "{index:[", "{schema:{", "{0:{",
                                              "[[{" };
    char text[64];
    struct str bare = { text, 0 };
    size_t digits = 0;

    for (size_t i = 0; i < head.n && bare.n < sizeof text; i++)
        if (!strchr(" \t\r\n\"", head.p[i]))
            text[bare.n++] = head.p[i];
    for (size_t i = 0; i < sizeof beginnings / sizeof beginnings[0]; i++)
        if (str_starts(bare, str_of(beginnings[i])))
            return true;
    while (1 + digits < bare.n && text[1 + digits] >= '0' && text[1 + digits] <= '9')
        digits++;
    return digits >= 17 && text[0] == '{' && str_starts(str_sub(bare, 1 + digits, 2), STR(":{"));
}

/* Nothing is taken where it is none after all. */
static int take_frame(struct collector *in, const char *path, struct err *err)
{
    const struct saved_to to = {
        .reply = take_reply, .row = take_row, .passed = take_passed, .to = in
    };
    struct buf text = { 0 };
    struct arena mem = { 0 };
    int rc = file_read(path, FRAME_MAX, &text, err);

    if (rc == 0)
        rc = saved_read(buf_view(&text), &mem, &to, err);
    if (rc && err->kind == ERR_INPUT) {
        err_clear(err);
        rc = 0;
    }
    arena_release(&mem);
    buf_release(&text);
    return rc;
}

/* ---- the file ---- */

/* What is wrong with the name or the file, import_file says. */
static int head_of(const char *path, char bytes[HEAD], struct str *head, struct err *err)
{
    bool is_stdin = strcmp(path, "-") == 0;
    int fd = is_stdin ? -1 : file_open(path, O_RDONLY);
    ssize_t n = fd < 0 ? -1 : file_at(fd, bytes, HEAD, 0);
    bool machine = !is_stdin && n < 0 && errno != ESPIPE && file_blame(errno) == ERR_IO;

    *head = (struct str){ bytes, n > 0 ? (size_t)n : 0 };
    if (machine)
        err_set(err, ERR_IO, "%s: %s", path, strerror(errno));
    if (fd >= 0)
        close(fd);
    return machine ? -1 : 0;
}

int add_api(const char *path, const struct import_opts *opts, const struct import_sink *sink,
            struct import_count *count, bool *meant, struct err *err)
{
    char bytes[HEAD];
    struct str head;
    struct collector in;
    struct digest plain;
    bool crawl;
    int rc;

    *meant = false;
    if (head_of(path, bytes, &head, err))
        return -1;
    crawl = crawl_is(head);
    if (!crawl && (opts->key || !frame_begins(head)))
        return 0;
    collector_init(&in, opts, sink);
    rc = crawl ? take_crawl(&in, path, err) : take_frame(&in, path, err);
    *meant = rc || crawl || in.count.taken || in.count.skipped[SKIP_SPOILED_ID];
    if (rc == 0 && *meant)
        rc = collect_end(&in, err) || file_digest(path, &plain, err) ? -1 : 0;
    if (rc == 0 && *meant) {
        *count = in.count;
        count->kind = crawl ? "crawl" : "frame";
        count->digest = digest_hmac(opts->source_key,
                                    (struct str){ (const char *)plain.b, sizeof plain.b });
    }
    collector_release(&in);
    return rc;
}
