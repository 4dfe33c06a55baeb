#!/usr/bin/env python3
"""Times alignlint beside other linters that do a part of its work, on the same files.

    cargo build --profile dist
    cargo run --release --example generate -- --records 10000 GENERATED
    cargo run --release --example generate -- --pages 10000 --commits 1 PAGES
    benches/peers.py --keps CHECKOUT --records GENERATED --pages PAGES

CHECKOUT is a checkout of kubernetes/enhancements, GENERATED a folder of generated records, PAGES one or more repositories of
generated pages; each may be left out. The peers are installed into a temporary folder, with npm, pip and cargo; one that can't be
installed is skipped, and named. Each command runs once to warm up and then --runs times; the medians are of the
whole process, with the largest process's memory.
"""

import argparse
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent
AS_OF = "2026-11-20"
EARLIER = 1_790_000_000  # a time of files that Git need not read again
SLOW = 20  # seconds; what takes longer runs once more and no further
LIMIT = 600  # seconds; what takes longer is stopped

NPM = {
    "ajv": ["ajv-cli@5", "ajv-formats@2"],
    "spectral": ["@stoplight/spectral-cli@6"],
    "remark": ["remark-cli@12", "remark-frontmatter@5", "remark-lint-frontmatter-schema@3"],
}
ADRS = "0.13.0"
PIP = {"check-jsonschema": "check-jsonschema", "rumdl": "rumdl", "typos": "typos"}

STATUSES = ["provisional", "implementable", "implemented", "deferred", "rejected", "withdrawn", "replaced"]
PEOPLE = {"type": "array", "items": {"type": "string"}}
KEP_SCHEMA = {
    "$schema": "http://json-schema.org/draft-07/schema#",
    "type": "object",
    "required": ["title", "kep-number", "authors", "owning-sig", "status", "creation-date", "approvers"],
    "properties": {
        "title": {"type": "string", "minLength": 1},
        "kep-number": {"type": "integer"},
        "authors": PEOPLE,
        "owning-sig": {"type": "string"},
        "participating-sigs": PEOPLE,
        "status": {"enum": STATUSES},
        "creation-date": {"type": "string", "format": "date"},
        "last-updated": {"type": "string", "format": "date"},
        "reviewers": PEOPLE,
        "approvers": PEOPLE,
        "see-also": PEOPLE,
        "replaces": PEOPLE,
        "superseded-by": PEOPLE,
        "stage": {"enum": ["alpha", "beta", "stable"]},
        "milestone": {"type": "object"},
        "feature-gates": {"type": "array"},
    },
}
RECORD_SCHEMA = {
    "$schema": "http://json-schema.org/draft-07/schema#",
    "type": "object",
    "required": ["id", "status", "owner"],
    "properties": {
        "id": {"type": "string"},
        "status": {"enum": ["draft", "proposed", "accepted", "rejected", "deprecated", "superseded", "withdrawn"]},
        "owner": {"type": "string"},
    },
}
TERMS = [
    "Kubernetes", "Kubelet", "StatefulSet", "ConfigMap", "DaemonSet", "CustomResourceDefinition", "EndpointSlice",
    "NetworkPolicy", "PersistentVolume", "ServiceAccount", "ResourceQuota", "LimitRange", "PodDisruptionBudget",
    "StorageClass", "VolumeSnapshot", "RuntimeClass", "PriorityClass", "IngressClass", "ReplicaSet", "CronJob",
]  # fmt: skip


class Peers:
    """What could be installed, and where."""

    def __init__(self, folder):
        self.folder = folder
        self.missing = {}
        for name, packages in NPM.items():
            self.install(name, ["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", folder / name, *packages])
        self.install("pip", [sys.executable, "-m", "venv", folder / "venv"])
        for name, package in PIP.items():
            self.install(name, [folder / "venv/bin/pip", "install", "--quiet", package])
        cargo = ["cargo", "install", "--quiet", "--locked", "--no-default-features", "--version", ADRS, "--root", folder / "cargo"]
        self.install("adrs", [*cargo, "adrs"])

    def install(self, name, command):
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT)
            if done.returncode != 0:
                self.missing[name] = (done.stderr.strip().splitlines() or ["it failed"])[-1]
        except (OSError, subprocess.TimeoutExpired) as error:
            self.missing[name] = str(error)

    def command(self, name):
        """The path of a peer's program, or None."""
        if name in self.missing:
            return None
        places = {**dict.fromkeys(NPM, f"{name}/node_modules/.bin/{name}"), "adrs": "cargo/bin/adrs"}
        return self.folder / places.get(name, f"venv/bin/{name}")


def run_once(command, folder):
    """Wall seconds, processor seconds, peak MiB and the exit code of one run."""
    started = time.monotonic()
    child = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while True:
            pid, status, usage = os.wait4(child.pid, os.WNOHANG)
            if pid:
                break
            if time.monotonic() - started > LIMIT:
                child.kill()
            time.sleep(0.001)
    finally:
        child.returncode = 0
    wall = time.monotonic() - started
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, os.waitstatus_to_exitcode(status)


