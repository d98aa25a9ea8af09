/* tests/e2e/slow_link.c: a way from one address and port to another that takes time: what either
 * end sends arrives later by half of MS.
 *
 *   slow_link HOST PORT TO_HOST TO_PORT PORT_FILE MS
 *
 * PORT 0 is a free one; it is in PORT_FILE when the way is open. In place of tc netem, which not
 * every kernel has: as on a long wire, any number of bytes are under way at once, and each chunk
 * waits for its own instant. The end of one side, when it arrives, or an error ends both. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define LINKS 256
#define CHUNK 65536

struct chunk {
    struct chunk *next;
    int64_t due_ns;
    size_t n, at; // n is 0: the end
    char bytes[];
};
struct way {
    struct chunk *first, *last;
    bool ended; // nothing more is read
};
struct link {
    int fd[2];         // fd[0] is the client; -1: this place is free
    struct way way[2]; // way[i] goes from fd[i] to fd[1 - i]
};

static struct link links[LINKS];
static struct sockaddr_in target;
static int64_t half_ns;

static void fail(const char *what)
{
    perror(what);
    exit(1);
}

static int64_t now_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static struct sockaddr_in address_of(const char *host, const char *port)
{
    struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(port)) };

    if (inet_pton(AF_INET, host, &a.sin_addr) != 1)
        fail(host);
    return a;
}

static int in_time(int fd)
{
    const int yes = 1;

    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    fcntl(fd, F_SETFL, O_NONBLOCK);
    return fd;
}

static int listen_at(const char *host, const char *port, const char *port_file)
{
    struct sockaddr_in a = address_of(host, port);
    socklen_t size = sizeof a;
    const int fd = socket(AF_INET, SOCK_STREAM, 0), yes = 1;
    char new[4096];
    FILE *out;

    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (fd < 0 || bind(fd, (struct sockaddr *)&a, sizeof a) || listen(fd, 64) ||
        getsockname(fd, (struct sockaddr *)&a, &size))
        fail("listen");
    snprintf(new, sizeof new, "%s.new", port_file);
    out = fopen(new, "w");
    if (!out || fprintf(out, "%d", ntohs(a.sin_port)) < 0 || fclose(out) || rename(new, port_file))
        fail(port_file);
    return in_time(fd);
}

static void take_client(int listener)
{
    const int client = accept(listener, NULL, NULL);
    struct link *l = links;
    int far;

    if (client < 0)
        return;
    while (l < links + LINKS && l->fd[0] >= 0)
        l++;
    far = socket(AF_INET, SOCK_STREAM, 0);
    if (l == links + LINKS || far < 0)
        fail("too many links");
    *l = (struct link){ .fd = { in_time(client), in_time(far) } };
    (void)connect(far, (struct sockaddr *)&target, sizeof target); // what comes of it, poll tells
}

static void end_link(struct link *l)
{
    for (int i = 0; i < 2; i++) {
        for (struct chunk *c = l->way[i].first, *next; c; c = next) {
            next = c->next;
            free(c);
        }
        close(l->fd[i]);
        l->fd[i] = -1;
    }
}

static void take(struct way *w, int from)
{
    struct chunk *c = malloc(sizeof *c + CHUNK);
    const ssize_t n = c ? read(from, c->bytes, CHUNK) : -1;

    if (!c)
        fail("malloc");
    if (n < 0 && (errno == EAGAIN || errno == EINTR || errno == ENOTCONN)) {
        free(c);
        return;
    }
    w->ended = n <= 0;
    *c = (struct chunk){ .due_ns = now_ns() + half_ns, .n = n > 0 ? (size_t)n : 0 };
    if (w->last)
        w->last->next = c;
    else
        w->first = c;
    w->last = c;
}

/* false: the link has ended. */
static bool deliver(struct way *w, int to)
{
    struct chunk *c;
    ssize_t n;

    while ((c = w->first) && c->due_ns <= now_ns()) {
        if (c->n == 0)
            return false;
        n = write(to, c->bytes + c->at, c->n - c->at);
        if (n < 0)
            return errno == EAGAIN || errno == EINTR;
        c->at += (size_t)n;
        if (c->at < c->n)
            return true;
        w->first = c->next;
        w->last = w->first ? w->last : NULL;
        free(c);
    }
    return true;
}

/* What is waited for of one end: bytes of its own, and room for those that are due. */
static struct pollfd wanted(const struct link *l, int end, int64_t now, int64_t *next)
{
    const struct chunk *due = l->way[1 - end].first;
    struct pollfd p = { .fd = l->fd[end], .events = l->way[end].ended ? 0 : POLLIN };

    if (due && due->due_ns <= now)
        p.events |= POLLOUT;
    else if (due && due->due_ns < *next)
        *next = due->due_ns;
    return p;
}

static void turn(int listener)
{
    static struct pollfd p[1 + 2 * LINKS];
    static struct link *of[1 + 2 * LINKS];
    const int64_t now = now_ns();
    int64_t next = now + 1000000000;
    nfds_t n = 1;

    p[0] = (struct pollfd){ .fd = listener, .events = POLLIN };
    for (struct link *l = links; l < links + LINKS; l++)
        for (int end = 0; l->fd[0] >= 0 && end < 2; end++) {
            of[n] = l;
            p[n++] = wanted(l, end, now, &next);
        }
    if (ppoll(p, n, &(struct timespec){ .tv_sec = (next - now) / 1000000000,
                                        .tv_nsec = (next - now) % 1000000000 }, NULL) < 0)
        return;
    for (nfds_t i = 1; i < n; i += 2) {
        struct link *l = of[i];
        bool lives = !((p[i].revents | p[i + 1].revents) & (POLLERR | POLLNVAL));

        for (int end = 0; lives && end < 2; end++) {
            if ((p[i + (nfds_t)end].revents & (POLLIN | POLLHUP)) && !l->way[end].ended)
                take(&l->way[end], l->fd[end]);
            lives = deliver(&l->way[end], l->fd[1 - end]);
        }
        if (!lives)
            end_link(l);
    }
    if (p[0].revents & POLLIN)
        take_client(listener);
}

int main(int argc, char **argv)
{
    int listener;

    if (argc != 7) {
        fprintf(stderr, "slow_link HOST PORT TO_HOST TO_PORT PORT_FILE MS\n");
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    for (size_t i = 0; i < LINKS; i++)
        links[i].fd[0] = links[i].fd[1] = -1;
    target = address_of(argv[3], argv[4]);
    half_ns = (int64_t)(atof(argv[6]) * 500000);
    listener = listen_at(argv[1], argv[2], argv[5]);
    for (;;)
        turn(listener);
}
