/* report/canvas.c: see canvas.h. */
#include "report/canvas.h"
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include "base/array.h"
#include "base/utf8.h"

#define MM_PER_POINT (25.4 / 72)
#define HATCH_MM 1.1    // between two lines of a hatch
#define THIN 0.18
#define SWATCH_HALF 1.1

/* ---- what a text measures ---- */

/* Advance widths of U+0020 to U+007E in 1/2048 em: DejaVu Sans 2.37, regular and bold. */
static const short regular[95] = {
    651,  821,  942,  1716, 1303, 1946, 1597, 563,  799,  799,  1024, 1716, 651,  739,  651,  690,
    1303, 1303, 1303, 1303, 1303, 1303, 1303, 1303, 1303, 1303, 690,  690,  1716, 1716, 1716, 1087,
    2048, 1401, 1405, 1430, 1577, 1294, 1178, 1587, 1540, 604,  604,  1343, 1141, 1767, 1532, 1612,
    1235, 1612, 1423, 1300, 1251, 1499, 1401, 2025, 1403, 1251, 1403, 799,  690,  799,  1716, 1024,
    1024, 1255, 1300, 1126, 1300, 1260, 721,  1300, 1298, 569,  569,  1186, 569,  1995, 1298, 1253,
    1300, 1300, 842,  1067, 803,  1298, 1212, 1675, 1212, 1212, 1075, 1303, 690,  1303, 1716,
};
static const short bold[95] = {
    713,  934,  1067, 1716, 1425, 2052, 1786, 627,  936,  936,  1071, 1716, 778,  850,  778,  748,
    1425, 1425, 1425, 1425, 1425, 1425, 1425, 1425, 1425, 1425, 819,  819,  1716, 1716, 1716, 1188,
    2048, 1585, 1561, 1503, 1700, 1399, 1399, 1681, 1714, 762,  762,  1587, 1305, 2038, 1714, 1741,
    1501, 1741, 1577, 1475, 1397, 1663, 1585, 2259, 1579, 1483, 1485, 936,  748,  936,  1716, 1024,
    1024, 1382, 1466, 1214, 1466, 1389, 891,  1466, 1458, 702,  702,  1362, 702,  2134, 1458, 1407,
    1466, 1466, 1010, 1219, 979,  1458, 1335, 1892, 1321, 1335, 1192, 1458, 748,  1458, 1716,
};
static const struct {
    double points;
    const short *width;
    const char *font, *colour;
} types[] = {
    [LETTER_TEXT] = { 7, regular, "text_font", CANVAS_INK },
    [LETTER_SOFT] = { 7, regular, "text_font", CANVAS_SOFT },
    [LETTER_STRONG] = { 7, bold, "strong_font", CANVAS_INK },
    [LETTER_TITLE] = { 8, bold, "title_font", CANVAS_INK },
};

/* What is not ASCII counts a whole em: wider than nearly all of it. */
double canvas_measure(struct str text, enum letter type)
{
    int64_t units = 0;

    while (text.n) {
        uint32_t c = utf8_next(&text);

        units += c >= 32 && c < 127 ? types[type].width[c - 32] : 2048;
    }
    return (double)units / 2048 * types[type].points * MM_PER_POINT;
}

/* ---- texts ---- */

void canvas_release(struct canvas *c)
{
    buf_release(&c->tsv);
    buf_release(&c->functions);
    buf_release(&c->labels);
    buf_release(&c->plot);
    buf_release(&c->title);
    buf_release(&c->alt);
    buf_release(&c->note);
    free(c->box);
    *c = (struct canvas){ 0 };
}

static void put_code(struct buf *out, struct str bytes, uint32_t code)
{
    if (code >= UTF8_STRAY)
        buf_printf(out, "\\x%02x", (unsigned)(code - UTF8_STRAY));
    else if (code < 0x20 || code == 0x7F)
        buf_printf(out, "\\x%02x", (unsigned)code);
    else if (str_deceives(code))
        buf_printf(out, "\\u%04x", (unsigned)code);
    else
        buf_str(out, bytes);
}

void canvas_visible(struct buf *out, struct str text)
{
    while (text.n) {
        const char *from = text.p;
        uint32_t code = utf8_next(&text);

        put_code(out, (struct str){ from, (size_t)(text.p - from) }, code);
    }
}

static void put_quoted(struct buf *out, struct str text)
{
    buf_char(out, '\'');
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '\'')
            buf_char(out, '\'');
        buf_char(out, text.p[i]);
    }
    buf_char(out, '\'');
}

