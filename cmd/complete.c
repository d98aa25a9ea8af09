/* cmd/complete.c: what every shell's completions are made of, and those of bash. */
#include "cmd/complete.h"
#include <string.h>
#include "base/words.h"
#include "cmd/help.h"
#include "record/settings.h"

void complete_words(const char *value, struct buf *out)
{
    struct str rest = opt_bare(value), word;

    if (strstr(value, "COMMAND")) {
        complete_parts("", out);
        for (size_t i = 0; topic_at(i); i++)
            buf_printf(out, " %s", topic_at(i)->name);
    } else if (opt_value_of(value) == OPT_VALUE_WORDS) {
        for (bool first = true; words_next(&rest, &word); first = false)
            buf_printf(out, "%s%.*s", first ? "" : " ", STR_ARG(word));
    } else if (opt_value_of(value) == OPT_VALUE_LIST) {
        for (; *value; value++)
            buf_char(out, *value == ',' ? ' ' : *value);
    }
}

void complete_parts(const char *before, struct buf *out)
{
    const size_t n = strlen(before), skip = n ? n + 1 : 0;
    struct str last = STR_NONE;

    for (size_t i = 0; command_at(i); i++) {
        const char *name = command_at(i)->name;
        struct str rest, part = STR_NONE;

        if (n && (strncmp(name, before, n) || name[n] != ' '))
            continue;
        rest = str_of(name + skip);
        str_cut(&rest, ' ', &part);
        if (str_eq(part, last))    // the rows of a group stand together
            continue;
        buf_printf(out, "%s%.*s", last.n ? " " : "", STR_ARG(part));
        last = part;
    }
}

void complete_operand(const struct command *c, struct buf *out)
{
    struct str words = str_of(c->operands.words), word = STR_NONE;
    struct buf first = { 0 };

    /* An address may stand before it, and nothing here knows how one goes on. */
    while (str_cut(&words, ' ', &word) && str_find(word, STR("://"), 0) >= 0)
        ;
    buf_str(&first, word);
    buf_str(out, opt_bare(buf_cstr(&first)));
    buf_release(&first);
}

void complete_setting_words(const struct setting_info *t, struct buf *out)
{
    if (opt_value_of(t->takes) == OPT_VALUE_WORDS)
        complete_words(t->takes, out);
    else if (!strcmp(t->takes, "N|all"))
        buf_puts(out, "all");
}

void complete_quoted(const char *text, const char *more, struct buf *out)
{
    for (; *text; text++) {
        if (strchr(more, *text))
            buf_char(out, '\\');
        if (*text == '\'')
            buf_puts(out, "'\\''");
        else
            buf_char(out, *text);
    }
}

/* ---- bash ---- */

/* What may stand there, in a word that the script knows: FILE, DIR, SETTING, words, or nothing. */
static void put_kind(struct buf *out, const char *value)
{
    switch (opt_value_of(value)) {
    case OPT_VALUE_FILE: buf_puts(out, "FILE"); break;
    case OPT_VALUE_DIR: buf_puts(out, "DIR"); break;
    case OPT_VALUE_SETTING: buf_puts(out, "SETTING"); break;
    case OPT_VALUE_LIST: buf_puts(out, "LIST "); complete_words(value, out); break;
    default: complete_words(value, out);
    }
}

static void bash_options(struct buf *out, const char *command, const struct opt *o)
{
    buf_printf(out, "    '%s') echo '", command);
    for (; o->kind != OPT_KIND_END; o++)
        buf_printf(out, "--%s ", o->name);
    buf_printf(out, "--%s' ;;\n", opt_help.name);
}

static void bash_values(struct buf *out, const char *command, const struct opt *o)
{
    for (; o->kind != OPT_KIND_END; o++) {
        if (o->kind == OPT_KIND_FLAG)
            continue;
        buf_printf(out, "    '%s --%s'", command, o->name);
        if (o->short_name)
            buf_printf(out, " | '%s -%c'", command, o->short_name);
        buf_puts(out, ") echo '");
        put_kind(out, o->value ? o->value : "VALUE");
        buf_puts(out, "' ;;\n");
    }
}

