/* record/setting.h: one setting as settings.def tells it, and what it takes. To add a kind of
 * value, add its word and its function to the table of setting.c. */
#ifndef RECORD_SETTING_H
#define RECORD_SETTING_H
#include <stdbool.h>
#include <stdint.h>
#include "base/err.h"
#include "base/str.h"

struct setting_info { const char *section, *key, *dflt, *takes, *help; };
/* value is what the setting's type holds: int64_t, double, bool or char *. Errors: ERR_USAGE,
 * "api.batch: expected 1 to 100, not 101". */
MUST_CHECK int setting_check(const struct setting_info *, const void *value, struct err *);
/* The next URL of page.proxy; *list moves behind it. One that is too long is "". */
#define PROXY_URL_MAX 512
bool setting_proxy(const char **list, char url[PROXY_URL_MAX]);
/* What page.elsewhere says; *sample: how many posts, of ELSEWHERE_SAMPLE. */
enum elsewhere_what {
    ELSEWHERE_AMBIGUOUS,    // refusals that another place may overturn
    ELSEWHERE_REFUSED,      // all of them
    ELSEWHERE_ALL,          // and what is public here, and what gave no answer
    ELSEWHERE_SAMPLE,       // the ambiguous ones, and of those public here a sample
    ELSEWHERE_NONE          // no such word
};
enum elsewhere_what setting_elsewhere(struct str, int64_t *sample);
/* The first vantage is called so where it has no name. */
#define VANTAGE_FIRST "first"
#endif
