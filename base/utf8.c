/* base/utf8.c: which letters have a small form. */
#include "base/utf8.h"
#include <stddef.h>

/* Ranges of capitals. add: the distance to the small letter; 0 = capitals and
 * small letters take turns, the range begins with a capital. After Unicode's
 * CaseFolding.txt (simple folds), without the scripts that have no case. */
static const struct {
    uint32_t from, to;
    int32_t add;
} capitals[] = {
    { 0x00C0, 0x00D6, 32 },
    { 0x00D8, 0x00DE, 32 },
    { 0x0100, 0x012F, 0 },
    { 0x0130, 0x0130, 0x69 - 0x130 },
    { 0x0132, 0x0137, 0 },
    { 0x0139, 0x0148, 0 },
    { 0x014A, 0x0177, 0 },
    { 0x0178, 0x0178, 0xFF - 0x178 },
    { 0x0179, 0x017E, 0 },
    { 0x018F, 0x018F, 0x259 - 0x18F },
    { 0x01A0, 0x01A5, 0 },
    { 0x01AF, 0x01B0, 0 },
    { 0x01CD, 0x01DC, 0 },
    { 0x01DE, 0x01EF, 0 },
    { 0x01F8, 0x021F, 0 },
    { 0x0222, 0x0233, 0 },
    { 0x0386, 0x0386, 38 },
    { 0x0388, 0x038A, 37 },
    { 0x038C, 0x038C, 64 },
    { 0x038E, 0x038F, 63 },
    { 0x0391, 0x03A1, 32 },
    { 0x03A3, 0x03AB, 32 },
    { 0x03C2, 0x03C2, 1 /* final sigma */ },
    { 0x0400, 0x040F, 80 },
    { 0x0410, 0x042F, 32 },
    { 0x0460, 0x0481, 0 },
    { 0x048A, 0x04BF, 0 },
    { 0x04C0, 0x04C0, 15 },
    { 0x04C1, 0x04CE, 0 },
    { 0x04D0, 0x052F, 0 },
    { 0x0531, 0x0556, 48 },
    { 0x1E00, 0x1E95, 0 },
    { 0x1E9E, 0x1E9E, 0xDF - 0x1E9E },
    { 0x1EA0, 0x1EFF, 0 },
    { 0xFF21, 0xFF3A, 32 },
};

uint32_t utf8_fold_wide(uint32_t c)
{
    size_t low = 0, high = sizeof capitals / sizeof *capitals;

    while (low < high) {
        size_t mid = (low + high) / 2;

        if (c > capitals[mid].to)
            low = mid + 1;
        else if (c < capitals[mid].from)
            high = mid;
        else if (capitals[mid].add == 0)
            return (c - capitals[mid].from) % 2 == 0 ? c + 1 : c;
        else
            return (uint32_t)((int32_t)c + capitals[mid].add);
    }
    return c;
}
