/* cmd/cmd_verify.c: is everything there, and is it what was written? */
#include "audit/keep/export.h"
#include "base/log.h"
#include "cmd/cmd.h"

#define EXIT_BROKEN 5

static struct check_opts given;
static const char *bundle;
static struct opt_list folders;
static const struct opt options[] = {
    OPT_LIST("folder", &folders, "DIR",
             "look for files of evidence in this folder of a worker too; may be repeated"),
    OPT_FLAG("json", &given.json, "print the result as JSON"),
    OPT_TEXT("allowed-signers", &given.seals.allowed_signers, "FILE",
             "of a bundle: who may have signed it, as ssh-keygen reads it"),
    OPT_TEXT("ca", &given.seals.ca, "FILE",
             "of a bundle: authorities (PEM) that a time stamp's certificate has to lead to"),
    OPT_END
};
static const char about[] =
    "Checks every record of the archive with its digests, every number in the store that points "
    "to something, the waterfall, and the ledger of requests; of a bundle, all files against "
    "its manifest first, and who signed that and when it was time-stamped: by the keys of "
    "`--allowed-signers` (as ssh-keygen has them) and the authorities of `--ca`, offline. Names "
    "the file, offset, request and items that a changed byte touches, and what a killed run "
    "left.\n\n"
    "Evidence is read where it lies: in `evidence/`, in the folders of workers that `--folder` "
    "names, and in the bucket of `evidence.bucket`, each copy that it holds "
    "(`--set evidence.bucket=` leaves it out).";

static int prepare(struct app *app, struct err *err)
{
    bundle = app->operands ? app->operand[0] : app->is_bundle ? app->dir : NULL;
    if (!bundle && (given.seals.allowed_signers || given.seals.ca))
        return err_set(err, ERR_USAGE,
                       "verify: --allowed-signers and --ca are of a BUNDLE, and none was given");
    if (bundle && folders.n)
        return err_set(err, ERR_USAGE, "verify: --folder is of an audit: a BUNDLE holds all of it");
    if (bundle)
        app->need = NEED_NOTHING;      // a bundle brings its audit with it
    return 0;
}

static int verify_bundle(struct app *app, struct verify_result *result, struct err *err)
{
    struct digest manifest = {{0}};
    char hex[DIGEST_HEX];

    if (export_check(bundle, &given, &app->out, result, &manifest, err))
        return -1;
    log_info("%s: every file is what was sealed; sha256 of its manifest %s", bundle,
             digest_hex(&manifest, hex));
    return 0;
}

static int run(struct app *app, struct err *err)
{
    struct verify_result result = {0};

    if (bundle ? verify_bundle(app, &result, err)
               : verify_audit(&app->audit,
                              &(struct verify_opts){ .json = given.json, .folders = &folders },
                              &app->out, &result, err))
        return -1;
    if (!bundle)
        verify_remember(&app->audit, &result);
    app->code = result.problems ? EXIT_BROKEN : 0;
    return 0;
}

const struct action cmd_verify = {
    .options = options, .about = about, .prepare = prepare, .run = run, .input_is_ours = true
};
