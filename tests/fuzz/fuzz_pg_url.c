/* tests/fuzz/fuzz_pg_url.c: addresses of databases in any bytes: what is taken has no password in
 * it, and what is shown of it is an address again, of the same place. */
#include <stdlib.h>
#include <string.h>
#include "base/pg_url.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void must(bool ok)
{
    if (!ok)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct str text = { (const char *)data, n };
    struct pg_url url = { 0 };
    struct err err = { 0 };

    if (pg_url_read(&url, text, "api.quota", &err)) {
        must(err.kind == ERR_USAGE && !url.memory);
        return 0;
    }
    must(pg_url_is(text) && n <= PG_URL_MAX && strlen(url.key[PG_URL_SCHEMA]) <= PG_SCHEMA_MAX);
    must(!*url.key[PG_URL_SSLMODE] || !strcmp(url.key[PG_URL_SSLMODE], "verify-full") ||
         pg_url_is_loopback(&url));
    must(!strchr(url.host, ',') && !strchr(url.host, ' ') && strlen(url.port) <= n);
    pg_url_release(&url);
    return 0;
}
