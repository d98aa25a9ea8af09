/* record/summary.h: an audit in numbers: all that summary.json, index.html,
 * the figures and the terminal's waterfall are made from.
 *
 * Shape:     who fills a member in is said beside it: audit/verdict/summarize.c
 *            ("by the caller"), or a function of report/summary.h.
 * Units:     shares and probabilities 0..1; instants UTC seconds, 0 = none.
 * Ownership: texts and arrays are borrowed from `mem`, which the caller clears. */
#ifndef RECORD_SUMMARY_H
#define RECORD_SUMMARY_H
#include "base/arena.h"
#include "base/stat.h"
#include "record/field.h"
#include "record/gap.h"
#include "record/intake.h"
#include "record/number.h"
#include "record/phase.h"
#include "record/review.h"
#include "record/sample.h"
#include "record/verdict.h"

/* The waterfall, depth first: id, name, parent. Each level adds up to its
 * parent. Two nodes are called "unknown": a reader goes by the path. */
#define NODES(X) \
    X(ITEMS, "items", ITEMS) \
    X(RETRIEVED, "retrieved", ITEMS) \
    X(AT_ONCE, "at_once", RETRIEVED) X(AFTER_RETRIES, "after_retries", RETRIEVED) \
    X(MISSING, "missing", ITEMS) \
    X(NOT_PUBLIC, "not_public", MISSING) \
    X(DELETED, "deleted", NOT_PUBLIC) X(PRIVATE, "private", NOT_PUBLIC) \
    X(PUBLIC, "public", MISSING) \
    X(CANADA, "canada", PUBLIC) X(AD, "ad", PUBLIC) X(TIKTOK_OFFICIAL, "tiktok_official", PUBLIC) \
    X(EXCLUDED_ACCOUNT, "excluded_account", PUBLIC) X(PUBLIC_UNKNOWN, "unknown", PUBLIC) \
    X(RESTRICTED, "restricted", MISSING) X(RESTRICTED_UNKNOWN, "unknown", RESTRICTED) \
    X(OPEN, "open", ITEMS) \
    X(TOO_RECENT, "too_recent", OPEN) X(UNOBSERVED, "unobserved", OPEN) \
    X(UNCONFIRMED, "unconfirmed", OPEN) X(NOT_ASKED, "not_asked", OPEN)
enum node {
#define X(id, name, parent) NODE_##id,
    NODES(X)
#undef X
    NODE_COUNT
};
const char *node_name(enum node);
enum node node_parent(enum node);      // NODE_COUNT for the root
int node_depth(enum node);             // 0 for the root
bool node_is_leaf(enum node);
/* "missing/public/ad": the bucket of labels.csv; "items" for the root. A constant. */
const char *node_path(enum node);
/* Its number's name, "missing_public_ad"; returns name. */
#define NODE_NAME_MAX 64
const char *node_number(enum node, char name[NODE_NAME_MAX]);
bool node_is_within(enum node, enum node above);    // or is that itself

/* State, group and leaf are counted apart, so a row that fits no bucket shows
 * as a residual instead of vanishing in a sum. */
struct waterfall { int64_t n[NODE_COUNT]; };

/* Public posts that the API does not return, among all that are public. How
 * many retrieved ones are public is known from a seeded sample of their pages. */
struct headline {
    int64_t sampled;               // retrieved items of the sample with a decisive page
    int64_t sampled_public;        // of these: page public
    int64_t sampled_unread;        // of the sample: no decisive page yet
    double wrong_expected;         // sum of the residual probabilities of public missing items
    struct stat_interval wrong_interval;   // 95 %, by drawing batches and days again
    double wrong_most;             // by summary_finish: what the range's lower end leaves out
    /* from here on by summary_finish */
    bool has_share;                // false: nothing public is known
    double retrieved_public;       // estimate: retrieved * sampled_public / sampled
    double retrieved_low, retrieved_high;    // 95 % limits of it; the same for a census
    double share;                  // public / (public + retrieved_public)
    double share_of_items;         // public / all items that came in
    bool has_interval;             // false for a census: every retrieved page was read
    struct stat_interval interval; // 95 %, from the sample of retrieved pages
    struct stat_interval range;    // worst cases and interval in one: numbers_public.h
};
/* Checks of the verdicts by other means than the probability itself. */
struct checks {
    int64_t spot_asked, spot_back; // confirmed items asked alone in the end; came back
    double spot_upper;             // one-sided 95 % limit of the share that would; 1 without any
    int64_t n2, n3;                // first found in the first, second sound round after a silence
    double left, left_upper;       // what such rounds leave over; negative: they do not tell
};
/* How often batches lose an item that is there, by their make-up: from asks of
 * items that came back after a silence, and of canaries (those found at once weigh
 * a quarter). loss: posterior mean, with its central 95 %. */
