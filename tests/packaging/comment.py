"""The comment on a pull request, against a stub of GitHub on the loopback address."""

import contextlib
import json
import os
import re
import shutil
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from kit import BAD, PERSON, ROOT, WORK, environment, run, write

REPOSITORY = "owner/records"
BOT = "github-actions[bot]"
MARKER = "<!-- alignlint -->"
COMMENTS = f"/repos/{REPOSITORY}/issues/7/comments"


class Stub(ThreadingHTTPServer):
    """GitHub's comments on the pull request 7."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.comments, self.calls, self.lock = {}, [], threading.Lock()
        self.refused, self.redirect, self.together, self.login = {}, None, None, BOT
        self.raw, self.hidden = b"", set()

    def add(self, body: str, login: str = BOT) -> int:
        with self.lock:
            number = max(self.comments, default=0) + 1
            self.comments[number] = {"id": number, "body": body, "user": {"login": login}}
            return number

    def count(self, method: str) -> int:
        return sum(call == method for call, _ in self.calls)

    def bodies(self, login: str = BOT) -> list:
        return [it["body"] for it in self.comments.values() if it["user"]["login"] == login and it["body"].startswith(MARKER)]


class Handler(BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def answer(self, code: int, value=None, location: str = "") -> None:
        data = b"" if value is None else json.dumps(value).encode()
        self.send_response(code)
        if location:
            self.send_header("Location", location)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def handle_call(self) -> None:
        stub, url = self.server, urlsplit(self.path)
        text = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = json.loads(text)["body"] if text else ""
        stub.calls.append((self.command, self.headers.get("Authorization")))
        if stub.raw:
            self.wfile.write(stub.raw)
            self.close_connection = True
            return None
        if stub.redirect:
            return self.answer(307, location=stub.redirect)
        if self.command in stub.refused:
            return self.answer(stub.refused[self.command], {"message": "::error::refused"})
        if len(body) > 65_536:
            return self.answer(422)
        if self.command == "GET" and url.path == COMMENTS:
            query = {name: int(values[0]) for name, values in parse_qs(url.query).items()}
            first = (query["page"] - 1) * query["per_page"]
            with stub.lock:
                page = list(stub.comments.values())[first : first + query["per_page"]]
            if stub.together:
                # Each of the two runs has looked before one of them writes.
                with contextlib.suppress(threading.BrokenBarrierError):
                    stub.together.wait(1)
            return self.answer(200, [it for it in page if it["id"] not in stub.hidden])
        if self.command == "POST" and url.path == COMMENTS:
            return self.answer(201, stub.comments[stub.add(body, stub.login)])
        number = int(url.path.rpartition("/")[2])
        assert url.path == f"/repos/{REPOSITORY}/issues/comments/{number}", url.path
        with stub.lock:
            if number not in stub.comments:
                return self.answer(404)
            if self.command == "DELETE":
                del stub.comments[number]
                return self.answer(204)
            stub.comments[number]["body"] = body
        return self.answer(200, {})

    do_GET = do_POST = do_PATCH = do_DELETE = handle_call


@contextlib.contextmanager
def stub():
    server = Stub()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def comment(server, report: str, code: int = 0, run_id: int = 5, new: str = "1", head: str = REPOSITORY, **more: str) -> str:
    """What the step prints that comments with this report."""
    folder = WORK / f"comment-{run_id}"
    pull = {"number": 7, "head": {"sha": "a" * 40, "repo": {"full_name": head}}}
    write(folder, {"report.md": report, "event.json": json.dumps({"pull_request": pull})})
    own = environment(
        folder, [], GITHUB_EVENT_NAME="pull_request", GITHUB_EVENT_PATH=str(folder / "event.json"), GITHUB_REPOSITORY=REPOSITORY,
        GITHUB_RUN_ID=str(run_id), GITHUB_API_URL=f"http://127.0.0.1:{server.server_port}", GITHUB_TOKEN="secret", NEW_FINDINGS=new,
        COMMENT_FILE=str(folder / "report.md"),
    )
    return run([sys.executable, "-I", ROOT / "action/comment.py"], folder, own | more, code)


def report(text: str = "one finding") -> str:
    return f"{MARKER}\n### alignlint: {text}\n"


def is_warning(said: str, reason: str) -> None:
    assert said.startswith("::warning title=alignlint::The comment is not written") and reason in said, said
    assert said.count("\n") == 1 and "secret" not in said, said


def it_is_written_and_replaced() -> None:
    with stub() as server:
        server.add("A person's comment.", "ada")
        comment(server, report("no new findings"), new="0")
        assert server.bodies() == [], "where there is nothing to say, nothing is said"
        comment(server, report("first"))
        comment(server, report("second"), run_id=6)
        [body] = server.bodies()
        assert body.startswith(f"{MARKER}\n### alignlint: second\n") and f"Commit {'a' * 40}." in body, body
        comment(server, report("no new findings"), run_id=7, new="0")
        [body] = server.bodies()
        assert "no new findings" in body and len(server.comments) == 2
        comment(server, report("first"), run_id=5)
        assert server.bodies() == [body], "a run that is repeated does not replace the result of a later one"
        assert {token for _, token in server.calls} == {"Bearer secret"}


def it_is_found_on_the_second_page() -> None:
    with stub() as server:
        for number in range(150):
            server.add(f"Comment {number}.", "ada")
        server.add(report("old"))
        # GitHub leaves comments out of a page, and fills it with no others.
        server.hidden = {3}
        comment(server, report("new"))
        assert len(server.comments) == 151 and "new" in server.bodies()[0]


def a_forged_marker_is_left_alone() -> None:
    with stub() as server:
        forged = [
            server.add(report("forged"), "mallory"),
            server.add(report("forged"), "github-actions"),
            server.add(f"Look:\n{report('forged')}"),
            server.add(f"{MARKER} forged\n"),
            server.add("<!-- alignlint company -->\nanother project\n"),
        ]
        comment(server, report("real"))
        assert ["real" in body for body in server.bodies() if "forged" not in body] == [True]
        assert all("real" not in server.comments[number]["body"] for number in forged)
        assert server.count("DELETE") == 0


def another_token_has_another_author() -> None:
    with stub() as server:
        server.login = "robot[bot]"
        is_warning(comment(server, report("first")), 'the token writes as "robot[bot]"')
        assert server.comments == {}, "what would not be found again is not left"
        for number in (6, 7):
            comment(server, report(f"of run {number}"), run_id=number, COMMENT_AUTHOR="robot[bot]")
        [body] = server.bodies("robot[bot]")
        assert "of run 7" in body


def what_is_refused_is_one_warning() -> None:
    with stub() as server:
        is_warning(comment(server, report(), head="mallory/records"), "from a fork")
        assert server.calls == []
        for code in (401, 403, 404, 422, 429, 500):
            server.refused = {"POST": code}
            is_warning(comment(server, report()), f"GitHub answers {code} to POST")
        server.refused = {"GET": 404}
        is_warning(comment(server, report()), "GitHub answers 404 to GET")
        assert server.comments == {}
        # The token does not go where GitHub would send it.
        with stub() as other:
            server.redirect = f"http://127.0.0.1:{other.server_port}{COMMENTS}"
            is_warning(comment(server, report()), "GitHub answers 307")
            assert other.calls == []
        is_warning(comment(server, "no first line\n"), "no first line to find it by")
        is_warning(comment(server, report(), GITHUB_API_URL="http://example.org"), "is not encrypted")
        is_warning(comment(server, report(), GITHUB_API_URL="http://127.0.0.1:1"), "can't be reached")


def a_broken_answer_is_one_warning() -> None:
    ok = b"HTTP/1.1 200 OK\r\n"
    deep = b"[" * 200_000
    with stub() as server:
        for raw in (b"nonsense\r\n\r\n", ok + b"Content-Length: 9\r\n\r\n[", ok + b"a: b\r\n" * 200 + b"\r\n", ok + b"\r\n" + deep, ok + b"\r\n[1]"):
            server.raw = raw
            is_warning(comment(server, report()), "there is an error of the type")
        server.raw = b""
        is_warning(comment(server, report(), GITHUB_TOKEN="sec\nsecret"), "there is an error of the type ValueError")
        is_warning(comment(server, report(), GITHUB_REPOSITORY="a b/c", head="a b/c"), "there is an error of the type InvalidURL")
        comment(server, report(), GITHUB_TOKEN="secret\r\n")
        assert len(server.bodies()) == 1


def other_events_get_none() -> None:
    with stub() as server:
        for event in ("push", "schedule", "merge_group", "workflow_dispatch"):
            assert "no comment" in comment(server, report(), GITHUB_EVENT_NAME=event)
        assert "no comment" in comment(server, report(), COMMENT_FILE="")
        for event in ("pull_request_target", "workflow_run"):
            said = comment(server, report(), code=2, GITHUB_EVENT_NAME=event)
            assert said.startswith("::error title=alignlint::") and event in said, said
        assert server.calls == []


def a_long_report_is_cut_between_lines() -> None:
    with stub() as server:
        line = "- **error** ü𝄞 " + "x" * 200 + "\n"
        comment(server, report() + line * 500)
        [body] = server.bodies()
        assert 65_000 < len(body) <= 65_536, len(body)
        assert "\n**The report is longer than a comment may be" in body and body.endswith("<!-- alignlint run 5.1 -->")
        assert all(part + "\n" == line for part in body.split("\n") if part.startswith("- **error**"))


def two_runs_at_once_leave_one_comment() -> None:
    for existing in (False, True):
        with stub() as server:
            server.together = threading.Barrier(2)
            if existing:
                server.add(report("old"))
            runs = [threading.Thread(target=comment, args=(server, report(f"of run {number}"), 0, number)) for number in (8, 9)]
            for thread in runs:
                thread.start()
            for thread in runs:
                thread.join()
            [body] = server.bodies()
            assert "of run 9" in body, body


def a_record_writes_no_marker_mention_image_or_comment() -> None:
    """The report of a hostile change, by the step before, whose environment has no token."""
    trap = "@everyone <!-- alignlint --> ![x](https://example.org/x.png) <img src=x> <!-- --> [a](https://example.org)"
    folder, program = WORK / "hostile", sys.argv[1]
    shutil.rmtree(folder, ignore_errors=True)
    title = json.dumps(f"{trap} `{trap}`")
    hostile = BAD.replace("accepted", json.dumps(trap)).replace("Sell through partners", title)
    write(folder / "work", {
        "governance/ada.yaml": PERSON,
        "governance/decisions.yaml": hostile,
        "alignlint.yaml": "extends: [recommended, ./policy]\n",
        "policy/rules/house/title.yaml": 'for: decision\nexpect: record.title == ""\nmessage: "called {record.title}"\n',
    })
    own = environment(
        folder / "home", [], INPUT_COMMENT="true", ALIGNLINT=os.path.abspath(program), GITHUB_EVENT_NAME="push", RUNNER_TEMP=str(folder),
        GITHUB_OUTPUT=str(folder / "output"), GITHUB_WORKSPACE=str(folder / "work"),
    )
    for arguments in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "--message", "all"]):
        run(["git", *arguments], folder / "work", own)
    run(["bash", ROOT / "action/check.sh"], folder / "work", own, code=1)
    outputs = dict(line.split("=", 1) for line in (folder / "output").read_text().splitlines())
    with open(outputs["comment-file"], encoding="utf-8") as file:
        text = file.read()
    with stub() as server:
        comment(server, text)
        [body] = server.bodies()
    assert "called @&#8203;everyone" in body and body.count("\n<!-- alignlint") == 1, body
    # What stands in code is shown as it is written.
    prose = re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "", body)
    first, *rest = prose.split("\n")
    assert first == MARKER and "<!--" not in "\n".join(rest[:-1]), prose
    for sign in ("@everyone", r"!\[", "<img", r"(?<!\\)\]\(", "://"):
        assert not re.search(sign, prose), f"{sign}: {prose}"


def only_this_step_has_the_token() -> None:
    action = (ROOT / "action.yml").read_text()
    before, after = action.split("    - name: Comment\n")
    for text in (before, (ROOT / "action/check.sh").read_text(), (ROOT / "action/install.sh").read_text()):
        assert not re.search(r"github\.token|inputs\.token|GITHUB_TOKEN|GH_TOKEN|secrets\.", text)
    assert after.count("token") == 2 and "GITHUB_TOKEN: ${{ inputs.token || github.token }}\n" in after
    assert re.search(r"\n  comment:\n(?:    .*\n)*    default: \"false\"\n", action)
    assert "if: ${{ !cancelled() && inputs.comment == 'true'" in after


CHECKS = {
    f"comment: {check.__name__.replace('_', ' ')}": check
    for check in (
        it_is_written_and_replaced,
        it_is_found_on_the_second_page,
        a_forged_marker_is_left_alone,
        another_token_has_another_author,
        what_is_refused_is_one_warning,
        a_broken_answer_is_one_warning,
        other_events_get_none,
        a_long_report_is_cut_between_lines,
        two_runs_at_once_leave_one_comment,
        a_record_writes_no_marker_mention_image_or_comment,
        only_this_step_has_the_token,
    )
}
