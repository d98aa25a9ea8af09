/* tests/unit/import_box.h: a sink that keeps what import hands on, and files
 * made of text, for the tests of import. */
#ifndef TESTS_UNIT_IMPORT_BOX_H
#define TESTS_UNIT_IMPORT_BOX_H
#include <archive.h>
#include <archive_entry.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>
#include "import/import.h"

#define NOW 1790000000                       // 2026-09-21
#define ID1 "7361448925972155679"
#define ID2 "7320768196569599275"
#define ID3 "7376726215178128673"
#define URL1 "https://www.tiktok.com/@ann/video/" ID1
#define URL2 "https://www.tiktokv.com/share/video/" ID2 "/"
#define URL3 "https://www.tiktok.com/@bob/photo/" ID3

struct box {
    struct new_item item[64], last; size_t len;     // the first ones and the last
    size_t chunks, links;
    char link[8][100];
    char notes[4096];
    struct import_count count;
    struct err err;
    bool unsorted;
    char path[256];
};
static inline int box_items(void *to, const struct new_item *item, size_t len, struct err *err)
{
    struct box *b = to;

    (void)err;
    b->chunks++;
    for (size_t i = 0; i < len; i++) {
        b->unsorted = b->unsorted || ((i > 0 || b->chunks > 1) && b->last.id >= item[i].id);
        b->last = item[i];
        if (b->len < 64)
            b->item[b->len++] = item[i];
    }
    return 0;
}
static inline int box_link(void *to, struct str url, struct err *err)
{
    struct box *b = to;

    (void)err;
    if (b->links < 8)
        snprintf(b->link[b->links], sizeof b->link[0], "%.*s", STR_ARG(url));
    b->links++;
    return 0;
}
static inline void box_note(void *to, const char *sentence)
{
    struct box *b = to;
    size_t n = strlen(b->notes);

    snprintf(b->notes + n, sizeof b->notes - n, "%s\n", sentence);
}
static inline int box_import(struct box *b, const char *path, const char *column, const char *key)
{
    const struct import_opts opts = {
        .column = column, .key = key, .now = NOW, .source_key = STR("secret")
    };
    const struct import_sink sink = {
        .items = box_items, .link = box_link, .note = box_note, .to = b
    };
    int rc;

    memset(b, 0, sizeof *b);
    rc = import_file(path, &opts, &sink, &b->count, &b->err);
    assert_false(b->unsorted);
    if (!rc) {      // the ledger of links is closed
        int64_t sum = b->count.taken + b->count.short_links;

        for (int k = 0; k < SKIP_COUNT; k++)
            sum += import_skip_is_link((enum import_skip)k) ? b->count.skipped[k] : 0;
        assert_int_equal(sum, b->count.links);
    }
    return rc;
}
/* The bytes as a file, imported; the file is gone afterwards. */
static inline int box_bytes(struct box *b, const char *ending, struct str bytes, const char *column,
                            const char *key)
{
    char path[256];
    const char *dir = getenv("TMPDIR");
    int fd, rc;

    snprintf(path, sizeof path, "%s/import-XXXXXX%s", dir ? dir : "/tmp", ending);
    fd = mkstemps(path, (int)strlen(ending));
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes.p ? bytes.p : "", bytes.n), (ssize_t)bytes.n);
    close(fd);
    rc = box_import(b, path, column, key);
    unlink(path);
    return rc;
}
static inline int box_text(struct box *b, const char *text)
{
    return box_bytes(b, "", str_of(text), NULL, NULL);
}
static inline void box_ok(struct box *b, const char *text)
{
    if (box_text(b, text))
        fail_msg("%s", b->err.msg);
}

/* ---- ZIPs made in memory ---- */
struct zip { struct archive *a; char *bytes; size_t size, used; };
static inline void zip_begin(struct zip *z, size_t size, const char *password)
{
    z->size = size;
    z->bytes = calloc(1, size);
    z->a = archive_write_new();
    archive_write_set_format_zip(z->a);
    if (password) {
        archive_write_set_options(z->a, "zip:encryption=zipcrypt");
        archive_write_set_passphrase(z->a, password);
    }
    assert_int_equal(archive_write_open_memory(z->a, z->bytes, size, &z->used), ARCHIVE_OK);
}
static inline void zip_add_bytes(struct zip *z, const char *name, struct str bytes)
{
    struct archive_entry *e = archive_entry_new();

    archive_entry_set_pathname(e, name);
    archive_entry_set_filetype(e, AE_IFREG);
    archive_entry_set_perm(e, 0644);
    archive_entry_set_size(e, (la_int64_t)bytes.n);
    assert_true(archive_write_header(z->a, e) >= ARCHIVE_WARN);
    archive_write_data(z->a, bytes.p, bytes.n);
    archive_entry_free(e);
}
static inline void zip_add(struct zip *z, const char *name, const char *text)
{
    zip_add_bytes(z, name, str_of(text));
}
static inline void zip_add_symlink(struct zip *z, const char *name, const char *target)
{
    struct archive_entry *e = archive_entry_new();

    archive_entry_set_pathname(e, name);
    archive_entry_set_filetype(e, AE_IFLNK);
    archive_entry_set_symlink(e, target);
    archive_entry_set_perm(e, 0777);
    assert_true(archive_write_header(z->a, e) >= ARCHIVE_WARN);
    archive_entry_free(e);
}
static inline int zip_import(struct zip *z, struct box *b)
{
    int rc;

    archive_write_close(z->a);
    archive_write_free(z->a);
    rc = box_bytes(b, ".zip", (struct str){ z->bytes, z->used }, NULL, NULL);
    free(z->bytes);
    return rc;
}
/* The folder of real samples, or NULL. */
static inline const char *shared_folder(void)
{
    const char *dir = getenv("BLINDSPOT_SHARED");

    return dir ? dir : access("../shared", R_OK) == 0 ? "../shared" : NULL;
}
#endif
