/* base/run.c: posix_spawn, a pipe, and the wait for the end. */
#include "base/run.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/stop.h"

#define RUN_MS 60000

static char **environment(void)
{
    static const char *const kept[] = {
        "PATH",
        "HOME",
        "USER",
        "LOGNAME",
        "TERM",
        "DISPLAY",
        "XAUTHORITY",
        "WAYLAND_DISPLAY",
        "XDG_RUNTIME_DIR",
        "SSH_AUTH_SOCK",
        "SSH_ASKPASS",
        "SSH_ASKPASS_REQUIRE",
        "SSH_SK_PROVIDER",
        "SSH_SK_HELPER",
        "SSH_PKCS11_HELPER",
        "DBUS_SESSION_BUS_ADDRESS",
        "TMPDIR",
    };
    char **env = xcalloc(sizeof kept / sizeof *kept + 3, sizeof *env);
    size_t n = 0;

    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
        const char *value = getenv(kept[i]);
        struct buf b = { 0 };

        if (!value)
            continue;
        buf_printf(&b, "%s=%s", kept[i], value);
        env[n++] = xstrdup(buf_cstr(&b));
        buf_release(&b);
    }
    env[n++] = xstrdup("TZ=UTC");
    env[n++] = xstrdup("LC_ALL=C");
    return env;
}

static int spawn(const struct run *r, int to, pid_t *pid)
{
    posix_spawn_file_actions_t acts;
    char **env = environment();
    int rc;

    posix_spawn_file_actions_init(&acts);
    posix_spawn_file_actions_addopen(&acts, 0, r->in ? r->in : "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&acts, to, 1);
    if (!r->asks)
        posix_spawn_file_actions_adddup2(&acts, to, 2);
    rc = posix_spawnp(pid, r->argv[0], &acts, NULL, (char *const *)r->argv, env);
    posix_spawn_file_actions_destroy(&acts);
    for (char **e = env; *e; e++)
        free(*e);
    free(env);
    return rc;
}

/* What it says, until it ends. false: it did not in time, or was stopped. */
static bool drain(const struct run *r, int fd, struct buf *said)
{
    struct pollfd p = { .fd = fd, .events = POLLIN };
    char chunk[512];
    ssize_t n;

    for (;;) {
        const int ready = poll(&p, 1, r->asks ? -1 : RUN_MS);

        if (ready < 0 && errno == EINTR && !stop_asked())
            continue;
        if (ready <= 0)
            return false;
        n = read(fd, chunk, sizeof chunk);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return n == 0;
        if (said->n < RUN_SAID_MAX)
            buf_add(said, chunk, (size_t)n);
    }
}

static int code_of(int status)
{
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int run_program(const struct run *r, int *code, struct buf *said, struct err *err)
{
    int fd[2], status = 0, rc;
    bool ended;
    pid_t pid;

    if (pipe2(fd, O_CLOEXEC))
        return err_set(err, ERR_IO, "no pipe for %s: %s", r->argv[0], strerror(errno));
    rc = spawn(r, fd[1], &pid);
    close(fd[1]);
    if (rc) {
        close(fd[0]);
        *code = 127;
        return rc == ENOENT
                   ? 0
                   : err_set(err, ERR_IO, "%s cannot be run: %s", r->argv[0], strerror(rc));
    }
    ended = drain(r, fd[0], said);
    close(fd[0]);
    if (!ended)
        kill(pid, SIGKILL);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    *code = code_of(status);
    if (ended)
        return 0;
    return stop_asked() ? err_set(err, ERR_STOPPED, "interrupted while %s ran", r->argv[0])
                            : err_set(err, ERR_IO, "%s did not end", r->argv[0]);
}
