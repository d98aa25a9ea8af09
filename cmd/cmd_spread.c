/* cmd/cmd_spread.c: the store of an audit out of its folder into a schema of PostgreSQL. */
#include "audit/keep/gather.h"
#include "base/json_out.h"
#include "base/log.h"
#include "cmd/cmd.h"

static struct {
    bool json;
} given;
static const struct opt options[] = { OPT_FLAG("json", &given.json, "print what went over as JSON"),
                                      OPT_END };
static const char about[] =
    "Puts the store of an audit into a schema of a PostgreSQL server (15 or newer, encoding UTF8), "
    "which must not be there yet, so that workers on several machines can read for it. DIR stays "
    "the audit's folder, with settings, rules, evidence and report; its `audit.db` then holds the "
    "address, and the file that it was is kept as `audit.db.spread` until the audit is gathered "
    "again.\n\n"
    "All rows are read again at their new place before it counts; the digest that is printed is "
    "that of every cell of the store, and the same on either side. Interrupted, the folder is what "
    "it was, and the same command does or finishes it.";

static int run(struct app *app, struct err *err)
{
    struct json_out j = { .buf = &app->out, .style = JSON_COMPACT };
    struct carried c;
    char hex[DIGEST_HEX];

    if (spread_run(app->operand[0], app->operand[1], &c, err))
        return -1;
    digest_hex(&c.digest, hex);
    if (given.json) {
        json_open(&j, NULL);
        json_put_int(&j, "tables", c.tables);
        json_put_int(&j, "rows", c.rows);
        json_put_text(&j, "digest", str_of(hex));
        json_close(&j);
        buf_char(&app->out, '\n');
    }
    log_info("spread " COUNTED " of %lld tables; digest %s", COUNT_OF(c.rows, "row", "rows"),
             (long long)c.tables, hex);
    return 0;
}

const struct action cmd_spread = { .options = options, .about = about, .run = run };
