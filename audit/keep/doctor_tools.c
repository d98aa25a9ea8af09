/* audit/keep/doctor_tools.c: programs and libraries that this one stands on. */
#include "audit/keep/doctor_own.h"
#include "base/http.h"
#include "base/zip.h"
#include "classify/pattern.h"
#include "report/report.h"
#include "scrape/page.h"

void doctor_figures(struct patient *p)
{
    if (report_have_gnuplot())
        doctor_ok(p, "gnuplot draws them");
    else
        doctor_warn(p, "install gnuplot (Debian: gnuplot-nox)",
                    "gnuplot is not installed: reports go without pictures");
}

/* Each is named by the folder that uses it. */
void doctor_libraries(struct patient *p)
{
    struct buf text = { 0 };

    buf_puts(&text, "blindspot " BLINDSPOT_VERSION ", ");
    http_library(&text);
    buf_puts(&text, ", ");
    store_library(&text);
    buf_puts(&text, ", ");
    page_library(&text);
    buf_puts(&text, ", ");
    pattern_library(&text);
    buf_puts(&text, ", ");
    zip_library(&text);
    doctor_ok(p, "%s", buf_cstr(&text));
    buf_release(&text);
}
