/* import/readers.h: the ways of reading, one per kind of file, and how the
 * kind is found. Each *_reader fills a struct reader (import/collect.h) that
 * owns its memory until free; *_shape and *_sniff look at the first bytes alone. */
#ifndef IMPORT_READERS_H
#define IMPORT_READERS_H
#include "import/utf16.h"
#include "import/table.h"

/* ---- lines: pushed bytes cut at line ends; for readers ---- */
#define LINE_LEN_MAX (1u << 20)
struct lines {
    struct buf carry;          // the beginning of a line whose end is still to come
    bool dropping;             // a line longer than LINE_LEN_MAX without a blank
    int64_t too_long;          // such lines so far
    int (*line)(void *to, struct str line, struct err *);    // no line end in it
    void *to;
};
MUST_CHECK int lines_feed(struct lines *, struct str piece, struct err *);
MUST_CHECK int lines_end(struct lines *, struct err *);

/* ---- list.c: links or ids in lines; # begins a comment line ---- */
void list_reader(struct reader *, struct collector *);

/* ---- csv.c ---- */
struct csv_plan {
    char delim;
    struct table_plan table;
};
/* 1 and *plan where text (the first bytes of a file, or all of it) is CSV, 0
 * where it is not. Errors: ERR_USAGE where opts.column is not there. */
MUST_CHECK int csv_sniff(struct str text, bool whole, const struct import_opts *, struct csv_plan *,
                         struct err *);
void csv_reader(struct reader *, struct collector *, const struct csv_plan *);

/* ---- creators.c: tables of creators, where sink.seen is set ---- */
struct creators_plan {
    char delim;
    bool has_names;                            // the first row holds names
    size_t handle, author, at, place, post;    // columns; CSV_COLUMNS_MAX: there is none
};
/* 1 and *plan where the first line of text names a column of handles, or opts.column does;
 * else 0. Errors: ERR_USAGE where opts.column is not there. */
MUST_CHECK int creators_sniff(struct str text, const struct import_opts *, struct creators_plan *,
                              struct err *);
void creators_reader(struct reader *, struct collector *, const struct creators_plan *);

/* ---- dataset.c: any JSON; --key names where links stand ---- */
void dataset_reader(struct reader *, struct collector *, bool lines);

/* ---- posts_reader.c: posts as other tools list them (import/posts.h) ---- */
void posts_reader(struct reader *, struct collector *, bool lines);

/* ---- donation.c: donation packages ---- */
enum txt_shape { TXT_OTHER = 0, TXT_LINKS, TXT_PRIVATE /* a section without links: never read */ };
enum txt_shape donation_txt_shape(struct str text);
bool donation_json_shape(struct str text);
void donation_json_reader(struct reader *, struct collector *, bool lines);
void donation_txt_reader(struct reader *, struct collector *);

/* ---- sniff.c: pushed bytes, whatever they are ---- */
enum feeder_kind {
    FEEDER_NONE = 0,
    FEEDER_LIST,
    FEEDER_CSV,
    FEEDER_CREATORS,
    FEEDER_JSON,
    FEEDER_JSONL,
    FEEDER_POSTS,
    FEEDER_DONATION,
    FEEDER_ZIP /* nothing is read here: for package.c */
};
#define SNIFF_MAX (256u * 1024)
struct feeder {
    struct collector *in;
    const char *name;            // for sentences and, where content leaves it open, its ending
    struct buf prefix;           // until the kind is known
    struct buf text;             // UTF-16 made UTF-8
    enum { ENCODING_OPEN = 0, ENCODING_8, ENCODING_16 } encoding;
    struct utf16 utf16;
    enum feeder_kind kind;
    struct reader reader;
};
void feeder_init(struct feeder *, struct collector *, const char *name);
MUST_CHECK int feeder_feed(struct feeder *, struct str piece, struct err *);
MUST_CHECK int feeder_end(struct feeder *, struct err *);
void feeder_release(struct feeder *);
bool zip_shape(struct str text);
#define FOR_PAGES "is an archive of pages: they go to `load --pages`"

/* ---- package.c: a ZIP, streamed, nothing written to disk ----
 * fd is seekable. *kind is "donation", "xlsx" or "zip". */
MUST_CHECK int package_read(struct collector *, int fd, const char **kind, struct err *);

/* ---- xlsx.c: a spreadsheet, which is a ZIP of XML ----
 * member: the names of the archive's members, in their order; "" is not read. */
bool xlsx_shape(const char *member_name);    // a member that only a workbook has
struct unzip;
MUST_CHECK int xlsx_read(struct collector *, struct unzip *, const char *const *member, size_t len,
                         struct err *);
#endif
