/* base/timestamp.c: each check has a sentence of its own, so libcrypto is asked for one at a
 * time, and once more for all of it together with the chain of certificates. */
#include "base/timestamp.h"
#include <openssl/err.h>
#include <openssl/ts.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define NONCE_BYTES 8

/* libcrypto says so of good bytes where memory is short. */
static void die_without_memory(void)
{
    unsigned long e = ERR_peek_last_error();

    if (ERR_GET_REASON(e) == ERR_R_MALLOC_FAILURE)
        die("out of memory");
}

static int refuse(struct err *err, const char *what)
{
    die_without_memory();
    ERR_clear_error();
    return err_set(err, ERR_INPUT, "%s", what);
}

/* ---- asking ---- */

static TS_MSG_IMPRINT *imprint_of(const struct digest *of)
{
    TS_MSG_IMPRINT *m = TS_MSG_IMPRINT_new();
    X509_ALGOR *algo = X509_ALGOR_new();
    bool made = m && algo;

    if (made) {
        X509_ALGOR_set_md(algo, EVP_sha256());
        made = TS_MSG_IMPRINT_set_algo(m, algo) &&
               TS_MSG_IMPRINT_set_msg(m, (unsigned char *)of->b, DIGEST_BYTES);
    }
    X509_ALGOR_free(algo);
    if (!made)
        die("out of memory");
    return m;
}

static ASN1_INTEGER *new_nonce(void)
{
    uint8_t random[DIGEST_BYTES];
    ASN1_INTEGER *n;
    BIGNUM *big;

    digest_random(random);
    random[0] = (uint8_t)((random[0] & 0x7f) | 0x40);    // always as long: no shorter is a leak
    big = BN_bin2bn(random, NONCE_BYTES, NULL);
    n = big ? BN_to_ASN1_INTEGER(big, NULL) : NULL;
    BN_free(big);
    if (!n)
        die("out of memory");
    return n;
}

int timestamp_ask(const struct digest *of, struct buf *query, struct err *err)
{
    TS_REQ *req = TS_REQ_new();
    TS_MSG_IMPRINT *imprint = imprint_of(of);
    ASN1_INTEGER *nonce = new_nonce();
    unsigned char *der = NULL;
    int n = -1;

    if (req && TS_REQ_set_version(req, 1) && TS_REQ_set_msg_imprint(req, imprint) &&
        TS_REQ_set_nonce(req, nonce) && TS_REQ_set_cert_req(req, 1))
        n = i2d_TS_REQ(req, &der);
    if (n > 0)
        buf_add(query, der, (size_t)n);
    OPENSSL_free(der);
    ASN1_INTEGER_free(nonce);
    TS_MSG_IMPRINT_free(imprint);
    TS_REQ_free(req);
    return n > 0 ? 0 : refuse(err, "a query for a time stamp cannot be made");
}

/* ---- the reply, part by part ---- */

struct checking {
    TS_REQ *req;
    TS_RESP *resp;
    PKCS7 *token;         // of resp
    TS_TST_INFO *info;    // of resp
    X509 *cert;           // of token: which signed
};

static void checking_release(struct checking *c)
{
    TS_REQ_free(c->req);
    TS_RESP_free(c->resp);
    ERR_clear_error();
}

static int read_query(struct checking *c, struct str query, struct err *err)
{
    const unsigned char *p = (const unsigned char *)query.p, *end = p ? p + query.n : p;

    if (query.n == 0 || query.n > TIMESTAMP_MAX ||
        !(c->req = d2i_TS_REQ(NULL, &p, (long)query.n)) || p != end)
        return refuse(err, "what the authority was asked cannot be read (RFC 3161, TimeStampReq)");
    return 0;
}

static int read_reply(struct checking *c, struct str reply, struct err *err)
{
    const unsigned char *p = (const unsigned char *)reply.p, *end = p ? p + reply.n : p;
    long status;

    if (reply.n > TIMESTAMP_MAX)
        return err_set(err, ERR_INPUT, "a reply of %zu bytes is no time stamp (at most %zu)",
                       reply.n, TIMESTAMP_MAX);
    if (reply.n == 0 || !(c->resp = d2i_TS_RESP(NULL, &p, (long)reply.n)) || p != end)
        return refuse(err, "the reply cannot be read as a time stamp (RFC 3161, TimeStampResp)");
    status = ASN1_INTEGER_get(TS_STATUS_INFO_get0_status(TS_RESP_get_status_info(c->resp)));
    if (status != TS_STATUS_GRANTED && status != TS_STATUS_GRANTED_WITH_MODS)
        return err_set(err, ERR_INPUT, "the authority gave no time stamp: status %ld", status);
    c->token = TS_RESP_get_token(c->resp);
    c->info = TS_RESP_get_tst_info(c->resp);
    if (!c->token || !c->info || TS_TST_INFO_get_version(c->info) != 1)
        return refuse(err, "there is no time stamp of version 1 in the reply");
    return 0;
}

static bool imprint_is(TS_MSG_IMPRINT *m, const struct digest *of)
{
    const X509_ALGOR *algo = m ? TS_MSG_IMPRINT_get_algo(m) : NULL;
    const ASN1_OCTET_STRING *msg = m ? TS_MSG_IMPRINT_get_msg(m) : NULL;
    const ASN1_OBJECT *object = NULL;

    if (!algo || !msg)
        return false;
    X509_ALGOR_get0(&object, NULL, NULL, algo);
    return OBJ_obj2nid(object) == NID_sha256 && ASN1_STRING_length(msg) == DIGEST_BYTES &&
           memcmp(ASN1_STRING_get0_data(msg), of->b, DIGEST_BYTES) == 0;
}

