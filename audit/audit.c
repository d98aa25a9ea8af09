/* audit/audit.c: the folder of an audit, made and opened. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "audit/audit.h"
#include "audit/evidence_put.h"
#include "audit/held.h"
#include "audit/repair.h"
#include "audit/rulebook.h"
#include "base/file.h"
#include "base/http_url.h"
#include "base/log.h"
#include "base/utc.h"
#include "classify/defaults.h"
#include "record/witnesses.h"

#define TEXT_MAX (1 << 20)       // settings are a small file
#define SECRET_MAX 4096

const struct answerers answerers_of_platform = {
    .fetch = fetch_run, .scrape = scrape_run, .validate = validate_run, .users = user_run
};

static int write_new(const char *dir, const char *name, struct str text, struct err *err)
{
    char *path = file_join(dir, name);
    int rc = file_exists(path) ? 0 : file_write(path, text, err);

    free(path);
    return rc;
}

int audit_init(const char *dir, struct err *err) { return audit_init_at(dir, "", NULL, err); }

/* The file stands for the schema from when that is whole. */
static int make_store(const char *db, const char *series, const char *address, struct err *err)
{
    struct buf line = { 0 };
    int rc = store_create_as(address ? address : db, series, err);

    if (rc == 0 && address) {
        buf_printf(&line, "%s\n", address);
        rc = file_write(db, buf_view(&line), err);
    }
    buf_release(&line);
    return rc;
}

int audit_init_at(const char *dir, const char *series, const char *address, struct err *err)
{
    struct buf text = {0};
    char *db = file_join(dir, "audit.db"), *evidence = file_join(dir, "evidence");
    int rc = -1;

    if (file_exists(db)) {
        err_set(err, ERR_USAGE, "%s: there is an audit already; nothing was changed", dir);
        goto out;
    }
    settings_print_default(&text);
    if (file_mkdirs(dir, err) || file_mkdirs(evidence, err) ||
        write_new(dir, "blindspot.ini", buf_view(&text), err) ||
        write_new(dir, "rules.ini", defaults_rules(), err) ||
        write_new(dir, "company_handles.txt", defaults_handles(), err) ||
        make_store(db, series, address, err))
        goto out;
    rc = 0;
out:
    buf_release(&text);
    free(evidence);
    free(db);
    return rc;
}

int audit_seed(const char *dir, struct str words, struct err *err)
{
    struct digest d = digest_sha256(words);
    char *db = file_join(dir, "audit.db"), hex[DIGEST_HEX];
    struct store *store = NULL;
    int rc = -1;

    if (store_open(&store, db, STORE_WRITE, err) == 0)
        rc = store_meta_set(store, META_SEED, str_of(digest_hex(&d, hex)), err);
    if (store && store_close(store, rc ? &(struct err){ 0 } : err))
        rc = -1;
    free(db);
    return rc;
}

/* A proxy's password has no business in a settings file or on a command line. */
static void proxy_of_environment(struct settings *set)
{
    const char *proxy = getenv("BLINDSPOT_PROXY");

    if (*set->page_proxy || !proxy || !*proxy)
        return;
    free(set->page_proxy);
    set->page_proxy = xstrdup(proxy);
}

/* One that is left out is never asked. */
static int check_first(const struct settings *set, struct err *err)
{
    enum witness first = settings_first(set);

    return first == WITNESS_COUNT || witness_is_asked(set, first)
               ? 0
               : err_set(err, ERR_USAGE,
                         "page.first: %s is left out by page.witnesses or page.oembed, so it "
                         "cannot come first; name it in page.witnesses, or set page.first = none",
                         witness_name(first));
}

int audit_settings(const char *dir, const struct opt_list *sets, struct settings *set,
                   struct err *err)
{
    char *path = file_join(dir, "blindspot.ini");
    struct buf text = {0};
    int rc = -1;

    if (file_exists(path) && (file_read(path, TEXT_MAX, &text, err) ||
                              settings_read(set, path, buf_view(&text), err)))
        goto out;
    for (size_t i = 0; sets && i < sets->n; i++)
        if (settings_set(set, sets->v[i], err))
            goto out;
    proxy_of_environment(set);
    rc = settings_check(set, err) || check_first(set, err) ? -1 : 0;
out:
    buf_release(&text);
    free(path);
    return rc;
}

