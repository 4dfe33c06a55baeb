#!/usr/bin/env bash
# F: baseline/unused has a fix: it takes out the entries of what was fixed, and nothing else. Twin: an entry that is used stays.
. "$(dirname "$0")/kit/setup.sh"

git init -q -b main "$TMP/r" && cd "$TMP/r" && mkdir governance || exit 1
list() { printf 'decisions:\n  - { id: D-1, title: Count by hand, status: %s, date: 2026-08-03 }\n  - { id: D-2, title: Count by eye, status: superseded, date: 2026-08-04 }\n' "$1" > governance/decisions.yaml; }
list superseded
S="--select decision/no-successor,baseline/unused --as-of 2026-11-20"
run check $S --write-baseline
B=alignlint-baseline.yaml
if [ -f $B ] && grep -q decision/D-1 $B && grep -q decision/D-2 $B; then ok 'both findings are in the baseline'; else failed 'both findings are in the baseline' "$(says)"; exit; fi
sed -i '/decision\/D-2/s/ *} *$/, until: 2027-01-31, because: The eye is on holiday }/' $B
cp $B "$TMP/full"
run check $S --fix --format concise
if [ "$RC" = 0 ] && [ -z "$OUT" ] && cmp -s $B "$TMP/full"; then ok 'twin: entries that are used stay as they are'; else failed 'twin: entries that are used stay as they are' "$(says)"; fi
list accepted
run check $S --format concise
if echo "$OUT" | grep -q "^$B:.*baseline/unused"; then ok 'the entry of what was fixed is found'; else failed 'the entry of what was fixed is found' "$(says)"; fi
run check $S --fix --format concise
grep -v decision/D-1 "$TMP/full" > "$TMP/want"
if cmp -s $B "$TMP/want"; then ok 'the fix takes out that entry and nothing else'; else failed 'the fix takes out that entry and nothing else' "$(diff "$TMP/want" $B | tr '\n' '~') $(says)"; fi
run check $S --format concise
if [ "$RC" = 0 ] && [ -z "$OUT" ]; then ok 'nothing is left after the fix'; else failed 'nothing is left after the fix' "$(says)"; fi
list superseded; run check $S --format concise
if [ "$RC" = 1 ] && echo "$OUT" | grep -q ':2:.*D-1'; then ok 'the finding is new if it comes back'; else failed 'the finding is new if it comes back' "$(says)"; fi
