/* scrape/own.c: the state first: an address may be the one that was asked for. */
#include "platform/tiktok.h"
#include "scrape/gen.h"
#include "scrape/own.h"

#define HEAD_LOOK ((size_t)256 << 10)    // addresses of a page stand in its head
#define NOTE_LOOK ((size_t)1 << 10)      // a browser's note stands before it

uint64_t gen_item_id(const struct json *item)
{
    uint64_t id = 0;

    return json_u64(json_get(item, "id"), &id) ? id : 0;
}

static uint64_t of_state(struct str html, bool whole, struct arena *mem)
{
    static gen_own_fn *const generations[] = { gen_rehydrate_own, gen_sigi_own, gen_next_own };
    struct state st = { 0 };
    uint64_t id = 0;

    if (whole)
        (void)state_find_whole(&st, html, mem);    // no document is a page without scripts
    else
        state_find_fast(&st, html);
    for (size_t i = 0; !id && i < sizeof generations / sizeof *generations; i++)
        id = generations[i](&st, mem);
    state_release(&st);
    return id;
}

/* The address that begins behind the mark, up to a quote, a blank or a bracket. */
static bool address_behind(struct str text, size_t at, uint64_t *id)
{
    ptrdiff_t from = str_find_nocase(text, STR("http"), at);
    size_t n = 0;

    if (from < 0)
        return false;
    text = str_sub(text, (size_t)from, text.n);
    while (n < text.n && n < 512 && (unsigned char)text.p[n] > ' ' && text.p[n] != '"' &&
           text.p[n] != '\'' && text.p[n] != '<' && text.p[n] != '>')
        n++;
    return tiktok_url_item(str_sub(text, 0, n), id);
}

/* <link rel="canonical" href=URL>, <meta property="og:url" content=URL>: in any order. */
static bool of_tag(struct str head, struct str mark, uint64_t *id)
{
    ptrdiff_t at = -1;

    while ((at = str_find_nocase(head, mark, (size_t)(at + 1))) >= 0) {
        size_t from = (size_t)at, to = (size_t)at;

        while (from > 0 && head.p[from] != '<')
            from--;
        while (to < head.n && head.p[to] != '>')
            to++;
        if (address_behind(str_sub(head, from, to - from), 0, id))
            return true;
    }
    return false;
}

/* What browsers write when they save a page. */
static bool of_note(struct str html, uint64_t *id)
{
    static const char *const marks[] = { "saved from url=", "Page saved with SingleFile" };
    struct str note = str_sub(html, 0, NOTE_LOOK);

    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        ptrdiff_t at = str_find_nocase(note, str_of(marks[i]), 0);

        if (at >= 0 && address_behind(note, (size_t)at, id))
            return true;
    }
    return false;
}

bool page_own_id(struct str html, struct arena *mem, uint64_t *id)
{
    struct str head = str_sub(html, 0, HEAD_LOOK);

    return (*id = of_state(html, false, mem)) || (*id = of_state(html, true, mem)) ||
           of_tag(head, STR("rel=\"canonical\""), id) || of_tag(head, STR("rel=canonical"), id) ||
           of_tag(head, STR("property=\"og:url\""), id) || of_note(html, id);
}