/* The test clock would let a real audit lie about its days. */
int audit_use_clock(const struct settings *set, struct err *err)
{
    const char *path = getenv("BLINDSPOT_CLOCK");

    if (!path || !*path)
        return 0;
    if (!http_url_is_loopback(str_of(set->api_base_url)) ||
        !http_url_is_loopback(str_of(set->page_base_url)) ||
        !http_url_is_loopback(str_of(set->page_short_url)))
        return err_set(
            err, ERR_USAGE,
            "BLINDSPOT_CLOCK works with loopback base URLs alone: "
            "unset it, or point api.base_url, page.base_url and page.short_url to loopback");
    return utc_use_file(path, err);
}

static int read_rules(struct audit *a, const struct rulebook *given, struct err *err)
{
    char *path = file_join(a->dir, "rules.ini");
    struct rulebook own = {0};
    const struct rulebook *book = given ? given : &own;
    int rc = -1;

    if ((given || rulebook_read(&own, path, err) == 0) &&
        rulebook_parse(book, &a->rules, err) == 0) {
        buf_str(&a->rules_text, buf_view(&book->text));
        a->rules_digest = book->digest;
        rc = 0;
    }
    rulebook_release(&own);
    free(path);
    return rc;
}

static int open_all(struct audit *a, const struct audit_place *p, const char *db, bool clock,
                    enum store_mode mode, struct err *err)
{
    if (!file_exists(db))
        return err_set(err, ERR_USAGE, "%s: there is no audit here; `blindspot init %s` makes one",
                       p->dir, p->dir);
    return audit_settings(p->dir, p->sets, &a->set, err) ||
                   (clock && audit_use_clock(&a->set, err)) || read_rules(a, p->rules, err) ||
                   store_open(&a->store, db, mode, err) ||
                   store_meta_get(a->store, META_AUDIT, &a->name, err) ||
                   store_meta_get(a->store, META_SEED, &a->seed, err)
               ? -1
               : 0;
}

static int open_place(struct audit *a, const struct audit_place *p, bool clock,
                      enum store_mode mode, struct err *err)
{
    char *db = p->db ? xstrdup(p->db) : file_join(p->dir, "audit.db");
    struct err later = {0};
    int rc;

    memset(a, 0, sizeof *a);
    a->dir = xstrdup(p->dir);
    a->ask = answerers_of_platform;
    settings_init(&a->set);
    rc = open_all(a, p, db, clock, mode, err);
    free(db);
    if (rc && audit_close(a, &later))
        log_warn("%s", later.msg);
    return rc;
}

int audit_open(struct audit *a, const char *dir, const struct opt_list *sets,
               enum store_mode mode, struct err *err)
{
    const struct audit_place place = { .dir = dir, .sets = sets };

    return open_place(a, &place, true, mode, err);
}

int audit_open_place(struct audit *a, const struct audit_place *p, enum store_mode mode,
                     struct err *err)
{
    return open_place(a, p, false, mode, err);
}

int audit_seal(struct audit *a, struct err *err)
{
    return a->archive &&
                   (archive_seal(a->archive, err) || store_seal_evidence(a->store, &a->keeper, err))
               ? -1
               : 0;
}

/* Whoever wrote sends what is closed, were it of earlier runs. */
static void put_evidence(struct audit *a)
{
    char *dir = file_join(a->dir, "evidence");

    evidence_put(a->store, &a->set, dir);
    free(dir);
}

int audit_close(struct audit *a, struct err *err)
{
    int rc = audit_seal(a, err);

    held_forget(&a->held);
    if (a->archive && archive_close(a->archive, rc ? &(struct err){0} : err))
        rc = -1;
    if (a->archive && rc == 0)
        put_evidence(a);
    if (a->store && store_close(a->store, rc ? &(struct err){0} : err))
        rc = -1;
    ledger_close(a->ledger);
    rules_free(a->rules);
    buf_release(&a->rules_text);
    buf_release(&a->name);
    buf_release(&a->seed);
    settings_release(&a->set);
    if (a->secret)
        explicit_bzero(a->secret, strlen(a->secret));
    if (a->key)
        explicit_bzero(a->key, strlen(a->key));
    free(a->secret);
    free(a->key);
    free(a->dir);
    memset(a, 0, sizeof *a);
    return rc;
}

