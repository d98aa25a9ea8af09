/* scrape/page.c: asks each generation of pages in turn and judges what it shows.
 *
 * The page decides between public, refused and no answer by its statusCode and
 * statusMsg alone (status.def). Status 0 needs a post behind it: the asked id,
 * an author, and something besides a placeholder. Two cases are ours to read:
 * - isContentClassified with an emptied `video` is the gate that the site shows
 *   to visitors without login (public clients, 2024): refused, code 0 kept, and
 *   the message content_classification, which refusals with 10204 carry for it.
 * - privateItem, secret, forFriend or takeDown on a post that is shown all the
 *   same: public, for a visitor without login has just seen it; the flags are
 *   in the record for rules to use. With nothing left to show it is refused,
 *   and the message is the flag's name in our schema.
 * What the page says of the post goes before what its post lacks: a gated post without an
 * author is gated. One that is shown whole but for its author, its counts, its own id or the
 * statusCode may be a broken reply: it is no answer until a second reading is alike.
 * Where a key of the post or of its verdict stands twice with different values,
 * the page says neither: which one a reader of JSON takes is chance. */
#include <stdio.h>
#include <string.h>
#include "base/json_out.h"
#include "platform/tiktok.h"
#include "scrape/block.h"
#include "scrape/gen.h"
#include "scrape/page.h"
#include "scrape/redirect.h"
#include "scrape/status.h"

static gen_fn *const generations[] = { gen_rehydrate, gen_sigi, gen_next };
#define GENERATIONS (sizeof generations / sizeof generations[0])

struct reading { struct arena *mem; struct answer *answer; struct page_notes *notes; };

static void odd(struct page_notes *notes, struct arena *mem, const char *kind, struct str name,
                int64_t count)
{
    if (notes->odds < PAGE_ODDS)
        notes->odd[notes->odds++] = (struct page_odd){ kind, arena_dup(mem, str_sub(name, 0, 80)),
                                                       count };
}

static void odd_key(void *to, struct str name)
{
    struct reading *r = to;

    odd(r->notes, r->mem, "page_key", name, 1);
}

static void no_answer(struct answer *a, enum no_answer why)
{
    a->kind = ANSWER_NO_ANSWER;
    a->why = why;
    a->record = NULL;
    a->nearly = false;
}

static void refused_by_us(struct reading *r, const char *message)
{
    r->answer->kind = ANSWER_REFUSED;
    r->answer->message = str_of(message);
    r->notes->derived = true;
}

static bool is_set(const struct record *rec, enum field f)
{
    return rec->val[f].kind == VAL_INT && rec->val[f].i != 0;
}

static bool has_text(const struct record *rec, enum field f)
{
    return rec->val[f].kind == VAL_TEXT && rec->val[f].text.n > 0;
}

/* A gate or flag on a post of which nothing is left to show; false where there is none. */
static bool judge_flags(struct reading *r, const struct record *rec)
{
    static const enum field flags[] = { FIELD_PRIVATE_ITEM, FIELD_SECRET, FIELD_FOR_FRIEND,
                                        FIELD_TAKE_DOWN };

    if (is_set(rec, FIELD_CLASSIFIED)) {
        refused_by_us(r, "content_classification");
        return true;
    }
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++)
        if (is_set(rec, flags[i])) {
            refused_by_us(r, field_info(flags[i])->name);
            return true;
        }
    return false;
}

/* The page shows a post of this id; *by_address: the post says none, the page's address does. */
static bool is_ours(const struct parts *parts, uint64_t asked, bool *by_address)
{
    const struct json *key = json_get(parts->item.item, "id");
    uint64_t id = 0;

    *by_address = !key && tiktok_url_item(parts->canonical, &id);
    return (*by_address || json_u64(key, &id)) && id == asked;
}

