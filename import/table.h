/* import/table.h: rows of cells, wherever they come from: which column holds the items, and
 * what each row gives.
 * Shape:   a first look at some rows (struct look) makes a plan; then all rows are pushed,
 *          cell by cell. A row gives its cell of the column; where that holds no item, the
 *          best other cell that is wholly a link or an id.
 * Source:  README.md, "Datasets". */
#ifndef IMPORT_TABLE_H
#define IMPORT_TABLE_H
#include "import/cell.h"
#include "import/collect.h"

enum { TABLE_COLUMNS = 1024, LOOK_ROWS = 200 };
struct cell {
    struct str text;
    enum cell_kind kind;
    struct link link;
};

struct table_plan {
    size_t column;                        // from 0
    size_t skip;                          // rows of titles before the first
    bool header;                          // the first row holds names
    bool named;                           // --column: no other cell is looked at
    bool provenance;                      // only places of collection were found
    char name[TABLE_NAME_MAX];            // of the column: its name, or its number from 1
    unsigned char rank[TABLE_COLUMNS];    // of the other columns; NEVER is not looked at
};
#define TABLE_NEVER 255

/* ---- the first rows ---- */
struct look_column {
    int64_t links, ids, spoiled, in_text;    // cells of that kind, in_text of those with an item
    int64_t odd;                             // ids that are hardly a post's
    struct endings endings;                  // of links and of all ids
};
struct look {
    int64_t now;
    size_t skip, skipped;        // rows of titles; those that went by
    size_t rows, even, width;    // even: rows as wide as the first
    size_t width_of[LOOK_ROWS];
    size_t first_item;
    bool has_item;               // the first row that holds a link or an id
    size_t at;                   // column of the row being read
    struct buf names;            // of row 0, each ended by NUL
    bool first_has_link, first_has_word;
    struct look_column column[TABLE_COLUMNS];
};
void look_init(struct look *, int64_t now);
void look_cell(struct look *, const struct cell *);
void look_row(struct look *);
void look_release(struct look *);
/* All looked at: a row of names that is shorter than the others, as R writes it, makes the
 * table no narrower. */
void look_end(struct look *);
/* How many narrow rows stand before a table, as titles do; 0 where it begins at once. */
size_t look_titles(const struct look *);
/* 1 and *plan where it is a table of items (is_table says that it is a table whatever its
 * cells hold), 0 where it is none. Errors: ERR_USAGE where opts.column is not there. */
MUST_CHECK int look_plan(const struct look *, bool is_table, const struct import_opts *,
                         struct table_plan *, struct err *);

/* ---- all rows ---- */
struct table {
    struct collector *in;
    struct table_plan plan;
    size_t at;    // column of the row being read
    size_t skipped;
    int64_t row;
    bool done;                 // this row has given something
    bool seen;                 // its cell of the column
    struct cell own, other;    // that cell; the best of the others, CELL_NOTHING none
    struct buf own_text;       // of CELL_IN_TEXT
    size_t other_at;
    int64_t rows, fell_back, gave_nothing;
};
void table_init(struct table *, struct collector *, const struct table_plan *);
/* The next cell of the row. */
MUST_CHECK int table_text(struct table *, struct str, struct err *);
/* The same for a cell that was read already: of a spreadsheet. */
MUST_CHECK int table_cell(struct table *, const struct cell *, struct err *);
MUST_CHECK int table_row(struct table *, struct err *);
void table_end(struct table *);    // says which column it was, and what rows gave
void table_release(struct table *);
#endif
