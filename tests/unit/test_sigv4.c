/* fixtures/sigv4.h: the examples of the Amazon S3 API Reference, and what differs from them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "fixtures/sigv4.h"

#define AT 1369353600    // 2013-05-24T00:00:00Z
#define NOTHING "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define CREDENTIAL                                                                               \
    "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"

static const struct sig_keys keys = { "AKIAIOSFODNN7EXAMPLE",
                                      "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", NULL,
                                      "us-east-1" };

/* "Example: GET Object" */
static struct sig_request get(void)
{
    return (struct sig_request){
        "GET",
        "/test.txt",
        { { "Host", "examplebucket.s3.amazonaws.com" },
          { "Authorization",
            CREDENTIAL "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,Signature="
                       "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41" },
          { "Range", "bytes=0-9" },
          { "x-amz-content-sha256", NOTHING },
          { "x-amz-date", "20130524T000000Z" } },
        5
    };
}

/* "Example: PUT Object": of test$file.text */
static struct sig_request put(void)
{
    return (struct sig_request){
        "PUT",
        "/test$file.text",
        { { "Host", "examplebucket.s3.amazonaws.com" },
          { "Date", "Fri, 24 May 2013 00:00:00 GMT" },
          { "Authorization",
            CREDENTIAL
            "SignedHeaders=date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class,"
            "Signature=98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd" },
          { "x-amz-content-sha256",
            "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072" },
          { "x-amz-date", "20130524T000000Z" },
          { "x-amz-storage-class", "REDUCED_REDUNDANCY" } },
        6
    };
}

static void refused(const struct sig_request *r, const char *word)
{
    const char *is = sigv4_refusal(r, &keys, AT);

    assert_non_null(is);
    assert_string_equal(is, word);
}

static void the_documented_requests_are_let_in(void **state)
{
    struct sig_request a = get(), b = put();

    (void)state;
    assert_null(sigv4_refusal(&a, &keys, AT));
    assert_null(sigv4_refusal(&b, &keys, AT + 899));
}

static void whatever_is_changed_is_refused(void **state)
{
    struct sig_request r = get();

    (void)state;
    r.method = "HEAD";
    refused(&r, "SignatureDoesNotMatch");
    r = get();
    r.path = "/test.tx";
    refused(&r, "SignatureDoesNotMatch");
    r = get();
    r.header[2].value = "bytes=0-8";
    refused(&r, "SignatureDoesNotMatch");
    r = get();
    r.header[3].value = "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072";
    refused(&r, "SignatureDoesNotMatch");
    r = put();
    r.header[r.headers++] = (struct sig_header){ "x-amz-meta-sha256", "0" };
    refused(&r, "AccessDenied");
    r = get();
    r.header[3].value = "UNSIGNED-PAYLOAD";
    refused(&r, "InvalidArgument");
    r = get();
    r.header[1].name = "X-Authorization";
    refused(&r, "AccessDenied");
}

static void another_time_key_or_token_is_refused(void **state)
{
    struct sig_request r = get();
    struct sig_keys other = keys;

    (void)state;
    assert_string_equal(sigv4_refusal(&r, &keys, AT + 901), "RequestTimeTooSkewed");
    other.secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEZ";
    assert_string_equal(sigv4_refusal(&r, &other, AT), "SignatureDoesNotMatch");
    other = keys;
    other.id = "AKIAIOSFODNN7EXAMPLF";
    assert_string_equal(sigv4_refusal(&r, &other, AT), "InvalidAccessKeyId");
    other = keys;
    other.region = "eu-central-1";
    assert_string_equal(sigv4_refusal(&r, &other, AT), "AuthorizationHeaderMalformed");
    other = keys;
    other.token = "of this session";
    assert_string_equal(sigv4_refusal(&r, &other, AT), "InvalidToken");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_documented_requests_are_let_in),
        cmocka_unit_test(whatever_is_changed_is_refused),
        cmocka_unit_test(another_time_key_or_token_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
