#!/usr/bin/env bash
# F: --fix of the link back where the status section has a second paragraph. Twin: the same with one paragraph.
. "$(dirname "$0")/kit/setup.sh"

page() { # FILE NUMBER TITLE STATUS
  printf '# %s. %s\n\nDate: 2026-0%s-03\n\n## Status\n\n%b\n\n## Context\n\nIt is so.\n\n## Decision\n\nWe do it.\n\n## Consequences\n\nIt is done.\n' "$2" "$3" "$2" "$4" > "$1"; }
begin() { rm -rf "$TMP/r"; git init -q -b main "$TMP/r" && cd "$TMP/r" && mkdir -p docs/adr && printf 'extends: [recommended]\nadopted: [docs/adr/**]\n' > alignlint.yaml; }
RULES=decision/one-sided-supersede,decision/unclaimed-successor,decision/superseded-status,decision/no-successor
C="check --select $RULES --format concise --as-of 2026-11-20"
A=docs/adr/0001-count-by-hand.md B=docs/adr/0002-count-by-eye.md
fixed() { # NAME FILE LINK KEPT-SENTENCE
  run $C; local before=$OUT; [ "$RC" = 1 ] && [ -n "$before" ] || { failed "$1: found before" "$(says)"; return; }
  run $C --fix; local after; after=$(says); run $C
  if [ "$RC" = 0 ] && [ -z "$OUT" ]; then ok "$1: nothing is left after --fix"; else failed "$1: nothing is left after --fix" "$after"; fi
  if sed -n '/^## Status/,/^## Context/p' "$2" | grep -q "$3"; then ok "$1: the link stands in the status section"; else failed "$1: the link stands in the status section" "$(sed -n '/^## Status/,/^## Context/p' "$2" | tr '\n' '~')"; fi
  if [ -z "$4" ] || grep -qF -- "$4" "$2"; then ok "$1: the other text is kept"; else failed "$1: the other text is kept" "$(sed -n '/^## Status/,/^## Context/p' "$2" | tr '\n' '~')"; fi
  cp "$2" "$TMP/once"; run $C --fix; if cmp -s "$2" "$TMP/once"; then ok "$1: a second run changes nothing"; else failed "$1: a second run changes nothing" 'it differs'; fi
}
begin; page $A 1 'Count by hand' 'Superseded\n\nWe looked at it again in spring, and it was too slow.'; page $B 2 'Count by eye' 'Accepted\n\nSupersedes [1. Count by hand](0001-count-by-hand.md)'
fixed 'variant: the successor into the old page' $A '0002-count-by-eye.md' 'We looked at it again in spring, and it was too slow.'
begin; page $A 1 'Count by hand' 'Superseded by [2. Count by eye](0002-count-by-eye.md)'; page $B 2 'Count by eye' 'Accepted\n\nThe board agreed on the last day of its session.'
fixed 'variant: the predecessor into the new page' $B '0001-count-by-hand.md' 'The board agreed on the last day of its session.'
begin; page $A 1 'Count by hand' 'Superseded\n\nWe looked at it again in spring.\n\n- It was slow\n- It was dear'; page $B 2 'Count by eye' 'Accepted\n\nSupersedes [1. Count by hand](0001-count-by-hand.md)'
fixed 'variant: a second paragraph and a list' $A '0002-count-by-eye.md' '- It was dear'
begin; page $A 1 'Count by hand' 'Superseded'; page $B 2 'Count by eye' 'Accepted\n\nSupersedes [1. Count by hand](0001-count-by-hand.md)'
fixed 'twin: one paragraph' $A '0002-count-by-eye.md' ''
begin; page $A 1 'Count by hand' 'Superseded by [2. Count by eye](0002-count-by-eye.md)\n\nWe looked at it again in spring.'; page $B 2 'Count by eye' 'Accepted\n\nSupersedes [1. Count by hand](0001-count-by-hand.md)'
cp $A "$TMP/a"; run $C --fix; if [ "$RC" = 0 ] && [ -z "$OUT" ] && cmp -s $A "$TMP/a"; then ok 'twin: both links are there: nothing changes'; else failed 'twin: both links are there: nothing changes' "$(says)"; fi
