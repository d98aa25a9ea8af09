/* base/opt.c: one table makes both the parser and the --help. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/array.h"
#include "base/nearest.h"
#include "base/opt.h"
#include "base/words.h"

struct parse {
    const struct opt *opts;
    int argc, at;            // at = next argument
    char **argv;
    bool leading;            // the first operand ends the options
    bool help;
};

const struct opt opt_help = { OPT_KIND_FLAG, "help", 'h', NULL, NULL, "print this text" };

/* A program is called by its name, wherever it lies. Of a command's options the
 * command is named; the program's own are listed by its --help. */
static int unknown(const struct parse *p, const char *shown, struct err *err)
{
    const char *slash = strrchr(p->argv[0], '/'), *name = slash ? slash + 1 : p->argv[0];
    struct nearest near = nearest_to(str_of(shown + 2));
    struct buf hint = { 0 };

    for (const struct opt *o = p->opts; o->kind != OPT_KIND_END; o++)
        nearest_offer(&near, str_of(o->name));
    nearest_offer(&near, str_of(opt_help.name));
    if (shown[1] == '-' && near.best[0])
        buf_printf(&hint, "; did you mean --%s?", near.best);
    else if (p->leading)
        buf_printf(&hint, "; `%s --help` lists them", name);
    if (p->leading)
        err_set(err, ERR_USAGE, "there is no option %s%s", shown, buf_cstr(&hint));
    else
        err_set(err, ERR_USAGE, "%s has no option %s%s", name, shown, buf_cstr(&hint));
    buf_release(&hint);
    return -1;
}

struct str opt_bare(const char *word)
{
    struct str w = str_of(word);

    if (str_starts(w, STR("[")) && str_ends(w, STR("]")))
        w = str_sub(w, 1, w.n - 2);
    if (str_ends(w, STR("...")))
        w.n -= 3;
    return w;
}

/* FILE.tar is FILE too. */
static bool is_word(struct str word, const char *name)
{
    struct str n = str_of(name);

    return str_starts(word, n) && (word.n == n.n || word.p[n.n] == '.');
}

enum opt_value opt_value_of(const char *word)
{
    static const char *const files[] = { "FILE", "KEY", "BUNDLE", "AUDIT", "A", "B" };
    struct str w = opt_bare(word);

    if (str_find(w, STR("="), 0) >= 0)
        return OPT_VALUE_SETTING;
    if (is_word(w, "N"))
        return OPT_VALUE_NUMBER;
    if (is_word(w, "DIR"))
        return OPT_VALUE_DIR;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        if (is_word(w, files[i]))
            return OPT_VALUE_FILE;
    if (str_find(w, STR(".ini"), 0) >= 0 || str_ends(w, STR("|FILE")))
        return OPT_VALUE_FILE;
    for (size_t i = 0; i < w.n; i++)
        if (w.p[i] >= 'A' && w.p[i] <= 'Z')
            return OPT_VALUE_TEXT;
    return str_find(w, STR("|"), 0) >= 0   ? OPT_VALUE_WORDS
           : str_find(w, STR(","), 0) >= 0 ? OPT_VALUE_LIST
                                           : OPT_VALUE_TEXT;
}

/* "svg,pdf" of "svg,pdf,png": each of them is one of the words. */
static int check_list(const char *words, const char *value, const char *begin, struct err *err)
{
    struct buf known = { 0 }, word = { 0 };
    struct str rest = str_of(value), piece;
    int rc = 0;

    for (; *words; words++)
        buf_char(&known, *words == ',' ? '|' : *words);
    do {
        if (!str_cut(&rest, ',', &piece))
            piece = STR_NONE;
        buf_clear(&word);
        buf_str(&word, piece);
        rc = words_check(buf_cstr(&known), buf_cstr(&word), begin, err);
    } while (rc == 0 && (rest.n || (piece.p && piece.p[piece.n] == ',')));
    buf_release(&word);
    buf_release(&known);
    return rc;
}

static int check_words(const struct opt *o, const char *shown, const char *value, struct err *err)
{
    const enum opt_value kind = o->value ? opt_value_of(o->value) : OPT_VALUE_TEXT;
    char begin[112];

    snprintf(begin, sizeof begin, "option %s expects", shown);
    return kind == OPT_VALUE_WORDS  ? words_check(o->value, value, begin, err)
           : kind == OPT_VALUE_LIST ? check_list(o->value, value, begin, err)
                                    : 0;
}

static const struct opt *find_long(const struct opt *opts, struct str name)
{
    for (; opts->kind != OPT_KIND_END; opts++)
        if (str_eq(name, str_of(opts->name)))
            return opts;
    return NULL;
}

static const struct opt *find_short(const struct opt *opts, char c)
{
    for (; opts->kind != OPT_KIND_END; opts++)
        if (opts->short_name && opts->short_name == c)
            return opts;
    return NULL;
}

const struct opt *opt_find(const struct opt *opts, const char *arg)
{
    if (arg[0] != '-' || arg[1] == '\0')
        return NULL;
    return arg[1] == '-' ? find_long(opts, (struct str){ arg + 2, strcspn(arg + 2, "=") })
                         : find_short(opts, arg[1]);
}

static void list_add(struct opt_list *list, const char *value)
{
    ARRAY_ROOM(list->v, list->n, list->cap);
    list->v[list->n++] = value;
}

