/* base/opt.h: option tables, and what is made from them: the parser, the --help, the
 * completions and the man pages.
 * Long options, "--name VALUE" or "--name=VALUE", flags "--name"; one letter where short_name is
 * set; -h is --help; "--" ends options; "-" is an operand.
 * The word for a value says what may stand there: "csv|jsonl" is one of these words and
 * "svg,pdf,png" some of them, which the parser holds it to; FILE and DIR are names of such, N a
 * whole number. */
#ifndef BASE_OPT_H
#define BASE_OPT_H
#include <stdbool.h>
#include <stdint.h>
#include "base/err.h"
#include "base/str.h"

enum opt_kind { OPT_KIND_END = 0, OPT_KIND_FLAG, OPT_KIND_TEXT, OPT_KIND_INT, OPT_KIND_LIST };
struct opt_list { const char **v; size_t n, cap; };    // repeated option; opt_list_release frees v
struct opt {
    enum opt_kind kind;
    const char *name;       // without dashes
    char short_name;        // 0 for none
    void *to;               // bool *, const char **, int64_t *, struct opt_list *
    const char *value;      // the word for the value
    const char *help;
};
#define OPT_FLAG(name, to, help) { OPT_KIND_FLAG, name, 0, to, NULL, help }
#define OPT_TEXT(name, to, value, help) { OPT_KIND_TEXT, name, 0, to, value, help }
#define OPT_INT(name, to, value, help) { OPT_KIND_INT, name, 0, to, value, help }
#define OPT_LIST(name, to, value, help) { OPT_KIND_LIST, name, 0, to, value, help }
#define OPT_END { OPT_KIND_END, NULL, 0, NULL, NULL, NULL }

enum opt_value {
    OPT_VALUE_TEXT,       // anything: NAME, TIME, ID|URL
    OPT_VALUE_WORDS,      // lower case with | between: one of these words
    OPT_VALUE_LIST,       // lower case with commas between: some of these words, with commas
    OPT_VALUE_NUMBER,     // N
    OPT_VALUE_FILE,       // FILE, FILE.tar, CLAIMS.ini, KEY, N|FILE; AUDIT, BUNDLE: or a folder
    OPT_VALUE_DIR,        // DIR
    OPT_VALUE_SETTING,    // SECTION.KEY=VALUE
};
/* What a word such as "FILE", "[DIR]" or "FILE..." stands for; the word without [, ] and dots. */
enum opt_value opt_value_of(const char *word);
struct str opt_bare(const char *word);
/* --help, which every table has; the parser adds it itself. */
extern const struct opt opt_help;

/* argv[0] is the command's name. On success *operands points to the rest of
 * argv, *count long, in order. --help sets *help and parses no further.
 * Errors: ERR_USAGE, one sentence that names the option. */
MUST_CHECK int opt_parse(const struct opt *, int argc, char **argv,
                         char ***operands, int *count, bool *help, struct err *);
/* The same, but the first operand ends the options: for what stands before a
 * command's name, as the command has options of its own. */
MUST_CHECK int opt_parse_leading(const struct opt *, int argc, char **argv,
                                 char ***operands, int *count, bool *help, struct err *);
/* The option that an argument is ("--name", "--name=VALUE", "-n"), or NULL. */
const struct opt *opt_find(const struct opt *, const char *arg);
/* "-C, --audit AUDIT". */
void opt_left(const struct opt *, struct buf *out);
/* The options as aligned lines on stdout; --help itself is added. */
void opt_print(const struct opt *);
void opt_list_release(struct opt_list *);
#endif
