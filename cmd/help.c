/* cmd/help.c: the pages of the program and of its commands. */
#include "cmd/help.h"
#include <string.h>
#include "base/words.h"

#define DATED "November 29, 2026"    // of the text, in the man pages
#define LOWER "abcdefghijklmnopqrstuvwxyz0123456789_"

/* ---- one option, in a list and in a synopsis ---- */

/* "NAME" stands for a value, "csv|jsonl" are words. */
static void put_value(struct buf *tag, const char *value)
{
    const bool words = opt_value_of(value) == OPT_VALUE_WORDS;

    buf_printf(tag, words ? " `%s`" : " {%s}", value);
}

static void put_option(struct sheet *s, const struct opt *o)
{
    struct buf tag = { 0 };

    if (o->short_name)
        buf_printf(&tag, "`-%c`, ", o->short_name);
    else if (s->form == SHEET_TEXT)
        buf_puts(&tag, "    ");
    buf_printf(&tag, "`--%s`", o->name);
    if (o->kind != OPT_KIND_FLAG)
        put_value(&tag, o->value ? o->value : "VALUE");
    sheet_entry(s, buf_cstr(&tag),
                o == &opt_help && s->form == SHEET_MAN ? "print a short help" : o->help);
    buf_release(&tag);
}

static void put_options(struct sheet *s, const struct opt *opts)
{
    for (; opts->kind != OPT_KIND_END; opts++)
        put_option(s, opts);
    put_option(s, &opt_help);
    sheet_list(s);
}

static void synopsis_option(struct sheet *s, const struct opt *o)
{
    buf_puts(s->out, ".Op ");
    if (o->short_name)
        buf_printf(s->out, "Fl %c", o->short_name);
    else
        buf_printf(s->out, "Fl \\-%s", o->name);
    if (o->kind != OPT_KIND_FLAG)
        buf_printf(s->out, " %s %s", opt_value_of(o->value) == OPT_VALUE_WORDS ? "Cm" : "Ar",
                   o->value);
    buf_puts(s->out, o->kind == OPT_KIND_LIST ? " ...\n" : "\n");
}

static void synopsis_operands(struct sheet *s, struct str words)
{
    const bool optional = str_starts(words, STR("["));

    if (optional)
        words = str_sub(words, 1, words.n - 2);
    if (words.n)
        buf_printf(s->out, "%sAr %.*s\n", optional ? ".Op " : ".", STR_ARG(words));
}

/* ---- beginnings and ends ---- */

static void begin_man(struct sheet *s, const char *name, const char *summary)
{
    struct buf upper = { 0 };

    for (const char *c = name; *c; c++)
        buf_char(&upper, *c >= 'a' && *c <= 'z' ? (char)(*c - 32) : *c);
    buf_printf(s->out, ".\\\" Made by `blindspot help --man` from the program's own tables.\n"
                       ".Dd %s\n.Dt %s 1\n.Os blindspot " BLINDSPOT_VERSION "\n.Sh NAME\n.Nm "
                                                                            "%s\n.Nd ",
               DATED, buf_cstr(&upper), name);
    sheet_inline(SHEET_MAN, str_of(summary), s->out);
    buf_char(s->out, '\n');
    buf_release(&upper);
}

static void synopsis_man(struct sheet *s, const struct command *c)
{
    struct str words = str_of(c->operands.words), word;

    buf_printf(s->out, ".Sh SYNOPSIS\n.Nm blindspot\n.Op Fl C Ar AUDIT\n.Cm %s\n", c->name);
    for (const struct opt *o = c->action->options; o->kind != OPT_KIND_END; o++)
        synopsis_option(s, o);
    while (str_cut(&words, ' ', &word))
        synopsis_operands(s, word);
}

static void usage(struct sheet *s, const struct command *c)
{
    const bool words = opt_value_of(c->operands.words) == OPT_VALUE_WORDS;
    const bool many = str_ends(str_of(c->operands.words), STR("..."));
    struct buf list = { 0 }, text = { 0 };

    sheet_section(s, "USAGE");
    buf_printf(s->out, "  blindspot [-C AUDIT] %s [OPTIONS]%s%s%s\n", c->name,
               *c->operands.words ? " " : "", words ? "NAME" : c->operands.words,
               words && many ? "..." : "");
    if (words) {
        buf_str(&text, opt_bare(c->operands.words));
        words_list(&list, buf_cstr(&text));
        buf_clear(&text);
        buf_printf(&text, "NAME is %s", buf_cstr(&list));
        s->begun = true;
        sheet_prose(s, buf_cstr(&text));
    }
    buf_release(&text);
    buf_release(&list);
}