/* shown is the option as it was typed; value is NULL where none was attached. */
static int take(struct parse *p, const struct opt *o, const char *shown, const char *value,
                struct err *err)
{
    int64_t n;

    if (o->kind == OPT_KIND_FLAG) {
        if (value)
            return err_set(err, ERR_USAGE, "option %s takes no value", shown);
        *(bool *)o->to = true;
        return 0;
    }
    if (!value && p->at >= p->argc)
        return err_set(err, ERR_USAGE, "option %s needs a value: %s", shown,
                       o->value ? o->value : "VALUE");
    if (!value)
        value = p->argv[p->at++];
    if (check_words(o, shown, value, err))
        return -1;
    if (o->kind == OPT_KIND_TEXT) {
        *(const char **)o->to = value;
    } else if (o->kind == OPT_KIND_LIST) {
        list_add(o->to, value);
    } else {
        if (!str_i64(str_of(value), &n))
            return err_set(err, ERR_USAGE, "option %s expects a whole number, not \"%s\"", shown,
                           value);
        *(int64_t *)o->to = n;
    }
    return 0;
}

static int long_option(struct parse *p, const char *arg, struct err *err)
{
    const char *equals = strchr(arg, '=');
    struct str name = { arg + 2, equals ? (size_t)(equals - arg) - 2 : strlen(arg) - 2 };
    const struct opt *o = find_long(p->opts, name);
    char shown[80];

    snprintf(shown, sizeof shown, "--%.*s", STR_ARG(name));
    if (!o && str_eq(name, str_of(opt_help.name))) {
        p->help = true;
        return equals ? err_set(err, ERR_USAGE, "option %s takes no value", shown) : 0;
    }
    if (!o)
        return unknown(p, shown, err);
    return take(p, o, shown, equals ? equals + 1 : NULL, err);
}

static int short_option(struct parse *p, const char *arg, struct err *err)
{
    const struct opt *o = find_short(p->opts, arg[1]);
    char shown[3] = { '-', arg[1], '\0' };

    if (!o && !strcmp(arg, "-h")) {
        p->help = true;
        return 0;
    }
    if (!o || (o->kind == OPT_KIND_FLAG && arg[2]))
        return unknown(p, arg, err);
    return take(p, o, shown, arg[2] ? arg + 2 : NULL, err);
}

/* Operands are gathered at the end of argv, in order. */
static int parse(struct parse *p, char ***operands, int *count, struct err *err)
{
    char **kept = xcalloc((uint64_t)p->argc + 1, sizeof *kept);
    int n = 0, rc = 0;

    while (p->at < p->argc && rc == 0 && !p->help) {
        char *arg = p->argv[p->at++];

        if (strcmp(arg, "--") == 0) {
            while (p->at < p->argc)
                kept[n++] = p->argv[p->at++];
        } else if (arg[0] != '-' || arg[1] == '\0') {
            kept[n++] = arg;
            while (p->leading && p->at < p->argc)
                kept[n++] = p->argv[p->at++];
        } else {
            rc = arg[1] == '-' ? long_option(p, arg, err) : short_option(p, arg, err);
        }
    }
    if (rc == 0) {
        *operands = p->argv + (p->argc - n);
        *count = n;
        memcpy(*operands, kept, sizeof *kept * (size_t)n);
    }
    free(kept);
    return rc;
}

int opt_parse(const struct opt *opts, int argc, char **argv, char ***operands, int *count,
              bool *help, struct err *err)
{
    struct parse p = { .opts = opts, .argc = argc, .at = 1, .argv = argv };

    if (parse(&p, operands, count, err))
        return -1;
    *help = p.help;
    return 0;
}

int opt_parse_leading(const struct opt *opts, int argc, char **argv, char ***operands, int *count,
                      bool *help, struct err *err)
{
    struct parse p = { .opts = opts, .argc = argc, .at = 1, .argv = argv, .leading = true };

    if (parse(&p, operands, count, err))
        return -1;
    *help = p.help;
    return 0;
}

void opt_left(const struct opt *o, struct buf *out)
{
    if (o->short_name)
        buf_printf(out, "-%c, ", o->short_name);
    else
        buf_puts(out, "    ");
    buf_printf(out, "--%s", o->name);
    if (o->kind != OPT_KIND_FLAG)
        buf_printf(out, " %s", o->value ? o->value : "VALUE");
}

static void print_one(const struct opt *o, size_t width)
{
    struct buf left = { 0 };

    opt_left(o, &left);
    printf("  %-*s  %s\n", (int)width, buf_cstr(&left), o->help);
    buf_release(&left);
}

void opt_print(const struct opt *opts)
{
    struct buf left = { 0 };
    size_t width = 0;

    opt_left(&opt_help, &left);
    for (const struct opt *o = opts; o->kind != OPT_KIND_END; o++) {
        width = left.n > width ? left.n : width;
        buf_clear(&left);
        opt_left(o, &left);
    }
    width = left.n > width ? left.n : width;
    buf_release(&left);
    for (const struct opt *o = opts; o->kind != OPT_KIND_END; o++)
        print_one(o, width);
    print_one(&opt_help, width);
}

void opt_list_release(struct opt_list *list)
{
    free(list->v);
    *list = (struct opt_list){0};
}
