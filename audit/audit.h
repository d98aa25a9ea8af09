/* audit/audit.h: one audit folder, opened: settings, rules, store, ledger and
 * archive. Everything of audit/ works on it.
 *
 * Lives in audit/: what its rooms share: the view of the silences (view, held), the item
 * that a word names (find), what phases cost so far (phases), pseudonyms, the repair of
 * an archive after a kill, another audit or a bundle that is only looked at (other, bundle,
 * rulebook), how the run of an arm ends and what it gave (arm_end, page_yield).
 * The workflow is in the rooms: turn asks and reads, verdict says
 * what is what, keep looks after what is there, take lets in what others have. A room
 * never includes another, save turn verdict. What two of them need is a file here: copy
 * find.h and find.c.
 *
 * Ownership: audit_open fills it, audit_close ends it; both accept a zeroed struct. */
#ifndef AUDIT_AUDIT_H
#define AUDIT_AUDIT_H
#include "base/digest.h"
#include "base/err.h"
#include "base/opt.h"
#include "classify/rule.h"
#include "fetch/fetch.h"
#include "fetch/user.h"
#include "fetch/validate.h"
#include "record/settings.h"
#include "scrape/engine.h"
#include "scrape/scrape.h"
#include "archive/archive.h"
#include "store/answers.h"
#include "store/asks.h"
#include "store/check.h"
#include "store/evidence.h"
#include "store/items.h"
#include "store/ledger.h"
#include "store/meta.h"
#include "store/purge.h"
#include "store/records.h"
#include "store/replay.h"
#include "store/results.h"
#include "store/store.h"
#include "store/vantage.h"

/* The arms that send. A simulation of the platform answers the same sources into
 * the same sinks without a network. */
typedef int fetch_fn(const struct fetch_opts *, struct ask_source *, struct sink *,
                     struct fetch_result *, struct err *);
typedef int scrape_fn(const struct scrape_opts *, struct read_source *, struct sink *,
                      struct scrape_result *, struct err *);
typedef int validate_fn(const struct fetch_opts *, struct ask_source *, struct sink *,
                        struct fetch_result *, struct err *);
typedef int user_fn(const struct fetch_opts *, struct user_source *, struct sink *,
                    struct fetch_result *, struct err *);
/* Who answers an audit's questions: the platform, or a simulation of it. What a
 * simulation does not answer is NULL there, and is not asked. */
struct answerers {
    fetch_fn *fetch;
    scrape_fn *scrape;
    validate_fn *validate;
    user_fn *users;
};
extern const struct answerers answerers_of_platform;

struct held;
struct rulebook;
struct audit {
    char *dir;
    struct settings set;
    struct store *store;
    struct rules *rules;
    struct digest rules_digest;
    struct buf rules_text;
    struct buf name, seed;          // the audit's random id and seed, hex
    struct ledger *ledger;
    struct archive *archive;
    struct keeper keeper;           // the archive, as the store asks for it
    char *key, *secret;             // NULL until audit_secrets
    struct digest client;           // of the key
    struct answerers ask;           // the platform; a simulation sets its own
    struct held *held;              // views that are kept (audit/held.h)
    struct browsing browsing;       // what one run over pages leaves to the next
};

/* Makes DIR with blindspot.ini, rules.ini, the files that the rules refer to
 * and audit.db. Errors: ERR_USAGE where an audit is already there. */
MUST_CHECK int audit_init(const char *dir, struct err *);
/* The same, and what the folder is for (audit/series.h): never is it there as anything else.
 * With an address its store is a schema of PostgreSQL (postgresql://HOST/DATABASE?schema=NAME):
 * audit.db then holds that address and nothing else. */
MUST_CHECK int audit_init_at(const char *dir, const char *series, const char *address,
                             struct err *);
/* The seed of a new audit from words that were told beforehand: nobody can say then that its
 * samples were chosen. Before anything was drawn by it. */
MUST_CHECK int audit_seed(const char *dir, struct str words, struct err *);
/* Opens DIR: settings, --set assignments, test clock, rules, store.
 * Errors: ERR_USAGE with file and line; ERR_AGAIN where another process writes and
 * this one must too (STORE_WRITE). */
MUST_CHECK int audit_open(struct audit *, const char *dir, const struct opt_list *sets,
                          enum store_mode, struct err *);
/* The same of an audit that is only looked at, whichever machine made it: another place of
 * its store, other rules, no test clock. Nothing may be sent or taken in. */
struct audit_place {
    const char *dir;                  // of settings and rules
    const char *db;                   // NULL: audit.db in dir
    const struct rulebook *rules;     // NULL: rules.ini in dir
    const struct opt_list *sets;
};
MUST_CHECK int audit_open_place(struct audit *, const struct audit_place *, enum store_mode,
                                struct err *);
MUST_CHECK int audit_close(struct audit *, struct err *);
/* Two steps of audit_open alone: blindspot.ini (where there is one) and --set over *settings,
 * which were initialised; the test clock that BLINDSPOT_CLOCK names. Errors: ERR_USAGE. */
MUST_CHECK int audit_settings(const char *dir, const struct opt_list *sets, struct settings *,
                              struct err *);
MUST_CHECK int audit_use_clock(const struct settings *, struct err *);
/* Closes the archive's file that is being written, if any: its digest stands in the store then.
 * What is kept later goes into another. */
MUST_CHECK int audit_seal(struct audit *, struct err *);
/* The client key and secret from the environment or the files it names.
 * Errors: ERR_AUTH where they are missing. */
MUST_CHECK int audit_secrets(struct audit *, struct err *);
/* The key alone, where it is known: for showing today's quota. */
void audit_secrets_try(struct audit *);
/* A sink to the store; charged = requests cost quota (then after audit_secrets). */
MUST_CHECK int audit_sink(struct audit *, bool charged, struct sink *, struct err *);
/* Today's quota, after audit_sink: ERR_QUOTA with retry_at where none is left. */
MUST_CHECK int audit_quota_left(struct audit *, struct err *);
/* Path of the quota ledger by settings and XDG; free it. */
char *audit_ledger_path(const struct settings *);
/* Pages, extract or none of evidence.keep. */
enum keep audit_keep(const struct settings *);
#endif
