/* cmd/cmd_sample.c: where a sample of creators stands, and how large one has to be. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "audit/verdict/creators.h"
#include "audit/verdict/power.h"
#include "base/json_out.h"
#include "base/utc.h"
#include "cmd/cmd.h"
#include "report/sample.h"
#include "report/text.h"
#include "store/frame.h"

#define BAR 30

static struct {
    const char *power, *rate, *rho;
    bool json;
} given;
static const struct opt options[] = {
    OPT_TEXT("power", &given.power, "SHARE",
             "how many creators and posts are needed to tell that so many creators are shut out: "
             "1.5%, 0.015"),
    OPT_TEXT("rate", &given.rate, "SHARE",
             "with --power: of posts of the others, how many are returned (default: as in this "
             "sample)"),
    OPT_TEXT("rho", &given.rho, "NUMBER",
             "with --power: how alike posts of one creator are, from 0 to 1 (default: as in this "
             "sample)"),
    OPT_FLAG("json", &given.json, "print it as JSON"), OPT_END
};
static const char about[] =
    "Where a sample of creators stands: who was seen, whose posts are listed, what was drawn, and "
    "of how many creators the API returned how many of their drawn posts. Creators with an "
    "undecided post are counted apart, never as missing; so are those from Canada.\n\n"
    "`--power` says, before a sample is made or beside one, how many creators it takes until the "
    "report tells a share of creators that are shut out from what chance leaves, four times out "
    "of five, at the level of one in twenty. It is found by running the report's own test in "
    "made worlds, so it takes some seconds. Where nothing is decided yet, `--rate` and `--rho` "
    "say what the other creators are like.";

struct seen {
    struct frame_totals frame;
    struct sample_result result;
};
static struct power_asked asked;

/* "1.5%" or "0.015"; least and most are allowed. */
static int take_share(const char *option, const char *text, double least, double most, double *out,
                      struct err *err)
{
    size_t n = strlen(text);
    const bool percent = n > 0 && text[n - 1] == '%';
    char digits[32], *end = digits;

    if (n - percent > 0 && n - percent < sizeof digits &&
        strspn(text, "0123456789.") == n - percent) {
        memcpy(digits, text, n - percent);
        digits[n - percent] = 0;
        *out = strtod(digits, &end) / (percent ? 100 : 1);
        if (!*end && *out >= least && *out <= most)
            return 0;
    }
    return err_set(err, ERR_USAGE,
                   "sample: --%s: expected a share from %g to %g, as in 0.015 or 1.5%%, not "
                   "\"%.40s\"",
                   option, least, most, text);
}

static int prepare(struct app *app, struct err *err)
{
    asked = (struct power_asked){ .rate = -1, .rho = -1 };
    if (!given.power)
        return given.rate || given.rho
                   ? err_set(err, ERR_USAGE, "sample: --rate and --rho go with --power alone")
                   : 0;
    if (take_share("power", given.power, 0.001, 0.5, &asked.share, err) ||
        (given.rate && take_share("rate", given.rate, 0.01, 0.999, &asked.rate, err)) ||
        (given.rho && take_share("rho", given.rho, 0, 0.99, &asked.rho, err)))
        return -1;
    if (given.rate && given.rho)
        app->need = NEED_NOTHING;    // it is asked before there is a folder
    return 0;
}

/* ---- where it stands ---- */

static void put_shares(const struct sample_result *s, struct buf *out)
{
    const struct {
        const char *what;
        int64_t n, of;
        struct stat_interval bounds;
    } row[] = { { "every post", s->counted.all, s->counted.creators, s->all },
                { "no post", s->counted.none, s->counted.creators, s->none },
                { "posts", s->available, s->trials, s->available_95 } };
    char n[TEXT_MAX], of[TEXT_MAX], share[TEXT_MAX], low[TEXT_MAX], high[TEXT_MAX];

    for (size_t i = 0; i < sizeof row / sizeof *row; i++)
        buf_printf(out, "%-11s %7s of %-7s %7s  (%s to %s)\n", row[i].what, text_count(row[i].n, n),
                   text_count(row[i].of, of), text_percent(share_of(row[i].n, row[i].of), share),
                   text_percent(row[i].bounds.low, low), text_percent(row[i].bounds.high, high));
    if (s->zeros_chance >= 0)
        buf_printf(out,
                   "%s with none, %s expected by chance; so many more has a probability of %s\n",
                   text_count(s->zeros, n), text_estimate(s->zeros_expected, of),
                   text_probability(s->zeros_chance, share));
}

