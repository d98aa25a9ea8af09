/* audit/keep/seal_check.c: who signed a bundle's manifest, and since when it has been there.
 * Offline: whom to believe is what the caller's two files say. */
#include <stdlib.h>
#include <string.h>
#include "audit/keep/seal.h"
#include "base/file.h"
#include "base/log.h"
#include "base/run.h"
#include "base/timestamp.h"
#include "base/utc.h"

struct checking {
    const char *dir;
    const struct seal_check *o;
    struct findings *f;
    char *manifest, *signature;    // files
    struct digest digest;          // of the manifest
    int64_t newest_answer_at;
    int64_t since;    // the oldest time stamp that holds and is trusted, 0 none
};

static int problem(struct checking *c, const char *about, const char *what, struct err *err)
{
    struct buf text = { 0 };
    int rc;

    buf_printf(&text, "%s: %s", about, what);
    rc = findings_problem(c->f, buf_view(&text), err);
    buf_release(&text);
    return rc;
}

/* ---- time stamps ---- */

static const char *time_fault(const struct checking *c, int64_t at)
{
    if (at > utc_now() + SEAL_CLOCKS_APART_S)
        return "its time lies in the future";
    if (at < c->newest_answer_at - SEAL_CLOCKS_APART_S)
        return "its time is before the newest answer in the bundle";
    return NULL;
}

static void tell_stamp(struct checking *c, const struct timestamp *t)
{
    struct seals *s = &c->f->seals;
    char at[UTC_TEXT_MAX], until[UTC_TEXT_MAX];

    json_open(&s->stamp, NULL);
    json_put_text(&s->stamp, "authority", str_of(t->authority));
    json_put_instant(&s->stamp, "at", t->at);
    json_put_word(&s->stamp, "serial", t->serial);
    json_put_instant(&s->stamp, "certificate_until", t->valid_until);
    json_put_bool(&s->stamp, "trusted", t->trusted);
    json_close(&s->stamp);
    buf_printf(&s->text, "time-stamped %s by ", utc_rfc3339(t->at, at));
    log_escape(&s->text, str_of(t->authority));
    buf_printf(&s->text, " (its certificate: until %s; %s)\n", utc_rfc3339(t->valid_until, until),
               t->trusted ? "it leads to an authority of --ca"
                          : "whether to trust it was not checked: --ca FILE");
}

static int check_stamp(struct checking *c, const char *query, const char *reply, const char *name,
                       struct err *err)
{
    struct buf asked = { 0 }, told = { 0 };
    struct err why = { 0 };
    struct timestamp t;
    const char *fault;
    int rc = -1;

    if (file_read(query, TIMESTAMP_MAX, &asked, &why) == 0 &&
        file_read(reply, TIMESTAMP_MAX, &told, &why) == 0 &&
        timestamp_check(buf_view(&asked), buf_view(&told), &c->digest, c->o->ca, &t, &why) == 0) {
        if ((fault = time_fault(c, t.at))) {
            rc = problem(c, name, fault, err);
        } else {
            tell_stamp(c, &t);
            if (t.trusted && (!c->since || t.at < c->since))
                c->since = t.at;
            rc = 0;
        }
    } else if (why.kind == ERR_USAGE || why.kind == ERR_STOPPED) {
        *err = why;
    } else {
        rc = problem(c, name, why.msg, err);
    }
    buf_release(&asked);
    buf_release(&told);
    return rc;
}

static int check_stamps(struct checking *c, struct err *err)
{
    int n = 0, rc = 0;

    for (int i = 1; rc == 0 && i <= BUNDLE_STAMPS; i++) {
        char query_name[BUNDLE_STAMP_MAX], name[BUNDLE_STAMP_MAX];
        char *query = file_join(c->dir, bundle_stamp_name(i, "tsq", query_name));
        char *reply = file_join(c->dir, bundle_stamp_name(i, "tsr", name));

        if (file_exists(query) || file_exists(reply)) {
            n++;
            rc = check_stamp(c, query, reply, name, err);
        }
        free(query);
        free(reply);
    }
    if (rc == 0 && n == 0 && c->o->ca)
        return problem(c, BUNDLE_MANIFEST, "no authority put a time stamp on it", err);
    return rc;
}

/* ---- the signature ---- */

/* ssh-keygen with these words behind -Y; what it says in *said. 0 where it agrees, else its
 * exit code, or -1. */
static int keygen(struct checking *c, const char *const *words, struct buf *said, struct err *err)
{
    const char *argv[24] = { "ssh-keygen", "-Y" };
    const struct run run = { .argv = argv, .in = c->manifest };
    size_t n = 2;
    int code = 0;

    while (*words)
        argv[n++] = *words++;
    buf_clear(said);
    if (run_program(&run, &code, said, err))
        return -1;
    if (code == 127)
        return err_set(err, ERR_IO,
                       "there is no ssh-keygen to check the signature with (package "
                       "openssh-client)");
    return code;
}

static struct str first_line(const struct buf *said)
{
    struct str rest = buf_view(said), line = STR_NONE;

