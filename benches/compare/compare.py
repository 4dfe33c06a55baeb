"""Compares two builds of alignlint: which findings and records one has that the other lacks.

    python3 benches/compare/compare.py OLD NEW [--mode default,adopted,packs] [--only pairs,examples,clones …]

OLD and NEW are programs. A finding is its rule, path and line; a record is its kind, id, title, status, date and path.
Rules that changed their id are mapped by `renamed.txt` beside this file: `old-id new-id`, or `old-id -` for one that is
gone on purpose. Clones are folders below `--clones`, each a repository. Needs Python 3.9, PyYAML and Git.
"""

import argparse
import collections
import concurrent.futures
import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import yaml

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
AS_OF = "2026-11-20"
DAYS = {"clean": "2026-11-20", "drifting": "2026-11-20"}
# What makes everything adopted: the first of these texts that a program accepts.
ADOPTED = ["adopted: ['**']\n", "practices: {all: ['**']}\n"]
PACKS = {"kubernetes+enhancements": "kep", "ethereum+EIPs": "eip", "python+peps": "pep"}
MODES = ("default", "adopted", "packs")
STATED = ("title", "status", "date")


class Subject:
    """A folder to check, with the text of its configuration, the day and what is compared there."""

    def __init__(self, group, name, folder, as_of=AS_OF, config=None, pair=None):
        self.group, self.name, self.folder = group, name, folder
        self.as_of, self.config, self.pair = as_of, config, pair


def run(program, subject, arguments):
    """Returns the JSON that the program prints, or the error in place of it."""
    command = [program, "-C", str(subject.folder), *arguments, "--format", "json"]
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as config:
        if subject.config is not None:
            config.write(subject.config)
            config.flush()
            command += ["--config", config.name]
        done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    try:
        return json.loads(done.stdout)
    except json.JSONDecodeError:
        return {"error": (done.stderr.strip().splitlines() or ["no output"])[0], "findings": [], "records": []}


def plain(value):
    """Returns a field as text: dates, numbers and texts compare alike."""
    return None if value is None else str(value).strip()


def read(program, subject):
    """Returns the findings and the records of a subject, both as lists of tuples, and the error of a failed run."""
    checked = run(program, subject, ["--as-of", subject.as_of, "--no-cache"])
    findings = [
        (it["rule"], it["path"], (it["start"] or {}).get("line", 0), it["message"]) for it in checked["findings"]
    ]
    if subject.pair:
        return findings, [], checked.get("error")
    listed = run(program, subject, ["records"])
    rows = listed if isinstance(listed, list) else listed.get("records", [])
    records = []
    for row in rows:
        fields = row.get("fields") or {}
        stated = tuple(plain(row.get(name) or fields.get(name)) for name in STATED)
        records.append((row["kind"], plain(row["id"]), row["path"], *stated))
    return findings, records, checked.get("error")


