/* tests/fuzz/fuzz_donation_zip.c: archives, from a file in memory. */
#include <sys/mman.h>
#include <unistd.h>
#include "import_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct collector in = fuzz_collector();
    const char *kind = NULL;
    struct err err = { 0 };
    int fd = memfd_create("package", 0);

    if (fd < 0 || write(fd, data, n) != (ssize_t)n)
        abort();
    if (!package_read(&in, fd, &kind, &err) && (!kind || collect_end(&in, &err)))
        abort();
    collector_release(&in);
    close(fd);
    return 0;
}
