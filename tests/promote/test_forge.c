/* Forges by the addresses of remotes and the variables of CI; what a push says and hears. */
#include <stdlib.h>

#include "promote/forge.h"
#include "render/source/git_wire.h"
#include "tests/expect.h"

/* "github https://api.github.com /repos/acme/web", "none", or what was reported. */
static str forge_at(struct context *cx, const char *url, const char *name)
{
    struct forge f;
    bool known;
    if (!forge_of(cx, str_from(url), str_from(name), NOWHERE, &f, &known))
        return test_diagnostics(cx);
    if (!known)
        return S("none");
    return str_format(cx->arena, "%.*s %.*s %.*s", STR(f.row->name), STR(f.root),
                      STR(f.repository));
}

static const struct {
    const char *url;
    const char *want;
} places[] = {
    { "https://github.com/acme/web.git", "github https://api.github.com /repos/acme/web" },
    { "git@github.com:acme/web.git", "github https://api.github.com /repos/acme/web" },
    { "ssh://git@github.com:22/acme/web/", "github https://api.github.com /repos/acme/web" },
    { "https://me:secret@github.corp.example:8443/acme/web",
      "github https://github.corp.example:8443/api/v3 /repos/acme/web" },
    { "ssh://git@ssh.github.com:443/acme/web.git",
      "github https://api.github.com /repos/acme/web" },
    { "https://acme.ghe.com/acme/web", "github https://api.acme.ghe.com /repos/acme/web" },
    { "git@altssh.gitlab.com:acme/a/b/web.git",
      "gitlab https://gitlab.com/api/v4 /projects/acme%2Fa%2Fb%2Fweb" },
    { "https://gitlab.example:8443/a/b/c/web.git",
      "gitlab https://gitlab.example:8443/api/v4 /projects/a%2Fb%2Fc%2Fweb" },
    { "https://gitlab.com/acme/a/b/web.git",
      "gitlab https://gitlab.com/api/v4 /projects/acme%2Fa%2Fb%2Fweb" },
    { "git@gitlab.example:acme/web.git",
      "gitlab https://gitlab.example/api/v4 /projects/acme%2Fweb" },
    { "https://codeberg.org/acme/web", "gitea https://codeberg.org/api/v1 /repos/acme/web" },
    { "https://tools.example/gitea/acme/web.git", "none" },
    { "https://gitea.example/git/acme/web.git",
      "gitea https://gitea.example/git/api/v1 /repos/acme/web" },
    { "git@bitbucket.org:acme/web.git",
      "bitbucket https://api.bitbucket.org/2.0 /repositories/acme/web" },
    { "https://bitbucket.example/scm/KEY/web.git",
      "bitbucket-server https://bitbucket.example/rest/api/1.0 /projects/KEY/repos/web" },
    { "https://stash.example/context/scm/~me/web.git",
      "bitbucket-server https://stash.example/context/rest/api/1.0 /projects/~me/repos/web" },
    { "ssh://git@bitbucket.example:7999/KEY/web.git",
      "bitbucket-server https://bitbucket.example/rest/api/1.0 /projects/KEY/repos/web" },
    { "https://acme@dev.azure.com/acme/shop/_git/web",
      "azure https://dev.azure.com/acme/shop /_apis/git/repositories/web" },
    { "git@ssh.dev.azure.com:v3/acme/shop/web",
      "azure https://dev.azure.com/acme/shop /_apis/git/repositories/web" },
    { "https://acme.visualstudio.com/shop/_git/web",
      "azure https://dev.azure.com/acme/shop /_apis/git/repositories/web" },
    { "acme@vs-ssh.visualstudio.com:v3/acme/shop/web",
      "azure https://dev.azure.com/acme/shop /_apis/git/repositories/web" },
    { "ssh://git@ssh.dev.azure.com:22/v3/acme/shop/web",
      "azure https://dev.azure.com/acme/shop /_apis/git/repositories/web" },
    { "https://acme.visualstudio.com/DefaultCollection/shop/_git/web",
      "azure https://dev.azure.com/acme/shop /_apis/git/repositories/web" },
    { "https://dev.azure.com/acme/my%20shop/_git/web",
      "azure https://dev.azure.com/acme/my%20shop /_apis/git/repositories/web" },
    { "https://dev.azure.com/acme/_git/web",
      "azure https://dev.azure.com/acme/web /_apis/git/repositories/web" },
    { "https://git.example/acme/web", "none" },
    { "file:///srv/github.com/web.git", "none" },
    { "../github/web", "none" },
    { "https://GitHub.com/acme", "error: 'https://GitHub.com/acme' is no address of a repository "
                                 "at GitHub\n" },
};

START_TEST(place_of_an_address)
{
    struct context *cx = test_context();
    str got = forge_at(cx, places[_i].url, "");
    expect_same(got, str_from(places[_i].want));
    context_free(cx);
}
END_TEST

START_TEST(name_before_guess)
{
    struct context *cx = test_context();
    expect_str(forge_at(cx, "https://git.example/acme/web", "gitlab"),
               "gitlab https://git.example/api/v4 /projects/acme%2Fweb");
    expect_str(forge_at(cx, "https://git.example/acme/web", "forgejo"),
               "gitea https://git.example/api/v1 /repos/acme/web");
    expect_str(forge_at(cx, "https://git.example/acme/web", "githup"),
               "error: no forge is called 'githup'\nhint: did you mean 'github'?\n");
    context_free(cx);
}
END_TEST

