/* import/names.h: what the name of a column or a key says of the links below it. Case and
 * all but letters and digits are forgiven: web_video_url is webVideoUrl. */
#ifndef IMPORT_NAMES_H
#define IMPORT_NAMES_H
#include <stdbool.h>
#include "base/str.h"

#define NAME_UNKNOWN 100
#define NAMES_PLAIN_MAX 40
/* In lower case, letters and digits alone; cut where it is too long to be one of ours. */
struct str names_plain(struct str name, char out[NAMES_PLAIN_MAX + 1]);
/* Lower is better: 0 for "url"; NAME_UNKNOWN for a name that says nothing. */
int name_rank(struct str name);
/* Where a record was collected: the page on which the collector stood. */
bool name_is_provenance(struct str name);
/* Another post, a sound, an account: duet_from_id, music_url. */
bool name_is_relation(struct str name);
#endif