static void example(struct sheet *s, const struct command *c)
{
    sheet_section(s, s->form == SHEET_MAN ? "EXAMPLES" : "EXAMPLE");
    sheet_lines(s, c->example);
}

/* The command that comes next in the order of letters, after "" the first. */
static const char *next_name(const char *last)
{
    const char *best = NULL;

    for (size_t i = 0; command_at(i); i++) {
        const char *name = command_at(i)->name;

        if (strcmp(name, last) > 0 && (!best || strcmp(name, best) < 0))
            best = name;
    }
    return best;
}

static void put_page_name(const char *name, struct buf *out)
{
    buf_puts(out, "blindspot-");
    for (; *name; name++)
        buf_char(out, *name == ' ' ? '-' : *name);
}

void help_page_name(const struct command *c, struct buf *out) { put_page_name(c->name, out); }

static void see_also_man(struct sheet *s, const struct command *self)
{
    buf_puts(s->out, ".Sh SEE ALSO\n");
    if (self)
        buf_puts(s->out, ".Xr blindspot 1\n");
    for (const char *name = self ? NULL : next_name(""); name; name = next_name(name)) {
        buf_puts(s->out, ".Xr ");
        put_page_name(name, s->out);
        buf_printf(s->out, " 1%s\n", next_name(name) ? " ," : "");
    }
}

/* The commands of a group, in the page of its own row. */
static void put_group(struct sheet *s, const struct command *of)
{
    const size_t n = strlen(of->name);

    if (!command_is_group(of->name))
        return;
    sheet_section(s, "COMMANDS");
    for (size_t i = 0; command_at(i); i++) {
        const struct command *c = command_at(i);
        struct buf tag = { 0 };

        if (strncmp(c->name, of->name, n) || c->name[n] != ' ')
            continue;
        buf_printf(&tag, "`%s`", c->name);
        sheet_entry(s, buf_cstr(&tag), c->summary);
        buf_release(&tag);
    }
    sheet_list(s);
}

/* ---- a command ---- */

void help_short(struct sheet *s, const struct command *c)
{
    example(s, c);
    buf_printf(s->out, "\n%s: %s\n", c->name, c->summary);
    usage(s, c);
    put_group(s, c);
    sheet_section(s, "OPTIONS");
    put_options(s, c->action->options);
    buf_printf(s->out, "\n`blindspot help %s` says more.\n", c->name);
}

static void body(struct sheet *s, const struct command *c)
{
    if (c->action->about) {
        sheet_section(s, "DESCRIPTION");
        sheet_prose(s, c->action->about);
    }
    put_group(s, c);
    sheet_section(s, "OPTIONS");
    put_options(s, c->action->options);
    sheet_section(s, "EXIT STATUS");
    topic_exit_codes(s, c);
}

void help_command(struct sheet *s, const struct command *c)
{
    struct buf name = { 0 };

    help_page_name(c, &name);
    if (s->form == SHEET_MAN) {
        begin_man(s, buf_cstr(&name), c->summary);
        synopsis_man(s, c);
        body(s, c);
        example(s, c);
        see_also_man(s, c);
    } else {
        example(s, c);
        buf_printf(s->out, "\n%s: %s\n", c->name, c->summary);
        usage(s, c);
        body(s, c);
    }
    buf_release(&name);
}

/* ---- the program ---- */

static void put_commands(struct sheet *s)
{
    for (size_t i = 0; command_at(i); i++) {
        struct buf tag = { 0 };

        buf_printf(&tag, "`%s`", command_at(i)->name);
        sheet_entry(s, buf_cstr(&tag), command_at(i)->summary);
        buf_release(&tag);
    }
    sheet_list(s);
}

