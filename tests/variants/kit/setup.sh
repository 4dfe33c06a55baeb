# What the scripts share: a folder that goes at the end, Git without the settings of the machine, and how a check is printed.
set -u
: "${ALIGNLINT:?the path of the program}"
ALIGNLINT=$(realpath "$ALIGNLINT")
TMP=$(mktemp -d) && trap 'rm -rf "$TMP"' EXIT
root=$TMP/root && mkdir "$root"
unset GIT_DIR GIT_INDEX_FILE GIT_WORK_TREE
export HOME=$TMP GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 COLUMNS=120 NO_COLOR=1
export GIT_AUTHOR_NAME=Ida GIT_AUTHOR_EMAIL=ida@example.org GIT_COMMITTER_NAME=Ida GIT_COMMITTER_EMAIL=ida@example.org
exec 3>&1

ok() { echo "ok $1"; }
failed() { echo "FAILED $1: $2"; }

# Runs the program, and sets OUT, ERR and RC.
run() { OUT=$("$ALIGNLINT" "$@" 2>"$TMP/err"); RC=$?; ERR=$(cat "$TMP/err"); }
says() { printf "exit %s, out: %s, err: %s" "$RC" "$(echo "$OUT" | head -5 | tr "\n" "~")" "$(echo "$ERR" | head -5 | tr "\n" "~")"; }

# Prints what the program prints. An exit code above 1 fails by itself, so that silence never stands for a run that failed.
al() {
  run "$@"
  [ -z "$OUT" ] || echo "$OUT"
  [ "$RC" -le 1 ] || echo "FAILED run: exit code $RC of $*: $(head -n 2 "$TMP/err" | tr '\n' ' ')" >&3
  return "$RC"
}

# commit DAY [MESSAGE]
commit() { git add -A && GIT_AUTHOR_DATE="$1T12:00:00Z" GIT_COMMITTER_DATE="$1T12:00:00Z" git commit -q --no-verify -m "${2:-Commit of $1}"; }
