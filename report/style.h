/* report/style.h: how the pages look: light, dark, narrow and printed (style.css). */
#ifndef REPORT_STYLE_H
#define REPORT_STYLE_H
extern const char report_css[];        // ends with NUL
#endif
