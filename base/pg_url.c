/* base/pg_url.c: read by hand and not by libpq: its reader takes passwords, lists of hosts and
 * every key there is, and it is not there where blindspot was built without it. */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "base/pg_url.h"

#define NO_PASSWORD                                                                            \
    "%s: a password stands in no setting: give it by PGPASSFILE, ~/.pgpass or a service file " \
    "(?service=NAME)"

const char *const pg_url_keys[PG_URL_KEYS] = {
    [PG_URL_SCHEMA] = "schema",           [PG_URL_SSLMODE] = "sslmode",
    [PG_URL_SSLROOTCERT] = "sslrootcert", [PG_URL_SSLCERT] = "sslcert",
    [PG_URL_SSLKEY] = "sslkey",           [PG_URL_SSLCRL] = "sslcrl",
    [PG_URL_PASSFILE] = "passfile",       [PG_URL_SERVICE] = "service",
};

static const char *const begins[] = { "postgresql://", "postgres://" };

bool pg_url_is(struct str url)
{
    return str_starts(url, str_of(begins[0])) || str_starts(url, str_of(begins[1]));
}

static int hex(char c)
{
    return c >= '0' && c <= '9'                 ? c - '0'
           : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10
                                                : -1;
}

/* What is being read: parts go to `to`, each with a NUL behind it, never longer than they were. */
struct reading {
    const char *name;
    char *to;
};

/* The part without %XX. NULL: a broken %, or a control character. */
static const char *part_of(struct reading *r, struct str s)
{
    const char *part = r->to;

    for (size_t i = 0; i < s.n; i++) {
        int c = (unsigned char)s.p[i];

        if (c == '%') {
            int high = i + 2 < s.n ? hex(s.p[i + 1]) : -1, low = high < 0 ? -1 : hex(s.p[i + 2]);

            if (low < 0)
                return NULL;
            c = high << 4 | low;
            i += 2;
        }
        if (c < ' ' || c == 127)
            return NULL;
        *r->to++ = (char)c;
    }
    *r->to++ = 0;
    return part;
}

static int broken(const struct reading *r, const char *what, struct err *err)
{
    return err_set(err, ERR_USAGE,
                   "%s: expected postgresql://USER@HOST:PORT/DATABASE?KEY=VALUE; %s", r->name,
                   what);
}

static int read_port(struct reading *r, struct str port, struct pg_url *url, struct err *err)
{
    uint64_t n;

    if (!str_u64(port, &n) || n < 1 || n > 65535)
        return broken(r, "the port is no number from 1 to 65535", err);
    url->port = part_of(r, port);
    return 0;
}

/* A name, an address, the folder of a socket, or nothing; a comma would begin a list, behind a
 * folder too. */
static bool is_host(const char *host)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "0123456789-_.:";

    return *host == '/' ? !strchr(host, ',') : strspn(host, plain) == strlen(host);
}

static int read_host(struct reading *r, struct str at, struct pg_url *url, struct err *err)
{
    struct str host = at, port = STR_NONE;
    ptrdiff_t end;

    if (str_starts(at, STR("["))) {
        if ((end = str_find(at, STR("]"), 0)) < 0)
            return broken(r, "[ has no ]", err);
        host = str_sub(at, 1, (size_t)end - 1);
        port = str_sub(at, (size_t)end + 1, at.n);
        if (port.n && port.p[0] != ':')
            return broken(r, "behind ] stands no port", err);
    } else if ((end = str_find(at, STR(":"), 0)) >= 0) {
        host = str_sub(at, 0, (size_t)end);
        port = str_sub(at, (size_t)end, at.n);
    }
    if (!(url->host = part_of(r, host)) || !is_host(url->host))
        return broken(r, "the host is no name, address or folder of a socket (one, not a list)",
                      err);
    return port.n ? read_port(r, str_sub(port, 1, port.n), url, err) : 0;
}

static bool is_schema(const char *name)
{
    return *name && strlen(name) <= PG_SCHEMA_MAX && !strchr("0123456789", *name) &&
           strncmp(name, "pg_", 3) != 0 &&
           strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(name);
}

static int read_key(struct reading *r, struct str pair, struct pg_url *url, struct err *err)
{
    ptrdiff_t eq = str_find(pair, STR("="), 0);
    struct str key = str_sub(pair, 0, eq < 0 ? pair.n : (size_t)eq);
    int no = 0;

    if (str_find_nocase(key, STR("password"), 0) >= 0)
        return err_set(err, ERR_USAGE, NO_PASSWORD, r->name);
    while (no < PG_URL_KEYS && !str_eq(key, str_of(pg_url_keys[no])))
        no++;
    if (no == PG_URL_KEYS || eq < 0)
        return broken(r,
                      "the keys are schema, sslmode, sslrootcert, sslcert, sslkey, sslcrl, "
                      "passfile and service",
                      err);
    if (!(url->key[no] = part_of(r, str_sub(pair, (size_t)eq + 1, pair.n))))
        return broken(r, "a % is not followed by two hexadecimal digits", err);
    return 0;
}

