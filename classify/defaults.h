/* classify/defaults.h: the shipped rules and the list they refer to, compiled
 * in: `init` writes them into a new audit; and the shipped claims, which `check` takes
 * where none are named. */
#ifndef CLASSIFY_DEFAULTS_H
#define CLASSIFY_DEFAULTS_H
#include "base/str.h"

struct str defaults_rules(void);        // classify/default.rules
struct str defaults_handles(void);      // classify/company_handles.txt
struct str defaults_claims(void);       // claims/tiktok.ini
#endif
