#!/usr/bin/env bash
# Checks the commit that is checked out. On a pull request and in a merge queue it reports what the change brings in,
# by the policy of the base; of anything else, everything.
#
# Needs no token and calls no service but the clone's own `origin`, and that only where the clone does not reach back far
# enough. Reads INPUT_*, BASE_SHA and HEAD_SHA (the pull request's, or empty), ALIGNLINT (the program) and GitHub's own
# variables.
set -euo pipefail

: "${GITHUB_OUTPUT:=/dev/null}" "${GITHUB_STEP_SUMMARY:=/dev/null}"
cd "${GITHUB_WORKSPACE:-.}"
temporary=$(TMPDIR=${RUNNER_TEMP:-${TMPDIR:-/tmp}} mktemp -d)
# On Windows, in a form that alignlint understands as well.
! command -v cygpath >/dev/null || temporary=$(cygpath -m "$temporary")

# Files are often those of another user where the job runs in a container.
git() { command git -c safe.directory="$PWD" "$@"; }

escaped() {
  local text=${1//'%'/%25}
  text=${text//$'\r'/%0D}
  printf '%s' "${text//$'\n'/%0A}"
}
say() { printf 'alignlint: %s\n' "$*"; }
warn() { printf '::warning title=alignlint::%s\n' "$(escaped "$*")"; }
fail() {
  printf '::error title=alignlint::%s\n' "$(escaped "$*")"
  exit 2
}

is_true() {
  case $2 in
    true) return 0 ;;
    false | '') return 1 ;;
    *) fail "The input \"$1\" is either true or false." ;;
  esac
}

has_commit() { git cat-file -e "$1^{commit}" 2>/dev/null; }
is_shallow() { [ "$(git rev-parse --is-shallow-repository)" = true ]; }
fetch() { git fetch --quiet --no-tags --no-recurse-submodules "$@" >"$temporary/fetch" 2>&1; }

# The parents that a commit names, also where a shallow clone does not have them.
parents() { git cat-file commit "$1" | sed -n '/^$/q; s/^parent //p'; }

# Whether what is checked out is the merge of the pull request into its base, as GitHub makes it.
is_test_merge() {
  local found
  found=$(parents HEAD)
  [ "$(wc -l <<<"$found")" -eq 2 ] && { [ -z "${HEAD_SHA:-}" ] || [ "$(sed -n 2p <<<"$found")" = "$HEAD_SHA" ]; }
}

# Gets a commit, and of a shallow clone nothing behind it. A full clone is never cut: `--depth` and `--deepen` are only for
# shallow ones.
get() {
  ! has_commit "$1" || return 0
  if is_shallow; then fetch --depth=1 origin "$1"; else fetch origin "$1"; fi
}

# Sees to it that `$1` is here, and the commit where it and HEAD part.
reach() {
  local base=$1 head steps
  parts() { git merge-base "$base" HEAD >/dev/null 2>&1; }
  head=$(git rev-parse HEAD)
  if is_shallow && ! parts && parents HEAD | grep -Fqx "$base"; then
    fetch --deepen=1 origin "$head" && parts
    return
  fi
  get "$base" || return 1
  for steps in 1 8 64 512; do
    ! parts || return 0
    is_shallow || return 1
    fetch --deepen="$steps" origin "$base" "$head" || return 1
  done
  parts || { is_shallow && fetch --unshallow origin "$base" "$head" && parts; }
}

# The identifier of a revision that somebody named: here, or at the origin.
named() {
  if has_commit "$1"; then
    git rev-parse "$1^{commit}"
  else
    get "$1" && git rev-parse FETCH_HEAD
  fi
}

# A clone without file contents fetches them when somebody asks Git for them; alignlint never asks the network.
fill() {
  git config --get-regexp '^remote\..*\.promisor$' >/dev/null || return 0
  git diff --no-ext-diff "$1" HEAD >/dev/null 2>&1 || true
}

unreachable() {
  printf '%s' "What $1 can't be fetched, so $2. Give actions/checkout a larger fetch-depth (2 for a pull request, 0 for all \
of the history), or let it keep its credentials."
}

git rev-parse --verify --quiet 'HEAD^{commit}' >/dev/null || fail 'Nothing is checked out here: actions/checkout goes before alignlint.'

case ${GITHUB_EVENT_NAME:-} in
  pull_request | pull_request_target | merge_group) base=${BASE_SHA:-} ;;
  *) base= ;;
