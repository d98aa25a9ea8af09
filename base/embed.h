/* base/embed.h: a file's bytes in the program, under a name, with their count behind it.
 *
 *     EMBED(items_js, "report/items.js");      // in one .c file, at file level
 *     struct str text = { items_js, items_js_len };
 *
 * Shape:     a NUL follows the bytes and is not counted. Paths are from the root, where make
 *            runs; the Makefile says that the object depends on the file. */
#ifndef BASE_EMBED_H
#define BASE_EMBED_H
#include <stdint.h>

#define EMBED(symbol, file)                                                                      \
    extern const char symbol[];                                                                  \
    extern const uint64_t symbol##_len;                                                          \
    __asm__(".section .rodata, \"a\"\n"                                                          \
            ".global " #symbol ", " #symbol "_len\n" #symbol ":\n"                               \
            ".incbin \"" file "\"\n" #symbol "_end: .byte 0\n"                                   \
            ".balign 8\n" #symbol "_len: .quad " #symbol "_end - " #symbol "\n"                  \
            ".previous\n")
#endif
