/* cmd/files.h: the files that a command line names, one after another: of a folder all
 * that lie in it, in the order of their names, folders within it too. Left out are hidden
 * files, and folders that lead back into themselves.
 * Errors: a file that cannot be read costs the others nothing: its sentence is told at
 *         once, and counted. What is no fault of a file (disk, store, an interruption)
 *         ends the walk. */
#ifndef CMD_FILES_H
#define CMD_FILES_H
#include <stdbool.h>
#include "base/err.h"

enum file_end {
    FILE_TAKEN,
    FILE_IN_PART,      // the rest is damaged, and was told
    FILE_NOTHING,      // nothing in it was taken, and that was told
    FILE_NOT_MEANT,    // of another kind than the command reads: no fault within a folder
};
struct files {
    /* One file; -1: its sentence in err. */
    int (*each)(void *to, const char *path, enum file_end *, struct err *);
    void *to;
    int64_t seen, taken;    // files; of these: something of them was taken
    int64_t failed;         // files and folders that were not taken, or in part
};
MUST_CHECK int files_walk(struct files *, char **operand, int operands, struct err *);
/* "2 of 5 files were not taken whole: see above"; nothing where none failed. */
void files_tell(const struct files *);
#endif
