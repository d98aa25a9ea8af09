/* cmd/status_watch.c: the screen of `status`, again and again. Each look is a snapshot of its
 * own, so a run that writes meanwhile is neither kept waiting nor half seen. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>
#include "base/file.h"
#include "base/stop.h"
#include "cmd/texts.h"
#include "store/store.h"

#define LOOK_MS 200
#define EVERY_MS 5000               // what is due changes with the time alone, too
#define REST 4                      // a look that took long is not repeated at once
#define ROWS_WITHOUT_TERMINAL 24

struct seen {
    struct file_state file[STORE_FILE_COUNT];
    unsigned short rows, columns;
};

static int64_t real_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static struct seen look_around(const char *db)
{
    static const char *const ending[STORE_FILE_COUNT] = STORE_FILES;
    struct seen s = { .rows = ROWS_WITHOUT_TERMINAL, .columns = 80 };
    struct winsize w;

    for (int i = 0; i < STORE_FILE_COUNT; i++) {
        char *path = file_beside(db, ending[i]);

        s.file[i] = file_state_of(path);
        free(path);
    }
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) == 0 && w.ws_row > 1 && w.ws_col > 1) {
        s.rows = w.ws_row;
        s.columns = w.ws_col;
    }
    return s;
}

static bool same(const struct seen *a, const struct seen *b)
{
    bool same = a->rows == b->rows && a->columns == b->columns;

    for (int i = 0; same && i < STORE_FILE_COUNT; i++)
        same = a->file[i].size == b->file[i].size && a->file[i].inode == b->file[i].inode &&
               a->file[i].at_s == b->file[i].at_s && a->file[i].at_ns == b->file[i].at_ns;
    return same;
}

/* From the upper left corner; what was longer before is wiped, and nothing scrolls. */
static void draw(struct str text, const struct seen *s)
{
    struct buf out = { 0 };
    struct str line;

    buf_puts(&out, "\033[H");
    for (int row = 1; row < s->rows && str_cut(&text, '\n', &line); row++)
        buf_printf(&out, "%.*s\033[K\r\n", (int)(line.n < s->columns ? line.n : s->columns),
                   line.p);
    buf_puts(&out, "\033[J");
    fwrite(out.p, 1, out.n, stdout);
    fflush(stdout);
    buf_release(&out);
}

static int look_and_draw(struct app *app, const struct seen *s, struct err *err)
{
    struct status now = { 0 };
    struct arena mem = { 0 };
    struct buf text = { 0 };
    int rc = app_open(app, NEED_LABELS, err) || status_read(&app->audit, &mem, &now, err) ? -1 : 0;

    if (rc == 0) {
        status_screen(&now, &text);
        draw(buf_view(&text), s);
    }
    buf_release(&text);
    buf_release(&now.yield);
    evidence_away_release(&now.evidence_away);
    arena_release(&mem);
    return rc || app_close(app, err) ? -1 : 0;
}

/* Until it has changed, or long enough; false: SIGINT came. */
static bool wait_for_change(const char *db, const struct seen *before, int64_t took_ms)
{
    const struct timespec nap = { .tv_nsec = LOOK_MS * 1000000L };
    int64_t from = real_ms();

    while (!stop_asked()) {
        int64_t waited = real_ms() - from;
        struct seen now = look_around(db);

        if (waited >= EVERY_MS + REST * took_ms ||
            (waited >= REST * took_ms && !same(before, &now)))
            return true;
        nanosleep(&nap, NULL);
    }
    return false;
}

int status_watch(struct app *app, struct err *err)
{
    char *db = file_join(app->dir, "audit.db");
    struct seen seen;
    int64_t from;
    int rc;

    do {
        seen = look_around(db);
        from = real_ms();
        rc = look_and_draw(app, &seen, err);
    } while (rc == 0 && wait_for_change(db, &seen, real_ms() - from));
    app->code = err_exit_code(&(struct err){ .kind = ERR_STOPPED });
    free(db);
    return rc;
}
