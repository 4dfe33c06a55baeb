#!/usr/bin/env bash
# Builds an image with buildah from a static program. Usage: build/image.sh PROGRAM ARCHITECTURE NAME [BUILDAH-OPTION…]
set -euo pipefail

program=$1
architecture=$2
name=$3
shift 3
here=$(cd "$(dirname "$0")" && pwd)
! readelf --program-headers "$program" | grep -q INTERP || {
  echo "error: $program needs a loader, which the image does not have: it has to be static" >&2
  exit 1
}
context=$(mktemp -d)
trap 'rm -rf "$context"' EXIT
install -m 755 "$program" "$context/alignlint"
install -m 644 "$here/../LICENSE-MIT" "$here/../LICENSE-APACHE" "$context"
buildah "$@" bud --isolation chroot --timestamp "${SOURCE_DATE_EPOCH:-0}" --arch "$architecture" --file "$here/Containerfile" --tag "$name" "$context"
