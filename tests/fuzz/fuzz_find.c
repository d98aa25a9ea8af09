/* tests/fuzz/fuzz_find.c: the fast page finder beside libxml2's HTML parser and
 * XPath. Whatever the bytes, neither reads past them; of every page that is
 * orderly (below) both must find the same scripts with the same text. An
 * orderly page, by a recogniser that shares nothing with them, is made of
 *   text         without "<";
 *   comments     <!-- ... -->, with no "--" inside, and not begun by ">" or "-";
 *   a doctype    <!DOCTYPE and letters, as the first thing;
 *   tags         a name of letters and digits, attributes with blanks between,
 *                the values quoted, or bare and plain, and without "&"; no "/" but
 *                right before ">", and there not of raw text (below); end tags
 *                without attributes;
 *   raw text     in script, style, title, textarea, xmp, iframe, noembed and
 *                noframes, up to the element's own end tag, which is written
 *                "</name>", not begun by another tag, and with no other
 *                "</name" of a raw element in it; no "<" at all in any but the
 *                first two;
 * all in UTF-8 without control characters, at most 100 levels deep, no plaintext,
 * no frameset, and at most 500 blanks and "/". Elsewhere they may differ, for these reasons:
 * - libxml2 knows no raw text but script and style, ends a script at
 *   "</scriptx" and at "<script/>" too, may drop a tag with which one begins, takes "/" between
 * attributes for a part of a name, and reads what stands behind <! as if it were the page: there
 * the fast finder does as browsers do (the HTML standard, 13.2.5);
 * - libxml2 decodes "&" in an id, so there the fast finder leaves the page to it;
 * - libxml2 recodes, cuts or drops controls, U+0000 and broken UTF-8;
 * - libxml2 stops at 256 levels of elements;
 * - what may be a tag of more than 512 attributes is not given to libxml2. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "scrape/page.h"
#include "scrape/state.h"
#include "tests/unit/fake_page.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t n, size_t most, unsigned int seed);
/* libFuzzer's, where it is linked. */
__attribute__((weak)) size_t LLVMFuzzerMutate(uint8_t *data, size_t n, size_t most);

#define LEVELS_MAX 100

static const char *const raw_names[] = {
    "script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes",
};
#define RAW_NAMES (sizeof raw_names / sizeof raw_names[0])

/* ---- what an orderly page is ---- */

struct look { struct str s; size_t i; int levels; };

static bool take(struct look *l, const char *word)
{
    if (!str_starts_nocase(str_sub(l->s, l->i, l->s.n), str_of(word)))
        return false;
    l->i += strlen(word);
    return true;
}

static bool at(const struct look *l, const char *set)
{
    return l->i < l->s.n && l->s.p[l->i] && strchr(set, l->s.p[l->i]);
}

static size_t run_of(struct look *l, const char *set)
{
    size_t from = l->i;

    while (at(l, set))
        l->i++;
    return l->i - from;
}

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"
#define BLANKS " \n\t"

static bool orderly_text(struct str s)
{
    int blanks = 0;

    for (size_t i = 0, n; i < s.n; i += n) {
        uint32_t code;

        n = str_utf8(s, i, &code);
        blanks += strchr(BLANKS "/", s.p[i]) != NULL;
        if (!n || (code < ' ' && code != '\n' && code != '\t') || (code >= 0x7f && code < 0xa0) ||
            code == 0xfeff)
            return false;
    }
    return blanks <= 500;
}

static bool orderly_comment(struct look *l)
{
    struct str rest = str_sub(l->s, l->i, l->s.n);
    ptrdiff_t dashes = str_find(rest, STR("--"), 0);

    if (at(l, ">-") || dashes < 0 || !str_starts(str_sub(rest, (size_t)dashes, rest.n), STR("-->")))
        return false;
    l->i += (size_t)dashes + 3;
    return true;
}

static bool orderly_attribute(struct look *l)
{
    if (!run_of(l, LETTERS))
        return false;
    run_of(l, LETTERS DIGITS "-");
    if (!take(l, "="))
        return true;
    if (at(l, "\"'")) {
        const char quote[] = { l->s.p[l->i], 0 };

        for (l->i++; l->i < l->s.n && !at(l, quote); l->i++)
            if (at(l, "&"))
                return false;
        return take(l, quote);
    }
    return run_of(l, LETTERS DIGITS "_-") > 0;
}

/* "</NAME" of any raw element. */
static bool is_raw_end(struct look l)
{
    if (!take(&l, "</"))
        return false;
    for (size_t i = 0; i < RAW_NAMES; i++)
        if (str_starts_nocase(str_sub(l.s, l.i, l.s.n), str_of(raw_names[i])))
            return true;
    return false;
}

static bool orderly_raw(struct look *l, const char *name)
{
    bool tags_may_stand = !strcmp(name, "script") || !strcmp(name, "style");

    if (at(l, "<") && !is_raw_end(*l))
        return false;
    while (l->i < l->s.n && !is_raw_end(*l)) {
        if (at(l, "<") && !tags_may_stand)
            return false;
        l->i++;
    }
    return take(l, "</") && take(l, name) && take(l, ">");
}