/* NAME, or the first line of the file that NAME_FILE names. */
static int secret_of(const char *name, char **out, struct err *err)
{
    const char *direct = getenv(name), *path;
    struct buf bytes = {0}, file = {0};
    struct str line;
    int rc = -1;

    buf_printf(&file, "%s_FILE", name);
    path = getenv(buf_cstr(&file));
    if (direct && *direct) {
        *out = xstrdup(direct);
        rc = 0;
        goto out;
    }
    if (!path || !*path) {
        err_set(err, ERR_AUTH, "no %s: set it, or %s to a file that holds it", name,
                buf_cstr(&file));
        goto out;
    }
    if (file_read(path, SECRET_MAX, &bytes, err)) {
        err->kind = ERR_AUTH;
        goto out;
    }
    line = str_trim(buf_view(&bytes));
    if (line.n == 0 || str_find(line, STR("\n"), 0) >= 0) {
        err_set(err, ERR_AUTH, "%s: expected one line with the value of %s", path, name);
        goto out;
    }
    *out = xcalloc(line.n + 1, 1);
    memcpy(*out, line.p, line.n);
    rc = 0;
out:
    if (bytes.p)
        explicit_bzero(bytes.p, bytes.n);
    buf_release(&bytes);
    buf_release(&file);
    return rc;
}

int audit_secrets(struct audit *a, struct err *err)
{
    if (a->key && a->secret)
        return 0;
    if ((!a->key && secret_of("BLINDSPOT_CLIENT_KEY", &a->key, err)) ||
        secret_of("BLINDSPOT_CLIENT_SECRET", &a->secret, err))
        return -1;
    a->client = digest_sha256(str_of(a->key));
    return 0;
}

void audit_secrets_try(struct audit *a)
{
    struct err ignored = {0};

    if (!a->key && secret_of("BLINDSPOT_CLIENT_KEY", &a->key, &ignored) == 0)
        a->client = digest_sha256(str_of(a->key));
}

char *audit_ledger_path(const struct settings *set)
{
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    char *dir, *path;

    if (*set->api_quota)
        return xstrdup(set->api_quota);
    if (state && *state)
        return file_join(state, "blindspot/quota.db");
    dir = file_join(home && *home ? home : ".", ".local/state");
    path = file_join(dir, "blindspot/quota.db");
    free(dir);
    return path;
}

enum keep audit_keep(const struct settings *set)
{
    return !strcmp(set->evidence_keep, "none") ? KEEP_NONE
        : !strcmp(set->evidence_keep, "extract") ? KEEP_EXTRACT : KEEP_PAGES;
}

static int open_archive(struct audit *a, struct err *err)
{
    char *dir;
    int rc;

    if (a->archive || audit_keep(&a->set) == KEEP_NONE)
        return 0;
    dir = file_join(a->dir, "evidence");
    rc = file_mkdirs(dir, err) || repair_archive(a->store, dir, err) ? -1 : 0;
    if (rc == 0)
        rc = archive_open(&a->archive, dir, buf_cstr(&a->name), audit_keep(&a->set), err);
    free(dir);
    if (rc)
        return -1;
    archive_tune(a->archive, a->set.evidence_worker, a->set.evidence_file_bytes);
    a->keeper = archive_keeper(a->archive);
    return 0;
}

int audit_sink(struct audit *a, bool charged, struct sink *sink, struct err *err)
{
    struct sink_opts opts = { .client = a->client, .daily_requests = a->set.api_daily_requests,
                              .vantage = str_of(a->set.page_vantage),
                              .commit_every = SINK_COMMIT_MOST };

    if (open_archive(a, err))
        return -1;
    if (charged && !a->ledger) {
        char *path = audit_ledger_path(&a->set);
        int rc = ledger_open(&a->ledger, path, err);

        free(path);
        if (rc)
            return -1;
    }
    opts.ledger = charged ? a->ledger : NULL;
    opts.keeper = a->archive ? &a->keeper : NULL;
    return store_sink(a->store, &opts, sink, err);
}

int audit_quota_left(struct audit *a, struct err *err)
{
    int64_t now = utc_now(), used;
    char at[UTC_TEXT_MAX];
    bool spent;

    if (ledger_counts(a->ledger, &a->client, utc_day(now), &used, &spent, err))
        return -1;
    if (!spent && used < a->set.api_daily_requests)
        return 0;
    err_set(err, ERR_QUOTA, "today's quota of " COUNTED " is used up; it is renewed at %s",
            COUNT_OF(a->set.api_daily_requests, "request", "requests"),
            utc_rfc3339(utc_next_midnight(now), at));
    err->retry_at = utc_next_midnight(now);
    return -1;
}
