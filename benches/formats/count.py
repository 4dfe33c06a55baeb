#!/usr/bin/env python3
"""Counts how many of the records of public repositories are read, and draws some to compare by eye.

    cargo build --release
    benches/formats/count.py benches/formats/known.txt CLONES [--draw 20]

Each line of a list names a repository, a commit, the kind of its records, and a regular expression for the
paths that a person would count; `!EXPRESSION` leaves some of them out, and `xN` says that one file holds N
records. A line `seed WORD` sets the draw. CLONES holds a clone of each as `OWNER-NAME` or `OWNER+NAME`;
what is missing is cloned from GitHub.

`elsewhere` counts records of the same kind in other files: each is looked at, since it may be none.
"""

import argparse
import collections
import hashlib
import json
import pathlib
import re
import subprocess
import sys

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent.parent


def main():
    options = arguments()
    seed, lines = read_list(options.list)
    print("repository | format | counted | read | share | elsewhere")
    for name, commit, kind, wanted, unwanted, each in lines:
        clone = cloned(options.clones, name)
        paths = git(clone, "ls-tree", "-r", "-z", "--name-only", commit).split("\0")
        counted = [path for path in paths if wanted.search(path) and not (unwanted and unwanted.search(path))]
        records = [one for one in read(options, clone, commit) if one["kind"] == kind]
        of_path = collections.Counter(one["path"] for one in records)
        read_ones = sum(min(of_path[path], each) for path in counted)
        expected = len(counted) * each
        elsewhere = sorted(set(of_path) - set(counted))
        formats = collections.Counter(one.get("profile") or "own" for one in records)
        share = f"{100 * read_ones / expected:.1f} %" if expected else "-"
        by_format = ", ".join(format for format, _ in formats.most_common())
        print(f"{name} at `{commit[:10]}` | {by_format} | {expected} | {read_ones} | {share} | {len(elsewhere)}")
        if options.unread:
            for path in counted:
                if not of_path[path]:
                    print(f"    unread {path}")
            for path in elsewhere:
                print(f"    elsewhere {path}")
        if options.draw:
            draw(clone, commit, seed, records, options.draw)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("list", type=pathlib.Path)
    parser.add_argument("clones", type=pathlib.Path)
    parser.add_argument("--alignlint", type=pathlib.Path, default=REPOSITORY / "target/release/alignlint")
    parser.add_argument("--draw", type=int, default=0, help="print so many records beside the heads of their files")
    parser.add_argument("--unread", action="store_true", help="name the files that are not read, and those elsewhere")
    return parser.parse_args()


def read_list(path):
    seed, lines = "", []
    for line in path.read_text().splitlines():
        words = line.split()
        if not words or line.startswith("#"):
            continue
        if words[0] == "seed":
            seed = words[1]
            continue
        name, commit, kind, wanted, *rest = words
        unwanted = next((re.compile(word[1:]) for word in rest if word.startswith("!")), None)
        each = next((int(word[1:]) for word in rest if word.startswith("x")), 1)
        lines.append((name, commit, kind, re.compile(wanted), unwanted, each))
    return seed, lines


def cloned(clones, name):
    for separator in "-+":
        folder = clones / name.replace("/", separator)
        if folder.exists():
            return folder
    folder = clones / name.replace("/", "-")
    subprocess.run(["git", "clone", "--quiet", "--filter=blob:none", f"https://github.com/{name}", folder], check=True)
    return folder


def read(options, clone, commit):
    command = [options.alignlint.resolve(), "records", "-C", clone, "--rev", commit, "--no-config", "--no-cache"]
    run = subprocess.run([*command, "--format", "json"], capture_output=True)
    if not run.stdout:
        sys.stderr.write(run.stderr.decode())
        return []
    return json.loads(run.stdout)["records"]


def draw(clone, commit, seed, records, count):
    order = lambda one: hashlib.sha256(f"{seed} {one['path']} {one['id']}".encode()).hexdigest()
    for one in sorted(records, key=order)[:count]:
        fields = one["fields"]
        print(f"\n## {one['path']}:{one['start']['line']}")
        for name in ["id", "status", "date", "created", "start", "owner", "authors"]:
            if name in fields:
                print(f"{name}: {fields[name]}")
        print(f"title: {one.get('title')}\n----")
        text = git(clone, "show", f"{commit}:{one['path']}").splitlines()
        first = max(0, one["start"]["line"] - 1)
        print("\n".join(line[:160] for line in text[first:first + 24]))


def git(clone, *arguments):
    run = subprocess.run(["git", "-C", clone, *arguments], capture_output=True, check=True)
    return run.stdout.decode(errors="replace")


if __name__ == "__main__":
    main()
