/* scrape/memory.h: what a process, or all of a group, have of this machine's memory: the sum of
 * their proportional shares (PSS), in bytes; 0 where the system does not tell. */
#ifndef SCRAPE_MEMORY_H
#define SCRAPE_MEMORY_H
#include <stdint.h>
#include <sys/types.h>
int64_t memory_of_process(pid_t);
int64_t memory_of_group(pid_t group);
#endif
