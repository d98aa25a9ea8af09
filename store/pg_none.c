/* store/pg_none.c: pg.h where blindspot is built without libpq: nothing can be opened. */
#include "store/pg.h"

#ifndef HAVE_PG    // else pg.c
#include "base/pg_url.h"

int pg_open(struct pg **out, const char *url, const char *name, int64_t wait_ms, struct err *err)
{
    struct pg_url u;

    (void)out;
    (void)wait_ms;
    if (pg_url_read(&u, str_of(url), name, err))
        return -1;
    pg_url_release(&u);
    return err_set(err, ERR_USAGE,
                   "%s: this blindspot was built without PostgreSQL; install libpq-dev and build "
                   "it with `make PG=1`",
                   name);
}

void pg_library(struct buf *out) { (void)out; }

/* Without a connection nobody comes here. */
static NORETURN void never(void) { die("PostgreSQL is asked, and is not there"); }
#pragma GCC diagnostic ignored "-Wunused-parameter"
int pg_again(struct pg *pg, struct err *err) { never(); }
void pg_close(struct pg *pg)
{
    if (pg)
        never();
}
const char *pg_show(const struct pg *pg) { never(); }
const char *pg_schema(const struct pg *pg) { never(); }
enum pg_why pg_why(const struct pg *pg) { never(); }
int pg_run(struct pg *pg, const struct pg_ask *ask, size_t n, struct err *err) { never(); }
void pg_rollback(struct pg *pg) { never(); }
int64_t pg_rows(const struct pg *pg, size_t no) { never(); }
int64_t pg_int(const struct pg *pg, size_t no, int64_t row, int column) { never(); }
struct str pg_text(const struct pg *pg, size_t no, int64_t row, int column) { never(); }
int pg_query(struct pg *pg, const struct pg_ask *ask, struct err *err) { never(); }
int pg_next(struct pg *pg, struct err *err) { never(); }
void pg_done(struct pg *pg) { never(); }
int pg_clock(struct pg *pg, struct pg_clock *out, struct err *err) { never(); }
bool pg_clock_is_old(const struct pg *pg) { never(); }
int pg_clock_follow(struct pg *pg, struct pg_clock *out, struct err *err) { never(); }
#endif
