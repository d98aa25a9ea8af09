/* tests/fault/inject.c: LD_PRELOAD: lets one call of a kind fail, once.
 *
 *   FAULT_KIND   alloc, write, sync, name, open or read: the calls that count
 *   FAULT_HOW    ENOMEM, ENOSPC, EIO, EINTR, EMFILE ... or SHORT (half the bytes)
 *   FAULT_NTH    which of them, from 1; 0 counts only
 *   FAULT_COUNT  a file for the number of calls that were seen
 *   FAULT_SITES  a file for the numbers of those calls whose like was not seen
 *                before: made from another place, by the STACK callers above it
 *
 * Counting begins with main() of the program it is loaded into; children do not
 * inherit it. Sockets, stderr and the test clock are left alone: the network
 * has its own tests, and the sentence on stderr is what is looked at. Streams
 * of libc call no write() that can be interposed, so their flushing is what
 * counts: a fault there loses the buffer, as it does on a full disk. */
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <malloc.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum kind { ALLOC, WRITE, SYNC, NAME, OPEN, READ, KINDS };
static const char *const kind_names[KINDS] = { "alloc", "write", "sync", "name", "open", "read" };
static const struct { const char *name; int code; } codes[] = {
    { "SHORT", 0 }, { "ENOMEM", ENOMEM }, { "ENOSPC", ENOSPC }, { "EIO", EIO }, { "EINTR", EINTR },
    { "EMFILE", EMFILE }, { "EDQUOT", EDQUOT }, { "EACCES", EACCES },
};
#define HANGS_AFTER_S 120
#define STREAM_ERROR 0x20              // _IO_ERR_SEEN of glibc: what ferror() looks at

static atomic_bool armed;
static atomic_long seen;
static long nth;
static enum kind kind = KINDS;
static int how;
static char count_path[4096], sites_path[4096];
static struct stat test_clock;         // all zero: none
static const char *clock_path;

void *__libc_malloc(size_t);
void *__libc_calloc(size_t, size_t);
void *__libc_realloc(void *, size_t);
void *__libc_memalign(size_t, size_t);

