/* record/settings.h: blindspot.ini, each setting named once in settings.def.
 * settings.api_batch and so on; texts live as long as the struct. */
#ifndef RECORD_SETTINGS_H
#define RECORD_SETTINGS_H
#include <stdbool.h>
#include <stdint.h>
#include "base/err.h"
#include "base/str.h"
#include "record/answer.h"
#include "record/setting.h"

#define SETTING_C_TEXT char *
#define SETTING_C_INT int64_t
#define SETTING_C_REAL double
#define SETTING_C_BOOL bool
struct settings {
#define SETTING(section, key, type, dflt, takes, help) SETTING_C_##type section##_##key;
#include "record/settings.def"
#undef SETTING
};
/* In the order of settings.def; NULL behind the last. */
const struct setting_info *setting_at(size_t no);
void settings_init(struct settings *);             // the defaults
void settings_release(struct settings *);
/* Reads blindspot.ini's text over what is set. Errors: ERR_USAGE with file, line and the
 * place in it: unknown key (with the one that was probably meant), wrong type, out of range. A
 * line that may hold a secret is not repeated. */
MUST_CHECK int settings_read(struct settings *, const char *name, struct str text, struct err *);
/* "SECTION.KEY=VALUE" of --set. */
MUST_CHECK int settings_set(struct settings *, const char *assignment, struct err *);
/* The same of values that were set otherwise. */
MUST_CHECK int settings_check(const struct settings *, struct err *);
/* A commented blindspot.ini with every default. */
void settings_print_default(struct buf *out);
/* page.first: who is asked about every item before round 1; WITNESS_COUNT: nobody. */
enum witness settings_first(const struct settings *);
/* Calls each with "section.key" and its value as text, in order; what a proxy's
 * URL holds of names and passwords is left out, and so is a database's user. */
void settings_each(const struct settings *,
                   void (*each)(void *to, const char *name, const char *value), void *to);
#endif
