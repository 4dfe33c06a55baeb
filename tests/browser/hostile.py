"""Writes a repository whose records try to break out of the page."""

import json
import pathlib
import subprocess
import sys

HOSTILE = [
    "<script>window.broken = 1</script>",
    "\"><img src=x onerror='window.broken = 2'>",
    "</style></title></svg><script>window.broken = 3</script>",
    "javascript:window.broken=4",
    "<!-- --!> <![CDATA[ ]]> &lt;b&gt; &amp;amp; {{ 7 * 7 }}",
    "\u001b[2J\u0007\u009b31m bell, escape and \u202e reversed",
    "`code` and ` one more",
    "https://attacker.example/track.png",
]


def records():
    decisions, objectives, kpis, assumptions = [], [], [], []
    for number, text in enumerate(HOSTILE):
        decisions.append({
            "id": f"D-{number}{text}", "title": text, "status": "accepted", "date": "2026-10-01", "review-by": "2026-12-01",
            "owner": text, "domain": text, "context": text, "trade-offs": [text], "consequences": text,
        })
        objectives.append({
            "id": f"O-{number}{text}", "title": text, "level": "company", "owner": text, "status": "active", "period": "2026-Q4",
            "key-results": [{"kpi": f"k-{number}{text}", "baseline": text, "target": text}],
        })
        kpis.append({"id": f"k-{number}{text}", "title": text, "owner": text, "definition": text, "on-miss": {"action": text}})
        assumptions.append({"id": f"A-{number}{text}", "statement": text, "owner": text, "status": "open", "last-validated": "2026-09-01"})
    return {"decisions": decisions, "objectives": objectives, "kpis": kpis, "assumptions": assumptions}


def main(folder):
    path = pathlib.Path(folder, "governance", "a'b\"<i>#?%.json")
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(records(), indent=1), encoding="utf-8")
    subprocess.run(["git", "init", "--quiet", folder], check=True)


if __name__ == "__main__":
    main(sys.argv[1])
