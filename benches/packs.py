#!/usr/bin/env python3
"""Compares the packs `kep`, `eip` and `team` with an independent reading of the same files.

    benches/packs.py PACK DIRECTORY [PROGRAM]

DIRECTORY is a checkout of kubernetes/enhancements, ethereum/EIPs or rust-lang/team. For each check that can be said in a few lines
of Python, prints in how many files both find something, only the pack, and only this script. The exit code is 1 if they differ.
"""

import collections
import datetime
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import tomllib

Found = collections.defaultdict


def kep(root):
    """The checks of a `kep.yaml`, by its lines that are not indented."""
    keys = set(
        "title kep-number authors owning-sig participating-sigs reviewers approvers editor creation-date last-updated status "
        "see-also replaces superseded-by stage latest-milestone milestone feature-gates disable-supported metrics id name path "
        "prnumber".split()
    )
    statuses = set("provisional implementable implemented deferred rejected withdrawn replaced".split())
    stages = set("alpha beta stable deprecated removed disabled".split())
    for file in sorted(root.glob("keps/**/kep.yaml")):
        path = file.relative_to(root).as_posix()
        if re.search(r"NNNN-|/0000-[^/]*-template/|/testdata/", path):
            continue
        lines = file.read_text().split("\n")
        stated = {}
        for line, after in zip(lines, [*lines[1:], ""]):
            if pair := re.match(r"([A-Za-z_-]+):(?: +(.*))?$", line):
                value = re.sub(r"(?:^| )#.*", "", pair[2] or "").strip().strip("\"'")
                stated.setdefault(pair[1], value or ("below" if re.match(r" +\S|- ", after) else ""))
        status, stage = stated.get("status", ""), stated.get("stage", "")
        is_agreed = status in ("implementable", "implemented")
        yield "no-title", path, not stated.get("title")
        yield "no-number", path, not stated.get("kep-number")
        yield "no-owning-sig", path, not stated.get("owning-sig")
        yield "no-authors", path, stated.get("authors", "") in ("", "[]")
        yield "no-status", path, not status
        yield "bad-status", path, "status" in stated and status not in statuses
        yield "bad-stage", path, "stage" in stated and stage not in stages
        yield "implemented-not-stable", path, status == "implemented" and stage != "stable"
        yield "no-stage", path, is_agreed and not stage
        yield "no-milestone", path, is_agreed and not stated.get("latest-milestone")
        yield "unknown-key", path, set(stated) - keys


def eip(root):
    """The lints of the preamble of an EIP, by its lines."""
    order = (
        "eip title description author discussions-to status last-call-deadline type category created requires "
        "withdrawal-reason".split()
    )
    for file in sorted(root.glob("EIPS/eip-*.md")):
        path = file.relative_to(root).as_posix()
        preamble = file.read_text().split("\n---", 1)[0].split("\n")[1:]
        lines = [line.partition(":") for line in preamble if line]
        names = [name for name, _, _ in lines]
        value = {name: text.strip() for name, _, text in lines}
        title, description = value.get("title", ""), value.get("description", "")
        places = [order.index(name) for name in names if name in order]
        status, kind = value.get("status"), value.get("type")
        required = ["eip", "title", "description", "author", "discussions-to", "status", "type", "created"]
        yield "preamble-req", path, [name for name in required if name not in value]
        yield "preamble-order", path, places != sorted(places) or set(names) - set(order)
        yield "preamble-len-title", path, "title" in value and not 2 <= len(title) <= 44
        yield "preamble-len-description", path, "description" in value and not 2 <= len(description) <= 140
        yield "preamble-re-title-colon", path, ":" in title
        yield "preamble-re-description-colon", path, ":" in description
        yield "preamble-enum-status", path, status not in (
            None, "Draft", "Review", "Last Call", "Final", "Stagnant", "Withdrawn", "Living")
        yield "preamble-enum-type", path, kind not in (None, "Standards Track", "Meta", "Informational")
        yield "preamble-req-category", path, ("category" in value) != (kind == "Standards Track")
        yield "preamble-req-last-call-deadline", path, ("last-call-deadline" in value) != (status == "Last Call")
        yield "preamble-req-withdrawal-reason", path, ("withdrawal-reason" in value) != (status == "Withdrawn")
        yield "preamble-file-name", path, file.name != f"eip-{value.get('eip')}.md"
        yield "preamble-date-created", path, "created" in value and not is_day(value["created"])
        yield "preamble-author-username", path, "author" in value and not re.search(r"\(@[^)]+\)", value["author"])


