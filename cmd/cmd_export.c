/* cmd/cmd_export.c: records out, or the whole audit in one sealed file. */
#include <inttypes.h>
#include <string.h>
#include "audit/keep/export.h"
#include "audit/keep/handover.h"
#include "audit/verdict/publish.h"
#include "base/json_out.h"
#include "base/log.h"
#include "cmd/cmd.h"

static struct {
    const char *format, *names, *side, *vantage, *to, *bundle, *sign, *platform, *ids;
    struct opt_list timestamps;
    bool raw, json;
} given;
static const struct opt options[] = {
    OPT_TEXT("format", &given.format, "csv|jsonl", "of the records on stdout (default: csv)"),
    OPT_TEXT("names", &given.names, "own|api",
             "own: every field; api: those that the API has, named and written as it does"),
    OPT_TEXT("side", &given.side, "api|page", "the records of one side alone"),
    OPT_TEXT("vantage", &given.vantage, "NAME",
             "what pages showed at this vantage alone (page.elsewhere)"),
    OPT_FLAG("raw", &given.raw,
             "leave cells that a spreadsheet would take for formulas as they are"),
    OPT_TEXT("to", &given.to, "DIR",
             "records.csv in that folder, with datapackage.json and scripts that load it"),
    OPT_TEXT("bundle", &given.bundle, "FILE.tar",
             "seal store, settings, rules, archive and report in one file"),
    OPT_TEXT("sign", &given.sign, "KEY",
             "with --bundle: signed by ssh-keygen with this SSH key (the public half of one in "
             "the agent does)"),
    OPT_LIST("timestamp", &given.timestamps, "URL",
             "with --bundle: time-stamped by this authority (RFC 3161), which learns a digest; "
             "again for another one"),
    OPT_TEXT("for-platform", &given.platform, "DIR",
             "a folder for the platform's API team: posts, requests, log ids; no donors, no keys"),
    OPT_TEXT("ids", &given.ids, "FILE",
             "with --for-platform: of these posts alone, one id a line (check --ids)"),
    OPT_FLAG("json", &given.json,
             "with --to, --bundle or --for-platform: print what was written as JSON"),
    OPT_END
};
static const char about[] =
    "Prints the current record of every item on each side; or seals store, settings, rules and "
    "their lists, archive and report in one tar with `manifest.sha256`, the same bytes for the "
    "same audit; not while another blindspot works on it. `--sign` signs that manifest with an "
    "SSH key, `--timestamp` has it stamped by an authority, which learns its digest alone.\n\n"
    "With `--names api` the records have those fields that the API has, under its names and "
    "written as it writes them, but for ids, which are strings. With `--to` they go to "
    "`records.csv` of that folder, and beside it `datapackage.json`, which describes each "
    "column, and `load.py`, `load.R` and `load.sql`, which read the table with ids exact.\n\n"
    "With `--for-platform` a folder for the platform's API team is made: posts with what was "
    "expected and what came, the requests as they were sent, their times and log ids, and a "
    "README; nothing about donors or sources, no key and no token. Without `--ids` it has every "
    "missing post whose page is public, and every post with a field that differs.";

/* A bundle brings the report up to date, and holds an archive that stands still. */
static int prepare(struct app *app, struct err *err)
{
    const bool records = given.format || given.names || given.side || given.vantage ||
                         given.raw || given.to;

    if (given.platform && (records || given.bundle))
        return err_set(err, ERR_USAGE, "export: --for-platform goes with --ids alone");
    if (given.ids && !given.platform)
        return err_set(err, ERR_USAGE, "export: --ids goes with --for-platform");
    if (given.vantage && given.side && !strcmp(given.side, "api"))
        return err_set(err, ERR_USAGE,
                       "export: --vantage is of pages; the API answers the same everywhere");
    if (given.bundle && records)
        return err_set(err, ERR_USAGE,
                       "export: --bundle holds everything; the other options do not go with it");
    if (!given.bundle && (given.sign || given.timestamps.n))
        return err_set(err, ERR_USAGE, "export: --sign and --timestamp go with --bundle");
    if (given.timestamps.n > BUNDLE_STAMPS)
        return err_set(err, ERR_USAGE, "export: at most %d --timestamp", BUNDLE_STAMPS);
    if (given.to && given.format && !strcmp(given.format, "jsonl"))
        return err_set(err, ERR_USAGE,
                       "export: --to writes CSV, described for other programs; JSON Lines go to "
                       "stdout");
    if (given.json && !given.to && !given.bundle && !given.platform)
        return err_set(err, ERR_USAGE,
                       "export: --json says what --to, --bundle or --for-platform wrote; for the "
                       "records themselves there is --format jsonl");
    if (given.platform)
        app->need = NEED_LABELS;
    if (!given.bundle)
        return 0;
    app->need = NEED_WRITE;
    return app_hold_report(app, err);
}

static void put_written(struct app *app, const char *what, const char *where, const char *count,
                        int64_t n, const char *manifest)
{
    struct json_out j = { .buf = &app->out, .style = JSON_COMPACT };

    if (!given.json)
        return;
    json_open(&j, NULL);
    json_put_text(&j, what, str_of(where));
    if (count)
        json_put_int(&j, count, n);
    if (manifest)
        json_put_word(&j, "manifest_sha256", manifest);
    json_close(&j);
    buf_char(&app->out, '\n');
}

static int seal(struct app *app, struct err *err)
{
    const struct report_opts report = {0};
    const struct seal_opts sealing = { .key = given.sign, .authorities = &given.timestamps,
                                       .ca_file = app->audit.set.net_ca_file,
                                       .timeout_s = app->audit.set.net_timeout_s };
    struct summary summary;
    struct arena mem = {0};
    struct digest manifest;
    char hex[DIGEST_HEX];
    int rc = publish_report(&app->audit, &report, &mem, &summary, err) ||
             export_bundle(&app->audit, given.bundle, &sealing, &manifest, err);

    arena_release(&mem);
    opt_list_release(&given.timestamps);
    if (rc)
        return -1;
    log_info("%s is sealed: sha256 of its manifest %s", given.bundle, digest_hex(&manifest, hex));
    put_written(app, "bundle", given.bundle, NULL, 0, hex);
    return 0;
}

static int hand_over(struct app *app, struct err *err)
{
    int64_t items = 0;

    if (handover_write(&app->audit, given.platform, given.ids, &items, err))
        return -1;
    log_info("%s: " COUNTED " for the platform's API team; read its README.md before you send it",
             given.platform, COUNT_OF(items, "post", "posts"));
    put_written(app, "for_platform", given.platform, "posts", items, NULL);
    return 0;
}

static int run(struct app *app, struct err *err)
{
    const struct export_opts o = {
        .format = given.format && !strcmp(given.format, "jsonl") ? EXPORT_JSONL : EXPORT_CSV,
        .vantage = given.vantage,
        .api = given.side ? !strcmp(given.side, "api") : !given.vantage,
        .page = !given.side || !strcmp(given.side, "page"),
        .raw = given.raw,
        .api_names = given.names && !strcmp(given.names, "api"),
    };
    int64_t rows = 0;

    if (given.bundle)
        return seal(app, err);
    if (given.platform)
        return hand_over(app, err);
    if (given.to ? export_package(&app->audit, &o, given.to, &rows, err)
                 : export_records(&app->audit, &o, stdout, &rows, err))
        return -1;
    log_info(COUNTED, COUNT_OF(rows, "record", "records"));
    if (given.to)
        put_written(app, "to", given.to, "records", rows, NULL);
    return 0;
}

const struct action cmd_export = {
    .options = options, .about = about, .prepare = prepare, .run = run
};
