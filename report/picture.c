/* report/picture.c: see picture.h. Read are gnuplot 5.4's own pictures, so the few places that
 * change are looked for as they are written there. */
#include "report/picture.h"
#include <math.h>
#include <string.h>
#include "base/utc.h"

const char *const picture_names[PICTURES] = { "svg", "pdf", "png" };

/* ---- SVG ---- */

static void put_escaped(struct buf *out, struct str text)
{
    for (size_t i = 0; i < text.n; i++)
        switch (text.p[i]) {
        case '<': buf_puts(out, "&lt;"); break;
        case '>': buf_puts(out, "&gt;"); break;
        case '&': buf_puts(out, "&amp;"); break;
        default: buf_char(out, text.p[i]);
        }
}

static void put_head(struct buf *out, const char *name, const struct canvas *c)
{
    buf_printf(out,
               "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
               "<svg width=\"%.1fmm\" height=\"%.1fmm\" viewBox=\"0 0 %.0f %.0f\" "
               "xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" "
               "xml:lang=\"en\" role=\"img\" aria-labelledby=\"%s-title %s-desc\">\n"
               "<title id=\"%s-title\">",
               c->w, c->h, 10 * c->w, 10 * c->h, name, name, name);
    put_escaped(out, buf_view(&c->title));
    buf_printf(out, "</title>\n<desc id=\"%s-desc\">", name);
    put_escaped(out, buf_view(&c->alt));
    buf_puts(out, "</desc>\n");
}

/* Another font where DejaVu is not there, of nearly its widths; bold as CSS says it. */
static void put_line(struct buf *out, struct str line)
{
    static const struct str plain = { "font-family=\"DejaVu Sans\"", 25 },
                            bold = { "font-family=\"DejaVu Sans:Bold\"", 30 },
                            title = { "<title>", 7 }, end = { "</title>", 8 };
    ptrdiff_t at;

    if ((at = str_find(line, title, 0)) >= 0) {
        buf_str(out, str_sub(line, 0, (size_t)at));
        at = str_find(line, end, (size_t)at);
        line = at < 0 ? STR_NONE : str_sub(line, (size_t)at + end.n, line.n);
    }
    if ((at = str_find(line, plain, 0)) >= 0 || (at = str_find(line, bold, 0)) >= 0) {
        const bool strong = str_starts(str_sub(line, (size_t)at, line.n), bold);

        buf_str(out, str_sub(line, 0, (size_t)at));
        buf_puts(out, "font-family=\"DejaVu Sans, Verdana, sans-serif\"");
        buf_puts(out, strong ? " font-weight=\"bold\"" : "");
        line = str_sub(line, (size_t)at + (strong ? bold.n : plain.n), line.n);
    }
    buf_str(out, line);
    buf_char(out, '\n');
}

static bool opens_group(struct str line)
{
    line = str_trim(line);
    return str_starts(line, STR("<g ")) && str_ends(line, STR(">"));
}

/* Groups with nothing in them, which is most of what gnuplot writes. true: there was one. */
static bool drop_empty(struct buf *svg)
{
    struct str rest = buf_view(svg), line, held = STR_NONE;
    struct buf out = { 0 };
    bool dropped = false;

    while (str_cut(&rest, '\n', &line)) {
        if (held.n && str_eq(str_trim(line), STR("</g>"))) {
            held = STR_NONE;
            dropped = true;
            continue;
        }
        if (held.n) {
            buf_str(&out, held);
            buf_char(&out, '\n');
            held = STR_NONE;
        }
        if (opens_group(line)) {
            held = line;
        } else if (str_trim(line).n) {
            buf_str(&out, line);
            buf_char(&out, '\n');
        }
    }
    buf_release(svg);
    *svg = out;
    return dropped;
}

static int finish_svg(const char *name, const struct canvas *c, struct buf *bytes, struct err *err)
{
    static const struct str end = { "</desc>", 7 };
    ptrdiff_t at = str_find(buf_view(bytes), end, 0);
    struct buf out = { 0 };
    struct str rest, line;

    if (at < 0)
        return err_set(err, ERR_IO, "gnuplot drew no SVG of %s that we know", name);
    put_head(&out, name, c);
    rest = str_sub(buf_view(bytes), (size_t)at + end.n, bytes->n);
    while (str_cut(&rest, '\n', &line))
        put_line(&out, line);
    while (drop_empty(&out))
        ;
    buf_release(bytes);
    *bytes = out;
    return 0;
}

/* ---- PDF ---- */

/* cairo writes the time of day into a PDF, whatever SOURCE_DATE_EPOCH says
 * (1.16, Debian 12). The digits are replaced in place, so no offset moves. */
static void finish_pdf(int64_t at, struct buf *pdf)
{
    static const struct str key = { "/CreationDate (D:", 17 };
    char date[UTC_TEXT_MAX];
    ptrdiff_t hit;

    utc_rfc3339(at, date);
    for (size_t from = 0; (hit = str_find(buf_view(pdf), key, from)) >= 0;
         from = (size_t)hit + key.n) {
        char *to = pdf->p + hit + key.n;
        const char *digit = date;

        for (int i = 0; i < 14 && to + i < pdf->p + pdf->n; i++, digit++) {
            while (*digit && (*digit < '0' || *digit > '9'))
                digit++;
            to[i] = *digit;
        }
    }
}

/* ---- PNG ---- */

/* The chunk pHYs, 600 dots per inch: 23,622 a metre, both ways, with its checksum. It stands
 * behind the first chunk, which ends at byte 33 of every PNG. */
static int finish_png(const char *name, struct buf *png, struct err *err)
{
    static const char phys[] = "\0\0\0\011pHYs\0\0\134\106\0\0\134\106\001\024\224\103\101";
    struct buf out = { 0 };

    if (png->n < 33 || memcmp(png->p + 12, "IHDR", 4) != 0)
        return err_set(err, ERR_IO, "gnuplot drew no PNG of %s that we know", name);
    buf_add(&out, png->p, 33);
    buf_add(&out, phys, sizeof phys - 1);
    buf_add(&out, png->p + 33, png->n - 33);
    buf_release(png);
    *png = out;
    return 0;
}

int picture_finish(enum picture kind, const char *name, const struct canvas *c, int64_t at,
                   struct buf *bytes, struct err *err)
{
    switch (kind) {
    case PICTURE_SVG: return finish_svg(name, c, bytes, err);
    case PICTURE_PDF: finish_pdf(at, bytes); return 0;
    case PICTURE_PNG: return finish_png(name, bytes, err);
    default: return 0;
    }
}