    (void)str_cut(&rest, '\n', &line);
    return str_trim(line);
}

static int told(struct checking *c, const struct buf *said, const char *what, struct err *err)
{
    struct buf text = { 0 };
    int rc;

    buf_printf(&text, "%s (ssh-keygen: %.*s)", what, STR_ARG(first_line(said)));
    rc = problem(c, BUNDLE_SIGNATURE, buf_cstr(&text), err);
    buf_release(&text);
    return rc;
}

/* Behind "with": "ED25519 key SHA256:...". */
static struct str key_of(const struct buf *said)
{
    struct str line = first_line(said);
    ptrdiff_t at = str_find(line, STR(" with "), 0);

    return at < 0 ? STR_NONE : str_sub(line, (size_t)at + 6, line.n);
}

static void tell_signature(struct checking *c, struct str who, struct str key)
{
    struct seals *s = &c->f->seals;

    json_open(&s->signature, NULL);
    json_put_text(&s->signature, "principal", who);
    json_put_text(&s->signature, "key", key);
    json_put_bool(&s->signature, "trusted", who.n > 0);
    json_close(&s->signature);
    buf_puts(&s->text, "signed ");
    if (who.n) {
        buf_puts(&s->text, "by ");
        log_escape(&s->text, who);
        buf_char(&s->text, ' ');
    }
    buf_puts(&s->text, "with ");
    log_escape(&s->text, key);
    buf_puts(&s->text, who.n ? "\n" : " (whose it is was not checked: --allowed-signers FILE)\n");
}

/* A key that has expired since was good when an authority saw what it had signed. */
static void verify_time(const struct checking *c, struct buf *option)
{
    char at[UTC_TEXT_MAX];
    const char *p = utc_rfc3339(c->since ? c->since : utc_now(), at);

    buf_puts(option, "-Overify-time=");
    for (; *p; p++)
        if (*p >= '0' && *p <= '9')
            buf_char(option, *p);
    buf_char(option, 'Z');
}

static int check_signer(struct checking *c, struct str key, struct err *err)
{
    struct buf said = { 0 }, when = { 0 }, who = { 0 };
    int rc;

    verify_time(c, &when);
    rc = keygen(c,
                (const char *const[]){ "find-principals", "-s", c->signature, "-f",
                                       c->o->allowed_signers, buf_cstr(&when), NULL },
                &said, err);
    if (rc == 0) {
        buf_str(&who, first_line(&said));
        rc = keygen(c,
                    (const char *const[]){ "verify", "-f", c->o->allowed_signers, "-I",
                                           buf_cstr(&who), "-n", SEAL_NAMESPACE, "-s", c->signature,
                                           buf_cstr(&when), NULL },
                    &said, err);
    }
    if (rc > 0)
        rc = told(c, &said, "its key is of none of the allowed signers", err);
    else if (rc == 0)
        tell_signature(c, buf_view(&who), key);
    buf_release(&said);
    buf_release(&when);
    buf_release(&who);
    return rc;
}

static int check_signature(struct checking *c, struct err *err)
{
    struct buf said = { 0 }, key = { 0 };
    int rc;

    if (!file_exists(c->signature))
        return c->o->allowed_signers ? problem(c, BUNDLE_MANIFEST, "nobody signed it", err) : 0;
    if (file_state_of(c->signature).size > (int64_t)SEAL_SIGNATURE_MAX)
        return problem(c, BUNDLE_SIGNATURE, "it is too large for a signature", err);
    rc = keygen(
        c,
        (const char *const[]){ "check-novalidate", "-n", SEAL_NAMESPACE, "-s", c->signature, NULL },
        &said, err);
    if (rc > 0) {
        rc = told(c, &said, "it is no signature of this manifest", err);
    } else if (rc == 0) {
        buf_str(&key, key_of(&said));
        if (c->o->allowed_signers)
            rc = check_signer(c, buf_view(&key), err);
        else
            tell_signature(c, STR_NONE, buf_view(&key));
    }
    buf_release(&said);
    buf_release(&key);
    return rc;
}

/* A file that is not there would be told as a signature that does not hold. */
static int check_named(const char *path, struct err *err)
{
    return !path || file_exists(path) ? 0
                                      : err_set(err, ERR_USAGE, "%s: there is no such file", path);
}

int seal_check(const char *dir, int64_t newest_answer_at, const struct seal_check *o,
               struct findings *f, struct err *err)
{
    struct checking c = { .dir = dir, .o = o, .f = f, .newest_answer_at = newest_answer_at };
    int rc;

    c.manifest = file_join(dir, BUNDLE_MANIFEST);
    c.signature = file_join(dir, BUNDLE_SIGNATURE);
    rc = check_named(o->allowed_signers, err) || check_named(o->ca, err) ||
                 file_digest(c.manifest, &c.digest, err) || check_stamps(&c, err) ||
                 check_signature(&c, err)
             ? -1
             : 0;
    free(c.signature);
    free(c.manifest);
    return rc;
}
