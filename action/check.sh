#!/usr/bin/env bash
# Checks the commit that is checked out. On a pull request and in a merge queue, reports the new findings by the policy
# of the base; otherwise, reports everything.
#
# Needs no token and contacts only the clone's `origin`, and only if the clone is too shallow. Reads INPUT_*, BASE_SHA and HEAD_SHA
# (the pull request's, or empty), ALIGNLINT (the program) and GitHub's own variables.
# shellcheck disable=SC2317 # `exit` after `main` is for a script that is replaced while it runs
set -euo pipefail

# Bash reads this function as a whole before it runs: whatever happens to the file then has no effect.
main() {
  : "${GITHUB_OUTPUT:=/dev/null}" "${GITHUB_STEP_SUMMARY:=/dev/null}"
  cd -P "${GITHUB_WORKSPACE:-.}"
  # Reports are written there, and nothing into the checkout, which a change can fill with links.
  temporary_folder() {
    local folder
    folder=$(TMPDIR=${RUNNER_TEMP:-${TMPDIR:-/tmp}} mktemp -d)
    # On Windows, a path that alignlint understands too.
    if command -v cygpath >/dev/null; then cygpath -m "$folder"; else printf '%s\n' "$folder"; fi
  }
  temporary=$(temporary_folder)

  # In a container, files often belong to another user.
  git() { command git -c safe.directory="$PWD" "$@"; }

  escaped() {
    local text=${1//'%'/%25}
    text=${text//$'\r'/%0D}
    printf '%s' "${text//$'\n'/%0A}"
  }
  # The runner reads an output up to the end of its line.
  output() {
    case $2 in *[[:cntrl:]]*) fail "The output \"$1\" has more than one line." ;; esac
    printf '%s=%s\n' "$1" "$2" >>"$GITHUB_OUTPUT"
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
  # Writes no refs, not even those of the remote.
  fetch() { git fetch --quiet --no-tags --no-recurse-submodules --refmap= "$@" >"$temporary/fetch" 2>&1; }

  # The parents of a commit, even if a shallow clone does not contain them.
  parents() { git cat-file commit "$1" | sed -n '/^$/q; s/^parent //p'; }

  # True if HEAD is the merge of the pull request into its base that GitHub creates.
  is_test_merge() {
    local found
    found=$(parents HEAD)
    [ "$(wc -l <<<"$found")" -eq 2 ] && { [ -z "${HEAD_SHA:-}" ] || [ "$(sed -n 2p <<<"$found")" = "$HEAD_SHA" ]; }
  }

  # True for the name of a branch, a tag or a commit: no option, no path, and no refspec, which could write refs.
  is_name() {
    case $1 in -* | +* | tag) return 1 ;; esac
    git check-ref-format --allow-onelevel "$1"
  }

  # Fetches a commit; in a shallow clone without its history. Never makes a full clone shallow: `--depth` and `--deepen` are
  # used for shallow ones only.
  get() {
    ! has_commit "$1" || return 0
    is_name "$1" || return 1
    if is_shallow; then fetch --depth=1 origin "$1"; else fetch origin "$1"; fi
  }

  # Fetches `$1` and its merge base with HEAD.
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

  # The id of a revision, from this clone or from the origin.
  named() {
    if has_commit "$1"; then
      git rev-parse "$1^{commit}"
    else
      get "$1" && git rev-parse FETCH_HEAD
    fi
  }

  # A partial clone fetches blobs when Git reads them; alignlint itself never uses the network.
  fill() {
    git config --get-regexp '^remote\..*\.promisor$' >/dev/null || return 0
    git diff --no-ext-diff "$1" HEAD >/dev/null 2>&1 || true
  }

  unreachable() {
    printf '%s' "What $1 can't be fetched, so $2. Give actions/checkout a larger fetch-depth (2 for a pull request, 0 for all \
of the history), or let it keep its credentials."
  }

  git rev-parse --verify --quiet 'HEAD^{commit}' >/dev/null || fail 'Nothing is checked out here: actions/checkout goes before alignlint.'

  # A change that puts a link in the place of the project would choose what is checked.
  case ${INPUT_PATH:-.} in
    . | /*) ;;
    *)
      folder=$(cd -L "./$INPUT_PATH" 2>/dev/null && pwd -L) || fail 'The input "path" is not a folder of the checkout.'
      [ "$folder" = "$(cd -P "./$INPUT_PATH" && pwd -P)" ] || fail 'The input "path" leads through a symbolic link.'
      ;;
  esac

  case ${GITHUB_EVENT_NAME:-} in
    pull_request | pull_request_target | merge_group) base=${BASE_SHA:-} ;;
    *) base= ;;
  esac
  # The first parent of the merge is the current base; the one in the event may be older.
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
    *) policy=$(named "$INPUT_POLICY_FROM") || fail "$(unreachable "\"$INPUT_POLICY_FROM\" is" 'its policy cannot be used')" ;;
  esac

  # Without the base, nothing tells what the change takes away, or there is no trusted policy: a change must not be checked by its own.
  unjudged=
  if [ -n "$since" ] && ! reach "$since"; then
    warn "$(unreachable 'the change is based on' 'everything is reported, not only new findings')"
    [ ! -f "$temporary/fetch" ] || tr '\r' '\n' <"$temporary/fetch" | sed 's/^/alignlint: git: /'
    since=
    [ -z "$policy" ] || unjudged=$(unreachable 'the change is based on' 'what it takes away is unknown, and this run does not count')
  fi
  if [ -n "$policy" ] && ! get "$policy"; then
    unjudged=$(unreachable 'the policy is read from' 'this run used the policy of the change itself and does not count')
    policy=
  fi
  compared=everything
  [ -z "$since" ] || compared="new findings since $since"
  say "reports $compared, by the policy of ${policy:-HEAD}"

  arguments=(check --rev HEAD)
  [ "${INPUT_PATH:-.}" = . ] || arguments=(-C "$INPUT_PATH" "${arguments[@]}")
  [ -z "${INPUT_CONFIG:-}" ] || arguments+=(--config "$INPUT_CONFIG")
  # The whole identifiers: a part of one may also be the name of a tag that somebody has pushed.
  [ -z "$since" ] || { fill "$since"; arguments+=(--since "$since"); }
  [ -z "$policy" ] || { fill "$policy"; arguments+=(--policy-from "$policy"); }
  [ -z "${INPUT_FAIL_ON:-}" ] || arguments+=(--fail-on "$INPUT_FAIL_ON")
  arguments+=(--format pretty --format "json=$temporary/report.json")
  ! is_true annotations "${INPUT_ANNOTATIONS:-true}" || arguments+=(--format "github=$temporary/annotations")
  ! is_true summary "${INPUT_SUMMARY:-true}" || arguments+=(--format "markdown=$temporary/summary.md")
  sarif=
  if [ -n "${INPUT_SARIF:-}" ]; then
    case $INPUT_SARIF in
      . | .. | -* | */* | *\\* | *[[:cntrl:]]*) fail "The input \"sarif\" is the name of a file; its path is the output \"sarif-file\"." ;;
    esac
    # Not removed at the end; later steps upload it.
    sarif=$(temporary_folder)/$INPUT_SARIF
    arguments+=(--format "sarif=$sarif")
  fi

  comment=
  if is_true comment "${INPUT_COMMENT:-false}"; then
    # Not removed at the end; the next step sends it. This one has no token.
    comment=$(temporary_folder)/comment.md
    arguments+=(--format "markdown=$comment")
  fi

  page=
  if [ -n "${INPUT_REPORT:-}" ]; then
    case $INPUT_REPORT in
      . | .. | -* | */* | *\\* | *[[:cntrl:]]*) fail "The input \"report\" is the name of a file; its path is the output \"report-file\"." ;;
    esac
    # Not removed at the end; later steps upload it.
    page=$(temporary_folder)/$INPUT_REPORT
  fi
  case ${INPUT_DIGEST:-} in -*) fail 'The input "digest" is a date, a time such as "1 week", or a revision.' ;; esac

  case ${INPUT_REPORT_SUMMARY:-} in
    *[!a-z]*) fail 'The input "report-summary" is "all" or the name of a part, such as "governance".' ;;
  esac

  # A view of what is checked out.
  view() {
    local command=$1
    shift
    set -- "$command" --rev HEAD "$@"
    [ "${INPUT_PATH:-.}" = . ] || set -- -C "$INPUT_PATH" "$@"
    [ -z "${INPUT_CONFIG:-}" ] || set -- "$@" --config "$INPUT_CONFIG"
    "${ALIGNLINT:-alignlint}" "$@"
  }
  # Where GitHub shows a line of a file; nothing for a folder whose name has other characters than these.
  link() {
    local prefix
    prefix=$(cd "${INPUT_PATH:-.}" && command git -c safe.directory='*' rev-parse --show-prefix)
    case $prefix in *[!A-Za-z0-9._/-]*) return ;; esac
    [ -z "${GITHUB_SERVER_URL:-}" ] || [ -z "${GITHUB_REPOSITORY:-}" ] ||
      printf '%s/%s/blob/%s/%s{path}#L{line}' "$GITHUB_SERVER_URL" "$GITHUB_REPOSITORY" "$(git rev-parse HEAD)" "$prefix"
  }

  # Adds a view to the summary, as far as GitHub takes it: 1 MiB from each step. `$2` is the command that shows all of it.
  append() {
    local room
    [ -s "$1" ] || return 0
    room=$((1048576 - 256 - $(wc -c <"$GITHUB_STEP_SUMMARY")))
    {
      printf '\n'
      if [ "$(wc -c <"$1")" -le "$room" ]; then
        cat "$1"
      else
        # Without the line that is cut.
        [ "$room" -le 0 ] || head -c "$room" "$1" | sed '$d'
        # The backticks are those of Markdown.
        # shellcheck disable=SC2016
        printf '\nGitHub takes no more than 1 MiB: `alignlint %s` shows the rest.\n' "$2"
      fi
    } >>"$GITHUB_STEP_SUMMARY"
  }

  # The runner executes lines that begin with `::`, and the report quotes files. Commands are disabled until the token
  # is printed.
  token=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  printf '::stop-commands::%s\n' "$token"
  code=0
  "${ALIGNLINT:-alignlint}" "${arguments[@]}" 2>&1 || code=$?
  views=
  if [ -n "${INPUT_DIGEST:-}" ]; then
    { view digest --since "$INPUT_DIGEST" --format markdown >"$temporary/digest.md"; } 2>&1 || views='The digest'
  fi
  case ${INPUT_REPORT_SUMMARY:-} in
    '') part= ;;
    all) part=report ;;
    *) part="report $INPUT_REPORT_SUMMARY" ;;
  esac
  if [ -n "$part" ]; then
    # Two words, or one.
    # shellcheck disable=SC2086
    { view $part --format markdown >"$temporary/part.md"; } 2>&1 || views=${views:+$views and }'The report'
  fi
  if [ -n "$page" ]; then
    link=$(link)
    view report --html "$page" ${link:+--link "$link"} 2>&1 || { views=${views:+$views and }'The page'; page=; }
  fi
  printf '\n::%s::\n' "$token"

  # A failed run writes no report, unless only some rules exceeded their budget: then the report lists them.
  if [ "$code" -gt 1 ] && ! grep -q '^  "faults": \[' "$temporary/report.json" 2>/dev/null; then
    message='The check itself failed; see the log for the reason.'
    [ "${INPUT_SUMMARY:-true}" != true ] || printf '### alignlint\n\n%s\n' "$message" >>"$GITHUB_STEP_SUMMARY"
    fail "$message"
  fi

  [ ! -f "$temporary/annotations" ] || cat "$temporary/annotations"
  [ ! -f "$temporary/summary.md" ] || cat "$temporary/summary.md" >>"$GITHUB_STEP_SUMMARY"
  : >>"$GITHUB_STEP_SUMMARY"
  append "$temporary/digest.md" "digest --since '${INPUT_DIGEST:-}'"
  append "$temporary/part.md" "$part"
  [ -z "$views" ] || warn "$views could not be written; see the log for the reason."

  # The counts in the report, one per line.
  sum() { sed -n "/^  \"summary\": {/,/^  }/s/^    \"$1\": \([0-9]*\).*/\1/p" "$temporary/report.json"; }
  new=$(($(sum error) + $(sum warning) + $(sum note)))
  output findings "$((new + $(sum known)))"
  output new-findings "$new"
  output sarif-file "$sarif"
  output report-file "$page"
  [ -z "$comment" ] || output comment-file "$comment"
  rm -rf "$temporary"
  [ -z "$unjudged" ] || fail "$unjudged"
  exit "$code"
}

main "$@"; exit
