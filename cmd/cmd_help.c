/* cmd/cmd_help.c: what the program can do, a command, a topic or a setting, and the man pages. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/file.h"
#include "cmd/help.h"
#include "record/settings.h"

static struct { bool man; const char *pages; } given;
static const struct opt options[] = {
    OPT_FLAG("man", &given.man, "print it as the source of a man page: of blindspot or of a "
                                "command"),
    OPT_TEXT("pages", &given.pages, "DIR", "write all man pages into that folder"),
    OPT_END
};
static const char about[] =
    "Prints what there is to know of a command, of a topic, of the settings of a section (`help "
    "api`) "
    "or of one setting (`help api.batch`). Without a word it lists commands and topics.\n\n"
    "The man pages are the same texts: `blindspot help --man audit | man -l -`.";

static const struct topic *find_topic(const char *name, struct nearest *near)
{
    for (size_t i = 0; topic_at(i); i++) {
        nearest_offer(near, str_of(topic_at(i)->name));
        if (!strcmp(topic_at(i)->name, name))
            return topic_at(i);
    }
    return NULL;
}

/* Settings are offered by their whole names, so that one that is near does not hide a command. */
static void offer_settings(struct nearest *near)
{
    const struct setting_info *info;
    char name[NEAREST_MAX + 1];

    for (size_t i = 0; (info = setting_at(i)); i++) {
        snprintf(name, sizeof name, "%s.%s", info->section, info->key);
        nearest_offer(near, str_of(name));
    }
}

static int help_of(struct sheet *s, const char *word, struct err *err)
{
    struct nearest near;
    const struct command *c = command_find(word, &near);
    const struct topic *t = c ? NULL : find_topic(word, &near);

    if (c) {
        help_command(s, c);
        return 0;
    }
    if (t && !given.man) {
        sheet_section(s, t->title);
        t->put(s);
        return 0;
    }
    if (!given.man && topic_setting(s, word))
        return 0;
    offer_settings(&near);
    return err_set(err, ERR_USAGE, "there is no help for \"%.60s\"%s", word,
                   near.best[0] ? nearest_hint(&near) : "; `blindspot help` lists what there is");
}

/* c NULL: of the program. */
static int write_page(const struct command *c, struct err *err)
{
    struct buf name = { 0 }, text = { 0 };
    struct sheet sheet;
    char *path;
    int rc;

    sheet_begin(&sheet, SHEET_MAN, &text);
    if (c)
        help_command(&sheet, c);
    else
        help_manual(&sheet);
    if (c)
        help_page_name(c, &name);
    else
        buf_puts(&name, "blindspot");
    buf_puts(&name, ".1");
    path = file_join(given.pages, buf_cstr(&name));
    rc = file_write(path, buf_view(&text), err);
    free(path);
    sheet_release(&sheet);
    buf_release(&text);
    buf_release(&name);
    return rc;
}

static int write_pages(struct err *err)
{
    if (file_mkdirs(given.pages, err) || write_page(NULL, err))
        return -1;
    for (size_t i = 0; command_at(i); i++)
        if (write_page(command_at(i), err))
            return -1;
    return 0;
}

static int run(struct app *app, struct err *err)
{
    struct sheet sheet;
    struct buf word = { 0 };
    int rc = 0;

    if (given.pages)
        return write_pages(err);
    sheet_begin(&sheet, given.man ? SHEET_MAN : SHEET_TEXT, &app->out);
    for (int i = 0; i < app->operands; i++)
        buf_printf(&word, "%s%s", i ? " " : "", app->operand[i]);
    if (app->operands)
        rc = help_of(&sheet, buf_cstr(&word), err);
    else
        (given.man ? help_manual : help_program)(&sheet);
    sheet_release(&sheet);
    buf_release(&word);
    return rc;
}

static int prepare(struct app *app, struct err *err)
{
    if (given.pages && (app->operands || given.man))
        return err_set(err, ERR_USAGE, "help: --pages goes with nothing else");
    return 0;
}

const struct action cmd_help = {
    .options = options, .about = about, .prepare = prepare, .run = run
};
