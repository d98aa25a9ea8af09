/* base/log.c: lines for people on stderr. Each message is composed first and
 * written at once, so that lines of several programs do not mix. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>
#include "base/log.h"
#include "base/utc.h"

#define PROGRESS_EVERY_MS 100
#define RATE_AFTER_MS 3000          // before that a rate says little
#define WAIT_TOLD_MS 2000
#define COLUMNS_WITHOUT_TERMINAL 80

static struct {
    bool quiet, colour, progress;
    size_t shown;            // columns that the progress line takes now
    int64_t shown_at_ms;     // monotonic; 0 = never
    int64_t counts_from_ms, counts_from, counted;    // of log_progress_of; 0 = no line yet
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

/* "12 a second", "3 a minute" where it is slower. */
static void put_rate(struct buf *out, double per_s)
{
    if (per_s >= 0.95)
        buf_printf(out, ", %.0f a second", per_s);
    else
        buf_printf(out, ", %.0f a minute", per_s * 60);
}

static void put_left(struct buf *out, double s)
{
    if (s >= 2 * 3600)
        buf_printf(out, ", %.0f h left", s / 3600);
    else if (s >= 120)
        buf_printf(out, ", %.0f min left", s / 60);
    else
        buf_printf(out, ", %.0f s left", s);
}

void log_progress_of(const struct log_count *c, const char *fmt, ...)
{
    int64_t now = real_ms();
    struct buf line = { 0 }, rest = { 0 };
    double per_s;
    va_list ap;

    if (!state.progress)
        return;
    if (!state.counts_from_ms || state.counted > c->n) {
        state.counts_from_ms = now;
        state.counts_from = c->n;
    }
    state.counted = c->n;
    va_start(ap, fmt);
    format(&rest, fmt, ap);
    va_end(ap);
    if (c->of)
        buf_printf(&line, "%s %lld of %lld %s", c->verb, (long long)c->n,
                   (long long)(c->of > c->n ? c->of : c->n), c->what);
    else
        buf_printf(&line, "%s %lld %s", c->verb, (long long)c->n, c->what);
    if (now - state.counts_from_ms >= RATE_AFTER_MS && c->n > state.counts_from) {
        per_s = (double)(c->n - state.counts_from) * 1000 / (double)(now - state.counts_from_ms);
        put_rate(&line, per_s);
        if (c->of > c->n)
            put_left(&line, (double)(c->of - c->n) / per_s);
    }
    log_progress("%s%s%s", buf_cstr(&line), rest.n ? ": " : "", buf_cstr(&rest));
    buf_release(&line);
    buf_release(&rest);
}

void log_progress_wait(int64_t ms, const char *why)
{
    char at[UTC_TEXT_MAX];

    if (ms >= WAIT_TOLD_MS)
        log_progress("waiting until %.8s UTC: %s",
                     utc_rfc3339((utc_now_ms() + ms) / 1000, at) + sizeof "2026-03-02", why);
}

void log_progress_done(void)
{
    struct buf out = {0};

    progress_erase(&out);
    if (out.n)
        put(&out);
    state.shown_at_ms = 0;
    state.counts_from_ms = 0;
}