/* "whole but for author: 0123456789abcdef": so a second reading knows whether it is alike. */
static void nearly(struct reading *r, const struct record *rec, const char *lacks)
{
    struct digest d = record_compared_hash(rec);
    char hex[DIGEST_HEX];

    r->answer->nearly = true;
    r->answer->message = arena_printf(r->mem, "whole but for %s: %.16s", lacks,
                                      digest_hex(&d, hex));
}

/* Status 0, or none: is there really a post, and ours? */
static void judge_shown(struct reading *r, const struct parts *parts, uint64_t asked,
                        const struct record *rec)
{
    bool by_address, content = item_has_content(parts->item.item);
    struct {
        bool lacks;
        enum no_answer why;
        const char *what;
    } sign[] = {
        { false, NO_ANSWER_WRONG_ITEM, "id" },
        { rec && rec->val[FIELD_CREATED].kind == VAL_NONE &&
              rec->val[FIELD_VIEWS].kind == VAL_NONE && rec->val[FIELD_LIKES].kind == VAL_NONE,
          NO_ANSWER_PLACEHOLDER, "time and counts" },
        // an id without a name is a broken answer as well
        { rec && !has_text(rec, FIELD_AUTHOR), NO_ANSWER_NO_AUTHOR, "author" },
        { !r->answer->has_code && !parts->code_may_miss, NO_ANSWER_SYSTEM_CODE, "statusCode" },
    };
    size_t lacking = 0, first = 0;

    if (!parts->item.item) {
        no_answer(r->answer, NO_ANSWER_STRIPPED);
        return;
    }
    if (!is_ours(parts, asked, &by_address) || !rec) {
        no_answer(r->answer, NO_ANSWER_WRONG_ITEM);
        return;
    }
    if (!content && judge_flags(r, rec))
        return;
    sign[0].lacks = by_address;
    for (size_t i = sizeof sign / sizeof *sign; i-- > 0;)
        if (sign[i].lacks) {
            lacking++;
            first = i;
        }
    if (lacking)
        no_answer(r->answer, sign[first].why);
    /* Without time and counts it is what the login wall shows, however often. */
    if (lacking == 1 && content && sign[first].why != NO_ANSWER_PLACEHOLDER) {
        r->answer->record = rec;
        nearly(r, rec, sign[first].what);
    }
}

/* A refusal may show fields all the same: kept where they are of our post. */
static struct record *record_of(const struct parts *parts, uint64_t asked, struct arena *mem)
{
    bool by_address;

    if (!parts->item.item || !is_ours(parts, asked, &by_address))
        return NULL;
    return item_read(&parts->item, asked, str_find(parts->canonical, STR("/photo/"), 0) >= 0, mem);
}

/* "@NAME" in the page's own URL; what stands there for an unknown one is none. */
static struct str canonical_handle(struct str url)
{
    ptrdiff_t at = str_find(url, STR("/@"), 0);
    struct str rest = at < 0 ? STR_NONE : str_sub(url, (size_t)at + 2, url.n), name;

    if (!str_cut(&rest, '/', &name) || tiktok_handle_is_none(name))
        return STR_NONE;
    return name;
}

static struct str extract_of(const struct parts *parts, struct arena *mem)
{
    const struct { const char *key; const struct json *node;
    } part[] = {
        { "statusCode", parts->code },  { "statusMsg", parts->message },
        { "item", parts->item.item },   { "author", parts->item.author },
        { "owner", parts->item.owner }, { "music", parts->item.music },
    };
    struct buf b = { 0 }, node = { 0 };
    struct json_out o = { .buf = &b, .style = JSON_COMPACT };
    struct str out;

    json_open(&o, NULL);
    for (size_t i = 0; i < sizeof part / sizeof part[0]; i++)
        if (part[i].node) {
            buf_clear(&node);
            json_print(part[i].node, &node);
            json_put_raw(&o, part[i].key, buf_view(&node));
        }
    json_close(&o);
    out = arena_dup(mem, buf_view(&b));
    buf_release(&b);
    buf_release(&node);
    return out;
}

