#!/usr/bin/env bash
# A7, third variant and twin: `from DAY to DAY` in the findings, and all three kinds of day in `due`.
. "$(dirname "$0")/kit/setup.sh"
cd "$root" || exit 2
git init --quiet --initial-branch=main
mkdir -p docs/decisions docs/adr governance
printf 'people:\n  - { id: oda, title: Oda Berg }\n' > governance/people.yaml
madr() { # madr FILE TITLE STATUS
  printf -- '---\nstatus: "%s"\ndate: 2026-01-02\ndecision-makers: oda\n---\n\n# %s\n\n## Context and Problem Statement\n\nGuests ask. What do we say?\n\n## Considered Options\n\n* Yes\n* No\n\n## Decision Outcome\n\nChosen option: "Yes", because they ask.\n\n### Consequences\n\n* Bad, because somebody has to do it.\n' "$3" "$2" > "docs/decisions/$1"
}
madr 0031-open-the-sauna.md 'Open the sauna' 'accepted from 2026-01-02 to 2026-10-31'
madr 0032-open-the-attic.md 'Open the attic' 'accepted from 2026-01-02 to 2026-12-11'
madr 0033-open-the-cellar.md 'Open the cellar' 'accepted from 2026-01-02 to 2027-09-30'
nygard() { # nygard FILE TITLE STATUS
  printf '# %s\n\nDate: 2026-01-05\n\n## Status\n\n%s\n\n## Context\n\nGuests ask.\n\n## Decision\n\nWe say yes.\n\n## Consequences\n\nSomebody has to do it.\n' "$2" "$3" > "docs/adr/$1"
}
nygard 0041-hire-a-cook.md '41. Hire a cook' 'Trial until 9 December 2026'
nygard 0042-hire-a-gardener.md '42. Hire a gardener' 'Proposed, to be decided by 2026-12-04'
nygard 0043-hire-a-driver.md '43. Hire a driver' 'Accepted'
git add --all

overdue() { al check --as-of "$1" --select "$2" --format concise; }
due() { al due --as-of 2026-11-20 --within '1 month' --format json; }

name='A7 variant: a status from a day to a day is due for review after the second'
if overdue 2026-11-20 review/overdue | grep -q '^docs/decisions/0031-open-the-sauna.md:2:'; then ok "$name"; else failed "$name" "$(overdue 2026-11-20 review/overdue)"; fi
name='A7 twin: a status from a day to a day that is to come is not overdue'
if overdue 2026-11-20 review/overdue | grep -Eq '^docs/(decisions/003[23]|adr/004)'; then failed "$name" "$(overdue 2026-11-20 review/overdue)"; else ok "$name"; fi
name='A7 twin: a proposal that names a day is not overdue before it'
if overdue 2026-12-03 decision/pending-too-long | grep -q 0042; then failed "$name" "$(overdue 2026-12-03 decision/pending-too-long)"; else ok "$name"; fi
name='A7 variant: and is after it'
if overdue 2026-12-05 decision/pending-too-long | grep -q '^docs/adr/0042-hire-a-gardener.md:7:'; then ok "$name"; else failed "$name" "$(overdue 2026-12-05 decision/pending-too-long)"; fi

in_due() { # in_due NAME DAY TITLE-OR-IDENTIFIER
  local all; all=$(due)
  if ! grep -q "$2" <<<"$all"; then failed "$1" "$2 is not in due: $(tr '\n' ' ' <<<"$all")"
  elif ! grep -Eq "$3" <<<"$all"; then failed "$1" "$3 is not in due"; else ok "$1"; fi
}
in_due 'A7 variant: the end of a trial is in due' 2026-12-09 'Hire a cook|0041'
in_due 'A7 variant: the day by which to decide is in due' 2026-12-04 'Hire a gardener|0042'
in_due 'A7 variant: the second day of a status is in due' 2026-12-11 'Open the attic|0032'
in_due 'A7 variant: what ended is in due as overdue' 2026-10-31 'Open the sauna|0031'
name='A7 twin: what ends beyond the time that is looked at, and what names no day, are not in due'
if due | grep -Eq 'Open the cellar|0033|2027-09-30|Hire a driver|0043'; then failed "$name" "$(due | tr '\n' ' ')"; else ok "$name"; fi
