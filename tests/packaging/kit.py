"""What the checks of the packages share: folders, commands and the line that each of them prints."""

import contextlib
import os
import shutil
import subprocess
import sys
import time
import traceback
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
WORK = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")).resolve() / "packaging"
sys.path.insert(0, str(ROOT / "build"))

PERSON = "kind: person\nid: ada\nname: Ada Byron\n"
DECISION = """\
decisions:
  - id: D-1
    title: Sell through partners
    status: accepted
    date: 2026-11-01
    owner: OWNER
    options: [partners, own staff]
    trade-offs: [margin]
    context: why
    consequences: [what]
"""
# A decision whose owner is unknown.
BAD = DECISION.replace("OWNER", "bob")
GOOD = DECISION.replace("OWNER", "ada")


class Skipped(Exception):
    """A tool that this machine lacks and that can't be installed."""


def run(arguments: list, folder: Path, environment: dict | None = None, code: int | None = 0) -> str:
    """What a command prints. With a code that is not None, it has to end with it."""
    arguments = [str(argument) for argument in arguments]
    done = subprocess.run(
        arguments, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert code is None or done.returncode == code, f"{' '.join(arguments)}: code {done.returncode}\n{done.stdout}"
    return done.stdout


def environment(home: Path, path: list, **more: str) -> dict:
    """The environment of a machine with an empty home and these folders of programs before those of the system."""
    home.mkdir(parents=True, exist_ok=True)
    git = {f"GIT_{who}_{what}": f"{who}@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    path = [str(folder) for folder in path] + ["/usr/local/bin", "/usr/bin", "/bin"]
    return {"HOME": str(home), "PATH": ":".join(path), "LC_ALL": "C.UTF-8", "NO_COLOR": "1", **git, **more}


def debian(program: str, package: str) -> None:
    """Installs a program that is missing, where apt-get can."""
    if not shutil.which(program):
        get = f"apt-get update -q && apt-get install -qy --no-install-recommends {package}"
        sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
        with contextlib.suppress(OSError):
            subprocess.run([*sudo, "sh", "-c", get], check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    if not shutil.which(program):
        raise Skipped(f"{program} is not installed, and apt-get can't install it")


def write(folder: Path, files: dict) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def checks(found: dict) -> None:
    """Runs the checks, by name, and prints a line for each. Ends with 1 if one of them failed."""
    failed = False
    for name, check in found.items():
        start = time.monotonic()
        try:
            more = check()
            print(f"ok: {name} ({time.monotonic() - start:.1f} s{f', {more}' if more else ''})", flush=True)
        except Skipped as reason:
            print(f"skipped: {name}: {reason}", flush=True)
        except Exception:
            failed = True
            print(f"FAILED: {name}\n{traceback.format_exc()}", flush=True)
    sys.exit(failed)
