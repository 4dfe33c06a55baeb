#!/usr/bin/env python3
"""Packs a program that is already built: nothing is compiled here.

    build/pack.py wheel PROGRAM PLATFORM OUT    a wheel, such as for the platform linux_x86_64
    build/pack.py npm PROGRAM TARGET OUT        the npm package of one platform, such as x86_64-unknown-linux-musl
    build/pack.py npm-main OUT                  the npm package that depends on those of all platforms

Releases take the wheel from maturin, which also audits what the program links; but maturin always compiles. The wheel here
has the same metadata, by maturin too, so that tests can install the program that they have built. The npm packages of
a release are made here. Files are the same for the same program: they carry the time of SOURCE_DATE_EPOCH, or none.
"""

import base64
import gzip
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EPOCH = int(os.environ.get("SOURCE_DATE_EPOCH", "315532800"))  # 1980, the first year that a zip file can name
LICENSES = ["LICENSE-MIT", "LICENSE-APACHE"]

# What npm calls the platforms of the targets. Of Linux, the program without any C library, which runs with each.
NPM_TARGETS = {
    "x86_64-unknown-linux-musl": ("linux", "x64"),
    "aarch64-unknown-linux-musl": ("linux", "arm64"),
    "x86_64-apple-darwin": ("darwin", "x64"),
    "aarch64-apple-darwin": ("darwin", "arm64"),
    "x86_64-pc-windows-msvc": ("win32", "x64"),
    "aarch64-pc-windows-msvc": ("win32", "arm64"),
}


def cargo(field: str) -> str:
    """A text of `[package]` in Cargo.toml, or nothing."""
    found = re.search(rf'^{field} = "(.*)"$', (ROOT / "Cargo.toml").read_text(encoding="utf-8"), re.MULTILINE)
    return found[1] if found else ""


VERSION = cargo("version")


def wheel(program: Path, platform: str, out: Path) -> Path:
    for name in LICENSES:
        # They are part of the wheel, and have to stand beside its description.
        shutil.copy(ROOT / name, ROOT / "build/python")
    with tempfile.TemporaryDirectory() as folder:
        write = ["maturin", "pep517", "write-dist-info", "--metadata-directory", folder, "--interpreter", sys.executable]
        subprocess.run(write, cwd=ROOT / "build/python", check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        info = Path(folder) / f"alignlint-{VERSION}.dist-info"
        files = {f"{info.name}/{path.relative_to(info).as_posix()}": path.read_bytes() for path in sorted(info.rglob("*")) if path.is_file()}
    files[f"{info.name}/WHEEL"] = re.sub(rb"Tag: .*", f"Tag: py3-none-{platform}".encode(), files[f"{info.name}/WHEEL"])
    script = f"alignlint-{VERSION}.data/scripts/alignlint{program.suffix}"
    files = {script: program.read_bytes()} | files
    digest = lambda content: base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
    record = "".join(f"{name},sha256={digest(content)},{len(content)}\n" for name, content in files.items())
    files[f"{info.name}/RECORD"] = f"{record}{info.name}/RECORD,,\n".encode()
    path = out / f"alignlint-{VERSION}-py3-none-{platform}.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, time.gmtime(max(EPOCH, 315532800))[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = (0o100755 if name == script else 0o100644) << 16
            archive.writestr(entry, content)
    return path


def npm_package(manifest: dict, files: dict, out: Path) -> Path:
    """An npm package, as `npm pack` names it."""
    fields = {"description": cargo("description"), "license": "(MIT OR Apache-2.0)"}
    if cargo("repository"):
        # npm accepts a statement of provenance only for the repository that it names.
        fields["repository"] = {"type": "git", "url": f"git+{cargo('repository')}.git"}
    manifest = {"name": manifest.pop("name"), "version": VERSION, **fields, **manifest}
    files = {"package.json": (json.dumps(manifest, indent=2) + "\n").encode(), **files}
    files |= {name: (ROOT / name).read_bytes() for name in LICENSES}
    path = out / f"{manifest['name'].lstrip('@').replace('/', '-')}-{VERSION}.tgz"
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w") as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(f"package/{name}")
            entry.size, entry.mtime = len(content), EPOCH
            entry.mode = 0o755 if name.startswith("bin/") else 0o644
            archive.addfile(entry, io.BytesIO(content))
    # Without a time, it depends on the content alone.
    path.write_bytes(gzip.compress(data.getvalue(), mtime=0))
    return path


def npm(program: Path, target: str, out: Path) -> Path:
    system, processor = NPM_TARGETS[target]
    manifest = {"name": f"@alignlint/{system}-{processor}", "os": [system], "cpu": [processor], "files": ["bin"]}
    return npm_package(manifest, {f"bin/alignlint{program.suffix}": program.read_bytes()}, out)


def npm_main(out: Path) -> Path:
    manifest = {
        "name": "alignlint",
        "keywords": ["lint", "governance", "policy-as-code", "adr", "okr"],
        "bin": {"alignlint": "bin/alignlint.js"},
        "files": ["bin"],
        "engines": {"node": ">=18"},
        "optionalDependencies": {f"@alignlint/{system}-{processor}": VERSION for system, processor in NPM_TARGETS.values()},
    }
    launcher = (ROOT / "build/npm/alignlint.js").read_bytes()
    return npm_package(manifest, {"bin/alignlint.js": launcher, "README.md": (ROOT / "README.md").read_bytes()}, out)


def main(arguments: list) -> None:
    match arguments:
        case ["wheel", program, platform, out]:
            print(wheel(Path(program), platform, Path(out)))
        case ["npm", program, target, out]:
            print(npm(Path(program), target, Path(out)))
        case ["npm-main", out]:
            print(npm_main(Path(out)))
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
