#!/bin/sh
# The page of `hoist diff -o html` in a browser: its script runs under its own policy, nothing
# else does; search, filters and folds do what they say; nothing is wider than a phone.
# usage: diff_page.sh HOIST SAMPLE
hoist=$(realpath "$1") || exit 2
sample=$(realpath "$2") || exit 2
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome) || {
    echo "skipped: chromium is not installed"
    exit 77
}
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 2

# The page once its scripts have run. dom FILE WIDTH
dom() {
    timeout 60 "$browser" --headless --no-sandbox --disable-gpu --user-data-dir="$work/profile" \
        --window-size="$2",900 --virtual-time-budget=2000 --dump-dom "file://$work/$1" 2>/dev/null
}
wrong=0
expect() {
    grep -qF -- "$2" "$1" && return
    echo "not in $1: $2"
    wrong=1
}

# A script of this test is let in by taking the policy out.
with_script() {
    sed -e '/Content-Security-Policy/d' -e "s|</body>|<script>$2</script></body>|" "$1"
}

(cd "$sample" && "$hoist" diff staging production -o html) >page.html || exit 1
dom page.html 1200 >page.dom
expect page.dom '39 of 39 documents'
grep -qE '(src|href)="?(https?:)?//' page.html && echo "the page asks for something else" && wrong=1

cat >steps.js <<'END'
const say = [], count = () => document.getElementById("count").textContent;
const press = (filter) => document.querySelector(`[data-filter="${filter}"]`).click();
press("kind:Secret"); say.push("secrets: " + count());
press("change:added"); say.push("added secrets: " + count());
press("kind:Secret"); say.push("added: " + count());
press("change:added"); press("impact:scales"); say.push("scales: " + count());
press("impact:scales");
document.getElementById("all").click(); say.push("noise: " + count());
document.getElementById("all").click();
document.getElementById("open").click();
say.push("open: " + document.querySelectorAll("details[open]").length);
document.getElementById("close").click();
say.push("closed: " + document.querySelectorAll("details[open]").length);
say.push("titles: " + document.querySelectorAll("ins[title*=kustomization]").length);
const search = document.getElementById("search");
search.value = "reservation_lifetime"; search.dispatchEvent(new Event("input"));
setTimeout(() => {
  say.push("found: " + count());
  document.body.append(say.join("; "));
}, 300);
END
with_script page.html "$(tr '\n' ' ' <steps.js | sed 's/[&|\\]/\\&/g')" >steps.html
dom steps.html 1200 >steps.dom
expect steps.dom 'secrets: 3 of 39'
expect steps.dom 'added secrets: 0 of 39'
expect steps.dom '; added: 6 of 39'
expect steps.dom 'scales: 9 of 39'
expect steps.dom 'noise: 76 of 76'
expect steps.dom 'open: 76'
expect steps.dom 'closed: 0'
expect steps.dom 'found: 1 of 39'
grep -qF 'titles: 0;' steps.dom && echo "no value says where it comes from" && wrong=1

# As narrow as a phone, everything unfolded.
with_script page.html 'for (const d of document.querySelectorAll("details")) d.open = true; document.body.append("wide: " + (document.documentElement.scrollWidth > innerWidth));' >phone.html
dom phone.html 500 >phone.dom
expect phone.dom 'wide: false'

# What stands in a manifest is text.
cat >a.yaml <<'END'
{apiVersion: v1, kind: ConfigMap, metadata: {name: x}, data: {"<b onclick=1>": "1"}}
END
cat >b.yaml <<'END'
{apiVersion: v1, kind: ConfigMap, metadata: {name: x}, data: {"<b onclick=1>": "</ins></pre><script>document.title='run'</script><img src=x onerror=\"document.title='run'\">"}}
---
{apiVersion: v1, kind: "<script>document.title='run'</script>", metadata: {name: "\" onload=\"document.title='run'"}}
END
"$hoist" diff a.yaml b.yaml -o html >hostile.html || exit 1
sed '/Content-Security-Policy/d' hostile.html >open.html
for page in hostile.html open.html; do
    dom $page 1200 >hostile.dom
    expect hostile.dom '<title>a.yaml → b.yaml</title>'
    expect hostile.dom '2 of 2 documents'
done
exit $wrong
