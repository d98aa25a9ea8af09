/* audit/series.c: what a folder keeps, in its meta table. */
#include "audit/series.h"

/* The word of the store; what people call it. */
static const struct {
    const char *word, *called;
} names[SERIES_COUNT] = {
    [SERIES_ANY] = { "", "a folder of blindspot" },
    [SERIES_AUDIT] = { "audit", "an audit" },
    [SERIES_SAMPLE] = { "sample", "a sample of creators" },
    [SERIES_WATCH] = { "watch", "a watch list" },
};

const char *series_name(enum series s) { return names[s].word; }

int series_init(const char *dir, enum series series, const char *address, struct err *err)
{
    return audit_init_at(dir, names[series].word, address, err);
}

/* A folder that says nothing is an audit: it was made before there was anything else. */
int series_of(struct audit *a, enum series *out, struct err *err)
{
    struct buf word = { 0 };
    int rc = store_meta_get(a->store, META_SERIES, &word, err);

    *out = SERIES_AUDIT;
    for (enum series s = SERIES_AUDIT; rc == 0 && s < SERIES_COUNT; s++)
        if (str_eq(buf_view(&word), str_of(names[s].word)))
            *out = s;
    buf_release(&word);
    return rc;
}

int series_require(struct audit *a, enum series wanted, const char *command, struct err *err)
{
    enum series is;

    if (wanted == SERIES_ANY)
        return 0;
    if (series_of(a, &is, err))
        return -1;
    if (wanted == SERIES_DECIDED)
        return is != SERIES_WATCH
                   ? 0
                   : err_set(err, ERR_USAGE,
                             "%s is for an audit or a sample, and %s holds a watch list: "
                             "`blindspot monitor run` asks about its posts, `blindspot monitor` "
                             "tells their state",
                             command, a->dir);
    return is == wanted ? 0
                        : err_set(err, ERR_USAGE, "%s is for %s, and %s holds %s", command,
                                  names[wanted].called, a->dir, names[is].called);
}
