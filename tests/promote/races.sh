#!/bin/sh
# Promotions that meet: two at once, a base branch that moves meanwhile, a person's commit that
# comes in between. Each ends in an outcome that is documented, and the repository is whole.
# usage: races.sh HOIST SAMPLE
set -eu
hoist=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export HOME="$work" GIT_CONFIG_NOSYSTEM=1 GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@x.example
export GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@x.example
branch=hoist/promote/staging-to-production

fail() { echo "FAILED: $*"; exit 1; }
whole() { git fsck --strict --no-dangling --no-progress >"$work/fsck" 2>&1 || fail "$(cat "$work/fsck")"; }

cp -r "$2" "$work/repo"
cd "$work/repo"
git init -q -b main .
git add . && git commit -qm first
git clone -q --bare . "$work/bare.git"
git remote add origin "file://$work/bare.git"

# Two at once, with nothing there and with something there: both succeed or say that they
# could not move the branch (3); one commit stands on main.
round=0
while [ $round -lt 20 ]; do
    round=$((round + 1))
    [ $((round % 2)) = 0 ] || git branch -qD $branch 2>/dev/null || true
    "$hoist" promote staging production >"$work/one" 2>&1 &
    one=$!
    "$hoist" promote staging production --only user-service >"$work/two" 2>&1 &
    two=$!
    wait $one || [ $? = 3 ] || fail "$(cat "$work/one")"
    wait $two || [ $? = 3 ] || fail "$(cat "$work/two")"
    test "$(git rev-list --count main..$branch)" = 1 || fail "not one commit on main"
done
whole

# The base moves while promotions are made: each stands on a commit that was main's tip.
(
    n=0
    while [ $n -lt 40 ]; do
        n=$((n + 1))
        echo $n >number && git add number && git commit -qm "number $n"
    done
) &
mover=$!
while kill -0 $mover 2>/dev/null; do
    "$hoist" promote staging production >"$work/one" 2>&1 || [ $? = 3 ] || fail "$(cat "$work/one")"
done
wait $mover
"$hoist" promote staging production >/dev/null
test "$(git rev-parse $branch^)" = "$(git rev-parse main)" || fail "it does not stand on main"
whole

# Both push; then a person's commit is on the remote's branch, which a push must not replace.
"$hoist" promote staging production --push >/dev/null
tip=$(git -C "$work/bare.git" rev-parse $branch)
mine=$(git -C "$work/bare.git" commit-tree -p $tip -m mine "$tip^{tree}")
git -C "$work/bare.git" update-ref refs/heads/$branch $mine
status=0
"$hoist" promote staging production --only user-service --push >"$work/one" 2>&1 || status=$?
test $status = 1 || fail "status $status: $(cat "$work/one")"
test "$(git -C "$work/bare.git" rev-parse $branch)" = $mine || fail "the person's commit is gone"
whole

# Two clones push at once: both end well or say that the
# branches kept moving (3), and one commit stands on main there.
git push -q origin main
git -C "$work/bare.git" update-ref -d refs/heads/$branch
for n in 1 2; do git clone -q "file://$work/bare.git" "$work/clone$n"; done
round=0
while [ $round -lt 10 ]; do
    round=$((round + 1))
    "$hoist" -C "$work/clone1" promote staging production --push >"$work/one" 2>&1 &
    one=$!
    "$hoist" -C "$work/clone2" promote staging production --only user-service --push >"$work/two" 2>&1 &
    two=$!
    wait $one || [ $? = 3 ] || fail "$(cat "$work/one")"
    wait $two || [ $? = 3 ] || fail "$(cat "$work/two")"
    test "$(git -C "$work/bare.git" rev-list --count main..$branch)" = 1 || fail "not one commit there"
    for n in 1 2; do git -C "$work/clone$n" branch -qD $branch; done
done
git -C "$work/bare.git" fsck --strict --no-dangling --no-progress >/dev/null 2>&1 || fail "the remote is broken"

# A check that the project brings runs between plan and write, once for each image: what it does
# there, others might do. meanwhile COMMANDS: promotes, and lets them run once.
meanwhile() {
    printf '#!/bin/sh\n[ ! -e "%s/now" ] || { rm "%s/now"; cd "%s/repo"; %s; }\n' \
        "$work" "$work" "$work" "$1" >"$work/meanwhile"
    chmod +x "$work/meanwhile"
    touch "$work/now"
    shift
    status=0
    "$hoist" promote staging production --only user-service "$@" >"$work/one" 2>&1 || status=$?
    test ! -e "$work/now" || fail "nothing happened meanwhile: $(cat "$work/one")"
}

cd "$work/repo"
git reset -q --hard
sed -i "s|^  branch: hoist/|    command: [$work/meanwhile]\n  branch: hoist/|" hoist.yaml
git commit -qam "a check" && git push -q origin main
git branch -qD $branch && git -C "$work/bare.git" update-ref -d refs/heads/$branch

# The base branch moves: the plan is made again on what is there now.
meanwhile "git commit -q --allow-empty -m moved"
test $status = 0 || fail "$(cat "$work/one")"
test "$(git log -1 --format=%s $branch^)" = moved || fail "it does not stand on the base's new tip"

# Another promotion is done meanwhile: one commit stands on the base, the later one's.
meanwhile "\"$hoist\" promote staging production --only api-gateway >/dev/null 2>&1"
test $status = 0 || fail "$(cat "$work/one")"
test "$(git rev-list --count main..$branch)" = 1 || fail "not one commit"
git log -1 --format=%B $branch | grep -q '^ghcr.io/acme/user-service$' || fail "not the later one's"

# A person commits to the branch: it stays.
mine="git update-ref refs/heads/$branch \$(git commit-tree -p $branch -m mine \"$branch^{tree}\")"
git commit -q --allow-empty -m third
meanwhile "$mine"
test $status = 1 || fail "status $status: $(cat "$work/one")"
test "$(git log -1 --format=%s $branch)" = mine || fail "the person's commit is gone"

# A person pushes to the remote's branch: it stays.
git branch -qD $branch && git push -q origin main
"$hoist" promote staging production --only user-service --push >"$work/one" 2>&1 || fail "$(cat "$work/one")"
git commit -q --allow-empty -m fourth && git push -q origin main
meanwhile "git -C '$work/bare.git' update-ref refs/heads/$branch \$(git -C '$work/bare.git' commit-tree -p $branch -m mine \"$branch^{tree}\")" --push
test $status = 1 || fail "status $status: $(cat "$work/one")"
test "$(git -C "$work/bare.git" log -1 --format=%s $branch)" = mine || fail "the person's commit is gone there"

whole
echo "every race ended well"
