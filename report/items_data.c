/* report/items_data.c: see items_data.h. A row takes 88 bytes until it is packed. */
#include "report/items_data.h"
#include <stdlib.h>
#include <string.h>
#include "base/array.h"
#include "base/base64.h"
#include "base/deflate.h"
#include "base/digest.h"
#include "base/json_out.h"
#include "base/log.h"
#include "report/column.h"
#include "report/waterfall.h"

enum kind { KIND_NUMBER, KIND_SORTED, KIND_WORD, KIND_TEXT };
static const struct { const char *name; enum kind kind; } columns[ITEMS_COLUMNS] = {
#define ITEMS_COLUMN(id, name, kind) [ITEMS_##id] = { name, KIND_##kind },
#include "report/items.def"
#undef ITEMS_COLUMN
};

/* ---- texts, each once ---- */

#define SLOTS_FIRST 64             // a power of two

struct items_words {
    struct buf text;               // one behind the other
    size_t *end; size_t n, cap;    // where text i ends
    uint32_t *slot; size_t slots;  // 0 free, else 1 + the place of a text
};

static struct str word_at(const struct items_words *w, size_t i)
{
    const size_t from = i ? w->end[i - 1] : 0;

    return (struct str){ w->text.p + from, w->end[i] - from };
}

/* FNV-1a, mixed: the lists are made of texts from outside. */
static size_t slot_of(const struct items_words *w, struct str text)
{
    uint64_t h = 14695981039346656037u;

    for (size_t i = 0; i < text.n; i++)
        h = (h ^ (unsigned char)text.p[i]) * 1099511628211u;
    return mix64(h) & (w->slots - 1);
}

static void slots_grow(struct items_words *w)
{
    free(w->slot);
    w->slots = w->slots ? 2 * w->slots : SLOTS_FIRST;
    w->slot = xcalloc(w->slots, sizeof *w->slot);
    for (size_t i = 0; i < w->n; i++) {
        size_t at = slot_of(w, word_at(w, i));

        while (w->slot[at])
            at = (at + 1) & (w->slots - 1);
        w->slot[at] = (uint32_t)i + 1;
    }
}

/* The place of a text in its list, where it is put unless it is there. */
static uint32_t place_of(struct items_words *w, struct str text)
{
    size_t at;

    if (2 * (w->n + 1) > w->slots)
        slots_grow(w);
    for (at = slot_of(w, text); w->slot[at]; at = (at + 1) & (w->slots - 1))
        if (str_eq(word_at(w, w->slot[at] - 1), text))
            return w->slot[at] - 1;
    ARRAY_ROOM(w->end, w->n, w->cap);
    buf_str(&w->text, text);
    w->end[w->n] = w->text.n;
    w->slot[at] = (uint32_t)++w->n;
    return w->slot[at] - 1;
}

static void words_clear(struct items_words *w)
{
    buf_clear(&w->text);
    w->n = 0;
    if (w->slots)
        memset(w->slot, 0, w->slots * sizeof *w->slot);
    place_of(w, STR_NONE);         // absent is 0 everywhere
}

static uint32_t text_place(struct items_data *d, enum items_column c, struct str text)
{
    struct buf safe = {0};
    uint32_t place;

    log_escape(&safe, text);
    place = place_of(d->words[c], buf_view(&safe));
    buf_release(&safe);
    return place;
}

/* ---- words that are known before ---- */

static const char *const confirmed[] = { "", "no", "yes" };

static const char *bucket_word(int i)
{
    for (int n = 0; n < NODE_COUNT; n++)
        if (node_is_leaf((enum node)n) && i-- == 0)
            return node_path((enum node)n);
    return NULL;
}

static uint32_t bucket_place(enum node leaf)
{
    uint32_t place = 0;

    for (int n = 0; n < (int)leaf; n++)
        place += node_is_leaf((enum node)n);
    return place;
}

