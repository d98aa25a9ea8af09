/* report/look.h: what of an audit may be seen by whoever gets its pages and figures. */
#ifndef REPORT_LOOK_H
#define REPORT_LOOK_H
#include "report/alias.h"

struct look {
    struct alias alias;
    int64_t min_cell;              // a count above 0 and below this is not shown; 0 shows all
    bool is_entry;                 // of a site of several audits: no table with outside texts lies
                                   // beside the pages, and ../index.html leads back
};
/* n is shown as "under min_cell". */
static inline bool look_hides(const struct look *look, int64_t n)
{
    return n > 0 && n < look->min_cell;
}
#endif
