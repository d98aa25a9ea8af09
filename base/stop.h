/* base/stop.h: SIGINT and SIGTERM ask the program to finish what is in flight,
 * commit and end with 130. A second one ends it at once. */
#ifndef BASE_STOP_H
#define BASE_STOP_H
#include <stdbool.h>
void stop_install(void);     // handlers; call once from main
bool stop_asked(void);
void stop_ask(void);         // for tests
#endif
