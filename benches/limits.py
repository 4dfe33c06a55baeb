#!/usr/bin/env python3
"""Times inputs that a pull request may hold to slow the program down, each at a size and at twice that size.

    cargo build --release
    benches/limits.py [NAME…]

The size is the largest that somebody may write into one file, or ten times what a large organisation has. Each line has the processor
seconds at both sizes, their ratio, the memory, and the exit code; what takes more than 5 seconds or 1 GiB, grows faster than n log n, or
doesn't finish a rule, is marked, and the exit code is then 1.
"""

import argparse
import os
import pathlib
import re
import subprocess
import sys
import tempfile

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent
AS_OF = "2026-11-01"
PEOPLE = {"governance/people.yaml": "people: [{id: ada, title: Ada}, {id: bob, title: Bob}]\n"}


def page(body, number=1, status="Accepted"):
    """A decision page with this text in the section on what was decided."""
    return (
        f"# {number}. Use part {number}\n\nDate: 2026-01-12\n\n## Status\n\n{status}\n\n## Context\n\nWe need it.\n\n"
        f"## Decision\n\nWe do it.\n\n{body}\n\n## Consequences\n\nIt works.\n"
    )


def one_page(body, **options):
    return {"docs/adr/0001-a.md": page(body, **options)}


def lines(line, count, join="\n"):
    return join.join(line.replace("@", str(number)) for number in range(count))


def decisions(count, line):
    first = "id: D-@, title: Decision number @, status: accepted, date: 2025-10-01, options: [a, b], trade-offs: [c], context: why, consequences: [what]"
    return {"governance/decisions.yaml": "decisions:\n" + lines(f"  - {{{first}, {line}}}\n", count, "")}


def pages(count, text):
    return {f"docs/adr/{number:05}-p.md": text(number) for number in range(1, count + 1)}


def rst(count):
    targets = lines(".. _target-@:\n\nSee `target-@`_ and `gone-@`_.\n", count)
    head = "Use targets\n===========\n\n:Status: Accepted\n:Date: 2026-01-12\n\nContext\n-------\n\nWe need it.\n\nDecision\n--------\n\n"
    return {"docs/adr/0001-a.rst": head + targets}


def asciidoc(count):
    parts = lines("See <<part-@>> and xref:p@.adoc[p].\n\n[[gone-@]]\nText.\n", count)
    return {"docs/adr/0001-a.adoc": f"= Use links\n\nStatus: Accepted\n\n== Context\n\nWe need it.\n\n== Decision\n\n{parts}"}


def team(count):
    people = "people:\n" + lines("  - {id: p@, title: Person @, team: core}\n", count, "")
    core = "teams: [{id: core, title: Core, lead: p0, members: [" + lines("p@", count, ", ") + "]}]\n"
    return {"governance/people.yaml": people, "governance/teams.yaml": core} | decisions(count, "owner: core")


def exceptions(count):
    entry = "  - {id: E-@, title: Exception @, rule: decision/owner, scope: 'docs/**/x@/*.md', reason: because, owner: ada, expires: 2027-02-01}\n"
    return PEOPLE | {"governance/exceptions.yaml": "exceptions:\n" + lines(entry, count, "")} | decisions(count, "owner: ada")


def goals(count, parent):
    def goal(number):
        above = f"parent: O-{parent(number)}, " if number else "level: company, "
        result = f"key-results: [{{id: KR-{number}, title: result {number}, metric: m{number}, baseline: 1, target: 2}}]"
        return f"  - {{id: O-{number}, title: Reach goal {number}, owner: ada, period: 2026-Q4, {above}{result}}}\n"

    return PEOPLE | {"strategy/objectives.yaml": "objectives:\n" + "".join(map(goal, range(count)))}


def forums(count):
    entry = "  - {id: f@, title: Forum @, owner: ada, cadence: weekly, participants: [ada], purpose: decide}\n"
    return PEOPLE | {"governance/forums.yaml": "forums:\n" + lines(entry, count, "")}


def glossary(count):
    terms = lines("  - {id: t@, title: Word@, definition: Meaning of word@, avoid: [wordy@, wordier@]}\n", count, "")
    return {"governance/glossary.yaml": "terms:\n" + terms} | one_page(lines("We use wordy@ and Word@.", count))


def mistakes(count):
    return {"governance/decisions.yaml": "decisions:\n" + lines("  - {id: D-@, titel: x, staus: acepted, ownr: z@}\n", count, "")}


def supersede(count):
    first, rest = decisions(1, "owner: ada, superseded-by: D-1"), decisions(count, "owner: ada, supersedes: [D-0]")
    text = first["governance/decisions.yaml"].replace("accepted", "superseded")
    return PEOPLE | {"governance/decisions.yaml": text + "".join(rest["governance/decisions.yaml"].splitlines(True)[2:])}


def incomplete(number):
    return page("It is so.", number).split("## Consequences")[0]


