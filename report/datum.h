/* report/datum.h: a number on a page, with where in summary.json it stands:
 *
 *     <data value="0.142695" data-at="/numbers/public_not_returned/value">14.3 %</data>
 *
 * No number of an audit stands on a page in another way, so that a reader, and the tests, can
 * follow each to the file.
 *
 * Names:   of a number (record/number.h), whatever its criterion. One that is not there is a
 *          fault of ours: die(). One without a value shows as "-".
 * Hidden:  what --min-cell keeps back shows as "under 5", without value; so does a share
 *          whose count is.
 * Pointer: RFC 6901. */
#ifndef REPORT_DATUM_H
#define REPORT_DATUM_H
#include "report/dom.h"
#include "report/look.h"
#include "report/text.h"

struct datum_from { const struct summary *s; const struct look *look; };

void datum_value(xmlNode *, struct datum_from, const char *name);
void datum_low(xmlNode *, struct datum_from, const char *name);
void datum_high(xmlNode *, struct datum_from, const char *name);
void datum_n(xmlNode *, struct datum_from, const char *name);
void datum_of(xmlNode *, struct datum_from, const char *name);
/* A value that is a count of items, as an estimate: "1,766". */
void datum_estimate(xmlNode *, struct datum_from, const char *name);
/* Of other tables in summary.json: a count that --min-cell may hide, a share of so many (hidden
 * where these are), any other value with its text. The rest is the pointer, as of printf. */
void datum_count_at(xmlNode *, struct datum_from, int64_t n, const char *pointer, ...) PRINTF(4, 5);
void datum_share_at(xmlNode *, struct datum_from, double share, int64_t n, const char *pointer, ...)
    PRINTF(5, 6);
void datum_at(xmlNode *, const char *text, double value, const char *pointer, ...) PRINTF(4, 5);
#endif
