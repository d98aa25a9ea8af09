/* base/stop.c: the flag that SIGINT and SIGTERM set. */
#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>
#include "base/err.h"
#include "base/stop.h"

#define EXIT_STOPPED 130

static volatile sig_atomic_t asked;

static void on_signal(int sig)
{
    (void)sig;
    if (asked)
        _exit(EXIT_STOPPED);
    asked = 1;
}

/* Without SA_RESTART, so that a wait ends when the signal comes. */
void stop_install(void)
{
    struct sigaction sa = { .sa_handler = on_signal };

    sigemptyset(&sa.sa_mask);
    if (sigaction(SIGINT, &sa, NULL) || sigaction(SIGTERM, &sa, NULL))
        die("signal handlers cannot be set: %s", strerror(errno));
}

bool stop_asked(void)
{
    return asked != 0;
}

void stop_ask(void)
{
    asked = 1;
}
