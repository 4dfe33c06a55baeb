#!/usr/bin/env bash
# A6, third variant and twin: in strict, a path in code marks that was there when the decision came into force and is gone
# is a note at the citation, unless the removing commit also touched the page. The documents name no rule: any note counts.
. "$(dirname "$0")/kit/setup.sh"
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
if [ -z "$(notes)" ]; then ok "$name"; else failed "$name" "$(notes)"; fi

begin there strict
git rm --quiet src/queue/log.py && commit 2026-06-01 'Remove the log'
name='A6 twin: a path that is there is silent'
if [ -z "$(notes)" ]; then ok "$name"; else failed "$name" "$(notes)"; fi

begin never strict
sed -i 's,src/queue/worker.py,src/queue/future.py,' $page && commit 2026-03-03 'Name what is to come'
git rm --quiet src/queue/log.py && commit 2026-06-01 'Remove the log'
name='A6 twin: a path that never was there is silent'
if [ -z "$(notes)" ]; then ok "$name"; else failed "$name" "$(notes)"; fi

begin recommended recommended
git rm --quiet src/queue/worker.py && commit 2026-06-01 'Remove the worker'
name='A6 twin: outside of strict it is silent'
if [ -z "$(notes)" ]; then ok "$name"; else failed "$name" "$(notes)"; fi
