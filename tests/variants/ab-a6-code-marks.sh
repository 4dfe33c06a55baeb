#!/usr/bin/env bash
# A6, third variant and twin: in strict, a path in code marks that was there when the decision came into force and is gone
# is a note at the citation, unless the removing commit also touched the page. The documents name no rule: any note counts.
set -u
: "${ALIGNLINT:?the path of the program}"
ALIGNLINT=$(realpath "$ALIGNLINT")
errors=$(mktemp)
root=$(mktemp -d) && trap 'rm -rf "$root" "$errors" "$errors.out"' EXIT
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
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
page=docs/adr/0002-one-worker.md
line=11
begin() { # begin NAME PRESET: one page that cites a file which is there
  mkdir -p "$root/$1/docs/adr" "$root/$1/src/queue" && cd "$root/$1" && git init --quiet --initial-branch=main
  echo "extends: [$2]" > alignlint.yaml
  seq 1 40 | sed 's/^/job = /' > src/queue/worker.py
  seq 50 90 | sed 's/^/log = /' > src/queue/log.py
  cat > $page <<'END'
# 2. One worker

Date: 2026-03-02

## Status

Accepted

## Context

All jobs pass through `src/queue/worker.py` and nothing else does.

## Decision

One worker runs all jobs, in their order.

## Consequences

A long job holds up the others.
END
  commit 2026-03-02 'One worker'
}
notes() { al check --as-of 2026-11-20 --format concise | grep "^$page:$line:"; }

begin touched strict
git rm --quiet src/queue/worker.py
sed -i 's/A long job holds up the others\./A long job held up the others, so the worker went./' $page
commit 2026-06-01 'Remove the worker, and say so'
name='A6 twin: a path that was removed by a commit that touched the page is silent'
if [ -z "$(notes)" ]; then ok "$name"; else no "$name" "$(notes)"; fi

begin there strict
git rm --quiet src/queue/log.py && commit 2026-06-01 'Remove the log'
name='A6 twin: a path that is there is silent'
if [ -z "$(notes)" ]; then ok "$name"; else no "$name" "$(notes)"; fi

begin never strict
sed -i 's,src/queue/worker.py,src/queue/future.py,' $page && commit 2026-03-03 'Name what is to come'
git rm --quiet src/queue/log.py && commit 2026-06-01 'Remove the log'
name='A6 twin: a path that never was there is silent'
if [ -z "$(notes)" ]; then ok "$name"; else no "$name" "$(notes)"; fi

begin recommended recommended
git rm --quiet src/queue/worker.py && commit 2026-06-01 'Remove the worker'
name='A6 twin: outside of strict it is silent'
if [ -z "$(notes)" ]; then ok "$name"; else no "$name" "$(notes)"; fi