static void bash_tables(struct buf *out)
{
    const struct setting_info *t;

    buf_puts(out, "_blindspot_options() {\n    case $1 in\n");
    bash_options(out, "", app_options);
    for (size_t i = 0; command_at(i); i++)
        bash_options(out, command_at(i)->name, command_at(i)->action->options);
    buf_puts(out, "    esac\n}\n# False of an option that takes no value.\n_blindspot_value() {\n"
                  "    case $1 in\n");
    bash_values(out, "", app_options);
    for (size_t i = 0; command_at(i); i++)
        bash_values(out, command_at(i)->name, command_at(i)->action->options);
    buf_puts(out, "    *) return 1 ;;\n    esac\n}\n_blindspot_operand() {\n    case $1 in\n    "
                  "'') echo '");
    complete_parts("", out);
    buf_puts(out, "' ;;\n");
    for (size_t i = 0; command_at(i); i++) {
        struct buf operand = { 0 };

        complete_operand(command_at(i), &operand);
        buf_printf(out, "    '%s') echo '", command_at(i)->name);
        if (command_is_group(command_at(i)->name))
            complete_parts(command_at(i)->name, out);
        else
            put_kind(out, buf_cstr(&operand));
        buf_puts(out, "' ;;\n");
        buf_release(&operand);
    }
    buf_puts(out, "    esac\n}\n_blindspot_setting() {\n    case $1 in\n");
    for (size_t i = 0; (t = setting_at(i)); i++) {
        buf_printf(out, "    %s.%s) echo '", t->section, t->key);
        if (opt_value_of(t->takes) == OPT_VALUE_FILE)
            buf_puts(out, "FILE");
        else
            complete_setting_words(t, out);
        buf_puts(out, "' ;;\n");
    }
    buf_puts(out, "    esac\n}\n_blindspot_settings='");
    for (size_t i = 0; (t = setting_at(i)); i++)
        buf_printf(out, "%s%s.%s=", i ? " " : "", t->section, t->key);
    buf_puts(out, "'\n");
}

/* bash splits words at = and :, so the line is split anew, at blanks; what bash takes the
 * replies for begins behind the last =. */
static const char bash_logic[] =
    "_blindspot() {\n"
    "    local -a words\n"
    "    local command='' cur last='' kind i set\n"
    "    read -ra words <<<\"${COMP_LINE:0:COMP_POINT}\"\n"
    "    case ${COMP_LINE:0:COMP_POINT} in *[[:blank:]]) words+=('') ;; esac\n"
    "    cur=${words[${#words[@]} - 1]}\n"
    "    for ((i = 1; i < ${#words[@]} - 1; i++)); do\n"
    "        if [[ -n $last ]]; then last=''; continue; fi\n"
    "        case ${words[i]} in\n"
    "        --*=*) ;;\n"
    "        -?*) ! _blindspot_value \"$command ${words[i]}\" >/dev/null || last=${words[i]} ;;\n"
    "        *) if [[ -z $command ]]; then command=${words[i]}\n"
    "            elif [[ -n $(_blindspot_options \"$command ${words[i]}\") ]]; then\n"
    "                command+=\" ${words[i]}\"\n"
    "            fi ;;\n"
    "        esac\n"
    "    done\n"
    "    COMPREPLY=()\n"
    "    if [[ -z $last && $cur == --*=* ]]; then last=${cur%%=*} cur=${cur#*=}; fi\n"
    "    if [[ -n $last ]]; then kind=$(_blindspot_value \"$command $last\")\n"
    "    elif [[ $cur == -* ]]; then kind=$(_blindspot_options \"$command\")\n"
    "    else kind=$(_blindspot_operand \"$command\"); fi\n"
    "    if [[ $kind == SETTING && $cur == *=* ]]; then\n"
    "        kind=$(_blindspot_setting \"${cur%%=*}\") cur=${cur#*=}\n"
    "    fi\n"
    "    case $kind in\n"
    "    SETTING) mapfile -t COMPREPLY < <(compgen -W \"$_blindspot_settings\" -- \"$cur\")\n"
    "        compopt -o nospace 2>/dev/null ;;\n"
    "    FILE) mapfile -t COMPREPLY < <(compgen -f -- \"$cur\")\n"
    "        compopt -o filenames 2>/dev/null ;;\n"
    "    DIR) mapfile -t COMPREPLY < <(compgen -d -- \"$cur\")\n"
    "        compopt -o filenames 2>/dev/null ;;\n"
    "    LIST*) case $cur in *,*) set=${cur%,*}, ;; *) set='' ;; esac\n"
    "        mapfile -t COMPREPLY < <(compgen -P \"$set\" -W \"${kind#LIST }\" -- \"${cur##*,}\") "
    ";;\n"
    "    *) mapfile -t COMPREPLY < <(compgen -W \"$kind\" -- \"$cur\") ;;\n"
    "    esac\n"
    "}\n"
    "complete -F _blindspot blindspot\n";

void complete_bash(struct buf *out)
{
    buf_puts(out, "# Completions of blindspot for bash 4 and later, made by `blindspot completion "
                  "bash`.\n"
                  "# shellcheck shell=bash\n");
    bash_tables(out);
    buf_puts(out, bash_logic);
}
