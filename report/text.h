/* report/text.h: numbers as people read them; texts that borrow `text`. */
#ifndef REPORT_TEXT_H
#define REPORT_TEXT_H
#include "base/str.h"
#include "base/utc.h"
#include "record/summary.h"

#define TEXT_MAX 48
/* "1,234,567" */
char *text_count(int64_t n, char text[TEXT_MAX]);
/* A number that need not be whole: "1,234" or, below 100, "12.3". */
char *text_estimate(double n, char text[TEXT_MAX]);
/* "12.3 %"; "<0.1 %" and ">99.9 %" where rounding would say none or all; "-" below 0. */
char *text_percent(double share, char text[TEXT_MAX]);
/* A probability: "0.0123", "1.2e-09", "-" below 0. */
char *text_probability(double p, char text[TEXT_MAX]);
/* x in the unit of a number: "12.3 %", "1,234", "+0.12", "48.0 h". */
char *text_number(const struct number *, double x, char text[TEXT_MAX]);
/* Its name with blanks: "agreement same day". */
char *text_words(struct str name, char text[TEXT_MAX]);
/* What a bucket is called where people read: "Made in Canada". */
const char *text_node(enum node);
/* What a number is called there: "Missing when asked once"; its name with blanks where none was
 * given. */
const char *text_number_words(const struct number *, char text[TEXT_MAX]);
/* "12", or "15 (3 to 33)" where there is a range. */
#define SPAN_MAX 72
char *text_span(const struct span *, char text[SPAN_MAX]);

/* RFC 3339, "" for 0. */
static inline char *text_instant(int64_t at, char text[TEXT_MAX])
{
    text[0] = '\0';
    return at ? utc_rfc3339(at, text) : text;
}

static inline double share_of(int64_t part, int64_t whole)       // 0 where whole is 0
{
    return whole > 0 ? (double)part / (double)whole : 0;
}
/* What else was in a batch, by the word of summary.json (batch_row.mates). */
const char *text_mates(const char *word);
#endif
