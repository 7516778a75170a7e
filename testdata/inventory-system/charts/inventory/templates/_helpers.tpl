{{/*
The name of one part of the release: inventory.name (list $ "user-service").
The release's name stands in front, unless it is the chart's own.
*/}}
{{- define "inventory.name" -}}
{{- $root := index . 0 -}}
{{- $part := index . 1 -}}
{{- if eq $root.Release.Name $root.Chart.Name -}}
{{- $part | trunc 63 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" $root.Release.Name $part | trunc 63 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* What selects the pods of one part. */}}
{{- define "inventory.selector" -}}
{{- $root := index . 0 -}}
app.kubernetes.io/name: {{ index . 1 }}
app.kubernetes.io/instance: {{ $root.Release.Name }}
{{- end -}}

{{/* The labels of everything that belongs to one part. */}}
{{- define "inventory.labels" -}}
{{- $root := index . 0 -}}
{{ include "inventory.selector" . }}
app.kubernetes.io/part-of: inventory-system
app.kubernetes.io/version: {{ $root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" $root.Chart.Name $root.Chart.Version | replace "+" "_" }}
acme.example/environment: {{ $root.Values.environment }}
{{- end -}}

{{/* The labels of one part's pods: those which do not change with the chart. */}}
{{- define "inventory.podLabels" -}}
{{ include "inventory.selector" . }}
app.kubernetes.io/part-of: inventory-system
acme.example/environment: {{ (index . 0).Values.environment }}
{{- end -}}

{{/* A service with the defaults under it, as YAML: inventory.service (list $ "user-service"). */}}
{{- define "inventory.service" -}}
{{- $root := index . 0 -}}
{{- $own := get $root.Values.services (index . 1) -}}
{{- mergeOverwrite (deepCopy $root.Values.serviceDefaults) (deepCopy $own) | toYaml -}}
{{- end -}}

{{/* The image of one of our services. A digest goes before a tag. */}}
{{- define "inventory.image" -}}
{{- $root := index . 0 -}}
{{- $name := index . 1 -}}
{{- $own := (get $root.Values.services $name).image | default dict -}}
{{- $repository := printf "%s/%s" ($own.registry | default $root.Values.image.registry) $name -}}
{{- if $own.digest -}}
{{- printf "%s@%s" $repository $own.digest -}}
{{- else -}}
{{- printf "%s:%s" $repository ($own.tag | default $root.Chart.AppVersion) -}}
{{- end -}}
{{- end -}}

{{/* user-service becomes USER_SERVICE. */}}
{{- define "inventory.variable" -}}
{{- . | upper | replace "-" "_" -}}
{{- end -}}

{{/* What the environment says about the database, for whoever owns one. */}}
{{- define "inventory.databaseEnv" -}}
{{- $root := index . 0 -}}
{{- range $key := list "username" "password" }}
- name: DATABASE_{{ eq $key "username" | ternary "USER" "PASSWORD" }}
  valueFrom:
    secretKeyRef:
      name: {{ $root.Values.database.existingSecret }}
      key: {{ $key }}
{{- end }}
- name: DATABASE_URL
  value: postgres://$(DATABASE_USER):$(DATABASE_PASSWORD)@{{ $root.Values.database.host }}:{{ $root.Values.database.port | int }}/{{ index . 1 }}
{{- end -}}

{{/* Locked: what the "restricted" pod security standard asks of a container. */}}
{{- define "inventory.locked" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end -}}
