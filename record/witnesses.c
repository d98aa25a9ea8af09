/* record/witnesses.c: see witnesses.h. */
#include "record/witnesses.h"
#include <limits.h>
#include <string.h>
#include "base/utc.h"

static enum witness named(struct str word)
{
    static const enum witness all[WITNESSES_MAX] = { WITNESS_PAGE, WITNESS_EMBED, WITNESS_OEMBED };

    for (int i = 0; i < WITNESSES_MAX; i++)
        if (str_eq(word, str_of(witness_name(all[i]))))
            return all[i];
    return WITNESS_COUNT;
}

size_t witnesses_asked(const struct settings *set, enum witness out[WITNESSES_MAX])
{
    struct str rest = str_of(set->page_witnesses), word;
    size_t n = 0;

    while (n < WITNESSES_MAX && str_cut(&rest, ',', &word)) {
        enum witness w = named(str_trim(word));

        if (w == WITNESS_COUNT || (w == WITNESS_OEMBED && strcmp(set->page_oembed, "never") == 0))
            continue;
        out[n++] = w;
    }
    return n;
}

static size_t place_of(const struct settings *set, enum witness w)
{
    enum witness all[WITNESSES_MAX];
    size_t n = witnesses_asked(set, all), i = 0;

    while (i < n && all[i] != w)
        i++;
    return i < n ? i : SIZE_MAX;
}

bool witness_is_asked(const struct settings *set, enum witness w)
{
    return place_of(set, w) != SIZE_MAX;
}

bool witness_comes_before(const struct settings *set, enum witness a, enum witness b)
{
    const size_t at = place_of(set, a), other = place_of(set, b);

    return other != SIZE_MAX && at < other;
}

bool witness_shows(enum witness w) { return w == WITNESS_PAGE || w == WITNESS_EMBED; }

struct settings witness_settings(const struct settings *all, enum witness w)
{
    const bool embed = w == WITNESS_EMBED || w == WITNESS_CREATOR, oembed = w == WITNESS_OEMBED;
    const double rate = embed    ? all->page_embed_requests_per_second
                        : oembed ? all->page_oembed_requests_per_second
                                 : 0;
    const int64_t at_once = embed    ? all->page_embed_concurrency
                            : oembed ? all->page_oembed_concurrency
                                     : 0;
    struct settings set = *all;

    if (rate > 0)
        set.page_requests_per_second = rate;
    if (at_once)
        set.page_concurrency = at_once;
    return set;
}

int witness_tries(const struct item_row *row, enum witness w)
{
    return w == WITNESS_EMBED ? row->embed_tries : row->tries;
}

/* How many times page.attempts days: a site whose pages fail for a week costs no post. */
#define PATIENCE 3

bool witness_had_its_days(const struct settings *set, const struct item_row *row, enum witness w,
                          int64_t at)
{
    return site_days_reach(row->site_days, w, at, PATIENCE * set->page_attempts);
}

static int64_t later(int64_t a, int64_t b) { return a > b ? a : b; }

/* The other one that shows the post had its tries, and this one its days since the last that is
 * known of the post: a site that blocks one of them would be asked for ever for the few posts that
 * nobody shows. */
static bool is_waited_for_no_longer(const struct settings *set, const struct item_row *row,
                                    enum witness w)
{
    const bool page = w == WITNESS_PAGE;
    const enum witness other = page ? WITNESS_EMBED : WITNESS_PAGE;
    const bool told = row->embed == ANSWER_PUBLIC || row->embed == ANSWER_REFUSED;
    int64_t since = later(row->page_at, row->first_at);

    if (page || told)    // of one that never answered it is the last try
        since = later(since, row->embed_at);
    return since && witness_is_asked(set, w) && witness_is_asked(set, other) &&
           witness_tries(row, other) >= set->page_attempts &&
           witness_had_its_days(set, row, w, since);
}

/* What an embed page refuses does not move what the page itself showed: no more of it helps. */
static bool page_alone_decides(const struct settings *set, const struct item_row *row)
{
    return witness_is_asked(set, WITNESS_PAGE) && row->page_witness != WITNESS_EMBED &&
           (row->page == ANSWER_PUBLIC || row->page == ANSWER_REFUSED) &&
           row->embed == ANSWER_REFUSED && row->embed_at > row->page_at;
}

int sight_tries(const struct settings *set, const struct item_row *row)
{
    int fewest = INT_MAX;

    if (!row->tries && !row->embed_tries)    // of most
        return 0;
    if (is_waited_for_no_longer(set, row, WITNESS_PAGE))
        return row->embed_tries;
    if (is_waited_for_no_longer(set, row, WITNESS_EMBED))
        return row->tries;
    if (page_alone_decides(set, row))
        return row->tries;
    for (int i = 0; i < 2; i++) {
        const enum witness w = i ? WITNESS_EMBED : WITNESS_PAGE;

        if (witness_is_asked(set, w) && witness_tries(row, w) < fewest)
            fewest = witness_tries(row, w);
    }
    return fewest;
}
