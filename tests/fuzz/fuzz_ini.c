/* tests/fuzz/fuzz_ini.c: a settings file is refused with its line, or every
 * pair of it stands in the text as a line of its own. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "base/ini.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct str line_no(struct str text, int no)
{
    struct str line = STR_NONE;

    while (no-- > 0)
        if (!str_cut(&text, '\n', &line))
            abort();
    return line;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = { (const char *)data, size };
    struct err err = {0};
    struct ini ini;

    if (ini_parse(&ini, "x.ini", text, &err)) {
        if (err.kind != ERR_USAGE || !str_starts(str_of(err.msg), STR("x.ini:")))
            abort();
        return 0;
    }
    for (size_t i = 0; i < ini.len; i++) {
        const struct ini_pair *p = &ini.pair[i];
        struct str line = str_trim(line_no(text, p->line)), value = str_of(p->value);

        if (p->line == 1 || !str_ends(line, value) || str_find(line, str_of(p->key), 0) != 0)
            abort();
        if (strlen(p->key) + value.n + 1 > line.n || ini.section[p->section_no].line >= p->line)
            abort();
    }
    ini_release(&ini);
    return 0;
}