static bool orderly_tag(struct look *l)
{
    bool end = take(l, "/"), empty;
    struct str name;
    size_t from = l->i;

    if (!run_of(l, LETTERS))
        return false;
    run_of(l, LETTERS DIGITS);
    name = str_sub(l->s, from, l->i - from);
    if (str_eq_nocase(name, STR("plaintext")) || str_eq_nocase(name, STR("frameset")) ||
        ++l->levels > LEVELS_MAX)
        return false;
    while (run_of(l, BLANKS) && !end && !at(l, "/>"))
        if (!orderly_attribute(l))
            return false;
    empty = !end && take(l, "/");
    if (!take(l, ">"))
        return false;
    for (size_t i = 0; i < RAW_NAMES; i++)
        if (str_eq_nocase(name, str_of(raw_names[i])))
            return !end && !empty && orderly_raw(l, raw_names[i]);
    return true;
}

static bool orderly(struct str s)
{
    struct look l = { .s = s };

    if (!orderly_text(s))
        return false;
    if (take(&l, "<!doctype ") && (!run_of(&l, LETTERS) || !take(&l, ">")))
        return false;
    while (l.i < s.n)
        if (!take(&l, "<"))
            l.i++;
        else if (take(&l, "!--") ? !orderly_comment(&l) : !orderly_tag(&l))
            return false;
    return true;
}

/* ---- the two ways ---- */

static void must(bool holds)
{
    if (!holds)
        abort();
}

static void compare(struct str html)
{
    struct state fast = { 0 }, whole = { 0 };
    struct arena mem = { 0 };

    state_find_fast(&fast, html);
    must(!fast.broken);
    (void)state_find_whole(&whole, html, &mem);          // no document is a page without scripts
    for (int i = 0; i < SCRIPT_COUNT; i++)
        must(str_eq(fast.script[i], whole.script[i]));
    state_release(&fast);
    state_release(&whole);
    arena_release(&mem);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct str html = { (const char *)data, n };
    struct arena mem = { 0 };
    struct answer a = { 0 };
    struct page_notes notes = { 0 };
    struct err err = { 0 };

    if (orderly(html))
        compare(html);
    else
        must(page_read_fast(html, FAKE_ID, &mem, &a, &notes, &err) == 0 &&
             page_read_full(html, FAKE_ID, &mem, &a, &notes, &err) == 0);
    arena_release(&mem);
    return 0;
}

/* ---- pages out of pieces: an orderly page mostly stays one ---- */

static const char *const pieces[] = {
    "<script id=\"SIGI_STATE\" type=\"application/json\">{\"a\":1}</script>",
    "<script id='sigi-persisted-data'>{}</script>",
    "<script id=__NEXT_DATA__>{\"props\":{}}</script>",
    "<script>window[\"SIGI_STATE\"]={\"b\":2};</script>",
    "<script\n ID=\"__UNIVERSAL_DATA_FOR_REHYDRATION__\">{\"c\":\"</p>\"}</script>",
    "<SCRIPT id=\"SIGI_STATE\">{}</SCRIPT>",
    "<script id=\"SIGI_STATE\" src=\"x\"></script>",
    "<script data-id=\"SIGI_STATE\">{}</script>",
    "<script async defer>x</script>",
    "<script id=\"a\" id=\"SIGI_STATE\">{}</script>",
    "<style>p{content:\"<script id=SIGI_STATE>{}\"}</style>",
    "<title>a <b>x</title>",
    "<textarea>a <script id=SIGI_STATE>{}</textarea>",
    "<iframe src='x'></iframe>",
    "<!-- <script id=\"SIGI_STATE\">{} -->",
    "<div title=\"<script id='SIGI_STATE'>\">",
    "</div>",
    "<p>",
    "</p>",
    "<meta charset=\"utf-16\">",
    "<meta http-equiv=\"Content-Type\" content=\"text/html; charset=iso-8859-1\">",
    "<noscript>",
    "</noscript>",
    "<br/>",
    "<base href='/'>",
    "<head>",
    "</head>",
    "<body>",
    "</body>",
    "<html>",
    "</html>",
    "<select>",
    "<option>",
    "<table>",
    "<td>",
    "</table>",
    "<svg>",
    "</svg>",
    "<template>",
    "</template>",
    "<a href=x>",
    "<form>",
    "<li>",
    "<h1>",
    "<object>",
    "<img alt='>'>",
    "\xc3\xa9",
    " a & b > c ",
};
#define PIECES (sizeof pieces / sizeof pieces[0])

/* Where a piece may stand: the ends, before "<" and behind ">". */
static size_t seam(const uint8_t *data, size_t n, unsigned int *seed)
{
    size_t from = n ? (size_t)rand_r(seed) % (n + 1) : 0;

    for (size_t i = from; i < n; i++)
        if (data[i] == '<' || (i > 0 && data[i - 1] == '>'))
            return i;
    return n;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t n, size_t most, unsigned int seed)
{
    const char *piece = pieces[(size_t)rand_r(&seed) % PIECES];
    size_t len = strlen(piece), a, b;

    switch (rand_r(&seed) % 4) {
    case 0:
        return LLVMFuzzerMutate ? LLVMFuzzerMutate(data, n, most) : n;
    case 1:                                              // from one seam to another nothing is left
        a = seam(data, n, &seed);
        b = seam(data, n, &seed);
        if (a > b || (a == 0 && b == n))
            return n;
        memmove(data + a, data + b, n - b);
        return n - (b - a);
    default:
        if (n + len > most)
            return n;
        a = seam(data, n, &seed);
        memmove(data + a + len, data + a, n - a);
        memcpy(data + a, piece, len);
        return n + len;
    }
}
