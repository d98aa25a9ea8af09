/* audit/turn/ask_canaries.h: canaries asked alone, to see whether the API answers at all. */
#ifndef AUDIT_TURN_ASK_CANARIES_H
#define AUDIT_TURN_ASK_CANARIES_H
#include "audit/turn/compose.h"
#include "audit/turn/outage_watch.h"

/* A probe, where the watch has one more. */
bool ask_canaries_probe(struct asker *, struct watch *, struct arena *, struct request *);
#endif
