/* What reading YAML and printing it again costs, beside libfyaml's event loop alone.
 *
 * usage: yaml_loop FILE...   (their bytes, as one stream of documents)
 * Prints the fastest of many turns of each, in nanoseconds a byte, and the ratio. */
#include <libfyaml.h>
#include <stdio.h>
#include <time.h>

#include "render/doc/yaml_read.h"
#include "render/doc/yaml_write.h"

enum { TURNS = 40 };

struct job {
    struct context *cx;
    struct text *text;
};

static double cpu(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void loop(str bytes)
{
    struct fy_parse_cfg config = { .flags = FYPCF_QUIET };
    struct fy_parser *parser = fy_parser_create(&config);
    struct fy_event *event;
    if (!parser || fy_parser_set_string(parser, bytes.at, bytes.len) != 0)
        return;
    while ((event = fy_parser_parse(parser)))
        fy_parser_event_free(parser, event);
    fy_parser_destroy(parser);
}

static bool read_and_print(struct context *cx, void *arg)
{
    const struct text *file = arg;
    struct documents all = { 0 };
    struct buf out;
    buf_init(&out, cx->arena, file->bytes.len);
    if (!yaml_read_all(cx, text_add(cx, file->name, file->bytes), YAML_GO3, &all))
        return false;
    for (uint32_t i = 0; i < all.len; i++) {
        buf_str(&out, i ? S("---\n") : S(""));
        if (!yaml_write(cx, &out, all.at[i]))
            return false;
    }
    return true;
}

static double turn(const struct text *file, bool ours)
{
    double start = cpu();
    if (!ours) {
        loop(file->bytes);
        return cpu() - start;
    }
    struct context *cx = context_new(&(struct context_options){ 0 });
    if (!cx || !context_run(cx, read_and_print, (void *)file))
        return -1;
    context_free(cx);
    return cpu() - start;
}

static bool append(struct buf *all, const char *path)
{
    FILE *f = fopen(path, "rb");
    char bytes[1 << 16];
    size_t n;
    if (!f)
        return false;
    if (buf_view(all).len)
        buf_str(all, S("---\n"));
    while ((n = fread(bytes, 1, sizeof bytes, f)) > 0)
        buf_str(all, (str){ bytes, n });
    fclose(f);
    return true;
}

int main(int argc, char **argv)
{
    struct context *cx = context_new(&(struct context_options){ 0 });
    if (!cx || argc < 2)
        return 2;
    struct buf all;
    buf_init(&all, cx->arena, 1 << 16);
    for (int i = 1; i < argc; i++) {
        if (!append(&all, argv[i])) {
            perror(argv[i]);
            return 2;
        }
    }
    struct text *file = text_add(cx, S("input"), buf_take(&all));
    double best[2] = { 1e18, 1e18 };
    for (int i = 0; i < 2 * TURNS; i++) {
        double took = turn(file, i % 2);
        if (took < 0)
            return 1;
        if (took < best[i % 2])
            best[i % 2] = took;
    }
    double bytes = (double)file->bytes.len;
    printf("%zu bytes: events %.2f, reading and printing %.2f ns a byte: %.2f times\n",
           file->bytes.len, best[0] / bytes, best[1] / bytes, best[1] / best[0]);
    context_free(cx);
    return 0;
}
