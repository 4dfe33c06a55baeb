#!/usr/bin/env python3
"""Writes the report into one comment on the pull request, and replaces it in later runs.

The only part of the Action that has a token. Reads GITHUB_TOKEN, COMMENT_FILE (the report), COMMENT_AUTHOR, NEW_FINDINGS and
GitHub's own variables. Whatever GitHub answers, the step ends with 0: the check has decided before. It ends with 2 under
events that hand a token with more rights to a run beside files of strangers.
"""

from __future__ import annotations

import json
import os
import re
import sys
import urllib.error
import urllib.request

PAGE = 100
MOST_PAGES = 100
MOST_CHARACTERS = 65_536
MOST_BYTES = 64 << 20
LINE = re.compile(r"<!-- alignlint( \S+)? -->")
RUN = re.compile(r"^<!-- alignlint run ([0-9]+)\.([0-9]+) -->\r?$", re.MULTILINE)


class Refused(Exception):
    """Why there is no comment."""


def said(kind: str, text: str) -> None:
    text = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    print(f"::{kind} title=alignlint::{text}" if kind else f"alignlint: {text}")


def warned(reason: str) -> None:
    said("warning", f"The comment is not written: {reason}. The job's summary has the findings.")


class NoRedirects(urllib.request.HTTPRedirectHandler):
    """The token goes to no other address."""

    def redirect_request(self, *_):
        return None


class Comments:
    """The comments on a pull request."""

    def __init__(self, api: str, repository: str, number: int, token: str):
        if not api.startswith("https://") and not re.match(r"http://127\.0\.0\.1:[0-9]+$", api):
            raise Refused(f"{api} is not encrypted")
        self.opener = urllib.request.build_opener(NoRedirects)
        self.api, self.token = f"{api}/repos/{repository}/issues", token
        self.number = number

    def call(self, method: str, path: str, body: str | None = None):
        headers = {
            "Accept": "application/vnd.github+json",
            "Authorization": f"Bearer {self.token}",
            "Content-Type": "application/json",
            "User-Agent": "alignlint",
            "X-GitHub-Api-Version": "2022-11-28",
        }
        data = None if body is None else json.dumps({"body": body}).encode()
        request = urllib.request.Request(f"{self.api}/{path}", data, headers, method=method)
        try:
            with self.opener.open(request, timeout=30) as answer:
                text = answer.read(MOST_BYTES)
        except urllib.error.HTTPError as error:
            if error.code == 404 and method != "GET":
                return None  # another run has deleted it
            raise Refused(f"GitHub answers {error.code} to {method}") from error
        except OSError as error:
            raise Refused(f"GitHub can't be reached: {error}") from error
        return json.loads(text) if text else None

    def all(self):
        for page in range(1, MOST_PAGES + 1):
            found = self.call("GET", f"{self.number}/comments?per_page={PAGE}&page={page}")
            if not found:
                return
            yield from found
        raise Refused(f"there are more than {PAGE * MOST_PAGES} comments")

    def create(self, body: str, author: str) -> None:
        created = self.call("POST", f"{self.number}/comments", body)
        if created is None:
            raise Refused("GitHub answers 404 to POST")
        if (login := created["user"]["login"]) != author:
            # The next run would not find it, and would write another one.
            self.delete(created)
            raise Refused(f'the token writes as "{login}", which the input "comment-author" has to name')

    def update(self, comment: dict, body: str) -> None:
        self.call("PATCH", f"comments/{int(comment['id'])}", body)

    def delete(self, comment: dict) -> None:
        self.call("DELETE", f"comments/{int(comment['id'])}")


def body_of(report: str, run: tuple, commit: str) -> str:
    """The report, as far as GitHub takes it, and the run that it comes from."""
    end = f"\n<sub>Commit {commit}.</sub>\n<!-- alignlint run {run[0]}.{run[1]} -->"
    room = MOST_CHARACTERS - len(end)
    if len(report) > room:
        note = "\n**The report is longer than a comment may be.**\n"
        # Without the line that is cut.
        report = report[: room - len(note)].rpartition("\n")[0] + "\n" + note
    return report + end


def run_of(comment: dict) -> tuple:
    found = RUN.findall(comment.get("body") or "") or [(0, 0)]
    return tuple(map(int, found[-1]))


def write(comments: Comments, report: str, author: str, run: tuple, commit: str, has_findings: bool) -> str:
    marker = report.split("\n", 1)[0]
    if not LINE.fullmatch(marker):
        raise Refused("the report has no first line to find it by")
    body = body_of(report, run, commit)

    def is_own(comment: dict) -> bool:
        first = (comment.get("body") or "").split("\n", 1)[0].rstrip("\r")
        return first == marker and (comment.get("user") or {}).get("login") == author

    # What two runs write at once is seen, and put in order, when each of them looks again.
    written = False
    for _ in range(4):
        own = sorted((comment for comment in comments.all() if is_own(comment)), key=lambda comment: int(comment["id"]))
        if not own:
            if written:
                return "the comment is written"  # the list is behind
            if not has_findings:
                return "no comment: there are no new findings"
            comments.create(body, author)
            written = True
            continue
        for duplicate in own[1:]:
            comments.delete(duplicate)
        if run_of(own[0]) > run:
            return "the comment is that of a later run"
        if written and run_of(own[0]) == run:
            return "the comment is written"
        comments.update(own[0], body)
        written = True
    raise Refused("other runs keep changing it")


def main() -> int:
    event = os.environ.get("GITHUB_EVENT_NAME", "")
    if event in ("pull_request_target", "workflow_run"):
        said("error", f'The input "comment" is refused under {event}: run the Action on pull_request.')
        return 2
    path = os.environ.get("COMMENT_FILE", "")
    if event != "pull_request" or not path:
        said("", "no comment: there is no pull request, or no report")
        return 0
    try:
        with open(os.environ["GITHUB_EVENT_PATH"], encoding="utf-8") as file:
            pull = json.load(file)["pull_request"]
        repository = os.environ["GITHUB_REPOSITORY"]
        if ((pull["head"].get("repo") or {}).get("full_name") or "").lower() != repository.lower():
            raise Refused("the pull request comes from a fork, whose runs may only read")
        with open(path, encoding="utf-8") as file:
            report = file.read()
        run = (int(os.environ["GITHUB_RUN_ID"]), int(os.environ.get("GITHUB_RUN_ATTEMPT", "1")))
        api = os.environ.get("GITHUB_API_URL", "https://api.github.com")
        comments = Comments(api, repository, int(pull["number"]), os.environ["GITHUB_TOKEN"].strip())
        author = os.environ.get("COMMENT_AUTHOR") or "github-actions[bot]"
        has_findings = os.environ.get("NEW_FINDINGS", "0") != "0"
        said("", write(comments, report, author, run, str(pull["head"]["sha"])[:40], has_findings))
    except Refused as reason:
        warned(str(reason))
    # Of what is not expected, the name: its text may quote the token.
    except Exception as error:
        warned(f"there is an error of the type {type(error).__name__} in what GitHub gives")
    return 0


if __name__ == "__main__":
    sys.exit(main())
