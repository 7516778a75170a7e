# hoist render and validate: values that no template reads, integers that print as floats.

mkdir -p web/templates web/charts/db/templates web/charts/off/templates
cat >web/Chart.yaml <<'EOF'
apiVersion: v2
name: web
version: 1.0.0
dependencies:
- {name: db, version: 1.x.x, condition: "db.enabled,global.db", import-values: [shared]}
- {name: off, version: 1.x.x, condition: off.enabled, tags: [extras]}
EOF
for chart in db off; do
    printf 'apiVersion: v2\nname: %s\nversion: 1.0.0\n' $chart >web/charts/$chart/Chart.yaml
done
cat >web/values.yaml <<'EOF'
replicas: 1
image: {repository: nginx, tag: "1"}
off: {enabled: false}
ingress: {enabled: false}
whole: {}
copied: {}
through: {tpl: 1}
unused: by the chart itself
maximum: 1000000
EOF
cat >web/templates/map.yaml <<'EOF'
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
data:
  replicas: {{ .Values.replicas | quote }}
  image: "{{ .Values.image.repository }}:{{ index .Values "image" "tag" }}"
  shared: {{ .Values.share | quote }}
  maximum: "{{ .Values.maximum }}"
  {{- range .Values.hosts }}
  {{ .name }}: {{ get . "port" | int | quote }}
  {{- end }}
  {{- if .Values.ingress.enabled }}
  host: {{ .Values.ingress.host }}
  path: {{ dig "path" "prefix" "/" .Values.ingress }}
  {{- end }}
  {{- with merge (dict) .Values.whole }}
  whole: {{ toJson . | quote }}
  {{- end }}
  {{- $copy := deepCopy .Values.copied }}
  copied: {{ $copy.one | quote }}
  tpl: {{ tpl "{{ .Values.through.tpl }}" . | quote }}
EOF
cat >web/charts/db/values.yaml <<'EOF'
size: 1
exports: {shared: {share: a}}
EOF
cat >web/charts/db/templates/map.yaml <<'EOF'
apiVersion: v1
kind: ConfigMap
metadata: {name: db}
data: {size: "{{ .Values.size }}", zone: "{{ .Values.global.zone }}"}
EOF
cat >values.yaml <<'EOF'
replicas: 2
image: {tag: "2"}
share: b
hosts: [{name: a, port: 80}]
ingress: {enabled: false, host: h, path: {prefix: /x}, besid: 1}
whole: {of: {it: [{all: 1}]}}
copied: {one: 1}
through: {tpl: 1}
global: {zone: eu, db: true}
db: {enabled: true, size: 3}
off: {enabled: false, any: {thing: 1}}
tags: {extras: false}
maximum: 2500
EOF
run "$hoist" render web -f values.yaml
is "all values are read: status" $status 0
silent err
run "$hoist" render web -f values.yaml --strict
is "strict, all values are read" $status 0

cat >typos.yaml <<'EOF'
replica: 2
image:
  tagg: "2"
hosts:
- {name: a, prot: 80}
global: {zones: eu}
ingress: {enabled: true, hosst: h}
copied: {one: 1, two: 2}
db:
  sice: 3
tags: {extra: false}
maximum: 123456789
wholly:
  else: {a: 1}
EOF
run "$hoist" render web -f values.yaml -f typos.yaml --set-string 'image.tags=x,a\.b.c=y'
is "warnings: status" $status 0
is "warnings" "$(cat err)" "values.yaml:5:56: warning: no template reads 'ingress.besid'
    5 | ingress: {enabled: false, host: h, path: {prefix: /x}, besid: 1}
      |                                                        ^~~~~
typos.yaml:1:1: warning: no template reads 'replica'
    1 | replica: 2
      | ^~~~~~~
values.yaml:1:11: hint: did you mean 'replicas'?
typos.yaml:3:3: warning: no template reads 'image.tagg'
    3 |   tagg: \"2\"
      |   ^~~~
values.yaml:2:14: hint: did you mean 'image.tag'?
typos.yaml:5:13: warning: no template reads 'hosts[0].prot'
    5 | - {name: a, prot: 80}
      |             ^~~~
hint: did you mean 'hosts[0].port'?
typos.yaml:6:10: warning: no template reads 'global.zones'
    6 | global: {zones: eu}
      |          ^~~~~
values.yaml:9:16: hint: did you mean 'global.zone'?
typos.yaml:7:26: warning: no template reads 'ingress.hosst'
    7 | ingress: {enabled: true, hosst: h}
      |                          ^~~~~
values.yaml:5:33: hint: did you mean 'ingress.host'?
typos.yaml:8:18: warning: no template reads 'copied.two'
    8 | copied: {one: 1, two: 2}
      |                  ^~~
typos.yaml:10:3: warning: no template reads 'db.sice'
   10 |   sice: 3
      |   ^~~~
values.yaml:10:27: hint: did you mean 'db.size'?
typos.yaml:11:8: warning: no template reads 'tags.extra'
   11 | tags: {extra: false}
      |        ^~~~~
values.yaml:12:16: hint: did you mean 'tags.extras'?
typos.yaml:13:1: warning: no template reads 'wholly'
   13 | wholly:
      | ^~~~~~
values.yaml:6:8: hint: did you mean 'whole'?
--set-string:1:7: warning: no template reads 'image.tags'
    1 | image.tags=x,a\\.b.c=y
      |       ^~~~~~
values.yaml:2:14: hint: did you mean 'image.tag'?
--set-string:1:19: warning: no template reads 'a.b.c'
    1 | image.tags=x,a\\.b.c=y
      |                   ^~~
typos.yaml:12:10: warning: the integer 123456789 is printed as 1.23456789e+08
   12 | maximum: 123456789
      |          ^~~~~~~~~
web/templates/map.yaml:9:16: note: it is printed here
hint: in quotes it is a text, which is printed as it is"
run "$hoist" render web -f values.yaml -f typos.yaml --strict
is "strict: status" $status 2
is "strict prints nothing" "$(cat out)" ""
run "$hoist" helm template web -f values.yaml -f typos.yaml
is "helm template: status" $status 0
silent err

mkdir -p over/charts
cp -r web over/charts/web
printf 'helmCharts: [{name: web, valuesInline: {replicsa: 3}}]\n' >over/kustomization.yaml
run "$hoist" render over
is "a chart in a kustomization" "$(head -n 1 err)" \
    "over/kustomization.yaml:1:41: warning: no template reads 'replicsa'"
printf 'apiVersion: hoist/v1\nkind: Project\nenvironments: [{name: live, path: web, set: {replicaz: 1}}]\n' \
    >hoist.yaml
run "$hoist" render live
is "hoist.yaml" "$(head -n 1 err)" "hoist.yaml:3:46: warning: no template reads 'replicaz'"
run "$hoist" validate live
is "validate: status" $status 2
rm hoist.yaml