static void put_spread(const struct sample_result *s, struct buf *out)
{
    char n[TEXT_MAX];
    int64_t most = 1;

    for (int64_t i = 0; i <= s->draw.posts; i++)
        most = s->counted.n[i] > most ? s->counted.n[i] : most;
    buf_puts(out, "\n  posts returned   creators\n");
    for (int64_t i = 0; i <= s->draw.posts; i++) {
        const int64_t bar = (s->counted.n[i] * BAR + most - 1) / most;

        buf_printf(out, "  %14" PRId64 " %10s%s%.*s\n", i, text_count(s->counted.n[i], n),
                   bar ? "  " : "", (int)bar, "##############################");
    }
    buf_char(out, '\n');
}

static void put_draw(const struct sample_result *s, struct buf *out)
{
    const struct draw *d = &s->draw;
    char at[UTC_TEXT_MAX], n[TEXT_MAX];
    int64_t left_out = 0;

    buf_printf(out, "drawn       %" PRId64 " posts each of %s creators, %s", d->posts,
               text_count(s->drawn, n), d->newest ? "the newest" : "at random");
    if (d->min_age_s)
        buf_printf(out, ", %" PRId64 " hours old and older", d->min_age_s / 3600);
    buf_printf(out, ", at %s\n", utc_rfc3339(d->at, at));
    for (int why = DRAW_DRAWN + 1; why < DRAW_WHY_COUNT; why++)
        left_out += s->left_out[why];
    if (left_out)
        buf_printf(out, "left out    %s:", text_count(left_out, n));
    for (int why = DRAW_DRAWN + 1, k = 0; why < DRAW_WHY_COUNT; why++)
        if (s->left_out[why])
            buf_printf(out, "%s %s %s", k++ ? "," : "", text_count(s->left_out[why], n),
                       draw_why_name((enum draw_why)why));
    buf_puts(out, left_out ? "\n" : "");
    if (s->no_choice)
        buf_printf(out, "no choice   of %s no more posts could be drawn than were\n",
                   text_count(s->no_choice, n));
    if (s->newest_lists)
        buf_printf(out, "newest few  of %s the list shows the newest few posts alone\n",
                   text_count(s->newest_lists, n));
}

static void put_fates(const struct sample_result *s, struct buf *out)
{
    static const struct {
        enum creator_fate fate;
        const char *words;
    } fates[] = { { CREATOR_FATE_COUNTED, "counted" },
                  { CREATOR_FATE_CANADA, "from Canada (apart)" },
                  { CREATOR_FATE_OPEN, "with an undecided post (apart)" },
                  { CREATOR_FATE_GONE, "without a post that is public any more" },
                  { CREATOR_FATE_NOT_DRAWN, "in the frame since the draw" } };
    char n[TEXT_MAX];

    buf_puts(out, "creators    ");
    for (size_t i = 0, k = 0; i < sizeof fates / sizeof *fates; i++)
        if (s->fate[fates[i].fate] || !i)
            buf_printf(out, "%s%s %s", k++ ? ", " : "", text_count(s->fate[fates[i].fate], n),
                       fates[i].words);
    buf_char(out, '\n');
}

static void print_text(const struct seen *seen, struct buf *out)
{
    const struct frame_totals *f = &seen->frame;
    const struct sample_result *s = &seen->result;
    char n[TEXT_MAX], posts[TEXT_MAX], listed[TEXT_MAX];

    buf_printf(out, "frame       %s creators; lists of %s of them, %s posts\n",
               text_count(f->creators, n), text_count(f->listed, listed),
               text_count(f->posts, posts));
    if (s->draw.n) {
        put_draw(s, out);
        put_fates(s, out);
    }
    if (s->counted.creators) {
        put_spread(s, out);
        put_shares(s, out);
    }
    buf_printf(out, "next        %s\n",
               !f->creators                 ? "blindspot sample add FILE"
               : !f->listed                 ? "blindspot sample list"
               : !s->draw.n                 ? "blindspot sample draw"
               : s->fate[CREATOR_FATE_OPEN] ? "blindspot audit"
                                            : "blindspot report");
}

static void print_json(const struct seen *seen, struct buf *out)
{
    struct json_out o = { .buf = out, .style = JSON_COMPACT };

    json_open(&o, NULL);
    json_open(&o, "frame");
    json_put_int(&o, "creators", seen->frame.creators);
    json_put_int(&o, "sightings", seen->frame.sightings);
    json_put_int(&o, "listings", seen->frame.listings);
    json_put_int(&o, "listed", seen->frame.listed);
    json_put_int(&o, "posts", seen->frame.posts);
    json_close(&o);
    report_put_sample(&o, &seen->result);
    json_close(&o);
    buf_char(out, '\n');
}

