/* report/shard.c: the stories of some posts, packed. */
#include <stdlib.h>
#include "base/arena.h"
#include "base/array.h"
#include "base/base64.h"
#include "base/deflate.h"
#include "base/digest.h"
#include "base/json_out.h"
#include "record/id.h"
#include "report/cases.h"

struct shard {
    struct arena mem;    // of its texts
    struct {
        struct str *v;
        size_t n, cap;
    } text;
    struct {
        uint32_t *v;
        size_t size;
    } slot;              // places of texts + 1 by hash; a power of two
    struct buf posts;    // JSON, without its braces
    struct json_out json;
    size_t len;
};

struct shard *shard_new(void)
{
    struct shard *s = xcalloc(1, sizeof *s);

    s->json = (struct json_out){ .buf = &s->posts, .style = JSON_COMPACT };
    return s;
}

void shard_free(struct shard *s)
{
    if (!s)
        return;
    free(s->text.v);
    free(s->slot.v);
    buf_release(&s->posts);
    arena_release(&s->mem);
    free(s);
}

size_t shard_len(const struct shard *s) { return s->len; }

/* ---- texts, each once ---- */

static uint64_t hash_of(struct str text)
{
    uint64_t h = text.n;

    for (size_t i = 0; i < text.n; i++)
        h = (h ^ (unsigned char)text.p[i]) * 0x9FB21C651E98DF25u;
    return mix64(h);
}

static uint32_t *slot_of(struct shard *s, struct str text)
{
    size_t at = hash_of(text) & (s->slot.size - 1);

    while (s->slot.v[at] && !str_eq(s->text.v[s->slot.v[at] - 1], text))
        at = (at + 1) & (s->slot.size - 1);
    return &s->slot.v[at];
}

static void slots_double(struct shard *s)
{
    free(s->slot.v);
    s->slot.size = s->slot.size ? 2 * s->slot.size : 4096;
    s->slot.v = xcalloc(s->slot.size, sizeof *s->slot.v);
    for (size_t i = 0; i < s->text.n; i++)
        *slot_of(s, s->text.v[i]) = (uint32_t)i + 1;
}

static int64_t place_of(struct shard *s, struct str text)
{
    uint32_t *slot;

    if (2 * s->text.n >= s->slot.size)
        slots_double(s);
    slot = slot_of(s, text);
    if (!*slot) {
        ARRAY_ROOM(s->text.v, s->text.n, s->text.cap);
        s->text.v[s->text.n++] = arena_dup(&s->mem, text);
        *slot = (uint32_t)s->text.n;
    }
    return *slot - 1;
}

/* ---- posts ---- */

bool shard_add(struct shard *s, uint64_t id, const struct told_story *told)
{
    char key[ID_TEXT_MAX];

    json_open_list(&s->json, id_text(id, key));
    for (size_t i = 0; i < told->n; i++) {
        const struct told_line *l = &told->v[i];

        json_put_int(&s->json, NULL, l->what);
        for (int t = 0; t < told_texts(l->what); t++)
            json_put_int(&s->json, NULL, place_of(s, l->text[t]));
    }
    json_close(&s->json);
    return ++s->len == SHARD_ITEMS;
}

static void clear(struct shard *s)
{
    buf_clear(&s->posts);
    s->json = (struct json_out){ .buf = &s->posts, .style = JSON_COMPACT };
    s->text.n = s->len = 0;
    for (size_t i = 0; i < s->slot.size; i++)
        s->slot.v[i] = 0;
    arena_clear(&s->mem);
}

void shard_write(struct shard *s, int64_t n, struct buf *out)
{
    struct buf json = { 0 }, packed = { 0 };
    struct json_out o = { .buf = &json, .style = JSON_COMPACT };

    json_open(&o, NULL);
    json_open_list(&o, "text");
    for (size_t i = 0; i < s->text.n; i++)
        json_put_text(&o, NULL, s->text.v[i]);
    json_close(&o);
    json_open(&o, "posts");
    json_put_raw(&o, NULL, buf_view(&s->posts));
    json_close(&o);
    json_close(&o);
    deflate_zlib(&packed, buf_view(&json));
    buf_clear(out);
    buf_printf(out, "show(%lld,\"", (long long)n);
    base64_put(out, buf_view(&packed));
    buf_puts(out, "\")\n");
    buf_release(&json);
    buf_release(&packed);
    clear(s);
}
