/* tests/fuzz/replay.c: runs a fuzz target over files and folders, once each:
 * how a corpus is replayed where libFuzzer is not linked. Each input is a heap
 * block of exactly its size, so that one byte read too far is seen by ASan. */
#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define INPUT_MAX (64l << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int fail(const char *path, const char *why)
{
    fprintf(stderr, "%s: %s\n", path, why);
    return -1;
}

static int replay_file(const char *path, long *count)
{
    FILE *f = fopen(path, "rb");
    uint8_t *data = NULL;
    long size = -1;
    int rc = -1;

    if (!f)
        return fail(path, strerror(errno));
    if (fseek(f, 0, SEEK_END) == 0 && (size = ftell(f)) >= 0 && size <= INPUT_MAX &&
        fseek(f, 0, SEEK_SET) == 0)
        data = malloc(size > 0 ? (size_t)size : 1);
    if (!data || fread(data, 1, (size_t)size, f) != (size_t)size) {
        fail(path, "cannot be read as a whole");
    } else {
        LLVMFuzzerTestOneInput(data, (size_t)size);
        ++*count;
        rc = 0;
    }
    free(data);
    fclose(f);
    return rc;
}

static int replay(const char *path, long *count)
{
    struct stat st;
    struct dirent **entry;
    int n, rc = 0;

    if (stat(path, &st))
        return fail(path, strerror(errno));
    if (!S_ISDIR(st.st_mode))
        return replay_file(path, count);
    n = scandir(path, &entry, NULL, alphasort);
    if (n < 0)
        return fail(path, strerror(errno));
    for (int i = 0; i < n; i++) {
        char inside[4096];
        int len = snprintf(inside, sizeof inside, "%s/%s", path, entry[i]->d_name);

        if (entry[i]->d_name[0] != '.' && rc == 0)
            rc = len < (int)sizeof inside ? replay(inside, count)
                                          : fail(path, "the path is too long");
        free(entry[i]);
    }
    free(entry);
    return rc;
}

int main(int argc, char **argv)
{
    long count = 0;

    for (int i = 1; i < argc; i++)
        if (replay(argv[i], &count))
            return 1;
    if (count == 0)
        return fail(argc > 1 ? argv[1] : "replay", "no input was found") ? 1 : 0;
    printf("%ld inputs\n", count);
    return 0;
}
