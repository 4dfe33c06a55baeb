#!/usr/bin/env bash
# What a release holds for one target, into `out`: the wheel, and an archive with the program, its completions and its
# manual. Usage: build/package.sh TARGET VERSION [MATURIN]
set -euo pipefail
cd "$(dirname "$0")/.."

target=$1
version=$2
maturin=${3:-maturin}
name=alignlint-$version-$target
suffix=
options=()
case $target in
  # Runs with any glibc from 2.17 on.
  *-linux-gnu) options=(--zig --compatibility manylinux2014) ;;
  *-linux-musl) options=(--compatibility musllinux_1_2) ;;
  *-windows-*) suffix=.exe ;;
esac
# The licences are part of the wheel, and have to stand beside its description.
cp LICENSE-MIT LICENSE-APACHE build/python
(cd build/python && "$maturin" build --profile dist --locked --target "$target" --out ../../out ${options[@]+"${options[@]}"})

program=${CARGO_TARGET_DIR:-target}/$target/dist/alignlint$suffix
mkdir -p "out/$name/completions" "out/$name/man"
cp "$program" README.md CHANGELOG.md LICENSE-MIT LICENSE-APACHE "out/$name"
for shell in bash elvish fish powershell zsh; do
  "$program" completions "$shell" >"out/$name/completions/alignlint.$shell"
done
"$program" manual >"out/$name/man/alignlint.1"
sed -n 's/^alignlint\\-\([a-z]*\)(1).*/\1/p' "out/$name/man/alignlint.1" | while read -r command; do
  [ "$command" = help ] || "$program" manual "$command" >"out/$name/man/alignlint-$command.1"
done
tar -czf "out/$name.tar.gz" -C out "$name"
rm -r "out/${name:?}"
