/* base/opt.c: one table makes both the parser and the --help. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/array.h"
#include "base/opt.h"
#include "base/str.h"

struct parse {
    const struct opt *opts;
    int argc, at;            // at = next argument
    char **argv;
    bool leading;            // the first operand ends the options
    bool help;
};

/* A program is called by its name, wherever it lies. Of a command's options the
 * command is named; the program's own are listed by its --help. */
static int unknown(const struct parse *p, const char *shown, struct err *err)
{
    const char *slash = strrchr(p->argv[0], '/'), *name = slash ? slash + 1 : p->argv[0];

    if (p->leading)
        return err_set(err, ERR_USAGE, "there is no option %s; `%s --help` lists them", shown,
                       name);
    return err_set(err, ERR_USAGE, "%s has no option %s", name, shown);
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
    if (!o && !equals && str_eq(name, STR("help"))) {
        p->help = true;
        return 0;
    }
    if (!o)
        return unknown(p, shown, err);
    return take(p, o, shown, equals ? equals + 1 : NULL, err);
}

static int short_option(struct parse *p, const char *arg, struct err *err)
{
    const struct opt *o = find_short(p->opts, arg[1]);
    char shown[3] = { '-', arg[1], '\0' };

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

/* "-C, --audit AUDIT" into text; returns its length. */
static int print_left(const struct opt *o, char *text, size_t size)
{
    char letter[5] = "    ";

    if (o->short_name)
        snprintf(letter, sizeof letter, "-%c, ", o->short_name);
    if (o->kind == OPT_KIND_FLAG)
        return snprintf(text, size, "%s--%s", letter, o->name);
    return snprintf(text, size, "%s--%s %s", letter, o->name, o->value ? o->value : "VALUE");
}

void opt_print(const struct opt *opts)
{
    const struct opt help = OPT_FLAG("help", NULL, "print this text");
    char text[120];
    int width = print_left(&help, text, sizeof text);

    for (const struct opt *o = opts; o->kind != OPT_KIND_END; o++) {
        int n = print_left(o, text, sizeof text);

        if (n > width)
            width = n;
    }
    for (const struct opt *o = opts; o->kind != OPT_KIND_END; o++) {
        print_left(o, text, sizeof text);
        printf("  %-*s  %s\n", width, text, o->help);
    }
    print_left(&help, text, sizeof text);
    printf("  %-*s  %s\n", width, text, help.help);
}

void opt_list_release(struct opt_list *list)
{
    free(list->v);
    *list = (struct opt_list){0};
}
