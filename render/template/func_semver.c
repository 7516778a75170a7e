/* Semantic versions. `semver` gives a pointer to a version, the methods that change one give a
 * version itself, which lacks the methods of the pointer, as in Go. */
#include "render/base/semver.h"
#include "render/template/func.h"

static const struct object_type pointer_type, version_type;

static struct value version(struct call *c, const struct object_type *type, struct semver v)
{
    struct buf b;
    struct object *o = NEW(c->arena, struct object);
    buf_init(&b, c->arena, 32);
    semver_print(&b, &v);
    o->type = type;
    o->text = buf_take(&b);
    o->data = arena_copy(c->arena, &v, sizeof v);
    return value_object(o);
}

static const struct semver *self(const struct call *c)
{
    return c->args[0].object->data;
}

static struct value semver(struct call *c)
{
    struct semver v;
    str error;
    if (!semver_parse(c->arena, value_str(c->args[0]), &v, &error))
        return call_fail(c, "%.*s", STR(error));
    return version(c, &pointer_type, v);
}

static struct value semver_compare_(struct call *c)
{
    struct semver v;
    str error;
    struct semver_range *range = semver_range_parse(c->arena, value_str(c->args[0]), &error);
    if (!range || !semver_parse(c->arena, value_str(c->args[1]), &v, &error))
        return call_fail(c, "%.*s", STR(error));
    return value_bool(semver_range_has(range, &v));
}

static struct value number(uint64_t n)
{
    return (struct value){ .kind = VALUE_UINT64, .u = n };
}

static struct value major(struct call *c)
{
    return number(self(c)->major);
}

static struct value minor(struct call *c)
{
    return number(self(c)->minor);
}

static struct value patch(struct call *c)
{
    return number(self(c)->patch);
}

static struct value prerelease(struct call *c)
{
    return value_string(self(c)->pre);
}

static struct value metadata(struct call *c)
{
    return value_string(self(c)->metadata);
}

static struct value original(struct call *c)
{
    return value_string(self(c)->original);
}

static struct value string(struct call *c)
{
    return value_string(c->args[0].object->text);
}

static struct value marshal_text(struct call *c)
{
    return value_bytes(c->args[0].object->text);
}

static struct value marshal_json(struct call *c)
{
    return value_bytes(str_format(c->arena, "\"%.*s\"", STR(c->args[0].object->text)));
}

static struct value inc_major(struct call *c)
{
    return version(c, &version_type, semver_next_major(c->arena, self(c)));
}

static struct value inc_minor(struct call *c)
{
    return version(c, &version_type, semver_next_minor(c->arena, self(c)));
}

static struct value inc_patch(struct call *c)
{
    return version(c, &version_type, semver_next_patch(c->arena, self(c)));
}

/* Letters, digits and '-' between dots; `numbers`: digits alone begin with no 0. */
static bool check_parts(struct call *c, str parts, bool numbers, const char *what)
{
    str part;
    for (str rest = parts; str_next_field(&rest, '.', &part);) {
        bool digits = true, ok = part.len > 0;
        for (size_t i = 0; i < part.len; i++) {
            char ch = part.at[i];
            bool digit = ch >= '0' && ch <= '9';
            digits = digits && digit;
            ok = ok && (digit || (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || ch == '-');
        }
        if (!ok)
            call_fail(c, "invalid %s string", what);
        else if (numbers && digits && part.len > 1 && part.at[0] == '0')
            call_fail(c, "version segment starts with 0");
        if (c->failed)
            return false;
    }
    return true;
}

static struct value changed(struct call *c, struct semver v)
{
    struct buf b;
    buf_init(&b, c->arena, 32);
    if (str_starts(v.original, S("v")))
        buf_char(&b, 'v');
    semver_print(&b, &v);
    v.original = buf_take(&b);
    return version(c, &version_type, v);
}

static struct value set_prerelease(struct call *c)
{
    struct semver v = *self(c);
    v.pre = value_str(c->args[1]);
    return check_parts(c, v.pre, true, "prerelease") ? changed(c, v) : NIL;
}

static struct value set_metadata(struct call *c)
{
    struct semver v = *self(c);
    v.metadata = value_str(c->args[1]);
    return check_parts(c, v.metadata, false, "metadata") ? changed(c, v) : NIL;
}

/* -1, 0, 1, or 2 after a failure of the call: the other one is nil. */
static int compare(struct call *c)
{
    if (c->args[1].object)
        return semver_compare(self(c), c->args[1].object->data);
    call_panic(c, "runtime error: invalid memory address or nil pointer dereference",
               "this takes a version, not nil");
    return 2;
}

static struct value compare_(struct call *c)
{
    return value_int(compare(c));
}

static struct value equal(struct call *c)
{
    return value_bool(compare(c) == 0);
}

static struct value less(struct call *c)
{
    return value_bool(compare(c) < 0);
}

static struct value less_equal(struct call *c)
{
    return value_bool(compare(c) <= 0);
}

static struct value greater(struct call *c)
{
    return value_bool(compare(c) > 0);
}

static struct value greater_equal(struct call *c)
{
    return value_bool(compare(c) >= 0);
}

static const struct func pointer_methods[] = {
    { "Compare", "O", compare_ },
    { "Equal", "O", equal },
    { "GreaterThan", "O", greater },
    { "GreaterThanEqual", "O", greater_equal },
    { "IncMajor", "", inc_major },
    { "IncMinor", "", inc_minor },
    { "IncPatch", "", inc_patch },
    { "LessThan", "O", less },
    { "LessThanEqual", "O", less_equal },
    { "Major", "", major },
    { "MarshalJSON", "", marshal_json },
    { "MarshalText", "", marshal_text },
    { "Metadata", "", metadata },
    { "Minor", "", minor },
    { "Original", "", original },
    { "Patch", "", patch },
    { "Prerelease", "", prerelease },
    { "SetMetadata", "s", set_metadata },
    { "SetPrerelease", "s", set_prerelease },
    { "String", "", string },
    { "Value", "", string },
    { 0 },
};

static const struct func version_methods[] = {
    { "IncMajor", "", inc_major },
    { "IncMinor", "", inc_minor },
    { "IncPatch", "", inc_patch },
    { "Major", "", major },
    { "MarshalJSON", "", marshal_json },
    { "MarshalText", "", marshal_text },
    { "Metadata", "", metadata },
    { "Minor", "", minor },
    { "Patch", "", patch },
    { "Prerelease", "", prerelease },
    { "SetMetadata", "s", set_metadata },
    { "SetPrerelease", "s", set_prerelease },
    { "String", "", string },
    { "Value", "", string },
    { 0 },
};

static const struct object_type pointer_type = { "*semver.Version", "ptr", pointer_methods };
static const struct object_type version_type = { "semver.Version", "struct", version_methods };

const struct func semver_funcs[] = {
    { "semver", "s", semver },
    { "semverCompare", "ss", semver_compare_ },
    { 0 },
};
