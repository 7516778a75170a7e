/* Runs the official JSON Schema test suite: json_suite SUITE FOLDER...
 * SUITE has remotes/, a FOLDER is tests/draft7 and the like below it. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "render/doc/json_read.h"
#include "schema/json_schema.h"

struct run {
    const char *suite;
    const char *draft; /* the $schema of what says none */
    unsigned passed, failed;
};

static str read_file(struct context *cx, const char *path)
{
    FILE *f = fopen(path, "rb");
    struct buf b;
    if (!f)
        return (str){ NULL, 0 };
    buf_init(&b, cx->arena, 65536);
    for (size_t n = 1; n;) {
        buf_reserve(&b, 65536);
        n = fread(b.at + b.len, 1, 65536, f);
        b.len += n;
    }
    fclose(f);
    return buf_take(&b);
}

static const struct node *field(struct context *cx, const struct node *map, const char *name)
{
    return node_get_text(cx, map, str_from(name));
}

static const char *drafts[][2] = {
    { "draft4", "http://json-schema.org/draft-04/schema#" },
    { "draft6", "http://json-schema.org/draft-06/schema#" },
    { "draft7", "http://json-schema.org/draft-07/schema#" },
    { "draft2019-09", "https://json-schema.org/draft/2019-09/schema" },
};

static void set_draft(struct context *cx, struct run *run, const struct node *schema)
{
    if (!run->draft || schema->kind != NODE_MAP || field(cx, schema, "$schema"))
        return;
    node_set(cx, (struct node *)schema, intern(cx->keys, S("$schema")),
             node_string(cx, str_from(run->draft)));
}

static const struct node *load(struct context *cx, void *who, str url, str *why)
{
    struct run *run = who;
    str path = str_trim_prefix(url, S("http://localhost:1234/"));
    char *name =
        str_cstr(cx->arena, str_format(cx->arena, "%s/remotes/%.*s", run->suite, STR(path)));
    str bytes = path.len < url.len ? read_file(cx, name) : (str){ NULL, 0 };
    const struct node *root = bytes.at ? json_read(cx, text_add(cx, url, bytes)) : NULL;
    *why = S("not there");
    if (root)
        set_draft(cx, run, root);
    return root;
}

static void run_group(struct context *cx, struct run *run, const char *path,
                      const struct node *group)
{
    struct json_schema_source source = { load, run };
    struct json_schema_error error;
    const struct node *tests = field(cx, group, "tests");
    const struct node *root = field(cx, group, "schema");
    set_draft(cx, run, root);
    const struct json_schema *schema =
        json_schema_read(cx, S("http://suite/schema.json"), root, &source, &error);
    for (uint32_t i = 0; i < tests->len; i++) {
        const struct node *test = tests->items[i];
        const struct json_failure *f = NULL;
        bool valid = str_eq(field(cx, test, "valid")->text, S("true"));
        bool done = schema && json_schema_check(cx, schema, field(cx, test, "data"), &f);
        if (done && !f == valid) {
            run->passed++;
            continue;
        }
        run->failed++;
        printf("%s: %.*s: %.*s: %s %.*s\n", path, STR(field(cx, group, "description")->text),
               STR(field(cx, test, "description")->text),
               !done   ? "no answer:"
               : valid ? "refused:"
                       : "let through",
               STR(!done ? error.words
                   : f   ? json_failure_deepest(f)->words
                         : S("")));
    }
}

static void run_file(struct run *run, const char *path)
{
    struct context_options options = { 0 };
    struct context *cx = context_new(&options);
    const struct node *groups = json_read(cx, text_add(cx, str_from(path), read_file(cx, path)));
    run->draft = NULL;
    for (size_t i = 0; i < countof(drafts); i++) {
        if (strstr(path, drafts[i][0]))
            run->draft = drafts[i][1];
    }
    for (uint32_t i = 0; groups && i < groups->len; i++)
        run_group(cx, run, path, groups->items[i]);
    context_free(cx);
}

int main(int argc, char **argv)
{
    struct run run = { .suite = argc > 1 ? argv[1] : "." };
    for (int i = 2; i < argc; i++) {
        DIR *d = opendir(argv[i]);
        for (struct dirent *e; d && (e = readdir(d));) {
            char path[4096];
            snprintf(path, sizeof path, "%s/%s", argv[i], e->d_name);
            if (str_ends(str_from(path), S(".json")))
                run_file(&run, path);
        }
        if (d)
            closedir(d);
    }
    printf("%u passed, %u failed\n", run.passed, run.failed);
    return run.failed > 0;
}
