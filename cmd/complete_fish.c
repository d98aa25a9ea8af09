/* cmd/complete_fish.c: completions of fish. */
#include <string.h>
#include "cmd/complete.h"
#include "record/settings.h"

static void put_text(struct buf *out, const char *text)
{
    buf_char(out, '\'');
    for (; *text; text++) {
        if (strchr("'\\", *text))
            buf_char(out, '\\');
        buf_char(out, *text);
    }
    buf_char(out, '\'');
}

static void put_value(struct buf *out, const char *value)
{
    struct buf words = { 0 };

    switch (opt_value_of(value)) {
    case OPT_VALUE_FILE: buf_puts(out, " -r -F"); break;
    case OPT_VALUE_DIR: buf_puts(out, " -x -a '(__fish_complete_directories)'"); break;
    case OPT_VALUE_SETTING: buf_puts(out, " -x -a '(__blindspot_settings)'"); break;
    case OPT_VALUE_LIST:
        complete_words(value, &words);
        buf_printf(out, " -x -a '(__fish_append , %s)'", buf_cstr(&words));
        break;
    default:
        complete_words(value, &words);
        buf_puts(out, " -x");
        if (words.n)
            buf_printf(out, " -a '%s'", buf_cstr(&words));
    }
    buf_release(&words);
}

static void put_option(struct buf *out, const char *when, const struct opt *o)
{
    buf_printf(out, "complete -c blindspot -n '%s' -l %s", when, o->name);
    if (o->short_name)
        buf_printf(out, " -s %c", o->short_name);
    if (o->kind != OPT_KIND_FLAG)
        put_value(out, o->value ? o->value : "VALUE");
    buf_puts(out, " -d ");
    put_text(out, o->help);
    buf_char(out, '\n');
}

static void put_command(struct buf *out, const struct command *c)
{
    struct buf when = { 0 }, operand = { 0 };

    const char *blank = strchr(c->name, ' ');

    if (blank)
        buf_printf(out, "complete -c blindspot -n '__blindspot_is \"%.*s\"' -a %s -d ",
                   (int)(blank - c->name), c->name, blank + 1);
    else
        buf_printf(out, "complete -c blindspot -n __blindspot_none -a %s -d ", c->name);
    put_text(out, c->summary);
    buf_char(out, '\n');
    buf_printf(&when, "__blindspot_is \"%s\"", c->name);
    for (const struct opt *o = c->action->options; o->kind != OPT_KIND_END; o++)
        put_option(out, buf_cstr(&when), o);
    put_option(out, buf_cstr(&when), &opt_help);
    complete_operand(c, &operand);
    if (operand.n) {
        buf_printf(out, "complete -c blindspot -n '%s'", buf_cstr(&when));
        if (opt_value_of(buf_cstr(&operand)) == OPT_VALUE_FILE)
            buf_puts(out, " -F");
        else
            put_value(out, buf_cstr(&operand));
        buf_char(out, '\n');
    }
    buf_release(&operand);
    buf_release(&when);
}

/* A setting is completed with its = and, where it takes words, with each of them. */
static void put_settings(struct buf *out)
{
    const struct setting_info *t;

    buf_puts(out, "function __blindspot_settings\n    printf '%s\\t%s\\n' \\\n");
    for (size_t i = 0; (t = setting_at(i)); i++) {
        struct buf words = { 0 };
        struct str rest, word;

        buf_printf(out, "        %s.%s= ", t->section, t->key);
        put_text(out, t->help);
        complete_setting_words(t, &words);
        for (rest = buf_view(&words); str_cut(&rest, ' ', &word);)
            buf_printf(out, " %s.%s=%.*s ''", t->section, t->key, STR_ARG(word));
        buf_puts(out, setting_at(i + 1) ? " \\\n" : "\n");
        buf_release(&words);
    }
    buf_puts(out, "end\n");
}

static void put_groups(struct buf *out)
{
    struct buf words = { 0 };
    struct str rest, word;

    complete_parts("", &words);
    for (rest = buf_view(&words); str_cut(&rest, ' ', &word);) {
        struct buf name = { 0 };

        buf_str(&name, word);
        if (command_is_group(buf_cstr(&name)))
            buf_printf(out, " %s", buf_cstr(&name));
        buf_release(&name);
    }
    buf_release(&words);
}

static void put_globals(struct buf *out)
{
    buf_puts(out, "# The command on the line; what stands before it may take a value.\n"
                  "function __blindspot_named\n    set -l skip no\n    set -l group\n"
                  "    set -l words (commandline -opc)\n"
                  "    for word in $words[2..]\n"
                  "        if test $skip = yes\n            set skip no\n            continue\n"
                  "        end\n        switch $word\n            case ");
    for (const struct opt *o = app_options; o->kind != OPT_KIND_END; o++) {
        if (o->kind == OPT_KIND_FLAG)
            continue;
        if (o->short_name)
            buf_printf(out, "-%c ", o->short_name);
        buf_printf(out, "--%s ", o->name);
    }
    buf_puts(out, "\n                set skip yes\n            case '-*'\n            case '*'\n"
                  "                if test -n \"$group\"\n"
                  "                    echo \"$group $word\"\n                    return\n"
                  "                end\n"
                  "                if not contains -- $word");
    put_groups(out);
    buf_puts(out, "\n                    echo $word\n                    return\n"
                  "                end\n                set group $word\n        end\n    end\n"
                  "    echo $group\nend\n"
                  "function __blindspot_none\n    set -l name (__blindspot_named)\n"
                  "    test -z \"$name\"\nend\n"
                  "function __blindspot_is\n    set -l name (__blindspot_named)\n"
                  "    test \"$name\" = $argv[1]\nend\n");
}

void complete_fish(struct buf *out)
{
    buf_puts(out, "# Completions of blindspot for fish, made by `blindspot completion fish`.\n");
    put_globals(out);
    put_settings(out);
    buf_puts(out, "complete -c blindspot -f\n");
    for (const struct opt *o = app_options; o->kind != OPT_KIND_END; o++)
        put_option(out, "__blindspot_none", o);
    put_option(out, "__blindspot_none", &opt_help);
    for (size_t i = 0; command_at(i); i++)
        put_command(out, command_at(i));
}
