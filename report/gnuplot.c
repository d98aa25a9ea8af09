/* report/gnuplot.c: figures/NAME.{tsv,gp,txt} and what gnuplot makes of them.
 * All data is in the .tsv, all drawing in the .gp, and both stay: whoever wants
 * another title edits the script and runs gnuplot in that folder. Where the same data,
 * script and words are there already, so are the pictures: they are left alone. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/file.h"
#include "report/figure.h"
#include "report/picture.h"
#include "report/report.h"

#define DRAW_MS 120000    // a figure takes a second; a machine under load some more
#define PICTURE_MAX (64u << 20)
#define AT_ONCE 2

/* ---- running gnuplot ---- */

static bool in_path(const char *program)
{
    struct str rest = str_of(getenv("PATH")), dir;
    bool found = false;

    while (!found && str_cut(&rest, ':', &dir)) {
        struct buf path = { 0 };

        buf_str(&path, dir.n ? dir : STR("."));
        buf_char(&path, '/');
        buf_puts(&path, program);
        found = access(buf_cstr(&path), X_OK) == 0;
        buf_release(&path);
    }
    return found;
}

bool report_have_gnuplot(void) { return in_path("gnuplot"); }

/* Collects what gnuplot says until it ends. false: it did not end in time. */
static bool drain(int fd, struct buf *said)
{
    struct pollfd p = { .fd = fd, .events = POLLIN };
    char chunk[512];
    ssize_t n;

    for (;;) {
        const int ready = poll(&p, 1, DRAW_MS);

        if (ready < 0 && errno == EINTR)
            continue;
        if (ready <= 0)
            return false;
        n = read(fd, chunk, sizeof chunk);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return n == 0;
        if (said->n < 4096)
            buf_add(said, chunk, (size_t)n);
    }
}

/* Nothing of the user's environment reaches gnuplot but where programs, fonts
 * and the font cache are: no start-up file, no locale, no other clock. */
static char **environment(int64_t at)
{
    static const char *const kept[] = { "PATH", "HOME", "XDG_CACHE_HOME", "FONTCONFIG_FILE",
                                        "FONTCONFIG_PATH" };
    char **env = xcalloc(sizeof kept / sizeof *kept + 4, sizeof *env), text[64];
    size_t n = 0;

    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
        struct buf b = { 0 };

        if (!getenv(kept[i]))
            continue;
        buf_printf(&b, "%s=%s", kept[i], getenv(kept[i]));
        env[n++] = xstrdup(buf_cstr(&b));
        buf_release(&b);
    }
    snprintf(text, sizeof text, "SOURCE_DATE_EPOCH=%lld", (long long)at);
    env[n++] = xstrdup(text);
    env[n++] = xstrdup("TZ=UTC");
    env[n++] = xstrdup("LC_ALL=C.UTF-8");
    return env;
}

/* What is drawn of one figure. */
struct drawing {
    const char *dir, *name;
    char *base;    // of its files: breakdown, or breakdown_85
    struct canvas canvas;
    struct buf script;
    bool draw[PICTURES];    // those that are asked for and not there yet
    pid_t pid;
    int fd;
    bool runs;
};

static int spawn_gnuplot(struct drawing *d, int64_t at, int to)
{
    posix_spawn_file_actions_t acts;
    struct buf told = { 0 }, file = { 0 };
    char **env = environment(at);
    int rc;

    buf_puts(&told, "kinds = '");
    for (int i = 0; i < PICTURES; i++)
        buf_printf(&told, "%s%s", d->draw[i] ? picture_names[i] : "", d->draw[i] ? " " : "");
    buf_printf(&told, "'; out = '%s.%%s.tmp'", d->base);
    buf_printf(&file, "%s.gp", d->base);
    posix_spawn_file_actions_init(&acts);
    posix_spawn_file_actions_addopen(&acts, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&acts, to, 1);
    posix_spawn_file_actions_adddup2(&acts, to, 2);
    posix_spawn_file_actions_addchdir_np(&acts, d->dir);
    rc = posix_spawnp(
        &d->pid, "gnuplot", &acts, NULL,
        (char *[]){ "gnuplot", "-d", "-e", (char *)buf_cstr(&told), (char *)buf_cstr(&file), NULL },
        env);
    posix_spawn_file_actions_destroy(&acts);
    for (char **e = env; *e; e++)
        free(*e);
    free(env);
    buf_release(&told);
    buf_release(&file);
    return rc;
}

