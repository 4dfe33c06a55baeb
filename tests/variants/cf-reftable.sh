#!/usr/bin/env bash
# C13: names in a reftable. Variants: reftable with SHA-1 and SHA-256. Twin: the same history with refs in files.
. "$(dirname "$0")/kit/setup.sh"

# Three commits; D-1 lacks a successor from the first on, D-2 from the third on.
history() { # DIR REF-FORMAT OBJECT-FORMAT
  git init -q -b main --ref-format="$2" --object-format="$3" "$1" && cd "$1" || return 1
  mkdir -p governance src
  echo 'print()' > src/till.py
  printf 'decisions:\n  - { id: D-1, title: Count by hand, status: superseded, date: 2026-08-03, governs: [src/till.py] }\n' > governance/decisions.yaml
  commit 2026-08-03 one
  git tag light; GIT_COMMITTER_DATE=2026-08-03T12:00:00Z git tag -a -m first annotated
  printf 'people:\n  - { id: ines, title: Ines Duarte }\n' > governance/people.yaml
  commit 2026-09-07 two
  printf '  - { id: D-2, title: Count by machine, status: superseded, date: 2026-10-05, governs: [src/till.py] }\n' >> governance/decisions.yaml
  commit 2026-10-05 three
  git symbolic-ref refs/heads/current refs/heads/main
  git worktree add -q "$1-linked" -b side light 2>/dev/null
  for n in 1 2 3 4 5 6 7 8 9 10 11 12; do GIT_TEST_REFTABLE_AUTOCOMPACTION=false git update-ref refs/heads/b$n light; done
  GIT_TEST_REFTABLE_AUTOCOMPACTION=false git update-ref refs/heads/b7 main       # moved in a later table
  GIT_TEST_REFTABLE_AUTOCOMPACTION=false git update-ref -d refs/heads/b8        # deleted in a later table
  return 0
}
D1='governance/decisions.yaml:2:'; D2='governance/decisions.yaml:3:'
only() { # NAME EXPECTED...: the places in OUT are exactly these
  local name=$1; shift; local want; want=$(printf '%s\n' "$@"); local got; got=$(echo "$OUT" | grep -o '^[^ ]*decisions.yaml:[0-9]*:' | sort -u)
  if [ "$RC" -le 1 ] && [ "$got" = "$want" ]; then ok "$name"; else failed "$name" "$(says)"; fi
}
C="check --select decision/no-successor --format concise --as-of 2026-11-20"
checks() { # LABEL DIR
  cd "$2" || return
  run $C;                         only "$1 check" $D1 $D2
  run $C --rev HEAD;              only "$1 --rev HEAD" $D1 $D2
  run $C --rev light;             only "$1 --rev of a tag" $D1
  run $C --rev annotated;         only "$1 --rev of an annotated tag" $D1
  run $C --rev main~1;            only "$1 --rev main~1" $D1
  run $C --rev current;           only "$1 --rev of a symbolic reference" $D1 $D2
  run $C --rev refs/heads/b3;     only "$1 --rev of one of several tables" $D1
  run $C --rev b7;                only "$1 --rev of a reference that a later table moved" $D1 $D2
  run $C --rev b8; if [ "$RC" = 2 ]; then ok "$1 --rev of a deleted reference fails"; else failed "$1 --rev of a deleted reference fails" "$(says)"; fi
  run $C --since light;           only "$1 --since" $D2
  run $C --since HEAD~1;          only "$1 --since HEAD~1" $D2
  run why --rev HEAD src/till.py; if [ "$RC" = 0 ] && echo "$OUT" | grep -q D-2; then ok "$1 why --rev"; else failed "$1 why --rev" "$(says)"; fi
  run why src/till.py; if [ "$RC" = 0 ] && echo "$OUT" | grep -q D-2; then ok "$1 why"; else failed "$1 why" "$(says)"; fi
  run trend --since 2026-08-20 --as-of 2026-11-20; if [ "$RC" = 0 ] && [ "$(echo "$OUT" | grep -c '^ *2026-')" -ge 3 ]; then ok "$1 trend"; else failed "$1 trend" "$(says)"; fi
  echo "$OUT" > "$TMP/trend-$1"
  # the hook: what is staged on top of HEAD
  sed -i 's/Count by machine/Count by machine twice/' governance/decisions.yaml
  printf '  - { id: D-3, title: Count by eye, status: superseded, date: 2026-10-12 }\n' >> governance/decisions.yaml
  git add -A; run $C --staged --since HEAD; if [ "$RC" = 1 ] && echo "$OUT" | grep -q ':4:.*D-3' && ! echo "$OUT" | grep -q 'D-1'; then ok "$1 hook"; else failed "$1 hook" "$(says)"; fi
  git reset -q --hard
  cd "$2-linked" || { failed "$1 linked worktree" 'git worktree add failed'; return; }
  run $C;                         only "$1 linked: check" $D1
  run $C --rev HEAD;              only "$1 linked: its own HEAD" $D1
  run $C --rev main;              only "$1 linked: a shared branch" $D1 $D2
  run $C --since main;            if [ "$RC" = 0 ]; then ok "$1 linked: --since"; else failed "$1 linked: --since" "$(says)"; fi
}
( history "$TMP/sha1" reftable sha1 )   && checks reftable-sha1 "$TMP/sha1"
( history "$TMP/sha256" reftable sha256 ) && checks reftable-sha256 "$TMP/sha256"
( history "$TMP/files" files sha1 )     && checks twin-files "$TMP/files"
if cmp -s "$TMP/trend-reftable-sha1" "$TMP/trend-twin-files"; then ok 'trend is that of the files'; else failed 'trend is that of the files' 'they differ'; fi
