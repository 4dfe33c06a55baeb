"""The two commits of a release, and what the Action installs: by digest or not at all."""

import hashlib
import re
import shutil
import sys

import pack
from kit import ROOT, WORK, Skipped, environment, run, write

PLACE = "action/digests.txt"


def names_of_release() -> list:
    """The archives and wheels of this version, one of each for every target."""
    release = (ROOT / ".github/workflows/build.yml").read_text()
    targets = re.findall(r"\{ target: ([a-z0-9_-]+),", release)
    assert len(targets) == 8 and "aarch64-pc-windows-msvc" in targets, targets
    archives = [f"alignlint-{pack.VERSION}-{target}.tar.gz" for target in targets]
    return archives + [f"alignlint-{pack.VERSION}-py3-none-platform{number}.whl" for number, _ in enumerate(targets)]


def the_digests_here_are_none_or_those_of_a_release() -> None:
    sys.path.insert(0, str(ROOT / "build"))
    import release as script

    text = (ROOT / PLACE).read_text()
    assert script.broken(text) == "", script.broken(text)
    names = [line.split()[1] for line in script.split(text)[1].splitlines()]
    ours = [name for name in names if name.startswith(f"alignlint-{pack.VERSION}-")]
    archives = [name for name in names_of_release() if name.endswith(".gz")]
    assert not ours or (sorted(name for name in ours if name.endswith(".gz")) == sorted(archives) and len(ours) == 16), ours


def the_tagged_commit_adds_digests_alone() -> None:
    folder = WORK / "release"
    shutil.rmtree(folder, ignore_errors=True)
    own = environment(folder / "home", [])
    work, out = folder / "work", folder / "out"
    write(work, {PLACE: (ROOT / PLACE).read_text().split("\n\n")[0], "a": "1\n"})
    shutil.copytree(ROOT / "build", work / "build", ignore=shutil.ignore_patterns("__pycache__"))
    write(out, {name: name for name in [*names_of_release(), "SHA256SUMS", "alignlint-linux-x64.tgz"]})
    script = [sys.executable, "-B", "build/release.py"]

    def commit(*more: str) -> str:
        run(["git", "add", "--all"], work, own)
        run(["git", "commit", "--quiet", "--message", "change", *more], work, own)
        return run(["git", "rev-parse", "HEAD"], work, own)

    run(["git", "init", "--quiet"], work, own)
    built = commit()
    run([*script, "built"], work, own, code=1)
    run([*script, "check", out], work, own, code=1)
    run([*script, "digests", out], work, own)
    assert len((work / PLACE).read_text().splitlines()) == 2 + 16
    commit()
    assert run([*script, "built"], work, own) == built
    run([*script, "check", out], work, own)

    # Another file, a file more, a file less and another line.
    name = names_of_release()[0]
    for change, back in (({name: "other"}, {name: name}), ({"alignlint-9.9.9-x.whl": ""}, None)):
        write(out, change)
        assert "not what was built" in run([*script, "check", out], work, own, code=1)
        write(out, back) if back else (out / "alignlint-9.9.9-x.whl").unlink()
    (out / name).rename(out / "x")
    run([*script, "check", out], work, own, code=1)
    (out / "x").rename(out / name)
    run([*script, "check", out], work, own)
    write(work, {"a": "2\n"})
    commit("--amend")
    assert "it may change only" in run([*script, "built"], work, own, code=1)


def the_action_installs_the_wheel_by_its_digest_or_not_at_all() -> None:
    wheels = list((WORK / "wheels").glob("alignlint-*.whl"))
    if not wheels:
        raise Skipped("there is no wheel")
    digest = hashlib.sha256(wheels[0].read_bytes()).hexdigest()
    for name, text, code in (
        ("right", f"{'1' * 64}  alignlint-{pack.VERSION}-other.whl\n{digest}  {wheels[0].name}\n", 0),
        ("wrong", f"{'1' * 64}  {wheels[0].name}\n", 2),
        ("of another version", f"{digest}  alignlint-{pack.VERSION}0-py3-none-any.whl\n", 2),
        ("none", "# none\n", 2),
    ):
        folder = WORK / "installed"
        shutil.rmtree(folder, ignore_errors=True)
        write(folder, {f"action/{file}": (ROOT / "action" / file).read_text() for file in ("install.sh", "check.sh")})
        write(folder, {PLACE: text, "Cargo.toml": (ROOT / "Cargo.toml").read_text()})
        own = environment(
            folder / "home", [], ACTION_FOLDER=str(folder), RUNNER_TEMP=str(folder / "temp"), PIP_NO_INDEX="1",
            PIP_FIND_LINKS=str(WORK / "wheels"), GITHUB_OUTPUT=str(folder / "output"),
        )
        said = run(["bash", "action/install.sh"], folder, own, code)
        assert ("from the wheel; its SHA-256" in said) == (code == 0), f"{name}: {said}"
        assert (folder / "output").exists() == (code == 0), f"{name}: {said}"


CHECKS = {
    f"release: {check.__name__.replace('_', ' ')}": check
    for check in (
        the_digests_here_are_none_or_those_of_a_release,
        the_tagged_commit_adds_digests_alone,
        the_action_installs_the_wheel_by_its_digest_or_not_at_all,
    )
}
