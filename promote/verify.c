/* Verifying. */
#include "promote/verify.h"

#include "promote/report.h"
#include "render/doc/json_write.h"
#include "render/doc/yaml_read.h"

/* What is required. */

static void add_requirement(struct context *cx, struct promotion_row *row, struct requirement one)
{
    ARENA_PUSH(cx->arena, row->checks, row->check_count, row->check_cap);
    row->checks[row->check_count++] = one;
}

/* "NAME" is made as hoist.yaml says, if it does; "NAME=YAML" as is said here. */
static bool require(struct context *cx, struct promotion_row *row, str word)
{
    str name, how;
    bool said = str_cut(word, '=', &name, &how);
    struct text *text = text_add(cx, S("--require"), said ? how : S("true"));
    struct node *value = yaml_read(cx, text, YAML_GO3);
    uint32_t known = 0;
    while (known < row->check_count && !str_eq(row->checks[known].name, name))
        known++;
    if (!value || !check_known(cx, name))
        return false;
    if (known == row->check_count)
        add_requirement(cx, row, (struct requirement){ name, value, value->pos });
    else if (said)
        row->checks[known] = (struct requirement){ name, value, value->pos };
    return true;
}

static bool require_more(struct context *cx, struct plan *plan, struct required more)
{
    struct promotion_row *row = NEW(cx->arena, struct promotion_row);
    *row = *plan->row;
    /* What is added here is not the project's. */
    row->checks = NULL;
    row->check_count = row->check_cap = 0;
    for (uint32_t i = 0; i < plan->row->check_count; i++)
        add_requirement(cx, row, plan->row->checks[i]);
    for (uint32_t i = 0; i < more.len; i++) {
        if (!require(cx, row, more.at[i]))
            return false;
    }
    plan->row = row;
    return true;
}

bool verify_environment(struct context *cx, str name, struct required more,
                        struct verification *out)
{
    struct policies policies;
    struct plan *plan = &out->plan;
    *out = (struct verification){ 0 };
    if (!plan_verify_begin(cx, name, plan) || !require_more(cx, plan, more)
        || !policies_read(cx, plan->project, &policies))
        return false;
    if (!plan->row->check_count && !policies.len) {
        report(cx, plan->row->pos, "nothing says what '%.*s' must pass", STR(name));
        hint(cx, NOWHERE, "'require' of a promotion does, 'policies', or --require");
        return false;
    }
    if (!plan_verify(cx, plan))
        return false;
    policies_run(cx, &policies, plan->from, &out->findings);
    out->state = out->findings.errors ? CHECK_FAILED : plan->checked;
    return true;
}

/* Printing. */

void verification_print(struct context *cx, struct buf *out, const struct verification *v)
{
    if (v->plan.row->check_count)
        report_images(cx, out, &v->plan);
    if (v->findings.len)
        buf_format(out, "%u finding%s of policies\n", v->findings.len,
                   v->findings.len == 1 ? "" : "s");
}

static void put(struct context *cx, struct node *map, const char *key, str text)
{
    node_add(cx, map, intern(cx->keys, str_from(key)), node_string(cx, text));
}

static bool print_line(struct context *cx, struct buf *out, const struct node *n)
{
    bool ok = json_write(cx, out, n, (struct json_style){ .keep_html = true, .keep_order = true });
    buf_char(out, '\n');
    return ok;
}

static struct node *result_node(struct context *cx, const struct check_result *r)
{
    struct node *n = node_map(cx);
    put(cx, n, "state", str_from(check_state_name(r->state)));
    put(cx, n, "evidence", r->evidence);
    for (uint32_t i = 0; r->state == CHECK_PASSED && r->details && i < r->details->len; i++)
        node_add(cx, n, r->details->entries[i].key, r->details->entries[i].value);
    return n;
}

static struct node *image_node(struct context *cx, const struct verification *v,
                               const struct candidate *c)
{
    struct node *n = node_map(cx), *checks = node_map(cx);
    put(cx, n, "image", image_ref_print(cx->arena, c->ref));
    put(cx, n, "digest", c->digest);
    for (uint32_t k = 0; k < v->plan.row->check_count; k++)
        node_add(cx, checks, intern(cx->keys, v->plan.row->checks[k].name),
                 result_node(cx, &c->results[k]));
    node_add(cx, n, intern(cx->keys, S("checks")), checks);
    return n;
}

static struct node *finding_node(struct context *cx, const struct finding *f)
{
    struct node *n = node_map(cx);
    struct place place;
    put(cx, n, "policy", f->policy->name);
    put(cx, n, "rule", policy_rule_name(f->policy));
    put(cx, n, "level", f->policy->warning ? S("warning") : S("error"));
    if (text_place(cx, f->pos, &place))
        put(cx, n, "where", str_format(cx->arena, "%.*s:%u", STR(place.name), place.line));
    put(cx, n, "message", f->message);
    return n;
}

bool verification_json(struct context *cx, struct buf *out, const struct verification *v)
{
    for (uint32_t i = 0; i < v->plan.candidates.len; i++) {
        if (!print_line(cx, out, image_node(cx, v, &v->plan.candidates.at[i])))
            return false;
    }
    for (uint32_t i = 0; i < v->findings.len; i++) {
        if (!print_line(cx, out, finding_node(cx, &v->findings.at[i])))
            return false;
    }
    struct node *n = node_map(cx);
    put(cx, n, "environment", v->plan.from->name);
    put(cx, n, "state", str_from(check_state_name(v->state)));
    return print_line(cx, out, n);
}
