/* Pins applied: edited, rendered again, written, committed, pushed. */
#include "promote/pin_apply.h"

#include "promote/branch_edit.h"
#include "promote/registries.h"
#include "promote/resolve.h"
#include "render/base/buf.h"

struct pinning {
    const struct pin_request *request;
    const struct image_ref *refs; /* the request's, or these with their digests */
    struct branch_edit edit;      /* with a commit */
    struct project *project;
    struct environment *env;
    struct pins pins;
};

static struct folder *working_folder(struct context *cx)
{
    struct source *disk = source_disk(cx, S(""));
    return disk ? source_folder(cx, disk, S("."), NOWHERE) : NULL;
}

static bool check_branch(struct context *cx, const struct environment_row *row)
{
    struct folder *folder = row->branch.len ? working_folder(cx) : NULL;
    if (!row->branch.len)
        return true;
    if (!folder)
        return false;
    if (environment_folder(cx, folder, row) == folder)
        return true;
    if (diag_failed(cx))
        return false;
    report(cx, row->pos, "'%.*s' is on the branch '%.*s', and another is checked out",
           STR(row->name), STR(row->branch));
    hint(cx, NOWHERE, "git switch %.*s", STR(row->branch));
    return false;
}

static struct environment *render_row(struct context *cx, const struct pinning *p,
                                      const struct environment_row *row)
{
    struct folder *folder =
        p->request->commit ? branch_edit_folder(cx, &p->edit) : working_folder(cx);
    return folder ? environment_render(cx, folder, row) : NULL;
}

static bool open_environment(struct context *cx, struct pinning *p)
{
    str word = p->request->word;
    const struct environment_row *row = project_find(p->project, word);
    if (row) {
        p->env = check_branch(cx, row) ? render_row(cx, p, row) : NULL;
        return p->env;
    }
    if (p->request->commit)
        word = str_format(cx->arena, "%.*s:%.*s", STR(branch_edit_revision(&p->edit)), STR(word));
    p->env = environment_named(cx, word);
    if (p->env && !p->env->at.folder)
        return report(cx, NOWHERE, "'%.*s' is no folder, so nothing in it can be pinned",
                      STR(word));
    return p->env;
}

/* Those that an environment must not change when it is pinned by its name. */
static bool find_others(struct context *cx, struct pinning *p, struct environments *others)
{
    const struct environment_row *own = p->env->row;
    for (uint32_t i = 0; own && i < p->project->environment_count; i++) {
        const struct environment_row *row = &p->project->environments[i];
        if (row == own || !str_eq(row->branch, own->branch))
            continue;
        struct environment *e = render_row(cx, p, row);
        if (!e)
            return false;
        ARENA_PUSH(cx->arena, others->at, others->len, others->cap);
        others->at[others->len++] = e;
    }
    return true;
}

static bool edit(struct context *cx, struct pinning *p)
{
    struct environments *others = NEW(cx->arena, struct environments);
    if (!find_others(cx, p, others))
        return false;
    p->pins = (struct pins){ .env = p->env, .others = others };
    bool ok = true;
    for (uint32_t i = 0; i < p->request->len; i++)
        ok = pins_add(cx, &p->pins, p->refs[i]) && ok;
    return ok && pins_finish(cx, &p->pins);
}

static bool check_image(struct context *cx, const struct environment *env, struct image_ref ref)
{
    const struct image *image = image_set_find(&env->images, ref);
    for (; image; image = image_set_next(&env->images, image)) {
        bool as_asked = str_eq(image->ref.tag, ref.tag) && str_eq(image->ref.digest, ref.digest);
        /* A chart may print a tag that nobody asked for beside the digest, or none. */
        if (!as_asked && !(ref.digest.len && image_version_equal(image->ref, ref)))
            return report_refused(cx, image->uses[0].image->pos,
                                  "'%.*s' would not be what was asked for", STR(ref.name));
    }
    return true;
}

/* The edited files must render to what was asked for. */
static bool check(struct context *cx, struct pinning *p)
{
    struct source *edited = source_edited(cx, p->env->sources[0]);
    for (uint32_t i = 0; i < p->pins.len; i++) {
        str path = p->pins.files[i].real;
        if (edited->closed)
            path = str_trim_prefix(path, S("/"));
        if (!source_edit(cx, edited, path, p->pins.files[i].bytes, NOWHERE))
            return false;
    }
    struct environment after;
    if (!environment_again(cx, p->env, edited, &after))
        return false;
    bool ok = true;
    for (uint32_t i = 0; i < p->request->len; i++)
        ok = check_image(cx, &after, p->refs[i]) && ok;
    return ok;
}

