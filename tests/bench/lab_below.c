/* tests/bench/lab_below.c: the processes below this one, as /proc has them. */
#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "scrape/memory.h"
#include "tests/bench/lab.h"

#define PROCESSES_MAX 4096

struct process { int pid, parent; double cpu; bool below; };

static bool process_read(struct process *p, int pid)
{
    char path[64], line[1024], *after;
    unsigned long own, system;
    long waited, waited_system;
    FILE *f;
    bool got;

    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    if (!(f = fopen(path, "re")))
        return false;
    got = fgets(line, sizeof line, f) && (after = strrchr(line, ')')) &&
          sscanf(after + 1, " %*c %d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu %ld %ld",
                 &p->parent, &own, &system, &waited, &waited_system) == 5;
    fclose(f);
    if (!got)
        return false;
    p->pid = pid;
    p->below = false;
    p->cpu = (double)(own + system + (unsigned long)waited + (unsigned long)waited_system) /
             (double)sysconf(_SC_CLK_TCK);
    return true;
}

static int all_read(struct process *all)
{
    DIR *proc = opendir("/proc");
    struct dirent *e;
    int n = 0;

    while (proc && n < PROCESSES_MAX && (e = readdir(proc))) {
        const int pid = atoi(e->d_name);

        n += pid > 0 && process_read(&all[n], pid);
    }
    if (proc)
        closedir(proc);
    return n;
}

/* Those below this one are marked: whose parent is, or is this one. */
static int below_read(struct process *all)
{
    const int n = all_read(all), self = getpid();

    for (bool more = true; more;) {
        more = false;
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n && !all[i].below; j++)
                if (all[i].parent == self || (all[j].below && all[i].parent == all[j].pid))
                    more = all[i].below = true;
    }
    return n;
}

double lab_cpu_below(void)
{
    struct process *all = xcalloc(PROCESSES_MAX, sizeof *all);
    const int n = below_read(all);
    double sum = 0;

    for (int i = 0; i < n; i++)
        sum += all[i].below ? all[i].cpu : 0;
    free(all);
    return sum;
}

int64_t lab_pss_below(void)
{
    struct process *all = xcalloc(PROCESSES_MAX, sizeof *all);
    const int n = below_read(all);
    int64_t sum = 0;

    for (int i = 0; i < n; i++)
        sum += all[i].below ? memory_of_process(all[i].pid) : 0;
    free(all);
    return sum;
}
