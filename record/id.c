/* record/id.c: the layout of item ids. */
#include <inttypes.h>
#include <stdio.h>
#include "base/utc.h"
#include "record/id.h"

#define ID_FIRST_AT 1388534400      // 2014-01-01, the Musical.ly era
#define ENTITY_VIDEO 13

enum id_verdict id_parse(struct str digits, int64_t now, uint64_t *id)
{
    uint64_t n;

    if (digits.n < 17 || digits.n > 20 || digits.p[0] == '0')
        return ID_NOT;
    for (size_t i = 0; i < digits.n; i++)
        if (digits.p[i] < '0' || digits.p[i] > '9')
            return ID_NOT;
    if (!str_u64(digits, &n) || n > INT64_MAX)
        return ID_TOO_LARGE;
    *id = n;
    if (!id_time_is_plausible(n, now) || id_entity(n) != ENTITY_VIDEO)
        return ID_ODD;
    return ID_OK;
}

int64_t id_time(uint64_t id)
{
    return (int64_t)(id >> 32);
}

bool id_time_is_plausible(uint64_t id, int64_t now)
{
    return id_time(id) >= ID_FIRST_AT && id_time(id) <= now + UTC_DAY_S;
}

int id_ms(uint64_t id)
{
    return (int)(id >> 22 & 1023);
}

int id_entity(uint64_t id)
{
    return (int)(id >> 8 & 15);
}

char *id_text(uint64_t id, char text[ID_TEXT_MAX])
{
    snprintf(text, ID_TEXT_MAX, "%" PRIu64, id);
    return text;
}
