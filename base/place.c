/* base/place.c: a line, and a mark below the place in it. */
#include "base/place.h"
#include <stdio.h>
#include <string.h>
#include "base/log.h"

#define BEFORE 60    // bytes that are kept before the place where a line is cut
#define DOTS "..."

int place_part(struct err *err, struct str whole, struct str part)
{
    if (!err || !part.p || part.p < whole.p || part.p > whole.p + whole.n)
        return -1;
    err->place.at += (size_t)(part.p - whole.p);
    if (err->place.n == 0)
        err->place.n = part.n ? part.n : 1;
    return -1;
}

/* Back to the first byte of a character. */
static size_t character(struct str line, size_t at)
{
    while (at > 0 && at < line.n && ((unsigned char)line.p[at] & 0xc0) == 0x80)
        at--;
    return at;
}

int place_in(struct err *err, struct str line, int no, struct str whole)
{
    const size_t room = ERR_LINE_MAX - 2 * sizeof DOTS;
    size_t begin = whole.p && whole.p >= line.p && whole.p <= line.p + line.n
                       ? (size_t)(whole.p - line.p)
                       : 0;
    size_t at, n, from = 0, to = line.n;
    struct err_place *p;

    if (!err)
        return -1;
    p = &err->place;
    at = p->n ? begin + p->at : begin;
    n = p->n ? p->n : whole.n ? whole.n : 1;
    if (at > line.n)
        at = line.n;
    if (line.n > room) {
        from = character(line, at > BEFORE ? at - BEFORE : 0);
        to = from + room < line.n ? character(line, from + room) : line.n;
    }
    if (at + n > to)
        n = at < to ? to - at : 1;
    *p = (struct err_place){ .no = no, .n = n };
    snprintf(p->line, sizeof p->line, "%s%.*s%s", from ? DOTS : "", (int)(to - from),
             line.p ? line.p + from : "", to < line.n ? DOTS : "");
    p->at = at - from + (from ? strlen(DOTS) : 0);
    return -1;
}

/* The columns that a text takes as it is shown; what is wider than one is taken for one. */
static size_t columns(struct str shown)
{
    size_t n = 0;

    for (size_t i = 0; i < shown.n; i++)
        n += ((unsigned char)shown.p[i] & 0xc0) != 0x80;
    return n;
}

static size_t escaped(struct str text, struct buf *out)
{
    size_t before = out->n;

    for (size_t i = 0; i < text.n; i++)
        if (text.p[i] == '\t') {    // one column, so that the mark stands below its place
            log_escape(out, str_sub(text, 0, i));
            buf_char(out, ' ');
            text = str_sub(text, i + 1, text.n);
            i = (size_t)-1;
        }
    log_escape(out, text);
    return columns((struct str){ out->p + before, out->n - before });
}

void place_show(const struct err *err, const char *mark, const char *unmark, struct buf *out)
{
    const struct err_place *p = &err->place;
    struct str line = str_of(p->line);
    char margin[16] = "";
    size_t at, n;

    if (p->n == 0)
        return;
    if (p->no)
        snprintf(margin, sizeof margin, "%d", p->no);
    buf_printf(out, "%5s | ", margin);
    at = escaped(str_sub(line, 0, p->at), out);
    n = escaped(str_sub(line, p->at, p->n), out);
    escaped(str_sub(line, p->at + p->n, line.n), out);
    buf_printf(out, "\n%5s | %*s%s^", "", (int)at, "", mark);
    for (size_t i = 1; i < n; i++)
        buf_char(out, '~');
    buf_printf(out, "%s\n", unmark);
}
