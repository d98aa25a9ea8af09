/* audit/take/api_read.c: content decides which reader it is. */
#include "audit/take/api_read.h"
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/array.h"
#include "base/csv_rows.h"
#include "base/file.h"
#include "base/json_cut.h"
#include "base/json_out.h"
#include "base/log.h"
#include "import/posts_file.h"
#include "platform/tiktok.h"
#include "record/ending.h"
#include "store/crawl.h"

#define PIECE ((size_t)256 * 1024)

struct reading {
    struct loading *l;
    const struct api_taker *taker;
    struct saved_to saved;
    int64_t warc_at;
    bool failed;    // the taker's error, not the file's
    struct {
        char **v;
        size_t n, cap;
    } name;         // a table's columns
    bool headed;    // its first row was read
};

/* ---- what the readers hand on ---- */

/* Rows whose id was rounded are none; any of them may be one that seems absent. */
static void drop_spoiled(struct reading *r, struct reply *reply)
{
    size_t kept = 0;

    for (size_t i = 0; i < reply->rows; i++)
        if (!(ending_of(reply->row[i].id) & r->l->spoiled))
            reply->row[kept++] = reply->row[i];
    r->l->result->spoiled += (int64_t)(reply->rows - kept);
    reply->bad_rows += reply->rows - kept;
    reply->rows = kept;
}

static int on_reply(void *to, const struct reply *reply, struct str text, struct err *err)
{
    struct reading *r = to;
    struct reply kept = *reply;
    int64_t at = r->warc_at;

    if (!at && !reply_log_time(reply->log_id, &at))
        at = 0;
    if (r->l->spoiled)
        drop_spoiled(r, &kept);
    r->failed = r->taker->reply(r->taker->to, &kept, at, text, err) != 0;
    return r->failed ? -1 : 0;
}

static int on_row(void *to, const struct kept_row *row, struct str text, struct err *err)
{
    struct reading *r = to;
    struct kept_row dated = *row;

    if (!dated.at)
        dated.at = r->warc_at;
    if (ending_of(row->record.id) & r->l->spoiled) {
        r->l->result->spoiled++;
        return 0;
    }
    r->failed = r->taker->row(r->taker->to, &dated, text, err) != 0;
    return r->failed ? -1 : 0;
}

static void on_passed(void *to, const char *what, struct str name, int64_t n)
{
    struct reading *r = to;

    if (str_eq(str_of(what), str_of(kept_fault_name(KEPT_SPOILED))))
        r->l->result->spoiled += n;
    else
        load_pass(r->l->result, what, name, n);
}

static struct reading reading_init(struct loading *l, const struct api_taker *taker)
{
    return (struct reading){ .l = l,
                             .taker = taker,
                             .saved = { .reply = on_reply, .row = on_row, .passed = on_passed } };
}

static void reading_release(struct reading *r)
{
    for (size_t i = 0; i < r->name.n; i++)
        free(r->name.v[i]);
    free(r->name.v);
}

static void note_damage(struct reading *r, int64_t line, const char *what, int64_t n)
{
    struct load_result *result = r->l->result;

    if (n > 0 && result->damaged == 0)
        snprintf(result->damage, sizeof result->damage, "line %" PRId64 ": %.200s", line, what);
    result->damaged += n;
}

/* ---- JSON ---- */

static int on_document(void *to, struct str text, struct err *err)
{
    struct reading *r = to;

    arena_clear(&r->l->mem);
    if (saved_document(text, &r->l->mem, &r->saved, err) == 0)
        return 0;
    return r->failed ? -1 : 1;
}

/* ---- tables ---- */

static int take_header(struct reading *r, const struct str *cell, size_t n, struct err *err)
{
    bool id = false, field = false;

    for (size_t i = 0; i < n; i++) {
        struct str name = str_trim(cell[i]);

        id = id || kept_row_is_id(name);
        field = field || kept_row_is_field(name);
        ARRAY_ROOM(r->name.v, r->name.n, r->name.cap);
        r->name.v[r->name.n] = xmalloc(name.n + 1);
        if (name.n)
            memcpy(r->name.v[r->name.n], name.p, name.n);
        r->name.v[r->name.n++][name.n] = '\0';
    }
    r->headed = true;
    if (id && field)
        return 0;
    r->failed = true;
    return err_set(err, ERR_INPUT,
                   "%s: expected replies or rows of the research API: JSON, JSONL, WARC, a crawl "
                   "database, or a table with columns such as id, create_time, view_count",
                   r->l->path);
}

