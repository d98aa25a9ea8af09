/* report/gnuplot.c: figures/NAME.{tsv,gp} and what gnuplot makes of them.
 * All data is in the .tsv, all drawing in the .gp, and both stay: whoever wants
 * another title edits the script and runs gnuplot in that folder. */
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
#include "base/utc.h"
#include "report/figure.h"
#include "report/report.h"

#define DRAW_MS 120000             // a figure takes a second; a machine under load some more
#define PDF_MAX (16u << 20)

/* ---- data and scripts ---- */

static void script_make(struct buf *gp, const struct figure *f, const char *name)
{
    const int w = f->width, h = f->height;

    buf_printf(
        gp, "# Run gnuplot on this file in its own folder to draw %s.svg, .pdf and .png again.\n",
        name);
    buf_printf(gp, "data = '%s.tsv'\n", name);
    buf_str(gp, buf_view(&f->head));
    buf_puts(gp, "do for [kind in 'svg pdf png'] {\n"
             "reset\n"
             "set encoding utf8; set datafile separator \"\\t\"; set datafile commentschars ''\n"
             "big = sprintf('sans-serif,%d', kind eq 'pdf' ? 10 : 15)\n"
             "bold(text) = '{/:Bold '.text.'}'\n");
    buf_printf(gp,
               "if (kind eq 'svg') { set terminal svg enhanced size %d,%d font 'sans-serif,12' "
               "background rgb 'white' }\n",
               w, h);
    buf_printf(gp,
               "if (kind eq 'pdf') { set terminal pdfcairo enhanced color size %.2f,%.2f font "
               "'sans-serif,8' fontscale 1.0 linewidth 0.6 background rgb 'white' }\n",
               w / 100.0, h / 100.0);
    buf_printf(gp,
               "if (kind eq 'png') { set terminal pngcairo enhanced size %d,%d font "
               "'sans-serif,12' fontscale 2.0 linewidth 2.0 pointscale 2.0 background rgb 'white' "
               "}\n",
               2 * w, 2 * h);
    buf_printf(gp, "set output '%s.'.kind\n", name);
    buf_puts(gp, f->body);
    buf_puts(gp, "set output\n}\n");
}

/* ---- running gnuplot ---- */

