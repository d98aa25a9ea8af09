/* record/id.h: item ids: 64-bit, upload second in the high half.
 * Layout: bits 63-32 UTC seconds, 31-22 milliseconds, 11-8 entity type
 * (13 = video). Source: arXiv:2504.13279; checked on public API pages. */
#ifndef RECORD_ID_H
#define RECORD_ID_H
#include <stdbool.h>
#include <stdint.h>
#include "base/str.h"

enum id_verdict {
    ID_OK = 0,
    ID_ODD,         // taken, with a warning: time or entity type is implausible
    ID_TOO_LARGE,   // 2^63 and above: skipped and counted
    ID_NOT,         // not 17 to 20 digits, or a leading zero
};
#define ID_TEXT_MAX 24
/* now bounds the id's time (2014-01-01 .. now + 1 day). */
enum id_verdict id_parse(struct str digits, int64_t now, uint64_t *id);
int64_t id_time(uint64_t id);       // UTC seconds in the id
bool id_time_is_plausible(uint64_t id, int64_t now);    // within these bounds
int id_ms(uint64_t id);             // 0..999(1023)
int id_entity(uint64_t id);         // 13 = video
char *id_text(uint64_t id, char text[ID_TEXT_MAX]);
#endif
