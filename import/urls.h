/* import/urls.h: the platform's links in text, in every form that is known.
 * Absent:  a link without a usable handle has handle "".
 * Source:  README.md, "URL forms". */
#ifndef IMPORT_URLS_H
#define IMPORT_URLS_H
#include <stdint.h>
#include "base/str.h"
#include "import/skip.h"
#include "record/item.h"

enum link_what { LINK_ITEM = 0, LINK_SHORT, LINK_SKIPPED };
#define LINK_URL_MAX 96
struct link {
    enum link_what what;
    enum import_skip skip;      // of LINK_SKIPPED
    struct new_item item;       // of LINK_ITEM; its handle also of SKIP_USER_PROFILE
    bool odd;                   // of LINK_ITEM
    char url[LINK_URL_MAX];     // of LINK_SHORT: https://HOST/CODE/
};
/* One URL, with or without its scheme, escaped or not. */
void link_parse(struct str url, int64_t now, struct link *);
/* An account's own page, with a handle that is one. */
bool link_is_profile(const struct link *);
/* A bare id. */
void link_from_id(struct str digits, int64_t now, struct link *);
/* The next link or bare id in free text (one line, one cell, one string); cuts
 * it off *rest, false when there is none. A bare id is a word of 17 to 20 digits. */
bool link_next(struct str *rest, int64_t now, struct link *);
/* The whole text is one link (blanks around it forgiven). */
bool link_is_whole(struct str text);
#endif
