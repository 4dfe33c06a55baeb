#!/bin/bash
# C14: in a linked worktree paths are written plainly. Twin: in the main worktree they are as the docs show them.
# Usage: ALIGNLINT=/path/to/alignlint cf-worktree-paths.sh
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

git init -q -b main "$TMP/main" && cd "$TMP/main" || exit 1
mkdir -p docs/adr; rm -f .git/hooks/*; printf 'extends: [recommended]\nadopted: [docs/adr/**]\n' > alignlint.yaml
printf '# 1. Count\n\nDate: 2026-08-03\n\n## Status\n\nSuperseded\n\n## Context\n\nIt is so.\n\n## Decision\n\nWe do it.\n\n## Consequences\n\nIt is done.\n' > docs/adr/0001-count.md
commit 2026-08-03 one
git worktree add -q -b side "$TMP/linked" && cd "$TMP/linked" || { failed worktree 'git worktree add'; exit; }
run init --hook
PATHS=$(printf '%s\n%s\n' "$OUT" "$ERR" | grep '^wrote' | grep -o '`[^`]*`' | tr -d '`')
if [ -n "$PATHS" ]; then ok 'init --hook names what it wrote'; else failed 'init --hook names what it wrote' "$(says)"; fi
for p in $PATHS; do
  if echo "$p" | grep -qE '[^./][^/]*/\.\.(/|$)|/\./|worktrees/'; then failed "plain path: $p" 'it goes down and up again'; else ok "plain path: $p"; fi
  if [ -e "$p" ]; then ok "the path leads to a file: $p"; else failed "the path leads to a file: $p" 'no such file'; fi
done
if [ -x "$TMP/main/.git/hooks/pre-commit" ]; then ok 'the hook is where Git runs it'; else failed 'the hook is where Git runs it' "$(says)"; fi
run check --select decision/no-successor --format concise --as-of 2026-11-20
if [ "$RC" = 1 ] && echo "$OUT" | grep -q '^docs/adr/0001-count.md:7:'; then ok 'a finding has its path from the root of the worktree'; else failed 'a finding has its path from the root of the worktree' "$(says)"; fi
cd docs && run new decision "Count again"
if [ "$RC" = 0 ] && [ "$OUT" = adr/0002-count-again.md ] && [ -f adr/0002-count-again.md ]; then ok 'new prints the path from the current folder'; else failed 'new prints the path from the current folder' "$(says)"; fi
# a run that fails names files plainly too
cd "$TMP/linked" && printf 'extends: [recomended]\n' > alignlint.yaml && run check
if [ "$RC" = 2 ] && echo "$ERR" | grep -q 'alignlint.yaml' && ! echo "$ERR" | grep -qE '[^./ `][^/ ]*/\.\./|worktrees/'; then ok 'an error names the configuration plainly'; else failed 'an error names the configuration plainly' "$(says)"; fi
# twin
rm -f "$TMP/main/.git/hooks/"*; cd "$TMP/main" && run init --hook
if printf '%s\n%s\n' "$OUT" "$ERR" | grep -qF 'wrote `.git/hooks/pre-commit`'; then ok 'twin: in the main worktree the path is `.git/hooks/pre-commit`'; else failed 'twin: in the main worktree the path is `.git/hooks/pre-commit`' "$(says)"; fi
