/* cmd/cmd_work.c: pages are read here for an audit that lies on PostgreSQL. */
#include <string.h>
#include <unistd.h>
#include "archive/archive.h"
#include "audit/work/worker.h"
#include "base/log.h"
#include "cmd/cmd.h"

static struct {
    const char *vantage, *name;
    int64_t idle;
} given = { .vantage = "", .idle = -1 };
static const struct opt options[] = {
    OPT_TEXT("vantage", &given.vantage, "NAME",
             "the vantage that pages are read from here (default: the audit's first)"),
    OPT_TEXT("name", &given.name, "WORD",
             "in the names of this worker's files (default: the machine's name)"),
    OPT_INT("idle", &given.idle, "N",
            "end when there was nothing to read for N seconds (default: go on)"),
    OPT_END
};
static const char about[] =
    "Reads pages for an audit whose store is on PostgreSQL, and that is run elsewhere with "
    "`page.read_by = workers`. It needs no folder of the audit, no key and no secret of the API: "
    "it leases pages, a parcel at a time, reads them with the settings of the audit, and commits "
    "what came back every few seconds. The audit's own run takes that in and decides what is read "
    "next; any number of workers may come and go meanwhile. Ctrl-C or SIGTERM: what is under way "
    "is finished and committed, and the rest goes back.\n\n"
    "All workers of a vantage share its rate (`page.requests_per_second`); where the site blocks "
    "one, all of them pause. A worker that commits nothing for ten minutes loses its lease, and "
    "the next one reads what has no answer yet. A lost connection is waited for as long.\n\n"
    "The bytes lie in `evidence/` of the folder that `-C` names, in files of this worker, and with "
    "`evidence.bucket` in an S3 bucket as well, as soon as each is closed (keys: "
    "AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN and AWS_REGION, or "
    "`~/.aws/credentials`). Proxies, the bucket, the browser's program and certificates are this "
    "machine's own (`--set`, or `blindspot.ini` there). Instants are by the database's clock; a "
    "machine's that is more than 2 s off is refused.\n\n"
    "What a worker may do in the audit's schema is granted by `audit.sql`, which `make install` "
    "and the Debian package put into `share/blindspot/postgresql`.";

/* Letters, digits and - alone go into the name of a file. */
static void own_name(char *to, size_t room)
{
    if (given.name)
        return;
    if (gethostname(to, room))
        to[0] = 0;
    to[room - 1] = 0;
    for (char *c = to; *c; c++)
        if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", *c))
            *c = '_';
    given.name = *to ? to : "worker";
}

static int prepare(struct app *app, struct err *err)
{
    static char host[ARCHIVE_WORKER_MOST];
    size_t n;

    own_name(host, sizeof host);
    n = strlen(given.name);
    if (app->is_bundle)
        return err_set(err, ERR_USAGE, "work: -C names a folder for the evidence, not a bundle");
    if (n < 1 || n > ARCHIVE_WORKER_MOST ||
        strspn(given.name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") != n)
        return err_set(err, ERR_USAGE,
                       "work: --name: expected letters, digits and _, at most %d, not \"%.60s\"",
                       ARCHIVE_WORKER_MOST, given.name);
    if (given.idle < -1)
        return err_set(err, ERR_USAGE, "work: --idle takes a number of seconds");
    return 0;
}

static int run(struct app *app, struct err *err)
{
    const struct worker_opts o = { .address = app->operand[0],
                                   .dir = app->dir,
                                   .name = given.name,
                                   .vantage = given.vantage,
                                   .sets = &app->sets,
                                   .idle_s = given.idle };
    struct worker_result r;
    const int rc = worker_run(&o, &r, err);

    if (r.pages || rc == 0)
        log_info("read " COUNTED, COUNT_OF(r.pages, "page", "pages"));
    return rc;
}

const struct action cmd_work = {
    .options = options, .about = about, .prepare = prepare, .run = run
};
