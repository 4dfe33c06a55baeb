#!/usr/bin/env bash
# B9, beside the three cases of ab.txt: the baseline and ignore comments. Excuses don't follow a change by hand;
# `rename --apply` rewrites them in the worktree, with reason and day.
. "$(dirname "$0")/kit/setup.sh"
page() { # page NUMBER TITLE CONTEXT
  printf '# %s. %s\n\nDate: 2026-02-16\n\n## Status\n\nAccepted\n\n## Context\n\n<!-- alignlint: ignore reference/broken-link because the survey comes in May -->\n%s\n\n## Decision\n\nWe do it in spring.\n\n## Consequences\n\nThey want water.\n' "$1" "$2" "$3"
}
begin() { # begin NAME: two pages without owners, both in the baseline, and both with an ignored link
  mkdir -p "$root/$1/docs/adr" "$root/$1/governance" && cd "$root/$1" && git init --quiet --initial-branch=main
  printf 'people:\n  - { id: ada, title: Ada Byron }\n' > governance/people.yaml
  page 3 'Grow roses' 'The yard is bare, see [the survey](survey.md).' > docs/adr/0003-grow-roses.md
  page 4 'Grow herbs' 'The kitchen asks, see [the letter](letter.md).' > docs/adr/0004-grow-herbs.md
  al check --as-of 2026-11-20 --select ownership/missing --write-baseline >/dev/null
  sed -i '/decision\/0003/s/ }$/, until: 2027-06-30, because: The gardener starts in May }/' alignlint-baseline.yaml
  commit 2026-10-01 'Begin'
  grep -q 'decision/0003.*because: The gardener' alignlint-baseline.yaml || echo "FAILED setup: no entry for decision/0003 in: $(tr '\n' ' ' < alignlint-baseline.yaml)"
}
find_() { al check --as-of 2026-11-20 --format concise "$@"; }

begin renamed
al rename 3 9 --apply >/dev/null
name='B9 variant: rename --apply rewrites the entry of the baseline, with its reason and its day'
if grep 'record: decision/0009' alignlint-baseline.yaml | grep 'until: 2027-06-30' | grep -q 'because: "The gardener starts in May"' && ! grep -q 'decision/0003' alignlint-baseline.yaml
then ok "$name"; else failed "$name" "$(tr '\n' ' ' < alignlint-baseline.yaml)"; fi
name='B9 variant: and the finding stays known, alone and since HEAD'
all=$(find_ --select ownership/missing,baseline/unused; find_ --since HEAD --select ownership/missing,reference/broken-link,baseline/unused)
if [ -z "$all" ]; then ok "$name"; else failed "$name" "$all"; fi
name='B9 twin: the entry of the other page stays as it was'
if git diff alignlint-baseline.yaml | grep -q '^[-+].*decision/0004'; then failed "$name" "$(git diff alignlint-baseline.yaml | tr '\n' ' ')"; else ok "$name"; fi

begin hand
git mv docs/adr/0003-grow-roses.md docs/adr/0009-grow-roses.md && sed -i '1s/3\./9./' docs/adr/0009-grow-roses.md
name='B9 variant: an entry of the baseline does not follow a number that is changed by hand'
all=$(find_ --select ownership/missing)
if grep -q '^docs/adr/0009-grow-roses.md:1:' <<<"$all"; then ok "$name"; else failed "$name" "${all:-nothing}"; fi
name='B9 variant: nor does it since HEAD'
all=$(find_ --since HEAD --select ownership/missing)
if grep -q '^docs/adr/0009-grow-roses.md:1:' <<<"$all"; then ok "$name"; else failed "$name" "${all:-nothing}"; fi
name='B9 twin: the entry of the page that keeps its number holds'
if find_ --select ownership/missing | grep -q 0004; then failed "$name" 'reported'; else ok "$name"; fi
name='B9 variant: an ignore comment of the base does not hold for the new number'
all=$(find_ --since HEAD --policy-from HEAD --select reference/broken-link)
if grep -q '^docs/adr/0009-grow-roses.md:' <<<"$all"; then ok "$name"; else failed "$name" "${all:-nothing}"; fi

begin moved
mkdir -p docs/decisions && git mv docs/adr/0003-grow-roses.md docs/decisions/0003-grow-roses.md && git mv docs/adr/0004-grow-herbs.md docs/decisions/0004-grow-herbs.md
name='B9 twin: excuses hold for pages that move and keep their numbers'
all=$(find_ --since HEAD --policy-from HEAD --select reference/broken-link,ownership/missing)
if [ -z "$all" ]; then ok "$name"; else failed "$name" "$all"; fi
