/* The names in what did not run: a branch that was not taken, a definition that nobody called, an
 * operand that `and` or `or` did not come to. */
#include "render/template/eval.h"

struct walk {
    unrun_name *see;
    void *who;
};

static void see_node(const struct walk *w, const struct ast *node, bool idle);

static void see_path(const struct walk *w, const struct ast_path *path)
{
    str before = S("");
    for (uint32_t i = 0; i < path->len; i++) {
        w->see(w->who, before, path->fields[i]->text);
        before = path->fields[i]->text;
    }
}

static void see_pipe(const struct walk *w, const struct ast_pipe *pipe, bool idle)
{
    for (uint32_t i = 0; pipe && i < pipe->len; i++) {
        const struct ast_command *c = pipe->commands[i];
        for (uint32_t k = 0; k < c->len; k++)
            see_node(w, c->args[k], idle || !pipe->head.ran);
    }
}

static void see_list(const struct walk *w, struct ast_list list, bool idle)
{
    for (uint32_t i = 0; i < list.len; i++)
        see_node(w, list.nodes[i], idle);
}

static void see_branch(const struct walk *w, const struct ast_branch *b, bool idle)
{
    see_pipe(w, b->pipe, idle);
    see_list(w, b->body, idle);
    see_list(w, b->otherwise, idle);
}

/* `idle`: it stands in something that did not run. */
static void see_node(const struct walk *w, const struct ast *node, bool idle)
{
    const struct ast_path *path = (const struct ast_path *)node;
    idle |= node->kind <= AST_PIPE && !node->ran;
    switch ((enum ast_kind)node->kind) {
    case AST_CHAIN:
        see_node(w, path->base, idle);
        if (!node->ran)
            see_path(w, path);
        break;
    case AST_FIELD:
    case AST_VARIABLE:
        if (!node->ran)
            see_path(w, path);
        break;
    case AST_STRING:
        if (idle)
            w->see(w->who, S(""), value_str(((const struct ast_constant *)node)->value));
        break;
    case AST_PIPE:
        see_pipe(w, (const struct ast_pipe *)node, idle);
        break;
    case AST_TEMPLATE:
        see_pipe(w, ((const struct ast_template *)node)->pipe, idle);
        break;
    case AST_ACTION:
    case AST_IF:
    case AST_WITH:
    case AST_RANGE:
        see_branch(w, (const struct ast_branch *)node, idle);
        break;
    default:
        break;
    }
}

void template_unrun(const struct template_set *set, unrun_name *see, void *who)
{
    const struct walk w = { see, who };
    for (uint32_t i = 0; i < set->templates.len; i++)
        see_list(&w, ((const struct template *)set->templates.entries[i].value)->body, false);
    const struct map *texts = &set->engine->tpl_texts;
    for (uint32_t i = 0; i < texts->len; i++) {
        const struct parsed *p = texts->entries[i].value;
        for (uint32_t k = 0; p->own && k < p->len; k++)
            see_list(&w, p->at[k]->body, false);
    }
}
