/* A time stamp holds, or what is wrong with it is said by name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/file.h"
#include "base/timestamp.h"
#include "tests/unit/temp.h"
#include "tests/unit/tsa.h"

static struct tsa tsa;
static char ca_file[64];
static struct buf query, reply;
static struct digest of;
static struct timestamp got;
static struct err err;

static int setup(void **state)
{
    int fd;

    (void)state;
    temp_name(ca_file, sizeof ca_file);
    fd = mkstemp(ca_file);
    assert_true(fd >= 0);
    close(fd);
    tsa = tsa_new("Authority, of the test");
    tsa_write_ca(&tsa, ca_file);
    of = digest_sha256(STR("the manifest"));
    buf_clear(&query);
    assert_int_equal(timestamp_ask(&of, &query, &err), 0);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    tsa_free(&tsa);
    unlink(ca_file);
    buf_release(&query);
    buf_release(&reply);
    return 0;
}

static void answer(void)
{
    TS_RESP *resp = tsa_answer(&tsa, buf_view(&query));

    tsa_bytes(resp, &reply);
    TS_RESP_free(resp);
}

static int check(void)
{
    memset(&err, 0, sizeof err);
    return timestamp_check(buf_view(&query), buf_view(&reply), &of, ca_file, &got, &err);
}

static void refused(enum err_kind kind, const char *what)
{
    assert_int_equal(check(), -1);
    assert_int_equal(err.kind, kind);
    if (!strstr(err.msg, what))
        fail_msg("\"%s\" does not say \"%s\"", err.msg, what);
}

static void a_time_stamp_says_when_and_by_whom(void **state)
{
    (void)state;
    answer();
    assert_int_equal(check(), 0);
    assert_true(got.at == TSA_NOW);
    assert_string_equal(got.authority, "CN=Authority\\, of the test");
    assert_string_equal(got.serial, "2a");
    assert_true(got.valid_until == TSA_NOW + TSA_YEAR);
    assert_true(got.trusted);
}

static void without_authorities_nobody_vouches_for_it(void **state)
{
    (void)state;
    answer();
    assert_int_equal(timestamp_check(buf_view(&query), buf_view(&reply), &of, NULL, &got, &err), 0);
    assert_false(got.trusted);
}

static void no_two_queries_are_alike_and_hold_no_more_than_the_digest(void **state)
{
    struct buf other = { 0 };

    (void)state;
    assert_int_equal(timestamp_ask(&of, &other, &err), 0);
    assert_true(query.n == other.n && query.n < 80);
    assert_int_not_equal(memcmp(query.p, other.p, query.n), 0);
    buf_release(&other);
}

static void another_query_s_reply_is_a_wrong_nonce(void **state)
{
    (void)state;
    answer();
    buf_clear(&query);
    assert_int_equal(timestamp_ask(&of, &query, &err), 0);
    refused(ERR_INPUT, "nonce");
}

/* 02 08 and the nonce stand before the last three bytes, 01 01 ff. */
static void a_query_without_a_nonce_is_refused(void **state)
{
    const size_t at = query.n - 13;

    (void)state;
    assert_memory_equal(query.p + at, "\x02\x08", 2);
    memmove(query.p + at, query.p + at + 10, 3);
    query.n -= 10;
    query.p[1] = (char)(query.p[1] - 10);
    answer();
    refused(ERR_INPUT, "no nonce");
}

/* The same nonce over another digest: what the authority signed is not what was sealed. */
static void another_digest_is_refused(void **state)
{
    struct buf honest = { 0 };
    const unsigned char *p = (const unsigned char *)query.p;
    TS_REQ *req = d2i_TS_REQ(NULL, &p, (long)query.n);
    struct digest other = digest_sha256(STR("another manifest"));
    unsigned char *der = NULL;
    int n;

    (void)state;
    buf_str(&honest, buf_view(&query));
    TS_MSG_IMPRINT_set_msg(TS_REQ_get_msg_imprint(req), other.b, DIGEST_BYTES);
    n = i2d_TS_REQ(req, &der);
    buf_clear(&query);
    buf_add(&query, der, (size_t)n);
    answer();
    refused(ERR_INPUT, "asked about another digest");
    buf_clear(&query);
    buf_str(&query, buf_view(&honest));
    refused(ERR_INPUT, "the time stamp is of another digest");
    OPENSSL_free(der);
    TS_REQ_free(req);
    buf_release(&honest);
}

static void another_authority_is_refused(void **state)
{
    struct tsa other = tsa_new("Somebody else");

    (void)state;
    answer();
    tsa_write_ca(&other, ca_file);
    refused(ERR_INPUT, "leads to no authority of");
    tsa_free(&other);
}

static void a_certificate_out_of_its_time_is_refused(void **state)
{
    (void)state;
    tsa.now = TSA_NOW + TSA_YEAR + 1;
    answer();
    refused(ERR_INPUT, "had expired when it signed");
    tsa.now = TSA_NOW - TSA_YEAR - 1;
    answer();
    refused(ERR_INPUT, "was not valid yet when it signed");
}

