/* cmd/complete_zsh.c: completions of zsh, for its function _arguments. */
#include <string.h>
#include "cmd/complete.h"
#include "record/settings.h"

#define OF_SPEC "[]:\\"    // what a spec of _arguments reads otherwise

/* ":WORD:ACTION" of a value or an operand. */
static void put_action(struct buf *out, const char *value)
{
    struct buf words = { 0 };

    buf_char(out, ':');
    complete_quoted(value, OF_SPEC, out);
    switch (opt_value_of(value)) {
    case OPT_VALUE_FILE: buf_puts(out, ":_files"); break;
    case OPT_VALUE_DIR: buf_puts(out, ":_files -/"); break;
    case OPT_VALUE_SETTING: buf_puts(out, ":_blindspot_setting"); break;
    case OPT_VALUE_LIST:
        complete_words(value, &words);
        buf_printf(out, ":_sequence compadd - %s", buf_cstr(&words));
        break;
    default:
        complete_words(value, &words);
        if (words.n)
            buf_printf(out, ":(%s)", buf_cstr(&words));
        else
            buf_puts(out, ": ");
    }
    buf_release(&words);
}

static void put_option(struct buf *out, const struct opt *o)
{
    buf_puts(out, " \\\n        ");
    if (o->kind == OPT_KIND_LIST)
        buf_puts(out, "'*'");
    else if (o->short_name)
        buf_printf(out, "'(-%c --%s)'", o->short_name, o->name);
    if (o->short_name)
        buf_printf(out, "{-%c,--%s%s}'[", o->short_name, o->name,
                   o->kind == OPT_KIND_FLAG ? "" : "=");
    else
        buf_printf(out, "'--%s%s[", o->name, o->kind == OPT_KIND_FLAG ? "" : "=");
    complete_quoted(o->help, OF_SPEC, out);
    buf_char(out, ']');
    if (o->kind != OPT_KIND_FLAG)
        put_action(out, o->value ? o->value : "VALUE");
    buf_char(out, '\'');
}

static void put_arguments(struct buf *out, const char *word, const struct command *c)
{
    struct buf operand = { 0 };

    buf_printf(out, "    %s) _arguments -S", word);
    for (const struct opt *o = c->action->options; o->kind != OPT_KIND_END; o++)
        put_option(out, o);
    put_option(out, &opt_help);
    complete_operand(c, &operand);
    if (operand.n) {
        buf_printf(out, " \\\n        '*");
        put_action(out, buf_cstr(&operand));
        buf_char(out, '\'');
    }
    buf_puts(out, " && ret=0 ;;\n");
    buf_release(&operand);
}

/* What follows a group's name: one of its commands, or options of its own row. Of a command of a
 * group the words are counted from its second one on. */
static void put_group(struct buf *out, const struct command *c)
{
    buf_printf(out, "    %s) if (( CURRENT > 2 )); then\n        shift words; (( CURRENT-- ))\n"
                    "        case $words[1] in\n", c->name);
    for (size_t i = 0; command_at(i); i++) {
        const char *blank = strchr(command_at(i)->name, ' ');
        const size_t n = blank ? (size_t)(blank - command_at(i)->name) : 0;

        if (n && n == strlen(c->name) && !strncmp(command_at(i)->name, c->name, n))
            put_arguments(out, blank + 1, command_at(i));
    }
    buf_puts(out, "        esac\n    else _arguments -S");
    for (const struct opt *o = c->action->options; o->kind != OPT_KIND_END; o++)
        put_option(out, o);
    put_option(out, &opt_help);
    buf_puts(out, " \\\n        '1:command:(");
    complete_parts(c->name, out);
    buf_puts(out, ")' && ret=0\n    fi ;;\n");
}

static void put_command(struct buf *out, const struct command *c)
{
    if (command_is_group(c->name))
        put_group(out, c);
    else if (!strchr(c->name, ' '))
        put_arguments(out, c->name, c);
}

static void put_settings(struct buf *out)
{
    const struct setting_info *t;

    buf_puts(out, "_blindspot_setting() {\n    local -a names\n    if compset -P '*='; then\n"
                  "        case $IPREFIX in\n");
    for (size_t i = 0; (t = setting_at(i)); i++) {
        struct buf words = { 0 };

        complete_setting_words(t, &words);
        if (opt_value_of(t->takes) == OPT_VALUE_FILE)
            buf_printf(out, "        *%s.%s=) _files ;;\n", t->section, t->key);
        else if (words.n)
            buf_printf(out, "        *%s.%s=) compadd -- %s ;;\n", t->section, t->key,
                       buf_cstr(&words));
        buf_release(&words);
    }
    buf_puts(out, "        esac\n        return\n    fi\n    names=(\n");
    for (size_t i = 0; (t = setting_at(i)); i++) {
        buf_printf(out, "        '%s.%s:", t->section, t->key);
        complete_quoted(t->help, ":\\", out);
        buf_puts(out, "'\n");
    }
    buf_puts(out, "    )\n    _describe -t settings setting names -S =\n}\n");
}

void complete_zsh(struct buf *out)
{
    buf_puts(out, "#compdef blindspot\n"
                  "# Completions of blindspot for zsh, made by `blindspot completion zsh`.\n");
    put_settings(out);
    buf_puts(out, "_blindspot_command() {\n    local -a names\n    names=(\n");
    for (size_t i = 0; command_at(i); i++) {
        if (strchr(command_at(i)->name, ' '))
            continue;
        buf_printf(out, "        '%s:", command_at(i)->name);
        complete_quoted(command_at(i)->summary, ":\\", out);
        buf_puts(out, "'\n");
    }
    buf_puts(out, "    )\n    _describe -t commands command names\n}\n"
                  "_blindspot() {\n    local curcontext=$curcontext state line ret=1\n"
                  "    local -A opt_args\n    _arguments -C -S");
    for (const struct opt *o = app_options; o->kind != OPT_KIND_END; o++)
        put_option(out, o);
    put_option(out, &opt_help);
    buf_puts(out, " \\\n        '1:command:_blindspot_command' '*::operand:->operands' && ret=0\n"
                  "    [[ $state == operands ]] || return ret\n    case $line[1] in\n");
    for (size_t i = 0; command_at(i); i++)
        put_command(out, command_at(i));
    buf_puts(out, "    esac\n    return ret\n}\n"
                  "# Read by itself (fpath) it completes now; sourced, from now on.\n"
                  "if [[ $funcstack[1] == _blindspot ]]; then _blindspot \"$@\"\n"
                  "else compdef _blindspot blindspot; fi\n");
}
