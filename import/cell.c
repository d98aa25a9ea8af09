/* import/cell.c: one value. Most are a plain link or plain digits; what is done for the others
 * is done after these have been tried. */
#include "import/cell.h"
#include <string.h>
#include "import/escape.h"
#include "record/ending.h"

static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static size_t digits_at(struct str s, size_t at)
{
    size_t n = 0;

    while (at + n < s.n && is_digit(s.p[at + n]))
        n++;
    return n;
}

/* ---- what stands around it ---- */
/* Marks that are seen or not seen around a value: quotes of all kinds, blanks that are no
 * ASCII, the byte order mark, marks of direction. */
static const char *const marks[] = {
    "\"",
    "'",
    "`",
    "=",
    "\xc2\xa0",
    "\xef\xbb\xbf",
    "\xe2\x80\x8b",
    "\xe2\x80\x8e",
    "\xe2\x80\x8f",
    "\xe2\x80\xaf",
    "\xe2\x81\xa0",
    "\xe3\x80\x80",
    "\xe2\x80\x98",
    "\xe2\x80\x99",
    "\xe2\x80\x9c",
    "\xe2\x80\x9d",
    "\xe2\x80\x9e",
    "\xe2\x80\x9a",
    "\xc2\xab",
    "\xc2\xbb",
    "\xe2\x80\x82",
    "\xe2\x80\x83",
    "\xe2\x80\x89",
    "\xe2\x80\xaa",
    "\xe2\x80\xac",
};
static bool may_be_mark(char c)
{
    return c == '"' || c == '\'' || c == '`' || c == '=' || (unsigned char)c >= 0x80;
}
static struct str strip(struct str s)
{
    size_t was;

    s = str_trim(s);
    if (!s.n || (!may_be_mark(s.p[0]) && !may_be_mark(s.p[s.n - 1])))
        return s;    // nearly all of them
    do {
        s = str_trim(s);
        was = s.n;
        for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
            struct str m = str_of(marks[i]);

            if (str_starts(s, m))
                s = str_sub(s, m.n, s.n);
            if (m.p[0] != '=' && str_ends(s, m))
                s.n -= m.n;
        }
    } while (s.n != was);
    return s;
}
/* ID_, id:, video_id-, X (which R puts before a number that is a name): no account's, no
 * sound's. */
static struct str without_prefix(struct str s)
{
    static const char *const words[] = { "id",      "video",   "videoid",  "video_id", "vid",
                                         "item",    "itemid",  "item_id",  "post",     "postid",
                                         "post_id", "tiktok",  "tt",       "tiktokid", "tiktok_id",
                                         "aweme",   "awemeid", "aweme_id", "v",        "x",
                                         "",        NULL };
    size_t n = 0, word;

    while (n < s.n && n < 16 && !is_digit(s.p[n]))
        n++;
    if (!n || digits_at(s, n) < 17)
        return s;
    for (word = n; word > 0 && strchr("_-:#= ", s.p[word - 1]); word--)
        ;
    if (!s.p[0] || !str_is_one_of(str_sub(s, 0, word), words))
        return s;
    return strip(str_sub(s, n, s.n));
}
static struct str formula_link(struct str s)
{
    ptrdiff_t open, close;

    if (!str_starts_nocase(s, STR("=HYPERLINK(")) && !str_starts_nocase(s, STR("HYPERLINK(")))
        return s;
    open = str_find(s, STR("\""), 0);
    close = open < 0 ? -1 : str_find(s, STR("\""), (size_t)open + 1);
    return close < 0 ? s : str_sub(s, (size_t)open + 1, (size_t)(close - open) - 1);
}
struct str cell_bare(struct str cell)
{
    struct str s = str_trim(cell);

    if (!s.n || (is_digit(s.p[0]) && is_digit(s.p[s.n - 1])) ||
        (escape_http_len(s) && (unsigned char)s.p[s.n - 1] < 0x80 && s.p[s.n - 1] != '"'))
        return s;    // nearly all of them
    return without_prefix(strip(formula_link(s)));
}

