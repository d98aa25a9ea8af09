/* base/pg_url.h: the address of a PostgreSQL database, as a setting names it:
 *
 *     postgresql://[USER@][HOST[:PORT]]/DATABASE[?KEY=VALUE&...]
 *
 * Shape:     each part with its %XX undone; HOST may be a name, an address, [::1] or the folder
 *            of a socket (%2Frun%2Fpostgresql). The keys are those of pg_url_keys; another is an
 *            error, so that nothing about the connection is decided where nobody looks.
 * Absent:    "" for a part that is not given: libpq's own default then holds.
 * Secrets:   an address with a password is refused, and no message repeats an address.
 * Off loopback the certificate and the name in it are always checked (verify-full).
 * Ownership: parts point into the struct's own memory. Source: PostgreSQL 15 manual, 34.1.1.2. */
#ifndef BASE_PG_URL_H
#define BASE_PG_URL_H
#include <stdbool.h>
#include "base/err.h"
#include "base/str.h"

#define PG_URL_MAX 1024
#define PG_SCHEMA_MAX 63
enum pg_url_key {
    PG_URL_SCHEMA,
    PG_URL_SSLMODE,
    PG_URL_SSLROOTCERT,
    PG_URL_SSLCERT,
    PG_URL_SSLKEY,
    PG_URL_SSLCRL,
    PG_URL_PASSFILE,
    PG_URL_SERVICE,
    PG_URL_KEYS
};
extern const char *const pg_url_keys[PG_URL_KEYS];
struct pg_url {
    char *memory;
    const char *user, *host, *port, *database, *key[PG_URL_KEYS];
};

bool pg_url_is(struct str);    // begins as one; whether it is a good one pg_url_read tells
/* Errors: ERR_USAGE with what is wrong; name stands before it. */
MUST_CHECK int pg_url_read(struct pg_url *, struct str, const char *name, struct err *);
void pg_url_release(struct pg_url *);    // accepts a zeroed one
/* localhost, 127.x.x.x, ::1: what is sent leaves no machine. A socket is none of them. */
bool pg_url_is_loopback(const struct pg_url *);
/* "postgresql://HOST:PORT/DATABASE?schema=NAME": what may be shown; no user, no file. */
void pg_url_show(const struct pg_url *, struct buf *out);
#endif
