/* cmd/cmd_sample_list.c: reads the lists of newest posts from creators' pages. */
#include <inttypes.h>
#include "audit/sample/list.h"
#include "base/json_out.h"
#include "base/log.h"
#include "cmd/cmd.h"

static struct {
    bool again, json;
} given;
static const struct opt options[] = {
    OPT_FLAG("again", &given.again,
             "read those too that were read, or given up, on an earlier day"),
    OPT_FLAG("json", &given.json, "print the counts as JSON"), OPT_END
};
static const char about[] =
    "Reads, for every creator of the frame, the page that the site serves to other sites that "
    "show a creator (/embed/@HANDLE): their newest posts, 8 to 13 of them, pinned ones first, "
    "without dates (an id carries its second). It asks at the pace of pages "
    "(`page.requests_per_second`, `page.concurrency`), keeps what came as evidence, commits as "
    "it goes, and goes on where it was stopped.\n\n"
    "The page says of an account that it is private (minors and accounts without an age are shown "
    "as private, too) or gone; an overloaded site, a challenge, a timeout or a page of a shape "
    "that is not known says nothing of the creator. One without an answer is tried "
    "`page.attempts` times. Rows that are private or of another author are left out and "
    "counted.\n\n"
    "A list of the newest few is not all that a creator has posted: what is drawn from it is "
    "random among the newest alone. `load` takes longer lists that others made, as well. Exit code "
    "3 where creators are left to be read.";

static void put_standings(struct json_out *o, const char *key,
                          const int64_t n[CREATOR_STANDING_COUNT], const char *unread)
{
    json_open(o, key);
    for (int i = 0; i < CREATOR_STANDING_COUNT; i++)
        json_put_int(o,
                     i == CREATOR_UNREAD ? unread : creator_standing_name((enum creator_standing)i),
                     n[i]);
    json_close(o);
}

static void put_json(const struct list_result *r, struct buf *out)
{
    struct json_out o = { .buf = out, .style = JSON_COMPACT };

    json_open(&o, NULL);
    json_put_int(&o, "creators", r->creators);
    json_put_int(&o, "due", r->due);
    put_standings(&o, "read", r->read, "no_answer");
    json_put_int(&o, "posts", r->posts);
    json_put_int(&o, "rows", r->rows);
    json_put_int(&o, "dropped", r->dropped);
    json_put_int(&o, "blocks", r->blocks);
    put_standings(&o, "standing", r->standing, "unread");
    json_put_int(&o, "listed", r->listed);
    json_put_int(&o, "given_up", r->given_up);
    json_put_int(&o, "left", r->left);
    json_close(&o);
    buf_char(out, '\n');
}

static void say(const struct list_result *r)
{
    if (!r->creators)
        log_info("the frame is empty: `sample add` takes creators into it");
    else if (!r->due)
        log_info("nobody is left to be read of " COUNTED,
                 COUNT_OF(r->creators, "creator", "creators"));
    else
        log_info("read " COUNTED ": %" PRId64 " public, %" PRId64 " private, %" PRId64
                 " gone, %" PRId64 " refused, %" PRId64 " without an answer; " COUNTED
                 " listed, " COUNTED " left out (private, or another's)",
                 COUNT_OF(r->due, "creator", "creators"), r->read[CREATOR_PUBLIC],
                 r->read[CREATOR_PRIVATE], r->read[CREATOR_GONE], r->read[CREATOR_REFUSED],
                 r->read[CREATOR_UNREAD], COUNT_OF(r->posts, "post", "posts"),
                 COUNT_OF(r->dropped, "row", "rows"));
    if (r->blocks)
        log_info(COUNTED ", which says nothing of a creator",
                 COUNT_OF(r->blocks, "page was a block", "pages were a block"));
    if (r->given_up)
        log_info(COUNTED " gave no answer in page.attempts readings and %s given up: "
                         "`sample list --again` tries on another day",
                 COUNT_OF(r->given_up, "creator", "creators"), r->given_up == 1 ? "is" : "are");
    if (r->left)
        log_info(COUNTED " left: `sample list` goes on",
                 COUNT_OF(r->left, "creator is", "creators are"));
}

static int run(struct app *app, struct err *err)
{
    const struct list_opts o = { .again = given.again };
    struct list_result r;
    int rc = list_creators(&app->audit, &o, &r, err);

    if (rc && err->kind != ERR_AGAIN)
        return -1;
    if (rc)    // the site blocks us: what was read stands
        log_warn("%s", err->msg);
    say(&r);
    if (given.json)
        put_json(&r, &app->out);
    if (rc || r.left)
        app->code = EXIT_UNFINISHED;
    return 0;
}

const struct action cmd_sample_list = {
    .options = options, .about = about, .run = run, .series = SERIES_SAMPLE
};