static int on_table_row(void *to, const struct str *cell, size_t n, int64_t line, struct err *err)
{
    struct reading *r = to;
    struct buf text = { 0 };
    struct json_out o = { .buf = &text, .style = JSON_COMPACT };
    int rc;

    if (!r->headed)
        return take_header(r, cell, n, err);
    if (n != r->name.n) {
        if (n > 1 || str_trim(cell[0]).n)    // not an empty line
            load_pass(r->l->result, "other_width", STR_NONE, 1);
        return 0;
    }
    json_open(&o, NULL);
    for (size_t i = 0; i < n; i++) {
        json_put_key(&o, str_of(r->name.v[i]));
        json_put_text(&o, NULL, cell[i]);
    }
    json_close(&o);
    rc = saved_row(buf_view(&text), &r->saved, err);
    buf_release(&text);
    if (rc == 0 || r->failed)
        return rc;
    note_damage(r, line, err->msg, 1);
    err_clear(err);
    return 0;
}

/* ---- a crawl database ---- */

static int read_crawl(struct reading *r, struct err *err)
{
    struct crawl *crawl = NULL;
    struct str row;
    int got = -1;

    if (crawl_open(&crawl, r->l->path, err))
        return -1;
    while ((got = crawl_next(crawl, &row, err)) > 0)
        if (saved_row(row, &r->saved, err)) {
            if (r->failed)
                break;
            load_pass(r->l->result, "unreadable_row", STR_NONE, 1);
            err_clear(err);
        }
    crawl_close(crawl);
    return got == 0 ? 0 : -1;
}

/* ---- archives ---- */

static bool is_of_posts(struct str url)
{
    static const char *const paths[] = { TIKTOK_API_QUERY, TIKTOK_API_LIKED, TIKTOK_API_REPOSTED,
                                         TIKTOK_API_PINNED };

    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
        if (str_find(url, str_of(paths[i]), 0) >= 0)
            return true;
    return false;
}

static int on_record(void *to, const struct archived_reply *a, struct err *err)
{
    struct reading *r = to;
    struct loading *l = r->l;
    struct http_exchange x = { .head = a->head };
    struct str view;

    if (a->status != 200 || !is_of_posts(a->url)) {
        l->result->other++;
        return 0;
    }
    arena_clear(&l->mem);
    r->warc_at = a->at;
    /* An archive also holds what came in cut or garbled, and was asked for again. */
    if (inflate_body(l->inflate, http_header(&x, "content-encoding"), a->body, REPLY_MAX,
                     &l->scratch, &view, err) ||
        saved_read(view, &l->mem, &r->saved, err)) {
        if (r->failed)
            return -1;
        log_warn("the reply at byte %" PRId64 " was passed over: %s", a->offset, err->msg);
        err_clear(err);
        l->result->other++;
    }
    return 0;
}

/* ---- bytes ---- */

struct text_reader {
    struct json_cut cut;
    struct csv_rows *rows;
};

static int feed(struct text_reader *t, struct str piece, struct err *err)
{
    return t->rows ? csv_rows_feed(t->rows, piece, err) : json_cut_feed(&t->cut, piece, err);
}

/* The first piece says what it is. Lists of other tools have ids as rows of the API have:
 * what they saw on the site is no answer of the API. */
static int begin(struct text_reader *t, struct reading *r, struct str *piece, struct err *err)
{
    struct str text;

    if (posts_text_is(*piece))
        return err_set(err, ERR_INPUT,
                       "lists posts as another tool saw them on the site, which is no answer of "
                       "the API: load it with --pages");
    if (str_starts(*piece, STR("\xef\xbb\xbf")))
        *piece = str_sub(*piece, 3, piece->n);
    text = str_trim(*piece);
    if (!text.n)
        return err_set(err, ERR_INPUT, "it is empty");
    if (text.p[0] != '{' && text.p[0] != '[')
        t->rows = csv_rows_new(csv_rows_delim(text), on_table_row, r);
    return 0;
}

static int end(struct text_reader *t, struct reading *r, struct err *err)
{
    int rc = t->rows ? csv_rows_end(t->rows, err) : json_cut_end(&t->cut, err);

    note_damage(r, t->cut.damaged_line, t->cut.damage, t->cut.damaged);
    return rc;
}

/* A table that breaks keeps the rows before the damage. */
static int forgive(struct text_reader *t, struct reading *r, int rc, struct err *err)
{
    if (rc == 0 || !t->rows || r->failed || !r->headed || err->kind != ERR_INPUT)
        return rc;
    if (r->l->result->damaged++ == 0)
        snprintf(r->l->result->damage, sizeof r->l->result->damage, "%.230s", err->msg);
    err_clear(err);
    return 0;
}

static int read_text(struct reading *r, int fd, struct digest_ctx *sum, struct err *err)
{
    struct text_reader t = { .cut = { .document = on_document, .to = r, .max = REPLY_MAX } };
    char *piece = xmalloc(PIECE);
    ssize_t n;
    bool begun = false;
    int rc = 0;

    while (rc == 0 && (n = file_next(fd, piece, PIECE, err)) != 0) {
        struct str bytes = { piece, n > 0 ? (size_t)n : 0 };

        if (n > 0)
            digest_add(sum, piece, (size_t)n);
        rc = n < 0 || (!begun && begin(&t, r, &bytes, err)) ? -1 : feed(&t, bytes, err);
        begun = true;
    }
    if (rc == 0)
        rc = begun ? end(&t, r, err) : err_set(err, ERR_INPUT, "it is empty");
    rc = forgive(&t, r, rc, err);
    csv_rows_free(t.rows);
    json_cut_release(&t.cut);
    free(piece);
    return rc;
}

