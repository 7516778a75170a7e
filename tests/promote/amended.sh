#!/bin/sh
# What people make of a promotion's commit is theirs: it is not replaced, neither in the
# repository nor at the remote, by a path or by Git's own protocol.
# usage: amended.sh HOIST SAMPLE
set -eu
hoist=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export HOME="$work" GIT_CONFIG_NOSYSTEM=1 GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@x.example
export GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@x.example GIT_EDITOR=true
branch=hoist/promote/staging-to-production

fail() { echo "FAILED: $*"; exit 1; }

# An ssh that runs what it is told right here.
printf '#!/bin/sh\nfor last; do :; done\neval "$last"\n' >"$work/ssh"
chmod +x "$work/ssh"
export GIT_SSH="$work/ssh"

cp -r "$2" "$work/repo"
cd "$work/repo"
git init -q -b main .
git add . && git commit -qm first
git clone -q --bare . "$work/bare.git"
git remote add origin "file://$work/bare.git"
"$hoist" promote staging production --push >/dev/null
ours=$(git rev-parse $branch)
git branch -qD $branch
git clone -q "$work/bare.git" "$work/person"

# change NAME OUTCOME: what the commands on standard input make of the branch, in a person's
# clone, is `kept` or `replaced` by another promotion. The base branch has moved on meanwhile.
change() {
    name=$1 outcome=$2
    commands=$(cat)
    for way in here path protocol; do
        git -C "$work/bare.git" update-ref refs/heads/$branch "$ours"
        git branch -qD $branch 2>/dev/null || true
        (
            cd "$work/person"
            git fetch -q origin
            git checkout -q -B main origin/main
            git checkout -q -B $branch "$ours"
            eval "$commands"
            git push -qf origin $branch
        ) >"$work/person.log" 2>&1 || fail "$name: $(cat "$work/person.log")"
        theirs=$(git -C "$work/bare.git" rev-parse $branch)
        case $way in
        here)
            git fetch -q origin $branch:$branch
            set -- ;;
        path)
            git remote set-url origin "file://$work/bare.git"
            set -- --push ;;
        protocol)
            git remote set-url origin "git@forge.example:$work/bare.git"
            set -- --push ;;
        esac
        status=0
        "$hoist" promote staging production --only user-service "$@" >"$work/said" 2>&1 || status=$?
        git remote set-url origin "file://$work/bare.git"
        if [ $way = here ]; then
            tip=$(git rev-parse $branch)
        else
            tip=$(git -C "$work/bare.git" rev-parse $branch)
        fi
        case $outcome in
        kept)
            [ $status = 1 ] || fail "$name ($way): status $status: $(cat "$work/said")"
            [ "$tip" = "$theirs" ] || fail "$name ($way): it was replaced"
            grep -q "$(printf %.12s "$theirs")\|hoist's" "$work/said" || fail "$(cat "$work/said")" ;;
        replaced)
            [ $status = 0 ] || fail "$name ($way): status $status: $(cat "$work/said")"
            [ "$tip" != "$theirs" ] || fail "$name ($way): it was not replaced" ;;
        esac
    done
}

change "nothing done" replaced <<'EOF'
true
EOF
change "made again as it was, by somebody else and later" replaced <<'EOF'
GIT_COMMITTER_DATE=@2000000000 git commit -q --amend --no-edit --reset-author
EOF
change "other content" kept <<'EOF'
echo '# looked at' >>k8s/overlays/production/kustomization.yaml
git commit -q -a --amend --no-edit
EOF
change "another file" kept <<'EOF'
echo more >more
git add more
git commit -q --amend --no-edit
EOF
change "another message" kept <<'EOF'
git commit -q --amend -m "$(git log -1 --format=%B | sed '1s/$/ (looked at)/')"
EOF
change "a line behind the message" kept <<'EOF'
git commit -q --amend --no-edit -s
EOF
change "a commit on top" kept <<'EOF'
git commit -q --allow-empty -m mine
EOF
change "a commit on top, squashed" kept <<'EOF'
echo more >more
git add more
git commit -qm mine
message=$(git log --format=%B -2)
git reset -q --soft HEAD~2
git commit -qm "$message"
EOF
change "reverted" kept <<'EOF'
git revert --no-edit HEAD
EOF

# The base branch moves on, as under a forge's button that brings a branch up to date.
git commit -q --allow-empty -m second && git push -q origin main
change "nothing done, and the base has moved" replaced <<'EOF'
true
EOF
change "the base merged into it" kept <<'EOF'
GIT_COMMITTER_NAME=GitHub GIT_COMMITTER_EMAIL=noreply@github.com git merge -q --no-edit main
EOF
change "put on the base's tip" kept <<'EOF'
GIT_COMMITTER_NAME=GitHub GIT_COMMITTER_EMAIL=noreply@github.com git rebase -q main
EOF
change "put on the base's tip, with a conflict solved" kept <<'EOF'
git rebase -q main
echo '# solved' >>k8s/overlays/production/kustomization.yaml
git commit -q -a --amend --no-edit
EOF
git fsck --strict --no-dangling --no-progress >/dev/null 2>&1 || fail "the repository is broken"

# Squashed into the base branch, the branch left as it was: it has nothing to lose.
git -C "$work/bare.git" update-ref refs/heads/$branch "$ours"
git merge -q --squash "$ours" >/dev/null 2>&1 && git commit -qm "squashed (#1)" && git push -q origin main
"$hoist" promote staging production --push >"$work/said" 2>&1 || fail "$(cat "$work/said")"
grep -q "already runs it" "$work/said" || fail "$(cat "$work/said")"

"$hoist" history production | head -1 | grep -q "squashed\|promoted" || fail "no history"
echo "what people made is theirs"
