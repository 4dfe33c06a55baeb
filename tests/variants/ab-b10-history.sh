#!/usr/bin/env bash
# B10: the history of pages that move and change their numbers, as `blame --format json` tells it.
. "$(dirname "$0")/kit/setup.sh"
begin() { mkdir -p "$root/$1/docs/adr" && cd "$root/$1" && git init --quiet --initial-branch=main; }
page() { # page FILE NUMBER TITLE STATUS CONTEXT DECISION
  printf '# %s. %s\n\nDate: 2026-01-05\n\n## Status\n\n%s\n\n## Context\n\n%s\n\n## Decision\n\n%s\n\n## Consequences\n\nSomebody has to look after it, in summer and in winter, and on holidays too.\n' "$2" "$3" "$4" "$5" "$6" > "$1"
}
since() { # the day on which the status of the page last changed
  al blame "$1" --format json | python3 -c '
import json, sys
try: fields = json.load(sys.stdin)["fields"]
except Exception as e: print("no JSON:", e); sys.exit()
days = [(f.get("changed") or {}).get("date") for f in fields if f["field"].strip("/") == "status" and f["value"] is not None]
print(",".join(map(str, days)))'
}
is() { # is NAME PAGE DAY
  local day; day=$(since "$2")
  if [ "$day" = "$3" ]; then ok "$1"; else failed "$1" "$2 has its status since ${day:-no day}, not $3"; fi
}
bees='Bees live in the old oak behind the barn, and the neighbours ask for honey each summer.'
hens='The cook buys two hundred eggs a week from a farm that is forty kilometres away.'
goats='The slope behind the mill is too steep for the mower, and the thistles spread.'
ducks='Slugs eat the lettuce, and nobody wants to pick them up by hand in the morning.'

# 1. a commit that moves the folder and renumbers the pages
begin folder
page docs/adr/0003-keep-bees.md 3 'Keep bees' Proposed "$bees" 'We keep four hives.'
page docs/adr/0004-keep-hens.md 4 'Keep hens' Accepted "$hens" 'We keep thirty hens.'
commit 2026-01-10
sed -i 's/^Proposed$/Accepted/' docs/adr/0003-keep-bees.md && commit 2026-02-10
mkdir -p docs/decisions
git mv docs/adr/0003-keep-bees.md docs/decisions/0013-keep-bees.md && sed -i '1s/3\./13./' docs/decisions/0013-keep-bees.md
git mv docs/adr/0004-keep-hens.md docs/decisions/0014-keep-hens.md && sed -i '1s/4\./14./' docs/decisions/0014-keep-hens.md
page docs/decisions/0015-keep-goats.md 15 'Keep goats' Accepted "$goats" 'We keep three goats.'
commit 2026-03-10
followed=$(git log --follow --format=%ad --date=short -- docs/decisions/0013-keep-bees.md | sed -n 2p)
[ "$followed" = 2026-02-10 ] || echo "FAILED setup: git log --follow says $followed"
is 'B10 variant: a page that moves with its folder and is renumbered keeps its history' docs/decisions/0013-keep-bees.md 2026-02-10
is 'B10 variant: and so does the other page of the folder' docs/decisions/0014-keep-hens.md 2026-01-10
is 'B10 twin: a page that the same commit adds begins with it' docs/decisions/0015-keep-goats.md 2026-03-10

# 2. a commit that shifts all numbers by one, since a page comes in before them
begin shift
page docs/adr/0002-keep-bees.md 2 'Keep bees' Proposed "$bees" 'We keep four hives.'
page docs/adr/0003-keep-hens.md 3 'Keep hens' Proposed "$hens" 'We keep thirty hens.'
page docs/adr/0004-keep-goats.md 4 'Keep goats' Proposed "$goats" 'We keep three goats.'
commit 2026-01-10
sed -i 's/^Proposed$/Accepted/' docs/adr/0002-keep-bees.md && commit 2026-02-02
sed -i 's/^Proposed$/Rejected/' docs/adr/0003-keep-hens.md && commit 2026-03-02
sed -i 's/^Proposed$/Accepted/' docs/adr/0004-keep-goats.md && commit 2026-04-02
git mv docs/adr/0004-keep-goats.md docs/adr/0005-keep-goats.md && sed -i '1s/4\./5./' docs/adr/0005-keep-goats.md
git mv docs/adr/0003-keep-hens.md docs/adr/0004-keep-hens.md && sed -i '1s/3\./4./' docs/adr/0004-keep-hens.md
git mv docs/adr/0002-keep-bees.md docs/adr/0003-keep-bees.md && sed -i '1s/2\./3./' docs/adr/0003-keep-bees.md
page docs/adr/0002-keep-ducks.md 2 'Keep ducks' Accepted "$ducks" 'We keep six ducks.'
commit 2026-05-04
is 'B10 variant: of numbers shifted by one, the first page has its own history' docs/adr/0003-keep-bees.md 2026-02-02
is 'B10 variant: the second has its own' docs/adr/0004-keep-hens.md 2026-03-02
is 'B10 variant: the third has its own' docs/adr/0005-keep-goats.md 2026-04-02
is 'B10 twin: the page that took over the first number begins with that commit' docs/adr/0002-keep-ducks.md 2026-05-04

# 3. what is paired: records that vanish and appear in one commit, by title without number, then by equal statements
begin pairs
page docs/adr/0002-keep-bees.md 2 'Keep bees' Accepted "$bees" 'We keep four hives.'
page docs/adr/0003-keep-hens.md 3 'Keep hens' Accepted "$hens" 'We keep thirty hens.'
page docs/adr/0004-keep-goats.md 4 'Keep goats' Accepted "$goats" 'We keep three goats.'
page docs/adr/0005-keep-swans.md 5 'Keep swans' Accepted 'The pond is empty since the carp died.' 'We keep a pair of swans.'
commit 2026-01-10
git rm --quiet docs/adr/0005-keep-swans.md && commit 2026-02-02
# by title, with another text; by statements, with another title; neither
git rm --quiet docs/adr/0002-keep-bees.md docs/adr/0003-keep-hens.md docs/adr/0004-keep-goats.md && mkdir -p docs/adr
page docs/adr/0012-keep-bees.md 12 'Keep bees' Accepted 'The barn was torn down, and with it went the oak.' 'Two hives stand on the roof.'
page docs/adr/0013-eggs-of-our-own.md 13 'Eggs of our own' Accepted "$hens" 'We keep thirty hens.'
page docs/adr/0014-cut-the-slope.md 14 'Cut the slope' Accepted 'A company offers a mower on tracks for rent.' 'It comes in June and in September.'
sed -i 's/^Date: .*/Date: 2026-02-23/; s/^Somebody has to.*/The rent is paid twice a year./' docs/adr/0014-cut-the-slope.md
commit 2026-03-02
page docs/adr/0015-keep-swans.md 15 'Keep swans' Accepted 'The pond is empty since the carp died.' 'We keep a pair of swans.'
commit 2026-04-02
is 'B10 variant: a page with the same title and another number continues the old one' docs/adr/0012-keep-bees.md 2026-01-10
is 'B10 variant: a page with equal statements and another title continues the old one' docs/adr/0013-eggs-of-our-own.md 2026-01-10
is 'B10 twin: a page with another title and other statements begins anew' docs/adr/0014-cut-the-slope.md 2026-03-02
is 'B10 twin: a page that comes back in a later commit under another number begins anew' docs/adr/0015-keep-swans.md 2026-04-02
