#!/usr/bin/env bash
# A2, third variant and twin: front matter in other fences, and files whose ending is near a known one,
# are read as what they are, or reported (a finding at a place in the default run).
. "$(dirname "$0")/kit/setup.sh"
cd "$root" || exit 2
git init --quiet --initial-branch=main

mkdir -p docs/decisions governance config
body() { # body TITLE
  printf '\n# %s\n\n## Context and Problem Statement\n\nThe shed leaks. What do we do?\n\n## Considered Options\n\n* Mend it\n* Leave it\n\n## Decision Outcome\n\nChosen option: "Mend it", because the hay gets wet.\n' "$1"
}
{ printf '+++\nstatus = "accepted"\ndate = 2026-03-02\n+++\n'; body 'Mend the shed'; } > docs/decisions/0004-mend-the-shed.md
{ printf ';;;\n{ "status": "rejected", "date": "2026-03-09" }\n;;;\n'; body 'Paint the shed'; } > docs/decisions/0005-paint-the-shed.md
# twins: the usual fence, and a page without front matter whose text has a line of plus signs
{ printf -- '---\nstatus: accepted\ndate: 2026-03-16\n---\n'; body 'Lock the shed'; } > docs/decisions/0006-lock-the-shed.md
{ printf '# 7. Light the shed\n\nDate: 2026-03-23\n\n## Status\n\nAccepted\n\n## Context\n\nIt is dark.\n\n+++\n\nAnd cold.\n\n## Decision\n\nWe hang up a lamp.\n\n## Consequences\n\nIt is light.\n'; } > docs/decisions/0007-light-the-shed.md
cat > governance/decisions.jsonc <<'END'
{
  // kept by the yard
  "decisions": [
    { "id": "D-21", "title": "Buy a ladder", "status": "accepted", "date": "2026-04-06" }
  ]
}
END
# twin: the same outside of a governed folder is nobody's business
cat > config/decisions.jsonc <<'END'
{
  // a setting of an editor
  "decisions": [{ "id": "D-22", "title": "Colours", "status": "accepted" }]
}
END
git add --all

findings=$(al check --as-of 2026-11-20 --format concise)
records=$(al records)

fence() { # fence NAME PATH STATUS
  if al explain "$2" | grep -Eq "\`status\`: $3( |$)"; then ok "$1 (read)"
  elif grep -q "^$2:1:" <<<"$findings"; then ok "$1 (reported at line 1)"
  else failed "$1" "neither is the status read, nor is there a finding at line 1"; fi
}
fence 'A2 variant: front matter between lines of plus signs is read or reported' docs/decisions/0004-mend-the-shed.md accepted
fence 'A2 variant: front matter between lines of semicolons is read or reported' docs/decisions/0005-paint-the-shed.md rejected

if grep -q 'D-21' <<<"$records"; then ok 'A2 variant: a .jsonc file in a governed folder (read)'
elif grep -q '^governance/decisions.jsonc:' <<<"$findings"; then ok 'A2 variant: a .jsonc file in a governed folder (reported)'
else failed 'A2 variant: a .jsonc file in a governed folder' 'neither read nor reported'; fi

for page in docs/decisions/0006-lock-the-shed.md docs/decisions/0007-light-the-shed.md; do
  name="A2 twin: ${page##*/} is read as usual, and silent at its first line"
  if ! al explain "$page" | grep -Eq '`status`: accepted( |$)'; then failed "$name" 'the status is not read'
  elif al check --as-of 2026-11-20 --select 'document/*,schema/*' --format concise | grep -q "^$page:"; then failed "$name" 'a finding'
  else ok "$name"; fi
done
if grep -q 'D-22' <<<"$records" || grep -q '^config/' <<<"$findings"; then failed 'A2 twin: a .jsonc file elsewhere is left alone' 'read or reported'
else ok 'A2 twin: a .jsonc file elsewhere is left alone'; fi
