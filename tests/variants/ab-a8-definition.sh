#!/usr/bin/env bash
# A8, second variant and twin: a link to a name that does not exist is broken, with the page's definition of that label as suggestion.
. "$(dirname "$0")/kit/setup.sh"
page=docs/adr/0015-wait-in-line.md
begin() { # begin NAME LAST-LINE
  mkdir -p "$root/$1/docs/adr" "$root/$1/docs/guides" && cd "$root/$1" && git init --quiet --initial-branch=main
  printf '# Waiting line\n\nNobody pushes.\n' > docs/guides/waiting-line.md
  printf '# 15. Wait in line\n\nDate: 2026-09-07\n\n## Status\n\nAccepted\n\n## Context\n\nPeople push, see [the handbook](queue).\n\n## Decision\n\nThere is one line.\n\n## Consequences\n\nIt is long.\n%s' "$2" > $page
  git add --all
}
concise() { al check --as-of 2026-11-20 --select reference/broken-link --format concise; }
agent() { al check --as-of 2026-11-20 --select reference/broken-link --format agent; }

begin local $'\n[queue]: ../guides/waiting-line.md\n'
name='A8 variant: a link to a label is broken although the page defines it'
if concise | grep -q "^$page:11:"; then ok "$name"; else failed "$name" "$(concise)"; fi
name='A8 variant: the definition of the label is the suggestion'
if agent | grep -q 'waiting-line.md'; then ok "$name"; else failed "$name" "$(agent | tail -n 3 | tr '\n' ' ')"; fi

begin address $'\n[queue]: https://handbook.example.org/lines\n'
name='A8 variant: a definition with an address is the suggestion too'
if agent | grep -q 'handbook.example.org/lines'; then ok "$name"; else failed "$name" "$(agent | tail -n 3 | tr '\n' ' ')"; fi

begin none ''
name='A8 twin: without a definition the link is broken, and nothing of the kind is suggested'
if ! concise | grep -q "^$page:11:"; then failed "$name" 'not reported'
elif agent | grep -q 'waiting-line'; then failed "$name" "$(agent | tail -n 3 | tr '\n' ' ')"; else ok "$name"; fi

begin reference $'\n[queue]: ../guides/waiting-line.md\n'
sed -i 's/(queue)/[queue]/' $page && git add --all
name='A8 twin: a reference to the label is fine'
if [ -z "$(concise)" ]; then ok "$name"; else failed "$name" "$(concise)"; fi

begin page $'\n[queue]: ../guides/waiting-line.md\n'
printf '# Queue\n\nStand here.\n' > docs/adr/queue.md && git add --all
name='A8 twin: where a page of the name exists the link is fine, whatever the page defines'
if [ -z "$(concise)" ]; then ok "$name"; else failed "$name" "$(concise)"; fi
