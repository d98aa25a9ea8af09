/* import/skip.h: what was seen and not taken, by kind. A new kind is one row of the list:
 * `add`, the ledger over inputs and the report show it by its name. */
#ifndef IMPORT_SKIP_H
#define IMPORT_SKIP_H
#include <stdbool.h>

/* X(id, name, it is a link): links that are no item, then rows that hold no link. */
#define IMPORT_SKIPS(X)                                                                    \
    X(SOUND, "sound", true)                                                                \
    X(HASHTAG, "hashtag", true)                                                            \
    X(LIVE, "live", true)                                                                  \
    X(USER_PROFILE, "user_profile", true)                                                  \
    X(PLAYLIST, "playlist", true)                                                          \
    X(SEARCH, "search", true)                                                              \
    X(LOGIN, "login", true)                 /* a login page that hides no item */          \
    X(CDN_FILE, "cdn_file", true)           /* a media file: its address holds no id */    \
    X(OTHER_PAGE, "other_page", true)       /* the platform's, but no item */              \
    X(OTHER_HOST, "other_host", true)       /* not the platform's host */                  \
    X(BAD_ID, "bad_id", true)               /* not 17 to 20 digits, or a leading zero */   \
    X(ID_TOO_LARGE, "id_too_large", true)   /* 2^63 and above */                           \
    X(SPOILED_ID, "spoiled_id", true)       /* rounded (record/ending.h) */                \
    X(PROVENANCE, "provenance", true)       /* where a record was collected */             \
    X(SHORTENED, "shortened", true)         /* of t.co and its like */                     \
    X(NO_HANDLE, "no_handle", true)         /* where creators are wanted: it names none */ \
    X(NOT_A_HANDLE, "not_a_handle", false)  /* the same of a value that is no link */      \
    X(NO_LINK, "no_link", false)                                                           \
    X(PLACEHOLDER, "placeholder", false)    /* "N/A", "None", "", "0" */                   \
    X(UNREADABLE_ROW, "unreadable_row", false)
enum import_skip {
#define X(id, name, is_link) SKIP_##id,
    IMPORT_SKIPS(X)
#undef X
    SKIP_COUNT
};
const char *import_skip_name(enum import_skip);      // "sound", "user_profile" ...
bool import_skip_is_link(enum import_skip);
#endif
