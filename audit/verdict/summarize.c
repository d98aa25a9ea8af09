/* audit/verdict/summarize.c: fills a summary from the store, then lets report/
 * write it. Nothing here reads the clock. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "audit/turn/plan.h"
#include "audit/verdict/summarize.h"
#include "base/file.h"
#include "base/log.h"
#include "base/utc.h"
#include "classify/rule.h"
#include "record/id.h"
#include "record/seed.h"
#include "report/report.h"
#include "report/summary.h"
#include "report/waterfall.h"

#define KNOWN_MISSING 1               // public, and missing
#define KNOWN_RETRIEVED 2
#define DONOR_DRAWS 1000
struct donor { int64_t source, missing, retrieved; };

struct filling {
    struct audit *audit;
    struct summary *s;
    struct arena *mem;
    const struct account_table *accounts;
    struct str *handle;               // by account: of its first item
    bool *excluded;                   // by account: an item of it bears that label
    uint8_t *known;                   // by item: KNOWN_*; NULL where no donation came in
    struct donor *donor; size_t donors, donor_cap;
    size_t cap;                       // of the array that grows now
};

static void take_setting(void *to, const char *name, const char *value)
{
    struct filling *f = to;
    struct summary *s = f->s;

    /* Where the run went and how fast is no part of the result. */
    if (!strcmp(name, "api.quota") || !strcmp(name, "net.ca_file") || strstr(name, "base_url") ||
        strstr(name, "short_url") || strstr(name, "_per_second") || strstr(name, "concurrency"))
        return;
    s->setting[s->settings++] = (struct setting_row){ arena_dup(f->mem, str_of(name)),
                                                      arena_dup(f->mem, str_of(value)) };
}

static void fill_settings(struct filling *f)
{
    size_t most = 0;

#define SETTING(section, key, type, dflt, help) most++;
#include "record/settings.def"
#undef SETTING
    f->s->setting = arena_alloc(f->mem, most * sizeof *f->s->setting);
    settings_each(&f->audit->set, take_setting, f);
}

static void fill_rules(struct filling *f)
{
    struct summary *s = f->s;
    size_t n = rules_len(f->audit->rules);

    s->rule = arena_alloc(f->mem, (n ? n : 1) * sizeof *s->rule);
    for (size_t i = 0; i < n; i++) {
        const struct rule *r = rules_at(f->audit->rules, i);
        char text[UTC_TEXT_MAX];

        s->rule[i] = (struct rule_row){
            .name = arena_dup(f->mem, r->name), .source = arena_dup(f->mem, r->source),
            .label = r->label, .reason = r->reason, .basis = r->basis,
        };
        if (r->since > INT64_MIN)
            s->rule[i].since = arena_dup(f->mem, str_of(utc_date(r->since, text)));
        if (r->until < INT64_MAX)
            s->rule[i].until = arena_dup(f->mem, str_of(utc_date(r->until, text)));
    }
    s->rules = n;
}

static int count_day(void *to, const struct day_row *row, struct err *err)
{
    struct filling *f = to;
    struct summary *s = f->s;
    struct timeline_day *day;

    (void)err;
    s->request[row->witness].requests += row->requests;
    s->request[row->witness].sends += row->sends;
    s->request[row->witness].failed += row->failed;
    if (!s->days || s->day[s->days - 1].day != row->day) {
        if (s->days == f->cap) {
            struct timeline_day *old = s->day;

            f->cap = f->cap ? 2 * f->cap : 64;
            s->day = arena_alloc(f->mem, f->cap * sizeof *s->day);
            if (s->days)
                memcpy(s->day, old, s->days * sizeof *old);
        }
        s->day[s->days++] = (struct timeline_day){ .day = row->day };
    }
    day = &s->day[s->days - 1];
    if (row->witness == WITNESS_PAGE) {
        day->pages += row->requests;
    } else if (row->witness == WITNESS_QUERY) {
        day->requests += row->requests;
        day->asked += row->asked;
        day->found += row->found;
    }
    return 0;
}

static int take_drift(void *to, const struct tally_row *row, struct err *err)
{
    struct filling *f = to;
    struct summary *s = f->s;

    (void)err;
    if (!strncmp(row->kind.p ? row->kind.p : "", "skipped", row->kind.n))
        return 0;
    if (s->drifts == f->cap) {
        struct drift_row *old = s->drift;

        f->cap = f->cap ? 2 * f->cap : 64;
        s->drift = arena_alloc(f->mem, f->cap * sizeof *s->drift);
        if (s->drifts)
            memcpy(s->drift, old, s->drifts * sizeof *old);
    }
    s->drift[s->drifts++] = (struct drift_row){ arena_dup(f->mem, row->kind),
                                                arena_dup(f->mem, row->name), row->count,
                                                row->first_at, row->last_at };
    return 0;
}

