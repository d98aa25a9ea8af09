/* cmd/cmd_monitor_note.c: what people write beside a day of a watch list. */
#include <inttypes.h>
#include <string.h>
#include "base/json_out.h"
#include "base/log.h"
#include "base/utc.h"
#include "cmd/cmd.h"
#include "store/note.h"

#define NOTE_MAX 2000    // bytes

static struct { int64_t drop; bool json; } given;
static const struct opt options[] = {
    OPT_INT("drop", &given.drop, "N", "drop the note of this number"),
    OPT_FLAG("json", &given.json, "print the notes as JSON"), OPT_END
};
static const char about[] =
    "Writes a note beside a day: what the platform announced, what was changed here. The site "
    "shows it above the matrix of that day, in the list of events and in the feed. Without "
    "operands it lists the notes with their numbers.";
static int64_t day;

static int prepare(struct app *app, struct err *err)
{
    struct str text;
    int64_t at = 0;

    if (given.drop < 0 || (given.drop && app->operands))
        return err_set(err, ERR_USAGE, "monitor note: --drop takes the number of a note, and "
                                       "nothing else");
    if (app->operands == 1)
        return err_set(err, ERR_USAGE, "monitor note: expected a day and a text, as in "
                                       "`blindspot monitor note 2026-01-31 \"API down\"`");
    if (!app->operands) {
        app->need = given.drop ? NEED_WRITE : NEED_READ;
        return 0;
    }
    text = str_trim(str_of(app->operand[1]));
    if (utc_parse(str_of(app->operand[0]), &at, &(struct err){ 0 }))
        return err_set(err, ERR_USAGE, "monitor note: expected a day as 2026-01-31, not \"%.40s\"",
                       app->operand[0]);
    day = utc_day(at);
    if (!text.n || text.n > NOTE_MAX)
        return err_set(err, ERR_USAGE, "monitor note: expected a text of 1 to %d bytes, this has "
                                       "%zu", NOTE_MAX, text.n);
    return 0;
}

struct listing { struct json_out json; struct buf *out; };

static int list_one(void *to, const struct watch_note *note, struct err *err)
{
    struct listing *l = to;
    char date[UTC_TEXT_MAX];

    (void)err;
    if (!given.json) {
        buf_printf(l->out, "%4" PRId64 "  %s  ", note->n, utc_date(note->day, date));
        log_escape(l->out, note->text);
        buf_char(l->out, '\n');
        return 0;
    }
    json_open(&l->json, NULL);
    json_put_int(&l->json, "n", note->n);
    json_put_date(&l->json, "date", note->day);
    json_put_text(&l->json, "text", note->text);
    json_put_instant(&l->json, "made_at", note->made_at);
    json_close(&l->json);
    return 0;
}

static int list(struct app *app, struct err *err)
{
    struct listing l = { { .buf = &app->out, .style = JSON_COMPACT }, &app->out };

    if (given.json) {
        json_open(&l.json, NULL);
        json_open_list(&l.json, "notes");
    }
    if (store_notes(app->audit.store, list_one, &l, err))
        return -1;
    if (given.json) {
        json_close(&l.json);
        json_close(&l.json);
        buf_char(&app->out, '\n');
    }
    return 0;
}

static int run(struct app *app, struct err *err)
{
    struct store *s = app->audit.store;
    char date[UTC_TEXT_MAX];
    bool found = false;
    int64_t n = 0;

    if (given.drop) {
        if (store_note_drop(s, given.drop, &found, err))
            return -1;
        if (!found)
            return err_set(err, ERR_USAGE, "monitor note: there is no note %" PRId64, given.drop);
        log_info("note %" PRId64 " dropped", given.drop);
    } else if (app->operands) {
        if (store_note_put(s, day, str_trim(str_of(app->operand[1])), &n, err))
            return -1;
        log_info("note %" PRId64 " stands beside %s", n, utc_date(day, date));
    } else {
        return list(app, err);
    }
    return given.json ? list(app, err) : 0;
}

const struct action cmd_monitor_note = {
    .options = options, .about = about, .prepare = prepare, .run = run, .series = SERIES_WATCH
};
