/* tests/unit/folder.h: a test's own folder goes when the test is over. */
#ifndef TESTS_FOLDER_H
#define TESTS_FOLDER_H
#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static inline void remove_all(const char *folder)
{
    DIR *d = opendir(folder);
    struct dirent *e;
    char name[512];

    while (d && (e = readdir(d))) {
        if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, ".."))
            continue;
        if (snprintf(name, sizeof name, "%s/%s", folder, e->d_name) >= (int)sizeof name)
            continue;    // its name is not whole
        if (unlink(name))
            remove_all(name);
    }
    if (d)
        closedir(d);
    rmdir(folder);
}
#endif