/* ---- labels ---- */

static void take_label(struct filling *f, const struct label_row *l, const struct item_row *row)
{
    /* Not the label's own number: a purge leaves other accounts than there were. */
    int64_t account = account_of(f->accounts->graph, l->item);
    const struct account_stat *a = account_table_find(f->accounts, account);

    if (a && !f->handle[account].n)
        f->handle[account] = arena_dup(f->mem, l->handle);
    if (a && l->label == LABEL_EXCLUDED_ACCOUNT)
        f->excluded[account] = true;
    if (f->known)
        f->known[l->item] = l->state == STATE_RETRIEVED ? KNOWN_RETRIEVED
            : l->state == STATE_MISSING && waterfall_group(l) == NODE_PUBLIC ? KNOWN_MISSING : 0;
    summary_take(f->s, l, row->sampled, a && a->retrieved > 0);
}

static int take_labels(struct filling *f, struct err *err)
{
    struct label_cursor *labels = NULL;
    struct item_cursor *items = NULL;
    struct label_row l;
    struct item_row row;
    int got = -1;

    if (store_labels(f->audit->store, &labels, err) ||
        store_items(f->audit->store, ITEMS_ALL, 0, &items, err))
        goto out;
    while ((got = label_cursor_next(labels, &l, err)) > 0) {
        do
            got = item_cursor_next(items, &row, err);
        while (got > 0 && row.id < l.id);
        if (got < 0)
            break;
        take_label(f, &l, &row);
    }
out:
    item_cursor_close(items);
    label_cursor_close(labels);
    return got;
}

/* ---- donors: a donation is one donor's ---- */

static int take_range(void *to, int64_t source, int64_t first, int64_t last, struct err *err)
{
    struct filling *f = to;
    struct donor *d;

    (void)err;
    if (!f->donors || f->donor[f->donors - 1].source != source) {
        if (f->donors == f->donor_cap) {
            f->donor_cap = f->donor_cap ? 2 * f->donor_cap : 64;
            f->donor = xrealloc(f->donor, f->donor_cap * sizeof *f->donor);
        }
        f->donor[f->donors++] = (struct donor){ .source = source };
    }
    d = &f->donor[f->donors - 1];
    for (int64_t i = first; i <= last; i++) {
        d->missing += f->known[i] == KNOWN_MISSING;
        d->retrieved += f->known[i] == KNOWN_RETRIEVED;
    }
    return 0;
}

/* The mean of n shares drawn with replacement; the same draws for the same seed. */
static double draw_mean(const double *share, size_t n, uint64_t salt)
{
    double sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += share[mix64(salt + i) % n];
    return sum / (double)n;
}

/* Donors with nothing public have no share. One donor has no spread to speak of. */
static void conclude_donors(struct filling *f)
{
    struct summary *s = f->s;
    double is_public = s->headline.sampled
                           ? (double)s->headline.sampled_public / (double)s->headline.sampled
                           : 1;
    double *share = xcalloc(f->donors ? f->donors : 1, sizeof *share),
           *mean = xcalloc(DONOR_DRAWS, sizeof *mean);
    double sum = 0;
    size_t n = 0;

    for (size_t i = 0; i < f->donors; i++) {
        double all = (double)f->donor[i].missing + is_public * (double)f->donor[i].retrieved;

        if (all > 0)
            sum += share[n++] = (double)f->donor[i].missing / all;
    }
    if (n > 1) {
        uint64_t seed = digest_rank(buf_view(&f->audit->seed), SEED_DONORS);

        for (uint64_t k = 0; k < DONOR_DRAWS; k++)
            mean[k] = draw_mean(share, n, mix64(seed ^ mix64(k)));
        s->donors = (struct donors){
            .has = true,
            .donors = (int64_t)n,
            .mean = sum / (double)n,
            .interval = { stat_quantile(mean, DONOR_DRAWS, 0.025),
                          stat_quantile(mean, DONOR_DRAWS, 0.975) },
        };
    }
    free(share);
    free(mean);
}