def measure(command, folder, runs):
    """The medians of some runs after one that is not counted."""
    first = run_once(command, folder)
    counted = [run_once(command, folder) for _ in range(1 if first[0] > SLOW else runs)]
    return [statistics.median(column) for column in zip(*counted)]


def compare(title, contestants, folder, runs):
    """Prints a line for each contestant; the first is what the others are measured by."""
    print(f"\n{title}")
    print(f"  {'':28}{'wall s':>9}{'cpu s':>9}{'peak MiB':>10}{'ratio':>8}  exit")
    base = None
    for name, command in contestants:
        if command is None:
            print(f"  {name:28}skipped: it could not be installed")
            continue
        wall, cpu, peak, code = measure([str(part) for part in command], folder, runs)
        base = base or wall
        print(f"  {name:28}{wall:9.3f}{cpu:9.3f}{peak:10.1f}{wall / base:7.1f}x  {code:.0f}", flush=True)


def with_arguments(program, *arguments):
    return None if program is None else [program, *arguments]


def schema_check(alignlint, peers, checkout, folder, runs):
    """The kep.yaml files alone, against a schema that asks what alignlint's profile asks."""
    files = sorted(path.relative_to(checkout) for path in checkout.glob("keps/**/kep.yaml"))
    for file in files:
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(checkout / file, folder / file)
    (folder / "kep.schema.json").write_text(json.dumps(KEP_SCHEMA))
    options = {"function": "schema", "functionOptions": {"schema": KEP_SCHEMA}}
    ruleset = {"rules": {"kep": {"given": "$", "severity": "error", "then": options}}}
    (folder / "spectral.json").write_text(json.dumps(ruleset))
    ajv = ["validate", "--all-errors", "-c", "ajv-formats", "-s", "kep.schema.json", "-d", "keps/**/kep.yaml"]
    spectral = ["lint", "--quiet", "-r", "spectral.json", "keps/**/kep.yaml"]
    contestants = [
        ("alignlint, all rules", check(alignlint)),
        ("alignlint, schema rules", check(alignlint, "--select", "schema/*")),
        ("ajv-cli", with_arguments(peers.command("ajv"), *ajv)),
        ("check-jsonschema", with_arguments(peers.command("check-jsonschema"), "--schemafile", "kep.schema.json", *files)),
        ("spectral", with_arguments(peers.command("spectral"), *spectral)),
    ]
    compare(f"Schema check of {len(files)} kep.yaml", contestants, folder, runs)


def front_matter(alignlint, peers, generated, folder, runs):
    """Generated decision records in Markdown: every rule, against the front matter's schema alone."""
    shutil.copytree(generated, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".git"))
    pages = sum(1 for _ in folder.glob("docs/**/*.md"))
    (folder / "record.schema.json").write_text(json.dumps(RECORD_SCHEMA))
    remark = peers.command("remark")
    contestants = [("alignlint, all rules", check(alignlint))]
    if remark is None:
        contestants.append(("remark-lint-frontmatter-schema", None))
    else:
        modules = remark.parent.parent
        plugins = [
            str(modules / "remark-frontmatter/index.js"),
            [str(modules / "remark-lint-frontmatter-schema/dist/index.js"), {"schemas": {"record.schema.json": ["docs/**/*.md"]}}],
        ]
        (folder / ".remarkrc.json").write_text(json.dumps({"plugins": plugins}))
        contestants.append(("remark-lint-frontmatter-…", [remark, "--quiet", "--frail", "docs"]))
    compare(f"Front matter of {pages} Markdown records", contestants, folder, runs)


def vocabulary(alignlint, peers, checkout, folder, runs):
    """Twenty terms over the Markdown files of a checkout."""
    files = sorted(path for path in checkout.glob("**/*.md") if ".git" not in path.parts)
    for file in files:
        target = folder / "docs/decisions" / file.relative_to(checkout)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, target)
    size = sum(file.stat().st_size for file in files) / 1e6
    terms = "".join(f"  - {{id: {term}, title: {term}, definition: Known., avoid: [my {term}]}}\n" for term in TERMS)
    (folder / "governance").mkdir()
    (folder / "governance/terms.yaml").write_text(f"terms:\n{terms}")
    names = ", ".join(f'"{term}"' for term in TERMS)
    (folder / ".rumdl.toml").write_text(f'[global]\nenable = ["MD044"]\n\n[MD044]\nnames = [{names}]\n')
    words = "".join(f'{term.lower()}x = "{term.lower()}"\n' for term in TERMS)
    (folder / "typos.toml").write_text(f"[default.extend-words]\n{words}")
    contestants = [
        ("alignlint", check(alignlint, "--select", "term/avoided")),
        ("rumdl (case of names)", with_arguments(peers.command("rumdl"), "check", "--no-cache", "--quiet", "docs")),
        ("typos (single words)", with_arguments(peers.command("typos"), "--format", "brief", "docs")),
    ]
    compare(f"{len(TERMS)} terms over {len(files)} Markdown files, {size:.0f} MB", contestants, folder, runs)


