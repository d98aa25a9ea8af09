/* record/record.h: one item as one side showed it, in the schema both share.
 * Shape:     val[f] is field f of record/fields.def.
 * Units:     counts are plain integers, instants UTC seconds, durations s.
 * Absent:    a field the side did not send is VAL_NONE; 0 and "" are values.
 * Ownership: text points into the arena of the batch that read it.
 * Source:    README.md, "Schema", names the document behind each key.
 *
 * Lives in record/: the nouns, every type that crosses a folder border, and the
 * lists that each thing is named in once (fields.def, fact.def, settings.def). A
 * new field, fact or setting is a line there; to add a noun copy item.h. */
#ifndef RECORD_RECORD_H
#define RECORD_RECORD_H
#include "base/arena.h"
#include "base/digest.h"
#include "base/err.h"
#include "base/str.h"
#include "record/field.h"

enum side { SIDE_API = 0, SIDE_PAGE = 1, SIDE_COUNT = 2 };
const char *side_name(enum side);

enum val_kind { VAL_NONE = 0, VAL_INT, VAL_TEXT, VAL_REAL };
struct value { enum val_kind kind; int64_t i; struct str text; double real; };
struct value value_int(int64_t);
struct value value_text(struct str);      // borrowed
struct value value_real(double);
bool value_eq(const struct value *, const struct value *);   // same kind, same content

struct record {
    uint64_t id;                      // above 2^53: never through a double
    struct value val[FIELD_COUNT];
};
/* A field that is a text, borrowed; STR_NONE where it is none. r may be NULL. */
struct str record_text(const struct record *r, enum field);
/* Sets f from ASCII digits: no sign, no blanks, at most INT64_MAX.
 * Errors: ERR_INPUT on anything else; r is then untouched. */
MUST_CHECK int record_set_count(struct record *, enum field, struct str digits, struct err *);
/* Digest of the stable fields alone (not field_drifts), names and lengths
 * included: equal digests = equal stable content. */
struct digest record_hash(const struct record *);
/* Digest of the stable fields that are compared (record/field.h, cmp), by name
 * and as they came: equal digests = nothing to compare but the counters.
 * Unlike record_hash it can agree between the two sides. */
struct digest record_compared_hash(const struct record *);
void record_copy(struct record *to, const struct record *from, struct arena *);
/* What a page says of an item that goes with whether the API returns it; bits. */
enum page_mark { MARK_CANADA = 1 /* created there */, MARK_AD = 2 /* any sign of advertising */ };
unsigned record_marks(const struct record *);

/* Sets are texts joined by \n. set_add copies to the arena; a text that holds
 * \n gets blanks for them, the empty text is dropped, a text that is in stays
 * once. set_next walks. */
void set_add(struct value *set, struct str text, struct arena *);
bool set_next(struct str *rest, struct str *text);
#endif
