/* archive/writer.h: the bytes of one file, written and digested by a thread of
 * their own, so that neither holds up who hands them over.
 * Shape:  buffers in the order in which they come; a few may wait, 4 MiB of them
 *         at most (or one that is larger), then handing over waits as well.
 * Errors: -1 and errno. A write that failed is told by every later call, and
 *         nothing is written behind it. */
#ifndef ARCHIVE_WRITER_H
#define ARCHIVE_WRITER_H
#include "base/digest.h"
#include "base/str.h"

struct writer;
/* Takes the descriptor. Where no thread is to be had, the caller's writes. */
struct writer *writer_new(int fd);
/* Takes the bytes; the buffer is empty afterwards, with the memory of an earlier one. */
MUST_CHECK int writer_put(struct writer *, struct buf *);
/* Returns when all that was handed over is on the disk. */
MUST_CHECK int writer_sync(struct writer *);
/* Writes what waits, without a sync, and closes the file; *sum is the digest of its bytes. */
MUST_CHECK int writer_close(struct writer *, struct digest *sum);
#endif
