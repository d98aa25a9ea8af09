/* report/style.c: see style.h. */
#include "report/style.h"
#include "base/embed.h"

EMBED(report_css, "report/style.css");
