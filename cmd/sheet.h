/* cmd/sheet.h: a page of help, told once and put on paper in two ways: as text for a terminal, or
 * as the source of a man page (mdoc, which mandoc and groff set).
 *
 * Marks:     `code` is bold in a man page, and stands in backticks in text. {NAME} is a word that
 *            stands for a value: italic, and bare in text.
 * Prose:     a paragraph may be of any length and holds no line end; a blank line ends it. */
#ifndef CMD_SHEET_H
#define CMD_SHEET_H
#include <stdbool.h>
#include "base/str.h"

enum sheet_form { SHEET_TEXT, SHEET_MAN };
struct sheet_entry {
    struct buf tag, text;
};
struct sheet {
    struct buf *out;
    enum sheet_form form;
    size_t width;    // of text, in columns
    bool begun;      // something stands below the title already
    struct sheet_entry *entry;
    size_t n, cap;
};
/* Text is as wide as the terminal that stdout is, between 60 and 100 columns; else 80. */
void sheet_begin(struct sheet *, enum sheet_form, struct buf *out);
void sheet_release(struct sheet *);
void sheet_section(struct sheet *, const char *title);    // "EXIT STATUS"; in text "Exit status:"
void sheet_part(struct sheet *, const char *title);       // within a section
void sheet_prose(struct sheet *, const char *text);
void sheet_lines(struct sheet *, const char *text);       // as they are, indented
/* What a tag means, in a list: gathered until sheet_list puts them down side by side. */
void sheet_entry(struct sheet *, const char *tag, const char *text);
void sheet_list(struct sheet *);
/* Text without its marks, or as mdoc has it, in one line. */
void sheet_inline(enum sheet_form, struct str text, struct buf *out);
#endif
