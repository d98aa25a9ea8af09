/* base/utc.c: the only place that asks what time it is.
 * Calendar: the proleptic Gregorian one, by days since 1970-01-01; the
 * conversions follow Howard Hinnant, "chrono-compatible low-level date
 * algorithms" (2013). */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "base/stop.h"
#include "base/utc.h"

#define WAIT_SLICE_MS 100            // a signal may come just before a sleep begins
#define TEST_YIELD_NS 200000
#define DAY_FIRST (-719528)          // 0000-01-01
#define DAY_LAST 2932896             // 9999-12-31
#define TORN_BELOW_MS 1000000000000  // 2001-09-09: ten digits; fewer are a piece of them

static struct { char *path; int64_t last_ms; } test_clock;
/* utc_correct: by a clock that nobody sets, so that it goes on where the system's is set anew. */
static struct { bool on; int64_t ahead_ms, bound_ms; } followed;

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

static int64_t days_from_civil(int64_t y, int m, int d)
{
    int64_t shifted = y - (m <= 2), era = floor_div(shifted, 400), of_era = shifted - era * 400;
    int64_t of_year = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;

    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static void civil_from_days(int64_t day, int *y, int *m, int *d)
{
    int64_t z = (day < DAY_FIRST ? DAY_FIRST : day > DAY_LAST ? DAY_LAST : day) + 719468;
    int64_t era = floor_div(z, 146097), doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;

    *d = (int)(doy - (153 * mp + 2) / 5 + 1);
    *m = (int)(mp < 10 ? mp + 3 : mp - 9);
    *y = (int)(yoe + era * 400 + (*m <= 2));
}

static bool is_leap(int y)
{
    return (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
}

static bool is_date(int y, int m, int d)
{
    static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

    return m >= 1 && m <= 12 && d >= 1 && d <= days[m - 1] + (m == 2 && is_leap(y));
}

int64_t utc_day(int64_t at)
{
    return floor_div(at, UTC_DAY_S);
}

int64_t utc_day_start(int64_t day)
{
    return day * UTC_DAY_S;
}

int64_t utc_next_midnight(int64_t at)
{
    return utc_day_start(utc_day(at) + 1);
}

static void two(char *to, int n)
{
    to[0] = (char)('0' + n / 10);
    to[1] = (char)('0' + n % 10);
}

/* Tables of days have millions of them. */
char *utc_date(int64_t day, char *text)
{
    int y, m, d;

    civil_from_days(day, &y, &m, &d);
    if (y < 0 || y > 9999) {
        snprintf(text, UTC_TEXT_MAX, "%04d-%02d-%02d", y, m, d);
        return text;
    }
    two(text, y / 100);
    two(text + 2, y % 100);
    two(text + 5, m);
    two(text + 8, d);
    text[4] = text[7] = '-';
    text[10] = 0;
    return text;
}

char *utc_compact(int64_t day, char *text)
{
    int y, m, d;

    civil_from_days(day, &y, &m, &d);
    snprintf(text, UTC_TEXT_MAX, "%04d%02d%02d", y, m, d);
    return text;
}

char *utc_rfc3339(int64_t at, char *text)
{
    int s = (int)((at % UTC_DAY_S + UTC_DAY_S) % UTC_DAY_S), y, m, d;

    civil_from_days(utc_day(at), &y, &m, &d);
    snprintf(text, UTC_TEXT_MAX, "%04d-%02d-%02dT%02d:%02d:%02dZ", y, m, d, s / 3600, s / 60 % 60,
             s % 60);
    return text;
}

/* Cuts n digits off *s into *v. */
static bool digits(struct str *s, size_t n, int *v)
{
    uint64_t got;

    if (s->n < n || !str_u64(str_sub(*s, 0, n), &got))
        return false;
    *v = (int)got;
    *s = str_sub(*s, n, s->n);
    return true;
}

static bool sign(struct str *s, const char *any, char *which)
{
    if (s->n == 0 || !strchr(any, s->p[0]) || s->p[0] == '\0')
        return false;
    if (which)
        *which = s->p[0];
    *s = str_sub(*s, 1, s->n);
    return true;
}

/* HH:MM:SS; 60 is a leap second and counts as the second behind it. */
static bool clock_part(struct str *s, int64_t *seconds, bool *leap)
{
    int h, m, sec;

    if (!digits(s, 2, &h) || !sign(s, ":", NULL) || !digits(s, 2, &m) || !sign(s, ":", NULL) ||
        !digits(s, 2, &sec) || h > 23 || m > 59 || sec > 60)
        return false;
    *leap = sec == 60;
    *seconds = h * 3600 + m * 60 + sec;
    return true;
}

static bool fraction(struct str *s, int *ms)
{
    int scale = 100;

    *ms = 0;
    if (s->n == 0 || s->p[0] != '.')
        return true;
    if (s->n < 2 || s->p[1] < '0' || s->p[1] > '9')
        return false;
    for (*s = str_sub(*s, 1, s->n); s->n && s->p[0] >= '0' && s->p[0] <= '9';
         *s = str_sub(*s, 1, s->n)) {
        *ms += (s->p[0] - '0') * scale;
        scale /= 10;
    }
    return true;
}

/* Z, an offset, " UTC", or (behind a blank instead of a T) nothing. */
static bool zone(struct str s, bool blank, int64_t *offset)
{
    char which;
    int h, m;

    *offset = 0;
    if (s.n == 0 || str_eq(s, STR(" UTC")))
        return blank;
    if (str_eq_nocase(s, STR("Z")))
        return true;
    if (!sign(&s, "+-", &which) || !digits(&s, 2, &h) || !sign(&s, ":", NULL) ||
        !digits(&s, 2, &m) || s.n || h > 23 || m > 59)
        return false;
    *offset = (h * 3600 + m * 60) * (which == '-' ? -1 : 1);
    return true;
}

static bool parse_compact(struct str s, int64_t *at)
{
    int y, m, d;

    if (!digits(&s, 4, &y) || !digits(&s, 2, &m) || !digits(&s, 2, &d) || s.n || !is_date(y, m, d))
        return false;
    *at = utc_day_start(days_from_civil(y, m, d));
    return true;
}

static bool parse_text(struct str s, int64_t *at, int *ms)
{
    int y, m, d;
    char between;
    bool leap = false;
    int64_t seconds, offset;

    *ms = 0;
    if (s.n == 8)
        return parse_compact(s, at);
    if (!digits(&s, 4, &y) || !sign(&s, "-", NULL) || !digits(&s, 2, &m) || !sign(&s, "-", NULL) ||
        !digits(&s, 2, &d) || !is_date(y, m, d))
        return false;
    *at = utc_day_start(days_from_civil(y, m, d));
    if (s.n == 0)
        return true;
    if (!sign(&s, "Tt ", &between) || !clock_part(&s, &seconds, &leap) || !fraction(&s, ms) ||
        !zone(s, between == ' ', &offset))
        return false;
    *at += seconds - offset;
    return !leap || *at % UTC_DAY_S == 0;        // leap seconds end a UTC day, no other minute
}

int utc_parse(struct str s, int64_t *at, struct err *err)
{
    int64_t got;
    int ms;

    if (!parse_text(s, &got, &ms))
        return err_set(err, ERR_INPUT,
                       "\"%.*s\" is no time: expected a form such as 2026-01-31T23:59:59Z",
                       (int)(s.n < 60 ? s.n : 60), s.p ? s.p : "");
    *at = got;
    return 0;
}

bool utc_is_seen(int64_t at) { return at >= 0 && at <= UINT32_MAX; }

int utc_parse_seen(struct str s, int64_t *at, struct err *err)
{
    int64_t got = 0;

    if (utc_parse(s, &got, err))
        return -1;
    if (!utc_is_seen(got))
        return err_set(err, ERR_INPUT,
                       "\"%.*s\" is no time at which anybody looked: expected one from 1970 to "
                       "2106",
                       STR_ARG(s));
    *at = got;
    return 0;
}

static bool name3(struct str *s, const char *names, int *no)
{
    for (int i = 0; names[3 * i]; i++)
        if (s->n >= 3 && memcmp(s->p, names + 3 * i, 3) == 0) {
            *no = i;
            *s = str_sub(*s, 3, s->n);
            return true;
        }
    return false;
}

static bool word(struct str *s, struct str w)
{
    if (!str_starts(*s, w))
        return false;
    *s = str_sub(*s, w.n, s->n);
    return true;
}

/* "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110, 5.6.7). A weekday that does not
 * belong to the date is forgiven: servers get it wrong and mean the date. */
static bool parse_imf(struct str s, int64_t *at)
{
    int weekday, d, month, y;
    int64_t seconds;
    bool leap;

    if (!name3(&s, "SunMonTueWedThuFriSat", &weekday) || !word(&s, STR(", ")) ||
        !digits(&s, 2, &d) || !word(&s, STR(" ")) ||
        !name3(&s, "JanFebMarAprMayJunJulAugSepOctNovDec", &month) || !word(&s, STR(" ")) ||
        !digits(&s, 4, &y) || !word(&s, STR(" ")) || !clock_part(&s, &seconds, &leap) ||
        !str_eq(s, STR(" GMT")) || !is_date(y, month + 1, d))
        return false;
    *at = utc_day_start(days_from_civil(y, month + 1, d)) + seconds;
    return !leap || *at % UTC_DAY_S == 0;
}

int utc_parse_retry_after(struct str s, int64_t now, int64_t *at, struct err *err)
{
    uint64_t delta;
    int64_t sum;

    s = str_trim(s);
    if (str_u64(s, &delta)) {
        if (delta > INT64_MAX || __builtin_add_overflow(now, (int64_t)delta, &sum))
            sum = INT64_MAX;
        *at = sum;
        return 0;
    }
    if (parse_imf(s, &sum)) {
        *at = sum;
        return 0;
    }
    return err_set(err, ERR_INPUT, "\"%.*s\" is neither seconds nor an HTTP date",
                   (int)(s.n < 60 ? s.n : 60), s.p ? s.p : "");
}

/* "1790000000", "1790000000.25" or RFC 3339 in full (a date alone may be all
 * that has been written so far); white space around it. */
static bool parse_clock(struct str s, int64_t *ms)
{
    struct str rest;
    int64_t at;
    int part = 0;
    size_t n = 0;

    s = str_trim(s);
    while (n < s.n && s.p[n] >= '0' && s.p[n] <= '9')
        n++;
    rest = str_sub(s, n, s.n);
    if (n > 8 && n < 16 && str_i64(str_sub(s, 0, n), &at) && fraction(&rest, &part) &&
        rest.n == 0) {
        *ms = at * 1000 + part;
        return true;
    }
    if (s.n < sizeof "2026-01-31T23:59:59Z" - 1 || !parse_text(s, &at, &part))
        return false;
    *ms = at * 1000 + part;
    return true;
}

static bool read_clock(const char *path, int64_t *ms)
{
    char text[64];
    ssize_t n;
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0)
        return false;
    do
        n = pread(fd, text, sizeof text, 0);
    while (n < 0 && errno == EINTR);
    close(fd);
    return n > 0 && n < (ssize_t)sizeof text && parse_clock((struct str){ text, (size_t)n }, ms);
}

/* Whoever moves the clock may be in the middle of rewriting the file: what
 * cannot be read, and a number that lost its last digits, leaves the time as it was. */
static int64_t test_ms(void)
{
    int64_t ms;

    if (read_clock(test_clock.path, &ms) &&
        (ms >= TORN_BELOW_MS || test_clock.last_ms < TORN_BELOW_MS))
        test_clock.last_ms = ms;
    return test_clock.last_ms;
}

int utc_use_file(const char *path, struct err *err)
{
    int64_t ms;

    if (!read_clock(path, &ms))
        return err_set(err, ERR_USAGE,
                       "clock file %s: expected UTC seconds or a time such as 2026-01-31T23:59:59Z",
                       path);
    free(test_clock.path);
    test_clock.path = xstrdup(path);
    test_clock.last_ms = ms;
    return 0;
}

bool utc_is_test(void)
{
    return test_clock.path != NULL;
}

static int64_t system_ms(clockid_t clock)
{
    struct timespec t;

    if (clock_gettime(clock, &t))
        die("the system's clock cannot be read: %s", strerror(errno));
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int64_t utc_now_ms(void)
{
    if (utc_is_test())
        return test_ms();
    return followed.on ? system_ms(CLOCK_BOOTTIME) + followed.ahead_ms : system_ms(CLOCK_REALTIME);
}

void utc_correct(int64_t ahead_ms, int64_t bound_ms)
{
    const int64_t ahead = system_ms(CLOCK_REALTIME) + ahead_ms - system_ms(CLOCK_BOOTTIME),
                  moved = followed.on ? llabs(ahead - followed.ahead_ms) : 0;

    if (bound_ms + moved > followed.bound_ms)
        followed.bound_ms = bound_ms + moved;
    followed.ahead_ms = ahead;
    followed.on = true;
}

void utc_correct_end(void) { memset(&followed, 0, sizeof followed); }

int64_t utc_corrected_ms(void)
{
    return utc_is_test() || !followed.on ? 0 : utc_now_ms() - system_ms(CLOCK_REALTIME);
}

int64_t utc_bound_ms(void) { return utc_is_test() ? 0 : followed.bound_ms; }

int64_t utc_now(void)
{
    return floor_div(utc_now_ms(), 1000);
}

int64_t utc_tick_ms(void)
{
    return utc_is_test() ? test_ms() : system_ms(CLOCK_MONOTONIC);
}

int64_t utc_real_ms(void)
{
    return system_ms(CLOCK_MONOTONIC);
}

/* On the test clock the wait is only long enough to let others run. */
void utc_wait_ms(int64_t ms)
{
    const struct timespec yield = { .tv_nsec = TEST_YIELD_NS };
    int64_t until;

    if (ms <= 0)
        return;
    if (utc_is_test()) {
        nanosleep(&yield, NULL);
        return;
    }
    if (__builtin_add_overflow(system_ms(CLOCK_MONOTONIC), ms, &until))
        until = INT64_MAX;
    while (!stop_asked()) {
        int64_t left = until - system_ms(CLOCK_MONOTONIC);
        struct timespec t = {0};

        if (left <= 0)
            return;
        t.tv_nsec = (left < WAIT_SLICE_MS ? left : WAIT_SLICE_MS) * 1000000;
        nanosleep(&t, NULL);
    }
}
