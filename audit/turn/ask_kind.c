/* audit/turn/ask_kind.c: the table of the kinds of asks. */
#include "audit/turn/ask_kind.h"

const struct ask_kind *const ask_kinds[ASK_KIND_COUNT] = {
#define X(id, name) [ASK_##id] = &ask_##name,
    ASK_KINDS(X)
#undef X
};
