#!/usr/bin/env bash
# A6, second variant and twin: decision/governs-nothing names the commit that removed or moved the path, with the fix.
set -u
: "${ALIGNLINT:?the path of the program}"
ALIGNLINT=$(realpath "$ALIGNLINT")
errors=$(mktemp)
dir=$(mktemp -d) && trap 'rm -rf "$dir" "$errors" "$errors.out"' EXIT && cd "$dir" || exit 2
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 COLUMNS=120 NO_COLOR=1
export GIT_AUTHOR_NAME=Ida GIT_AUTHOR_EMAIL=ida@example.org GIT_COMMITTER_NAME=Ida GIT_COMMITTER_EMAIL=ida@example.org
exec 3>&1
# runs the program; an exit code above 1 is a failure of its own, so that silence never stands for a run that failed
al() {
  local code
  "$ALIGNLINT" "$@" >"$errors.out" 2>"$errors"
  code=$?
  cat "$errors.out"
  [ "$code" -le 1 ] || echo "FAILED run: exit code $code of $*: $(head -n 2 "$errors" | tr '\n' ' ')" >&3
  return "$code"
}
ok() { echo "ok $1"; }
no() { echo "FAILED $1: $2"; }
commit() { git add --all && GIT_AUTHOR_DATE="$1T12:00:00Z" GIT_COMMITTER_DATE="$1T12:00:00Z" git commit --quiet --message "$2"; }

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
if concise | grep -q '^governance/decisions.yaml:7:'; then ok "$name"; else no "$name" "$(concise)"; fi
name='A6 variant: the commit that moved the path is named'
if all | grep -q "${moved:0:7}"; then ok "$name"; else no "$name" "no ${moved:0:7} in: $(all | tr '\n' ' ')"; fi
name='A6 variant: the commit that removed the path is named'
if all | grep -q "${removed:0:7}"; then ok "$name"; else no "$name" "no ${removed:0:7}"; fi
name='A6 twin: a path that is there is silent'
if concise | grep -q '^governance/decisions.yaml:19:'; then no "$name" "$(concise)"; else ok "$name"; fi
name='A6 twin: a path that never was there is reported and names no commit'
if ! concise | grep -q '^governance/decisions.yaml:25:'; then no "$name" 'not reported'
elif about 25 | grep -Eq "${moved:0:7}|${removed:0:7}|$(git rev-parse --short=7 HEAD~2)"; then no "$name" "$(about 25)"
else ok "$name"; fi

al check --as-of 2026-11-20 --select decision/governs-nothing --fix=all >/dev/null
name='A6 variant: the fix writes where the path is now'
if grep -q '^ *- src/pricing/minutes.py$' governance/decisions.yaml && ! grep -q 'src/tariff' governance/decisions.yaml; then ok "$name"; else no "$name" "$(sed -n 6,7p governance/decisions.yaml | tr '\n' ' ')"; fi
name='A6 twin: the fix leaves a path that is there alone'
if grep -q '^ *- src/post/letter.py$' governance/decisions.yaml; then ok "$name"; else no "$name" "$(git diff governance | tr '\n' ' ')"; fi
