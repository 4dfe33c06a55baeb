#!/usr/bin/env bash
# A4, third variant and twin: two meanings in one file are a note, across files an error.
. "$(dirname "$0")/kit/setup.sh"
begin() { mkdir -p "$root/$1/governance" "$root/$1/strategy" && cd "$root/$1" && git init --quiet --initial-branch=main; }
findings() { git add --all; al check --as-of 2026-11-20 --select term/conflicting --format concise; }
has() { # has NAME SEVERITY
  local all; all=$(findings)
  if ! grep -q "$2\[term/conflicting\]" <<<"$all"; then failed "$1" "no $2: ${all:-nothing}"
  elif grep 'term/conflicting' <<<"$all" | grep -qv "$2\[term/conflicting\]"; then failed "$1" "not only $2: $all"
  else ok "$1"; fi
}
silent() { local all; all=$(findings); if [ -z "$all" ]; then ok "$1"; else failed "$1" "$all"; fi; }

begin one
cat > governance/glossary.yaml <<'END'
terms:
  - id: lead-1
    title: lead
    definition: A company that has asked us for a price.
  - id: lead-2
    title: lead
    definition: The cable between a sensor and its box.
END
has 'A4 variant: two meanings of one term in one file are a note' note

begin two
cat > governance/glossary.yaml <<'END'
terms:
  - id: lead-sales
    title: lead
    definition: A company that has asked us for a price.
END
cat > strategy/words.yaml <<'END'
terms:
  - id: lead-works
    title: Lead
    definition: The cable between a sensor and its box.
END
has 'A4 variant: two meanings of one term in two files are an error' error

begin same
cat > governance/glossary.yaml <<'END'
terms:
  - id: lead-sales
    title: lead
    definition: A company that has asked us for a price.
END
cat > strategy/words.yaml <<'END'
terms:
  - id: lead-works
    title: Lead
    definition: a company that has asked us for a price
END
silent 'A4 twin: one meaning in two files is no conflict'

begin unlike
cat > governance/glossary.yaml <<'END'
terms:
  - id: lead-1
    title: lead
    definition: A company that has asked us for a price.
  - id: lead-2
    title: sensor lead
    definition: The cable between a sensor and its box.
END
silent 'A4 twin: two terms in one file are no conflict'
