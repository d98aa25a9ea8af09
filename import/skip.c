/* import/skip.c: the names of the kinds, as they are counted for people. */
#include "import/skip.h"

static const char *const skip_names[SKIP_COUNT] = {
    [SKIP_SOUND] = "sound",
    [SKIP_HASHTAG] = "hashtag",
    [SKIP_LIVE] = "live",
    [SKIP_USER_PROFILE] = "user_profile",
    [SKIP_PLAYLIST] = "playlist",
    [SKIP_SEARCH] = "search",
    [SKIP_LOGIN] = "login",
    [SKIP_CDN_FILE] = "cdn_file",
    [SKIP_OTHER_PAGE] = "other_page",
    [SKIP_OTHER_HOST] = "other_host",
    [SKIP_BAD_ID] = "bad_id",
    [SKIP_ID_TOO_LARGE] = "id_too_large",
    [SKIP_SPOILED_ID] = "spoiled_id",
    [SKIP_PROVENANCE] = "provenance",
    [SKIP_SHORTENED] = "shortened",
    [SKIP_NO_LINK] = "no_link",
    [SKIP_PLACEHOLDER] = "placeholder",
    [SKIP_UNREADABLE_ROW] = "unreadable_row",
};
const char *import_skip_name(enum import_skip s)
{
    return skip_names[s];
}
bool import_skip_is_link(enum import_skip s)
{
    return s < SKIP_NO_LINK;
}
