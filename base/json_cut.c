/* base/json_cut.c: brackets are counted outside strings; nothing else of JSON matters here. */
#include "base/json_cut.h"
#include <stdio.h>
#include <string.h>

enum step { STEP_ON, STEP_MORE /* bytes are needed */, STEP_FAILED };

static void note_damage(struct json_cut *c, int64_t line, const char *what)
{
    if (c->damaged++ > 0)
        return;
    c->damaged_line = line + 1;
    snprintf(c->damage, sizeof c->damage, "%.199s", what);
}

static enum step hand_on(struct json_cut *c, struct str text, int64_t line, struct err *err)
{
    int rc = c->document(c->to, text, err);

    if (rc > 0) {
        note_damage(c, line, err->msg);
        err_clear(err);
    }
    return rc < 0 ? STEP_FAILED : STEP_ON;
}

/* From here on line by line: where a bracket or a quote is missing, counting them says nothing. */
static void give_up(struct json_cut *c, const char *what)
{
    note_damage(c, c->start_line, what);
    c->at = c->start;
    c->line = c->start_line;
    c->begun = c->in_string = c->escaped = c->scalar = c->in_array = false;
    c->depth = 0;
    c->lines = c->dropping = true;
}

/* What a list of objects, one a line, has around them. */
static struct str line_alone(struct str line)
{
    line = str_trim(line);
    if (line.n && line.p[line.n - 1] == ',')
        line = str_trim(str_sub(line, 0, line.n - 1));
    return line.n == 1 && (line.p[0] == '[' || line.p[0] == ']') ? STR_NONE : line;
}

static enum step step_line(struct json_cut *c, bool last, struct err *err)
{
    const char *from = c->hold.p + c->at;
    const char *end = memchr(from, '\n', c->hold.n - c->at);
    struct str line = { from, end ? (size_t)(end - from) : c->hold.n - c->at };
    bool dropped = c->dropping;

    if (!end && !last && line.n <= c->max)
        return STEP_MORE;
    c->at += line.n + (end ? 1 : 0);
    c->start = c->at;
    c->dropping = !end && !last;
    if (c->dropping && !dropped)
        note_damage(c, c->line, "the line is too long");
    c->line += end ? 1 : 0;
    line = dropped || c->dropping ? STR_NONE : line_alone(line);
    return line.n ? hand_on(c, line, c->line - (end ? 1 : 0), err) : STEP_ON;
}

static bool is_blank(char ch)
{
    return ch == ' ' || ch == '\t' || ch == '\r' || ch == '\n' || ch == '\x1e';
}

/* At a byte between two documents. */
static enum step step_between(struct json_cut *c, bool last)
{
    char ch = c->hold.p[c->at];
    size_t next = c->at + 1;

    c->start = c->at;
    if (is_blank(ch) || (c->in_array && (ch == ',' || ch == ']'))) {
        c->line += ch == '\n';
        c->in_array = c->in_array && ch != ']';
        c->at++;
        return STEP_ON;
    }
    if (ch == '[' && !c->in_array) {
        while (next < c->hold.n && is_blank(c->hold.p[next]))
            next++;
        if (next == c->hold.n && !last)
            return STEP_MORE;
        if (next < c->hold.n && c->hold.p[next] == '{') {
            c->in_array = true;
            c->at++;
            return STEP_ON;
        }
    }
    c->begun = true;
    c->scalar = ch != '{' && ch != '[';
    c->start_line = c->line;
    return STEP_ON;
}

static enum step end_document(struct json_cut *c, struct err *err)
{
    struct str text = { c->hold.p + c->start, c->at - c->start };

    c->begun = c->scalar = false;
    c->start = c->at;
    return hand_on(c, text, c->start_line, err);
}

static enum step step_string(struct json_cut *c, char ch)
{
    if (ch == '\n') {
        give_up(c, "a text in it does not end on its line");
        return STEP_ON;
    }
    c->in_string = c->escaped || ch != '"';
    c->escaped = !c->escaped && ch == '\\';
    c->at++;
    return STEP_ON;
}

static enum step step_within(struct json_cut *c, struct err *err)
{
    char ch = c->hold.p[c->at];

    if (c->at - c->start > c->max) {
        give_up(c, "the document is too long");
        return STEP_ON;
    }
    if (c->in_string)
        return step_string(c, ch);
    if (c->scalar && c->depth == 0 && (ch == '\n' || (c->in_array && (ch == ',' || ch == ']'))))
        return end_document(c, err);
    c->in_string = ch == '"';
    c->depth += (ch == '{' || ch == '[') - (ch == '}' || ch == ']');
    c->line += ch == '\n';
    c->at++;
    if (c->depth < 0)
        c->depth = 0;
    return c->depth == 0 && !c->scalar ? end_document(c, err) : STEP_ON;
}

static int run(struct json_cut *c, bool last, struct err *err)
{
    enum step step = STEP_ON;

    while (step == STEP_ON && c->at < c->hold.n)
        step = c->lines   ? step_line(c, last, err)
               : c->begun ? step_within(c, err)
                          : step_between(c, last);
    return step == STEP_FAILED ? -1 : 0;
}

int json_cut_feed(struct json_cut *c, struct str piece, struct err *err)
{
    if (c->start > 0) {
        memmove(c->hold.p, c->hold.p + c->start, c->hold.n - c->start);
        c->hold.n -= c->start;
        c->at -= c->start;
        c->start = 0;
    }
    buf_str(&c->hold, piece);
    return run(c, false, err);
}

int json_cut_end(struct json_cut *c, struct err *err)
{
    if (run(c, true, err))
        return -1;
    if (c->begun && c->scalar)
        return end_document(c, err) == STEP_FAILED ? -1 : 0;
    if (!c->begun && c->in_array)
        note_damage(c, c->line, "the list is not closed: its end is missing");
    if (!c->begun)
        return 0;
    give_up(c, "it breaks off");
    return run(c, true, err);
}

void json_cut_release(struct json_cut *c) { buf_release(&c->hold); }
