/* cmd/cmd_figure.c: figures for print, one by one. */
#include <string.h>
#include "audit/monitor/site.h"
#include "audit/verdict/publish.h"
#include "base/nearest.h"
#include "cmd/cmd.h"

static struct {
    const char *format, *out;
    int64_t width;
} given = {
    .format = "svg,pdf,png",
    .width = FIGURE_WIDE,
};
static const struct opt options[] = {
    OPT_TEXT("format", &given.format, "svg,pdf,png", "one or several of these (default: all "
                                                     "three)"),
    OPT_INT("width", &given.width, "85|170", "millimetres on paper: one column, or both (default)"),
    OPT_TEXT("out", &given.out, "DIR", "where to (default: report/figures)"), OPT_END
};

static const char about[] =
    "Draws figures for print, with letters of 7 to 8 points at either width:\n\n"
#define FIGURE(id, name, make, shows) "`" #name "`: " shows ".\n\n"
#include "report/figure.def"
#undef FIGURE
    "PDFs carry their fonts, PNGs have 600 dots an inch, SVGs a title and a description. Beside "
    "them lie the data (NAME.tsv), the gnuplot script (NAME.gp) and the values in words "
    "(NAME.txt). Those of 85 mm are named NAME_85. What is there already, of the same data, is not "
    "drawn again.";

static int take_formats(struct figure_order *order, struct err *err)
{
    struct str rest = str_of(given.format), word;

    while (str_cut(&rest, ',', &word)) {
        int i = 0;

        while (i < PICTURES && !str_eq(str_trim(word), str_of(picture_names[i])))
            i++;
        if (i == PICTURES)
            return err_set(err, ERR_USAGE, "--format: expected svg, pdf or png, not \"%.*s\"",
                           STR_ARG(word));
        order->picture[i] = true;
    }
    return 0;
}

static int take_name(const char *word, struct figure_order *order, struct err *err)
{
    struct nearest near = nearest_to(str_of(word));
    struct buf names = { 0 };
    bool known = false;

    order->all = order->all || strcmp(word, "all") == 0;
    for (int i = 0; i < FIGURE_COUNT; i++) {
        if (strcmp(word, "all") == 0 || strcmp(word, figure_names[i]) == 0)
            known = order->figure[i] = true;
        nearest_offer(&near, str_of(figure_names[i]));
        buf_printf(&names, "%s%s", i ? ", " : "", figure_names[i]);
    }
    if (!known)
        err_set(err, ERR_USAGE, "there is no figure \"%s\": expected all, %s%s", word,
                buf_cstr(&names), nearest_hint(&near));
    buf_release(&names);
    return known ? 0 : -1;
}

static struct figure_order order;

static int prepare(struct app *app, struct err *err)
{
    if (given.width != FIGURE_NARROW && given.width != FIGURE_WIDE)
        return err_set(err, ERR_USAGE, "--width: expected %d or %d, not %lld", FIGURE_NARROW,
                       FIGURE_WIDE, (long long)given.width);
    order.width = (int)given.width;
    for (int k = 0; k < app->operands; k++)
        if (take_name(app->operand[k], &order, err))
            return -1;
    return take_formats(&order, err);
}

/* The figure of a watch list is made from its history, the others from the summary. */
static int draw(struct app *app, struct arena *mem, struct err *err)
{
    struct figure_order rest = order;
    enum series series;
    bool any = false;
    int rc;

    if (series_of(&app->audit, &series, err))
        return -1;
    if (series != SERIES_WATCH || !order.figure[FIGURE_WATCH])
        return publish_figures(&app->audit, given.out, &order, mem, err);
    rest.figure[FIGURE_WATCH] = false;
    for (int i = 0; i < FIGURE_COUNT; i++)
        any = any || rest.figure[i];
    rc = monitor_figure(&app->audit, given.out, &order, mem, err);
    if (rc == 0 && any)
        rc = publish_figures(&app->audit, given.out, &rest, mem, err);
    order = rest;
    order.figure[FIGURE_WATCH] = true;
    return rc;
}

static int run(struct app *app, struct err *err)
{
    struct arena mem = { 0 };
    int rc = draw(app, &mem, err);

    if (rc == 0) {
        buf_printf(&app->last, "wrote ");
        for (int i = 0; i < FIGURE_COUNT; i++)
            if (order.figure[i])
                buf_printf(&app->last, "%s%s ", figure_names[i],
                           order.width == FIGURE_WIDE ? "" : "_85");
        buf_printf(&app->last, "to %s%s", given.out ? given.out : app->dir,
                   given.out ? "" : "/report/figures");
    }
    arena_release(&mem);
    return rc;
}

const struct action cmd_figure = {
    .options = options, .about = about, .prepare = prepare, .run = run
};
