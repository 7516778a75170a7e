/* URLs and names of hosts. */
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "render/base/url.h"
#include "render/template/func.h"
#include "render/template/run.h"

/* Without --enable-dns Helm answers nothing, so that a render does not depend on the network. Of
 * several addresses Helm takes any, and here the first is taken. */
static struct value get_host_by_name(struct call *c)
{
    char text[INET6_ADDRSTRLEN] = "";
    struct addrinfo wanted = { .ai_socktype = SOCK_STREAM }, *found = NULL;
    const char *name = str_cstr(c->arena, value_str(c->args[0]));
    if (!c->run->engine->options.dns || c->cx->switches.offline
        || getaddrinfo(name, NULL, &wanted, &found) != 0)
        return value_string(S(""));
    getnameinfo(found->ai_addr, found->ai_addrlen, text, sizeof text, NULL, 0, NI_NUMERICHOST);
    freeaddrinfo(found);
    return value_string(str_dup(c->arena, str_from(text)));
}

static struct value url_parse_(struct call *c)
{
    struct url u;
    str why;
    if (!url_parse(c->arena, value_str(c->args[0]), &u, &why))
        return call_fail(c, "unable to parse url: %.*s", STR(why));
    const struct {
        const char *name;
        str value;
    } fields[] = {
        { "fragment", u.fragment },
        { "host", u.host },
        { "hostname", url_hostname(&u) },
        { "opaque", u.opaque },
        { "path", u.path },
        { "query", u.query },
        { "scheme", u.scheme },
        { "userinfo", url_userinfo(c->arena, &u) },
    };
    struct dict *d = dict_new(c->arena, countof(fields));
    for (size_t i = 0; i < countof(fields); i++)
        dict_set_text(c->cx, d, str_from(fields[i].name), value_string(fields[i].value));
    return value_map(d);
}

/* The field of a map that is to be a string; an absent one is empty. */
static bool take_field(struct call *c, const char *name, str *out)
{
    const struct key *key = intern_find(c->cx->keys, str_from(name));
    const struct dict_entry *e = dict_find(c->args[0].dict, key);
    *out = e ? value_str(e->value) : S("");
    if (!e || e->value.kind == VALUE_STRING)
        return true;
    if (e->value.kind == VALUE_NIL)
        call_panic(c, "runtime error: invalid memory address or nil pointer dereference",
                   "the key '%s' must hold a string, not nil", name);
    else
        call_fail(c, "unable to parse %s key, must be of type string, but %.*s found", name,
                  STR(value_kind_name(e->value)));
    return false;
}

static struct value url_join(struct call *c)
{
    struct url u = { 0 }, user;
    str userinfo, why;
    if (!take_field(c, "scheme", &u.scheme) || !take_field(c, "host", &u.host)
        || !take_field(c, "path", &u.path) || !take_field(c, "query", &u.query)
        || !take_field(c, "opaque", &u.opaque) || !take_field(c, "fragment", &u.fragment)
        || !take_field(c, "userinfo", &userinfo))
        return NIL;
    if (userinfo.len) {
        str text = str_format(c->arena, "proto://%.*s@host", STR(userinfo));
        if (!url_parse(c->arena, text, &user, &why))
            return call_fail(c, "unable to parse userinfo in dict: %.*s", STR(why));
        u.has_user = user.has_user;
        u.user = user.user;
        u.has_password = user.has_password;
        u.password = user.password;
    }
    return value_string(url_print(c->arena, &u));
}

const struct func network_funcs[] = {
    { "getHostByName", "s", get_host_by_name },
    { "urlJoin", "m", url_join },
    { "urlParse", "s", url_parse_ },
    { 0 },
};
