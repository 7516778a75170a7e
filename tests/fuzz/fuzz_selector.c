/* Selectors of arbitrary bytes: the first line is a pattern, the second selects labels, the third
 * annotations, the fourth is the name, the label and the annotation that are looked at. */
#include "overlays/selector.h"
#include "render/base/regex.h"

static str next_line(str *rest)
{
    str line = { NULL, 0 };
    str_next_line(rest, &line);
    return line;
}

static void set(struct context *cx, struct node *map, const char *key, str text)
{
    node_add(cx, map, intern(cx->keys, str_from(key)), node_string(cx, text));
}

static struct node *document(struct context *cx, str text)
{
    struct node *n = node_map(cx), *metadata = node_map(cx);
    struct node *labels = node_map(cx), *annotations = node_map(cx);
    set(cx, n, "apiVersion", text);
    set(cx, n, "kind", text);
    set(cx, metadata, "name", text);
    set(cx, metadata, "namespace", text);
    set(cx, labels, "a", text);
    node_add(cx, labels, intern(cx->keys, text), node_string(cx, S("b")));
    set(cx, annotations, "a", text);
    node_add(cx, metadata, KEY_LABELS, labels);
    node_add(cx, metadata, KEY_ANNOTATIONS, annotations);
    node_add(cx, n, KEY_METADATA, metadata);
    return n;
}

/* What a place's expression finds, as templates ask for it. */
static void find_all(struct context *cx, str pattern, str subject)
{
    str error;
    struct regex *re = regex_compile(cx->arena, pattern, &error);
    if (!re)
        return;
    regex_watch(re, cx);
    struct regex_search s = regex_search(cx->arena, re, subject);
    while (regex_next(&s)) {
        for (uint32_t i = 0; i <= regex_groups(re); i++) {
            if (s.found[i].from > s.found[i].to || s.found[i].to > (ptrdiff_t)subject.len)
                __builtin_trap();
        }
    }
}

static bool work(struct context *cx, void *arg)
{
    static const char *const patterns[] = { "group", "version", "kind", "name", "namespace" };
    str rest = *(str *)arg;
    str pattern = next_line(&rest), labels = next_line(&rest), annotations = next_line(&rest);
    str text = next_line(&rest);
    struct node *said = node_map(cx);
    for (size_t i = 0; i < countof(patterns); i++)
        set(cx, said, patterns[i], pattern);
    set(cx, said, "labelSelector", labels);
    set(cx, said, "annotationSelector", annotations);
    find_all(cx, pattern, text);
    struct selector selector;
    struct resources all = { 0 };
    struct selected found;
    return selector_read(cx, said, &selector)
           && resources_append(cx, &all, resource_new(cx, document(cx, text)))
           && selector_select(cx, &selector, &all, &found);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct context *cx = context_new(&(struct context_options){ .memory = (size_t)1 << 29 });
    cx->limits.max[LIMIT_STEPS] = 20 * 1000 * 1000;
    context_run(cx, work, &(str){ (const char *)bytes, len });
    context_free(cx);
    return 0;
}
