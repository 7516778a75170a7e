/* The files of a chart in the order in which Helm writes them. */
#include "render/chart/save.h"

#include "render/chart/definition.h"
#include "render/chart/lock.h"
#include "render/doc/json_read.h"
#include "render/source/tar_write.h"

struct files {
    struct tar_file *at;
    uint32_t len;
    uint32_t cap;
};

static void add(struct context *cx, struct files *files, str folder, str path, str bytes)
{
    ARENA_PUSH(cx->arena, files->at, files->len, files->cap);
    files->at[files->len++] = (struct tar_file){ source_join(cx->arena, folder, path), bytes };
}

static bool add_lock(struct context *cx, const struct chart *chart, struct files *files, str folder)
{
    struct lock lock;
    if (!chart->lock || chart_is_old(chart))
        return true;
    if (!lock_read(cx, chart->lock, &lock))
        return false;
    add(cx, files, folder, S("Chart.lock"), lock_print(cx, &lock));
    return true;
}

static bool add_schema(struct context *cx, const struct chart *chart, struct files *files,
                       str folder)
{
    if (!chart->schema)
        return true;
    if (!json_try(cx, chart->schema))
        return report(cx, (struct pos){ chart->schema->id, 0 },
                      "invalid JSON in values.schema.json");
    add(cx, files, folder, S("values.schema.json"), chart->schema->bytes);
    return true;
}

static bool add_chart(struct context *cx, const struct chart *chart, struct files *files,
                      str parent)
{
    str folder = parent.len ? source_join(cx->arena, parent, chart->name) : chart->name;
    struct buf definition;
    buf_init(&definition, cx->arena, 1024);
    if (!definition_write(cx, &definition, chart->metadata, !chart_is_old(chart)))
        return false;
    add(cx, files, folder, S("Chart.yaml"), buf_take(&definition));
    if (!add_lock(cx, chart, files, folder))
        return false;
    if (chart->values_text)
        add(cx, files, folder, S("values.yaml"), chart->values_text->bytes);
    if (!add_schema(cx, chart, files, folder))
        return false;
    for (uint32_t i = 0; i < chart->templates.len; i++)
        add(cx, files, folder, chart->templates.at[i].path, chart->templates.at[i].text->bytes);
    for (uint32_t i = 0; i < chart->files.len; i++)
        add(cx, files, folder, chart->files.at[i].path, chart->files.at[i].text->bytes);
    for (uint32_t i = 0; i < chart->chart_count; i++) {
        if (!add_chart(cx, chart->charts[i], files, source_join(cx->arena, folder, S("charts"))))
            return false;
    }
    return true;
}

bool chart_save(struct context *cx, const struct chart *chart, str *file, str *bytes)
{
    struct files files = { 0 };
    *file = str_format(cx->arena, "%.*s-%.*s.tgz", STR(chart->name), STR(chart->version));
    return add_chart(cx, chart, &files, S(""))
           && tar_write(cx, files.at, files.len, cx->now, bytes);
}
