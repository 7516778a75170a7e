#!/bin/sh
# JSONPath templates over a chart's values, as helm itself printed them into WANT; "-" for WANT prints
# the transcript.
# usage: jsonpath_walk.sh WANT PROGRAM [ARGUMENT...]
set -u
want=$1
[ "$want" = - ] || want=$(realpath "$want")
shift
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
export HOME="$work/home" TZ=UTC LC_ALL=C
cd "$work" && mkdir home web || exit 2
printf 'apiVersion: v2\nname: web\nversion: 1.0.0\n' >web/Chart.yaml
cat >web/values.yaml <<'END'
a: 1
big: 1000000
f: 1.5
s: "te<x>t & é"
t: true
nil: null
e: ""
m: {x: 1, z: [1, two, {q: 3}]}
list:
- name: one
  num: 1
  ok: true
- name: two
  num: 2.5
- {name: three, num: null}
"dotted.key": 5
"key-dash": 7
nested: {nested: {name: deep}}
empty: []
emptym: {}
END
[ "$want" = - ] || exec 4>&1 >"$work/got"
while IFS= read -r path; do
    printf '$ %s\n' "$path"
    "$@" show values web --jsonpath "$path" 2>err </dev/null
    echo "($?)"
    grep '^Error' err
done <<'END'
{.m}
{.s}
{.list}
{.list[*].num}
{.list[?(@.num==2.5)].name}
{.list[?(@.num>1.5)].name}
{.list[?(@.num<2.0)].name}
{.list[?(@.num==1)].name}
{.list[?(@.name!="one")].name}
{.list[?(@.name>="two")].name}
{.list[?(@.ok==true)].name}
{.list[?(@.ok)].name}
{.list[?(@.name=='one')].num}
{.list[?(@.name=~"one")].num}
{.list[0,1].name}
{.list[0:2].name}
{.list[:1].name}
{.list[1:].name}
{.list[-2:].name}
{.list[::2].name}
{.list[0:3:2].name}
{.list[2:1].name}
{.list[0:0].name}
{.list[-1].name}
{.list[-4].name}
{.list[3].name}
{.list[*]['name','num']}
{.list[0]['name', 'num']}
{....name}
{.m..}
{.m.*}
{.s.*}
{.list.*}
{.a.*}
{.emptym}
{.empty}
{.empty[*]}
{.empty[0]}
{.nil}
{.nil.x}
{range .list[*]}{.name}={.num};{end}
{range .list[*]}{.name}{end}{.a}
{range .empty[*]}{.name}{end}{.a}
{range .list[*]}{range .list[*]}x{end}{.name}{end}!
{range .list[*]}[{.name}
{end}
{range}{end}
{foo}
{true}
{5}
{-5}
{+5.5}
{5.5.5}
{"a\tb"}
{'a\tb'}
{'a"b'}
{"a'b"}
{"abc}
{.a
{.a {.b}}
{.a}}
{a b}
{!}
{ .a }
{ .a .b }
{.m .x}
{$.a}{@.f}
{$}
{.list[?(@.name=="one"]}
{.list[?(@.name=="one")}
{.list[0}
{.list[a]}
{.list[99999999999999999999]}
{['a']}
{['m']['x']}
{["a"]}
{.dotted\.key}
{['dotted\.key']}
{.key-dash}
text only
{.list[*].name} and {.a}
{.a.b.c}
{.s[0]}
{.m[0]}
{.m[?(@.x)]}
{.list[?(@.num)].name}
{.list[?(1==1)].name}
{.list[?(@.num==@.num)].name}
{.list[?(@.a.b)].name}
{.list[?(@.name=="one")]..num}
{.list[?("one"==@.name)].name}
{.list[?(@.name=="a)b")].name}
{.big}{"\n"}{.t}{'\n'}
{\n}
{.list[*].num} {.f}
é{.a}
{"\u00e9"}
{.list[1:0:1].name}
{.list[0:3:0].name}
{}
{ }
{.list[ 0 ].name}
{.list[0, 1].name}
{.}
{.list[]}
{.list[:]}
{..*}
{.m.z[2].q}
{.list..name}
{.m.z..}
END

[ "$want" = - ] && exit
exec 1>&4
diff "$want" got && echo "as helm says it"
