# Environments that are charts with a kustomization over them.

mkdir -p web/templates over prod
printf 'apiVersion: v2\nname: web\nversion: 1.0.0\n' >web/Chart.yaml
cat >web/templates/web.yaml <<'END'
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers:
      - {name: web, image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"}
      - {name: side, image: "ghcr.io/acme/side:v1"}
END
printf 'image: {repository: ghcr.io/acme/web, tag: v1}\n' >web/values.yaml
printf 'image: {tag: v2}\n' >web/staging-values.yaml
printf 'image: {tag: v1}\n' >web/production-values.yaml
printf 'namePrefix: s-\nimages: [{name: ghcr.io/acme/side, newTag: v3}]\n' >over/kustomization.yaml
printf 'namePrefix: p-\nresources: [map.yaml]\n' >prod/kustomization.yaml
printf 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m}\n' >prod/map.yaml
cat >hoist.yaml <<'END'
apiVersion: hoist/v1
kind: Project
environments:
- {name: staging, path: web, values: [staging-values.yaml], overlay: over}
- {name: production, path: web, values: [production-values.yaml], overlay: prod}
END
git init -q . && git config user.name a && git config user.email a@b.c && git add -A && git commit -qm one

run "$hoist" render web -f web/staging-values.yaml --overlay over
mv out wanted
run "$hoist" render staging
is "an overlay in hoist.yaml: status" $status 0
is "an overlay in hoist.yaml is --overlay" "$(cat out)" "$(cat wanted)"
says out "name: s-web"
run "$hoist" images staging
is "values decide first, then the overlay" "$(cat out)" "ghcr.io/acme/side:v3
  pinned  over/kustomization.yaml:2
  runs in Deployment/s-web, side
ghcr.io/acme/web:v2
  pinned  web/staging-values.yaml:1
  runs in Deployment/s-web, web"
run "$hoist" explain production Deployment/p-web metadata.name
says out "web/templates/web.yaml:3"
says out "prod/kustomization.yaml:1  namePrefix"
run "$hoist" promote staging production
is "promote: status" $status 0
run git show --name-only --format= hoist/promote/staging-to-production
is "promote: files" "$(cat out)" "prod/kustomization.yaml
web/production-values.yaml"
git checkout -q hoist/promote/staging-to-production
run "$hoist" images production
says out "ghcr.io/acme/side:v3"
says out "ghcr.io/acme/web:v2"
run "$hoist" affected --since HEAD~1
is "affected" "$(grep overlay out || grep prod/ out)" "  changed  prod/kustomization.yaml"

printf 'apiVersion: hoist/v1\nkind: Project\nenvironments: [{name: x, path: prod, overlay: over}]\n' \
    >hoist.yaml
run "$hoist" render x
is "an overlay over a kustomization: status" $status 2
rm -rf .git hoist.yaml
