"""The records that both clients edit: one finding with a fix, in a file with characters of two UTF-16 units and line ends of Windows."""

import subprocess
import sys
from pathlib import Path

DECISIONS = """\
# Was wir entschieden haben 🧭
decisions:
  - id: D-1
    title: Sell through partners
    status: superseded
    date: 2026-10-01
    owner: ada
  - { id: D-2, title: 🧭 Sell with our own staff 🧭, status: accepted, date: 2026-11-01, owner: ada, supersedes: [D-1],
      options: [partners, own staff], trade-offs: [margin], context: why, consequences: [what] }
"""
FILES = {
    "governance/ada.yaml": "kind: person\nid: ada\nname: Ada Byron\n",
    "governance/decisions.yaml": DECISIONS.replace("\n", "\r\n"),
    "governance/assumptions.yaml": "assumptions:\n  - id: A-1\n    statement: Partners sell, as D-1 says\n    status: open\n    method: Ask ten clinics\n    owner: bob\n",
}


def build(folder: Path) -> None:
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(text.encode())
    subprocess.run(["git", "init", "--quiet", folder], check=True)


if __name__ == "__main__":
    build(Path(sys.argv[1]))