/* Word i of a column's list; NULL behind the last. */
static const char *known_word(enum items_column c, int i)
{
    switch (c) {
    case ITEMS_BUCKET: return bucket_word(i);
    case ITEMS_MEANING: return i < MEANING_COUNT ? meanings[i].word : NULL;
    case ITEMS_REASON: return i < REASON_COUNT ? reason_name((enum reason)i) : NULL;
    case ITEMS_BASIS: return i < BASIS_COUNT ? basis_name((enum basis)i) : NULL;
    case ITEMS_CONFIRMED: return i < 3 ? confirmed[i] : NULL;
    case ITEMS_PAGE:
        return i == 0 ? "" : i <= ANSWER_COUNT ? answer_name((enum answer_kind)(i - 1)) : NULL;
    default: return NULL;
    }
}

/* ---- rows ---- */

void items_init(struct items_data *d, const struct summary *s, const struct look *look)
{
    *d = (struct items_data){ .s = s, .look = look };
    for (int c = 0; c < ITEMS_COLUMNS; c++)
        if (columns[c].kind == KIND_TEXT)
            d->words[c] = xcalloc(1, sizeof *d->words[c]);
    items_clear(d);
}

void items_clear(struct items_data *d)
{
    d->n = 0;
    for (int c = 0; c < ITEMS_COLUMNS; c++)
        if (d->words[c])
            words_clear(d->words[c]);
}

void items_release(struct items_data *d)
{
    for (int c = 0; c < ITEMS_COLUMNS; c++)
        if (d->words[c]) {
            buf_release(&d->words[c]->text);
            free(d->words[c]->end);
            free(d->words[c]->slot);
            free(d->words[c]);
        }
    free(d->v);
    *d = (struct items_data){0};
}

/* The split by basis: a rule that is only associated explains nothing. */
static enum basis split_basis(const struct summary *s, const struct label_row *row)
{
    for (size_t i = 0; i < s->rules; i++)
        if (s->rule[i].separation == SEPARATION_ASSOCIATED && str_eq(s->rule[i].name, row->rule))
            return BASIS_UNEXPLAINED;
    return row->basis;
}

static uint32_t instant(int64_t at)
{
    return at > 0 && at <= UINT32_MAX ? (uint32_t)at : 0;
}

static void add_verdict(struct items_data *d, uint32_t *v, const struct label_row *row)
{
    const enum node leaf = waterfall_leaf(row);

    if (leaf == NODE_COUNT)
        die("an item fits no bucket of the waterfall");
    v[ITEMS_BUCKET] = bucket_place(leaf);
    v[ITEMS_MEANING] = meaning_of(leaf, split_basis(d->s, row));
    v[ITEMS_REASON] = row->reason;
    v[ITEMS_RULE] = text_place(d, ITEMS_RULE, row->rule);
    v[ITEMS_BASIS] = row->basis;
    v[ITEMS_CONFIRMED] = row->state == STATE_RETRIEVED ? 0 : row->confirmed ? 2 : 1;
}

static void add_page(struct items_data *d, uint32_t *v, const struct label_row *row)
{
    char code[24] = "";

    if (row->has_code)
        snprintf(code, sizeof code, "%lld", (long long)row->code);
    v[ITEMS_PAGE] = row->page < ANSWER_COUNT ? (uint32_t)row->page + 1 : 0;
    v[ITEMS_CODE] = text_place(d, ITEMS_CODE, str_of(code));
    v[ITEMS_MESSAGE] = text_place(d, ITEMS_MESSAGE, row->message);
    v[ITEMS_PAGE_AT] = instant(row->page_at);
    v[ITEMS_PLACE] = text_place(d, ITEMS_PLACE, row->place);
    v[ITEMS_REFUSED_AT] = instant(row->later_refused_at);
}

