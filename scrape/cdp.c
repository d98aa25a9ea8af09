/* scrape/cdp.c: posix_spawn, two pipes, one JSON text after another. */
#include "scrape/cdp.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "base/folder.h"
#include "base/json_out.h"
#include "base/utc.h"

#define CHUNK 65536
#define END_MS 2000     // what it gets to end by itself
#define WRITE_MS 20000    // what it gets to read a message: one that is stopped reads none
#define KILL_MS 5000    // and then: a zombie that nobody reaps counts as alive

struct cdp {
    pid_t pid, guard;
    int to, from, leash;   // leash: whose end the guard waits for
    int64_t calls;
    struct buf in;         // what came and was not given out
    size_t seen;           // of it: searched for the end of a message
    size_t given;          // of it: the message that was given out last
    struct json_doc doc;
    bool gone;
};

/* ---- the child ---- */

static char *assign(const char *name, const char *value)
{
    struct buf b = { 0 };
    char *text;

    buf_printf(&b, "%s=%s", name, value);
    text = xstrdup(buf_cstr(&b));
    buf_release(&b);
    return text;
}

/* A home of its own: no fonts, no keys, no proxies of the user's, no secret of ours. */
static char **environment(const char *home)
{
    const char *path = getenv("PATH");
    char **env = xcalloc(8, sizeof *env);
    size_t n = 0;

    env[n++] = assign("PATH", path ? path : "/usr/bin:/bin");
    env[n++] = assign("HOME", home);
    env[n++] = assign("TMPDIR", home);
    env[n++] = assign("XDG_CONFIG_HOME", home);
    env[n++] = assign("XDG_CACHE_HOME", home);
    env[n++] = xstrdup("LC_ALL=C.UTF-8");
    env[n++] = xstrdup("TZ=UTC");
    return env;
}

/* Reads on 3, writes on 4: where --remote-debugging-pipe has them. The two ends are moved out of
 * the way of these first. */
static int spawn(pid_t *pid, const char *const *argv, const char *home, int reads, int writes)
{
    posix_spawn_file_actions_t acts;
    posix_spawnattr_t attr;
    char **env = environment(home);
    int rc;

    posix_spawn_file_actions_init(&acts);
    posix_spawn_file_actions_addopen(&acts, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&acts, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&acts, 2, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_adddup2(&acts, reads, 3);
    posix_spawn_file_actions_adddup2(&acts, writes, 4);
    posix_spawn_file_actions_addclosefrom_np(&acts, 5);    // nothing that we were given
    posix_spawnattr_init(&attr);
    posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETPGROUP);
    rc = posix_spawn(pid, argv[0], &acts, &attr, (char *const *)argv, env);
    posix_spawnattr_destroy(&attr);
    posix_spawn_file_actions_destroy(&acts);
    for (char **e = env; *e; e++)
        free(*e);
    free(env);
    return rc;
}

/* A pipe whose ends both lie above 4. */
static int high_pipe(int fd[2])
{
    int low[2];

    if (pipe2(low, O_CLOEXEC))
        return -1;
    for (int i = 0; i < 2; i++) {
        fd[i] = fcntl(low[i], F_DUPFD_CLOEXEC, 10);
        close(low[i]);
    }
    return fd[0] < 0 || fd[1] < 0 ? -1 : 0;
}

/* ---- the guard: no process and no folder is left behind, however we end ---- */

static bool group_lives(pid_t group) { return kill(-group, 0) == 0; }

/* The group's processes are asked to go by their closed pipe, then made to. */
static void end_group(pid_t group)
{
    for (int waited = 0; group_lives(group) && waited < END_MS; waited += 10)
        nanosleep(&(struct timespec){ .tv_nsec = 10000000 }, NULL);
    for (int waited = 0; group_lives(group) && waited < KILL_MS; waited += 10) {
        kill(-group, SIGKILL);
        nanosleep(&(struct timespec){ .tv_nsec = 10000000 }, NULL);
    }
}

static void keep_one(int fd)
{
    close_range(0, (unsigned)fd - 1, 0);
    close_range((unsigned)fd + 1, ~0u, 0);
}

