#!/bin/bash
# C14: --staged --since HEAD without any record passes with one line; every other run stays 2. Twin: a staged record is checked.
# Usage: ALIGNLINT=/path/to/alignlint cf-staged-empty.sh
set -u
: "${ALIGNLINT:?the path of the program}"
TMP=$(mktemp -d); trap 'rm -rf "$TMP"' EXIT
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 HOME=$TMP
export GIT_AUTHOR_NAME=Ines GIT_AUTHOR_EMAIL=ines@example.org GIT_COMMITTER_NAME=Ines GIT_COMMITTER_EMAIL=ines@example.org
unset GIT_DIR GIT_INDEX_FILE GIT_WORK_TREE
ok() { echo "ok $1"; }
failed() { echo "FAILED $1: $2"; }
# run NAME-OF-CODE: sets OUT, ERR, RC
run() { OUT=$("$ALIGNLINT" "$@" 2>"$TMP/err"); RC=$?; ERR=$(cat "$TMP/err"); }
says() { printf "exit %s, out: %s, err: %s" "$RC" "$(echo "$OUT" | head -5 | tr "\n" "~")" "$(echo "$ERR" | head -5 | tr "\n" "~")"; }
commit() { git add -A && GIT_AUTHOR_DATE="$1T12:00:00Z" GIT_COMMITTER_DATE="$1T12:00:00Z" git commit -q --no-verify -m "${2:-change}"; }

S="check --staged --since HEAD --as-of 2026-11-20"
passes() { if [ "$RC" = 0 ] && [ -z "$OUT" ] && [ "$(printf '%s\n' "$ERR" | grep -c .)" = 1 ]; then ok "$1"; else failed "$1" "$(says)"; fi; }
two() { if [ "$RC" = 2 ]; then ok "$1"; else failed "$1" "$(says)"; fi; }
git init -q -b main "$TMP/a" && cd "$TMP/a" || exit 1
echo 'print()' > till.py; git add -A
run $S;                                      passes 'before the first commit, no record staged'
commit 2026-10-05 one
run $S;                                      passes 'no record in HEAD, nothing staged'
echo 'print(1)' > till.py; git add -A
run $S;                                      passes 'no record in HEAD, code staged'
mkdir -p governance; printf 'decisions:\n  - { id: D-1, title: Count, status: superseded, date: 2026-10-05 }\n' > governance/decisions.yaml
run $S;                                      passes 'a record in the worktree alone'
rm -r governance
run check --as-of 2026-11-20;                two 'check stays 2'
run check --staged --as-of 2026-11-20;       two 'check --staged stays 2'
run check --rev HEAD --as-of 2026-11-20;     two 'check --rev HEAD stays 2'
# twin: with a record the hook checks as usual
mkdir -p governance; printf 'decisions:\n  - { id: D-1, title: Count, status: superseded, date: 2026-10-05 }\n' > governance/decisions.yaml; git add -A
run $S --select decision/no-successor --format concise
if [ "$RC" = 1 ] && echo "$OUT" | grep -q '^governance/decisions.yaml:2:.*decision/no-successor'; then ok 'twin: the first record is checked'; else failed 'twin: the first record is checked' "$(says)"; fi
printf 'decisions:\n  - { id: D-1, title: Count, status: accepted, date: 2026-10-05 }\n' > governance/decisions.yaml; git add -A
run $S --select decision/no-successor --format concise
if [ "$RC" = 0 ] && [ -z "$OUT" ]; then ok 'twin: a first record without fault passes'; else failed 'twin: a first record without fault passes' "$(says)"; fi
