/* record/witnesses.h: who on the site is asked about a post, and in which order
 * (page.witnesses, page.oembed).
 * Units: tries are no answers in a row, as in struct item_row. */
#ifndef RECORD_WITNESSES_H
#define RECORD_WITNESSES_H
#include "record/item.h"
#include "record/settings.h"

#define WITNESSES_MAX 3
/* In their order, without those that are left out; how many. */
size_t witnesses_asked(const struct settings *, enum witness out[WITNESSES_MAX]);
bool witness_is_asked(const struct settings *, enum witness);
/* a comes before b; false where either is left out. */
bool witness_comes_before(const struct settings *, enum witness a, enum witness b);
/* Shows a post's page, so that it can decide what the page is: the page, its embed page. */
bool witness_shows(enum witness);
/* The settings with this one's own rate and concurrency as those of the page: embed pages of posts
 * and of accounts share theirs. The texts stay the caller's. */
struct settings witness_settings(const struct settings *, enum witness);
/* Tries of the one with the fewest among those that show the page and are asked: the
 * post is given up when all of them have had theirs, or where the site blocks one of them when
 * that had its days. */
int sight_tries(const struct settings *, const struct item_row *);
/* The same of one of them. */
int witness_tries(const struct item_row *, enum witness);
/* The days after `at` on which the site was asked for its pages are so many that no answer of it
 * is waited for any longer: a block uses up no try (record/site_days.h). */
bool witness_had_its_days(const struct settings *, const struct item_row *, enum witness,
                          int64_t at);
#endif
