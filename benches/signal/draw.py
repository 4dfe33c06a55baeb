#!/usr/bin/env python3
"""Draws findings on public repositories at random, for a reader who judges each.

    cargo build --release
    benches/signal/draw.py benches/signal/LIST.txt CLONES > drawn.md

A list has one line for each repository, `OWNER/NAME COMMIT`, and one `seed WORD`. CLONES holds a clone
of each as `OWNER-NAME`; what is missing is cloned from GitHub. The order of the findings is that of a
hash of the seed, the repository and the finding's fingerprint: a finding that is mended leaves the
others where they are. At most --per-rule findings of one rule in one repository are drawn.
"""

import argparse
import collections
import hashlib
import json
import pathlib
import subprocess
import sys

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent.parent


def main():
    options = arguments()
    seed, repositories = read_list(options.list)
    findings, totals = [], []
    for name, commit in repositories:
        code, report = check(options, cloned(options.clones / name.replace("/", "-"), name), commit)
        found = report["findings"] if report else []
        totals.append((name, commit, code, records(report), len(found)))
        findings += [(order(seed, name, finding), name, finding) for finding in found]
    findings.sort(key=lambda drawn: drawn[0])
    print_totals(totals)
    print_findings(limited(findings, options.count, options.per_rule))


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("list", type=pathlib.Path)
    parser.add_argument("clones", type=pathlib.Path)
    parser.add_argument("--alignlint", type=pathlib.Path, default=REPOSITORY / "target/release/alignlint")
    parser.add_argument("--as-of", default="2026-11-21")
    parser.add_argument("--count", type=int, default=80)
    parser.add_argument("--per-rule", type=int, default=5)
    return parser.parse_args()


def read_list(path):
    seed, repositories = None, []
    for line in path.read_text().splitlines():
        first, _, second = line.partition(" ")
        if first == "seed":
            seed = second
        elif line and not line.startswith("#"):
            repositories.append((first, second))
    if seed is None:
        sys.exit(f"{path}: no line `seed WORD`")
    return seed, repositories


def cloned(clone, name):
    if not clone.exists():
        subprocess.run(["git", "clone", "--quiet", f"https://github.com/{name}", str(clone)], check=True)
    return clone


def check(options, clone, commit):
    command = [options.alignlint.resolve(), "check", "--rev", commit, "--as-of", options.as_of]
    command += ["--format", "json", "--no-cache"]
    run = subprocess.run(command, cwd=clone, capture_output=True, text=True)
    return run.returncode, json.loads(run.stdout) if run.stdout else None


def records(report):
    return sum(report["summary"]["records"].values()) if report else 0


def order(seed, name, finding):
    return hashlib.sha256("\0".join([seed, name, finding["fingerprint"]]).encode()).hexdigest()


def limited(findings, count, per_rule):
    drawn, seen = [], collections.Counter()
    for _, name, finding in findings:
        seen[name, finding["rule"]] += 1
        if seen[name, finding["rule"]] <= per_rule and len(drawn) < count:
            drawn.append((name, finding))
    return drawn


def print_totals(totals):
    print("| repository | commit | exit code | records | findings |\n|---|---|---|---|---|")
    for name, commit, code, number, found in totals:
        print(f"| {name} | {commit[:10]} | {code} | {number} | {found} |")


def print_findings(drawn):
    for number, (name, finding) in enumerate(drawn, 1):
        place = f"{finding['path']}:{finding['start']['line']}:{finding['start']['column']}"
        print(f"\n{number}. {name} `{place}`\n   {finding['severity']}[{finding['rule']}]: {finding['message']}")
        if finding["help"]:
            print(f"   help: {finding['help']}")
        for related in finding["related"]:
            print(f"   related: {related['path']}:{related['start']['line']}: {related['message']}")


if __name__ == "__main__":
    main()
