/* audit/keep/verify.c: the store, the ledger, then every file of the archive, whether the
 * store knows it or not. */
#include "audit/keep/verify.h"
#include <inttypes.h>
#include <stdlib.h>
#include "archive/place.h"
#include "audit/archived.h"
#include "audit/keep/seal.h"
#include "audit/keep/verify_file.h"
#include "audit/keep/verify_places.h"
#include "base/file.h"
#include "base/log.h"

struct verifying {
    struct audit *audit; struct findings found;
    char *dir;
    struct verify_places places;
    char **listed; size_t listed_n;  // files in the folder; NULL where the store knows it
};

static int tell_cut(void *to, struct str text, struct err *err)
{
    (void)err;
    findings_note(to, text);
    return 0;
}

static int check_known(void *to, const struct evidence_file *file, struct err *err)
{
    struct verifying *v = to;

    for (size_t i = 0; i < v->listed_n; i++)
        if (v->listed[i] && str_eq(file->name, str_of(v->listed[i]))) {
            free(v->listed[i]);
            v->listed[i] = NULL;
        }
    return verify_places(&v->found, &v->places, file, err);
}

/* A file that the store does not know: its run was killed before its first commit. */
static int check_stranger(struct verifying *v, const char *name, struct err *err)
{
    const struct evidence_file file = { .n = -1, .name = str_of(name), .last_offset = -1 };
    char *path = file_join(v->dir, name);
    struct buf text = {0};
    int rc;

    buf_printf(&text,
               "evidence/%s: no answer refers to it; its run was killed before its first commit",
               name);
    findings_note(&v->found, buf_view(&text));
    buf_release(&text);
    rc = verify_file(&v->found, path, &file, err);
    free(path);
    return rc;
}

static int check_archive(struct verifying *v, struct err *err)
{
    struct evidence_cursor *none = NULL;
    struct evidence_row row;
    int got;

    if (archive_list(v->dir, &v->listed, &v->listed_n, err) ||
        store_evidence_files(v->audit->store, check_known, v, err) ||
        store_evidence(v->audit->store, EVIDENCE_OF_FILE, 0, &none, err))
        return -1;
    while ((got = evidence_cursor_next(none, &row, err)) > 0) {
        v->found.r->not_kept += !row.purged_at;
        v->found.r->purged += row.purged_at > 0;
    }
    evidence_cursor_close(none);
    for (size_t i = 0; got == 0 && i < v->listed_n; i++)
        if (v->listed[i] && check_stranger(v, v->listed[i], err))
            return -1;
    return got ? -1 : store_events(v->audit->store, "evidence_cut", tell_cut, &v->found, err);
}

/* The charge comes before the send: the ledger can hold more, never less. */
static int check_ledger(struct verifying *v, struct err *err)
{
    char *path = audit_ledger_path(&v->audit->set);
    struct ledger *ledger = NULL;
    struct buf text = {0};
    struct err why = {0};
    int rc = 0;

    v->found.r->charged = -1;
    if (ledger_is_made(path)) {
        int64_t charged = 0;

        /* One that several machines share may be out of reach: no fault of what is verified. */
        if (ledger_open(&ledger, path, &why) && ledger_is_shared(path))
            findings_note(&v->found, str_of(why.msg));
        else if (!ledger || ledger_check(ledger, &why) ||
                 ledger_of_audit(ledger, buf_cstr(&v->audit->name), &charged, &why))
            rc = findings_problem(&v->found, str_of(why.msg), err);
        else if (charged > 0)
            v->found.r->charged = charged;
    }
    if (rc == 0 && v->found.r->charged >= 0 && v->found.r->charged < v->found.r->sent) {
        buf_printf(&text,
                   "the ledger of requests charged %" PRId64 " for this audit, which sent %" PRId64,
                   v->found.r->charged, v->found.r->sent);
        rc = findings_problem(&v->found, buf_view(&text), err);
        buf_release(&text);
    }
    ledger_close(ledger);
    free(path);
    return rc;
}

/* A store that SQLite itself cannot read on is a finding, and the archive is
 * looked at all the same. */
static int check_store(struct verifying *v, struct err *err)
{
    struct store_sums sums = {0};
    struct buf open = {0};
    struct err why = {0};

    if (store_check(v->audit->store, findings_problem, &v->found, &why) ||
        store_check_records(v->audit->store, findings_problem, &v->found, &why) ||
        store_sums(v->audit->store, &sums, &why))
        return findings_problem(&v->found, str_of(why.msg), err);
    if (store_meta_get(v->audit->store, META_PURGE_OPEN, &open, err))
        return -1;
    if (open.n)
        findings_note(
            &v->found,
            STR("a purge was not finished: run `blindspot purge` again, with the same options"));
    buf_release(&open);
    v->found.r->sent = sums.sends;
    v->found.r->purged_items = sums.purged_items;
    return 0;
}

/* A store that is not sound is left as it is. */
void verify_remember(const struct audit *audit, const struct verify_result *result)
{
    struct err err = { 0 };

    if (!result->of_store && archived_verified(audit, !result->problems, &err))
        log_info("the report will not say that this was verified: %s", err.msg);
}

static int check_seals(struct verifying *v, const struct seal_check *seals, struct err *err)
{
    struct store_totals totals;

    v->found.seals.looked = true;
    return store_totals(v->audit->store, &totals, err) ||
                   seal_check(v->audit->dir, totals.newest_answer_at, seals, &v->found, err)
               ? -1
               : 0;
}

/* A bundle is whole in itself: whatever bucket its settings name is not ours to ask. */
static int open_places(struct verifying *v, const struct verify_opts *o, struct err *err)
{
    const struct settings *set = &v->audit->set;
    const struct bucket_opts b = { set->evidence_bucket, set->net_ca_file, set->net_timeout_s };

    v->places = (struct verify_places){ .dir = v->dir, .folders = o->folders };
    if (o->seals || !*set->evidence_bucket)
        return 0;
    return bucket_open(&v->places.bucket, &b, err);
}

int verify_audit(struct audit *audit, const struct verify_opts *o, struct buf *out,
                 struct verify_result *result, struct err *err)
{
    struct verifying v = { .audit = audit, .dir = file_join(audit->dir, "evidence") };
    int rc;

    findings_init(&v.found, audit->store, o->json, result);
    rc = open_places(&v, o, err) || check_store(&v, err) || check_ledger(&v, err) ? -1 : 0;
    result->of_store = result->problems;
    rc = rc || check_archive(&v, err) || (o->seals && check_seals(&v, o->seals, err)) ? -1 : 0;
    if (rc == 0)
        findings_print(&v.found, out);
    bucket_close(v.places.bucket);
    archive_list_free(v.listed, v.listed_n);
    findings_release(&v.found);
    free(v.dir);
    return rc;
}
