/* audit/keep/seal.c: a bundle's manifest is signed and time-stamped. */
#include "audit/keep/seal.h"
#include <inttypes.h>
#include <stdlib.h>
#include "base/file.h"
#include "base/http.h"
#include "base/run.h"
#include "base/timestamp.h"
#include "base/utc.h"

#define REPLY_WAIT_MS 1000

/* ---- the signature ---- */

/* The key may have a passphrase, lie in an agent or want to be touched: ssh-keygen talks to
 * whoever sits there. */
static int run_sign(const char *key, const char *file, struct err *err)
{
    const char *const argv[] = { "ssh-keygen",   "-q", "-Y", "sign", "-n",
                                 SEAL_NAMESPACE, "-f", key,  file,   NULL };
    const struct run run = { .argv = argv, .asks = true };
    struct buf said = { 0 };
    int code = 0, rc = run_program(&run, &code, &said, err);

    buf_release(&said);
    if (rc == 0 && code == 127)
        return err_set(err, ERR_IO, "there is no ssh-keygen to sign with (package openssh-client)");
    if (rc == 0 && code)
        return err_set(err, ERR_AUTH,
                       "ssh-keygen did not sign with %s: expected a private SSH key, or the "
                       "public half of one that the agent holds",
                       key);
    return rc;
}

static int sign(const char *key, struct str manifest, struct tar_out *tar, struct err *err)
{
    char *dir = bundle_folder(err), *file, *signature;
    struct buf text = { 0 };
    int rc = -1;

    if (!dir)
        return -1;
    file = file_join(dir, BUNDLE_MANIFEST);
    signature = file_join(dir, BUNDLE_SIGNATURE);
    if (file_write(file, manifest, err) == 0 && run_sign(key, file, err) == 0 &&
        file_read(signature, SEAL_SIGNATURE_MAX, &text, err) == 0)
        rc = tar_add_bytes(tar, BUNDLE_SIGNATURE, buf_view(&text), err);
    buf_release(&text);
    free(signature);
    free(file);
    bundle_remove(dir);
    free(dir);
    return rc;
}

/* ---- the time stamps ---- */

static int take_reply(const struct http_exchange *x, struct buf *reply, struct err *err)
{
    if (x->fault)
        return err_set(err, x->fault == HTTP_REFUSED_URL ? ERR_USAGE : ERR_AGAIN, "%s",
                       x->fault_text);
    if (x->status != 200)
        return err_set(err, ERR_AGAIN, "it answered with status %d", x->status);
    buf_str(reply, x->body);
    return 0;
}

static int ask(const struct seal_opts *o, const char *url, struct str query, struct buf *reply,
               struct err *err)
{
    static const char *const header[] = { "Content-Type: application/timestamp-query",
                                          "Accept: application/timestamp-reply", NULL };
    const struct http_opts opts = { .timeout_s = o->timeout_s,
                                    .max_in_flight = 1,
                                    .ca_file = *o->ca_file ? o->ca_file : NULL };
    const struct http_request request = { .url = url,
                                          .post = true,
                                          .body = query,
                                          .plain = true,
                                          .header = header,
                                          .body_max = TIMESTAMP_MAX };
    struct http_exchange x;
    struct http *http = NULL;
    int got = 0, rc = -1;

    if (http_new(&http, &opts, err))
        return -1;
    http_submit(http, &request);
    while (got == 0)
        got = http_next(http, REPLY_WAIT_MS, &x, err);
    if (got > 0)
        rc = take_reply(&x, reply, err);
    http_free(http);
    return rc;
}

static int check_clock(int64_t at, struct err *err)
{
    char theirs[UTC_TEXT_MAX], ours[UTC_TEXT_MAX];
    int64_t now = utc_now();

    if (at <= now + SEAL_CLOCKS_APART_S && at >= now - SEAL_CLOCKS_APART_S)
        return 0;
    return err_set(err, ERR_INPUT, "its clock says %s and this machine's %s: one of them is wrong",
                   utc_rfc3339(at, theirs), utc_rfc3339(now, ours));
}

static int stamp(const struct seal_opts *o, int n, const struct digest *of, struct tar_out *tar,
                 struct err *err)
{
    const char *url = o->authorities->v[n];
    struct buf query = { 0 }, reply = { 0 };
    char name[BUNDLE_STAMP_MAX];
    struct timestamp t;
    int rc = -1;

    if (timestamp_ask(of, &query, err) || ask(o, url, buf_view(&query), &reply, err) ||
        timestamp_check(buf_view(&query), buf_view(&reply), of, NULL, &t, err) ||
        check_clock(t.at, err)) {
        err_wrap(err, "time stamp of %s", url);
        goto out;
    }
    rc = tar_add_bytes(tar, bundle_stamp_name(n + 1, "tsq", name), buf_view(&query), err) ||
                 tar_add_bytes(tar, bundle_stamp_name(n + 1, "tsr", name), buf_view(&reply), err)
             ? -1
             : 0;
out:
    buf_release(&query);
    buf_release(&reply);
    return rc;
}

int seal_make(const struct seal_opts *o, struct str manifest, struct tar_out *tar, struct err *err)
{
    const struct digest digest = digest_sha256(manifest);
    int rc = o->key ? sign(o->key, manifest, tar, err) : 0;

    for (size_t i = 0; rc == 0 && o->authorities && i < o->authorities->n; i++)
        rc = stamp(o, (int)i, &digest, tar, err);
    return rc;
}
