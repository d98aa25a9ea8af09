/* scrape/status.h: statusCode and statusMsg of a page -> outcome, by the table
 * in scrape/status.def. */
#ifndef SCRAPE_STATUS_H
#define SCRAPE_STATUS_H
#include <stdbool.h>
#include <stdint.h>
#include "base/str.h"
#include "record/answer.h"

struct status {
    enum answer_kind kind;     // PUBLIC, REFUSED, NO_ANSWER
    enum no_answer why;
    bool code_unknown;         // never seen before
    struct str unknown_token;  // first token never seen before, STR_NONE where none
};
struct status status_find(int64_t code, struct str message);
#endif