static bool in_path(const char *program)
{
    struct str rest = str_of(getenv("PATH")), dir;
    bool found = false;

    while (!found && str_cut(&rest, ':', &dir)) {
        struct buf path = {0};

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
        struct buf b = {0};

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

static int spawn_gnuplot(const char *dir, const char *script, int64_t at, int to, pid_t *pid)
{
    posix_spawn_file_actions_t acts;
    char *argv[] = { "gnuplot", "-d", (char *)script, NULL };
    char **env = environment(at);
    int rc;

    posix_spawn_file_actions_init(&acts);
    posix_spawn_file_actions_addopen(&acts, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&acts, to, 1);
    posix_spawn_file_actions_adddup2(&acts, to, 2);
    posix_spawn_file_actions_addchdir_np(&acts, dir);
    rc = posix_spawnp(pid, "gnuplot", &acts, NULL, argv, env);
    posix_spawn_file_actions_destroy(&acts);
    for (char **e = env; *e; e++)
        free(*e);
    free(env);
    return rc;
}

static int run_gnuplot(const char *dir, const char *script, int64_t at, struct err *err)
{
    struct buf said = {0};
    int fd[2], status = 0, rc;
    bool ended;
    pid_t pid;

    if (pipe2(fd, O_CLOEXEC))
        return err_set(err, ERR_IO, "no pipe for gnuplot: %s", strerror(errno));
    rc = spawn_gnuplot(dir, script, at, fd[1], &pid);
    close(fd[1]);
    if (rc) {
        close(fd[0]);
        return err_set(err, ERR_IO, "gnuplot cannot be run: %s", strerror(rc));
    }
    ended = drain(fd[0], &said);
    close(fd[0]);
    if (!ended)
        kill(pid, SIGKILL);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    if (!ended)
        rc = err_set(err, ERR_IO, "gnuplot did not finish %s", script);
    else if (!WIFEXITED(status) || WEXITSTATUS(status))
        rc = err_set(err, ERR_IO, "gnuplot failed on %s: %.200s", script, buf_cstr(&said));
    buf_release(&said);
    return rc;
}

/* cairo writes the time of day into a PDF, whatever SOURCE_DATE_EPOCH says
 * (1.16, Debian 12). The digits are replaced in place, so no offset moves. */
static int pdf_set_date(const char *path, int64_t at, struct err *err)
{
    static const struct str key = { "/CreationDate (D:", 17 };
    struct buf pdf = {0};
    char date[UTC_TEXT_MAX];
    ptrdiff_t hit;
    int rc = -1;

    if (file_read(path, PDF_MAX, &pdf, err))
        goto out;
    utc_rfc3339(at, date);
    for (size_t from = 0; (hit = str_find(buf_view(&pdf), key, from)) >= 0;
         from = (size_t)hit + key.n) {
        char *to = pdf.p + hit + key.n;
        const char *digit = date;

        for (int i = 0; i < 14 && to + i < pdf.p + pdf.n; i++, digit++) {
            while (*digit && (*digit < '0' || *digit > '9'))
                digit++;
            to[i] = *digit;
        }
    }
    rc = file_write(path, buf_view(&pdf), err);
out:
    buf_release(&pdf);
    return rc;
}

static bool is_filled(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && st.st_size > 0;
}

/* dir/name.ending in *path; the caller frees it. */
static char *figure_path(const char *dir, const char *name, const char *ending)
{
    char file[64];

    snprintf(file, sizeof file, "%s.%s", name, ending);
    return file_join(dir, file);
}

static int write_sources(const char *dir, const char *name, const struct figure *f, struct err *err)
{
    char *tsv = figure_path(dir, name, "tsv"), *gp = figure_path(dir, name, "gp");
    struct buf script = {0};
    int rc;

    script_make(&script, f, name);
    rc = file_write(tsv, buf_view(&f->tsv), err) || file_write(gp, buf_view(&script), err) ? -1 : 0;
    buf_release(&script);
    free(tsv);
    free(gp);
    return rc;
}

static const char *const pictures[] = { "svg", "pdf", "png" };

/* A picture of older data must not survive when a newer one cannot be drawn. */
static int remove_pictures(const char *dir, const char *name, struct err *err)
{
    int rc = 0;

    for (int i = 0; i < 3 && !rc; i++) {
        char *path = figure_path(dir, name, pictures[i]);

        if (unlink(path) && errno != ENOENT)
            rc = err_set(err, ERR_IO, "%s cannot be replaced: %s", path, strerror(errno));
        free(path);
    }
    return rc;
}

static int draw(const char *dir, const char *name, int64_t at, struct err *err)
{
    char script[64];
    int rc;

    snprintf(script, sizeof script, "%s.gp", name);
    rc = run_gnuplot(dir, script, at, err);
    for (int i = 0; i < 3 && !rc; i++) {
        char *path = figure_path(dir, name, pictures[i]);

        if (!is_filled(path))
            rc = err_set(err, ERR_IO, "gnuplot drew no %s", path);
        else if (!strcmp(pictures[i], "pdf"))
            rc = pdf_set_date(path, at, err);
        free(path);
    }
    return rc;
}

int report_figures(const char *dir, const struct summary *s, struct err *err)
{
    char *figures = file_join(dir, "figures");
    int rc = file_mkdirs(figures, err);

    for (int i = 0; i < FIGURE_COUNT && !rc; i++) {
        struct figure f = {0};

        figure_make(&f, (enum figure_name)i, s);
        rc = remove_pictures(figures, figure_names[i], err);
        if (!rc)
            rc = write_sources(figures, figure_names[i], &f, err);
        figure_release(&f);
    }
    for (int i = 0; i < FIGURE_COUNT && !rc; i++)
        rc = draw(figures, figure_names[i], s->newest_answer_at, err);
    free(figures);
    return rc;
}