struct batch_row {
    /* Its mates: "sound", "dead" (one was not public), "dark" (no canary came back). */
    const char *mates;
    const char *size;              // "alone", "few" (to 20), "full"
    bool never;                    // another id that was never returned was in it
    double lost, kept, loss;
    struct stat_interval interval;
};
#define BATCH_ROWS 18
/* Canaries sent beside ids of one kind, to see what makes a batch lose. */
struct forensic_row {
    const char *beside;
    int64_t batches, canaries, lost, recovered, recovered_lost;
};
/* A window on a day in which canaries were lost more often than chance explains. */
struct window_day_row { int64_t day, start_day; double lost, kept; };
#define WINDOW_DAY_ROWS 10
struct batches {
    struct batch_row row[BATCH_ROWS]; size_t len;      // those with asks
    struct forensic_row forensic[2];                   // beside "not_public", "never_returned"
    int64_t window_days;           // window_days with a canary that was lost once before
    struct window_day_row window_day[WINDOW_DAY_ROWS]; size_t bad;    // the worst first
};
/* The same items asked again weeks later (silence/late.h). */
struct late_rate {
    int64_t asked;                 // decided: n of the share
    int64_t hits;                  // missing ones came back; retrieved ones absent, page public
    int64_t refused;               // their pages were refused since; of no share
    int64_t undecided;             // no sound answer, or no page, as yet
    struct stat_interval interval; // 95 % of hits / asked, by summary_finish
};
struct late_check {
    int days;                      // after the audit was done
    int64_t first_day, last_day;   // UTC days of its asks
    struct late_rate missing, retrieved;
};
#define SUMMARY_LATE 2
/* Of donations: mean of the donors' own shares, bootstrapped over donors. */
struct donors { bool has; int64_t donors; double mean; struct stat_interval interval; };

enum separation {
    SEPARATION_NONE = 0,           // no public item to test on
    SEPARATION_YES,
    SEPARATION_ASSOCIATED,
};
const char *separation_name(enum separation);   // "", "separates", "associated"
struct rule_row {
    struct str name, source, since, until;   // "" = none
    enum label label; enum reason reason; enum basis basis;
    bool fallback;                 // asks for nothing but the outcome of the page: holds for all
    /* by summary_take */
    int64_t first;                 // missing items that it decided
    int64_t gave_up;               // items that are open since a pattern of it was given up
    uint64_t gave_up_first;        // the first of these
    int64_t all;                   // missing items that it matched
    int64_t shared;                // of these: a rule of another label matched as well
    int64_t also[LABEL_COUNT];     // of `all`: a rule of that other label matches, fallbacks apart
    int64_t missing_with, missing_without;   // public missing items that match, and not
    int64_t sampled_with, sampled_without;   // sampled retrieved items with a public page
    int64_t first_public[BASIS_COUNT], first_public_seen[BASIS_COUNT]; // of `first`: public ones
    int64_t first_documented, first_disputed; // of `first`: items of that basis
    int64_t first_documented_seen, first_disputed_seen; // of these: account has a retrieved post
    /* by summary_finish */
    double p_with, p_without;      // P(missing | it matches / not, public); -1 = unknown
    struct stat_interval with_95, without_95;      // of these, where known
    double p_value;                // Fisher, two-sided; -1 = not tested
    enum separation separation;
};

enum account_verdict {
    ACCOUNT_RETURNED = 0,          // at least one item
    ACCOUNT_TOO_FEW,               // trials below min_items
    ACCOUNT_CHANCE,                // none, may be chance
    ACCOUNT_EXCLUDED,
    ACCOUNT_VERDICT_COUNT
};
const char *account_verdict_name(enum account_verdict);
struct account_row {
    struct str handle;
    enum user_info info;           // what user/info said of it
    bool query_ok; int query_rows; // rows of a query by its username, where one was answered
    int64_t items, asked, retrieved, trials;
    double canada;                 // share of its public items created there; -1 = none public
    double chance, q;              // -1 = not tested
    enum account_verdict verdict;
};
#define SUMMARY_ACCOUNTS 200       // rows kept, the least likely first
#define ACCOUNT_BINS 12            // none, (0,10 %] .. (80,90 %], (90,100 %), all
struct accounts {
    int64_t min_items;             // account.min_items
    double rate, rho;              // fitted: how often posts of returned accounts come back;
                                   // correlation within an account
    /* by summary_account */
    int64_t accounts, with_key_items;        // accounts; items that belong to one
    int64_t verdict[ACCOUNT_VERDICT_COUNT];
    int64_t bin[ACCOUNT_BINS];     // accounts with trials >= min_items by retrieved / trials
    int64_t info[ACCOUNT_VERDICT_COUNT][USER_INFO_COUNT];   // by what user/info said
    /* excluded accounts with an answered query by username; of these without a row */
    int64_t queried, queried_none;
    /* as published: accounts of 5 items and more; of these none came back; of
     * these Canada's (canada >= 0.5) */
    int64_t published_accounts, published_none, published_none_canada;
    struct account_row *row; size_t len;
};
/* "none", "to_10" (above 0, to 10 %), ... "below_100", "all" */
const char *account_bin_name(int bin);

