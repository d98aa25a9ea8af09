/* record/record_hash.c: the digest that the two sides of an item can share. */
#include <string.h>
#include "record/record.h"

/* Names, not numbers, stand for the fields: digests are stored, and a field
 * more in fields.def must not change those of records that do not have it. */
struct digest record_compared_hash(const struct record *r)
{
    struct digest_ctx ctx;

    digest_start(&ctx);
    for (int f = 0; f < FIELD_COUNT; f++) {
        const struct field_info *info = field_info((enum field)f);
        const struct value *v = &r->val[f];
        int64_t head[2] = { v->kind, v->kind == VAL_TEXT ? (int64_t)v->text.n : v->i };

        if (v->kind == VAL_NONE || info->cmp == CMP_NONE || field_drifts((enum field)f))
            continue;
        if (v->kind == VAL_REAL)
            memcpy(&head[1], &v->real, sizeof head[1]);
        digest_add(&ctx, info->name, strlen(info->name) + 1);
        digest_add(&ctx, head, sizeof head);
        if (v->kind == VAL_TEXT)
            digest_add(&ctx, v->text.p, v->text.n);
    }
    return digest_finish(&ctx);
}
