/* cmd/round_json.h: what a run of asking or reading did and what is left, as JSON. */
#ifndef CMD_ROUND_JSON_H
#define CMD_ROUND_JSON_H
#include "audit/turn/outlook.h"
#include "audit/turn/rounds.h"
#include "base/json_out.h"

void round_put_due(struct json_out *, const struct outlook *);
/* `fetch --json`, `scrape --json`. */
void round_put(struct json_out *, const struct progress *, const struct outlook *);
#endif