/* Every public page of every generation had these. */
static void odd_gone(struct reading *r, const struct record *rec)
{
    static const enum field always[] = { FIELD_CREATED, FIELD_VIEWS, FIELD_LIKES, FIELD_COMMENTS,
                                         FIELD_SHARES };

    for (size_t i = 0; i < sizeof always / sizeof always[0]; i++)
        if (rec->val[always[i]].kind == VAL_NONE)
            odd(r->notes, r->mem, "page_field_gone", str_of(field_info(always[i])->name), 1);
}

static void judge(struct reading *r, const struct parts *parts, uint64_t asked)
{
    struct answer *a = r->answer;
    struct record *rec = record_of(parts, asked, r->mem);
    struct str message = STR_NONE;
    struct status status = { .kind = ANSWER_NO_ANSWER, .why = NO_ANSWER_SYSTEM_CODE };

    a->generation = r->notes->generation = parts->generation;
    a->has_code = json_i64(parts->code, &a->code);
    if (json_text(parts->message, &message))
        a->message = arena_dup(r->mem, message);
    if (a->has_code)
        status = status_find(a->code, a->message);
    else if (parts->item.item)
        status = status_find(0, a->message);
    a->kind = status.kind;
    a->why = status.why;
    a->record = rec;
    if (status.kind == ANSWER_PUBLIC)
        judge_shown(r, parts, asked, rec);
    if (parts->doubled)
        no_answer(a, NO_ANSWER_DOUBLED_KEY);
    if (a->kind == ANSWER_NO_ANSWER && !a->nearly)
        a->record = NULL;
    if (a->kind == ANSWER_PUBLIC)
        odd_gone(r, rec);
    r->notes->code_unknown = status.code_unknown && a->has_code && a->kind == ANSWER_REFUSED;
    if (r->notes->code_unknown)
        odd(r->notes, r->mem, "status_code", arena_printf(r->mem, "%lld", (long long)a->code), 1);
    if (status.unknown_token.n)
        odd(r->notes, r->mem, "status_msg", status.unknown_token, 1);
    item_unknown_keys(parts->item.item, odd_key, r);
    if (r->notes->want_extract)
        a->extract = extract_of(parts, r->mem);
    r->notes->handle = rec && has_text(rec, FIELD_AUTHOR) ? rec->val[FIELD_AUTHOR].text
                                                          : canonical_handle(parts->canonical);
}

static void clear(struct answer *a, struct page_notes *notes, uint64_t asked)
{
    *notes = (struct page_notes){ .want_extract = notes->want_extract };
    a->id = asked;
    a->has_code = false;
    a->code = 0;
    a->message = a->region = a->extract = STR_NONE;
    a->generation = GENERATION_NONE;
    a->record = NULL;
    no_answer(a, NO_ANSWER_STRIPPED);
}

/* Asks the generations; false where none has a place for the verdict. */
static bool ask_generations(struct state *st, uint64_t asked, struct reading *r)
{
    for (size_t i = 0; i < GENERATIONS; i++) {
        struct parts parts = { 0 };
        bool shown = generations[i](st, asked, r->mem, &parts);

        if (parts.region.n)
            r->answer->region = r->notes->region = parts.region;
        if (parts.canonical.n)
            r->notes->canonical = parts.canonical;
        if (shown) {
            parts.doubled |= st->doubled || json_doubled_key(parts.item.item, false).p;
            judge(r, &parts, asked);
            return true;
        }
    }
    r->notes->handle = canonical_handle(r->notes->canonical);
    return false;
}