static void add_box(struct canvas *c, double x, double y, enum align align, enum letter type,
                    double wide)
{
    const double high = types[type].points * MM_PER_POINT;
    const double left = align == ALIGN_LEFT ? x : align == ALIGN_CENTER ? x - wide / 2 : x - wide;

    ARRAY_ROOM(c->box, c->boxes, c->cap);
    c->box[c->boxes++] = (struct text_box){ left, y - high / 2, left + wide, y + high / 2 };
}

void canvas_text(struct canvas *c, double x, double y, enum align align, enum letter type,
                 const char *text)
{
    static const char *const words[] = { "left", "center", "right" };
    struct buf shown = { 0 };

    if (!*text)
        return;
    canvas_visible(&shown, str_of(text));
    buf_printf(&c->labels, "set label %d ", ++c->texts);
    put_quoted(&c->labels, buf_view(&shown));
    buf_printf(&c->labels, " at %.2f,%.2f %s font %s tc rgb '%s' front\n", x, y, words[align],
               types[type].font, types[type].colour);
    add_box(c, x, y, align, type, canvas_measure(buf_view(&shown), type));
    buf_release(&shown);
}

/* The end of the character that begins at or before `at`. */
static size_t boundary(struct str s, size_t at)
{
    while (at < s.n && ((unsigned char)s.p[at] & 0xC0) == 0x80)
        at++;
    return at;
}

void canvas_fit(struct canvas *c, double x, double y, double most, enum align align,
                enum letter type, const char *text)
{
    struct buf shown = { 0 }, cut = { 0 };
    struct str all;
    size_t keep;

    canvas_visible(&shown, str_of(text));
    all = buf_view(&shown);
    buf_str(&cut, all);
    for (keep = all.n; keep > 2 && canvas_measure(buf_view(&cut), type) > most; keep--) {
        size_t head = boundary(all, keep / 2), tail = boundary(all, all.n - keep / 2);

        buf_clear(&cut);
        buf_str(&cut, str_sub(all, 0, head));
        buf_puts(&cut, "\xe2\x80\xa6");
        buf_str(&cut, str_sub(all, tail, all.n));
    }
    canvas_text(c, x, y, align, type, buf_cstr(&cut));
    buf_release(&shown);
    buf_release(&cut);
}

double canvas_paragraph(struct canvas *c, double x, double y, double most, enum letter type,
                        const char *text)
{
    struct str rest = str_of(text), word;
    struct buf line = { 0 };

    while (str_cut(&rest, ' ', &word)) {
        struct str whole = { line.p, line.n };
        double wide = canvas_measure(whole, type) + canvas_measure(STR(" "), type) +
                      canvas_measure(word, type);

        if (line.n && wide > most) {
            canvas_text(c, x, y, ALIGN_LEFT, type, buf_cstr(&line));
            y += CANVAS_LINE;
            buf_clear(&line);
        }
        if (line.n)
            buf_char(&line, ' ');
        buf_str(&line, word);
    }
    if (line.n) {
        canvas_text(c, x, y, ALIGN_LEFT, type, buf_cstr(&line));
        y += CANVAS_LINE;
    }
    buf_release(&line);
    return y;
}

void canvas_line(struct canvas *c, double x0, double y0, double x1, double y1, double thick,
                 const char *colour)
{
    buf_printf(&c->labels,
               "set arrow %d from %.2f,%.2f to %.2f,%.2f nohead lw thin * %.2f lc rgb '%s' back\n",
               ++c->texts, x0, y0, x1, y1, thick / THIN, colour);
}

/* ---- what is drawn from the data ---- */

static void plot(struct canvas *, const char *fmt, ...) PRINTF(2, 3);
static void plot(struct canvas *c, const char *fmt, ...)
{
    char text[1024];
    va_list args;

    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    buf_puts(&c->plot, c->plot.n ? ", \\\n  " : "plot ");
    buf_puts(&c->plot, text);
}

static bool is_outlined(const struct fill *fill)
{
    return fill->hatch == HATCH_OPEN || fill->hatch == HATCH_LINED;
}

/* Lines of one slope over an area, clipped at its edges by cut() and till(), rising: 1, falling:
 * -1. A falling one is a rising one in the mirror of the area's middle. every: of how many lines
 * one. */
static void put_slope(struct canvas *c, const struct area *a, int rising, int every,
                      const char *line)
{
    plot(c,
         "for [k=0:int((W + H) / hatch):%d] data skip 1 using "
         "(%s ? cut(k, %s, %s, %s, %s) : NaN):"
         "(edge(%d, k, %s, %s, %s)):"
         "(long(k, %s, %s, %s, %s)):"
         "(-%d * long(k, %s, %s, %s, %s)) %s",
         every, a->where, a->x0, a->x1, a->top, a->bottom, rising, a->x0, a->top, a->bottom, a->x0,
         a->x1, a->top, a->bottom, rising, a->x0, a->x1, a->top, a->bottom, line);
}

