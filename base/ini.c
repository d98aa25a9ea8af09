/* base/ini.c: libinih, watched line by line.
 * libinih reads through our reader, one line at a time; the reader refuses, with
 * its number, every line that libinih would silently read as something else. */
#include <stdlib.h>
#include <string.h>
/* libinih declares an ini_parse too, which nothing here calls; under another
 * name its header leaves ours alone. Inside the shared library it is unused. */
#define ini_parse libinih_parse
#include <ini.h>
#undef ini_parse
#include "base/arena.h"
#include "base/array.h"
#include "base/ini.h"
#include "base/place.h"

#define SECTION_MAX 49       // libinih keeps 49 bytes of a section's name

struct reader {
    const char *name;
    struct str rest;
    struct str raw, bad;    // the line at hand, and what of it is wrong
    int line;
    struct ini ini;
    size_t pair_cap, section_cap;
    struct arena mem;
    struct err *err;
    bool failed;
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static void refuse(struct reader *r, const char *expected)
{
    if (!r->failed)
        err_set(r->err, ERR_USAGE, "%s:%d: expected %s", r->name, r->line, expected);
    if (!r->failed && r->bad.n)
        place_in(r->err, r->raw, r->line, r->bad);
    r->failed = true;
}

static void section_add(struct reader *r, struct str name)
{
    struct ini *ini = &r->ini;

    ARRAY_ROOM(ini->section, ini->sections, r->section_cap);
    ini->section[ini->sections++] = (struct ini_section){ arena_dup(&r->mem, name).p, r->line,
                                                          r->raw };
}

static const char *check_section(struct reader *r, struct str line)
{
    struct str name = str_sub(line, 1, line.n);
    ptrdiff_t end = str_find(name, STR("]"), 0);

    if (end < 0 || (size_t)end != name.n - 1)
        return "[SECTION] and nothing behind it";
    name.n--;
    if (name.n == 0 || is_blank(name.p[0]) || is_blank(name.p[name.n - 1]))
        return "[SECTION], a name without blanks around it";
    if (name.n > SECTION_MAX)
        return "a section name of at most 49 bytes";
    section_add(r, name);
    return NULL;
}

static const char *check_pair(struct reader *r, struct str line)
{
    ptrdiff_t equals = str_find(line, STR("="), 0), colon = str_find(line, STR(":"), 0);

    if (equals <= 0)
        return "KEY = VALUE";
    if (colon >= 0 && colon < equals)
        return "KEY = VALUE, with no colon in the key";
    if (r->ini.sections == 0)
        return "a [SECTION] before the first KEY = VALUE";
    return NULL;
}

/* What is wrong with a line that is neither empty nor a comment, or NULL. */
static const char *check_line(struct reader *r, struct str line, size_t room)
{
    r->bad = line;
    if (is_blank(line.p[0])) {
        r->bad.n = (size_t)(str_trim(line).p - line.p);
        return "no blank at the start of the line (values cannot go on over lines)";
    }
    if (line.n >= room)
        return "a line of fewer than 200 bytes";
    for (size_t i = 0; i < line.n; i++) {
        unsigned char c = (unsigned char)line.p[i];

        r->bad = str_sub(line, i, 1);
        if ((c < 0x20 && c != '\t') || c == 0x7f)
            return "no control character";
        if (c == ';' && i > 0 && is_blank(line.p[i - 1]))
            return "no \" ;\" in a line: comments stand on lines of their own";
    }
    r->bad = line;
    return line.p[0] == '[' ? check_section(r, line) : check_pair(r, line);
}

/* libinih's fgets. Comments become empty lines, so they may be of any length. */
static char *read_line(char *to, int room, void *user)
{
    struct reader *r = user;
    struct str line, text;
    const char *expected;

    if (r->failed || room < 1 || !str_cut(&r->rest, '\n', &line))
        return NULL;
    r->line++;
    if (r->line == 1 && str_starts(line, STR("\xef\xbb\xbf")))
        line = str_sub(line, 3, line.n);
    r->raw = line;
    text = str_trim(line);
    to[0] = '\0';
    if (text.n == 0 || text.p[0] == '#' || text.p[0] == ';')
        return to;
    line.n = (size_t)(text.p + text.n - line.p);
    expected = check_line(r, line, (size_t)room);
    if (expected) {
        refuse(r, expected);
        return NULL;
    }
    memcpy(to, line.p, line.n);
    to[line.n] = '\0';
    return to;
}

static int take_pair(void *user, const char *section, const char *key, const char *value)
{
    struct reader *r = user;
    struct ini *ini = &r->ini;
    int no = (int)ini->sections - 1;

    if (no < 0 || strcmp(ini->section[no].name, section) != 0)
        die("%s:%d: libinih reads another section here", r->name, r->line);
    ARRAY_ROOM(ini->pair, ini->len, r->pair_cap);
    ini->pair[ini->len++] = (struct ini_pair){
        .section = ini->section[no].name,
        .key = arena_dup(&r->mem, str_of(key)).p,
        .value = arena_dup(&r->mem, str_of(value)).p,
        .line = r->line,
        .section_no = no,
        .raw = r->raw,
    };
    return 1;
}

int ini_parse(struct ini *ini, const char *name, struct str text, struct err *err)
{
    struct reader r = { .name = name, .rest = text, .err = err };
    struct arena *mem = xcalloc(1, sizeof *mem);
    int rc = ini_parse_stream(read_line, &r, take_pair, &r);

    if (rc < 0)
        die("out of memory");
    if (rc > 0)
        refuse(&r, "KEY = VALUE");
    *mem = r.mem;
    r.ini.mem = mem;
    if (r.failed) {
        ini_release(&r.ini);
        return -1;
    }
    *ini = r.ini;
    return 0;
}

int ini_wrong(struct err *err, const char *name, const struct ini_pair *p, enum ini_part part)
{
    struct str line = p->raw, key, value;
    ptrdiff_t equals = str_find(line, STR("="), 0);

    err_wrap(err, "%s:%d", name, p->line);
    if (equals < 0)
        return -1;
    line.n = (size_t)(str_trim(line).p - line.p) + str_trim(line).n;
    key = str_trim(str_sub(line, 0, (size_t)equals));
    value = str_trim(str_sub(line, (size_t)equals + 1, line.n));
    return place_in(err, line, p->line, part == INI_KEY ? key : value);
}

int ini_wrong_section(struct err *err, const char *name, const struct ini_section *s)
{
    err_wrap(err, "%s:%d", name, s->line);
    return place_in(err, str_trim(s->raw), s->line, str_trim(s->raw));
}

void ini_release(struct ini *ini)
{
    if (ini->mem)
        arena_release(ini->mem);
    free(ini->mem);
    free(ini->pair);
    free(ini->section);
    *ini = (struct ini){0};
}
