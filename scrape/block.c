/* scrape/block.c: a block page comes with HTTP 200 and must never be read as
 * "not available". Marks are looked for in small bodies without any state
 * alone: a real page carries all of these words in its translations. */
#include "scrape/block.h"
#include "scrape/redirect.h"

#define SMALL_BODY \
    ((size_t)64 << 10)    // challenge pages are 1.4 to 2.5 KB, captcha pages below 20 KB

static bool holds_any(struct str body, const char *const *marks)
{
    for (; *marks; marks++)
        if (str_find_nocase(body, str_of(*marks), 0) >= 0)
            return true;
    return false;
}

enum no_answer block_body(struct str body)
{
    static const char *const challenge[] = {      // captures of 2026-09-22 and of the sister site
        "_wafchallengeid", "waforiginalreid", "SlardarWAF", "slardar_us_waf", "/waf-aiso/", NULL };
    static const char *const captcha[] = { "captcha-verify-container", "captcha_verify",
                                           "verifycenter", "verify you are human", NULL };
    struct str text = str_trim(body);

    if (text.n == 0)
        return NO_ANSWER_EMPTY;
    if (text.n <= SMALL_BODY && holds_any(text, challenge))
        return NO_ANSWER_CHALLENGE;
    if (text.n <= SMALL_BODY && holds_any(text, captcha))
        return NO_ANSWER_CAPTCHA;
    if (*text.p == '{')                           // {"status_code":0} and no items
        return NO_ANSWER_EMPTY;
    return *text.p == '<' ? NO_ANSWER_STRIPPED : NO_ANSWER_UNKNOWN_SHAPE;
}

static enum no_answer of_fault(enum http_fault fault)
{
    switch (fault) {
    case HTTP_OK:
        return NO_ANSWER_NONE;
    case HTTP_TIMEOUT:
        return NO_ANSWER_TIMEOUT;
    case HTTP_TOO_LARGE:
        return NO_ANSWER_TOO_LARGE;
    case HTTP_CONNECT: case HTTP_DNS: case HTTP_TLS: case HTTP_BROKEN: case HTTP_REFUSED_URL:
        break;
    }
    return NO_ANSWER_TRANSPORT;
}

enum no_answer block_exchange(const struct http_exchange *x)
{
    if (x->fault != HTTP_OK)
        return of_fault(x->fault);
    switch (x->status) {
    case 403:
        return NO_ANSWER_FORBIDDEN;
    case 404: case 410:
        return NO_ANSWER_HTTP_404;
    case 429:
        return NO_ANSWER_TOO_MANY;
    case 451:
        return NO_ANSWER_REGION_451;
    default:
        break;
    }
    if (x->status >= 200 && x->status < 300)
        return NO_ANSWER_NONE;
    if (x->status >= 300 && x->status < 400)
        return redirect_is_login(http_header(x, "Location")) ? NO_ANSWER_LOGIN_WALL
                                                             : NO_ANSWER_REDIRECT;
    return x->status >= 500 ? NO_ANSWER_SERVER_ERROR : NO_ANSWER_HTTP_OTHER;
}