/* White lines over an area, or lines of its colour in its outline. */
static void put_hatch(struct canvas *c, const struct area *a, const struct fill *fill)
{
    const bool lined = fill->hatch == HATCH_LINED, crossed = fill->hatch == HATCH_CROSSED;
    char line[64];

    snprintf(line, sizeof line, "with vectors nohead lw %s * thin lc rgb '%s'",
             lined     ? "1.0"
             : crossed ? "0.8"
                       : "1.6",
             lined ? fill->colour : "#ffffff");
    if (fill->hatch == HATCH_STRIPES)
        plot(c,
             "for [k=1:int(H / stripe)] data skip 1 using (%s ? %s : NaN):"
             "((%s) - k * stripe > (%s) + 0.2 ? (%s) - k * stripe : NaN):(%s - (%s)):(0) "
             "%s",
             a->where, a->x0, a->bottom, a->top, a->bottom, a->x1, a->x0, line);
    else if (fill->hatch == HATCH_UPRIGHT)
        plot(c,
             "for [k=1:int(W / hatch)] data skip 1 using "
             "(%s && %s + k * hatch < (%s) - 0.3 ? %s + k * hatch : NaN):"
             "(%s):(0):((%s) - (%s)) %s",
             a->where, a->x0, a->x1, a->x0, a->top, a->bottom, a->top, line);
    if (lined || fill->hatch == HATCH_DIAGONAL || crossed)
        put_slope(c, a, 1, crossed ? 2 : 1, line);
    if (fill->hatch == HATCH_BACKWARD || crossed)
        put_slope(c, a, -1, crossed ? 2 : 1, line);
}

void canvas_areas(struct canvas *c, const struct area *a, const struct fill *fill)
{
    char style[96];

    if (is_outlined(fill))
        snprintf(style, sizeof style, "fs empty border lc rgb '%s' lc rgb '%s' lw thin",
                 fill->colour, fill->colour);
    else
        snprintf(style, sizeof style, "fs solid 1.0 noborder lc rgb '%s'", fill->colour);
    plot(c, "data skip 1 using (0):(%s ? 0 : NaN):(%s):(%s):(%s):(%s) with boxxyerror %s", a->where,
         a->x0, a->x1, a->top, a->bottom, style);
    put_hatch(c, a, fill);
}

void canvas_whiskers(struct canvas *c, const struct whisker *w, const char *colour)
{
    plot(c,
         "data skip 1 using (%s ? %s : NaN):(%s):(%s - (%s)):(0) "
         "with vectors nohead lw 1.2 * thin lc rgb '%s'",
         w->where, w->x0, w->y, w->x1, w->x0, colour);
    plot(c,
         "for [k=0:1] data skip 1 using (%s ? (k ? %s : %s) : NaN):(%s - %.2f):(0):"
         "(%.2f) with vectors nohead lw 1.2 * thin lc rgb '%s'",
         w->where, w->x1, w->x0, w->y, w->half, 2 * w->half, colour);
}

void canvas_points(struct canvas *c, const char *where, const char *x, const char *y, int shape,
                   const char *colour)
{
    plot(c,
         "data skip 1 using (%s ? %s : NaN):(%s) with points pt %d ps %s "
         "lw thin lc rgb '%s'",
         where, x, y, shape, shape == CANVAS_RING ? "1.5 * dot" : "dot", colour);
}

/* The part of the line x + y = sum within a box, from its lower left to its upper right; falling:
 * mirrored at the box's middle. */
static void swatch_slope(struct canvas *c, const struct text_box *b, bool falling,
                         const struct fill *fill)
{
    const char *colour = is_outlined(fill) ? fill->colour : "#ffffff";
    const bool crossed = fill->hatch == HATCH_CROSSED;
    const double thick = is_outlined(fill) ? THIN
                         : crossed         ? 0.8 * THIN
                                           : 1.6 * THIN,
                 step = crossed ? 2 * HATCH_MM : HATCH_MM, middle = b->y0 + b->y1;

    for (int k = (int)ceil((b->x0 + b->y0) / step); k * step < b->x1 + b->y1; k++) {
        const double sum = k * step, left = fmax(b->x0, sum - b->y1),
                     right = fmin(b->x1, sum - b->y0);

        if (left < right)
            canvas_line(c, left, falling ? middle - (sum - left) : sum - left, right,
                        falling ? middle - (sum - right) : sum - right, thick, colour);
    }
}