void items_add(struct items_data *d, const struct label_row *row)
{
    char alias[ALIAS_MAX];
    uint32_t *v;

    ARRAY_ROOM(d->v, d->n, d->cap);
    v = d->v[d->n++].v;
    v[ITEMS_ID_HIGH] = (uint32_t)(row->id >> 32);
    v[ITEMS_ID_LOW] = (uint32_t)row->id;
    v[ITEMS_CREATED_AT] = instant(row->created_at);
    v[ITEMS_NAME] = text_place(d, ITEMS_NAME, alias_of(&d->look->alias, row->handle, alias));
    v[ITEMS_ACCOUNT] = (uint32_t)row->account;
    v[ITEMS_API_ASKED] = (uint32_t)row->asked;
    v[ITEMS_API_DAYS] = (uint32_t)row->days;
    v[ITEMS_API_FIRST] = instant(row->first_at);
    v[ITEMS_API_LAST] = instant(row->last_at);
    v[ITEMS_SOUND_DAYS] = text_place(d, ITEMS_SOUND_DAYS, row->sound_list);
    add_verdict(d, v, row);
    add_page(d, v, row);
}

/* ---- packing ---- */

static uint32_t stored(const struct items_data *d, enum items_column c, size_t i)
{
    const uint32_t x = d->v[i].v[c];

    return columns[c].kind == KIND_SORTED && i ? x - d->v[i - 1].v[c] : x;
}

/* Bytes that the largest value of a column needs; one, whatever there is. */
static int width(const struct items_data *d, enum items_column c)
{
    uint32_t all = 0;
    int bytes = 1;

    for (size_t i = 0; i < d->n; i++)
        all |= columns[c].kind == KIND_SORTED ? d->v[i].v[c] : stored(d, c, i);
    for (; all > 0xff; all >>= 8)
        bytes++;
    return bytes;
}

static void put_words(struct json_out *o, const struct items_data *d, enum items_column c)
{
    const char *word;

    json_open_list(o, "words");
    if (d->words[c])
        for (size_t i = 0; i < d->words[c]->n; i++)
            json_put_text(o, NULL, word_at(d->words[c], i));
    for (int i = 0; !d->words[c] && (word = known_word(c, i)); i++)
        json_put_word(o, NULL, word);
    json_close(o);
}

static void put_head(struct buf *out, const struct items_data *d)
{
    struct json_out o = { .buf = out, .style = JSON_COMPACT };

    json_open(&o, NULL);
    json_put_int(&o, "rows", (int64_t)d->n);
    json_put_int(&o, "min_cell", d->look->min_cell);
    json_open_list(&o, "columns");
    for (int c = 0; c < ITEMS_COLUMNS; c++) {
        json_open(&o, NULL);
        json_put_word(&o, "name", columns[c].name);
        json_put_int(&o, "bytes", width(d, (enum items_column)c));
        json_put_bool(&o, "delta", columns[c].kind == KIND_SORTED);
        if (columns[c].kind == KIND_WORD || columns[c].kind == KIND_TEXT)
            put_words(&o, d, (enum items_column)c);
        json_close(&o);
    }
    json_close(&o);
    json_open(&o, "looks");
    for (int m = 0; m < MEANING_COUNT; m++)
        json_put_word(&o, meanings[m].word, meanings[m].label);
    json_close(&o);
    json_close(&o);
}

static void put_column(struct buf *out, const struct items_data *d, enum items_column c)
{
    const int bytes = width(d, c);

    buf_grow(out, (size_t)bytes * d->n);
    for (int b = 0; b < bytes; b++)
        for (size_t i = 0; i < d->n; i++)
            out->p[out->n++] = (char)(stored(d, c, i) >> (8 * b));
}

void items_pack(const struct items_data *d, struct buf *out)
{
    struct buf plain = {0}, head = {0}, packed = {0};

    put_head(&head, d);
    for (int b = 0; b < 4; b++)
        buf_char(&plain, (char)(head.n >> (8 * b)));
    buf_str(&plain, buf_view(&head));
    for (int c = 0; c < ITEMS_COLUMNS; c++)
        put_column(&plain, d, (enum items_column)c);
    deflate_zlib(&packed, buf_view(&plain));
    base64_put(out, buf_view(&packed));
    buf_release(&plain);
    buf_release(&head);
    buf_release(&packed);
}
