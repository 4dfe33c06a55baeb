#!/bin/sh
# Builds this example as a Git repository in a new folder: the company of examples/clean, and one commit for each patch beside this file.
# Authors, dates and therefore commit ids are the same each time. It needs Git and nothing else.
set -eu

[ $# -eq 1 ] || {
  echo "usage: sh build.sh FOLDER" >&2
  exit 2
}
patches=$(cd "$(dirname "$0")" && pwd)
if [ -e "$1/.git" ]; then
  echo "$1 is there already; delete it to build it anew"
  exit 0
fi
mkdir -p "$1"
cp -R "$patches/../../examples/clean/." "$1"
cd "$1"

# No configuration of this machine or of a repository around it.
unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE
export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null
export GIT_COMMITTER_NAME='Alice Thornton' GIT_COMMITTER_EMAIL='alice@lindqvistrowe.example'
git init --quiet --initial-branch=main
git config core.autocrlf false
git config core.excludesFile /dev/null
git add --all
GIT_AUTHOR_NAME=$GIT_COMMITTER_NAME GIT_AUTHOR_EMAIL=$GIT_COMMITTER_EMAIL \
  GIT_AUTHOR_DATE='2026-01-12T10:00:00 +0100' GIT_COMMITTER_DATE='2026-01-12T10:00:00 +0100' \
  git commit --quiet --no-verify --message 'Keep the records of the company'
git am --quiet --committer-date-is-author-date "$patches"/*.patch
