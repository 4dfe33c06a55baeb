#!/usr/bin/env bash
# F: identifiers of forums get "did you mean". Twin: one that is near none gets no guess, one that is right is shown.
. "$(dirname "$0")/kit/setup.sh"

git init -q -b main "$TMP/r" && cd "$TMP/r" && mkdir governance || exit 1
printf 'people:\n  - { id: ines, title: Ines Duarte }\n' > governance/people.yaml
printf 'forums:\n  - { id: leadership, title: Leaders of the house, purpose: review, cadence: weekly, chair: ines, participants: [ines] }\n  - { id: kitchen, title: Round in the kitchen, purpose: review, cadence: weekly, chair: ines, participants: [ines] }\n' > governance/forums.yaml
printf 'meetings:\n  - { id: M-1, title: Leaders, forum: leadrship, date: 2026-11-16, attendees: [ines] }\n' > governance/meetings.yaml
run agenda leadrship --as-of 2026-11-20
if echo "$OUT $ERR" | grep -qi "did you mean" && echo "$OUT $ERR" | grep -q "leadership"; then ok 'agenda: did you mean'; else failed 'agenda: did you mean' "$(says)"; fi
run due --for kitchn --as-of 2026-11-20
if echo "$OUT $ERR" | grep -qi "did you mean" && echo "$OUT $ERR" | grep -q "kitchen"; then ok 'due --for: did you mean'; else failed 'due --for: did you mean' "$(says)"; fi
run check --select reference/unknown --as-of 2026-11-20
if echo "$OUT" | grep -qi 'did you mean' && echo "$OUT" | grep -q '`leadership`'; then ok 'check: did you mean'; else failed 'check: did you mean' "$(says)"; fi
run agenda supervisory-board --as-of 2026-11-20
if ! echo "$OUT $ERR" | grep -qi "did you mean"; then ok 'twin: near none, no guess'; else failed 'twin: near none, no guess' "$(says)"; fi
run agenda leadership --as-of 2026-11-20
if [ "$RC" = 0 ]; then ok 'twin: the right one is shown'; else failed 'twin: the right one is shown' "$(says)"; fi