enum way { WAY_FAST, WAY_WHOLE };
/* True where a verdict was found, and *sound where nothing on the way was damaged. */
static bool read_by(enum way way, struct str html, uint64_t asked, struct reading *r, bool *sound)
{
    struct state st = { 0 };
    bool shown, any;

    clear(r->answer, r->notes, asked);
    if (way == WAY_WHOLE)
        (void)state_find_whole(&st, html, r->mem);      // no document is a page without scripts
    else
        state_find_fast(&st, html);
    any = st.script[SCRIPT_REHYDRATE].p || st.script[SCRIPT_SIGI].p || st.script[SCRIPT_NEXT].p;
    r->notes->whole = way == WAY_WHOLE;
    shown = ask_generations(&st, asked, r);
    if (!shown)
        no_answer(r->answer, !any        ? block_body(html)
                             : st.broken ? NO_ANSWER_NOT_JSON
                                         : NO_ANSWER_STRIPPED);
    if (st.nul_chars)
        odd(r->notes, r->mem, "nul_char", STR("page"), (int64_t)st.nul_chars);
    *sound = !st.broken;
    state_release(&st);
    return shown;
}

static int check_size(struct str html, struct err *err)
{
    return html.n <= PAGE_MAX
               ? 0
               : err_set(err, ERR_INPUT, "a page of %zu bytes is above the limit of %zu", html.n,
                         PAGE_MAX);
}

int page_read_fast(struct str html, uint64_t asked, struct arena *mem, struct answer *a,
                   struct page_notes *notes, struct err *err)
{
    struct reading r = { mem, a, notes };
    bool sound;

    if (check_size(html, err))
        return -1;
    (void)read_by(WAY_FAST, html, asked, &r, &sound);   // the answer says what was found
    return 0;
}

int page_read_full(struct str html, uint64_t asked, struct arena *mem, struct answer *a,
                   struct page_notes *notes, struct err *err)
{
    struct reading r = { mem, a, notes };
    bool sound;

    if (check_size(html, err))
        return -1;
    (void)read_by(WAY_WHOLE, html, asked, &r, &sound);
    return 0;
}

/* The fast way may meet what it does not understand (an escape in a key, an
 * odd tag); then the whole document decides, unless that is damaged where the
 * fast way had no need to look. */
int page_read(struct str html, uint64_t asked, struct arena *mem, struct answer *a,
              struct page_notes *notes, struct err *err)
{
    struct answer fast = *a;
    struct page_notes fast_notes = *notes;
    struct reading r = { mem, &fast, &fast_notes }, whole = { mem, a, notes };
    bool shown, sound;

    if (check_size(html, err))
        return -1;
    shown = read_by(WAY_FAST, html, asked, &r, &sound);
    if (!(shown && sound) && html.n > 0 &&
        (read_by(WAY_WHOLE, html, asked, &whole, &sound) || !shown))
        return 0;
    *a = fast;
    *notes = fast_notes;
    return 0;
}

static enum no_answer decode(const struct http_exchange *x, struct inflate *inflate,
                             struct buf *scratch, struct str *html)
{
    struct err err = { 0 };

    return inflate_body(inflate, http_header(x, "Content-Encoding"), x->body, PAGE_MAX, scratch,
                        html, &err)
               ? NO_ANSWER_BAD_CODING
               : NO_ANSWER_NONE;
}

void page_read_exchange(const struct http_exchange *x, uint64_t asked, struct inflate *inflate,
                        struct buf *scratch, struct arena *mem, struct answer *a,
                        struct page_notes *notes)
{
    enum no_answer why = block_exchange(x), coding;
    struct str html = STR_NONE;
    struct err err = { 0 };

    clear(a, notes, asked);
    a->at = x->done_at;
    no_answer(a, why);
    if (why != NO_ANSWER_NONE && why != NO_ANSWER_HTTP_404)
        return;
    if ((coding = decode(x, inflate, scratch, &html)) != NO_ANSWER_NONE)
        no_answer(a, why ? why : coding);
    else if (page_read(html, asked, mem, a, notes, &err))
        no_answer(a, NO_ANSWER_TOO_LARGE);
    else if (why && a->kind == ANSWER_NO_ANSWER)
        no_answer(a, why);                    // a 404 is a verdict only where its page says so
}

void page_library(struct buf *out)
{
    state_library(out);
}