static int start_gnuplot(struct drawing *d, int64_t at, struct err *err)
{
    int fd[2], rc;

    if (pipe2(fd, O_CLOEXEC))
        return err_set(err, ERR_IO, "no pipe for gnuplot: %s", strerror(errno));
    rc = spawn_gnuplot(d, at, fd[1]);
    close(fd[1]);
    if (rc) {
        close(fd[0]);
        return err_set(err, ERR_IO, "gnuplot cannot be run: %s", strerror(rc));
    }
    d->fd = fd[0];
    d->runs = true;
    return 0;
}

static int end_gnuplot(struct drawing *d, struct err *err)
{
    struct buf said = { 0 };
    int status = 0, rc = 0;
    bool ended = drain(d->fd, &said);

    close(d->fd);
    d->runs = false;
    if (!ended)
        kill(d->pid, SIGKILL);
    while (waitpid(d->pid, &status, 0) < 0 && errno == EINTR)
        ;
    if (!ended)
        rc = err_set(err, ERR_IO, "gnuplot did not finish %s.gp", d->base);
    else if (!WIFEXITED(status) || WEXITSTATUS(status))
        rc = err_set(err, ERR_IO, "gnuplot failed on %s.gp: %.200s", d->base, buf_cstr(&said));
    buf_release(&said);
    return rc;
}

/* ---- files ---- */

/* dir/base.ending in *path; the caller frees it. */
static char *figure_path(const char *dir, const char *base, const char *ending)
{
    struct buf file = { 0 };
    char *path;

    buf_printf(&file, "%s.%s", base, ending);
    path = file_join(dir, buf_cstr(&file));
    buf_release(&file);
    return path;
}

static bool holds(const char *dir, const char *base, const char *ending, struct str bytes)
{
    char *path = figure_path(dir, base, ending);
    struct buf kept = { 0 };
    struct err ignored = { 0 };
    bool same = file_exists(path) && file_read(path, PICTURE_MAX, &kept, &ignored) == 0 &&
                str_eq(buf_view(&kept), bytes);

    buf_release(&kept);
    free(path);
    return same;
}

static int put_file(const char *dir, const char *base, const char *ending, struct str bytes,
                    struct err *err)
{
    char *path = figure_path(dir, base, ending);
    int rc = file_write_derived(path, bytes, err);

    free(path);
    return rc;
}

/* A picture of older data must not survive when a newer one cannot be drawn. */
static int remove_pictures(const char *dir, const char *base, struct err *err)
{
    int rc = 0;

    for (int i = 0; i < PICTURES && !rc; i++) {
        char *path = figure_path(dir, base, picture_names[i]);

        if (unlink(path) && errno != ENOENT)
            rc = err_set(err, ERR_IO, "%s cannot be replaced: %s", path, strerror(errno));
        free(path);
    }
    return rc;
}

static char *base_of(const char *name, int width)
{
    struct buf base = { 0 };
    char *kept;

    buf_puts(&base, name);
    if (width != FIGURE_WIDE)
        buf_printf(&base, "_%d", width);
    kept = xstrdup(buf_cstr(&base));
    buf_release(&base);
    return kept;
}

/* The data belongs to both widths: where it changes, no picture of either is any good. */
static int remove_stale(const struct drawing *d, bool same_data, struct err *err)
{
    static const int widths[] = { FIGURE_NARROW, FIGURE_WIDE };
    int rc = 0;

    for (size_t i = 0; i < sizeof widths / sizeof *widths && !rc; i++) {
        char *base = base_of(d->name, widths[i]);

        if (!same_data || strcmp(base, d->base) == 0)
            rc = remove_pictures(d->dir, base, err);
        free(base);
    }
    return rc;
}

