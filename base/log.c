/* base/log.c: lines for people on stderr. Each message is composed first and
 * written at once, so that lines of several programs do not mix. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>
#include "base/log.h"

#define PROGRESS_EVERY_MS 100
#define COLUMNS_WITHOUT_TERMINAL 80

static struct {
    bool quiet, colour, progress;
    size_t shown;            // columns that the progress line takes now
    int64_t shown_at_ms;     // monotonic; 0 = never
} state;

void log_setup(bool quiet, enum log_progress progress)
{
    const char *no_colour = getenv("NO_COLOR"), *term = getenv("TERM");
    bool tty = isatty(STDERR_FILENO);

    state.quiet = quiet;
    state.colour = tty && !(no_colour && *no_colour) && term && strcmp(term, "dumb") != 0;
    state.progress = progress == LOG_PROGRESS_ALWAYS ||
                     (progress == LOG_PROGRESS_AUTO && tty && !quiet);
    state.shown = 0;
    state.shown_at_ms = 0;
}

void log_escape(struct buf *out, struct str text)
{
    for (size_t i = 0; i < text.n; ) {
        uint32_t c = 0;
        size_t n = str_utf8(text, i, &c);

        if (n == 0 || (n == 1 && (c < 0x20 || c == 0x7f)))
            buf_printf(out, "\\x%02x", (unsigned char)text.p[i]);
        else if (n > 1 && str_deceives(c))
            buf_printf(out, "\\u%04x", (unsigned)c);
        else
            buf_add(out, text.p + i, n);
        i += n ? n : 1;
    }
}

bool log_has_colour(void) { return state.colour; }

static void progress_erase(struct buf *out)
{
    if (state.shown == 0)
        return;
    buf_char(out, '\r');
    for (size_t i = 0; i < state.shown; i++)
        buf_char(out, ' ');
    buf_char(out, '\r');
    state.shown = 0;
}

static void put(struct buf *out)
{
    fwrite(out->p, 1, out->n, stderr);
    fflush(stderr);
    buf_release(out);
}

static void format(struct buf *text, const char *fmt, va_list ap)
{
    va_list again;
    int n;

    va_copy(again, ap);
    n = vsnprintf(NULL, 0, fmt, ap);
    if (n >= 0) {
        buf_grow(text, (size_t)n + 1);
        vsnprintf(text->p, (size_t)n + 1, fmt, again);
        text->n = (size_t)n;
    }
    va_end(again);
}

static void line(const char *colour, const char *prefix, const char *fmt, va_list ap)
{
    struct buf text = {0}, out = {0};

    format(&text, fmt, ap);
    progress_erase(&out);
    if (*prefix && state.colour)
        buf_printf(&out, "\033[%sm%s\033[0m", colour, prefix);
    else
        buf_puts(&out, prefix);
    log_escape(&out, buf_view(&text));
    buf_char(&out, '\n');
    put(&out);
    buf_release(&text);
}

void log_info(const char *fmt, ...)
{
    va_list ap;

    if (state.quiet)
        return;
    va_start(ap, fmt);
    line("", "", fmt, ap);
    va_end(ap);
}

void log_warn(const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    line("33", "warning: ", fmt, ap);
    va_end(ap);
}

void log_error(const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    line("31", "blindspot: ", fmt, ap);
    va_end(ap);
}

static size_t terminal_columns(void)
{
    struct winsize w;

    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &w) == 0 && w.ws_col > 1)
        return w.ws_col;
    return COLUMNS_WITHOUT_TERMINAL;
}

/* Cuts text to max characters; returns how many are left. */
static size_t cut_columns(struct buf *text, size_t max)
{
    size_t columns = 0;

    for (size_t i = 0; i < text->n; i++) {
        if (((unsigned char)text->p[i] & 0xc0) == 0x80)
            continue;
        if (columns == max) {
            text->n = i;
            break;
        }
        columns++;
    }
    return columns;
}

/* Real time, also on the test clock: it is the eye of a person that is spared. */
static int64_t real_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000 + 1;
}

void log_progress(const char *fmt, ...)
{
    struct buf text = {0}, safe = {0}, out = {0};
    int64_t now = real_ms();
    size_t columns;
    va_list ap;

    if (!state.progress || (state.shown_at_ms && now - state.shown_at_ms < PROGRESS_EVERY_MS))
        return;
    va_start(ap, fmt);
    format(&text, fmt, ap);
    va_end(ap);
    log_escape(&safe, buf_view(&text));
    columns = cut_columns(&safe, terminal_columns() - 1);
    buf_char(&out, '\r');
    buf_str(&out, buf_view(&safe));
    for (size_t i = columns; i < state.shown; i++)
        buf_char(&out, ' ');
    state.shown = columns > state.shown ? columns : state.shown;
    state.shown_at_ms = now;
    put(&out);
    buf_release(&safe);
    buf_release(&text);
}

void log_progress_done(void)
{
    struct buf out = {0};

    progress_erase(&out);
    if (out.n)
        put(&out);
    state.shown_at_ms = 0;
}