INPUTS = {
    "missing anchors on a page": (8_000, lambda n: one_page(lines("See [link @](#missing-@).", n))),
    "equal headings on a page": (8_000, lambda n: one_page(lines("See [link @](#part-@).\n\n### Part\n", n))),
    "broken links in lines": (8_000, lambda n: one_page(lines("- [l@](p@.md)", n))),
    "broken links in one line": (8_000, lambda n: one_page(lines("[l@](p@.md)", n, " "))),
    "broken links with definitions": (8_000, lambda n: one_page(lines("[l@][r@]", n) + "\n\n" + lines("[r@]: p@.md", n))),
    "broken pictures": (8_000, lambda n: one_page(lines("![i@](img/p@.png)", n))),
    "open brackets": (40_000, lambda n: one_page("[" * n)),
    "open links": (40_000, lambda n: one_page("[a](b" * n)),
    "open emphasis": (40_000, lambda n: one_page("*a **b " * n)),
    "repeated status headings": (4_000, lambda n: one_page("## Status\n\nAccepted\n\n" * n)),
    "misspelt headings": (4_000, lambda n: one_page("## Contxt\n\nText\n\n" * n)),
    "states in a status": (4_000, lambda n: one_page("x", status=lines("Superseded by [@](0002-x.md) on 2026-01-12\n", n))),
    "ignore comments on a page": (4_000, lambda n: one_page(lines("<!-- alignlint-ignore link/broken: so -->\n[x](p@.md)\n", n))),
    "targets in reStructuredText": (8_000, rst),
    "links in AsciiDoc": (8_000, asciidoc),
    "terms and their uses": (2_000, glossary),
    "misspelt fields": (4_000, mistakes),
    "a team with as many decisions": (4_000, team),
    "exceptions with globs": (4_000, exceptions),
    "forums of one person": (4_000, forums),
    "decisions that supersede one": (4_000, supersede),
    "goals in a tree": (4_000, lambda n: goals(n, lambda number: (number - 1) // 2)),
    "goals in a chain": (4_000, lambda n: goals(n, lambda number: number - 1)),
    "pages without a section": (2_400, lambda n: pages(n, incomplete)),
    "pages with one number": (2_000, lambda n: {f"docs/adr/0001-p{i}.md": page("x") for i in range(n)}),
    "pages that cite each other": (2_000, lambda n: pages(n, lambda i: page(f"See ADR-{i + 1:05}, [it]({i % n + 1:05}-p.md).", i))),
    "a long identifier": (30_000_000, lambda n: PEOPLE | {"governance/d.yaml": decisions(1, "owner: ada")["governance/decisions.yaml"].replace("D-0", "D" * n)}),
    "commits to one list": (10_000, None),
}  # fmt: skip


def write(files, folder):
    for path, text in (files | {"alignlint.yaml": "extends: [strict]\n"}).items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    for command in (["init", "-q"], ["add", "-A"], ["-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-qm", "Begin"]):
        subprocess.run(["git", "-C", folder, *command], check=True)


def write_history(count, folder):
    """A list of 200 decisions, of which each commit gives one another owner."""
    subprocess.run(["git", "init", "-q", "-b", "main", folder], check=True)
    owners = ["ada"] * 200
    entry = "  - id: D-{}\n    title: Decision number {}\n    status: accepted\n    date: 2020-10-01\n    owner: {}\n    options: [a, b]\n"
    stream = subprocess.Popen(["git", "-C", folder, "fast-import", "--quiet"], stdin=subprocess.PIPE)
    for number in range(count):
        at = number * 7 % 200
        owners[at] = "bob" if owners[at] == "ada" else "ada"
        files = {"governance/decisions.yaml": "decisions:\n" + "".join(entry.format(i, i, owner) for i, owner in enumerate(owners))}
        stream.stdin.write(f"commit refs/heads/main\ncommitter A <a@example.org> {1_600_000_000 + number * 3000} +0000\ndata 1\nx\n".encode())
        for path, text in (files if number else files | PEOPLE | {"alignlint.yaml": "extends: [strict]\n"}).items():
            stream.stdin.write(f"M 100644 inline {path}\ndata {len(text)}\n{text}\n".encode())
    stream.stdin.close()
    stream.wait()
    subprocess.run(["git", "-C", folder, "reset", "-q", "--hard"], check=True)


def run(program, make, size):
    """Processor seconds, MiB, the exit code and whether all rules were completed."""
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        write(make(size), folder) if make else write_history(size, folder)
        command = [program, "-C", folder, "check", "--no-cache", "--as-of", AS_OF, "--format", "concise"]
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        errors = child.stderr.read()
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, child.returncode, not re.search("not completed", errors)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help="a part of the names of the inputs to run")
    parser.add_argument("--program", default=REPOSITORY / "target/release/alignlint")
    options = parser.parse_args()
    failed = False
    print(f"{'':32}{'size':>10}{'cpu s':>9}{'doubled':>9}{'ratio':>7}{'MiB':>7}  exit")
    for name, (size, make) in INPUTS.items():
        if options.names and not any(part in name for part in options.names):
            continue
        once, twice = run(options.program, make, size), run(options.program, make, 2 * size)
        ratio = twice[0] / max(once[0], 0.01)
        # What takes no time at all is start-up and noise.
        is_slow = twice[0] > 5 and make or twice[1] > 1024 or ratio > 2.6 and twice[0] > 0.3 or twice[2] > 1 or not twice[3]
        failed |= bool(is_slow)
        print(f"{name:32}{size:>10,}{once[0]:9.2f}{twice[0]:9.2f}{ratio:7.1f}{twice[1]:7.0f}  {twice[2]}{'  SLOW' if is_slow else ''}", flush=True)
    sys.exit(failed)


if __name__ == "__main__":
    main()