/* By what table counters were judged, and how often no instant fits an API row. */
struct counters_judged {
    struct str table, source;      // its date, and what it rests on
    double lambda;                 // what this audit's pages made of it; 1 = as shipped
    int64_t pairs, pairs_apart;    // of page readings: all, and those five days apart and more
    int64_t rows, no_instant;      // rows with a counter on both sides; of these
};

/* What became of items, for counts that are laid beside each other: over time, first of all.
 * Every item is in exactly one. Documented and disputed as the rules that separate say. */
#define BECAME(X) \
    X(AT_ONCE, "returned_at_once") X(LATE, "returned_late") \
    X(DOCUMENTED, "missing_documented") X(DISPUTED, "missing_disputed") \
    X(UNEXPLAINED, "missing_unexplained") \
    X(NOT_PUBLIC, "not_public") X(RESTRICTED, "restricted") X(OPEN, "open")
enum became {
#define X(id, name) BECAME_##id,
    BECAME(X)
#undef X
    BECAME_COUNT
};
const char *became_name(enum became);
/* Items of a stretch of time: of age when they were first asked, or of a month in which they
 * were made. not_returned: of those that are public, the share that is missing, with as many
 * of the returned ones public as in the headline; -1 where nothing public is known. */
struct time_row {
    int from, to;                  // days of age, to: AGE_NO_END; or 12 * year + month (1 to 12)
    int64_t items, n[BECAME_COUNT];
    double not_returned;
};
#define AGE_NO_END INT32_MAX
#define AGE_ROWS 7
struct over_time {
    struct time_row age[AGE_ROWS]; size_t ages;     // those with items; never asked ones in none
    struct time_row *month; size_t months;          // ascending, without gaps
    int64_t unasked, undated;      // items that stand in no row of age; of a month
};

/* How the API's counters stand to the page's: log10((API + 1) / (page + 1)), 0 equal, -1 a
 * tenth; of posts that audit/verdict/card.h calls P. */
#define RATIO_BINS 9
struct ratio_row {
    int64_t n, least;              // posts; what the page shows at least
    double min, p5, p25, p50, p75, p95, max;
    int64_t bin[RATIO_BINS];       // between ratio_edges
};
/* The edges between the bins, as factors: a tenth, a half, 0.9, 0.99 and their inverses. */
extern const double ratio_edges[RATIO_BINS - 1];
const char *ratio_bin_name(int bin);

struct request_count { int64_t requests, sends, failed; };
/* The readings of one witness of the site: asked is the sum of the others. blocked: a challenge, a
 * captcha or another block was shown, of the site or of one post alone. */
struct witness_said {
    int64_t asked, is_public, refused, blocked, no_answer;
};
/* A vantage, and what the pages of all posts last said there. */
struct vantage_sum {
    struct str name, region, asked;    // the country its last page named; page.elsewhere
    int64_t is_public, refused, unread;    // unread: tried, without an answer that decides
};
/* Two vantages beside each other: each post whose page decided at both stands in one of these,
 * words by what the first says, then the second. Open: nobody saw the post since it was refused,
 * so that it may have been deleted, and refused everywhere. */
#define BESIDE(X) \
    X(BOTH_PUBLIC, "both_public") X(PUBLIC_REFUSED, "public_refused") \
    X(REFUSED_PUBLIC, "refused_public") X(BOTH_REFUSED, "both_refused") \
    X(PUBLIC_REFUSED_OPEN, "public_refused_undecided") \
    X(REFUSED_PUBLIC_OPEN, "refused_public_undecided")
