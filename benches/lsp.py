#!/usr/bin/env python3
"""Measures language servers at the client: how long after a change the diagnostics of the changed document are there.

    cargo build --release
    benches/lsp.py [--program target/release/alignlint] [--pages 100,10000] [--changes 200] [--peers DIR]

Each number of pages is written into a new repository: decision pages of 1.8 KB with front matter, 200 people and 20 terms. A change is
sent, and the next one only after its diagnostics; the time from one to the other is what a person waits, all pauses of the server included.
Peers are `tombi` and `rumdl`, as `pip install tombi rumdl` puts them into DIR: on one TOML file for each page, and on the same pages. They look at
the open document alone. Processor time when idle is that of 5 seconds without a message. Linux only.
"""

import argparse
import contextlib
import json
import os
import queue
import random
import subprocess
import tempfile
import threading
import time
from pathlib import Path

AS_OF = "2026-11-20"
WORDS = "the team customer price service partner market plan changes keeps review release cost result people before after between month".split()


def sentence(random_):
    return " ".join(random_.choice(WORDS) for _ in range(14)).capitalize() + "."


def page(number, random_):
    paragraph = lambda count: "\n".join(sentence(random_) for _ in range(count)) + "\n"
    day = f"2026-{1 + number % 10:02}-{1 + number % 28:02}"
    cites = f"It follows ADR-{number - 1:05}.\n" if number > 1 else ""
    return (
        f"---\nid: ADR-{number:05}\nstatus: accepted\ndate: {day}\nowner: person-{1 + number % 200}\n"
        f"---\n\n# Use part {number}\n\n## Context and Problem Statement\n\n{cites}{paragraph(5)}\n"
        f"## Considered Options\n\n* {sentence(random_)}\n* {sentence(random_)}\n\n## Decision Outcome\n\n{paragraph(5)}\n"
        f"## Consequences\n\n* Good, because {sentence(random_)}\n* Bad, because {sentence(random_)}\n"
    )


def place(number):
    return f"docs/decisions/{number // 500:02}/{number:05}-use-part-{number}.md"


def write(folder, count):
    random_ = random.Random(7)
    files = {place(number): page(number, random_) for number in range(1, count + 1)}
    files["governance/people.yaml"] = "people:\n" + "".join(f"  - {{id: person-{it}, title: Person Number {it}}}\n" for it in range(1, 201))
    files["governance/terms.yaml"] = "terms:\n" + "".join(
        f"  - {{id: term-{it}, title: Fixed term {it}, definition: What it means here, avoid: [loose term {it}, vague term {it}]}}\n" for it in range(1, 21)
    )
    files |= {f"toml/{number:05}.toml": f'id = {number}\ntitle = "Use part {number}"\nowner = "person-{number % 200}"\n' for number in range(1, min(count, 1000) + 1)}
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    for arguments in (["init", "--quiet"], ["add", "--all"], ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "--quiet", "--message", "all"]):
        subprocess.run(["git", *arguments], cwd=folder, check=True)


