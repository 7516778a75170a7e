# helm template --debug prints what can't be read.
mkdir -p raw/templates
printf 'apiVersion: v2\nname: raw\nversion: 1.0.0\n' >raw/Chart.yaml
printf 'a: [x\n' >raw/templates/a.yaml
printf '\n' >raw/templates/nothing.yaml
run "$hoist" helm template raw --debug
is "helm template --debug: status" $status 1
is "helm template --debug" "$(cat out)" "---
# Source: raw/templates/a.yaml
a: [x"
is "it says no more of --debug" "$(grep -c 'Use --debug' err)" 0
run "$hoist" helm template raw
is "without --debug" "$(cat out)" ""
says err "^Use --debug flag to render out invalid YAML"
printf 'a: {{ fail "x" }}\n' >raw/templates/a.yaml
run "$hoist" helm template raw --debug
is "a template that fails" "$(wc -c <out | tr -d ' ')" 1
printf 'apiVersion: v2\nname: raw\nversion: 1.0.0\ndeprecated: true\n' >raw/Chart.yaml
printf 'a: b\n' >raw/templates/a.yaml
run "$hoist" helm template raw
is "a deprecated chart: status" $status 0
is "a deprecated chart" "$(cat err)" 'level=WARN msg="this chart is deprecated"'
rm -r raw
