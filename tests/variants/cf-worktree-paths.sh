#!/usr/bin/env bash
# C14: in a linked worktree paths are written plainly. Twin: in the main worktree they are as the docs show them.
. "$(dirname "$0")/kit/setup.sh"

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
