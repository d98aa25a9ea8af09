/* report/numbers_first.c: what became of the items that the API did not return at first: all
 * that were asked, without those that came back at once. What the published audits call missing
 * at first, and then ask again. */
#include "report/numbers.h"

static const struct {
    const char *name;
    enum node node;
    const char *is;
} parts[] = {
    { "not_at_once_late", NODE_AFTER_RETRIES, "came back when they were asked again" },
    { "not_at_once_public", NODE_PUBLIC, "are public, and were never returned" },
    { "not_at_once_public_canada", NODE_CANADA, "are public, never returned, and made in Canada" },
    { "not_at_once_public_ad", NODE_AD, "are public, never returned, and advertising" },
    { "not_at_once_public_tiktok_official", NODE_TIKTOK_OFFICIAL,
      "are public, never returned, and of an account of the platform's own" },
    { "not_at_once_public_excluded_account", NODE_EXCLUDED_ACCOUNT,
      "are public, never returned, and of an account of which nothing is" },
    { "not_at_once_public_unknown", NODE_PUBLIC_UNKNOWN,
      "are public, never returned, and have no known reason" },
    { "not_at_once_not_public", NODE_NOT_PUBLIC, "are not public" },
    { "not_at_once_not_public_deleted", NODE_DELETED, "are deleted" },
    { "not_at_once_not_public_private", NODE_PRIVATE, "are private" },
    { "not_at_once_restricted", NODE_RESTRICTED,
      "were refused from here, and may be public elsewhere" },
};

void numbers_not_at_once(struct summary *s)
{
    const int64_t *n = s->waterfall.n;
    const int64_t asked = n[NODE_ITEMS] - n[NODE_NOT_ASKED] - n[NODE_TOO_RECENT];
    const int64_t all = asked - n[NODE_AT_ONCE];
    const int64_t open = n[NODE_UNOBSERVED] + n[NODE_UNCONFIRMED];
    struct number number = { .name = str_of("not_at_once") };

    number_set_share(&number, all, asked);
    number.is = str_of("Items that the first well-formed reply left out, as a share of all that "
                       "were asked and old enough.");
    number_put(&s->numbers, s->mem, &number);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        number = (struct number){ .name = str_of(parts[i].name) };
        number_set_share(&number, n[parts[i].node], all);
        if (open && all)
            number_set_bounds(&number, BOUNDS_OPEN,
                              (struct stat_interval){
                                  number.value, (double)(n[parts[i].node] + open) / (double)all });
        number.is = arena_printf(s->mem,
                                 "Of the items that the first well-formed reply left out, those "
                                 "that %s%s.",
                                 parts[i].is,
                                 open ? "; the bounds are none or all of the undecided ones falling"
                                        " here"
                                      : "");
        number_put(&s->numbers, s->mem, &number);
    }
    number = (struct number){ .name = str_of("not_at_once_open") };
    number_set_share(&number, open, all);
    number.is = str_of("Of the items that the first well-formed reply left out, those that are not "
                       "decided.");
    number_put(&s->numbers, s->mem, &number);
}