/* Gitea's runner speaks of itself in GitHub's variables. */
START_TEST(variables_of_ci)
{
    struct context *cx = test_context();
    setenv("GITHUB_SERVER_URL", "https://git.example:3000", 1);
    setenv("GITHUB_API_URL", "https://git.example:3000/api/v1", 1);
    setenv("GITEA_ACTIONS", "true", 1);
    expect_str(forge_at(cx, "https://git.example:3000/acme/web", ""),
               "gitea https://git.example:3000/api/v1 /repos/acme/web");
    expect_str(forge_at(cx, "https://other.example/acme/web", ""), "none");
    unsetenv("GITEA_ACTIONS");
    expect_str(forge_at(cx, "git@git.example:acme/web", ""),
               "github https://git.example:3000/api/v1 /repos/acme/web");
    setenv("HOIST_FORGE_API", "https://api.example/", 1);
    expect_str(forge_at(cx, "git@git.example:acme/web", ""),
               "github https://api.example /repos/acme/web");
    context_free(cx);
}
END_TEST

/* GitLab below a path, and Azure DevOps on a server of one's own. */
START_TEST(servers_below_a_path)
{
    struct context *cx = test_context();
    setenv("CI_SERVER_URL", "https://tools.example/gitlab", 1);
    expect_str(forge_at(cx, "https://tools.example/gitlab/acme/a/web.git", ""),
               "gitlab https://tools.example/gitlab/api/v4 /projects/acme%2Fa%2Fweb");
    expect_str(forge_at(cx, "git@tools.example:acme/a/web.git", ""),
               "gitlab https://tools.example/gitlab/api/v4 /projects/acme%2Fa%2Fweb");
    setenv("SYSTEM_COLLECTIONURI", "https://tfs.example/tfs/DefaultCollection/", 1);
    expect_str(forge_at(cx, "https://tfs.example/tfs/DefaultCollection/shop/_git/web", ""),
               "azure https://tfs.example/tfs/DefaultCollection/shop /_apis/git/repositories/web");
    context_free(cx);
}
END_TEST

START_TEST(tokens_and_users)
{
    struct context *cx = test_context();
    struct forge f;
    struct credentials who;
    bool known;
    forge_of(cx, S("https://github.com/acme/web"), S(""), NOWHERE, &f, &known);
    ck_assert(!forge_has_token(cx, &f) && !forge_credentials(cx, &f, &who));
    setenv("GH_TOKEN", "second", 1);
    forge_of(cx, S("https://github.com/acme/web"), S(""), NOWHERE, &f, &known);
    ck_assert(forge_credentials(cx, &f, &who));
    expect_str(who.user, "x-access-token");
    expect_str(who.password, "second");
    setenv("BITBUCKET_TOKEN", "t", 1);
    setenv("BITBUCKET_EMAIL", "me@x.example", 1);
    forge_of(cx, S("https://bitbucket.org/acme/web"), S(""), NOWHERE, &f, &known);
    forge_credentials(cx, &f, &who);
    expect_str(who.user, "x-bitbucket-api-token-auth");
    context_free(cx);
}
END_TEST

static str refusal(struct context *cx, str answer)
{
    struct wire_verdict verdict;
    if (!wire_pushed(cx, answer, NOWHERE, &verdict))
        return test_diagnostics(cx);
    return str_concat(cx->arena, verdict.refusal, verdict.words);
}

START_TEST(answers_to_a_push)
{
    struct context *cx = test_context();
    expect_str(refusal(cx, S("000eunpack ok\n0017ok refs/heads/main\n0000")), "");
    expect_str(refusal(cx, S("000eunpack ok\n002cng refs/heads/main pre-receive declined\n0000")),
               "pre-receive declined");
    expect_str(refusal(cx, S("001funpack index-pack abnormal\n0000")),
               "unpack index-pack abnormal");
    /* By bands: the report, progress, a hook's words. */
    expect_str(refusal(cx, S("0013\001000eunpack ok\n"
                             "000e\0021%\r100%\r\n"
                             "0012\002say\33 why\n\nok\n"
                             "0021\001001cng refs/heads/b refused\n"
                             "0009\0010000"
                             "0000")),
               "refused100%\nsay  why\nok\n");
    expect_str(refusal(cx, S("<html>")), "error: the answer is not Git's\n");
    context_free(cx);
}
END_TEST

START_TEST(push_that_makes_a_branch)
{
    struct context *cx = test_context();
    struct wire_refs refs = { 0 };
    struct wire_update update = { S("refs/heads/b"), S(""),
                                  S("1111111111111111111111111111111111111111") };
    str request = wire_push(cx, &refs, &update, S("PACK"));
    static const char want[] = "007e"
                               "0000000000000000000000000000000000000000 "
                               "1111111111111111111111111111111111111111 refs/heads/b\0"
                               " report-status agent=hoist\n0000PACK";
    expect_same(request, ((str){ want, sizeof want - 1 }));
    context_free(cx);
}
END_TEST

TCase *forge_tests(void)
{
    TCase *tests = tcase_create("forge");
    tcase_add_loop_test(tests, place_of_an_address, 0, countof(places));
    tcase_add_test(tests, name_before_guess);
    tcase_add_test(tests, variables_of_ci);
    tcase_add_test(tests, servers_below_a_path);
    tcase_add_test(tests, tokens_and_users);
    tcase_add_test(tests, answers_to_a_push);
    tcase_add_test(tests, push_that_makes_a_branch);
    return tests;
}