class Client:
    """A server and the conversation with it."""

    def __init__(self, command, folder):
        self.folder, self.start = folder, time.perf_counter()
        self.process = subprocess.Popen(command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.messages, self.versions, self.next = queue.Queue(), {}, 0
        threading.Thread(target=self.read, daemon=True).start()
        capabilities = {
            "general": {"positionEncodings": ["utf-16"]},
            "textDocument": {"publishDiagnostics": {"versionSupport": True}, "completion": {}, "hover": {"contentFormat": ["markdown"]}},
            "workspace": {"workspaceFolders": True, "didChangeWatchedFiles": {"dynamicRegistration": True}, "configuration": True},
        }
        root = folder.as_uri()
        folders = [{"uri": root, "name": "bench"}]
        self.server = self.request("initialize", {"processId": os.getpid(), "rootUri": root, "workspaceFolders": folders, "capabilities": capabilities})
        self.notify("initialized", {})

    def read(self):
        stream = self.process.stdout
        with contextlib.suppress(ValueError, OSError):
            while True:
                length = 0
                while line := stream.readline().strip():
                    if line.lower().startswith(b"content-length:"):
                        length = int(line.split(b":")[1])
                if not length:
                    break
                message = json.loads(stream.read(length))
                if "id" in message and "method" in message:
                    # What servers ask: watchers, settings.
                    result = [None] * len(message["params"].get("items", [])) if message["method"] == "workspace/configuration" else None
                    self.send({"id": message["id"], "result": result})
                else:
                    self.messages.put((time.perf_counter(), message))
        self.messages.put((time.perf_counter(), None))

    def send(self, message):
        if message.get("params", 0) is None:
            del message["params"]
        data = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(data), data))
        self.process.stdin.flush()

    def notify(self, method, params):
        self.send({"method": method, "params": params})

    def until(self, is_it, seconds=60):
        """The time at which this message came, and the message."""
        end = time.perf_counter() + seconds
        while True:
            at, message = self.messages.get(timeout=max(0.01, end - time.perf_counter()))
            if message is None:
                raise SystemExit("error: the server has ended")
            if is_it(message):
                return at, message

    def request(self, method, params):
        self.next += 1
        own = self.next
        self.send({"id": own, "method": method, "params": params})
        answer = self.until(lambda it: it.get("id") == own)[1]
        if "error" in answer:
            raise SystemExit(f"error: {method}: {answer['error']['message']}")
        return answer.get("result")

    def pulls(self):
        return "diagnosticProvider" in (self.server or {}).get("capabilities", {})

    def diagnostics(self, uri, version):
        """The time at which the diagnostics of this version are there."""
        if self.pulls():
            self.request("textDocument/diagnostic", {"textDocument": {"uri": uri}})
            return time.perf_counter()

        def is_it(message):
            params = message.get("params") or {}
            return message.get("method") == "textDocument/publishDiagnostics" and params["uri"] == uri and params.get("version") in (None, version)

        return self.until(is_it)[0]

    def open(self, name, language):
        uri = (self.folder / name).as_uri()
        self.versions[uri] = 1
        text = (self.folder / name).read_text()
        self.notify("textDocument/didOpen", {"textDocument": {"uri": uri, "languageId": language, "version": 1, "text": text}})
        return self.diagnostics(uri, 1)

    def change(self, name, old, new):
        """Replaces these words, and returns the seconds until the diagnostics."""
        uri = (self.folder / name).as_uri()
        text = self.texts[name]
        start = text.index(old)
        self.texts[name] = text[:start] + new + text[start + len(old) :]
        line, column = text[:start].count("\n"), start - text.rfind("\n", 0, start) - 1
        lines = old.split("\n")
        end = {"line": line + len(lines) - 1, "character": len(lines[-1]) + (column if len(lines) == 1 else 0)}
        self.versions[uri] += 1
        change = {"range": {"start": {"line": line, "character": column}, "end": end}, "text": new}
        before = time.perf_counter()
        document = {"uri": uri, "version": self.versions[uri]}
        self.notify("textDocument/didChange", {"textDocument": document, "contentChanges": [change]})
        return self.diagnostics(uri, self.versions[uri]) - before

    def processor(self):
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory(self, name):
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(next(line for line in status.splitlines() if line.startswith(name)).split()[1]) / 1024

    def stop(self):
        self.request("shutdown", None)
        self.notify("exit", None)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(2)
        self.process.kill()


