/* report/numbers_sample.c: the numbers of a sample of creators. */
#include "report/numbers.h"

static void put_count(struct summary *s, const char *name, int64_t n, const char *is)
{
    struct number number = { .name = str_of(name),
                             .has = true,
                             .value = (double)n,
                             .low = (double)n,
                             .high = (double)n,
                             .n = n,
                             .of = n,
                             .is = str_of(is) };

    number_put(&s->numbers, s->mem, &number);
}

static void put_creators(struct summary *s, const char *name, int64_t n,
                         struct stat_interval interval, const char *is)
{
    const struct sample_result *r = &s->sample;
    const int64_t of = r->counted.creators, open = r->fate[CREATOR_FATE_OPEN];
    struct number number = { .name = str_of(name) };

    number_set_share(&number, n, of);
    if (of)
        number_set_bounds(&number, open ? BOUNDS_BOTH : BOUNDS_SAMPLE, interval);
    number.is = arena_printf(s->mem, "%s The bounds are a 95 %% interval (Wilson)%s.", is,
                             open ? ", below as if no creator that is undecided were one of these, "
                                    "above as if every one that still can were"
                                  : "");
    number_put(&s->numbers, s->mem, &number);
}

static void put_posts(struct summary *s, const char *name, int64_t n, struct stat_interval interval,
                      const char *is)
{
    struct number number = { .name = str_of(name) };

    number_set_share(&number, n, s->sample.trials);
    if (s->sample.trials)
        number_set_bounds(&number, BOUNDS_SAMPLE, interval);
    number.is = arena_printf(s->mem,
                             "%s The bounds are a 95 %% interval in which creators are what was "
                             "drawn, as posts of one creator hang together.",
                             is);
    number_put(&s->numbers, s->mem, &number);
}

static void put_zeros(struct summary *s)
{
    const struct sample_result *r = &s->sample;
    struct number number = { .name = str_of("sample_zeros_chance"), .unit = UNIT_PROBABILITY };

    number.has = r->zeros_chance >= 0;
    number.value = number.low = number.high = number.has ? r->zeros_chance : 0;
    number.n = r->zeros;
    number.of = r->counted.creators;
    number.is = str_of("Probability that so many creators of whom no post came back, or more, "
                       "turn up by chance, at the rate and the correlation of the others.");
    number_put(&s->numbers, s->mem, &number);
}

void numbers_of_sample(struct summary *s)
{
    const struct sample_result *r = &s->sample;
    const struct stat_interval posts = r->available_95;

    put_count(s, "sample_creators", r->creators, "Creators that were seen: the frame.");
    put_count(s, "sample_drawn", r->drawn, "Creators of whom posts were drawn.");
    put_count(s, "sample_counted", r->counted.creators,
              "Creators whose drawn posts, as far as they are public still, are all decided; those "
              "from Canada are apart.");
    put_count(s, "sample_open", r->fate[CREATOR_FATE_OPEN],
              "Creators with a drawn post that is undecided; they count nowhere else.");
    put_count(s, "sample_canada", r->fate[CREATOR_FATE_CANADA],
              "Creators from Canada, whose posts are all decided; they count nowhere else.");
    put_creators(s, "sample_all", r->counted.all, r->all,
                 "Creators of whom the API returned every drawn post that is public still, as a "
                 "share of the counted ones.");
    put_creators(
        s, "sample_none", r->counted.none, r->none,
        "Creators of whom the API returned no drawn post, as a share of the counted ones.");
    put_posts(s, "sample_posts", r->available, posts,
              "Drawn posts of counted creators that the API returned, as a share of those that are "
              "public still.");
    put_posts(s, "sample_missing", r->trials - r->available,
              (struct stat_interval){ 1 - posts.high, 1 - posts.low },
              "Drawn posts of counted creators that are public and that the API did not return, as "
              "a share of those that are public still.");
    put_zeros(s);
}
