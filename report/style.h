/* report/style.h: how the pages look: light, dark and printed. */
#ifndef REPORT_STYLE_H
#define REPORT_STYLE_H
extern const char report_css[];
#endif
