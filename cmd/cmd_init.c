/* cmd/cmd_init.c: makes an audit. */
#include <stdlib.h>
#include "base/file.h"
#include "base/json_out.h"
#include "base/log.h"
#include "cmd/cmd.h"

static struct { const char *seed; bool sample, json; } given;
static const struct opt options[] = {
    OPT_FLAG("sample", &given.sample,
             "make a sample of creators, as `sample add` does in an empty folder"),
    OPT_TEXT("seed", &given.seed, "WORDS",
             "draw samples by these words, which others knew beforehand (SHA-256), not by chance"),
    OPT_FLAG("json", &given.json, "print the names of what was made as JSON"),
    OPT_END
};
static const char about[] =
    "Makes an audit in DIR or the current folder: settings (`blindspot.ini`), rules "
    "(`rules.ini` and the lists that they refer to) and an empty store. Where an audit lies "
    "already, nothing is changed.\n\n"
    "With `postgresql://HOST/DATABASE?schema=NAME` the store is a schema of a PostgreSQL server "
    "(15 or newer, encoding UTF8), which must not be there yet; `audit.db` then holds that "
    "address. "
    "A password comes from PGPASSFILE, `~/.pgpass` or a service file. Such an audit is read and "
    "worked on like any other, by one blindspot at a time; a sealed bundle and `purge` need a "
    "store in the folder.";

static void put_path(struct json_out *j, const char *key, const char *dir, const char *name)
{
    char *path = file_join(dir, name);

    json_put_text(j, key, str_of(path));
    free(path);
}

static void put_json(const char *dir, struct buf *out)
{
    struct json_out j = { .buf = out, .style = JSON_COMPACT };

    json_open(&j, NULL);
    json_put_text(&j, "audit", str_of(dir));
    put_path(&j, "settings", dir, "blindspot.ini");
    put_path(&j, "rules", dir, "rules.ini");
    put_path(&j, "store", dir, "audit.db");
    json_close(&j);
    buf_char(out, '\n');
}

static int run(struct app *app, struct err *err)
{
    const char *address, *dir;

    if (app_new_place(app, "init", &address, &dir, err) ||
        (given.sample ? series_init(dir, SERIES_SAMPLE, address, err)
                      : audit_init_at(dir, "", address, err)) ||
        (given.seed && audit_seed(dir, str_of(given.seed), err)))
        return -1;
    if (given.json)
        put_json(dir, &app->out);
    log_info("made %s in %s: settings in blindspot.ini, rules in rules.ini",
             given.sample ? "a sample" : "an audit", dir);
    return 0;
}

const struct action cmd_init = { .options = options, .about = about, .run = run };
