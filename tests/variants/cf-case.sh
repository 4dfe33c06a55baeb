#!/usr/bin/env bash
# C15: folders or pages that differ by case only are reported (the documents name neither rule nor page: any finding at one of the two counts). Twins: names that differ in a letter.
. "$(dirname "$0")/kit/setup.sh"

page() { mkdir -p "$(dirname "$1")"; printf '# %s. %s\n\nDate: 2026-08-03\n\n## Status\n\nAccepted\n\n## Context\n\nIt is so.\n\n## Decision\n\nWe do it.\n\n## Consequences\n\nIt is done.\n' "$2" "$3" > "$1"; }
native() { mkdir -p "$(dirname "$1")"; printf -- '---\nkind: decision\nid: %s\n---\n\n# %s\n\n- Status: accepted\n- Date: 2026-08-03\n- Owner: ines\n\n## Context\n\nIt is so.\n\n## Considered Options\n\n- This\n- That: too dear\n\n## Consequences\n\n- It is done\n' "$2" "$3" > "$1"; }
begin() { rm -rf "$TMP/r"; git init -q -b main "$TMP/r" && cd "$TMP/r"; }
C="check --format concise --as-of 2026-11-20"
reported() { # NAME PATTERN: a finding at a place that matches, and the message or the place names the other
  if [ "$RC" != 2 ] && echo "$OUT" | grep -E '^[^ ]+: (error|warning|note)\[' | grep -qE "$2"; then ok "$1"; else failed "$1" "$(says)"; fi; }
silent() { if [ "$RC" = 0 ] && [ -z "$(echo "$OUT" | grep -E '\[[a-z-]+/[a-z-]+\]')" ]; then ok "$1"; else failed "$1" "$(says)"; fi; }

begin; page docs/adr/0001-count-by-hand.md 1 'Count by hand'; page docs/adr/0002-count-by-eye.md 2 'Count by eye'; page docs/ADR/0003-count-by-machine.md 3 'Count by machine'; commit 2026-08-03
run $C; reported 'variant: docs/adr and docs/ADR' '^docs/(adr|ADR)/'
begin; page docs/adr/0001-count-by-hand.md 1 'Count by hand'; page docs/adr/0002-count-by-eye.md 2 'Count by eye'; page services/adr/0003-count-by-machine.md 3 'Count by machine'; commit 2026-08-03
run $C; silent 'twin: folders of one name in different folders'

begin; native governance/decisions/prices.md D-1 'Prices of the shop'; native governance/decisions/Prices.md D-2 'Prices of the stall'; printf 'people:\n  - { id: ines, title: Ines Duarte }\n' > governance/people.yaml; commit 2026-08-03
run $C --ignore 'decision/*,review/*,ownership/*'; reported 'variant: prices.md and Prices.md' '^governance/decisions/(prices|Prices)\.md:'
begin; native governance/decisions/prices.md D-1 'Prices of the shop'; native governance/decisions/Pricing.md D-2 'Prices of the stall'; printf 'people:\n  - { id: ines, title: Ines Duarte }\n' > governance/people.yaml; commit 2026-08-03
run $C --ignore 'decision/*,review/*,ownership/*'; silent 'twin: prices.md and Pricing.md'

begin; page services/Billing/docs/adr/0001-count-by-hand.md 1 'Count by hand'; page services/Billing/docs/adr/0002-count-by-eye.md 2 'Count by eye'; page services/billing/docs/adr/0003-count-by-machine.md 3 'Count by machine'; commit 2026-08-03
run $C; reported 'variant: services/Billing and services/billing, above the records' '^services/[Bb]illing/'
begin; page services/Billing/docs/adr/0001-count-by-hand.md 1 'Count by hand'; page services/Billing/docs/adr/0002-count-by-eye.md 2 'Count by eye'; page services/booking/docs/adr/0003-count-by-machine.md 3 'Count by machine'; commit 2026-08-03
run $C; silent 'twin: services/Billing and services/booking'

begin; page docs/adr/0001-count-by-hand.md 1 'Count by hand'; page docs/adr/0002-count-by-eye.md 2 'Count by eye'; page docs/Adr/0003-count-by-machine.md 3 'Count by machine'; git add -A
run $C --staged; reported 'variant: in the index too' '^docs/(adr|Adr)/'
