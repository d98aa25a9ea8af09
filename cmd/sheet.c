/* cmd/sheet.c: help as text, or as mdoc. */
#include "cmd/sheet.h"
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include "base/array.h"

#define WIDTH_MIN 60
#define WIDTH_USUAL 80
#define WIDTH_MAX 100
#define MAN_LINE_MAX 78    // bytes of a source line; mandoc warns from 80 on
#define TAG_MAX 30         // columns; a longer tag stands on a line of its own

void sheet_begin(struct sheet *s, enum sheet_form form, struct buf *out)
{
    struct winsize w;

    *s = (struct sheet){ .out = out, .form = form, .width = WIDTH_USUAL };
    if (isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) == 0 && w.ws_col > 0)
        s->width = w.ws_col < WIDTH_MIN ? WIDTH_MIN : w.ws_col > WIDTH_MAX ? WIDTH_MAX : w.ws_col;
}

void sheet_release(struct sheet *s)
{
    for (size_t i = 0; i < s->n; i++) {
        buf_release(&s->entry[i].tag);
        buf_release(&s->entry[i].text);
    }
    free(s->entry);
    *s = (struct sheet){ 0 };
}

/* ---- marks ---- */

void sheet_inline(enum sheet_form form, struct str text, struct buf *out)
{
    bool code = false;

    for (size_t i = 0; i < text.n; i++) {
        const char c = text.p[i];

        if (c == '`' && form == SHEET_TEXT)
            buf_char(out, c);
        else if (c == '`')
            buf_puts(out, (code = !code) ? "\\fB" : "\\fR");
        else if (!code && (c == '{' || c == '}'))
            buf_puts(out, form == SHEET_TEXT ? "" : c == '{' ? "\\fI" : "\\fR");
        else if (form == SHEET_MAN && c == '\\')
            buf_puts(out, "\\e");
        else if (form == SHEET_MAN && c == '-' && code)
            buf_puts(out, "\\-");
        else
            buf_char(out, c);
    }
}

/* ---- words on lines ---- */

struct filling {
    struct buf *out;
    size_t indent, width, column;
    bool man;
};

static size_t columns(struct str s)
{
    size_t n = 0;

    for (size_t i = 0; i < s.n; i++)
        n += ((unsigned char)s.p[i] & 0xc0) != 0x80;
    return n;
}

static void new_line(struct filling *f)
{
    buf_char(f->out, '\n');
    f->column = 0;
}

static bool ends_sentence(struct str word)
{
    while (word.n && strchr(")\"", word.p[word.n - 1]))
        word.n--;
    return word.n > 1 && strchr(".!?", word.p[word.n - 1]);
}

/* mdoc takes a sentence a line, and a line that begins with a full stop for an order. */
static void put_word(struct filling *f, struct str word)
{
    const size_t n = columns(word);

    if (f->column > f->indent && f->column + 1 + n > f->width)
        new_line(f);
    if (f->column == 0) {
        buf_printf(f->out, "%*s", (int)f->indent, "");
        f->column = f->indent;
        if (f->man && word.n && strchr(".'", word.p[0]))
            buf_puts(f->out, "\\&");
    } else if (f->column > f->indent) {
        buf_char(f->out, ' ');
        f->column++;
    }
    buf_str(f->out, word);
    f->column += n;
    if (f->man && ends_sentence(word))
        new_line(f);
}

/* Code of several words is not broken over lines in text: its blanks are kept by its backticks. */
static bool next_word(struct str *rest, struct str *word, bool keep_code)
{
    size_t n = 0;
    bool code = false;

    while (rest->n && rest->p[0] == ' ')
        *rest = str_sub(*rest, 1, rest->n);
    while (n < rest->n && (rest->p[n] != ' ' || (code && keep_code))) {
        code = code != (rest->p[n] == '`');
        n++;
    }
    *word = str_sub(*rest, 0, n);
    *rest = str_sub(*rest, n, rest->n);
    return n > 0;
}

static void fill(const struct sheet *s, struct str text, size_t indent, size_t column)
{
    const bool man = s->form == SHEET_MAN;
    struct filling f = { s->out, indent, man ? MAN_LINE_MAX : s->width, column, man };
    struct buf set = { 0 };
    struct str rest, word;

    if (man) {
        sheet_inline(s->form, text, &set);
        text = buf_view(&set);
    }
    for (rest = text; next_word(&rest, &word, !man);) {
        struct buf shown = { 0 };

        if (!man)
            sheet_inline(s->form, word, &shown);
        put_word(&f, man ? word : buf_view(&shown));
        buf_release(&shown);
    }
    if (f.column > 0)
        new_line(&f);
    buf_release(&set);
}

