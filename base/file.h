/* base/file.h: whole files in, write-then-rename out, checked close. */
#ifndef BASE_FILE_H
#define BASE_FILE_H
#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>
#include "base/digest.h"
#include "base/err.h"
#include "base/str.h"

/* open(2), but never to be interrupted, and closed when another program starts.
 * -1 and errno on failure. */
int file_open(const char *path, int flags);
/* Who is to blame where a file that somebody named cannot be opened, by errno: ERR_INPUT
 * where the name or the file is (missing, forbidden, no file), ERR_IO where this machine. */
enum err_kind file_blame(int why);
/* Bytes of a file from `at` on, up to n, fewer where it ends; where it stands does not
 * change. No signal and no short read cuts them. -1 and errno. */
ssize_t file_at(int fd, void *to, size_t n, off_t at);
/* The next bytes, up to n, fewer where it ends; 0 there. Errors: file_blame's; ERR_STOPPED. */
MUST_CHECK ssize_t file_next(int fd, char *to, size_t n, struct err *);
/* Reads path ("-" is stdin) into out, at most cap bytes.
 * Errors: ERR_IO where it cannot be read; ERR_INPUT beyond the cap. */
MUST_CHECK int file_read(const char *path, size_t cap, struct buf *out, struct err *);
/* SHA-256 of a file that is read in pieces. Errors: ERR_IO, ERR_STOPPED. */
MUST_CHECK int file_digest(const char *path, struct digest *, struct err *);
/* The bytes of a file in a new one. Errors: ERR_IO; ERR_STOPPED, and half of it is there. */
MUST_CHECK int file_copy(const char *from, const char *to, struct err *);
/* What changes with a file's bytes: to tell whether somebody wrote to it meanwhile. All 0
 * where there is no file. */
struct file_state { int64_t size, inode, at_s, at_ns; };
struct file_state file_state_of(const char *path);
bool file_is_still(const char *path, const struct file_state *before);
/* A file that appears under its name only when complete: bytes go to
 * PATH.tmp, close flushes, fsyncs and renames. file_abandon drops it. */
struct file_out { FILE *f; char *path, *tmp; };
MUST_CHECK int file_create(struct file_out *, const char *path, struct err *);
MUST_CHECK int file_close(struct file_out *, struct err *);
void file_abandon(struct file_out *);
/* The same for what can be made anew from the store: it appears when complete, and does not
 * wait for the disk. */
MUST_CHECK int file_close_derived(struct file_out *, struct err *);
MUST_CHECK int file_write_derived(const char *path, struct str bytes, struct err *);
/* An empty folder of that name: made where it is missing, its files removed, not its folders. */
MUST_CHECK int file_clear_folder(const char *path, struct err *);
MUST_CHECK int file_write(const char *path, struct str bytes, struct err *);
MUST_CHECK int file_mkdirs(const char *path, struct err *);      // like mkdir -p
MUST_CHECK int file_mkdirs_of(const char *path,
                              struct err *);    // the folders that a file stands in
/* Locks a folder, which is made where it is missing, for this process: *fd is to be closed, which
 * gives it up, as the process's end does. Errors: ERR_AGAIN where another holds it for longer than
 * wait_ms; ERR_STOPPED. */
MUST_CHECK int file_lock_folder(const char *path, int64_t wait_ms, int *fd, struct err *);
/* Renames, and makes that durable. */
MUST_CHECK int file_rename(const char *from, const char *to, struct err *);
/* Removes a file, and makes that durable. */
MUST_CHECK int file_remove(const char *path, struct err *);
bool file_exists(const char *path);
/* dir/name, and path with an ending, in a fresh allocation. */
char *file_join(const char *dir, const char *name);
char *file_beside(const char *path, const char *ending);
/* 0 where every write to stdout so far reached its place. */
MUST_CHECK int file_flush_stdout(struct err *);
/* True where one did not because whoever read has left, as `head` does. */
bool file_stdout_left(void);
#endif
