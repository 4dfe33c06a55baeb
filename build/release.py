#!/usr/bin/env python3
"""The two commits of a release. All files are built from commit A; commit B adds only their digests and is tagged.

    build/release.py digests FILES    writes the digests of the archives and wheels in the folder FILES into action/digests.txt
    build/release.py built            prints A, if HEAD is such a commit B
    build/release.py check FILES      compares the archives and wheels in FILES with action/digests.txt
"""

import hashlib
import re
import subprocess
import sys
from pathlib import Path

PLACE = "action/digests.txt"
LINE = re.compile(r"[0-9a-f]{64}  (alignlint-([0-9]+\.[0-9]+\.[0-9]+)-[A-Za-z0-9_.-]+\.(?:tar\.gz|whl))")


def digests(files: Path) -> str:
    found = sorted(path for path in files.iterdir() if path.name.endswith((".tar.gz", ".whl")))
    return "".join(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in found)


def split(text: str) -> tuple:
    """The comments and the lines of the file."""
    lines = text.splitlines(keepends=True)
    return "".join(line for line in lines if line.startswith("#")), "".join(line for line in lines if not line.startswith("#"))


def broken(text: str) -> str:
    """What is wrong with the lines of a release, or nothing. They are all of one version, and name each file once."""
    found = [LINE.fullmatch(line) for line in split(text)[1].splitlines()]
    if not all(found):
        return "a line is not `SHA-256  FILE`"
    names = [it[1] for it in found]
    if len(set(names)) < len(names):
        return "a file is named twice"
    return "there are two versions" if len({it[2] for it in found}) > 1 else ""


def git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], check=True, capture_output=True, text=True).stdout.strip()


def built() -> str:
    parents = git("rev-list", "--parents", "--max-count=1", "HEAD").split()[1:]
    if len(parents) != 1:
        sys.exit("error: the tagged commit has to have one parent, from which everything is built")
    changed = git("diff", "--name-only", parents[0], "HEAD").splitlines()
    if changed != [PLACE]:
        sys.exit(f"error: the tagged commit changes {', '.join(changed) or 'nothing'}; it may change only {PLACE}")
    return parents[0]


def main(arguments: list) -> None:
    text = Path(PLACE).read_text(encoding="utf-8")
    match arguments:
        case ["digests", files]:
            Path(PLACE).write_text(split(text)[0] + digests(Path(files)), encoding="utf-8")
        case ["built"]:
            print(built())
        case ["check", files]:
            expected = digests(Path(files))
            if not expected or broken(text) or split(text)[1] != expected:
                sys.exit(f"error: {PLACE} is not what was built: {broken(text) or 'the digests or names differ'}\n{expected}")
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