/* A process of its own, told the browser's number, which waits until its starter has closed the
 * leash or is no more; then it tidies up. Signals from a keyboard are not for it. */
static void guard(int leash, const char *home)
{
    pid_t browser = 0;
    char byte;

    setsid();
    for (int sig = 1; sig < NSIG; sig++)
        if (sig != SIGCHLD)
            signal(sig, SIG_IGN);
    keep_one(leash);
    if (read(leash, &browser, sizeof browser) != sizeof browser)
        browser = 0;
    while (read(leash, &byte, 1) < 0 && errno == EINTR)
        ;
    if (browser > 0)
        end_group(browser);
    folder_remove(home);
    _exit(0);
}

static int start_guard(struct cdp *c, const char *home, struct err *err)
{
    int fd[2];

    if (high_pipe(fd))
        return err_set(err, ERR_IO, "the browser's pipes cannot be made: %s", strerror(errno));
    if ((c->guard = fork()) == 0)
        guard(fd[0], home);
    close(fd[0]);
    c->leash = fd[1];
    return c->guard > 0 ? 0
                        : err_set(err, ERR_IO, "no process for the browser: %s", strerror(errno));
}

static int make_home(const char *home, struct err *err)
{
    return mkdir(home, 0700) == 0 ? 0
                                  : err_set(err, ERR_IO, "%s: no folder for the browser: %s", home,
                                            strerror(errno));
}

static int start_browser(struct cdp *c, const char *const *argv, const char *home,
                         struct err *err)
{
    int to[2], from[2], rc;

    if (high_pipe(to) || high_pipe(from))
        return err_set(err, ERR_IO, "the browser's pipes cannot be made: %s", strerror(errno));
    c->to = to[1];
    c->from = from[0];
    rc = spawn(&c->pid, argv, home, to[0], from[1]);
    close(to[0]);
    close(from[1]);
    if (rc) {
        c->pid = 0;
        return err_set(err, ERR_USAGE, "%s: the browser cannot be started: %s", argv[0],
                       strerror(rc));
    }
    fcntl(c->from, F_SETFL, O_NONBLOCK);
    fcntl(c->to, F_SETFL, O_NONBLOCK);
    if (write(c->leash, &c->pid, sizeof c->pid) != sizeof c->pid)
        return err_set(err, ERR_IO, "the browser's guard has gone");
    return 0;
}

int cdp_start(struct cdp **out, const char *const *argv, const char *home, struct err *err)
{
    struct cdp *c = xcalloc(1, sizeof *c);

    *c = (struct cdp){ .to = -1, .from = -1, .leash = -1 };
    if (start_guard(c, home, err) || make_home(home, err) || start_browser(c, argv, home, err)) {
        cdp_stop(c);
        return -1;
    }
    *out = c;
    return 0;
}

static void close_one(int fd)
{
    if (fd >= 0)
        close(fd);
}

/* The guard sees to its end; where somebody killed the guard, nobody but us does. */
static void reap(pid_t browser)
{
    for (int waited = 0; waitpid(browser, NULL, WNOHANG) == 0; waited += 10) {
        if (waited >= END_MS + KILL_MS)
            kill(-browser, SIGKILL);
        nanosleep(&(struct timespec){ .tv_nsec = 10000000 }, NULL);
    }
}

/* Its head is reaped here, for it is our child; the guard sees to the rest and to its folder. */
void cdp_stop(struct cdp *c)
{
    if (!c)
        return;
    close_one(c->to);
    close_one(c->from);
    close_one(c->leash);
    if (c->pid > 0)
        reap(c->pid);
    while (c->guard > 0 && waitpid(c->guard, NULL, 0) < 0 && errno == EINTR)
        ;    // a signal that stops us must not leave its folder behind
    json_free(&c->doc);
    buf_release(&c->in);
    free(c);
}

pid_t cdp_pid(const struct cdp *c) { return c->pid; }

/* ---- messages ---- */

