/* cmd/cmd_gather.c: an audit on PostgreSQL becomes an ordinary folder. */
#include "audit/keep/gather.h"
#include "base/json_out.h"
#include "base/log.h"
#include "base/pg_url.h"
#include "cmd/cmd.h"

static struct {
    bool json;
} given;
static const struct opt options[] = {
    OPT_FLAG("json", &given.json, "print what was gathered as JSON"), OPT_END
};
static const char about[] =
    "Brings an audit whose store is a schema of PostgreSQL into an ordinary folder: for a sealed "
    "bundle, for `purge`, or because the work that needed several machines is done.\n\n"
    "Where DIR is the audit's own folder, the one whose `audit.db` holds the address, the store "
    "comes home: `audit.db` is a store of its own again, the audit goes on there, and the schema "
    "stays to be read, while nobody gets to write there any more. Where DIR is not there yet, or "
    "empty, it becomes a copy, with the settings and rules of the audit's own folder, which is "
    "then to be named behind it; the audit goes on where it is.\n\n"
    "Files of evidence that lie in folders of workers are taken from each FOLDER that is named "
    "(its `evidence/`, or the folder itself), held against the size and digest that the store "
    "has; then from the bucket that `evidence.bucket` names, if it does. `blindspot gather DIR "
    "[FOLDER...]` does only that.\n\n"
    "All rows are read again at their new place before it counts; the digest that is printed is "
    "that of every cell of the store, and the same on either side. Interrupted, the same command "
    "does or finishes it. A replica is refused, for it may lag behind.";

static void put_json(const struct gathered *g, bool store, struct buf *out)
{
    struct json_out j = { .buf = out, .style = JSON_COMPACT };
    char hex[DIGEST_HEX];
    struct str rest = buf_view(&g->missing_names), line;

    json_open(&j, NULL);
    if (store) {
        json_put_bool(&j, "home", g->is_home);
        json_put_int(&j, "tables", g->store.tables);
        json_put_int(&j, "rows", g->store.rows);
        json_put_text(&j, "digest", str_of(digest_hex(&g->store.digest, hex)));
    }
    json_put_int(&j, "evidence_brought", g->brought);
    json_put_int(&j, "evidence_from_bucket", g->from_bucket);
    json_put_int(&j, "evidence_here", g->here);
    json_open_list(&j, "evidence_missing");
    while (str_cut(&rest, '\n', &line))
        if (line.n)
            json_put_text(&j, NULL, line);
    json_close(&j);
    json_close(&j);
    buf_char(out, '\n');
}

static void tell_missing(const struct gathered *g)
{
    struct str rest = buf_view(&g->missing_names), buckets = buf_view(&g->buckets), line;

    if (g->missing)
        log_warn(COUNTED " of evidence lie on workers alone: name their folders, and `blindspot "
                         "gather DIR FOLDER...` brings them",
                 COUNT_OF(g->missing, "file", "files"));
    while (str_cut(&rest, '\n', &line))
        if (line.n)
            log_info("  %.*s", STR_ARG(line));
    while (str_cut(&buckets, '\n', &line))
        if (line.n)
            log_info("some of these are said to lie in a bucket: `--set evidence.bucket=%.*s` has "
                     "them from there",
                     STR_ARG(line));
}

static int prepare(struct app *app, struct err *err)
{
    if (app->operands > 1 || !pg_url_is(str_of(app->operand[0])))
        return 0;
    return err_set(err, ERR_USAGE, "gather: expected a folder behind postgresql://...");
}

static int run(struct app *app, struct err *err)
{
    const bool far = pg_url_is(str_of(app->operand[0]));
    const struct gather_opts o = {
        .address = far ? app->operand[0] : NULL,
        .dir = app->operand[far],
        .folder = app->operand + 1 + far,
        .folders = (size_t)(app->operands - 1 - far),
        .sets = &app->sets,
    };
    struct gathered g;
    char hex[DIGEST_HEX];
    int rc = gather_run(&o, &g, err);

    if (rc == 0 && given.json)
        put_json(&g, far, &app->out);
    if (rc == 0 && far)
        log_info("gathered " COUNTED " of %lld tables into %s; digest %s",
                 COUNT_OF(g.store.rows, "row", "rows"), (long long)g.store.tables, o.dir,
                 digest_hex(&g.store.digest, hex));
    if (rc == 0 && (g.brought || !far))
        log_info("brought " COUNTED " of evidence", COUNT_OF(g.brought, "file", "files"));
    if (rc == 0)
        tell_missing(&g);
    gathered_release(&g);
    return rc;
}

const struct action cmd_gather = {
    .options = options, .about = about, .prepare = prepare, .run = run
};