/* ---- ids that were rounded ---- */

static int count_reply(void *to, const struct reply *reply, int64_t at, struct str text,
                       struct err *err)
{
    (void)at; (void)text; (void)err;
    for (size_t i = 0; i < reply->rows; i++)
        endings_add(to, reply->row[i].id);
    return 0;
}

static int count_row(void *to, const struct kept_row *row, struct str text, struct err *err)
{
    (void)text; (void)err;
    endings_add(to, row->record.id);
    return 0;
}

/* All ids of the file are counted before the first row is taken. What is wrong with it is
 * said when it is read for good. */
static int judge_endings(struct loading *l, int fd, struct err *err)
{
    struct load_result *result = l->result, unheard = { 0 };
    struct endings e = { 0 };
    const struct api_taker counter = { .reply = count_reply, .row = count_row, .to = &e };
    struct reading r = reading_init(l, &counter);
    struct digest_ctx sum;
    struct buf sentence = { 0 };
    int rc;

    r.saved.to = &r;
    l->spoiled = 0;
    l->result = &unheard;
    digest_start(&sum);
    rc = read_text(&r, fd, &sum, err);
    l->result = result;
    reading_release(&r);
    l->spoiled = endings_spoiled(&e);
    if (l->spoiled) {
        endings_sentence(&e, l->spoiled, &sentence);
        log_warn("%s: %s; such rows are not taken: ask for the replies as they were sent", l->path,
                 buf_cstr(&sentence));
    }
    buf_release(&sentence);
    if (rc && err->kind != ERR_INPUT)
        return -1;
    err_clear(err);
    return lseek(fd, 0, SEEK_SET) < 0 ? err_set(err, ERR_IO, "%s", strerror(errno)) : 0;
}

/* ---- the file ---- */

/* What comes in a pipe is kept in an unlinked file: it is read twice. */
static int spool(FILE **kept, struct err *err)
{
    char *piece = xmalloc(PIECE);
    ssize_t n = -1;

    *kept = tmpfile();
    while (*kept && (n = file_next(STDIN_FILENO, piece, PIECE, err)) > 0)
        if (fwrite(piece, 1, (size_t)n, *kept) != (size_t)n)
            break;
    free(piece);
    if (n < 0 && *kept)
        return -1;
    if (!*kept || n > 0 || fflush(*kept) || lseek(fileno(*kept), 0, SEEK_SET) < 0)
        return err_set(err, ERR_IO, "cannot be kept while it is read: %s", strerror(errno));
    return 0;
}

static int read_open(struct reading *r, int fd, struct digest *digest, struct err *err)
{
    struct digest_ctx sum;
    char head[16];
    ssize_t got = file_at(fd, head, sizeof head, 0);
    int rc;

    if (got < 0)
        return err_set(err, file_blame(errno), "%s", strerror(errno));
    if (got > 0 && crawl_is((struct str){ head, (size_t)got }))
        return file_digest(r->l->path, digest, err) || read_crawl(r, err) ? -1 : 0;
    digest_start(&sum);
    rc = judge_endings(r->l, fd, err) || read_text(r, fd, &sum, err) ? -1 : 0;
    *digest = digest_finish(&sum);
    return rc;
}

static int read_file(struct reading *r, struct digest *digest, struct err *err)
{
    bool is_stdin = strcmp(r->l->path, "-") == 0;
    FILE *kept = NULL;
    int fd = -1, rc = -1;

    if (!is_stdin && (fd = file_open(r->l->path, O_RDONLY)) < 0)
        err_set(err, file_blame(errno), "%s", strerror(errno));
    else if (!is_stdin || spool(&kept, err) == 0)
        rc = read_open(r, kept ? fileno(kept) : fd, digest, err);
    if (kept)
        fclose(kept);
    if (fd >= 0)
        close(fd);
    return rc;
}

int api_read(struct loading *l, const struct api_taker *taker, struct digest *digest,
             struct err *err)
{
    struct reading r = reading_init(l, taker);
    bool warc = false;
    int rc = -1;

    r.saved.to = &r;
    l->spoiled = 0;
    if (strcmp(l->path, "-") != 0 && replies_is(l->path, &warc, err))
        return -1;
    if (warc)
        rc = replies_each(l->path, on_record, &r, l->result->skipped, digest, err);
    else if ((rc = read_file(&r, digest, err)) != 0 && !r.failed)
        err_wrap(err, "%s", l->path);
    reading_release(&r);
    return rc;
}