enum beside {
#define X(id, name) BESIDE_##id,
    BESIDE(X)
#undef X
    BESIDE_COUNT
};
const char *beside_name(enum beside);
struct vantage_pair {
    size_t a, b;                       // of vantages.v
    int64_t n[BESIDE_COUNT];
    /* Names of its two numbers: of those that are public at a, the refused ones at b; of those
     * that are refused at a, the public ones at b. */
    struct str refused_there, public_there;
};
/* Of an audit whose pages were read at more than one; else n is 0. */
struct vantages {
    struct vantage_sum *v; size_t n;
    struct vantage_pair *pair; size_t pairs;
    /* Posts over all pairs: public at one and refused at another, of so many that are decided;
     * undecided, of no pair that differs for certain. */
    int64_t apart, of, open;
};
struct timeline_day { int64_t day; int64_t requests, asked, found, pages; };
struct drift_row { struct str kind, name; int64_t count, first_at, last_at; };
/* The API answered nothing to anybody; its replies are kept, and count for nothing. */
struct outage_row {
    int64_t from, to, requests;
    bool open;                     // no reply has brought anything since
};
struct due_row {
    enum reason reason;
    int64_t count;
    int64_t first_at, last_at;     // when it is due; 0 = not scheduled
};
struct setting_row { struct str name, value; };
/* The archive that answers rest on: its closed files, as the store knows them. digest: hex
 * SHA-256 of their lines "SHA256  NAME\n", sorted, as
 * `cd evidence && sha256sum *.warc.gz | LC_ALL=C sort | sha256sum` gives it. */
struct archived {
    int64_t files, records, bytes;    // records: exchanges that lie in them
    struct str digest;
    int64_t verified_at;    // when `verify` last found these same files sound; 0 never
};
#define SUMMARY_EXAMPLES 3
struct example { uint64_t id; struct str handle; enum reason reason; };

struct watch_history;
struct summary {
    struct arena *mem;
    struct str audit;                          // its random id
    struct str name;                           // report.name, "" none: text from outside
    struct str tool;                           // "blindspot 1.0"
    struct str rules_digest;                   // SHA-256 of rules.ini, hex
    int64_t first_answer_at, newest_answer_at;
    bool final;                    // every item is decided or given up; by the caller
    struct inputs inputs;          // by the caller
    struct waterfall waterfall;    // n[NODE_ITEMS] from the store, the others by summary_take
    int64_t label[LABEL_COUNT], reason[REASON_COUNT];
    int64_t later_refused;                     // missing as public, gone after the confirmation
    struct headline headline;
    struct donors donors;
    struct checks checks;          // by the caller
    struct batches batches;        // by the caller
    struct late_check late[SUMMARY_LATE]; size_t lates;     // those that were made; by the caller
    int64_t late_drawn_at;         // 0: no sample was drawn
    int64_t basis[BASIS_COUNT];                // missing items, as the rules say
    int64_t basis_seen[BASIS_COUNT];           // of these: account has a retrieved post
    int64_t split[BASIS_COUNT];    // by summary_finish: items of associated rules are unexplained
    int64_t unexplained_low, unexplained_high; // by summary_finish
    /* The same of missing public items alone. */
    int64_t public_basis[BASIS_COUNT], public_seen[BASIS_COUNT], public_split[BASIS_COUNT];
    int64_t public_unexplained_low;
    struct rule_row *rule; size_t rules;       // in the order of rules.ini, all of them
    /* missing items that match rules of both labels; diagonal: of that label */
    int64_t overlap[LABEL_COUNT][LABEL_COUNT];
    /* What the platform's validity check says beside the query: retrieved, the
     * groups of the missing, open (the nodes of those names; others stay 0). */
    int64_t validation[NODE_COUNT][VALIDATION_COUNT];
    /* by summary_finish: retrieved but not valid, or missing but valid */
    int64_t validation_against_query;
    int64_t field[FIELD_COUNT][VERDICT_COUNT]; // filled by the caller
    struct counters_judged counters;           // by the caller
    /* by summary_finish: items that both sides show, and the share of them that
     * agrees (equal or within); -1 where none */
    int64_t compared[FIELD_COUNT];
    double agree[FIELD_COUNT];
    struct accounts accounts;
    struct over_time time;         // by audit/verdict/by_time.c
    struct ratio_row ratio[FIELD_COUNT];       // by audit/verdict/ratios.c; n 0: no counter
    struct request_count request[WITNESS_COUNT];
    struct witness_said said[WITNESS_COUNT];    // of the API's and of short links none
    struct vantages vantages;      // by audit/verdict/vantages.c
    struct phases phases;          // planned and sent, by the caller
    struct timeline_day *day; size_t days;     // ascending, days without anything may be left out
    struct outage_row *outage; size_t outages;   // ascending
    struct drift_row *drift; size_t drifts;
    struct due_row *due; size_t dues;
    struct setting_row *setting; size_t settings;
    struct archived archived;      // by the caller
    struct review_result review;    // by the caller
    struct sample_result sample;    // by audit/verdict/creators.c; has: a sample of creators
    const struct watch_history *watch;    // of a watch list alone, and then nothing else; or NULL
    struct numbers numbers;        // by summary_finish, and by the caller behind it
    struct example example[LABEL_COUNT][SUMMARY_EXAMPLES]; size_t examples[LABEL_COUNT];
};
#endif
