/* classify/defaults.c: text files as constants. The assembler copies them
 * in; paths are from the root, where make runs. */
#include "classify/defaults.h"

extern const char defaults_rules_start[], defaults_rules_end[];
extern const char defaults_handles_start[], defaults_handles_end[];
extern const char defaults_claims_start[], defaults_claims_end[];

__asm__(".section .rodata, \"a\"\n"
        ".global defaults_rules_start, defaults_rules_end, defaults_handles_start,"
        " defaults_handles_end, defaults_claims_start, defaults_claims_end\n"
        "defaults_rules_start:\n"
        ".incbin \"classify/default.rules\"\n"
        "defaults_rules_end:\n"
        ".byte 0\n"
        "defaults_handles_start:\n"
        ".incbin \"classify/company_handles.txt\"\n"
        "defaults_handles_end:\n"
        ".byte 0\n"
        "defaults_claims_start:\n"
        ".incbin \"claims/tiktok.ini\"\n"
        "defaults_claims_end:\n"
        ".byte 0\n"
        ".previous\n");

struct str defaults_rules(void)
{
    return (struct str){ defaults_rules_start,
                         (size_t)(defaults_rules_end - defaults_rules_start) };
}

struct str defaults_handles(void)
{
    return (struct str){ defaults_handles_start,
                         (size_t)(defaults_handles_end - defaults_handles_start) };
}

struct str defaults_claims(void)
{
    return (struct str){ defaults_claims_start,
                         (size_t)(defaults_claims_end - defaults_claims_start) };
}
