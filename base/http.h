/* base/http.h: libcurl's multi interface: requests in, exchanges out.
 * One loop, one thread. Redirects are never followed here and bodies never
 * decoded: the caller gets the bytes both ways, as they came (transfer coding
 * removed). https verifies always; http is for loopback addresses alone, save where a request
 * says otherwise. */
#ifndef BASE_HTTP_H
#define BASE_HTTP_H
#include <stdbool.h>
#include <stdint.h>
#include "base/err.h"
#include "base/str.h"

struct http_opts {
    int64_t timeout_s;         // whole exchange; also bounds a slow drip
    const char *ca_file;       // NULL: the system's
    /* URLs (http_proxy_is_valid), NULL-terminated; NULL: none, nor the environment's. */
    const char *const *proxy;
    /* Bytes a second: a transfer below it for half of timeout_s ends. 0: none. */
    int64_t low_speed;
    int max_in_flight;         // per http
    size_t header_max;         // bytes of response headers; 0: 256 KiB
    bool cookies;              // keep cookies in memory, per http
    bool allow_h2;             // offer HTTP/2 over TLS
};
struct http_request {
    const char *url;           // http or https
    struct str body; bool post;
    const char *const *header; // "Name: value" lines, NULL-terminated
    const char *secret_header; // one more header that appears in no exchange, or NULL
    size_t body_max;           // cap of the response body as it comes
    bool plain;                // http is taken anywhere: what comes back proves itself
    int proxy;                 // which one of opts.proxy, from 0; not looked at where there is none
    void *user;                // handed back
};
enum http_fault {              // why there is no usable reply
    HTTP_OK = 0, HTTP_TIMEOUT, HTTP_CONNECT, HTTP_DNS, HTTP_TLS, HTTP_TOO_LARGE, HTTP_BROKEN,
    HTTP_REFUSED_URL,          // scheme or address not allowed
};
/* What else than this program read a reply: it hands out the body decoded. */
struct http_by {
    const char *product;                   // "Chrome/156.0.8078.108"
    struct str coding;                     // that was taken off the body, "" none
    struct str protocol, tls;              // that were spoken, "" unknown
    int64_t wire;                          // bytes that came for head and body; -1 unknown
    bool withheld;                         // the page's scripts were
};
/* One exchange: borrowed until the next http_next or http_free. */
struct http_exchange {
    void *user;
    const char *url;
    enum http_fault fault; char fault_text[160];
    int status;                            // 0 without a reply
    int64_t sent_at, done_at;              // UTC seconds (base/utc)
    int64_t took_us;                       // real time
    struct str request_head;               // as sent, HTTP/1.1 form, secrets and cookies left out
    struct str request_body;               // as sent; secret bodies are the caller's to leave out
    struct str head;                       // status line and headers, HTTP/1.1 form
    struct str body;                       // content coding as it came
    int http_version;                      // 10, 11, 20
    const struct http_by *by;              // NULL: libcurl, as it came
    char peer[64];                         // address that was connected to; "" through a proxy
};
struct http;
/* Errors: ERR_USAGE on a ca_file that cannot be read. SIGPIPE is ignored from
 * then on where it had its default: TLS writes to sockets that may be closed. */
MUST_CHECK int http_new(struct http **, const struct http_opts *, struct err *);
void http_free(struct http *);
/* Starts one transfer (copies what it needs). The caller keeps at most
 * max_in_flight under way: http_in_flight tells. */
void http_submit(struct http *, const struct http_request *);
int http_in_flight(const struct http *);
/* 1 and *x when an exchange has ended within wait_ms (real time), 0 when none,
 * -1 on a fault of this machine. */
MUST_CHECK int http_next(struct http *, int wait_ms, struct http_exchange *x, struct err *);
/* Value of a response header (first, case-insensitive), or STR_NONE. */
struct str http_header(const struct http_exchange *, const char *name);
/* "curl 7.88.1 (OpenSSL/3.0.15)", appended. */
void http_library(struct buf *out);
#endif
