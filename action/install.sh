#!/usr/bin/env bash
# Installs alignlint: uses a program on the PATH with the right version; else the program of the release, if its SHA-256 is the
# one that this commit of the Action names; else the wheel, likewise; else builds the sources of this Action.
#
# Reads INPUT_VERSION, ACTION_FOLDER, ACTION_REPOSITORY and the variables of the runner; writes `version` and `program` to
# GITHUB_OUTPUT, and the program's folder to GITHUB_PATH.
set -euo pipefail

# Bash reads this function as a whole before it runs: whatever happens to the file then has no effect.
main() {
  : "${GITHUB_OUTPUT:=/dev/null}" "${GITHUB_PATH:=/dev/null}"
  say() { printf 'alignlint: %s\n' "$*"; }
  fail() {
    printf '::error title=alignlint::%s\n' "$*"
    exit 2
  }

  own_version=$(sed -n 's/^version = "\(.*\)"$/\1/p' "$ACTION_FOLDER/Cargo.toml" | head -n 1)
  version=${INPUT_VERSION:-$own_version}
  version=${version#v}
  [[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+([-+.][0-9A-Za-z.-]+)?$ ]] || fail 'The input "version" is not a version such as 0.1.0.'

  # On Windows a path has two forms: one for these tools, one for the runner and other programs.
  inward() { if command -v cygpath >/dev/null; then cygpath -u "$1"; else printf '%s\n' "$1"; fi; }
  outward() { if command -v cygpath >/dev/null; then cygpath -w "$1"; else printf '%s\n' "$1"; fi; }

  temporary=$(inward "${RUNNER_TEMP:-$(mktemp -d)}")
  # Python, Rust and others take modules and settings from the folder in which they start, and the checkout is what a change has made.
  ACTION_FOLDER=$(cd "$ACTION_FOLDER" && pwd)
  cd "$(mktemp -d)"
  # One folder for each version, so that two steps of one job do not interfere.
  home=$temporary/alignlint-$version
  program=
  suffix=
  [ "${RUNNER_OS:-}" != Windows ] || suffix=.exe

  is_right() {
    local told
    [ -x "$1" ] && told=$("$1" --version 2>/dev/null) && [[ "$told " == "alignlint $version "* ]]
  }

  # The target triple of this machine, as the release workflow names it.
  target() {
    case "${RUNNER_OS:-$(uname -s)}-${RUNNER_ARCH:-$(uname -m)}" in
      Linux-X64 | Linux-x86_64) echo x86_64-unknown-linux-musl ;;
      Linux-ARM64 | Linux-aarch64) echo aarch64-unknown-linux-musl ;;
      macOS-X64 | Darwin-x86_64) echo x86_64-apple-darwin ;;
      macOS-ARM64 | Darwin-arm64) echo aarch64-apple-darwin ;;
      Windows-X64) echo x86_64-pc-windows-msvc ;;
      Windows-ARM64) echo aarch64-pc-windows-msvc ;;
      *) return 1 ;;
    esac
  }

  sha256() {
    if command -v sha256sum >/dev/null; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -d ' ' -f 1
  }

  # The SHA-256 of the files whose names begin and end so; the names are sorted, and each stands there once.
  digests() { awk -v start="$1" -v end="$2" 'index($2, start) == 1 && $2 ~ end "$" { print $1 }' "$ACTION_FOLDER/action/digests.txt"; }

  download() {
    curl --fail --silent --show-error --location --proto-redir =https --retry 3 --output "$2" "$1"
  }

  from_path() {
    local found
    found=$(command -v alignlint) || return 1
    is_right "$found" || return 1
    program=$found
    say "found $version at $found"
  }

  from_release() {
    local target archive releases wanted
    [ -n "${ACTION_REPOSITORY:-}" ] || return 1
    target=$(target) || { say 'no release for this machine'; return 1; }
    archive=alignlint-$version-$target.tar.gz
    releases=${GITHUB_SERVER_URL:-https://github.com}/$ACTION_REPOSITORY/releases/download/v$version
    wanted=$(digests "$archive" .tar.gz)
    [ -n "$wanted" ] || { say "this commit of the Action names no digest of $archive"; return 1; }
    mkdir -p "$home"
    download "$releases/$archive" "$home/$archive" || { say "no $archive in the release"; return 1; }
    # If the digest is wrong, run nothing and try nothing else.
    [ "$(sha256 "$home/$archive")" = "$wanted" ] || fail "The SHA-256 of $archive is not the one that the Action names."
    tar -xzf "$home/$archive" -C "$home"
    program=$home/alignlint-$version-$target/alignlint$suffix
    is_right "$program" || { say "the released program does not run here"; return 1; }
    say "installed $version from the release; its SHA-256 is the one that the Action names"
  }

  from_wheel() {
    local python=python3 wheels
    wheels=$(digests "alignlint-$version-" .whl)
    [ -n "$wheels" ] || { say "this commit of the Action names no digest of a wheel $version"; return 1; }
    command -v "$python" >/dev/null || python=python
    "$python" -I -m venv "$home/wheel" >/dev/null 2>&1 || { say 'no Python for the wheel'; return 1; }
    local folder=$home/wheel/bin
    [ -z "$suffix" ] || folder=$home/wheel/Scripts
    # pip installs only what has one of these digests.
    printf 'alignlint==%s --hash=sha256:%s\n' "$version" "${wheels//$'\n'/ --hash=sha256:}" >"$home/wheel.txt"
    "$folder/python" -I -m pip install --quiet --disable-pip-version-check --only-binary :all: --no-deps --require-hashes \
      --requirement "$home/wheel.txt" >/dev/null 2>&1 || { say "no wheel $version with a digest that the Action names"; return 1; }
    program=$folder/alignlint$suffix
    is_right "$program" || return 1
    say "installed $version from the wheel; its SHA-256 is one that the Action names"
  }

  from_source() {
    [ "$version" = "$own_version" ] || { say "the sources here are of $own_version"; return 1; }
    command -v cargo >/dev/null || { say 'no Rust to build it'; return 1; }
    # There, it takes the version of Rust that these sources name.
    (cd "$ACTION_FOLDER" && cargo install --quiet --locked --path . --root "$home") || return 1
    program=$home/bin/alignlint$suffix
    is_right "$program" || return 1
    say "built $version"
  }

  from_path || from_release || from_wheel || from_source || fail "alignlint $version can't be installed here; the log says what was tried."

  case $program in *[[:cntrl:]]*) fail 'The path of the program has more than one line.' ;; esac
  outward "$(dirname "$program")" >>"$GITHUB_PATH"
  printf 'version=%s\nprogram=%s\n' "$version" "$(outward "$program")" >>"$GITHUB_OUTPUT"
}

main "$@"; exit