static int check_subject(const struct checking *c, const struct digest *of, struct err *err)
{
    const ASN1_INTEGER *sent = TS_REQ_get_nonce(c->req), *got = TS_TST_INFO_get_nonce(c->info);

    if (!imprint_is(TS_REQ_get_msg_imprint(c->req), of))
        return refuse(err, "the authority was asked about another digest");
    if (!imprint_is(TS_TST_INFO_get_msg_imprint(c->info), of))
        return refuse(err, "the time stamp is of another digest");
    if (!sent)
        return refuse(err, "the query has no nonce: an older reply could stand for its answer");
    if (!got || ASN1_INTEGER_cmp(sent, got) != 0)
        return refuse(err, "the nonce is not the one that was sent: this answers another query");
    return 0;
}

static bool instant_of(const ASN1_TIME *t, int64_t *at)
{
    struct tm tm = { 0 };

    if (!t || !ASN1_TIME_to_tm(t, &tm))
        return false;
    *at = (int64_t)timegm(&tm);
    return true;
}

static void tell_name(const X509 *cert, char name[TIMESTAMP_NAME_MAX])
{
    BIO *out = BIO_new(BIO_s_mem());
    int n = 0;

    if (!out)
        die("out of memory");
    if (X509_NAME_print_ex(out, X509_get_subject_name(cert), 0,
                           XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB) >= 0)
        n = BIO_read(out, name, TIMESTAMP_NAME_MAX - 1);
    name[n > 0 ? n : 0] = 0;
    BIO_free(out);
}

static void tell_serial(const TS_TST_INFO *info, char *text, size_t size)
{
    const ASN1_INTEGER *n = TS_TST_INFO_get_serial(info);
    size_t at = 0;

    text[0] = 0;
    for (int i = 0; n && i < ASN1_STRING_length(n) && at + 3 <= size; i++)
        at += (size_t)snprintf(text + at, size - at, "%02x", ASN1_STRING_get0_data(n)[i]);
}

/* The one certificate that signed, which the query asked for. */
static int find_signer(struct checking *c, struct timestamp *t, struct err *err)
{
    STACK_OF(X509) *signers = PKCS7_get0_signers(c->token, NULL, 0);
    int64_t from = 0;

    c->cert = signers && sk_X509_num(signers) == 1 ? sk_X509_value(signers, 0) : NULL;
    sk_X509_free(signers);
    if (!c->cert)
        return refuse(err, "the certificate that signed is not in the time stamp");
    if (!instant_of(TS_TST_INFO_get_time(c->info), &t->at) ||
        !instant_of(X509_get0_notBefore(c->cert), &from) ||
        !instant_of(X509_get0_notAfter(c->cert), &t->valid_until))
        return refuse(err, "its time cannot be read");
    tell_name(c->cert, t->authority);
    tell_serial(c->info, t->serial, sizeof t->serial);
    if (t->at < from)
        return refuse(err, "its certificate was not valid yet when it signed");
    if (t->at > t->valid_until)
        return refuse(err, "its certificate had expired when it signed");
    if (X509_check_purpose(c->cert, X509_PURPOSE_TIMESTAMP_SIGN, 0) != 1)
        return refuse(err, "its certificate is not one for time stamps alone (key usage)");
    return 0;
}

/* ---- the signature ---- */

/* Certificates are judged as of then: what has expired since was good when it signed. */
static X509_STORE *store_at(int64_t at, unsigned long flags)
{
    X509_STORE *store = X509_STORE_new();

    if (!store)
        die("out of memory");
    X509_VERIFY_PARAM_set_time(X509_STORE_get0_param(store), (time_t)at);
    X509_STORE_set_flags(store, flags);
    return store;
}

static bool is_signed(const struct checking *c, X509_STORE *store)
{
    X509 *signer = NULL;
    bool yes = TS_RESP_verify_signature(c->token, NULL, store, &signer) == 1;

    X509_free(signer);
    return yes;
}

/* Nobody vouches for the certificate here: it stands for itself. */
static int check_signature(const struct checking *c, int64_t at, struct err *err)
{
    X509_STORE *store = store_at(at, X509_V_FLAG_PARTIAL_CHAIN);
    int rc = X509_STORE_add_cert(store, c->cert) && is_signed(c, store)
                 ? 0
                 : refuse(err, "its signature does not hold");

    X509_STORE_free(store);
    return rc;
}

static int check_trust(const struct checking *c, const char *ca_file, struct timestamp *t,
                       struct err *err)
{
    X509_STORE *store = store_at(t->at, 0);
    int rc = 0;

    if (X509_STORE_load_file(store, ca_file) != 1) {
        die_without_memory();
        rc = err_set(err, ERR_USAGE, "%s: expected certificates of authorities, in PEM", ca_file);
    } else if (!is_signed(c, store)) {
        die_without_memory();
        rc = err_set(err, ERR_INPUT, "its certificate leads to no authority of %s", ca_file);
    }
    t->trusted = rc == 0;
    X509_STORE_free(store);
    return rc;
}

int timestamp_check(struct str query, struct str reply, const struct digest *of,
                    const char *ca_file, struct timestamp *out, struct err *err)
{
    struct checking c = { 0 };
    struct timestamp t = { 0 };
    int rc;

    ERR_clear_error();
    rc = read_query(&c, query, err) || read_reply(&c, reply, err) || check_subject(&c, of, err) ||
                 find_signer(&c, &t, err) || check_signature(&c, t.at, err) ||
                 (ca_file && check_trust(&c, ca_file, &t, err))
             ? -1
             : 0;
    if (rc == 0)
        *out = t;
    checking_release(&c);
    return rc;
}
