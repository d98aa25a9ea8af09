/* Any bytes as a sealed bundle: it is refused, or every file in it is what its manifest says;
 * and no folder is left behind. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "audit/bundle.h"
#include "base/file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static bool flat(const char *name)
{
    return !strchr(name, '/');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    int fd = memfd_create("bundle", 0);
    struct bundle b;
    struct err err = { 0 };
    char path[64];

    if (fd < 0 || write(fd, data, len) != (ssize_t)len)
        abort();
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    if (bundle_open(&b, path, flat, &err) == 0) {
        char *manifest = file_join(b.dir, BUNDLE_MANIFEST), *dir = file_join(b.dir, "");
        struct digest digest;

        if (file_digest(manifest, &digest, &err) ||
            memcmp(digest.b, b.manifest.b, DIGEST_BYTES) != 0)
            abort();
        bundle_close(&b);
        if (file_exists(dir))
            abort();
        free(manifest);
        free(dir);
    } else if (err.kind != ERR_INPUT) {
        abort();
    }
    close(fd);
    return 0;
}
