/* report/column.c: the tables' columns, made from column.def and fields.def. */
#include <string.h>
#include "record/answer.h"
#include "record/gap.h"
#include "record/label.h"
#include "record/record.h"
#include "record/summary.h"
#include "report/column.h"

static const struct { enum table table; struct column column; } listed[] = {
#define COLUMN(table, name, type, words, unit, key, about) \
    { TABLE_##table,                                               \
      { { name, sizeof(name) - 1 }, COLUMN_##type, WORDS_##words, unit, key, about, FIELD_COUNT } },
#include "report/column.def"
#undef COLUMN
};

/* What a field's value is under our names, and under the API's. */
static const enum column_type types[][2] = {
    [TYPE_TIME]  = { COLUMN_INSTANT, COLUMN_SECONDS },
    [TYPE_COUNT] = { COLUMN_INT, COLUMN_INT },
    [TYPE_ID]    = { COLUMN_TEXT, COLUMN_TEXT },
    [TYPE_TEXT]  = { COLUMN_TEXT, COLUMN_TEXT },
    [TYPE_SET]   = { COLUMN_TEXT, COLUMN_JSON },
    [TYPE_FLAG]  = { COLUMN_FLAG, COLUMN_BOOL },
    [TYPE_INT]   = { COLUMN_INT, COLUMN_INT },
    [TYPE_JSON]  = { COLUMN_JSON, COLUMN_JSON },
};

bool column_is_of_api(enum field f)
{
    struct field_key key = field_api_key(f);

    return key.base.n > 0 && !str_eq(key.base, STR("*"));
}

static const char *unit_of(enum field f, enum column_type type)
{
    return f == FIELD_DURATION || type == COLUMN_SECONDS ? "s" : "";
}

static size_t add_fields(struct column *column, size_t n, bool api)
{
    for (int f = 0; f < FIELD_COUNT; f++) {
        const struct field_info *info = field_info((enum field)f);
        struct column *c = &column[n];

        if (api && !column_is_of_api((enum field)f))
            continue;
        *c = (struct column){ .name = api ? field_api_key((enum field)f).base : str_of(info->name),
                              .type = types[info->type][api],
                              .about = "",
                              .field = (enum field)f };
        c->unit = unit_of((enum field)f, c->type);
        n++;
    }
    return n;
}

size_t table_columns(enum table table, struct column *column)
{
    bool records = table == TABLE_RECORDS || table == TABLE_RECORDS_API;
    size_t n = 0;

    for (size_t i = 0; i < sizeof listed / sizeof *listed; i++)
        if (listed[i].table == (records ? TABLE_RECORDS : table))
            column[n++] = listed[i].column;
    return records ? add_fields(column, n, table == TABLE_RECORDS_API) : n;
}

/* The leaves of the waterfall, in its order. */
static const char *bucket_at(int i)
{
    for (int n = 0; n < NODE_COUNT; n++)
        if (node_is_leaf((enum node)n) && i-- == 0)
            return node_path((enum node)n);
    return NULL;
}

static const char *word_at(enum column_words words, int i)
{
    switch (words) {
    case WORDS_STATE: return i < STATE_COUNT ? state_name((enum state)i) : NULL;
    case WORDS_LABEL: return i < LABEL_COUNT ? label_name((enum label)i) : NULL;
    case WORDS_REASON: return i < REASON_COUNT ? reason_name((enum reason)i) : NULL;
    case WORDS_BASIS: return i < BASIS_COUNT ? basis_name((enum basis)i) : NULL;
    case WORDS_ANSWER: return i < ANSWER_COUNT ? answer_name((enum answer_kind)i) : NULL;
    case WORDS_WITNESS: return i < 2 ? witness_name(i ? WITNESS_EMBED : WITNESS_PAGE) : NULL;
    case WORDS_ENGINE: return i < ENGINE_COUNT ? engine_name((enum engine)i) : NULL;
    case WORDS_VALIDATION:
        return i < VALIDATION_COUNT ? validation_name((enum validation)i) : NULL;
    case WORDS_VERDICT: return i < VERDICT_NONE ? verdict_name((enum verdict)i) : NULL;
    case WORDS_FIELD: return i < FIELD_COUNT ? field_info((enum field)i)->name : NULL;
    case WORDS_SIDE: return i < SIDE_COUNT ? side_name((enum side)i) : NULL;
    case WORDS_BUCKET: return bucket_at(i);
    case WORDS_GAP_RULE:
        return i < GAP_RULE_COUNT ? gap_rule_name((enum gap_rule)i) : NULL;
    case WORDS_CHANGE: return i == 0 ? "fixed" : i == 1 ? "broken" : NULL;
    case WORDS_CRITERION: return i < CRITERION_COUNT ? criterion_name((enum criterion)i) : NULL;
    case WORDS_UNIT: return i < UNIT_COUNT ? unit_name((enum number_unit)i) : NULL;
    case WORDS_BOUNDS: return i < BOUNDS_COUNT ? bounds_name((enum bounds)i) : NULL;
    case WORDS_FATE:
        return i < CREATOR_FATE_COUNT ? creator_fate_name((enum creator_fate)i) : NULL;
    case WORDS_NONE: case WORDS_COUNT: break;
    }
    return NULL;
}

const char *column_word(enum column_words words, int i)
{
    const char *first = word_at(words, 0);

    return word_at(words, first && !*first ? i + 1 : i);
}
