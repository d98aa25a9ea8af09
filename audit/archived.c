/* audit/archived.c: see archived.h. */
#include "audit/archived.h"
#include <stdlib.h>
#include <string.h>
#include "base/array.h"
#include "base/file.h"
#include "base/utc.h"

struct lines {
    char **v;
    size_t n, cap;
    struct archived *a;
};

/* A file that is still open has no digest yet, and one that nothing refers to may be gone. */
static int take_file(void *to, const struct evidence_file *f, struct err *err)
{
    struct lines *l = to;
    struct buf line = { 0 };
    char hex[DIGEST_HEX];

    (void)err;
    if (f->size == 0 || f->last_offset < 0)
        return 0;
    buf_printf(&line, "%s  %.*s\n", digest_hex(&f->digest, hex), STR_ARG(f->name));
    ARRAY_ROOM(l->v, l->n, l->cap);
    l->v[l->n++] = xstrdup(buf_cstr(&line));
    l->a->files++;
    l->a->bytes += f->size;
    buf_release(&line);
    return 0;
}

static int by_line(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void digest_of_lines(struct lines *l, char hex[DIGEST_HEX])
{
    struct digest_ctx ctx;
    struct digest d;

    if (l->n)
        qsort(l->v, l->n, sizeof *l->v, by_line);
    digest_start(&ctx);
    for (size_t i = 0; i < l->n; i++) {
        digest_add(&ctx, l->v[i], strlen(l->v[i]));
        free(l->v[i]);
    }
    free(l->v);
    d = digest_finish(&ctx);
    digest_hex(&d, hex);
}

/* What stands in the store, "DIGEST INSTANT", where it is of these files. */
static int read_verified(struct store *s, const char *hex, int64_t *at, struct err *err)
{
    struct buf text = { 0 };
    struct str rest, digest;
    int rc = store_meta_get(s, META_VERIFIED, &text, err);

    rest = buf_view(&text);
    *at = 0;
    if (rc == 0 && str_cut(&rest, ' ', &digest) && str_eq(digest, str_of(hex)))
        rc = utc_parse(rest, at, err);
    buf_release(&text);
    return rc;
}

static int read_all(struct store *s, struct archived *a, char hex[DIGEST_HEX], struct err *err)
{
    struct lines lines = { .a = a };
    int rc;

    *a = (struct archived){ 0 };
    rc = store_evidence_files(s, take_file, &lines, err) || store_evidence_kept(s, &a->records, err)
             ? -1
             : 0;
    digest_of_lines(&lines, hex);
    return rc;
}

int archived_read(struct store *s, struct arena *mem, struct archived *a, struct err *err)
{
    char hex[DIGEST_HEX];

    if (read_all(s, a, hex, err) || read_verified(s, hex, &a->verified_at, err))
        return -1;
    a->digest = arena_dup(mem, str_of(hex));
    return 0;
}

static int keep(struct store *s, bool sound, const char *hex, struct err *err)
{
    struct buf text = { 0 };
    char at[UTC_TEXT_MAX];
    int rc;

    if (!sound)
        return store_meta_drop(s, META_VERIFIED, err);
    buf_printf(&text, "%s %s", hex, utc_rfc3339(utc_now(), at));
    rc = store_meta_set(s, META_VERIFIED, buf_view(&text), err);
    buf_release(&text);
    return rc;
}

/* By a store of its own: who verifies reads, and holds no lock meanwhile. Where an answer came
 * in since, the files that were read are not all that there are. */
int archived_verified(const struct audit *audit, bool sound, struct err *err)
{
    char *path = file_join(audit->dir, "audit.db"), read[DIGEST_HEX], now[DIGEST_HEX];
    struct archived then, here;
    struct store *s = NULL;
    struct err later = { 0 };
    int rc = -1;

    if (store_open(&s, path, STORE_WRITE, err) == 0 &&
        read_all(audit->store, &then, read, err) == 0 && read_all(s, &here, now, err) == 0)
        rc = strcmp(read, now) != 0 ? 0 : keep(s, sound, now, err);
    if (store_close(s, rc ? &later : err))
        rc = -1;
    free(path);
    return rc;
}