#define REAL(name) \
    static __typeof__(&name) real; \
    if (!real) { \
        void *found = dlsym(RTLD_NEXT, #name); \
        memcpy(&real, &found, sizeof real); \
    }

/* ---- where calls are made from ---- */

#define STACK 8
#define SITES_MAX (1 << 17)
static pthread_mutex_t sites_lock = PTHREAD_MUTEX_INITIALIZER;
static uint64_t site[2 * SITES_MAX];    // by hash, 0 = free
static long first_of[SITES_MAX];
static size_t sites;
static _Thread_local bool looking;      // backtrace() may allocate

static void note_site(long n)
{
    void *stack[STACK + 3];             // this function, fails(), malloc()
    uint64_t h = 14695981039346656037u;
    size_t at;
    int depth;

    looking = true;
    depth = backtrace(stack, STACK + 3);
    for (int i = 3; i < depth; i++)
        h = (h ^ (uint64_t)(uintptr_t)stack[i]) * 1099511628211u;
    h |= 1;
    pthread_mutex_lock(&sites_lock);
    at = h % (2 * SITES_MAX);
    while (site[at] && site[at] != h)
        at = (at + 1) % (2 * SITES_MAX);
    if (!site[at] && sites < SITES_MAX) {
        site[at] = h;
        first_of[sites++] = n;
    }
    pthread_mutex_unlock(&sites_lock);
    looking = false;
}

static void put_sites(void)
{
    char text[32];
    int fd = (int)syscall(SYS_openat, AT_FDCWD, sites_path, O_WRONLY | O_CREAT | O_TRUNC, 0666);

    for (size_t i = 0; fd >= 0 && i < sites; i++) {
        int n = snprintf(text, sizeof text, "%ld\n", first_of[i]);

        if (syscall(SYS_write, fd, text, n) != n)
            _exit(99);
    }
    if (fd >= 0)
        syscall(SYS_close, fd);
}

/* True where this very call is to fail; errno is then set. */
static bool fails(enum kind k)
{
    long n;

    if (!atomic_load(&armed) || k != kind || looking)
        return false;
    n = atomic_fetch_add(&seen, 1) + 1;
    if (sites_path[0])
        note_site(n);
    if (n != nth)
        return false;
    errno = how;
    return true;
}

/* ---- beginning and end ---- */

static void set_up(void)
{
    const char *text = getenv("FAULT_KIND");

    for (int i = 0; text && i < KINDS; i++)
        if (strcmp(text, kind_names[i]) == 0)
            kind = (enum kind)i;
    if ((text = getenv("FAULT_HOW")))
        for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
            if (strcmp(text, codes[i].name) == 0)
                how = codes[i].code;
    nth = (text = getenv("FAULT_NTH")) ? atol(text) : 0;
    if ((text = getenv("FAULT_COUNT")))
        snprintf(count_path, sizeof count_path, "%s", text);
    if ((text = getenv("FAULT_SITES")) && *text) {
        void *first[1];

        snprintf(sites_path, sizeof sites_path, "%s", text);
        backtrace(first, 1);            // loads what it needs
    }
    clock_path = getenv("BLINDSPOT_CLOCK");
    if (!clock_path || stat(clock_path, &test_clock))
        memset(&test_clock, 0, sizeof test_clock);
    unsetenv("LD_PRELOAD");
    alarm(HANGS_AFTER_S);
}

__attribute__((destructor)) static void finish(void)
{
    char text[32];
    int n, fd;

    atomic_store(&armed, false);
    if (sites_path[0])
        put_sites();
    if (!count_path[0])
        return;
    n = snprintf(text, sizeof text, "%ld\n", atomic_load(&seen));
    fd = (int)syscall(SYS_openat, AT_FDCWD, count_path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    if (fd >= 0 && syscall(SYS_write, fd, text, n) == n)
        syscall(SYS_close, fd);
}

static int (*real_main)(int, char **, char **);

static int armed_main(int argc, char **argv, char **env)
{
    set_up();
    atomic_store(&armed, kind != KINDS);
    return real_main(argc, argv, env);
}

int __libc_start_main(int (*)(int, char **, char **), int, char **, void (*)(void), void (*)(void),
                      void (*)(void), void *);
int __libc_start_main(int (*start)(int, char **, char **), int argc, char **argv,
                      void (*init)(void), void (*fini)(void), void (*rtld_fini)(void),
                      void *stack_end)
{
    REAL(__libc_start_main)
    real_main = start;
    return real(armed_main, argc, argv, init, fini, rtld_fini, stack_end);
}

/* ---- memory ---- */

void *malloc(size_t n) { return fails(ALLOC) ? NULL : __libc_malloc(n); }
void *calloc(size_t n, size_t size) { return fails(ALLOC) ? NULL : __libc_calloc(n, size); }
void *realloc(void *p, size_t n) { return fails(ALLOC) ? NULL : __libc_realloc(p, n); }
void *memalign(size_t to, size_t n) { return fails(ALLOC) ? NULL : __libc_memalign(to, n); }
void *aligned_alloc(size_t to, size_t n) { return fails(ALLOC) ? NULL : __libc_memalign(to, n); }

int posix_memalign(void **out, size_t to, size_t n)
{
    void *p = fails(ALLOC) ? NULL : __libc_memalign(to, n);

    if (!p)
        return ENOMEM;
    *out = p;
    return 0;
}

void *mmap(void *at, size_t n, int protection, int flags, int fd, off_t offset)
{
    REAL(mmap)
    return fails(ALLOC) ? MAP_FAILED : real(at, n, protection, flags, fd, offset);
}
void *mmap64(void *at, size_t n, int protection, int flags, int fd, off64_t offset)
{
    return mmap(at, n, protection, flags, fd, offset);
}

/* ---- descriptors ---- */

static bool counts(int fd)
{
    struct stat st;

    return atomic_load(&armed) && fd != STDERR_FILENO && fstat(fd, &st) == 0 &&
           !(st.st_ino == test_clock.st_ino && st.st_dev == test_clock.st_dev) &&
           (S_ISREG(st.st_mode) || S_ISFIFO(st.st_mode) || fd == STDOUT_FILENO);
}

/* What a call with n bytes is to do: -1 fail, otherwise so many bytes. */
static ssize_t part(enum kind k, int fd, size_t n)
{
    if (!counts(fd) || !fails(k))
        return (ssize_t)n;
    return how ? -1 : (ssize_t)(n > 1 ? n / 2 : n);
}

#define MOVES(call, k, buffer, declared, given) \
    ssize_t call declared \
    { \
        REAL(call) \
        ssize_t m = part(k, fd, n); \
        if (m < 0) \
            return -1; \
        n = (size_t)m; \
        return real given; \
    }
MOVES(write, WRITE, const, (int fd, const void *p, size_t n), (fd, p, n))
MOVES(pwrite, WRITE, const, (int fd, const void *p, size_t n, off_t at), (fd, p, n, at))
MOVES(pwrite64, WRITE, const, (int fd, const void *p, size_t n, off64_t at), (fd, p, n, at))
MOVES(read, READ, , (int fd, void *p, size_t n), (fd, p, n))

MOVES(pread, READ, , (int fd, void *p, size_t n, off_t at), (fd, p, n, at))
MOVES(pread64, READ, , (int fd, void *p, size_t n, off64_t at), (fd, p, n, at))

#define SYNCS(call, declared, given) \
    int call declared \
    { \
        REAL(call) \
        return counts(fd) && fails(SYNC) ? -1 : real given; \
    }
SYNCS(fsync, (int fd), (fd))
SYNCS(fdatasync, (int fd), (fd))
SYNCS(ftruncate, (int fd, off_t n), (fd, n))
SYNCS(ftruncate64, (int fd, off64_t n), (fd, n))

/* ---- names ---- */

#define NAMES(call, declared, given) \
    int call declared \
    { \
        REAL(call) \
        return fails(NAME) ? -1 : real given; \
    }
NAMES(rename, (const char *a, const char *b), (a, b))
NAMES(renameat, (int at, const char *a, int to, const char *b), (at, a, to, b))
NAMES(renameat2, (int at, const char *a, int to, const char *b, unsigned flags),
      (at, a, to, b, flags))
NAMES(link, (const char *a, const char *b), (a, b))
NAMES(unlink, (const char *a), (a))
NAMES(mkdir, (const char *a, mode_t mode), (a, mode))

#define OPENS(call, declared, given) \
    int call declared \
    { \
        REAL(call) \
        mode_t mode = 0; \
        if (flags & (O_CREAT | __O_TMPFILE)) { \
            va_list ap; \
            va_start(ap, flags); \
            mode = va_arg(ap, mode_t); \
            va_end(ap); \
        } \
        if (!(clock_path && strcmp(path, clock_path) == 0) && fails(OPEN)) \
            return -1; \
        return real given; \
    }
OPENS(open, (const char *path, int flags, ...), (path, flags, mode))
OPENS(open64, (const char *path, int flags, ...), (path, flags, mode))
OPENS(openat, (int at, const char *path, int flags, ...), (at, path, flags, mode))
OPENS(openat64, (int at, const char *path, int flags, ...), (at, path, flags, mode))

/* ---- streams ---- */

/* A flush that finds something to write, and fails. Being interrupted or short
 * is libc's own affair, which goes on by itself. */
static bool loses(FILE *f)
{
    if (!f || f == stderr || !atomic_load(&armed) || !__fwriting(f) || __fpending(f) == 0 ||
        how == 0 || how == EINTR || !fails(WRITE))
        return false;
    __fpurge(f);
    f->_flags |= STREAM_ERROR;
    errno = how;
    return true;
}

int fflush(FILE *f)
{
    REAL(fflush)
    return loses(f) ? EOF : real(f);
}

int fclose(FILE *f)
{
    REAL(fclose)
    bool lost = loses(f);
    int rc = real(f);

    if (lost)
        errno = how;
    return lost ? EOF : rc;
}

size_t fwrite(const void *p, size_t size, size_t n, FILE *f)
{
    REAL(fwrite)
    return __fpending(f) + size * n > BUFSIZ && loses(f) ? 0 : real(p, size, n, f);
}