/* ---- how large ---- */

static void power_text(const struct power_told *t, struct buf *out)
{
    char share[TEXT_MAX], rate[TEXT_MAX], n[TEXT_MAX], all[TEXT_MAX], none[TEXT_MAX];
    char low[TEXT_MAX], high[TEXT_MAX], power[TEXT_MAX];

    buf_printf(out,
               "To tell that %s of the creators are shut out from what chance leaves, four times "
               "out of\nfive at the level of one in twenty, where %s of the posts of others come "
               "back, with a\ncorrelation of %.3f within a creator:\n\n",
               text_percent(asked.share, share), text_percent(asked.rate, rate), asked.rho);
    buf_puts(out, "  posts each   none by chance   creators   posts in all   interval of the "
                  "share\n");
    for (int i = 0; i < POWER_ROWS; i++) {
        const struct power_row *r = &t->row[i];

        text_percent(r->none, none);
        if (!r->creators) {
            buf_printf(out,
                       "  %10" PRId64 "   %14s   > %6s   (seen with a probability of %s then)\n",
                       r->posts, none, text_count(t->most, n), text_percent(r->power, power));
            continue;
        }
        buf_printf(out, "  %10" PRId64 "   %14s   %8s   %12s   %s to %s\n", r->posts, none,
                   text_count(r->creators, n), text_count(r->creators * r->posts, all),
                   text_percent(r->interval.low, low), text_percent(r->interval.high, high));
    }
    if (t->has_sample)
        buf_printf(out,
                   "\nThis sample, %s creators and %" PRId64 " posts each, would see it with a "
                   "probability of %s.\n",
                   text_count(asked.creators, n), asked.posts, text_percent(t->power, power));
}

static void power_json(const struct power_told *t, struct buf *out)
{
    struct json_out o = { .buf = out, .style = JSON_COMPACT };

    json_open(&o, NULL);
    json_open(&o, "power");
    json_put_share(&o, "share", asked.share);
    json_put_share(&o, "rate", asked.rate);
    json_put_share(&o, "rho", asked.rho);
    json_put_share(&o, "wanted", POWER_WANTED);
    json_open_list(&o, "needed");
    for (int i = 0; i < POWER_ROWS; i++) {
        const struct power_row *r = &t->row[i];

        json_open(&o, NULL);
        json_put_int(&o, "posts", r->posts);
        json_put_share(&o, "none_by_chance", r->none);
        if (r->creators)
            json_put_int(&o, "creators", r->creators);
        else
            json_put_null(&o, "creators");
        json_put_share(&o, "power", r->power);
        json_put_interval(&o, "interval", r->creators > 0, r->interval.low, r->interval.high);
        json_close(&o);
    }
    json_close(&o);
    json_put_share(&o, "this_sample", t->has_sample ? t->power : -1);
    json_close(&o);
    json_close(&o);
    buf_char(out, '\n');
}

static int tell_power(struct app *app, const struct sample_result *s, struct err *err)
{
    struct power_told told;

    if (s && s->counted.creators && s->rate >= 0) {
        asked.rate = given.rate ? asked.rate : s->rate;
        asked.rho = given.rho ? asked.rho : s->rho;
        asked.creators = s->counted.creators;
        asked.posts = s->draw.posts;
    }
    if (asked.rate < 0 || asked.rho < 0)
        return err_set(err, ERR_USAGE,
                       "sample --power: no creator of this sample is decided yet, so --rate and "
                       "--rho have to say what creators are like, as in --rate 0.93 --rho 0.2");
    power_tell(&asked, &told);
    if (given.json)
        power_json(&told, &app->out);
    else
        power_text(&told, &app->out);
    return 0;
}

static int run(struct app *app, struct err *err)
{
    struct arena mem = { 0 };
    struct seen seen;
    int rc = -1;

    if (!app->open)
        return tell_power(app, NULL, err);
    if (store_frame_totals(app->audit.store, &seen.frame, err) ||
        creators_make(&app->audit, &mem, NULL, &seen.result, err))
        goto out;
    rc = 0;
    if (given.power)
        rc = tell_power(app, &seen.result, err);
    else if (given.json)
        print_json(&seen, &app->out);
    else
        print_text(&seen, &app->out);
out:
    arena_release(&mem);
    return rc;
}

const struct action cmd_sample = {
    .options = options, .about = about, .prepare = prepare, .run = run, .series = SERIES_SAMPLE
};
