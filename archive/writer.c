/* archive/writer.c: a ring of buffers between the thread that fills them and the
 * one that writes. What a call has told as written by writer_sync is on the
 * disk, whoever wrote it: a crash finds the same files as with one thread. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "archive/writer.h"

#define SLOTS 32
#define WAKE_AT 8                       // buffers: to wake a thread costs more than to copy one
#define WAITING_MAX ((size_t)4 << 20)
#define KEEP_BYTES ((size_t)1 << 20)    // a larger buffer is freed once it is written
#define WRITE_OUT_BYTES (1 << 20)       // the disk begins to write before anybody waits for it

struct writer {
    int fd;
    bool has_thread;
    pthread_t thread;
    pthread_mutex_t lock;          // of all down to failed
    pthread_cond_t came, went;     // buffers to write; all that waited is written
    struct buf slot[SLOTS];
    size_t first, waiting, bytes;
    bool ends;
    int failed;                    // errno of the write that failed, 0 none
    /* of who writes */
    struct digest_ctx sum;
    off_t size, written_out;
};

/* A hint, without a wait and without a promise: the sync before a commit then
 * has little left to do. */
static void begin_writing(struct writer *w)
{
    if (w->size - w->written_out < WRITE_OUT_BYTES)
        return;
    (void)sync_file_range(w->fd, w->written_out, w->size - w->written_out, SYNC_FILE_RANGE_WRITE);
    w->written_out = w->size;
}

/* 0 or errno. */
static int write_all(struct writer *w, struct str s)
{
    for (size_t at = 0; at < s.n;) {
        ssize_t n = write(w->fd, s.p + at, s.n - at);

        if (n < 0 && errno != EINTR)
            return errno;
        at += n > 0 ? (size_t)n : 0;
    }
    digest_add(&w->sum, s.p, s.n);
    w->size += (off_t)s.n;
    begin_writing(w);
    return 0;
}

static void buf_recycle(struct buf *b)
{
    if (b->cap > KEEP_BYTES)
        buf_release(b);
    buf_clear(b);
}

static void *work(void *arg)
{
    struct writer *w = arg;

    pthread_mutex_lock(&w->lock);
    for (;;) {
        struct buf *b = &w->slot[w->first];
        int failed = w->failed;

        if (!w->waiting && w->ends)
            break;
        if (!w->waiting) {
            pthread_cond_signal(&w->went);
            pthread_cond_wait(&w->came, &w->lock);
            continue;
        }
        pthread_mutex_unlock(&w->lock);
        if (!failed)
            failed = write_all(w, buf_view(b));
        pthread_mutex_lock(&w->lock);
        w->failed = failed;
        w->bytes -= b->n;
        w->first = (w->first + 1) % SLOTS;
        w->waiting--;
        buf_recycle(b);
    }
    pthread_mutex_unlock(&w->lock);
    return NULL;
}

/* Signals are for the thread that waits for the network. */
static bool start(struct writer *w)
{
    sigset_t all, before;
    bool started;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    started = pthread_create(&w->thread, NULL, work, w) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return started;
}

struct writer *writer_new(int fd)
{
    struct writer *w = xcalloc(1, sizeof *w);

    w->fd = fd;
    digest_start(&w->sum);
    if (pthread_mutex_init(&w->lock, NULL) || pthread_cond_init(&w->came, NULL) ||
        pthread_cond_init(&w->went, NULL))
        die("out of memory");
    w->has_thread = start(w);
    return w;
}

/* Under the lock: until nothing waits to be written. */
static void drain(struct writer *w)
{
    while (w->waiting) {
        pthread_cond_signal(&w->came);
        pthread_cond_wait(&w->went, &w->lock);
    }
}

static int tell(int failed)
{
    errno = failed;
    return failed ? -1 : 0;
}

int writer_put(struct writer *w, struct buf *b)
{
    struct buf *to, given = *b;
    int failed;

    if (!w->has_thread) {
        w->failed = w->failed ? w->failed : write_all(w, buf_view(b));
        buf_recycle(b);
        return tell(w->failed);
    }
    pthread_mutex_lock(&w->lock);
    if (w->waiting == SLOTS || (w->waiting && w->bytes + given.n > WAITING_MAX))
        drain(w);
    to = &w->slot[(w->first + w->waiting++) % SLOTS];
    *b = *to;
    *to = given;
    w->bytes += given.n;
    failed = w->failed;
    if (w->waiting % WAKE_AT == 0)
        pthread_cond_signal(&w->came);
    pthread_mutex_unlock(&w->lock);
    return tell(failed);
}

int writer_sync(struct writer *w)
{
    int failed;

    pthread_mutex_lock(&w->lock);
    drain(w);
    failed = w->failed;
    pthread_mutex_unlock(&w->lock);
    return failed ? tell(failed) : fdatasync(w->fd);
}

int writer_close(struct writer *w, struct digest *sum)
{
    int failed;

    if (w->has_thread) {
        pthread_mutex_lock(&w->lock);
        w->ends = true;
        pthread_cond_signal(&w->came);
        pthread_mutex_unlock(&w->lock);
        pthread_join(w->thread, NULL);
    }
    failed = close(w->fd) && !w->failed ? errno : w->failed;
    *sum = digest_finish(&w->sum);
    for (size_t i = 0; i < SLOTS; i++)
        buf_release(&w->slot[i]);
    pthread_cond_destroy(&w->came);
    pthread_cond_destroy(&w->went);
    pthread_mutex_destroy(&w->lock);
    free(w);
    return tell(failed);
}
