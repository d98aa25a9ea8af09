/* record/gap.h: one field on which the two sides were compared. */
#ifndef RECORD_GAP_H
#define RECORD_GAP_H
#include "record/record.h"

enum verdict { VERDICT_EQUAL, VERDICT_WITHIN, VERDICT_DIFFERS, VERDICT_API_ONLY, VERDICT_PAGE_ONLY,
               VERDICT_NONE /* neither side has it */, VERDICT_COUNT };
const char *verdict_name(enum verdict);
struct gap {
    int64_t item; uint64_t id; enum field field;
    struct value api, page; enum verdict verdict;
    bool has_error; double relative_error;    // (api - page) / page, counters alone
    int64_t api_at, page_at;
};
#endif
