/* The thread that writes an archive's files: the bytes in their order, their
 * digest, and a full disk. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/file.h"
#include "archive/writer.h"
#include "tests/unit/temp.h"

#define FILE_MAX ((size_t)64 << 20)

/* More buffers than may wait, and one that is larger than all that may wait. */
static void bytes_lie_in_their_order(void **state)
{
    char path[64];
    struct buf all = {0}, one = {0}, read = {0};
    struct digest sum, want;
    struct err err = {0};
    struct writer *w;
    int fd;

    (void)state;
    temp_name(path, sizeof path);
    fd = mkstemp(path);
    assert_true(fd >= 0);
    w = writer_new(fd);
    for (uint64_t i = 0; i < 300; i++) {
        size_t n = i == 100 ? (size_t)6 << 20 : (size_t)(mix64(i) % 70000);

        buf_grow(&one, n);
        memset(one.p, (int)(i % 251), n);
        one.n = n;
        buf_str(&all, buf_view(&one));
        assert_int_equal(writer_put(w, &one), 0);
        assert_int_equal(one.n, 0);
        if (i % 64)
            continue;
        assert_int_equal(writer_sync(w), 0);
        assert_int_equal(lseek(fd, 0, SEEK_CUR), all.n);
    }
    assert_int_equal(writer_close(w, &sum), 0);
    assert_int_equal(file_read(path, FILE_MAX, &read, &err), 0);
    assert_int_equal(read.n, all.n);
    assert_memory_equal(read.p, all.p, all.n);
    want = digest_sha256(buf_view(&all));
    assert_memory_equal(sum.b, want.b, DIGEST_BYTES);
    unlink(path);
    buf_release(&all);
    buf_release(&one);
    buf_release(&read);
}

/* Told at the latest by the sync before a commit, and ever after. */
static void a_full_disk_is_told(void **state)
{
    struct writer *w = writer_new(file_open("/dev/full", O_WRONLY));
    struct buf one = {0};
    struct digest sum;

    (void)state;
    for (int i = 0; i < 40; i++) {
        buf_puts(&one, "what does not fit");
        if (writer_put(w, &one))
            assert_int_equal(errno, ENOSPC);
    }
    for (int i = 0; i < 2; i++) {
        errno = 0;
        assert_int_equal(writer_sync(w), -1);
        assert_int_equal(errno, ENOSPC);
    }
    buf_puts(&one, "more");
    assert_int_equal(writer_put(w, &one), -1);
    errno = 0;
    assert_int_equal(writer_close(w, &sum), -1);
    assert_int_equal(errno, ENOSPC);
    buf_release(&one);
}

static void a_file_without_bytes(void **state)
{
    struct writer *w = writer_new(file_open("/dev/null", O_WRONLY));
    struct digest sum, none = digest_sha256(STR_NONE);

    (void)state;
    assert_int_equal(writer_close(w, &sum), 0);
    assert_memory_equal(sum.b, none.b, DIGEST_BYTES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_lie_in_their_order),
        cmocka_unit_test(a_full_disk_is_told),
        cmocka_unit_test(a_file_without_bytes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
