/* import/sniff.c: what kind of file is it? Content decides: people rename
 * files, and exports come without an ending. The first 256 KiB are looked at,
 * then everything goes to the reader of that kind. UTF-16 (which spreadsheets
 * write) becomes UTF-8 on the way. */
#include <stdlib.h>
#include <string.h>
#include "import/posts.h"
#include "import/readers.h"
#include "import/scan.h"

bool zip_shape(struct str t)
{
    return str_starts(t, STR("PK\3\4")) || str_starts(t, STR("PK\5\6")) ||
           str_starts(t, STR("PK\7\10"));
}

/* ---- encodings ---- */
static struct str decode_utf16(struct feeder *f, struct str piece)
{
    buf_clear(&f->text);
    utf16_decode(&f->utf16, piece, &f->text);
    return buf_view(&f->text);
}

/* ---- kinds ---- */
static bool name_ends(const char *name, const char *ending)
{
    size_t n = strlen(name), m = strlen(ending);

    return n >= m && str_eq_nocase((struct str){ name + n - m, m }, str_of(ending));
}
/* What it is instead, for files that are no text. NULL for text. */
static const char *binary_kind(struct str t)
{
    static const struct { const char *magic; size_t n; const char *what;
    } known[] = {
        { "\x1f\x8b", 2, "is compressed with gzip: unpack it first" },
        { "\xfd"
          "7zXZ",
          5, "is compressed with xz: unpack it first" },
        { "BZh", 3, "is compressed with bzip2: unpack it first" },
        { "\x28\xb5\x2f\xfd", 4, "is compressed with zstd: unpack it first" },
        { "7z\xbc\xaf", 4, "is a 7z archive: unpack it first" },
        { "Rar!", 4, "is a RAR archive: unpack it first" },
        { "%PDF-", 5, "is a PDF: expected a list, CSV, JSON or a donation package" },
        { "SQLite format 3", 15,
          "is a database: expected a list, CSV, JSON or a donation package" },
        { "WARC/", 5, FOR_PAGES },
        { "\xd0\xcf\x11\xe0", 4, "is an old workbook (.xls): save it as .xlsx or CSV" },
        { "PAR1", 4, "is a Parquet file: export it as CSV first" },
    };
    size_t odd = 0, look = t.n < 4096 ? t.n : 4096;

    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (str_starts(t, (struct str){ known[i].magic, known[i].n }))
            return known[i].what;
    for (size_t i = 0; i < look; i++)
        odd += (unsigned char)t.p[i] < 9 ||
               ((unsigned char)t.p[i] > 13 && (unsigned char)t.p[i] < 32);
    return odd * 10 > look ? "is no text: expected a list, CSV, JSON or a donation package" : NULL;
}
static bool is_web_page(struct str t)
{
    t = str_trim(str_sub(t, 0, 4096));
    return str_starts_nocase(t, STR("<!doctype html")) || str_starts_nocase(t, STR("<html")) ||
           (t.n && t.p[0] == '<' && str_find_nocase(t, STR("<html"), 0) > 0);
}
/* ---- JSON or not: a trial of the first bytes ---- */
struct trial { int64_t ended_line; };
static void trial_leave(void *to, const struct scan *s, bool object)
{
    struct trial *t = to;

    (void)object;
    if (!s->depth && !t->ended_line)
        t->ended_line = s->line;
}
/* *lines: the first line is a document of its own and another one follows. */
static bool is_json(struct str text, const char *name, bool *lines)
{
    struct trial t = { 0 };
    struct err err = { 0 };
    const struct scan_user user = { .leave = trial_leave, .to = &t };
    struct scan *s;
    struct str head = str_trim(text);
    bool named = name_ends(name, ".json") || name_ends(name, ".jsonl") ||
                 name_ends(name, ".ndjson");
    bool broken;
    ptrdiff_t newline;

    *lines = false;
    if (!head.n || (head.p[0] != '{' && head.p[0] != '['))
        return false;
    s = xcalloc(1, sizeof *s);
    scan_init(s, &user, false);
    broken = scan_feed(s, head, &err) != 0;
    scan_release(s);
    free(s);
    newline = str_find(head, STR("\n"), 0);
    if (t.ended_line == 1 && newline > 0) {
        struct str next = str_trim(str_sub(head, (size_t)newline, head.n));

        *lines = next.n && (next.p[0] == head.p[0] || broken);
    }
    if (name_ends(name, ".jsonl") || name_ends(name, ".ndjson"))
        *lines = true;
    return named || head.p[0] == '{' || !broken;     // "[1] https://..." is a list of notes
}
/* A browser's archive names every address that it came by. */
static bool is_har(struct str text)
{
    struct str t = str_trim(text);

    t = t.n && t.p[0] == '{' ? str_trim(str_sub(t, 1, t.n)) : STR_NONE;
    return str_starts(t, STR("\"log\"")) && (str_find(t, STR("\"startedDateTime\""), 0) > 0 ||
                                             str_find(t, STR("\"creator\""), 0) > 0);
}
static int choose_text(struct feeder *f, struct str text, bool whole, struct err *err)
{
    struct creators_plan creators;
    struct csv_plan plan;
    int csv;

    switch (donation_txt_shape(text)) {
    case TXT_LINKS:
        f->kind = FEEDER_DONATION;
        donation_txt_reader(&f->reader, f->in);
        return 0;
    case TXT_PRIVATE:
        return err_set(
            err, ERR_INPUT,
            "is a section of a donation package that holds no list of videos; such are not read");
    case TXT_OTHER:
        break;
    }
    if (f->in->sink->seen) {
        csv = creators_sniff(text, f->in->opts, &creators, err);
        if (csv < 0)
            return -1;
        if (csv) {
            f->kind = FEEDER_CREATORS;
            creators_reader(&f->reader, f->in, &creators);
            return 0;
        }
    }
    csv = csv_sniff(text, whole, f->in->opts, &plan, err);
    if (csv < 0)
        return -1;
    f->kind = csv ? FEEDER_CSV : FEEDER_LIST;
    if (csv)
        csv_reader(&f->reader, f->in, &plan);
    else
        list_reader(&f->reader, f->in);
    return 0;
}
/* The prefix is complete (or the file is): find the kind, then feed it. */
static int choose(struct feeder *f, bool whole, struct err *err)
{
    struct str text = buf_view(&f->prefix);
    const char *binary = binary_kind(text);
    bool lines;

    if (zip_shape(text)) {
        f->kind = FEEDER_ZIP;
        return 0;
    }
    if (binary)
        return err_set(err, ERR_INPUT, "%s", binary);
    if (is_web_page(text))               // its scripts are full of numbers as long as ids
        return err_set(
            err, ERR_INPUT,
            "is a web page: expected a list of links (saved pages go to `load --pages`)");
    if (is_har(text))
        return err_set(err, ERR_INPUT, FOR_PAGES);
    if (is_json(text, f->name, &lines)) {
        bool donation = !f->in->opts->key && donation_json_shape(text);
        bool posts = !f->in->opts->key && !donation && posts_json_shape(text, lines);

        f->kind = donation ? FEEDER_DONATION
                  : posts  ? FEEDER_POSTS
                  : lines  ? FEEDER_JSONL
                           : FEEDER_JSON;
        if (donation)
            donation_json_reader(&f->reader, f->in, lines);
        else if (posts)
            posts_reader(&f->reader, f->in, lines);
        else
            dataset_reader(&f->reader, f->in, lines);
    } else if (choose_text(f, text, whole, err)) {
        return -1;
    }
    return f->reader.feed(f->reader.self, text, err);
}