static int fill_donors(struct filling *f, struct err *err)
{
    if (!f->known)
        return 0;
    if (store_source_items(f->audit->store, "donation", take_range, f, err))
        return -1;
    conclude_donors(f);
    return 0;
}

static void take_accounts(struct filling *f)
{
    for (size_t i = 1; i < f->accounts->n; i++) {
        const struct account_stat *a = &f->accounts->v[i];
        struct account_row row = {
            .handle = f->handle[i],
            .items = a->items,
            .asked = a->asked,
            .retrieved = a->retrieved,
            .trials = a->trials,
            .chance = isnan(a->chance) ? -1 : a->chance,
            .q = isnan(a->q) ? -1 : a->q,
            .info = a->info,
            .query_ok = a->query_ok,
            .query_rows = a->query_rows,
            .canada = a->public_items ? (double)a->canada / (double)a->public_items : -1,
        };

        row.verdict = a->retrieved                           ? ACCOUNT_RETURNED
                      : a->trials < f->s->accounts.min_items ? ACCOUNT_TOO_FEW
                      : f->excluded[i]                       ? ACCOUNT_EXCLUDED
                                                             : ACCOUNT_CHANCE;
        summary_account(f->s, &row);
    }
}

/* ---- what is open, by reason, and when it can be decided ---- */

static void fill_due(struct filling *f)
{
    static const enum reason open[] = { REASON_TOO_RECENT, REASON_UNOBSERVED, REASON_UNCONFIRMED,
                                        REASON_NOT_ASKED };
    struct summary *s = f->s;

    s->due = arena_alloc(f->mem, sizeof open / sizeof *open * sizeof *s->due);
    for (size_t i = 0; i < sizeof open / sizeof *open; i++)
        if (s->reason[open[i]])
            s->due[s->dues++] = (struct due_row){ .reason = open[i], .count = s->reason[open[i]] };
}

static int date_recent(struct filling *f, struct err *err)
{
    struct label_cursor *labels = NULL;
    struct label_row l;
    int got;

    if (!f->s->reason[REASON_TOO_RECENT])
        return 0;
    if (store_labels(f->audit->store, &labels, err))
        return -1;
    while ((got = label_cursor_next(labels, &l, err)) > 0)
        for (size_t i = 0; l.reason == REASON_TOO_RECENT && i < f->s->dues; i++) {
            struct due_row *due = &f->s->due[i];
            int64_t born = l.created_at > id_time(l.id) ? l.created_at : id_time(l.id);
            int64_t at = due_by_age(born, &f->audit->set);

            if (due->reason != REASON_TOO_RECENT)
                continue;
            due->first_at = !due->first_at || at < due->first_at ? at : due->first_at;
            due->last_at = at > due->last_at ? at : due->last_at;
        }
    label_cursor_close(labels);
    return got;
}

static int fill_numbers(struct filling *f, struct err *err)
{
    struct store_totals totals;
    char hex[DIGEST_HEX];

    if (store_totals(f->audit->store, &totals, err))
        return -1;
    f->s->mem = f->mem;
    f->s->audit = arena_dup(f->mem, buf_view(&f->audit->name));
    f->s->tool = arena_printf(f->mem, "blindspot %s", BLINDSPOT_VERSION);
    f->s->rules_digest = arena_dup(f->mem, str_of(digest_hex(&f->audit->rules_digest, hex)));
    f->s->waterfall.n[NODE_ITEMS] = totals.items;
    f->s->first_answer_at = totals.first_answer_at;
    f->s->newest_answer_at = totals.newest_answer_at;
    f->s->accounts.min_items = f->audit->set.account_min_items;
    fill_settings(f);
    fill_rules(f);
    f->cap = 0;
    if (plan_phases(f->audit, &f->s->phases, err) || store_days(f->audit->store, count_day, f, err))
        return -1;
    f->cap = 0;
    return store_tallies(f->audit->store, NULL, take_drift, f, err);
}

static int fill_fields(struct filling *f, struct err *err)
{
    struct diff_result r;

    if (relabel_diff_each(f->audit, false, NULL, NULL, &r, err))
        return -1;
    for (int i = 0; i < FIELD_COUNT; i++) {
        f->s->field[i][VERDICT_EQUAL] = r.field[i].equal;
        f->s->field[i][VERDICT_WITHIN] = r.field[i].within;
        f->s->field[i][VERDICT_DIFFERS] = r.field[i].differs;
        f->s->field[i][VERDICT_API_ONLY] = r.field[i].api_only;
        f->s->field[i][VERDICT_PAGE_ONLY] = r.field[i].page_only;
    }
    return 0;
}

