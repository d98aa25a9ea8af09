/* cmd/cmd_doctor.c: would the next run work? One line each. */
#include <inttypes.h>
#include "audit/keep/doctor.h"
#include "base/json_out.h"
#include "base/log.h"
#include "cmd/cmd.h"

static struct { bool offline, json; } given;
static const struct opt options[] = {
    OPT_FLAG("offline", &given.offline, "ask neither the API nor the site: nothing is sent"),
    OPT_FLAG("json", &given.json, "print the result as JSON"),
    OPT_END
};
static const char about[] =
    "What would keep the next run from working, one line each with what to do about it: settings, "
    "rules, the folder, the store and its lock, the archive's files, key and secret (never "
    "printed), the quota, whether either side can be reached, this machine's clock beside the "
    "server's, gnuplot, the versions of libraries.\n\n"
    "The API is asked once, for a token, which is not charged, and the site for one page, which is "
    "not kept; with `--offline` nothing is sent. The exit code is that of a run that starts now: 0 "
    "where nothing would end it.";

static void put_json(const struct doctor_report *r, struct buf *out)
{
    struct json_out j = { .buf = out, .style = JSON_COMPACT };

    json_open(&j, NULL);
    json_open_list(&j, "checks");
    for (int c = 0; c < DOCTOR_COUNT; c++) {
        json_open(&j, NULL);
        json_put_word(&j, "name", doctor_check_name((enum doctor_check)c));
        json_put_word(&j, "level", doctor_level_name(r->of[c].level));
        json_put_text(&j, "is", r->of[c].is);
        json_put_text(&j, "do", r->of[c].todo);
        json_close(&j);
    }
    json_close(&j);
    for (int l = 0; l < LEVEL_COUNT; l++)
        json_put_int(&j, doctor_level_name((enum doctor_level)l), r->count[l]);
    json_open(&j, "requests");
    json_put_int(&j, "api", r->api_requests);
    json_put_int(&j, "page", r->page_requests);
    json_close(&j);
    json_put_int(&j, "exit", doctor_exit_code(r));
    json_close(&j);
    buf_char(out, '\n');
}

/* Texts of files and servers may stand in it. */
static void put_text(const struct doctor_report *r, struct buf *out)
{
    for (int c = 0; c < DOCTOR_COUNT; c++) {
        const struct doctor_finding *f = &r->of[c];

        buf_printf(out, "%-5s %-10s ", f->level == LEVEL_LEFT_OUT ? "-" :
                   doctor_level_name(f->level), doctor_check_name((enum doctor_check)c));
        log_escape(out, f->is);
        if (f->todo.n)
            buf_printf(out, "; %.*s", STR_ARG(f->todo));
        buf_char(out, '\n');
    }
}

static int run(struct app *app, struct err *err)
{
    struct arena mem = { 0 };
    struct doctor_report report;

    (void)err;
    doctor_run(app->dir, &app->sets, given.offline, &mem, &report);
    if (given.json)
        put_json(&report, &app->out);
    else
        put_text(&report, &app->out);
    app->code = doctor_exit_code(&report);
    if (report.count[LEVEL_FAIL])
        buf_printf(&app->last, COUNTED " would end the next run",
                   COUNT_OF(report.count[LEVEL_FAIL], "thing", "things"));
    else if (report.count[LEVEL_LEFT_OUT])
        buf_printf(&app->last, "nothing of what was looked at would end the next run");
    else
        buf_printf(&app->last, "nothing would end the next run");
    arena_release(&mem);
    return 0;
}

const struct action cmd_doctor = { .options = options, .about = about, .run = run };