/* What lies between :// and the first / or ?. */
static int read_authority(struct reading *r, struct str at, struct pg_url *url, struct err *err)
{
    ptrdiff_t user = str_find(at, STR("@"), 0);

    if (user < 0)
        return read_host(r, at, url, err);
    if (str_find(str_sub(at, 0, (size_t)user), STR(":"), 0) >= 0)
        return err_set(err, ERR_USAGE, NO_PASSWORD, r->name);
    if (!(url->user = part_of(r, str_sub(at, 0, (size_t)user))))
        return broken(r, "a % is not followed by two hexadecimal digits", err);
    return read_host(r, str_sub(at, (size_t)user + 1, at.n), url, err);
}

static int read_parts(struct reading *r, struct str rest, struct pg_url *url, struct err *err)
{
    ptrdiff_t query = str_find(rest, STR("?"), 0), slash;
    struct str keys = query < 0 ? STR_NONE : str_sub(rest, (size_t)query + 1, rest.n), pair;

    if (query >= 0)
        rest = str_sub(rest, 0, (size_t)query);
    slash = str_find(rest, STR("/"), 0);
    if (read_authority(r, str_sub(rest, 0, slash < 0 ? rest.n : (size_t)slash), url, err))
        return -1;
    if (slash >= 0 && !(url->database = part_of(r, str_sub(rest, (size_t)slash + 1, rest.n))))
        return broken(r, "a % is not followed by two hexadecimal digits", err);
    while (str_cut(&keys, '&', &pair))
        if (read_key(r, pair, url, err))
            return -1;
    return 0;
}

/* What does not belong together, or would send in the clear. */
static int check(const struct pg_url *url, const char *name, struct err *err)
{
    const char *mode = url->key[PG_URL_SSLMODE];

    if (*url->key[PG_URL_SCHEMA] && !is_schema(url->key[PG_URL_SCHEMA]))
        return err_set(err, ERR_USAGE,
                       "%s: expected a schema of at most %d small letters, digits and _ that "
                       "begins with no digit and not with pg_",
                       name, PG_SCHEMA_MAX);
    if (*mode && strcmp(mode, "verify-full") && !pg_url_is_loopback(url))
        return err_set(err, ERR_USAGE,
                       "%s: off loopback the server's certificate is always checked: leave sslmode "
                       "out, or set it to verify-full",
                       name);
    return 0;
}

int pg_url_read(struct pg_url *out, struct str text, const char *name, struct err *err)
{
    struct pg_url url = { .user = "", .host = "", .port = "", .database = "" };
    struct reading r = { .name = name };
    int rc = -1;

    for (int i = 0; i < PG_URL_KEYS; i++)
        url.key[i] = "";
    if (!pg_url_is(text) || text.n > PG_URL_MAX)
        return broken(&r, "it begins otherwise, or is too long", err);
    if (str_find(text, STR("#"), 0) >= 0)
        return broken(&r, "a # is written %23", err);
    r.to = url.memory = xcalloc(text.n + 2 * PG_URL_KEYS, 1);
    text = str_sub(text, (size_t)str_find(text, STR("://"), 0) + 3, text.n);
    if (read_parts(&r, text, &url, err) == 0 && check(&url, name, err) == 0) {
        *out = url;
        rc = 0;
    } else {
        free(url.memory);
    }
    return rc;
}

void pg_url_release(struct pg_url *url)
{
    free(url->memory);
    memset(url, 0, sizeof *url);
}

bool pg_url_is_loopback(const struct pg_url *url)
{
    struct in_addr v4;
    struct in6_addr v6;

    if (inet_pton(AF_INET, url->host, &v4) == 1)
        return ntohl(v4.s_addr) >> 24 == 127;
    if (inet_pton(AF_INET6, url->host, &v6) == 1)
        return IN6_IS_ADDR_LOOPBACK(&v6);
    return strcasecmp(url->host, "localhost") == 0;
}

void pg_url_show(const struct pg_url *url, struct buf *out)
{
    bool v6 = *url->host != '/' && strchr(url->host, ':');

    buf_printf(out, "postgresql://%s%s%s%s%s/%s%s%s", v6 ? "[" : "", url->host, v6 ? "]" : "",
               *url->port ? ":" : "", url->port, url->database,
               *url->key[PG_URL_SCHEMA] ? "?schema=" : "", url->key[PG_URL_SCHEMA]);
}