static void fill_checks(struct summary *s, const struct view *view)
{
    struct leftover l = losses_leftover(view_losses(view));
    struct spot_sum spots = view_spot_sum(view);

    s->checks = (struct checks){ .spot_asked = spots.asked,
                                 .spot_back = spots.back,
                                 .n2 = l.n2,
                                 .n3 = l.n3,
                                 .left = l.n2 ? l.left : -1,
                                 .left_upper = l.n2 ? l.upper : -1 };
    /* Two-sided 90 % gives the one-sided 95 % limit. */
    s->checks.spot_upper = stat_clopper_pearson(spots.back, spots.asked, 0.90).high;
}

static void keep_window_day(struct batches *b, const struct window_day *p, double mean)
{
    struct window_day_row row = { p->day, p->start_day, p->seen.lost, p->seen.kept };
    size_t at = b->bad;

    if (belief_local(mean, &p->seen) <= mean)
        return;
    while (at > 0 && (b->window_day[at - 1].lost < row.lost ||
                      (b->window_day[at - 1].lost == row.lost &&
                       (b->window_day[at - 1].day > row.day ||
                        (b->window_day[at - 1].day == row.day &&
                         b->window_day[at - 1].start_day > row.start_day)))))
        at--;
    if (at == WINDOW_DAY_ROWS)
        return;
    b->bad += b->bad < WINDOW_DAY_ROWS;
    memmove(b->window_day + at + 1, b->window_day + at, (b->bad - at - 1) * sizeof *b->window_day);
    b->window_day[at] = row;
}

static void fill_window_days(struct batches *b, const struct losses *losses)
{
    double mean = losses_swallow(losses);
    struct window_day on;
    size_t at = 0;

    b->window_days = (int64_t)losses_window_days(losses);
    while (losses_next_window_day(losses, &at, &on))
        keep_window_day(b, &on, mean);
}

static void fill_batches(struct summary *s, const struct view *view)
{
    const struct belief *belief = losses_belief(view_losses(view));
    static const char *const beside[FORENSIC_COUNT] = {
        [FORENSIC_DEAD] = "not_public", [FORENSIC_NEVER] = "never_returned"
    };
    struct batches *b = &s->batches;

    for (int c = 0; c < MAKE_UPS; c++) {
        const struct loss_tally *seen = &belief->seen[c];
        const struct swallow *loss = &belief->make_up[c];

        if (seen->lost + seen->kept > 0)
            b->row[b->len++] = (struct batch_row){ mates_name(make_up_mates(c)),
                                                   belief_size_name(make_up_size(c)),
                                                   make_up_never(c),
                                                   seen->lost,
                                                   seen->kept,
                                                   belief->mean[c],
                                                   { swallow_quantile(loss, 0.025),
                                                     swallow_quantile(loss, 0.975) } };
    }
    for (int k = 0; k < FORENSIC_COUNT; k++) {
        const struct forensic *f = view_forensic(view, k);

        b->forensic[k] = (struct forensic_row){ beside[k], f->batches,   f->canaries,
                                                f->lost,   f->recovered, f->recovered_lost };
    }
    fill_window_days(b, view_losses(view));
}

static void fill_late(struct summary *s, const struct late *late)
{
    s->late_drawn_at = late->drawn_at;
    for (int check = 0; check < LATE_CHECKS; check++)
        s->lates += late_sum(late, check, &s->late[s->lates]);
}

static void fill_outages(struct filling *f, const struct view *view)
{
    const struct outages *outages = view_outages(view);
    struct summary *s = f->s;

    s->outages = outages->n;
    s->outage = arena_alloc(f->mem, (s->outages ? s->outages : 1) * sizeof *s->outage);
    for (size_t i = 0; i < s->outages; i++) {
        const struct outage *v = &outages->v[i];

        s->outage[i] = (struct outage_row){ v->from, v->to, v->requests, v->open };
    }
}

