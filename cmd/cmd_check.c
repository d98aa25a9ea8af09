/* cmd/cmd_check.c: promises held against what the audit found. */
#include <string.h>
#include "audit/verdict/check.h"
#include "base/file.h"
#include "classify/defaults.h"
#include "cmd/cmd.h"

#define EXIT_FAILS 1
#define SHIPPED "tiktok.ini"    // what errors call the claims that are compiled in

static struct {
    const char *junit, *ids;
    bool json, print;
} given;
static const struct opt options[] = {
    OPT_FLAG("json", &given.json, "print the verdicts as JSON"),
    OPT_TEXT("junit", &given.junit, "FILE", "write them as JUnit XML too, for a build server"),
    OPT_TEXT("ids", &given.ids, "DIR",
             "write the ids that held, failed or are open, three files a claim"),
    OPT_FLAG("print", &given.print, "print the shipped claims and do no more: to copy and edit"),
    OPT_END
};
static const char about[] =
    "Holds what was promised of the API against what the audit found. A claims file has a "
    "section a claim: which items (`of`, conditions in the language of rules), one measure "
    "(`that`, `field`, `median_ratio`, `agreement`, `latency` or `number`), one bound (`at_least`, "
    "`at_most` or `not_worse_than`). Without a file, the claims of TikTok's documentation are "
    "taken.\n\n"
    "A claim passes if its bound holds at its confidence with every open item against it, fails "
    "if it is broken with every open item for it (posts of accounts without any retrieved post "
    "set aside), and is undecided otherwise; then it says how many more items, or days, would "
    "decide. Cautions stand before the verdicts.";

static int prepare(struct app *app, struct err *err)
{
    if (!given.print)
        return 0;
    if (app->operands || given.json || given.junit || given.ids)
        return err_set(err, ERR_USAGE, "check: --print goes with nothing else");
    app->need = NEED_NOTHING;
    return 0;
}

/* A wrong name, or what is too large, is for who named it to mend; what is there and cannot be read
 * is the machine's. */
static int read_named(const char *path, struct buf *out, struct err *err)
{
    if (file_read(path, CLAIMS_FILE_MAX, out, err) == 0)
        return 0;
    if (err->kind == ERR_INPUT || !file_exists(path))
        err->kind = ERR_USAGE;
    return -1;
}

/* A list that a claim refers to lies beside the claims. */
static int load_beside(void *from, const char *name, struct buf *out, struct err *err)
{
    const char *path = from, *slash = strrchr(path, '/');
    struct buf beside = { 0 };
    int rc;

    buf_add(&beside, path, slash ? (size_t)(slash - path) + 1 : 0);
    buf_puts(&beside, name);
    rc = read_named(buf_cstr(&beside), out, err);
    buf_release(&beside);
    return rc;
}

static int read_claims(const char *path, struct claims **claims, struct err *err)
{
    const struct rules_loader loader = { load_beside, (void *)(uintptr_t)path };
    struct buf text = { 0 };
    int rc;

    if (!path)
        return claims_parse(claims, SHIPPED, defaults_claims(), NULL, err);
    rc = read_named(path, &text, err) || claims_parse(claims, path, buf_view(&text), &loader, err);
    buf_release(&text);
    return rc ? -1 : 0;
}

static int write_junit(const struct check *c, const char *name, struct err *err)
{
    struct buf xml = { 0 };
    int rc;

    check_junit(c, name, &xml);
    rc = file_write(given.junit, buf_view(&xml), err);
    buf_release(&xml);
    return rc;
}

static int run(struct app *app, struct err *err)
{
    const char *path = app->operands ? app->operand[0] : NULL;
    const struct check_opts o = { .ids = given.ids != NULL, .path = path };
    struct claims *claims = NULL;
    struct check check = { 0 };
    int rc = -1;

    if (given.print) {
        buf_str(&app->out, defaults_claims());
        return 0;
    }
    if (read_claims(path, &claims, err) || check_claims(&app->audit, claims, &o, &check, err))
        goto out;
    if ((given.ids && check_write_ids(&check, given.ids, err)) ||
        (given.junit && write_junit(&check, path ? path : SHIPPED, err)))
        goto out;
    if (given.json)
        check_json(&check, given.ids, &app->out);
    else
        check_text(&check, &app->out);
    app->code = check.count[CHECK_FAIL]        ? EXIT_FAILS
                : check.count[CHECK_UNDECIDED] ? EXIT_UNDECIDED
                                               : 0;
    rc = 0;
out:
    check_release(&check);
    claims_free(claims);
    return rc;
}

const struct action cmd_check = {
    .options = options, .about = about, .prepare = prepare, .run = run
};
