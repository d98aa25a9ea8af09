/* cmd/cmd_sample_draw.c: draws posts of every creator of the frame. */
#include <inttypes.h>
#include <string.h>
#include "audit/sample/draw.h"
#include "base/json_out.h"
#include "base/log.h"
#include "base/utc.h"
#include "cmd/cmd.h"

static struct {
    int64_t posts, min_age_s;
    const char *min_age, *order;
    bool again, partial, replace, json;
} given = { .posts = -1, .min_age_s = -1, .order = "random" };
static const struct opt options[] = {
    OPT_INT("posts", &given.posts, "N", "posts of each creator (default: sample.posts)"),
    OPT_TEXT("min-age", &given.min_age, "TIME",
             "only posts that are at least so old now: 72h, 3d (default: sample.min_age_hours)"),
    OPT_TEXT("order", &given.order, "random|newest",
             "which of a creator's posts (default: random)"),
    OPT_FLAG("partial", &given.partial, "though `sample list` has creators left to read"),
    OPT_FLAG("again", &given.again,
             "though posts were drawn already; that draw is kept, and told of"),
    OPT_FLAG("replace", &given.replace,
             "draw one more for each drawn post that is deleted or private by now and was never "
             "returned"),
    OPT_FLAG("json", &given.json, "print the draw as JSON"),
    OPT_END
};
static const char about[] =
    "Draws the same number of posts from the lists of every creator of the frame, by the seed of "
    "the sample. What is drawn are items of this folder: `audit`, `fetch`, `scrape` and `report` "
    "go on with them as with any others.\n\n"
    "The draw follows from frame and seed alone, and can be worked out again: the rank of a post "
    "is the first 8 bytes of HMAC-SHA-256 under a key, of its id in decimal; the lowest ranks are "
    "drawn, in their order. The key is the first 8 bytes, as 16 hex digits, of HMAC-SHA-256 under "
    "the seed, of the text 9. A digest of the frame is kept with the draw, and the instant from "
    "which ages count.\n\n"
    "A creator with fewer posts, or too few that are old enough, is left out and counted by "
    "reason, as are those whose account is private or gone. Where a list shows only the newest "
    "few posts (`sample list`), the draw is random among these alone: recent posts, and pinned "
    "ones, which their creator chose. Where there are no more posts than are asked for, nothing "
    "is random. All of this is counted. Canadian creators are drawn like any others, for only the "
    "pages of their posts say where these were made; the report counts them apart.\n\n"
    "Run again on the frame that was drawn from, it works the draw out again, and an error says "
    "that it is not the same. A second draw is refused unless it is asked for with `--again`: the "
    "latest one is the sample then, and the posts of both stay items of this folder. A drawn post "
    "that is gone by then is not missing, and is counted as gone; `--replace` draws the next one "
    "of its creator in its place, and both are kept.";

/* "72h", "3d"; at most what sample.min_age_hours takes. */
static bool parse_age(const char *text, int64_t *seconds)
{
    struct str s = str_of(text);
    char unit = s.n ? s.p[s.n - 1] : 0;
    int64_t n;

    if ((unit != 'h' && unit != 'd') || !str_i64(str_sub(s, 0, s.n - 1), &n) || n < 0 || n > 100000)
        return false;
    *seconds = n * (unit == 'h' ? 3600 : 86400);
    return true;
}

static int prepare(struct app *app, struct err *err)
{
    (void)app;
    if (given.min_age && !parse_age(given.min_age, &given.min_age_s))
        return err_set(err, ERR_USAGE,
                       "sample draw: --min-age: expected hours or days, as in 72h or 3d, not "
                       "\"%.40s\"",
                       given.min_age);
    if (given.posts != -1 && (given.posts < 1 || given.posts > 1000))
        return err_set(err, ERR_USAGE, "sample draw: --posts takes a number from 1 to 1000");
    if (given.replace && (given.posts != -1 || given.min_age_s != -1 || given.again))
        return err_set(err, ERR_USAGE,
                       "sample draw: --replace goes by what was asked for when posts were drawn, "
                       "without --posts, --min-age and --again");
    return 0;
}

static void put_draw(struct json_out *o, const struct draw *d)
{
    char text[UTC_TEXT_MAX], hex[DIGEST_HEX];

    json_put_int(o, "draw", d->n);
    json_put_text(o, "at", str_of(utc_rfc3339(d->at, text)));
    json_put_int(o, "posts_each", d->posts);
    json_put_int(o, "min_age_hours", d->min_age_s / 3600);
    json_put_word(o, "order", d->newest ? "newest" : "random");
    json_put_text(o, "frame", str_of(digest_hex(&d->frame, hex)));
}

