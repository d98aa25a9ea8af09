/* tests/unit/tsa.h: a time-stamp authority in the test's own process, whose clock, certificate,
 * digest and nonce can be wrong. */
#ifndef TESTS_TSA_H
#define TESTS_TSA_H
#include <openssl/pem.h>
#include <openssl/ts.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>
#include "base/str.h"

#define TSA_NOW 1767225600    // 2026-01-01
#define TSA_YEAR (365 * 86400)

struct tsa {
    EVP_PKEY *ca_key, *key;
    X509 *ca, *cert;
    int64_t now;    // its clock
};

static inline X509 *tsa_cert(EVP_PKEY *key, const char *name, X509 *issuer, EVP_PKEY *issuer_key,
                             const char *usage)
{
    X509 *x = X509_new();
    X509_NAME *n = X509_NAME_new();

    X509_set_version(x, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(x), issuer ? 7 : 1);
    ASN1_TIME_set(X509_getm_notBefore(x), TSA_NOW - TSA_YEAR);
    ASN1_TIME_set(X509_getm_notAfter(x), TSA_NOW + TSA_YEAR);
    X509_NAME_add_entry_by_txt(n, "CN", MBSTRING_UTF8, (const unsigned char *)name, -1, -1, 0);
    X509_set_subject_name(x, n);
    X509_set_issuer_name(x, issuer ? X509_get_subject_name(issuer) : n);
    X509_NAME_free(n);
    X509_set_pubkey(x, key);
    for (int i = 0; i < 2; i++) {
        X509_EXTENSION *e = i == 0  ? X509V3_EXT_conf_nid(NULL, NULL, NID_basic_constraints,
                                                         issuer ? "critical,CA:FALSE"
                                                                 : "critical,CA:TRUE")
                            : usage ? X509V3_EXT_conf_nid(NULL, NULL, NID_ext_key_usage, usage)
                                    : NULL;

        if (e)
            X509_add_ext(x, e, -1);
        X509_EXTENSION_free(e);
    }
    X509_sign(x, issuer_key, EVP_sha256());
    return x;
}

static inline struct tsa tsa_new(const char *name)
{
    struct tsa t = { .ca_key = EVP_EC_gen("P-256"), .key = EVP_EC_gen("P-256"), .now = TSA_NOW };

    t.ca = tsa_cert(t.ca_key, "Root of the test", NULL, t.ca_key, NULL);
    t.cert = tsa_cert(t.key, name, t.ca, t.ca_key, "critical,timeStamping");
    return t;
}

static inline void tsa_free(struct tsa *t)
{
    X509_free(t->ca);
    X509_free(t->cert);
    EVP_PKEY_free(t->ca_key);
    EVP_PKEY_free(t->key);
}

static inline void tsa_write_ca(const struct tsa *t, const char *path)
{
    FILE *f = fopen(path, "w");

    if (!f || !PEM_write_X509(f, t->ca))
        abort();
    fclose(f);
}

static inline int tsa_time(struct TS_resp_ctx *ctx, void *of, long *s, long *us)
{
    (void)ctx;
    *s = (long)((struct tsa *)of)->now;
    *us = 0;
    return 1;
}

static inline ASN1_INTEGER *tsa_serial(struct TS_resp_ctx *ctx, void *of)
{
    ASN1_INTEGER *n = ASN1_INTEGER_new();

    (void)ctx, (void)of;
    ASN1_INTEGER_set(n, 42);
    return n;
}

/* What it answers to a query; of the caller's, TS_RESP_free. */
static inline TS_RESP *tsa_answer(struct tsa *t, struct str query)
{
    TS_RESP_CTX *ctx = TS_RESP_CTX_new();
    STACK_OF(X509) *chain = sk_X509_new_null();
    ASN1_OBJECT *policy = OBJ_txt2obj("1.2.3.4.1", 1);
    BIO *in = BIO_new_mem_buf(query.p, (int)query.n);
    TS_RESP *resp;

    sk_X509_push(chain, t->ca);
    if (!TS_RESP_CTX_set_signer_cert(ctx, t->cert) || !TS_RESP_CTX_set_signer_key(ctx, t->key) ||
        !TS_RESP_CTX_set_signer_digest(ctx, EVP_sha256()) ||
        !TS_RESP_CTX_set_def_policy(ctx, policy) || !TS_RESP_CTX_add_md(ctx, EVP_sha256()) ||
        !TS_RESP_CTX_set_certs(ctx, chain))
        abort();
    TS_RESP_CTX_set_time_cb(ctx, tsa_time, t);
    TS_RESP_CTX_set_serial_cb(ctx, tsa_serial, t);
    resp = TS_RESP_create_response(ctx, in);
    BIO_free(in);
    ASN1_OBJECT_free(policy);
    sk_X509_free(chain);
    TS_RESP_CTX_free(ctx);
    if (!resp)
        abort();
    return resp;
}

static inline void tsa_bytes(TS_RESP *resp, struct buf *out)
{
    unsigned char *der = NULL;
    int n = i2d_TS_RESP(resp, &der);

    if (n <= 0)
        abort();
    buf_clear(out);
    buf_add(out, der, (size_t)n);
    OPENSSL_free(der);
}
#endif
