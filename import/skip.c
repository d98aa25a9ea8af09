/* import/skip.c: the kinds by number. */
#include "import/skip.h"

static const struct { const char *name; bool is_link; } skips[SKIP_COUNT] = {
#define X(id, name, is_link) [SKIP_##id] = { name, is_link },
    IMPORT_SKIPS(X)
#undef X
};

const char *import_skip_name(enum import_skip s)
{
    return skips[s].name;
}

bool import_skip_is_link(enum import_skip s)
{
    return skips[s].is_link;
}