/* ---- numbers ---- */
bool cell_is_placeholder(struct str bare)
{
    static const char *const words[] = { "n/a", "na", "#n/a", "none",      "null", "nan",
                                         "nil", "0",  "-",    "undefined", "<na>", NULL };

    return !bare.n || str_is_one_of(bare, words);
}
bool cell_is_number(struct str bare)
{
    bool any = false;

    for (size_t i = 0; i < bare.n; i++) {
        any = any || is_digit(bare.p[i]);
        if (!is_digit(bare.p[i]) && !(bare.p[i] && strchr("+-.,Ee", bare.p[i])))
            return false;
    }
    return any;
}
/* The length of digits, ".0" or ",000" behind them; 0 where it is no such thing. */
static size_t before_zeros(struct str s)
{
    size_t n = digits_at(s, 0), zeros = 0;

    if (n < 17 || n > 20 || n + 1 >= s.n || (s.p[n] != '.' && s.p[n] != ','))
        return 0;
    while (n + 1 + zeros < s.n && s.p[n + 1 + zeros] == '0')
        zeros++;
    return n + 1 + zeros == s.n ? n : 0;
}
static bool in_powers(struct str s)
{
    uint64_t power;
    size_t n = digits_at(s, 0);

    if (n < 1 || n > 3)
        return false;
    if (n < s.n && (s.p[n] == '.' || s.p[n] == ','))
        n += 1 + digits_at(s, n + 1);
    if (n >= s.n || (s.p[n] | 0x20) != 'e')
        return false;
    n++;
    n += n < s.n && s.p[n] == '+';
    return str_u64(str_sub(s, n, s.n), &power) && power >= 14 && power <= 18;
}
bool cell_is_spoiled(struct str bare)
{
    size_t n = before_zeros(bare);
    uint64_t id;

    return n ? str_u64(str_sub(bare, 0, n), &id) && (ending_of(id) & ENDING_DOUBLE)
             : in_powers(bare);
}
struct str cell_whole_number(struct str bare)
{
    size_t n = before_zeros(bare);

    return n ? str_sub(bare, 0, n) : bare;
}

/* ---- the kind ---- */
static enum cell_kind kind_of(const struct link *l, bool id)
{
    if (l->what == LINK_SKIPPED)
        return CELL_OTHER;
    return !id ? CELL_LINK : l->odd ? CELL_OTHER : CELL_ID;    // ids of accounts and sounds are odd
}
static enum cell_kind id_kind(struct str digits, int64_t now, struct link *l)
{
    *l = (struct link){ 0 };
    link_from_id(digits, now, l);
    return kind_of(l, true);
}
enum cell_kind cell_read(struct str cell, int64_t now, struct link *l)
{
    struct str bare = cell_bare(cell), digits;
    bool found = false;

    if (bare.n >= 17 && digits_at(bare, 0) == bare.n)
        return id_kind(bare, now, l);
    if (link_is_whole(bare)) {
        link_parse(bare, now, l);
        return kind_of(l, false);
    }
    if (cell_is_placeholder(bare))
        return CELL_NOTHING;
    if (cell_is_spoiled(bare))
        return CELL_SPOILED;
    digits = cell_whole_number(bare);
    if (digits.n < bare.n)
        return id_kind(digits, now, l);
    l->what = LINK_SKIPPED;
    while (l->what == LINK_SKIPPED && link_next(&bare, now, l))
        found = true;
    return found ? CELL_IN_TEXT : CELL_TEXT;
}
enum cell_kind cell_read_whole(struct str cell, int64_t now, struct link *l)
{
    cell = str_trim(cell);
    if (cell.n < 17 || memchr(cell.p, ' ', cell.n))
        return CELL_TEXT;
    return cell_read(cell, now, l);
}