/* Data, script and words; what is wanted of the pictures, where they are not there already. */
static int write_sources(struct drawing *d, const struct figure_order *order, struct err *err)
{
    const struct str tsv = buf_view(&d->canvas.tsv), gp = buf_view(&d->script),
                     txt = buf_view(&d->canvas.alt);
    const bool same_data = holds(d->dir, d->name, "tsv", tsv);
    const bool same = same_data && holds(d->dir, d->base, "gp", gp) &&
                      holds(d->dir, d->name, "txt", txt);

    for (int i = 0; i < PICTURES; i++) {
        char *path = figure_path(d->dir, d->base, picture_names[i]);

        d->draw[i] = order->picture[i] && !(same && file_exists(path));
        free(path);
    }
    if (same)
        return 0;
    return remove_stale(d, same_data, err) || put_file(d->dir, d->name, "tsv", tsv, err) ||
                   put_file(d->dir, d->base, "gp", gp, err) ||
                   put_file(d->dir, d->name, "txt", txt, err)
               ? -1
               : 0;
}

/* What gnuplot wrote becomes a picture under its name, whole or not at all. */
static int finish(struct drawing *d, enum picture kind, int64_t at, struct err *err)
{
    char ending[16], *path;
    struct buf bytes = { 0 };
    int rc = -1;

    snprintf(ending, sizeof ending, "%s.tmp", picture_names[kind]);
    path = figure_path(d->dir, d->base, ending);
    if (!file_exists(path))
        err_set(err, ERR_IO, "gnuplot drew no %s.%s", d->base, picture_names[kind]);
    else if (file_read(path, PICTURE_MAX, &bytes, err) == 0 &&
             picture_finish(kind, d->base, &d->canvas, at, &bytes, err) == 0)
        rc = put_file(d->dir, d->base, picture_names[kind], buf_view(&bytes), err);
    unlink(path);
    buf_release(&bytes);
    free(path);
    return rc;
}

static bool has_to_draw(const struct drawing *d)
{
    bool any = false;

    for (int i = 0; i < PICTURES; i++)
        any = any || d->draw[i];
    return any;
}

/* AT_ONCE of them run beside each other: an error of one still ends the others. */
static int draw_all(struct drawing *d, size_t len, int64_t at, struct err *err)
{
    int rc = 0;

    for (size_t next = 0, ended = 0; ended < len; ended++) {
        for (; next < len && next < ended + AT_ONCE; next++)
            if (rc == 0 && has_to_draw(&d[next]))
                rc = start_gnuplot(&d[next], at, err);
        if (!d[ended].runs)
            continue;
        if (end_gnuplot(&d[ended], rc ? &(struct err){ 0 } : err))
            rc = -1;
        for (int i = 0; i < PICTURES && !rc; i++)
            if (d[ended].draw[i])
                rc = finish(&d[ended], (enum picture)i, at, err);
    }
    return rc;
}

int report_figures(const char *dir, const struct summary *s, const struct look *look,
                   const struct figure_order *order, struct err *err)
{
    struct drawing d[FIGURE_COUNT] = { 0 };
    size_t len = 0;
    int rc = file_mkdirs(dir, err);

    for (int i = 0; i < FIGURE_COUNT && !rc; i++) {
        struct drawing *one = &d[len];

        if (!order->figure[i])
            continue;
        len++;
        one->dir = dir;
        one->name = figure_names[i];
        one->base = base_of(figure_names[i], order->width);
        figure_make(&one->canvas, (enum figure_name)i, order->width, s, look);
        canvas_script(&one->canvas, one->name, one->base, &one->script);
        rc = write_sources(one, order, err);
    }
    if (rc == 0)
        rc = draw_all(d, len, s->newest_answer_at, err);
    for (size_t i = 0; i < len; i++) {
        canvas_release(&d[i].canvas);
        buf_release(&d[i].script);
        free(d[i].base);
    }
    return rc;
}
