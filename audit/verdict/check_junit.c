/* audit/verdict/check_junit.c: verdicts for a build server.
 * Shape:  JUnit XML as Ant writes it and GitLab, Jenkins and GitHub's reporters read it: a
 *         failure where a claim fails, skipped where it is undecided. What cannot be tested is no
 *         test case; it stands in system-out, with the cautions.
 * Time:   no clock: the newest answer of the audit, without a zone, as the schema wants it. */
#include <inttypes.h>
#include "audit/verdict/check.h"
#include "base/utc.h"

/* Characters that XML 1.0 has no form for become U+FFFD, as do bytes that are no UTF-8. */
static void put_xml(struct buf *out, struct str s)
{
    for (size_t i = 0; i < s.n;) {
        uint32_t code = 0;
        size_t n = str_utf8(s, i, &code);

        if (n == 0 || (code < 0x20 && code != '\t' && code != '\n') || code == 0xfffe ||
            code == 0xffff)
            buf_puts(out, "\xef\xbf\xbd");
        else if (code == '&')
            buf_puts(out, "&amp;");
        else if (code == '<')
            buf_puts(out, "&lt;");
        else if (code == '>')
            buf_puts(out, "&gt;");
        else if (code == '"')
            buf_puts(out, "&quot;");
        else if (code == '\t' || code == '\n')
            buf_printf(out, "&#%" PRIu32 ";", code);
        else
            buf_add(out, s.p + i, n);
        i += n ? n : 1;
    }
}

static void put_attribute(struct buf *out, const char *name, struct str value)
{
    buf_printf(out, " %s=\"", name);
    put_xml(out, value);
    buf_char(out, '"');
}

static void put_case(const struct check_row *r, struct buf *out)
{
    struct buf said = { 0 };

    check_row_text(r, &said);
    buf_puts(out, "    <testcase");
    put_attribute(out, "name", r->claim->name);
    buf_printf(out, " classname=\"blindspot.%s\" time=\"0\">", criterion_name(r->claim->criterion));
    if (r->verdict == CHECK_FAIL) {
        buf_puts(out, "<failure type=\"claim\"");
        put_attribute(out, "message", buf_view(&said));
        buf_char(out, '>');
        put_xml(out, r->claim->claim);
        buf_puts(out, " (");
        put_xml(out, r->claim->source);
        buf_puts(out, ")</failure>");
    } else if (r->verdict == CHECK_UNDECIDED) {
        buf_puts(out, "<skipped");
        put_attribute(out, "message", buf_view(&said));
        buf_puts(out, "/>");
    }
    buf_puts(out, "</testcase>\n");
    buf_release(&said);
}

static void put_property(struct buf *out, const char *name, struct str value)
{
    buf_printf(out, "      <property name=\"%s\"", name);
    put_attribute(out, "value", value);
    buf_puts(out, "/>\n");
}

void check_junit(const struct check *c, const char *file, struct buf *out)
{
    const int64_t tests = c->count[CHECK_PASS] + c->count[CHECK_FAIL] + c->count[CHECK_UNDECIDED];
    char at[UTC_TEXT_MAX];
    struct buf said = { 0 };

    buf_puts(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n  <testsuite");
    put_attribute(out, "name", str_of(file));
    buf_printf(out,
               " package=\"blindspot\" id=\"0\" timestamp=\"%.19s\" hostname=\"localhost\""
               " tests=\"%" PRId64 "\" failures=\"%" PRId64 "\" errors=\"0\" skipped=\"%" PRId64
               "\" time=\"0\">\n    <properties>\n",
               utc_rfc3339(c->newest_answer_at, at), tests, c->count[CHECK_FAIL],
               c->count[CHECK_UNDECIDED]);
    put_property(out, "audit", c->audit);
    put_property(out, "tool", c->tool);
    buf_puts(out, "    </properties>\n");
    for (size_t i = 0; i < c->rows; i++)
        if (!c->row[i].claim->untestable.n)
            put_case(&c->row[i], out);
    buf_puts(out, "    <system-out>");
    check_text(c, &said);
    put_xml(out, buf_view(&said));
    buf_puts(out, "</system-out>\n    <system-err></system-err>\n  </testsuite>\n</testsuites>\n");
    buf_release(&said);
}
