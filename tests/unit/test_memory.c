/* tests/unit/test_memory.c: a million lines through each reader of lines take the memory of ten
 * thousand, and what sorting needs at most: the longest chunk, twice. */
#include <sys/wait.h>
#include "import_box.h"
#include "import/collect.h"
#include "tests/unit/peak.h"

#define FEW 10000
#define MANY 1000000
#define SORTING_KB ((long)(2 * COLLECT_CHUNK * sizeof(struct new_item) / 1024))
#define SLACK_KB 4096

struct form {
    const char *kind, *head, *line, *tail;
};    // line: an id, its second, again
static const struct form forms[] = {
    { "list", "", "https://www.tiktok.com/@ann/video/%llu\n", "" },
    { "list", "# ids\n", "%llu\n", "" },
    { "csv", "n,id,url\n", "1,%llu,\n", "" },
    { "csv", "url,caption\n", ",%llu\n", "" },    // every row falls back
    { "json", "[", "{\"id\":%llu},\n", "{}]" },
    { "jsonl", "", "{\"video_id\":\"%llu\",\"source_url\":\"https://www.tiktok.com/@a\"}\n", "" },
    { "posts", "",
      "{\"timestamp_collected\":1780000000000,\"source_platform\":\"tiktok.com\",\"data\":{"
      "\"id\":\"%llu\",\"desc\":\"clip\",\"createTime\":1775293215,"
      "\"author\":{\"uniqueId\":\"ann\"},"
      "\"stats\":{\"playCount\":1},\"video\":{\"duration\":9}}}\n",
      "" },
    { "donation", "{\"Your Activity\":{\"Watch History\":{\"VideoList\":[",
      "{\"Date\":\"2024-01-31 23:59:59\","
      "\"Link\":\"https://www.tiktokv.com/share/video/%llu/\"},\n",
      "{}]}}}" },
    { "donation", "",
      "Date: 2024-01-31 23:59:59 UTC\nLink: https://www.tiktokv.com/share/video/%llu/\n\n", "" },
};
static void write_lines(const char *path, const struct form *form, int lines)
{
    FILE *f = fopen(path, "w");

    assert_non_null(f);
    fputs(form->head, f);
    for (int i = 0; i < lines; i++) {
        unsigned long long s = (unsigned long long)i * 2654435761u % 4194304;    // in no order

        fprintf(f, form->line, ((1600000000 + s * 40) << 32) + (s % 1000 << 22) + 0xd00 + s % 256);
    }
    fputs(form->tail, f);
    assert_int_equal(fclose(f), 0);
}
/* Peak memory, in KB, of a process that reads so many lines. */
static long peak_of(const struct form *form, int lines)
{
    const char *dir = getenv("TMPDIR");
    char path[256];
    int fd, status;
    struct rusage used;
    pid_t child;

    snprintf(path, sizeof path, "%s/memory-XXXXXX", dir ? dir : "/tmp");
    fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    write_lines(path, form, lines);
    child = fork();
    assert_true(child >= 0);
    if (!child) {
        struct box b;
        bool ok = !box_import(&b, path, NULL, NULL) && b.count.taken == lines &&
                  !strcmp(b.count.kind, form->kind);

        if (!ok)
            fprintf(stderr, "%s: %lld of %d, kind %s, %s\n", form->kind, (long long)b.count.taken,
                    lines, b.count.kind ? b.count.kind : "?", b.err.msg);
        _exit(!ok);
    }
    assert_int_equal(wait4(child, &status, 0, &used), child);
    unlink(path);
    assert_int_equal(status, 0);
    return used.ru_maxrss;
}
static void a_million_lines_take_the_memory_of_ten_thousand(void **state)
{
    (void)state;
#if PEAK_SAYS_NOTHING
    skip();
#endif
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        long few = peak_of(&forms[i], FEW), many = peak_of(&forms[i], MANY);

        if (many - few > SORTING_KB + SLACK_KB)
            fail_msg("%s \"%.30s\": %ld KB for %d lines, %ld KB for %d", forms[i].kind,
                     forms[i].line, many, MANY, few, FEW);
    }
}
int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_million_lines_take_the_memory_of_ten_thousand),
    };

    return cmocka_run_group_tests_name("memory", tests, NULL, NULL);
}
