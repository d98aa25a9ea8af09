/* silence/silence.c: what a silent item says of itself. */
#include "silence/silence.h"
#include "record/id.h"

int64_t due_by_age(int64_t born, const struct settings *set)
{
    return born + set->api_min_age_hours * 3600;
}

int64_t silence_born(const struct silence *s)
{
    int64_t by_id = id_time(s->id);

    return s->created > by_id ? s->created : by_id;
}

bool silence_is_refused(const struct silence *s)
{
    return s->standing == STANDING_NOT_PUBLIC || s->standing == STANDING_RESTRICTED;
}

bool silence_counts_on(const struct silence *s, int64_t day)
{
    for (int i = s->absent->days; i-- > 0;)
        if (s->absent->day[i].day == day)
            return s->absent->day[i].pending > 0;
    return false;
}
