/* audit/keep/doctor_tools.c: programs and libraries that this one stands on. */
#include <string.h>
#include "audit/keep/doctor_own.h"
#include "base/http.h"
#include "base/zip.h"
#include "classify/pattern.h"
#include "report/report.h"
#include "scrape/chromium.h"
#include "scrape/page.h"

void doctor_figures(struct patient *p)
{
    if (report_have_gnuplot())
        doctor_ok(p, "gnuplot draws them");
    else
        doctor_warn(p, "install gnuplot (Debian: gnuplot-nox)",
                    "gnuplot is not installed: reports go without pictures");
}

void doctor_browser(struct patient *p)
{
    const struct settings *set = &p->audit.set;
    const char *path = chromium_find(set->page_browser);

    if (!strcmp(set->page_engine, "http"))
        doctor_ok(p, "page.engine is http: pages are read without one");
    else if (path)
        doctor_ok(p, "%s reads pages (page.engine is %s)", path, set->page_engine);
    else
        doctor_warn(p, "install chromium-headless-shell or chromium, or set page.browser",
                    "there is no browser%s%s: page.engine is %s, and pages are read by plain HTTP",
                    *set->page_browser ? " at " : "", set->page_browser, set->page_engine);
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
