#!/usr/bin/env bash
# C14: --staged --since HEAD without any record passes with one line; every other run stays 2. Twin: a staged record is checked.
. "$(dirname "$0")/kit/setup.sh"

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