/* A browser that reads no more has gone; cdp_next says so. */
static void write_all(struct cdp *c, struct str text)
{
    struct pollfd p = { .fd = c->to, .events = POLLOUT };
    const int64_t until = utc_real_ms() + WRITE_MS;

    while (text.n && !c->gone) {
        const ssize_t n = write(c->to, text.p, text.n);

        if (n < 0 && errno == EAGAIN)
            c->gone = poll(&p, 1, 1000) == 0 && utc_real_ms() > until;
        else if (n < 0 && errno != EINTR)
            c->gone = true;
        if (n > 0)
            text = str_sub(text, (size_t)n, text.n);
    }
}

int64_t cdp_call(struct cdp *c, struct str session, const char *method, struct str params)
{
    struct buf text = { 0 };
    struct json_out o = { .buf = &text, .style = JSON_COMPACT };

    json_open(&o, NULL);
    json_put_int(&o, "id", ++c->calls);
    if (session.n)
        json_put_text(&o, "sessionId", session);
    json_put_word(&o, "method", method);
    json_put_raw(&o, "params", params);
    json_close(&o);
    buf_char(&text, '\0');
    write_all(c, buf_view(&text));
    buf_release(&text);
    return c->calls;
}

void cdp_word(struct buf *params, const char *key, const char *word)
{
    struct json_out o = { .buf = params, .style = JSON_COMPACT };

    json_open(&o, NULL);
    json_put_word(&o, key, word);
    json_close(&o);
}

void cdp_flag(struct buf *params, const char *key, bool yes)
{
    struct json_out o = { .buf = params, .style = JSON_COMPACT };

    json_open(&o, NULL);
    json_put_bool(&o, key, yes);
    json_close(&o);
}

/* Where the first message that is here whole ends; in.n where none is. */
static size_t message_end(struct cdp *c)
{
    const char *nul = c->in.n > c->seen ? memchr(c->in.p + c->seen, 0, c->in.n - c->seen) : NULL;

    c->seen = c->in.n;
    return nul ? (size_t)(nul - c->in.p) : c->in.n;
}

/* 1: more came; 0: nothing within wait_ms; -1. */
static int read_more(struct cdp *c, int wait_ms)
{
    struct pollfd p = { .fd = c->from, .events = POLLIN };
    char chunk[CHUNK];
    ssize_t n;

    if (poll(&p, 1, wait_ms) <= 0)
        return 0;
    n = read(c->from, chunk, sizeof chunk);
    if (n < 0 && (errno == EINTR || errno == EAGAIN))
        return 0;
    if (n <= 0 || c->in.n + (size_t)n > CDP_MESSAGE_MAX)
        return -1;
    buf_add(&c->in, chunk, (size_t)n);
    return 1;
}

static void take(struct cdp_message *m, const struct json *root)
{
    const struct json *error = json_get(root, "error");

    *m = (struct cdp_message){ .body = json_get(root, "result") };
    if (!m->body)
        m->body = json_get(root, "params");
    (void)json_i64(json_get(root, "id"), &m->id);
    (void)json_text(json_get(root, "sessionId"), &m->session);
    (void)json_text(json_get(root, "method"), &m->method);
    if (error && !json_text(json_get(error, "message"), &m->error))
        m->error = STR("an error without words");
}

static void drop_given(struct cdp *c)
{
    if (c->given)
        memmove(c->in.p, c->in.p + c->given, c->in.n - c->given);
    c->in.n -= c->given;
    c->seen = c->given = 0;
}

int cdp_next(struct cdp *c, int wait_ms, struct cdp_message *m, struct err *err)
{
    size_t end;
    int more;

    drop_given(c);
    json_free(&c->doc);
    while ((end = message_end(c)) == c->in.n)
        if (c->gone || (more = read_more(c, wait_ms)) < 0) {
            c->gone = true;
            return err_set(err, ERR_AGAIN, "the browser ended");
        } else if (more == 0) {
            return 0;
        }
    c->given = end + 1;
    if (json_parse((struct str){ c->in.p, end }, &c->doc, err)) {
        c->gone = true;
        return err_wrap(err, "the browser said what is no JSON");
    }
    take(m, c->doc.root);
    return 1;
}
