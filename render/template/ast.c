/* Prints nodes back as Go does for its messages: one space between operands, strings as
 * they were written. */
#include "render/template/ast.h"

#include "render/base/quote.h"

static void print_pipe(struct buf *out, const struct ast_pipe *p)
{
    for (uint32_t i = 0; i < p->target_count; i++) {
        if (i)
            buf_str(out, S(", "));
        buf_str(out, p->targets[i].name);
    }
    if (p->target_count)
        buf_str(out, p->assigns ? S(" = ") : S(" := "));
    for (uint32_t i = 0; i < p->len; i++) {
        if (i)
            buf_str(out, S(" | "));
        ast_print(out, &p->commands[i]->head);
    }
}

static void print_command(struct buf *out, const struct ast_command *c)
{
    for (uint32_t i = 0; i < c->len; i++) {
        if (i)
            buf_char(out, ' ');
        bool pipe = c->args[i]->kind == AST_PIPE;
        if (pipe)
            buf_char(out, '(');
        ast_print(out, c->args[i]);
        if (pipe)
            buf_char(out, ')');
    }
}

static void print_path(struct buf *out, const struct ast_path *p)
{
    if (p->base && p->base->kind == AST_PIPE) {
        buf_char(out, '(');
        ast_print(out, p->base);
        buf_char(out, ')');
    } else if (p->base) {
        ast_print(out, p->base);
    }
    buf_str(out, p->name);
    for (uint32_t i = 0; i < p->len; i++) {
        buf_char(out, '.');
        buf_str(out, p->fields[i]->text);
    }
}

static void print_list(struct buf *out, struct ast_list list)
{
    for (uint32_t i = 0; i < list.len; i++)
        ast_print(out, list.nodes[i]);
}

static void print_branch(struct buf *out, const struct ast_branch *b, str keyword)
{
    buf_str(out, S("{{"));
    buf_str(out, keyword);
    print_pipe(out, b->pipe);
    buf_str(out, S("}}"));
    if (b->head.kind == AST_ACTION)
        return;
    print_list(out, b->body);
    if (b->otherwise.nodes) {
        buf_str(out, S("{{else}}"));
        print_list(out, b->otherwise);
    }
    buf_str(out, S("{{end}}"));
}

static void print_template(struct buf *out, const struct ast_template *t)
{
    buf_str(out, S("{{template "));
    quote(out, t->name);
    if (t->pipe) {
        buf_char(out, ' ');
        print_pipe(out, t->pipe);
    }
    buf_str(out, S("}}"));
}

void ast_print(struct buf *out, const struct ast *node)
{
    switch ((enum ast_kind)node->kind) {
    case AST_TEXT:
        buf_str(out, ((const struct ast_text *)node)->text);
        break;
    case AST_ACTION:
        print_branch(out, (const struct ast_branch *)node, S(""));
        break;
    case AST_IF:
        print_branch(out, (const struct ast_branch *)node, S("if "));
        break;
    case AST_WITH:
        print_branch(out, (const struct ast_branch *)node, S("with "));
        break;
    case AST_RANGE:
        print_branch(out, (const struct ast_branch *)node, S("range "));
        break;
    case AST_TEMPLATE:
        print_template(out, (const struct ast_template *)node);
        break;
    case AST_BREAK:
        buf_str(out, S("{{break}}"));
        break;
    case AST_CONTINUE:
        buf_str(out, S("{{continue}}"));
        break;
    case AST_PIPE:
        print_pipe(out, (const struct ast_pipe *)node);
        break;
    case AST_COMMAND:
        print_command(out, (const struct ast_command *)node);
        break;
    case AST_DOT:
    case AST_NIL:
    case AST_BOOL:
    case AST_STRING:
        buf_str(out, ((const struct ast_constant *)node)->source);
        break;
    case AST_NUMBER:
        buf_str(out, ((const struct ast_number *)node)->source);
        break;
    case AST_FUNCTION:
        buf_str(out, ((const struct ast_function *)node)->name);
        break;
    case AST_FIELD:
    case AST_VARIABLE:
    case AST_CHAIN:
        print_path(out, (const struct ast_path *)node);
        break;
    }
}