int summarize(struct audit *audit, struct arena *mem, struct summary *s, struct err *err)
{
    struct filling f = { .audit = audit, .s = s, .mem = mem };
    const struct view *view = NULL;
    int64_t donations = 0;
    int rc = -1;

    memset(s, 0, sizeof *s);
    if (fill_numbers(&f, err) || fill_fields(&f, err) || audit_view_hold(audit, &view, err))
        return -1;
    if (relabel_accounts(audit, view, &f.accounts, err))
        goto out;
    f.handle = xcalloc(f.accounts->n, sizeof *f.handle);
    f.excluded = xcalloc(f.accounts->n, sizeof *f.excluded);
    fill_checks(s, view);
    fill_batches(s, view);
    s->headline.wrong_interval = losses_wrong(view_losses(view));
    fill_late(s, view_late(view));
    fill_outages(&f, view);
    s->accounts.rate = isnan(f.accounts->model.b) ? 0 : f.accounts->model.b;
    s->accounts.rho = isnan(f.accounts->model.rho) ? 0 : f.accounts->model.rho;
    if (store_count_sources(audit->store, "donation", &donations, err))
        goto out;
    if (donations > 1)
        f.known = xcalloc((uint64_t)view_max_item(view) + 1, sizeof *f.known);
    if (take_labels(&f, err) || fill_donors(&f, err))
        goto out;
    take_accounts(&f);
    fill_due(&f);
    if (date_recent(&f, err))
        goto out;
    rc = summary_finish(s, err);
out:
    free(f.handle);
    free(f.excluded);
    free(f.known);
    free(f.donor);
    audit_view_let(audit, view);
    return rc;
}

/* ---- report/ ---- */

static int next_label(void *from, struct label_row *row, struct err *err)
{
    int got = label_cursor_next(from, row, err);

    return got == 1 && label_cursor_evidence(from, &row->evidence, err) ? -1 : got;
}

static int write_labels(struct audit *audit, const char *dir, const struct report_opts *o,
                        struct err *err)
{
    char *path = file_join(dir, "labels.csv");
    struct label_cursor *cursor = NULL;
    struct label_source source = { .next = next_label };
    struct csv_out csv = { .raw = o->raw };
    struct file_out file;
    int rc = -1;

    if (store_labels(audit->store, &cursor, err))
        goto out;
    source.from = cursor;
    if (file_create(&file, path, err))
        goto out;
    csv.f = file.f;
    if (report_labels_csv(&csv, &source, err)) {
        file_abandon(&file);
        goto out;
    }
    rc = file_close(&file, err);
out:
    label_cursor_close(cursor);
    free(path);
    return rc;
}

static int write_differences(struct audit *audit, const char *dir, const struct report_opts *o,
                             struct err *err)
{
    char *path = file_join(dir, "differences.csv");
    struct csv_out csv = { .raw = o->raw, .all = o->all };
    struct diff_result ignored;
    struct file_out file;
    int rc = -1;

    if (file_create(&file, path, err))
        goto out;
    csv.f = file.f;
    if (report_differences_begin(&csv, err) ||
        (o->all ? relabel_diff_each(audit, true, report_differences_put, &csv, &ignored, err)
                : store_gaps(audit->store, report_differences_put, &csv, err))) {
        file_abandon(&file);
        goto out;
    }
    rc = file_close(&file, err);
out:
    free(path);
    return rc;
}

static int write_summary(const char *dir, const struct summary *s, struct err *err)
{
    char *path = file_join(dir, "summary.json");
    struct buf out = {0};
    int rc;

    report_summary_json(&out, s);
    rc = file_write(path, buf_view(&out), err);
    buf_release(&out);
    free(path);
    return rc;
}

static int write_page(const char *dir, const struct summary *s, const char *figures,
                      struct err *err)
{
    char *path = file_join(dir, "index.html");
    struct buf page = {0};
    int rc = report_html(&page, s, figures, err);

    if (rc == 0)
        rc = file_write(path, buf_view(&page), err);
    buf_release(&page);
    free(path);
    return rc;
}

int summarize_report(struct audit *audit, const struct report_opts *o, struct arena *mem,
                     struct summary *s, struct err *err)
{
    char *dir = file_join(audit->dir, "report"), *figures = file_join(dir, "figures");
    bool drawn = report_have_gnuplot();
    int rc = -1;

    if (relabel_if_stale(audit, err) || summarize(audit, mem, s, err) ||
        file_mkdirs(figures, err) || write_labels(audit, dir, o, err) ||
        write_differences(audit, dir, o, err) || write_summary(dir, s, err))
        goto out;
    if (!drawn)
        log_warn(
            "gnuplot is missing: the figures' data and scripts are written, the pictures are not");
    if (drawn && report_figures(dir, s, err))
        goto out;
    rc = write_page(dir, s, drawn ? figures : NULL, err);
out:
    free(figures);
    free(dir);
    return rc;
}