esac
# The merge's own parent is the base that GitHub merged into; the event's may be older.
if [ -n "$base" ] && [ "$GITHUB_EVENT_NAME" != merge_group ] && is_test_merge; then base=$(parents HEAD | sed -n 1p); fi

since=$base
case ${INPUT_SINCE:-} in
  '') ;;
  none) since= ;;
  -*) fail 'The input "since" is a revision.' ;;
  *) since=$(named "$INPUT_SINCE") || fail "$(unreachable "\"$INPUT_SINCE\" is" 'nothing can be compared with it')" ;;
esac
policy=$base
case ${INPUT_POLICY_FROM:-} in
  '') ;;
  none) policy= ;;
  -*) fail 'The input "policy-from" is a revision.' ;;
  *) policy=$(named "$INPUT_POLICY_FROM") || fail "$(unreachable "\"$INPUT_POLICY_FROM\" is" 'nothing can be judged by it')" ;;
esac

if [ -n "$since" ] && ! reach "$since"; then
  warn "$(unreachable 'the change is made on' 'everything is reported, not only what the change brings in')"
  sed 's/^/alignlint: git: /' "$temporary/fetch" 2>/dev/null || true
  since=
fi
# Without the base nobody knows what a change may do: to take its own word for it would be no check.
unjudged=
if [ -n "$policy" ] && ! get "$policy"; then
  unjudged=$(unreachable 'the change is judged by' 'this is by its own policy, and no verdict')
  policy=
fi
compared=everything
[ -z "$since" ] || compared="what is new since $since"
say "reports $compared, by the policy of ${policy:-HEAD}"

arguments=(check --rev HEAD)
[ "${INPUT_PATH:-.}" = . ] || arguments=(-C "$INPUT_PATH" "${arguments[@]}")
[ -z "${INPUT_CONFIG:-}" ] || arguments+=(--config "$INPUT_CONFIG")
[ -z "$since" ] || { fill "$since"; arguments+=(--since "${since:0:12}"); }
[ -z "$policy" ] || { fill "$policy"; arguments+=(--policy-from "${policy:0:12}"); }
[ -z "${INPUT_FAIL_ON:-}" ] || arguments+=(--fail-on "$INPUT_FAIL_ON")
arguments+=(--format pretty --format "json=$temporary/report.json")
! is_true annotations "${INPUT_ANNOTATIONS:-true}" || arguments+=(--format "github=$temporary/annotations")
! is_true summary "${INPUT_SUMMARY:-true}" || arguments+=(--format "markdown=$temporary/summary.md")
[ -z "${INPUT_SARIF:-}" ] || arguments+=(--format "sarif=$INPUT_SARIF")

# The runner takes lines that begin with `::` for commands, and the report shows what stands in files. Until the
# token comes, it takes none.
token=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
printf '::stop-commands::%s\n' "$token"
code=0
"${ALIGNLINT:-alignlint}" "${arguments[@]}" 2>&1 || code=$?
printf '\n::%s::\n' "$token"

# A run that fails writes no report, unless it is only that some rules have come to no end: the report says which.
if [ "$code" -gt 1 ] && ! grep -q '^  "faults": \[' "$temporary/report.json" 2>/dev/null; then
  message='The check itself failed, so there is no verdict; the log says why.'
  [ "${INPUT_SUMMARY:-true}" != true ] || printf '### alignlint\n\n%s\n' "$message" >>"$GITHUB_STEP_SUMMARY"
  fail "$message"
fi

[ ! -f "$temporary/annotations" ] || cat "$temporary/annotations"
[ ! -f "$temporary/summary.md" ] || cat "$temporary/summary.md" >>"$GITHUB_STEP_SUMMARY"

# The report's own sums, one a line.
sum() { sed -n "/^  \"summary\": {/,/^  }/s/^    \"$1\": \([0-9]*\).*/\1/p" "$temporary/report.json"; }
new=$(($(sum error) + $(sum warning) + $(sum note)))
{
  printf 'findings=%s\nnew-findings=%s\n' "$((new + $(sum known)))" "$new"
  printf 'sarif-file=%s\n' "${INPUT_SARIF:-}"
} >>"$GITHUB_OUTPUT"
rm -rf "$temporary"
[ -z "$unjudged" ] || fail "$unjudged"
exit "$code"