void canvas_swatch(struct canvas *c, double x, double y, const struct fill *fill)
{
    const struct text_box b = { x, y - SWATCH_HALF, x + CANVAS_SWATCH, y + SWATCH_HALF };

    buf_printf(&c->labels, "set object %d rect from %.2f,%.2f to %.2f,%.2f back fs ", ++c->texts,
               b.x0, b.y0, b.x1, b.y1);
    buf_printf(&c->labels,
               is_outlined(fill) ? "empty border lc rgb '%s' lw thin\n"
                                 : "solid noborder fc rgb '%s'\n",
               fill->colour);
    for (int k = -1; k <= 1 && fill->hatch == HATCH_STRIPES; k++)
        canvas_line(c, b.x0, y + k * SWATCH_HALF / 2, b.x1, y + k * SWATCH_HALF / 2, 1.6 * THIN,
                    "#ffffff");
    for (int k = 1; k * HATCH_MM < CANVAS_SWATCH - 0.3 && fill->hatch == HATCH_UPRIGHT; k++)
        canvas_line(c, x + k * HATCH_MM, b.y0, x + k * HATCH_MM, b.y1, 1.6 * THIN, "#ffffff");
    if (fill->hatch == HATCH_DIAGONAL || fill->hatch == HATCH_CROSSED || fill->hatch == HATCH_LINED)
        swatch_slope(c, &b, false, fill);
    if (fill->hatch == HATCH_BACKWARD || fill->hatch == HATCH_CROSSED)
        swatch_slope(c, &b, true, fill);
}

/* ---- the script ---- */

static const char head[] =
    "# One unit of both axes is a millimetre. What a point, a line or a character\n"
    "# is in each kind of picture follows from that.\n"
    "hatch = 1.1; stripe = 0.68\n"
    "from(k, x, bottom) = x > k * hatch - (bottom) ? x : k * hatch - (bottom)\n"
    "till(k, x, top) = x < k * hatch - (top) ? x : k * hatch - (top)\n"
    "long(k, x0, x1, top, bottom) = till(k, x1, top) - from(k, x0, bottom)\n"
    "cut(k, x0, x1, top, bottom) = long(k, x0, x1, top, bottom) > 0 ? from(k, x0, bottom) : NaN\n"
    "edge(rising, k, x0, top, bottom) = rising > 0 ? k * hatch - from(k, x0, bottom) : "
    "(top) + (bottom) - k * hatch + from(k, x0, bottom)\n";

static const char terminals[] =
    "do for [kind in kinds] {\n"
    "reset\n"
    "set encoding utf8; set datafile separator \"\\t\"; set datafile commentschars ''\n"
    "pt = kind eq 'svg' ? 3.52778 : 1.0\n"
    "thin = 1.0; dot = kind eq 'png' ? 0.62 : kind eq 'pdf' ? 0.62 : 0.8\n"
    "text_font = sprintf('DejaVu Sans,%.2f', 7 * pt)\n"
    "strong_font = sprintf('DejaVu Sans:Bold,%.2f', 7 * pt)\n"
    "title_font = sprintf('DejaVu Sans:Bold,%.2f', 8 * pt)\n"
    "if (kind eq 'svg') { set terminal svg noenhanced size 10 * W, 10 * H font text_font "
    "linewidth 1.8 background rgb 'white' }\n"
    "if (kind eq 'pdf') { set terminal pdfcairo noenhanced color size W / 10 cm, H / 10 cm "
    "font text_font fontscale 0.75 linewidth 1.0 background rgb 'white' }\n"
    "if (kind eq 'png') { set terminal pngcairo noenhanced size int(W / 25.4 * 600 + 0.5), "
    "int(H / 25.4 * 600 + 0.5) font text_font fontscale 6.25 linewidth 4.25 pointscale 6.25 "
    "background rgb 'white' }\n"
    "set output sprintf(out, kind)\n"
    "set lmargin at screen 0; set rmargin at screen 1; "
    "set tmargin at screen 1; set bmargin at screen 0\n"
    "set xrange [0:W]; set yrange [H:0]; unset border; unset tics; unset key; set samples 2\n";

void canvas_script(struct canvas *c, const char *name, const char *output, struct buf *gp)
{
    buf_printf(gp,
               "# Run gnuplot on this file in its own folder to draw %s.svg, .pdf and .png again.\n"
               "data = '%s.tsv'\n"
               "W = %.1f; H = %.1f\n"
               "if (!exists('kinds')) { kinds = 'svg pdf png' }\n"
               "if (!exists('out')) { out = '%s.%%s' }\n",
               output, name, c->w, c->h, output);
    buf_puts(gp, head);
    buf_str(gp, buf_view(&c->functions));
    buf_puts(gp, terminals);
    buf_str(gp, buf_view(&c->labels));
    if (c->plot.n)
        buf_str(gp, buf_view(&c->plot));
    else
        buf_puts(gp, "plot NaN");
    buf_puts(gp, "\nset output\n}\n");
}
