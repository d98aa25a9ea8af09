/* audit/sender.c: a queue of files between who closes them and the thread that sends them. */
#include "audit/sender.h"
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "base/array.h"
#include "base/bucket.h"
#include "base/file.h"
#include "base/stop.h"

#define WAIT_MS 1000
#define WAIT_MOST_MS 300000
#define LAST_TRIES 4    // in a row, when nothing more comes
#define LOOK_MS 200

struct sender {
    struct bucket *bucket;    // the thread's alone
    char *dir, *url;
    pthread_t thread;
    pthread_mutex_t lock;     // of all that follows
    pthread_cond_t changed;
    struct {
        struct kept_file *v;
        size_t n, cap;
    } file;
    struct {
        struct sent_news *v;
        size_t n, cap;
    } news;
    int fails;      // in a row
    bool ends;      // nothing more comes
    bool dropped;   // nobody waits any more
    bool over;      // the thread has ended
};

const char *sender_url(const struct sender *s) { return s->url; }

/* ---- the thread; under the lock but while a file is sent ---- */
static void tell(struct sender *s, enum sent what, const struct kept_file *f, const char *why)
{
    struct sent_news *to;

    ARRAY_ROOM(s->news.v, s->news.n, s->news.cap);
    to = &s->news.v[s->news.n++];
    *to = (struct sent_news){ .what = what };
    if (f)
        to->file = *f;
    snprintf(to->why, sizeof to->why, "%s", why);
}

static void forget_first(struct sender *s)
{
    memmove(s->file.v, s->file.v + 1, --s->file.n * sizeof *s->file.v);
}

/* Until something changes, or for so long. */
static void wait_ms(struct sender *s, int64_t ms)
{
    struct timespec until;

    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += ms / 1000;
    until.tv_nsec += ms % 1000 * 1000000;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    pthread_cond_timedwait(&s->changed, &s->lock, &until);
}

static bool gives_up(const struct sender *s)
{
    return s->dropped || (s->ends && (s->fails >= LAST_TRIES || (s->fails && stop_asked())));
}

static void back_off(struct sender *s)
{
    const int doublings = s->fails < 10 ? s->fails - 1 : 9;
    int64_t ms = (int64_t)WAIT_MS << doublings;

    for (ms = ms < WAIT_MOST_MS ? ms : WAIT_MOST_MS; ms > 0 && !gives_up(s); ms -= LOOK_MS)
        wait_ms(s, LOOK_MS);
}

static int put(struct sender *s, const struct kept_file *f, struct err *err)
{
    char *path = file_join(s->dir, f->name);
    const int rc = bucket_put(s->bucket, f->name, path, f->size, &f->digest, err);

    free(path);
    return rc;
}

static void send_first(struct sender *s)
{
    const struct kept_file f = s->file.v[0];
    struct err err = { 0 };
    int rc;

    pthread_mutex_unlock(&s->lock);
    rc = put(s, &f, &err);
    pthread_mutex_lock(&s->lock);
    if (rc && err.kind != ERR_INPUT && err.kind != ERR_IO) {
        if (!s->fails++)
            tell(s, SENT_WAITS, NULL, err.msg);
        back_off(s);
        return;
    }
    if (s->fails && rc == 0)
        tell(s, SENT_FLOWS, NULL, "");
    s->fails = 0;
    tell(s, rc ? SENT_REFUSED : SENT_THERE, &f, err.msg);
    forget_first(s);
}

static void *work(void *of)
{
    struct sender *s = of;

    pthread_mutex_lock(&s->lock);
    while (!gives_up(s) && (s->file.n || !s->ends)) {
        if (s->file.n)
            send_first(s);
        else
            wait_ms(s, WAIT_MS);
    }
    s->over = true;
    pthread_cond_broadcast(&s->changed);
    pthread_mutex_unlock(&s->lock);
    return NULL;
}

/* ---- who hands over ---- */
/* Signals are for the thread that reads pages. */
static void start(struct sender *s)
{
    sigset_t all, before;
    pthread_condattr_t by;

    if (pthread_mutex_init(&s->lock, NULL) || pthread_condattr_init(&by) ||
        pthread_condattr_setclock(&by, CLOCK_MONOTONIC) || pthread_cond_init(&s->changed, &by))
        die("out of memory");
    pthread_condattr_destroy(&by);
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    if (pthread_create(&s->thread, NULL, work, s))
        die("no thread is to be had");
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

int sender_new(struct sender **out, const struct settings *set, const char *dir, struct err *err)
{
    const struct bucket_opts o = { set->evidence_bucket, set->net_ca_file, set->net_timeout_s };
    struct bucket *b;

    *out = NULL;
    if (!*set->evidence_bucket)
        return 0;
    if (bucket_open(&b, &o, err))
        return -1;
    *out = xcalloc(1, sizeof **out);
    (*out)->bucket = b;
    (*out)->dir = xstrdup(dir);
    (*out)->url = xstrdup(set->evidence_bucket);
    start(*out);
    return 0;
}

void sender_free(struct sender *s)
{
    if (!s)
        return;
    pthread_mutex_lock(&s->lock);
    s->dropped = true;
    pthread_cond_broadcast(&s->changed);
    pthread_mutex_unlock(&s->lock);
    pthread_join(s->thread, NULL);
    pthread_cond_destroy(&s->changed);
    pthread_mutex_destroy(&s->lock);
    bucket_close(s->bucket);
    free(s->file.v);
    free(s->news.v);
    free(s->dir);
    free(s->url);
    free(s);
}

void sender_add(struct sender *s, const struct kept_file *f)
{
    pthread_mutex_lock(&s->lock);
    ARRAY_ROOM(s->file.v, s->file.n, s->file.cap);
    s->file.v[s->file.n++] = *f;
    pthread_cond_broadcast(&s->changed);
    pthread_mutex_unlock(&s->lock);
}

bool sender_next(struct sender *s, struct sent_news *out)
{
    bool got;

    pthread_mutex_lock(&s->lock);
    if ((got = s->news.n > 0)) {
        *out = s->news.v[0];
        memmove(s->news.v, s->news.v + 1, --s->news.n * sizeof *s->news.v);
    }
    pthread_mutex_unlock(&s->lock);
    return got;
}

size_t sender_finish(struct sender *s)
{
    size_t left;

    pthread_mutex_lock(&s->lock);
    s->ends = true;
    s->fails = s->fails > 1 ? 1 : s->fails;    // the last tries are counted anew
    pthread_cond_broadcast(&s->changed);
    while (!s->over)
        wait_ms(s, LOOK_MS);
    left = s->file.n;
    pthread_mutex_unlock(&s->lock);
    return left;
}
