#!/usr/bin/env bash
# B11: several merge bases (branches that were merged into each other): a finding that any of them has is old,
# and a record is lost if any of them and the base have it.
. "$(dirname "$0")/kit/setup.sh"
clock=0
stamp() { clock=$((clock + 1)); printf '2026-10-%02dT12:00:00Z' "$clock"; }
commit() { local d; d=$(stamp); clock=$((clock + 1)); git add --all && GIT_AUTHOR_DATE="$d" GIT_COMMITTER_DATE="$d" git commit --quiet --message "$1"; }
merge() { local d; d=$(printf '2026-10-%02dT18:00:00Z' "$clock"); clock=$((clock + 1)); GIT_AUTHOR_DATE="$d" GIT_COMMITTER_DATE="$d" git merge --quiet --no-ff --message "Merge $1" "$1" >/dev/null; }
page() { # page NUMBER NAME TITLE CONTEXT
  printf '# %d. %s\n\nDate: 2026-01-05\n\n## Status\n\nAccepted\n\n## Context\n\n%s\n\n## Decision\n\nWe do that.\n\n## Consequences\n\nIt is done.\n' "$1" "$3" "$4" > "docs/adr/$(printf %04d "$1")-$2.md"
}
begin() { clock=0; mkdir -p "$root/$1/docs/adr" && cd "$root/$1" && git init --quiet --initial-branch=main; }
cross() { # merge the branches left and right into each other: ours, theirs
  git checkout --quiet -b ours left && merge right
  git checkout --quiet -b theirs right && merge left
  git checkout --quiet ours
  [ "$(git merge-base --all ours theirs | wc -l)" -eq 2 ] || echo "FAILED setup: $(git merge-base --all ours theirs | wc -l) merge bases"
}
since() { al check --as-of 2026-11-20 --since theirs --format concise --select "$1"; }
silent() { local all; all=$(since "$2"); if [ -z "$all" ]; then ok "$1"; else failed "$1" "$all"; fi; }

# 1. each base has a finding of its own
begin each
page 1 swim 'Swim in the lake' 'The lake is clean.'
page 2 row 'Row on the lake' 'There are two boats.'
commit 'Begin'
git checkout --quiet -b left && page 1 swim 'Swim in the lake' 'The lake is clean, see [the sample](sample.md).' && commit 'Left'
git checkout --quiet -b right main && page 2 row 'Row on the lake' 'There are two boats, see [the list](boats.md).' && commit 'Right'
cross
silent 'B11 variant: findings of which each base has one are old' reference/broken-link
sed -i 's/We do that\./We do that with [a key](key.md)./' docs/adr/0002-row.md
name='B11 twin: a finding that no base has is new, and alone'
all=$(since reference/broken-link)
if [ "$(grep -c . <<<"$all")" = 1 ] && grep -q '^docs/adr/0002-row.md:15:' <<<"$all"; then ok "$name"; else failed "$name" "${all:-nothing}"; fi

# 2. one base has mended a finding that the other one still has
begin one
mkdir -p governance
cat > governance/decisions.yaml <<'END'
decisions:
  - { id: D-1, title: Fish from the pier, status: accepted, date: 2026-01-05, related: [D-70] }
END
page 2 row 'Row on the lake' 'There are two boats.'
commit 'Begin'
git checkout --quiet -b left && sed -i 's/, related: \[D-70\]//' governance/decisions.yaml && commit 'Left mends it'
git checkout --quiet -b right main && page 2 row 'Row on the lake' 'There are three boats.' && commit 'Right does not'
cross
sed -i 's/2026-01-05 }/2026-01-05, related: [D-70] }/' governance/decisions.yaml && commit 'Back again'
grep -q 'D-70' governance/decisions.yaml || echo 'FAILED setup: the reference is not back'
silent 'B11 variant: a finding that one of two bases has is old' reference/unknown

begin none
mkdir -p governance
cat > governance/decisions.yaml <<'END'
decisions:
  - { id: D-1, title: Fish from the pier, status: accepted, date: 2026-01-05 }
END
page 2 row 'Row on the lake' 'There are two boats.'
commit 'Begin'
git checkout --quiet -b left && page 2 row 'Row on the lake' 'There are four boats.' && commit 'Left'
git checkout --quiet -b right main && page 3 sail 'Sail on the lake' 'There is wind.' && commit 'Right'
cross
sed -i 's/2026-01-05 }/2026-01-05, related: [D-70] }/' governance/decisions.yaml && commit 'For the first time'
name='B11 twin: a finding that neither base has is new'
all=$(since reference/unknown)
if grep -q '^governance/decisions.yaml:2:' <<<"$all"; then ok "$name"; else failed "$name" "${all:-nothing}"; fi

# 3. records that are deleted: lost if a merge base and the base have them
begin lost
page 1 swim 'Swim in the lake' 'The lake is clean.'
page 2 row 'Row on the lake' 'There are two boats.'
page 3 fish 'Fish from the pier' 'There are eels.'
commit 'Begin'
git checkout --quiet -b left && git rm --quiet docs/adr/0003-fish.md && commit 'Left, which gives up fishing'
git checkout --quiet -b right main && page 5 dive 'Dive from the rock' 'The rock is high.' && commit 'Right'
cross
lost() { # lost NAME NUMBER…
  local name=$1 all number wrong=; shift; all=$(since 'policy/deleted,policy/hidden')
  [ "$(grep -c 'policy/deleted' <<<"$all")" = $# ] || wrong=1
  for number; do grep -q "$number" <<<"$all" || wrong=1; done
  if [ -z "$wrong" ]; then ok "$name"; else failed "$name" "${all:-nothing}"; fi
}
lost 'B11 twin: a record that one merge base has, and the base not any more, is not lost'
git rm --quiet docs/adr/0005-dive.md && commit 'No diving'
lost 'B11 variant: a record that one of two merge bases has, and the base, is lost' 0005
git rm --quiet docs/adr/0002-row.md && commit 'No rowing'
lost 'B11 twin: a record that both merge bases have is lost' 0005 0002
