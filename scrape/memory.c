/* scrape/memory.c: /proc/PID/smaps_rollup of each process of a group. */
#include "scrape/memory.h"
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int64_t memory_of_process(pid_t pid)
{
    char path[64], line[256];
    long long kb = 0;
    FILE *f;

    snprintf(path, sizeof path, "/proc/%d/smaps_rollup", (int)pid);
    if (!(f = fopen(path, "re")))
        return 0;
    while (fgets(line, sizeof line, f))
        if (sscanf(line, "Pss: %lld kB", &kb) == 1)
            break;
    fclose(f);
    return (int64_t)kb << 10;
}

int64_t memory_of_group(pid_t group)
{
    DIR *proc = opendir("/proc");
    struct dirent *e;
    int64_t sum = 0;

    while (proc && (e = readdir(proc))) {
        const long pid = strtol(e->d_name, NULL, 10);

        if (pid > 0 && getpgid((pid_t)pid) == group)
            sum += memory_of_process((pid_t)pid);
    }
    if (proc)
        closedir(proc);
    return sum;
}
