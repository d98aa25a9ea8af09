/* record/label.h: the words of the verdict: states, labels, reasons, bases. */
#ifndef RECORD_LABEL_H
#define RECORD_LABEL_H
#include "base/str.h"

enum state { STATE_RETRIEVED, STATE_MISSING, STATE_OPEN, STATE_COUNT };
enum label { LABEL_NONE = 0, LABEL_DELETED, LABEL_PRIVATE, LABEL_CANADA, LABEL_AD,
             LABEL_TIKTOK_OFFICIAL, LABEL_EXCLUDED_ACCOUNT, LABEL_UNKNOWN, LABEL_COUNT };
/* Reasons of labels, then of retrieved rows, then of open rows. */
#define REASONS(X) \
    X(NONE, "", NONE) \
    X(ITEM_DELETED, "item_deleted", DELETED) X(NOT_FOUND, "not_found", DELETED) \
    X(MODERATED, "moderated", DELETED) X(ACCOUNT_GONE, "account_gone", DELETED) \
    X(SELF_ONLY, "self_only", PRIVATE) X(FRIENDS_ONLY, "friends_only", PRIVATE) \
    X(PRIVATE_ACCOUNT, "private_account", PRIVATE) \
    X(CREATED_IN_CANADA, "created_in_canada", CANADA) X(ACCOUNT_CANADA, "account_canada", CANADA) \
    X(MARKED_AD, "marked_ad", AD) X(PROMOTED_MUSIC, "promoted_music", AD) \
    X(BRANDED, "branded", AD) X(SHOP_AD, "shop_ad", AD) \
    X(COMPANY_ACCOUNT, "company_account", TIKTOK_OFFICIAL) \
    X(NO_ITEM_RETRIEVED, "no_item_retrieved", EXCLUDED_ACCOUNT) \
    X(UNEXPLAINED, "unexplained", UNKNOWN) X(REGION_BLOCKED, "region_blocked", UNKNOWN) \
    X(AGE_GATED, "age_gated", UNKNOWN) X(UNDER_REVIEW, "under_review", UNKNOWN) \
    X(STORY, "story", UNKNOWN) X(REFUSED_UNEXPLAINED, "refused_unexplained", UNKNOWN) \
    X(AT_ONCE, "at_once", NONE) X(AFTER_RETRIES, "after_retries", NONE) \
    X(TOO_RECENT, "too_recent", NONE) X(UNOBSERVED, "unobserved", NONE) \
    X(UNCONFIRMED, "unconfirmed", NONE) X(NOT_ASKED, "not_asked", NONE) \
    X(RULE_GAVE_UP, "rule_gave_up", NONE)
enum reason {
#define X(id, name, label) REASON_##id,
    REASONS(X)
#undef X
    REASON_COUNT
};
enum basis {
    BASIS_NONE = 0,
    BASIS_NOT_PUBLIC,
    BASIS_DOCUMENTED,
    BASIS_DISPUTED,
    BASIS_UNEXPLAINED,
    BASIS_COUNT
};

const char *state_name(enum state);
const char *label_name(enum label);       // "" for LABEL_NONE
const char *reason_name(enum reason);
const char *basis_name(enum basis);
enum label label_find(struct str);        // LABEL_COUNT where unknown
enum reason reason_find(struct str);      // REASON_COUNT
enum basis basis_find(struct str);        // BASIS_COUNT
enum label reason_label(enum reason);     // the label a reason belongs to
#endif
