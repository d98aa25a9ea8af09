/* fetch/token.h: the bearer token of the API: client credentials, renewal.
 * Units:     instants UTC seconds.
 * Ownership: token_release frees; neither key, secret nor token reaches a
 *            message. Token calls are not charged and go to no sink.
 * Source:    the platform's page "client access token management". Errors are
 *            flat ({"error","error_description"}) and may come with any status,
 *            so the body is tested for access_token, not the status. */
#ifndef FETCH_TOKEN_H
#define FETCH_TOKEN_H
#include <stdbool.h>
#include <stdint.h>
#include "base/err.h"
#include "base/http.h"
#include "base/str.h"

struct token {
    struct buf header;            // "Authorization: Bearer clt...", "" = none yet
    int64_t renew_at, expires_at;
    int generation;               // grows with every new token
};
/* The form body that asks for one. It holds the secret. */
void token_body(struct buf *out, const char *client_key, const char *client_secret);
/* The whole request, of the API at base; url and body hold its texts, the body a secret. */
void token_request(const char *base, const char *client_key, const char *client_secret,
                   struct buf *url, struct buf *body, struct http_request *);
/* Reads the reply that came in at now.
 * Errors: ERR_AUTH where a person must act; ERR_AGAIN where the platform failed
 * (5xx, too many); ERR_INPUT where the reply is none. *t is then untouched. */
MUST_CHECK int token_parse(struct token *t, int status, struct str body, int64_t now,
                           struct err *err);
bool token_is_due(const struct token *, int64_t now);    // none yet, or 5 minutes before its end
void token_expire(struct token *);                       // the API refused it
void token_release(struct token *);
#endif