/* ---- parts of a page ---- */

/* A blank line before all but the first below a title; lists and lines of mdoc bring their own. */
static void next_block(struct sheet *s, bool prose)
{
    if (s->begun && (s->form == SHEET_TEXT || prose))
        buf_puts(s->out, s->form == SHEET_TEXT ? "\n" : ".Pp\n");
    s->begun = true;
}

void sheet_section(struct sheet *s, const char *title)
{
    s->begun = false;
    if (s->form == SHEET_MAN) {
        buf_printf(s->out, ".Sh %s\n", title);
        return;
    }
    buf_printf(s->out, "%s%c", s->out->n ? "\n" : "", title[0]);
    for (const char *c = title + 1; *c; c++)
        buf_char(s->out, *c >= 'A' && *c <= 'Z' ? (char)(*c + 32) : *c);
    buf_puts(s->out, ":\n");
}

void sheet_part(struct sheet *s, const char *title)
{
    s->begun = false;
    if (s->form == SHEET_MAN)
        buf_printf(s->out, ".Ss %s\n", title);
    else
        buf_printf(s->out, "\n  %s\n", title);
}

void sheet_prose(struct sheet *s, const char *text)
{
    struct str rest = str_of(text), line;

    while (str_cut(&rest, '\n', &line)) {
        if (line.n == 0)
            continue;
        next_block(s, true);
        fill(s, line, s->form == SHEET_MAN ? 0 : 2, 0);
    }
}

void sheet_lines(struct sheet *s, const char *text)
{
    struct str rest = str_of(text), line;

    next_block(s, false);
    if (s->form == SHEET_MAN)
        buf_puts(s->out, ".Bd -literal -offset indent\n");
    while (str_cut(&rest, '\n', &line)) {
        if (s->form == SHEET_TEXT)
            buf_puts(s->out, line.n ? "  " : "");
        for (size_t i = 0; i < line.n; i++)
            if (s->form == SHEET_MAN && line.p[i] == '\\')
                buf_puts(s->out, "\\e");
            else if (s->form == SHEET_MAN && line.p[i] == '-')
                buf_puts(s->out, "\\-");
            else
                buf_char(s->out, line.p[i]);
        buf_char(s->out, '\n');
    }
    if (s->form == SHEET_MAN)
        buf_puts(s->out, ".Ed\n");
}

void sheet_entry(struct sheet *s, const char *tag, const char *text)
{
    struct sheet_entry *e;

    ARRAY_ROOM(s->entry, s->n, s->cap);
    e = &s->entry[s->n++];
    *e = (struct sheet_entry){ 0 };
    if (s->form == SHEET_TEXT) {    // a list is all code: its tags need no marks
        for (; *tag; tag++)
            if (!strchr("`{}", *tag))
                buf_char(&e->tag, *tag);
    } else {
        sheet_inline(s->form, str_of(tag), &e->tag);
    }
    buf_puts(&e->text, text);
}

static void list_man(struct sheet *s)
{
    buf_puts(s->out, ".Bl -tag -width Ds\n");
    for (size_t i = 0; i < s->n; i++) {
        buf_printf(s->out, ".It %s\n", buf_cstr(&s->entry[i].tag));
        fill(s, buf_view(&s->entry[i].text), 0, 0);
    }
    buf_puts(s->out, ".El\n");
}

static void list_text(struct sheet *s)
{
    size_t widest = 0;

    for (size_t i = 0; i < s->n; i++) {
        const size_t n = columns(buf_view(&s->entry[i].tag));

        widest = n > widest && n <= TAG_MAX ? n : widest;
    }
    for (size_t i = 0; i < s->n; i++) {
        const size_t n = columns(buf_view(&s->entry[i].tag));
        const bool beside = n <= widest && s->entry[i].text.n > 0;

        if (beside)
            buf_printf(s->out, "  %s%*s", buf_cstr(&s->entry[i].tag), (int)(widest - n) + 2, "");
        else if (n + 2 <= s->width)
            buf_printf(s->out, "  %s\n", buf_cstr(&s->entry[i].tag));
        else
            fill(s, buf_view(&s->entry[i].tag), 2, 0);
        fill(s, buf_view(&s->entry[i].text), widest + 4, beside ? widest + 4 : 0);
    }
}

void sheet_list(struct sheet *s)
{
    if (s->n)
        next_block(s, false);
    if (s->n && s->form == SHEET_MAN)
        list_man(s);
    else
        list_text(s);
    for (size_t i = 0; i < s->n; i++) {
        buf_release(&s->entry[i].tag);
        buf_release(&s->entry[i].text);
    }
    s->n = 0;
}