def team(root):
    """Some checks of the validator of rust-lang/team, on the parsed TOML."""
    read = lambda folder: {file: tomllib.loads(file.read_text()) for file in sorted(root.glob(f"{folder}/*.toml"))}
    teams, people = read("teams"), read("people")
    name = lambda entry: entry if isinstance(entry, str) else entry["github"]
    named = [file for folder in ("teams", "repos") for file in root.glob(f"{folder}/**/*.toml")]
    used = set(re.findall(r"[\w-]+", "\n".join(file.read_text() for file in named)))
    for file, it in teams.items():
        path = file.relative_to(root).as_posix()
        members = [name(entry) for entry in it["people"].get("members", [])]
        alumni = [name(entry) for entry in it["people"].get("alumni", [])]
        leads, kind = it["people"].get("leads", []), it.get("kind", "team")
        is_named = lambda prefix, of, leads: it["name"] == leads or (kind == of) == it["name"].startswith(prefix)
        twice = lambda names: len(names) != len(set(names))
        yield "listed-twice", path, twice(leads + alumni) or twice(members + alumni)
        yield "name-prefix", path, not (
            is_named("wg-", "working-group", "wg-leads")
            and is_named("project-", "project-group", "project-group-leads")
        )
        includes = any(key.startswith("include") for key in it["people"])
        yield "lead-is-member", path, not includes and set(leads) - set(members)
    for file, it in people.items():
        path = file.relative_to(root).as_posix()
        yield "unused-person", path, not it.get("permissions") and it["github"] not in used


def is_day(text):
    try:
        return re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) and datetime.date.fromisoformat(text)
    except ValueError:
        return False


def reported(program, pack, root):
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as config:
        config.write(f"extends: [essential, {pack}]\n")
        config.flush()
        command = [program, "-C", str(root), "--config", config.name, "--select", f"{pack}/*", "--format", "json"]
        output = subprocess.run(command, capture_output=True, text=True)
    if output.returncode not in (0, 1):
        sys.exit(output.stderr)
    found = Found(set)
    for finding in json.loads(output.stdout)["findings"]:
        found[finding["rule"].removeprefix(f"{pack}/")].add(finding["path"])
    return found


def main():
    if len(sys.argv) not in (3, 4) or sys.argv[1] not in ("kep", "eip", "team"):
        sys.exit(__doc__)
    pack, root = sys.argv[1], pathlib.Path(sys.argv[2])
    ours = reported(sys.argv[3] if len(sys.argv) == 4 else "alignlint", pack, root)
    theirs, files = Found(set), set()
    checks = {}
    for check, path, is_wrong in globals()[pack](root):
        checks[check] = None
        files.add(path)
        if is_wrong:
            theirs[check].add(path)
    print(f"{len(files)} files\n{'check':32}{'both':>8}{'pack':>8}{'script':>8}")
    differ = 0
    for check in checks:
        one, other = ours[check] & files, theirs[check]
        differ += len(one ^ other)
        print(f"{check:32}{len(one & other):8}{len(one - other):8}{len(other - one):8}")
        for path in sorted(one ^ other)[:5]:
            print(f"  only the {'pack' if path in one else 'script'}: {path}")
    sys.exit(differ > 0)


if __name__ == "__main__":
    main()