def git(folder, *arguments):
    subprocess.run(["git", *arguments], cwd=folder, check=True)


def pages(alignlint, peers, generated, folder, runs):
    """Generated decision pages: every rule without and with the cache, and the hook with three of them staged."""
    shutil.copytree(generated, folder, dirs_exist_ok=True)
    # In a copy, the index of Git knows no file.
    git(folder, "update-index", "--refresh", "-q")
    files = sorted(folder.glob("docs/**/*.md"))
    contestants = [
        ("alignlint, no cache", check(alignlint, "--no-cache")),
        ("alignlint, cached", check(alignlint)),
        ("typos", with_arguments(peers.command("typos"), "--format", "brief", ".")),
    ]
    compare(f"{len(files)} pages", contestants, folder, runs)
    for file in files[:3]:
        file.write_text(file.read_text() + "\nOne more sentence.\n")
    git(folder, "add", "--all")
    staged = [("alignlint, the hook", check(alignlint, "--staged", "--since", "HEAD"))]
    compare(f"Three staged among {len(files)} pages, cached", staged, folder, runs)


def numbered_pages(alignlint, peers, folder, runs):
    """2,000 pages as `adrs new` writes them: every rule beside `adrs doctor`, and why one page is there."""
    names = [f"doc/adr/{number:04}-use-tool-{number}.md" for number in range(1, 2001)]
    (folder / "doc/adr").mkdir(parents=True)
    for number, name in enumerate(names, 1):
        sections = {"Status": "Accepted", "Context": "Work waits.", "Decision": f"We use tool {number}.", "Consequences": "We learn it."}
        text = "".join(f"\n## {title}\n\n{body}\n" for title, body in sections.items())
        (folder / name).write_text(f"# {number}. Use tool {number}\n\nDate: 2026-10-01\n{text}")
        os.utime(folder / name, (EARLIER, EARLIER))
    (folder / ".adr-dir").write_text("doc/adr\n")
    git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "-c", "user.name=Ada", "-c", "user.email=ada@example.com", "commit", "--quiet", "--message", "Write pages")
    contestants = [
        ("alignlint, no cache", check(alignlint, "--no-cache")),
        ("alignlint, cached", check(alignlint)),
        ("alignlint, why PATH, cached", [alignlint, "why", names[0], "--as-of", AS_OF]),
        ("adrs doctor", with_arguments(peers.command("adrs"), "doctor")),
    ]
    compare(f"{len(names)} numbered pages", contestants, folder, runs)


def start(alignlint, peers, folder, runs):
    """One small file."""
    (folder / "kpis.yaml").write_text("kpis:\n  - {id: churn, title: Churn, definition: Customers lost, owner: ada}\n")
    (folder / "any.schema.json").write_text('{"type": "object"}')
    validate = ["validate", "-s", "any.schema.json", "-d", "kpis.yaml"]
    contestants = [
        ("alignlint", check(alignlint)),
        ("ajv-cli", with_arguments(peers.command("ajv"), *validate)),
        ("check-jsonschema", with_arguments(peers.command("check-jsonschema"), "--schemafile", "any.schema.json", "kpis.yaml")),
        ("typos", with_arguments(peers.command("typos"), "kpis.yaml")),
    ]
    compare("Start: one file", contestants, folder, runs)


def check(alignlint, *arguments):
    return [alignlint, "check", "--as-of", AS_OF, "--format", "concise", "--quiet", *arguments]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--alignlint", type=pathlib.Path, default=REPOSITORY / "target/dist/alignlint")
    parser.add_argument("--keps", type=pathlib.Path, metavar="CHECKOUT")
    parser.add_argument("--records", type=pathlib.Path, metavar="GENERATED")
    parser.add_argument("--pages", type=pathlib.Path, metavar="PAGES", nargs="*", default=[])
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    alignlint = options.alignlint.resolve()
    if not alignlint.is_file():
        sys.exit(f"{alignlint} is not there: build it with `cargo build --profile dist`")
    with tempfile.TemporaryDirectory() as work:
        work = pathlib.Path(work)
        peers = Peers(work / "peers")
        for name, reason in peers.missing.items():
            print(f"{name} could not be installed: {reason}")
        workloads = [(start, []), (numbered_pages, [])]
        workloads += [(schema_check, [options.keps]), (vocabulary, [options.keps])] if options.keps else []
        workloads += [(front_matter, [options.records])] if options.records else []
        workloads += [(pages, [each]) for each in options.pages]
        for number, (workload, inputs) in enumerate(workloads):
            folder = work / f"{number}"
            folder.mkdir()
            workload(alignlint, peers, *[path.resolve() for path in inputs], folder, options.runs)


if __name__ == "__main__":
    main()