void help_program(struct sheet *s)
{
    buf_puts(s->out, "blindspot shows what a platform's research API leaves out.\n\n"
                     "  blindspot init my-audit && cd my-audit\n"
                     "  blindspot audit ../links.txt\n");
    sheet_section(s, "USAGE");
    buf_puts(s->out,
             "  blindspot [-C AUDIT] [--set SECTION.KEY=VALUE]... [-q] COMMAND [OPTIONS]\n");
    sheet_section(s, "COMMANDS");
    put_commands(s);
    sheet_section(s, "OPTIONS");
    put_options(s, app_options);
    sheet_section(s, "EXIT STATUS");
    sheet_prose(s,
                "0 done; 2 usage, settings or input; 3 unfinished, run again after the printed "
                "time; 4 a person must act (key, scope); 5 this machine (disk, store); 1 and 6 of "
                "check: a claim fails, or none fails and one is undecided; 1 of compare: worse "
                "beyond chance; 130 interrupted.");
    sheet_section(s, "MORE");
    sheet_entry(s, "blindspot help COMMAND", "all about one command; `-h` behind it is shorter");
    for (size_t i = 0; topic_at(i); i++) {
        struct buf tag = { 0 };

        buf_printf(&tag, "blindspot help %s", topic_at(i)->name);
        sheet_entry(s, buf_cstr(&tag), topic_at(i)->summary);
        buf_release(&tag);
    }
    sheet_list(s);
}

static const char about[] =
    "`blindspot` asks TikTok's Research API for a set of posts, reads the public page of every "
    "post "
    "that did not come back and of a sample of those that did, compares both answers field by "
    "field, "
    "and labels every gap: deleted, private, Canada, advertisement, TikTok's own, excluded "
    "account, "
    "unknown. Each label rests on stored evidence: the rule that decided, the request, the bytes "
    "of "
    "the page.\n\n"
    "An audit is a folder; FILES below says what lies in it. `-C` takes a bundle of one in its "
    "place, for commands that read. A public post counts as missing only "
    "after absences that are sound on two UTC days, so an audit takes more than one run. Every run "
    "goes as far as it can get now, says when the next one makes sense, and may be interrupted at "
    "any time: what came in is kept, and nothing is asked again without need. While one runs, the "
    "commands that only look (`status`, `explain`, `report`, `plan`, `export`, `verify`) show what "
    "is "
    "true of its last commit, and disturb it in nothing.\n\n"
    "Data goes to standard output, everything for people to standard error. Where a file is "
    "expected, `-` is standard input.\n\n"
    "A command that is mistyped, an unknown option or setting is answered with the one that was "
    "probably meant; a mistake in `blindspot.ini`, `rules.ini` or a file of claims with its line "
    "and "
    "a mark below the place in it.";

static const char examples[] = "# A first audit, from links and a donation package\n"
                               "export BLINDSPOT_CLIENT_KEY_FILE=~/.config/tiktok.key\n"
                               "export BLINDSPOT_CLIENT_SECRET_FILE=~/.config/tiktok.secret\n"
                               "blindspot init my-audit\n"
                               "cd my-audit\n"
                               "blindspot add ../links.txt ../donor-17.zip\n"
                               "blindspot plan\n"
                               "blindspot audit\n"
                               "\n"
                               "# Go on every night, until it is finished (exit code 0)\n"
                               "15 1 * * *  blindspot -C \"$HOME/my-audit\" -q audit\n"
                               "\n"
                               "# Why does this post have its label?\n"
                               "blindspot -C my-audit explain 7361448925972155679\n"
                               "\n"
                               "# Take in what a colleague collected, without asking anything\n"
                               "blindspot init theirs\n"
                               "blindspot -C theirs load --api replies.jsonl --asked ids.txt \\\n"
                               "    --at 2026-03-02T10:00:00Z\n"
                               "blindspot -C theirs load --pages pages.warc.gz\n"
                               "blindspot -C theirs report\n"
                               "\n"
                               "# The share that is missing, by label, from a script\n"
                               "blindspot -C my-audit status --json | jq .summary\n";

void help_manual(struct sheet *s)
{
    begin_man(s, "blindspot", "show what a platform's research API leaves out");
    buf_puts(s->out, ".Sh SYNOPSIS\n.Nm\n");
    for (const struct opt *o = app_options; o->kind != OPT_KIND_END; o++)
        synopsis_option(s, o);
    buf_puts(s->out, ".Ar COMMAND\n.Op Ar OPTIONS\n");
    sheet_section(s, "DESCRIPTION");
    sheet_prose(s, about);
    sheet_section(s, "OPTIONS");
    sheet_prose(s, "These stand before the command.");
    put_options(s, app_options);
    sheet_section(s, "COMMANDS");
    sheet_prose(s, "Each has a man page of its own, `blindspot-COMMAND`, and `blindspot help "
                   "COMMAND`.");
    put_commands(s);
    for (size_t i = 0; topic_at(i); i++) {
        sheet_section(s, topic_at(i)->title);
        topic_at(i)->put(s);
    }
    sheet_section(s, "EXAMPLES");
    sheet_lines(s, examples);
    see_also_man(s, NULL);
}