def line(what, times):
    times = sorted(times)
    middle, late = times[len(times) // 2], times[min(len(times) - 1, len(times) * 95 // 100)]
    print(f"{what:<44} {len(times):>4} × median {middle * 1e3:7.1f} ms, 95 of 100 {late * 1e3:7.1f} ms, longest {times[-1] * 1e3:7.1f} ms", flush=True)


def rest(client):
    before = client.processor()
    time.sleep(5)
    print(f"{'  idle for 5 s':<44} {client.processor() - before:.2f} s of processor time; resident {client.memory('VmRSS'):.0f} MiB, at most {client.memory('VmHWM'):.0f} MiB")


def measure(program, folder, count, changes):
    """Our server, on all kinds of changes."""
    command = [program, "--as-of", AS_OF, "--format", "json=/dev/null"]
    for _ in range(2):
        start = time.perf_counter()
        subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        checked = time.perf_counter() - start
    middle = max(2, count // 2)
    opened = place(middle)
    client = Client([program, "lsp", "--as-of", AS_OF], folder)
    client.texts = {name: (folder / name).read_text() for name in (opened, "governance/people.yaml", "governance/terms.yaml")}
    first = client.open(opened, "markdown") - client.start
    print(f"{'  first diagnostics':<44} {first * 1e3:.0f} ms from the start; `check` with its cache takes {checked * 1e3:.0f} ms")
    for name in ("governance/people.yaml", "governance/terms.yaml"):
        client.open(name, "yaml")
    cited = f"ADR-{middle - 1:05}"
    kinds = {
        "a text": (opened, "Good, because", "Good and well, because"),
        "a status": (opened, "status: accepted", "status: proposed"),
        "a cited identifier": (opened, f"follows {cited}", "follows ADR-99999"),
        "a person's name": ("governance/people.yaml", "title: Person Number 7}", "title: Person Number Seven}"),
        "a person's identifier": ("governance/people.yaml", "id: person-7,", "id: person-x,"),
        "a word that a term avoids": ("governance/terms.yaml", "vague term 7]", "customer price]"),
    }
    for what, (name, old, new) in kinds.items():
        times = []
        for number in range(changes):
            times.append(client.change(name, *((old, new) if number % 2 == 0 else (new, old))))
        line(f"  {what}", times)
    uri = (folder / opened).as_uri()
    at = lambda words: {"line": client.texts[opened][: client.texts[opened].index(words)].count("\n"), "character": 0}
    citation = client.texts[opened].splitlines()[at(cited)["line"]].index(cited) + 2
    for what, method, position in (
        ("  hover", "textDocument/hover", at(cited) | {"character": citation}),
        ("  completion", "textDocument/completion", at("owner: ") | {"character": len("owner: ")}),
    ):
        times = []
        if f"{method.partition('/')[2]}Provider" not in client.server["capabilities"]:
            print(f"{what:<44} not offered")
            continue
        for _ in range(changes):
            before = time.perf_counter()
            client.request(method, {"textDocument": {"uri": uri}, "position": position})
            times.append(time.perf_counter() - before)
        line(what, times)
    rest(client)
    client.stop()


def peer(name, command, folder, opened, language, old, new, changes):
    client = Client(command, folder)
    client.texts = {opened: (folder / opened).read_text()}
    print(f"{name}\n{'  first diagnostics of one document':<44} {(client.open(opened, language) - client.start) * 1e3:.0f} ms from the start")
    line("  a text", [client.change(opened, *((old, new) if number % 2 == 0 else (new, old))) for number in range(changes)])
    rest(client)
    client.stop()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default="target/release/alignlint")
    parser.add_argument("--pages", default="100,10000")
    parser.add_argument("--changes", type=int, default=200)
    parser.add_argument("--peers", type=Path)
    options = parser.parse_args()
    program = os.path.abspath(options.program)
    for count in map(int, options.pages.split(",")):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name).resolve()
            write(folder, count)
            print(f"alignlint, {count:,} pages")
            measure(program, folder, count, options.changes)
            if options.peers:
                one = f"toml/{min(count, 1000) // 2 or 1:05}.toml"
                peer(f"tombi, {min(count, 1000):,} TOML files", [options.peers / "tombi", "lsp", "--offline"], folder, one, "toml", "title = ", "title = = ", options.changes)
                markdown = place(max(2, count // 2))
                peer(f"rumdl, {count:,} pages", [options.peers / "rumdl", "server"], folder, markdown, "markdown", "## Consequences", "### Consequences", options.changes)


if __name__ == "__main__":
    main()