/* ---- the feeder ---- */
void feeder_init(struct feeder *f, struct collector *in, const char *name)
{
    *f = (struct feeder){ .in = in, .name = name };
}
void feeder_release(struct feeder *f)
{
    if (f->reader.free)
        f->reader.free(f->reader.self);
    buf_release(&f->prefix);
    buf_release(&f->text);
}
/* Byte order marks; the bytes that remain are text. */
static void find_encoding(struct feeder *f)
{
    struct str t = buf_view(&f->prefix);
    size_t mark = 0;

    f->encoding = ENCODING_8;
    if (utf16_mark(t, &f->utf16)) {
        f->encoding = ENCODING_16;
        mark = 2;
    } else if (str_starts(t, STR("\xef\xbb\xbf"))) {
        mark = 3;
    }
    if (!mark)
        return;
    memmove(f->prefix.p, f->prefix.p + mark, f->prefix.n - mark);
    f->prefix.n -= mark;
    if (f->encoding != ENCODING_8) {
        struct str decoded = decode_utf16(f, buf_view(&f->prefix));

        buf_clear(&f->prefix);
        buf_str(&f->prefix, decoded);
    }
}
int feeder_feed(struct feeder *f, struct str piece, struct err *err)
{
    size_t want;

    if (f->encoding == ENCODING_OPEN) {
        want = f->prefix.n < 4 ? 4 - f->prefix.n : 0;
        want = want < piece.n ? want : piece.n;
        buf_add(&f->prefix, piece.p, want);
        piece = str_sub(piece, want, piece.n);
        if (f->prefix.n < 4)
            return 0;
        find_encoding(f);
    }
    if (f->encoding != ENCODING_8)
        piece = decode_utf16(f, piece);
    if (f->kind == FEEDER_ZIP || !piece.n)
        return 0;
    if (f->kind != FEEDER_NONE)
        return f->reader.feed(f->reader.self, piece, err);
    want = SNIFF_MAX - f->prefix.n < piece.n ? SNIFF_MAX - f->prefix.n : piece.n;
    buf_add(&f->prefix, piece.p, want);
    piece = str_sub(piece, want, piece.n);
    if (f->prefix.n < SNIFF_MAX)
        return 0;
    if (choose(f, false, err))
        return -1;
    return piece.n && f->kind != FEEDER_ZIP ? f->reader.feed(f->reader.self, piece, err) : 0;
}
int feeder_end(struct feeder *f, struct err *err)
{
    if (f->encoding == ENCODING_OPEN)
        find_encoding(f);
    if (f->kind == FEEDER_NONE && choose(f, true, err))
        return -1;
    return f->reader.end ? f->reader.end(f->reader.self, err) : 0;
}