/* The same key, issuer and number, in a certificate that is for something else. */
static void a_certificate_that_is_not_for_time_stamps_is_refused(void **state)
{
    static const char *const usages[] = { "critical,serverAuth", "timeStamping",
                                          "critical,timeStamping,serverAuth", NULL };

    (void)state;
    for (size_t i = 0; i < sizeof usages / sizeof *usages; i++) {
        TS_RESP *resp = tsa_answer(&tsa, buf_view(&query));
        STACK_OF(X509) *certs = TS_RESP_get_token(resp)->d.sign->cert;

        while (sk_X509_num(certs))
            X509_free(sk_X509_pop(certs));
        sk_X509_push(certs, tsa_cert(tsa.key, "For something else", tsa.ca, tsa.ca_key, usages[i]));
        tsa_bytes(resp, &reply);
        TS_RESP_free(resp);
        refused(ERR_INPUT, "key usage");
    }
}

/* Another certificate of the same key for time stamps: not the one that the token names. */
static void another_certificate_of_the_same_key_is_refused(void **state)
{
    TS_RESP *resp = tsa_answer(&tsa, buf_view(&query));
    STACK_OF(X509) *certs = TS_RESP_get_token(resp)->d.sign->cert;

    (void)state;
    while (sk_X509_num(certs))
        X509_free(sk_X509_pop(certs));
    sk_X509_push(certs, tsa_cert(tsa.key, "Its twin", tsa.ca, tsa.ca_key, "critical,timeStamping"));
    tsa_bytes(resp, &reply);
    TS_RESP_free(resp);
    refused(ERR_INPUT, "signature does not hold");
}

static void a_token_without_its_certificate_is_refused(void **state)
{
    TS_RESP *resp = tsa_answer(&tsa, buf_view(&query));
    STACK_OF(X509) *certs = TS_RESP_get_token(resp)->d.sign->cert;

    (void)state;
    while (sk_X509_num(certs))
        X509_free(sk_X509_pop(certs));
    tsa_bytes(resp, &reply);
    TS_RESP_free(resp);
    refused(ERR_INPUT, "certificate that signed is not in");
}

/* No changed byte passes as something that it is not. */
static void whatever_byte_is_changed_nothing_else_is_believed(void **state)
{
    int passed = 0;

    (void)state;
    answer();
    for (size_t i = 0; i < reply.n; i++) {
        struct timestamp was = got;

        reply.p[i] = (char)(reply.p[i] ^ 0x20);
        if (check() == 0) {
            passed++;    // in the answer's head or the root's copy, which nothing rests on
            assert_true(got.at == TSA_NOW && got.trusted);
        }
        got = was;
        reply.p[i] = (char)(reply.p[i] ^ 0x20);
    }
    assert_true(passed <= i2d_X509(tsa.ca, NULL) + 16);
    for (size_t n = 0; n < reply.n; n++) {
        struct buf part = { reply.p, n, n };

        assert_int_equal(
            timestamp_check(buf_view(&query), buf_view(&part), &of, ca_file, &got, &err), -1);
    }
}

static void a_refusal_of_the_authority_is_told(void **state)
{
    static const char rejected[] = "\x30\x05\x30\x03\x02\x01\x02";

    (void)state;
    buf_clear(&reply);
    buf_add(&reply, rejected, sizeof rejected - 1);
    refused(ERR_INPUT, "gave no time stamp: status 2");
}

static void what_is_no_reply_is_refused(void **state)
{
    (void)state;
    buf_clear(&reply);
    refused(ERR_INPUT, "cannot be read as a time stamp");
    buf_puts(&reply, "<html>");
    refused(ERR_INPUT, "cannot be read as a time stamp");
    answer();
    buf_char(&reply, 0);
    refused(ERR_INPUT, "cannot be read as a time stamp");
    buf_grow(&reply, TIMESTAMP_MAX);
    memset(reply.p, 0x30, TIMESTAMP_MAX + 1);
    reply.n = TIMESTAMP_MAX + 1;
    refused(ERR_INPUT, "is no time stamp");
}

static void a_file_of_authorities_that_is_none_is_the_caller_s_fault(void **state)
{
    (void)state;
    answer();
    assert_int_equal(file_write(ca_file, STR("no certificate\n"), &err), 0);
    refused(ERR_USAGE, "expected certificates of authorities");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_time_stamp_says_when_and_by_whom),
        TEST(without_authorities_nobody_vouches_for_it),
        TEST(no_two_queries_are_alike_and_hold_no_more_than_the_digest),
        TEST(another_query_s_reply_is_a_wrong_nonce),
        TEST(a_query_without_a_nonce_is_refused),
        TEST(another_digest_is_refused),
        TEST(another_authority_is_refused),
        TEST(a_certificate_out_of_its_time_is_refused),
        TEST(a_certificate_that_is_not_for_time_stamps_is_refused),
        TEST(another_certificate_of_the_same_key_is_refused),
        TEST(a_token_without_its_certificate_is_refused),
        TEST(whatever_byte_is_changed_nothing_else_is_believed),
        TEST(a_refusal_of_the_authority_is_told),
        TEST(what_is_no_reply_is_refused),
        TEST(a_file_of_authorities_that_is_none_is_the_caller_s_fault),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