static bool write_files(struct context *cx, const struct pinning *p)
{
    for (uint32_t i = 0; i < p->pins.len; i++) {
        if (!p->request->write(cx, p->pins.files[i].real, p->pins.files[i].bytes))
            return false;
    }
    return true;
}

static str message_of(struct context *cx, const struct pinning *p)
{
    const struct pin_request *r = p->request;
    struct buf b;
    buf_init(&b, cx->arena, 512);
    if (r->len == 1)
        buf_format(&b, "Pin %.*s\n\n", STR(image_ref_print(cx->arena, p->refs[0])));
    else
        buf_format(&b, "Pin %u images\n\n", r->len);
    for (uint32_t i = 0; i < r->len; i++) {
        buf_format(&b, "%.*s\n", STR(image_ref_print(cx->arena, p->refs[i])));
        const struct image *image = image_set_find(&p->env->images, p->refs[i]);
        for (uint32_t k = 0; image && k < image->len; k++) {
            struct identity id = identity_of(image->uses[k].document);
            buf_format(&b, "    %.*s/%.*s\n", STR(id.gvk.kind), STR(id.name));
        }
    }
    if (r->trigger.len)
        buf_format(&b, "\nHoist-Trigger: %.*s\n", STR(r->trigger));
    return buf_take(&b);
}

static bool pin(struct context *cx, struct pinning *p)
{
    return open_environment(cx, p) && edit(cx, p) && check(cx, p);
}

static bool make(struct context *cx, struct branch_edit *e)
{
    struct pinning *p = e->who;
    if (!pin(cx, p))
        return false;
    struct file_edit *files = NEW_ARRAY(cx->arena, struct file_edit, p->pins.len);
    for (uint32_t i = 0; i < p->pins.len; i++) {
        const struct pinned_file *file = &p->pins.files[i];
        files[i] = (struct file_edit){ str_trim_prefix(file->real, S("/")), file->text->bytes,
                                       file->bytes };
    }
    e->files = files;
    e->len = p->pins.len;
    e->message = message_of(cx, p);
    return true;
}

static bool begin(struct context *cx, struct pinning *p)
{
    const struct pin_request *r = p->request;
    struct folder *folder = working_folder(cx);
    p->project = folder ? project_read(cx, folder) : NULL;
    p->edit = (struct branch_edit){ .remote = r->remote,
                                    .log = S("hoist: pin"),
                                    .author = r->author,
                                    .committer = r->committer,
                                    .write = r->write,
                                    .make = make,
                                    .who = p };
    return p->project && (!r->commit || branch_edit_begin(cx, &p->edit));
}

/* Once, before all attempts: each of them must write the same. */
static bool resolve(struct context *cx, struct pinning *p)
{
    uint32_t n = p->request->len;
    if (!p->request->resolve)
        return true;
    struct registry *registry = registry_open_for(cx, p->project, p->request->word);
    struct image_ref *refs = arena_copy(cx->arena, p->refs, n * sizeof *refs);
    struct resolution *all = NEW_ARRAY(cx->arena, struct resolution, n);
    if (!registry || !resolve_all(cx, registry, refs, NULL, n, all))
        return false;
    bool ok = true;
    for (uint32_t i = 0; i < n; i++) {
        str digest = all[i].manifest.digest;
        if (resolution_moved(&all[i], refs[i]))
            ok = report_refused(cx, NOWHERE, "the tag of '%.*s' stands for '%.*s'",
                                STR(image_ref_print(cx->arena, refs[i])), STR(digest));
        refs[i].digest = digest;
    }
    p->refs = refs;
    return ok;
}

bool pin_apply(struct context *cx, const struct pin_request *request, struct pin_result *out)
{
    struct pinning p = { .request = request, .refs = request->refs };
    bool commits = request->commit && !request->dry_run;
    *out = (struct pin_result){ .commit = S("") };
    if (!begin(cx, &p) || !resolve(cx, &p)
        || !(commits ? branch_edit_run(cx, &p.edit) : pin(cx, &p)))
        return false;
    out->files = p.pins.files;
    out->len = p.pins.len;
    out->branch = p.edit.branch;
    out->commit = p.edit.commit;
    out->pushed = p.edit.pushed;
    return commits || request->dry_run || write_files(cx, &p);
}
