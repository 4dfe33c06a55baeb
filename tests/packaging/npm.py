"""The npm packages: the one of this platform and the one that depends on it, installed from files."""

import json
import os
import platform
import shutil
import subprocess

import pack
from kit import ROOT, WORK, Skipped, environment, run, write


def packed() -> tuple:
    """The packages of this platform, of the program that the tests built, and of all platforms."""
    if not shutil.which("npm"):
        raise Skipped("npm is not installed")
    out = WORK / "npm"
    out.mkdir(parents=True, exist_ok=True)
    processor = {"x86_64": "x86_64", "aarch64": "aarch64", "arm64": "aarch64"}[platform.machine()]
    system = {"Linux": "unknown-linux-musl", "Darwin": "apple-darwin"}[platform.system()]
    return pack.npm(WORK / "alignlint", f"{processor}-{system}", out), pack.npm_main(out)


def installed(name: str, packages: list, *options: str) -> tuple:
    folder = WORK / f"npm-{name}"
    shutil.rmtree(folder, ignore_errors=True)
    node = [os.path.dirname(shutil.which(tool) or "") for tool in ("node", "npm")]
    own = environment(folder / "home", node, npm_config_update_notifier="false", npm_config_registry="http://127.0.0.1:1", npm_config_fetch_retries="0")
    # The packages of other platforms are nowhere, as on a machine whose npm leaves them out.
    files = {package.name: f"file:{package}" for package in packages}
    write(folder, {"package.json": json.dumps({"name": "x", "private": True})})
    run(["npm", "install", "--no-audit", "--no-fund", "--foreground-scripts", *options, *files.values()], folder, own)
    return folder, own


def it_runs_where_another_platforms_package_is_missing() -> str:
    own_package, main = packed()
    folder, own = installed("all", [own_package, main])
    found = sorted(path.name for path in (folder / "node_modules/@alignlint").iterdir())
    assert len(found) == 1, found
    program = folder / "node_modules/.bin/alignlint"
    assert run([program, "--version"], folder, own).startswith(f"alignlint {pack.VERSION}")
    clean = [program, "-C", ROOT / "examples/clean", "--as-of", "2026-11-20", "--fail-on", "note"]
    assert "No findings" in run(clean, folder, own)
    # The exit code, standard input and a signal pass through.
    assert "eleven" not in run([program, "-C", ROOT / "examples/drifting", "--as-of", "2026-11-20"], folder, own, code=1)
    run([program, "--format", "nothing"], folder, own, code=2)
    manifests = [json.loads(path.read_text()) for path in (folder / "node_modules").rglob("package.json")]
    assert len(manifests) == 2 and not any("scripts" in manifest for manifest in manifests), manifests
    return f"{own_package.stat().st_size >> 20} MiB"


def without_its_package_it_says_what_to_do() -> None:
    folder, own = installed("none", [packed()[1]])
    said = run([folder / "node_modules/.bin/alignlint", "--version"], folder, own, code=2)
    assert "is not installed" in said and "--omit=optional" in said, said


CHECKS = {f"npm: {check.__name__.replace('_', ' ')}": check for check in (it_runs_where_another_platforms_package_is_missing, without_its_package_it_says_what_to_do)}
