/* import/skip.h: what was seen and not taken, by kind. A new kind is a line here and its
 * name in skip.c; reports and `add` show it by itself. */
#ifndef IMPORT_SKIP_H
#define IMPORT_SKIP_H
#include <stdbool.h>

enum import_skip {
    /* links that are no item */
    SKIP_SOUND = 0,
    SKIP_HASHTAG,
    SKIP_LIVE,
    SKIP_USER_PROFILE,
    SKIP_PLAYLIST,
    SKIP_SEARCH,
    SKIP_LOGIN,           // a login page that hides no item
    SKIP_CDN_FILE,        // a media file: its address holds no id
    SKIP_OTHER_PAGE,      // the platform's, but no item
    SKIP_OTHER_HOST,      // not the platform's host
    SKIP_BAD_ID,          // not 17 to 20 digits, or a leading zero
    SKIP_ID_TOO_LARGE,    // 2^63 and above
    SKIP_SPOILED_ID,      // rounded: its last digits are gone (record/ending.h)
    SKIP_PROVENANCE,      // where a record was collected, not what it is about
    SKIP_SHORTENED,       // of t.co and its like: what it leads to is not known here
    /* rows that hold no link */
    SKIP_NO_LINK,
    SKIP_PLACEHOLDER /* "N/A", "None", "", "0" */,
    SKIP_UNREADABLE_ROW,
    SKIP_COUNT,
};
const char *import_skip_name(enum import_skip);      // "sound", "user_profile" ...
bool import_skip_is_link(enum import_skip);
#endif
