#!/usr/bin/env bash
# A6, second variant and twin: decision/governs-nothing names the commit that removed or moved the path, with the fix.
. "$(dirname "$0")/kit/setup.sh"
cd "$root" || exit 2

git init --quiet --initial-branch=main
mkdir -p governance src/tariff src/fax src/post
seq 1 60 | sed 's/^/minutes = /' > src/tariff/minutes.py
seq 100 160 | sed 's/^/fax = /' > src/fax/send.py
seq 200 260 | sed 's/^/post = /' > src/post/letter.py
cat > governance/decisions.yaml <<'END'
decisions:
  - id: D-1
    title: Whole minutes
    status: accepted
    date: 2026-03-02
    governs:
      - src/tariff/minutes.py
  - id: D-2
    title: No fax after ten
    status: accepted
    date: 2026-03-09
    governs:
      - src/fax/send.py
  - id: D-3
    title: Letters by train
    status: accepted
    date: 2026-03-16
    governs:
      - src/post/letter.py
  - id: D-4
    title: Pigeons never
    status: accepted
    date: 2026-03-23
    governs:
      - src/pigeons/fly.py
END
commit 2026-04-01 'Begin'
mkdir -p src/pricing && git mv src/tariff/minutes.py src/pricing/minutes.py && commit 2026-05-01 'Move the tariff'
moved=$(git rev-parse HEAD)
git rm --quiet src/fax/send.py && commit 2026-06-01 'Remove the fax'
removed=$(git rev-parse HEAD)

concise() { al check --as-of 2026-11-20 --select decision/governs-nothing --format concise; }
# the text of the findings about one line of the file, with message and help
about() { al check --as-of 2026-11-20 --select decision/governs-nothing --format agent | grep -A3 "^governance/decisions.yaml:$1:"  | awk 'NR > 1 && /^governance\//{exit} {print}'; }
all() { al check --as-of 2026-11-20 --select decision/governs-nothing; }

name='A6 variant: the path that was moved is reported'
if concise | grep -q '^governance/decisions.yaml:7:'; then ok "$name"; else failed "$name" "$(concise)"; fi
name='A6 variant: the commit that moved the path is named'
if all | grep -q "${moved:0:7}"; then ok "$name"; else failed "$name" "no ${moved:0:7} in: $(all | tr '\n' ' ')"; fi
name='A6 variant: the commit that removed the path is named'
if all | grep -q "${removed:0:7}"; then ok "$name"; else failed "$name" "no ${removed:0:7}"; fi
name='A6 twin: a path that is there is silent'
if concise | grep -q '^governance/decisions.yaml:19:'; then failed "$name" "$(concise)"; else ok "$name"; fi
name='A6 twin: a path that never was there is reported and names no commit'
if ! concise | grep -q '^governance/decisions.yaml:25:'; then failed "$name" 'not reported'
elif about 25 | grep -Eq "${moved:0:7}|${removed:0:7}|$(git rev-parse --short=7 HEAD~2)"; then failed "$name" "$(about 25)"
else ok "$name"; fi

al check --as-of 2026-11-20 --select decision/governs-nothing --fix=all >/dev/null
name='A6 variant: the fix writes where the path is now'
if grep -q '^ *- src/pricing/minutes.py$' governance/decisions.yaml && ! grep -q 'src/tariff' governance/decisions.yaml; then ok "$name"; else failed "$name" "$(sed -n 6,7p governance/decisions.yaml | tr '\n' ' ')"; fi
name='A6 twin: the fix leaves a path that is there alone'
if grep -q '^ *- src/post/letter.py$' governance/decisions.yaml; then ok "$name"; else failed "$name" "$(git diff governance | tr '\n' ' ')"; fi