static void put_json(const struct draw_result *r, struct buf *out)
{
    struct json_out o = { .buf = out, .style = JSON_COMPACT };

    json_open(&o, NULL);
    put_draw(&o, &r->draw);
    json_put_bool(&o, "drawn_before", r->same);
    if (r->repeats)
        json_put_bool(&o, "repeats", true);
    json_put_int(&o, "creators", r->creators);
    json_put_int(&o, "drawn", r->drawn);
    json_put_int(&o, "posts", r->posts);
    json_open(&o, "left_out");
    for (int w = DRAW_DRAWN + 1; w < DRAW_WHY_COUNT; w++)
        json_put_int(&o, draw_why_name((enum draw_why)w), r->by_why[w]);
    json_close(&o);
    json_put_int(&o, "no_choice", r->no_choice);
    json_put_int(&o, "newest_lists", r->newest);
    json_put_int(&o, "pinned", r->pinned);
    json_put_int(&o, "replaced", r->replaced);
    json_close(&o);
    buf_char(out, '\n');
}

static void say_left_out(const struct draw_result *r)
{
    for (int w = DRAW_DRAWN + 1; w < DRAW_WHY_COUNT; w++)
        if (r->by_why[w])
            log_info("left out: " COUNTED ", %s", COUNT_OF(r->by_why[w], "creator", "creators"),
                     draw_why_words((enum draw_why)w));
}

static void say(const struct draw_result *r)
{
    char text[UTC_TEXT_MAX];

    log_info("%s " COUNTED " of %" PRId64 " of " COUNTED ", %s, on %s",
             r->same ? "drawn before:" : "drew", COUNT_OF(r->posts, "post", "posts"), r->drawn,
             COUNT_OF(r->creators, "creator", "creators"),
             r->draw.newest ? "the newest" : "at random", utc_rfc3339(r->draw.at, text));
    say_left_out(r);
    if (r->newest)
        log_info("of " COUNTED " only the newest few posts are listed%s",
                 COUNT_OF(r->newest, "creator", "creators"),
                 r->draw.newest ? "" : ": the draw is random among these alone");
    if (r->no_choice && !r->draw.newest)
        log_info("of " COUNTED " all posts that could be drawn were drawn: there was no choice",
                 COUNT_OF(r->no_choice, "creator", "creators"));
    if (r->pinned)
        log_info(COUNTED " pinned: their creators chose them",
                 COUNT_OF(r->pinned, "drawn post is", "drawn posts are"));
    if (r->repeats)
        log_info("worked out again from frame and seed: the same posts");
    if (r->replaced)
        log_info(COUNTED " in the place of one that cannot be used",
                 COUNT_OF(r->replaced, "post stands", "posts stand"));
}

static int replace(struct app *app, struct err *err)
{
    struct json_out o = { .buf = &app->out, .style = JSON_COMPACT };
    struct replace_result r;

    if (draw_replace(&app->audit, &r, err))
        return -1;
    if (r.gone)
        log_info(COUNTED " deleted or private: %" PRId64 " replaced, %" PRId64
                         " whose creator has no further post",
                 COUNT_OF(r.gone, "drawn post is", "drawn posts are"), r.replaced, r.left);
    else
        log_info("no drawn post is known as deleted or private: there is nothing to replace");
    if (!given.json)
        return 0;
    json_open(&o, NULL);
    put_draw(&o, &r.draw);
    json_put_int(&o, "gone", r.gone);
    json_put_int(&o, "replaced", r.replaced);
    json_put_int(&o, "left", r.left);
    json_close(&o);
    buf_char(&app->out, '\n');
    return 0;
}

static int run(struct app *app, struct err *err)
{
    const struct settings *set = &app->audit.set;
    struct draw_opts o = { .posts = given.posts == -1 ? set->sample_posts : given.posts,
                           .min_age_s = given.min_age_s == -1 ? set->sample_min_age_hours * 3600
                                                              : given.min_age_s,
                           .newest = strcmp(given.order, "newest") == 0,
                           .again = given.again,
                           .partial = given.partial };
    struct draw_result r;

    if (given.replace)
        return replace(app, err);
    if (draw_posts(&app->audit, &o, &r, err))
        return -1;
    say(&r);
    if (given.json)
        put_json(&r, &app->out);
    return 0;
}

const struct action cmd_sample_draw = {
    .options = options, .about = about, .prepare = prepare, .run = run, .series = SERIES_SAMPLE
};