class Cache:
    """Results by program and subject, so that the old program runs once. The folder may be deleted at any time."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.digests = {}

    def read(self, program, subject, state):
        if program not in self.digests:
            self.digests[program] = hashlib.sha256(pathlib.Path(program).read_bytes()).hexdigest()
        key = "\0".join([self.digests[program], subject.name, subject.config or "", subject.as_of, state])
        path = self.folder / hashlib.sha256(key.encode()).hexdigest()
        if path.exists():
            return json.loads(path.read_text())
        result = read(program, subject)
        path.write_text(json.dumps(result))
        return result


def git(folder, *arguments, day=AS_OF, author="Ada Byron <ada@example.org>"):
    name, _, mail = author.partition(" <")
    identity = {"NAME": name, "EMAIL": mail.rstrip(">") or "ada@example.org", "DATE": f"{day}T12:00:00Z"}
    environment = {f"GIT_{role}_{key}": text for role in ("AUTHOR", "COMMITTER") for key, text in identity.items()}
    environment |= {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null"}
    subprocess.run(["git", "-C", str(folder), *arguments], check=True, capture_output=True, env=os.environ | environment)


def write(folder, files):
    for path, text in files.items():
        target = folder / path
        if text is None:
            target.unlink(missing_ok=True)
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode())


def build(folder, state):
    """Writes a state of a pair as a repository: its commits, or its files in one commit."""
    git_folder(folder)
    commits = state.get("history") or [{"date": "2026-10-01", "author": "Ada Byron <ada@example.org>", "files": state["files"]}]
    for commit in commits:
        write(folder, commit["files"])
        git(folder, "add", "--all")
        message = commit.get("message") or "change"
        author, day = commit["author"], str(commit["date"])
        git(folder, "commit", "--quiet", "--allow-empty", "--message", message, day=day, author=author)


def patched(base, differences):
    """Returns the files of `base` with those that differ: texts, `None` for none, or lists of parts to replace."""
    files = dict(base)
    for path, text in (differences or {}).items():
        if isinstance(text, list):
            replacements, text = text, base[path]
            for replacement in replacements:
                text = text.replace(replacement["old"], replacement["new"], 1)
        files[path] = text
    return files


def expanded(state, defect=None):
    """Returns a state of a pair with all its files or commits: those of the defect, but for what differs."""
    commits, before = [], {}
    for commit in state.get("history") or []:
        like = defect["history"][commit["as"] - 1] if "as" in commit else {"files": {}}
        base = like["files"] if "as" in commit else before
        texts = patched(base, commit.get("files"))
        files = {path: texts[path] for path in [*like["files"], *(commit.get("files") or {})]}
        before = {**before, **files}
        commits.append({**like, **commit, "files": files})
    files = patched(defect["files"] if defect and not commits else {}, state.get("files"))
    return {**state, "history": commits, "files": before if commits else files}


def git_folder(folder):
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "--quiet", "--initial-branch=main")


def pairs(work):
    for path in sorted((ROOT / "tests/pairs").glob("*.yaml")):
        text = path.read_text()
        pair = yaml.load(text, Loader=TextLoader)
        defect = expanded(pair["defect"])
        states = [("defect", defect)]
        states += [(f"twin {n}", expanded(twin, defect)) for n, twin in enumerate(pair["twins"], 1)]
        for name, state in states:
            folder = work / path.stem / name.replace(" ", "-")
            try:
                build(folder, state)
            except (subprocess.CalledProcessError, TypeError, KeyError) as error:
                print(f"skipped: {path.stem} {name}: {error}", file=sys.stderr)
                continue
            about = (pair["rules"], name == "defect", state.get("at"), state.get("names"))
            config = None if "alignlint.yaml" in (state.get("files") or {}) else "extends: [strict]\n"
            subject = Subject("pairs", f"{path.stem} {name}", folder, str(pair["as-of"]), config, about)
            yield subject, hashlib.sha256(text.encode()).hexdigest()


class TextLoader(yaml.SafeLoader):
    """Reads days as texts, as they stand in the file."""


TextLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":timestamp")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def state_of(folder):
    """Returns a text that changes with the files of a folder."""
    done = subprocess.run(["git", "-C", str(folder), "rev-parse", "HEAD:./"], capture_output=True, text=True)
    return done.stdout.strip()


def examples(work):
    for folder in [ROOT / "examples/clean", *sorted((ROOT / "tests/organisations").iterdir())]:
        if folder.is_dir():
            target = work / folder.name
            shutil.copytree(folder, target)
            git_folder(target)
            git(target, "add", "--all")
            git(target, "commit", "--quiet", "--message", "start", day="2026-10-01")
            yield Subject("examples", folder.name, target, DAYS.get(folder.name, AS_OF)), state_of(target)
    drifting = work / "drifting"
    subprocess.run(["sh", str(ROOT / "tests/drifting/build.sh"), str(drifting)], check=True, capture_output=True)
    yield Subject("examples", "drifting", drifting), state_of(drifting)


def clones(folder):
    for path in sorted(pathlib.Path(folder).iterdir()) if folder else []:
        if (path / ".git").exists() or (path / "HEAD").exists():
            yield Subject("clones", path.name, path), state_of(path)


def accepted(program, texts, work):
    """Returns the first configuration that the program accepts."""
    folder = work / "accepted"
    if not folder.exists():
        build(folder, {"files": {"governance/people.yaml": "people:\n  - {id: ada, name: Ada Byron}\n"}})
    for text in texts:
        if "error" not in run(program, Subject("", "", folder, AS_OF, text), ["--as-of", AS_OF, "--no-cache"]):
            return text
    raise SystemExit(f"{program} accepts none of {texts}")


def in_mode(subjects, mode, program, work):
    """Returns the subjects as the mode configures them for a program."""
    adopted = accepted(program, ADOPTED, work) if mode == "adopted" else None
    for subject, state in subjects:
        if mode == "default":
            yield subject, state
            continue
        if subject.group != "clones" or mode == "packs" and subject.name not in PACKS:
            continue
        config = adopted or f"extends: [recommended, {PACKS[subject.name]}]\n"
        yield Subject(subject.group, subject.name, subject.folder, subject.as_of, config), state


def renamed():
    path = HERE / "renamed.txt"
    lines = path.read_text().splitlines() if path.exists() else []
    return dict(line.split()[:2] for line in lines if line.strip() and not line.startswith("#"))


def difference(old, new):
    """Returns what only the old and only the new list has; both may repeat an entry."""
    old, new = collections.Counter(map(tuple, old)), collections.Counter(map(tuple, new))
    return sorted((old - new).elements(), key=str), sorted((new - old).elements(), key=str)


def compare_findings(old, new, names):
    """Returns lost and gained findings (rule, path, line), the old ones by their new ids."""
    mapped = []
    for rule, path, line, _ in old:
        target = names.get(rule, rule)
        mapped.append((rule + " (removed)" if target == "-" else target, path, line))
    return difference(set(mapped), {(rule, path, line) for rule, path, line, _ in new})


def is_found(findings, pair, names):
    """Returns whether a defect is reported where and about what its pair says."""
    rules, _, at, named = pair
    ids = set(rules) | {names.get(rule, rule) for rule in rules}
    return any(
        rule in ids and (not at or path == at) and (not named or named.lower() in message.lower())
        for rule, path, _, message in findings
    )


def report_pairs(results, names):
    """Prints how many defects are found and twins accused by both programs, and which changed."""
    counts = collections.Counter()
    for subject, (old, new) in results:
        _, is_defect, _, _ = subject.pair
        for which, (findings, _, _) in (("old", old), ("new", new)):
            ids = set(subject.pair[0]) | {names.get(rule, rule) for rule in subject.pair[0]}
            hit = is_found(findings, subject.pair, names) if is_defect else any(f[0] in ids for f in findings)
            counts[which, is_defect] += hit
            counts[which, is_defect, subject.name] = hit
        if counts["old", is_defect, subject.name] != counts["new", is_defect, subject.name]:
            word = "found" if is_defect else "accused"
            only = "now" if counts["new", is_defect, subject.name] else "no longer"
            print(f"  {only} {word}: {subject.name} ({', '.join(subject.pair[0])})")
    total = sum(subject.pair[1] for subject, _ in results)
    for which in ("old", "new"):
        print(f"  {which}: {counts[which, True]} of {total} defects found, {counts[which, False]} twins accused")


def report(results, names, details):
    """Prints lost and gained findings by rule and records by kind."""
    rules, kinds = collections.defaultdict(lambda: [0, 0, [], []]), collections.defaultdict(lambda: [0, 0, [], []])
    unequal = 0
    for subject, (old, new) in results:
        for which, result in (("old", old), ("new", new)):
            if result[2]:
                print(f"  {which} failed on {subject.name}: {result[2]}")
        lost, gained = compare_findings(old[0], new[0], names)
        for index, findings in ((0, lost), (1, gained)):
            for rule, path, line in findings:
                rules[rule][index] += 1
                rules[rule][index + 2].append(f"{subject.name}: {path}:{line}")
        lost, gained = difference(old[1], new[1])
        gained_by_place = {(kind, path, id): fields for kind, id, path, *fields in gained}
        for kind, id, path, *fields in lost:
            other = gained_by_place.pop((kind, path, id), None)
            if other is None:
                kinds[kind][0] += 1
                kinds[kind][2].append(f"{subject.name}: {path} {id}")
            else:
                unequal += 1
                changes = [f"{n} {a!r} → {b!r}" for n, a, b in zip(STATED, fields, other) if a != b]
                kinds["changed fields of " + kind][3].append(f"{subject.name}: {path} {id}: {', '.join(changes)}")
        for kind, path, id in gained_by_place:
            kinds[kind][1] += 1
            kinds[kind][3].append(f"{subject.name}: {path} {id}")
    found = [sum(len(result[n][0]) for _, result in results) for n in (0, 1)]
    listed = [sum(len(result[n][1]) for _, result in results) for n in (0, 1)]
    print(f"  findings: {found[0]} → {found[1]}; records: {listed[0]} → {listed[1]}, {unequal} with other fields")
    for table in (rules, kinds):
        for name, (lost, gained, lost_at, gained_at) in sorted(table.items()):
            print(f"    {name}: {lost} lost, {gained} gained" if lost or gained else f"    {name}: {len(gained_at)}")
            for sign, places in (("-", lost_at), ("+", gained_at)):
                for place in places[:details]:
                    print(f"      {sign} {place}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("old")
    parser.add_argument("new")
    parser.add_argument("--mode", default="default", help="default, adopted and packs, with commas")
    parser.add_argument("--only", default="pairs,examples,clones", help="groups of subjects, with commas")
    parser.add_argument("--clones", help="a folder of clones of public repositories")
    parser.add_argument("--name", help="only subjects whose name contains this")
    parser.add_argument("--details", type=int, default=0, help="how many places to print for each rule and kind")
    parser.add_argument("--cache", default=str(ROOT / "target/compare"), help="a folder for results")
    options = parser.parse_args()
    cache, names = Cache(options.cache), renamed()
    with tempfile.TemporaryDirectory() as work:
        work = pathlib.Path(work)
        groups = {"pairs": pairs(work), "examples": examples(work), "clones": clones(options.clones)}
        for group in options.only.split(","):
            subjects = [it for it in groups[group] if not options.name or options.name in it[0].name]
            for mode in options.mode.split(","):
                results = compare(options, cache, subjects, mode, work)
                if not results:
                    continue
                print(f"{group}, {mode}:")
                (report_pairs if group == "pairs" else report)(results, names, *([] if group == "pairs" else [options.details]))


def compare(options, cache, subjects, mode, work):
    """Returns each subject with the results of both programs."""
    both = [list(in_mode(subjects, mode, program, work)) for program in (options.old, options.new)]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        read_all = [
            [pool.submit(cache.read, program, subject, state) for subject, state in listed]
            for program, listed in zip((options.old, options.new), both)
        ]
        results = [[future.result() for future in futures] for futures in read_all]
    return [(subject, pair) for (subject, _), pair in zip(both[0], zip(*results))]


if __name__ == "__main__":
    main()
