# How a command line of kustomize's or helm's ends, in one line: "Error: ...", or the last line of
# what it printed. Sourced; needs a chart `c` in the current folder, which chart_here makes.

chart_here() {
    mkdir -p c/templates
    printf 'apiVersion: v2\nname: c\nversion: 1.0.0\n' >c/Chart.yaml
    printf 'n: {{ .Release.Name | quote }}\n' >c/templates/n.yaml
}

# ends ARGUMENTS COMMAND...: the arguments are words as a shell reads them.
ends() {
    arguments=$1
    shift
    if eval 'WHO=me "$@" '"$arguments" >said.out 2>said.err </dev/null; then
        tail -n 1 said.out
    else
        grep '^Error: ' said.err | head -n 1
    fi
}
