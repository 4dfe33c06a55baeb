#!/usr/bin/env bash
# C13: the advice in a tree-less clone is the command that helps. Twins: a full clone, and a clone without blobs but for those checked out.
. "$(dirname "$0")/kit/setup.sh"

git init -q -b main "$TMP/origin" && cd "$TMP/origin" || exit 1
git config uploadpack.allowFilter true; git config uploadpack.allowAnySHA1InWant true
mkdir -p docs/adr; printf 'extends: [recommended]\nadopted: [docs/adr/**]\n' > alignlint.yaml
page() { printf '# %s. %s\n\nDate: 2026-08-03\n\n## Status\n\n%s\n\n## Context\n\nIt is so.\n\n## Decision\n\nWe do it.\n\n## Consequences\n\nIt is done.\n' "$1" "$2" "$3" > "docs/adr/000$1-page.md"; }
page 1 'Count by hand' Superseded; commit 2026-08-03 one
page 2 'Count by machine' Accepted; commit 2026-09-07 two
page 3 'Count by eye' Superseded; commit 2026-10-05 three
page 4 'Do not count' Accepted; commit 2026-10-12 four
C="check --select decision/no-successor --format concise --as-of 2026-11-20 --since HEAD~3"
git clone -q "file://$TMP/origin" "$TMP/full" && cd "$TMP/full" && run $C
FULL=$OUT
if [ "$RC" = 1 ] && echo "$OUT" | grep -q '0003-page.md' && ! echo "$OUT" | grep -q '0001-page.md'; then ok 'twin: a full clone needs no advice'; else failed 'twin: a full clone needs no advice' "$(says)"; fi
git clone -q --filter=tree:0 "file://$TMP/origin" "$TMP/treeless" 2>/dev/null && cd "$TMP/treeless" || { failed clone 'git clone --filter=tree:0'; exit; }
run $C
if [ "$RC" = 2 ]; then ok 'a tree-less clone: the run fails'; else failed 'a tree-less clone: the run fails' "$(says)"; fi
ADVICE=$(printf '%s\n%s\n' "$OUT" "$ERR" | tr '\n' ' ' | grep -o '`git [^`]*`' | tr -d '`' | tr -s ' ')
if [ -n "$ADVICE" ]; then ok 'a tree-less clone: the message has a command of git'; else failed 'a tree-less clone: the message has a command of git' "$(says)"; fi
echo "$ADVICE" | while read -r line; do [ -n "$line" ] && bash -c "$line" >/dev/null 2>&1; done
run $C
if [ "$RC" = 1 ] && [ "$OUT" = "$FULL" ]; then ok 'a tree-less clone: after the command, the findings are those of a full clone'; else failed 'a tree-less clone: after the command, the findings are those of a full clone' "advice: $ADVICE; $(says)"; fi
# the same for a revision, and for what a file is governed by
git clone -q --filter=tree:0 "file://$TMP/origin" "$TMP/second" 2>/dev/null && cd "$TMP/second"
R="check --select decision/no-successor --format concise --as-of 2026-11-20 --rev HEAD~2"
run $R
ADVICE=$(printf '%s\n%s\n' "$OUT" "$ERR" | tr '\n' ' ' | grep -o '`git [^`]*`' | tr -d '`' | tr -s ' ')
echo "$ADVICE" | while read -r line; do [ -n "$line" ] && bash -c "$line" >/dev/null 2>&1; done
run $R
if [ "$RC" = 1 ] && echo "$OUT" | grep -q 0001-page.md; then ok 'a tree-less clone: --rev works after its advice'; else failed 'a tree-less clone: --rev works after its advice' "advice: $ADVICE; $(says)"; fi
git clone -q --filter=tree:0 "file://$TMP/origin" "$TMP/third" 2>/dev/null && cd "$TMP/third"
run check --select decision/no-successor --format concise --as-of 2026-11-20
if [ "$RC" = 1 ] && echo "$OUT" | grep -q 0003-page.md; then ok 'twin: the worktree of a tree-less clone is checked as usual'; else failed 'twin: the worktree of a tree-less clone is checked as usual' "$(says)"; fi
