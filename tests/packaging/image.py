"""The image: its contents and its run, with Debian's buildah. It needs no daemon and no privileges."""

import io
import json
import os
import shutil
import subprocess
import tarfile

from kit import BAD, GOOD, PERSON, ROOT, WORK, debian, environment, run, write

NAME = "localhost/alignlint:test"
OPTIONS = ["--root", WORK / "image/store", "--runroot", WORK / "image/run", "--storage-driver", "vfs"]


def static() -> str:
    """The program that the tests built, linked once more: without a loader, of which the image has none."""
    link = ["cargo", "rustc", "--quiet", "--bin", "alignlint", "--", "-C", "target-feature=+crt-static"]
    path = os.environ.get("STATIC_ALIGNLINT")
    if not path:
        run(link, ROOT)
        path = WORK.parent / "debug/alignlint"
    (WORK / "image").mkdir(parents=True, exist_ok=True)
    shutil.copy(path, WORK / "image/alignlint")
    subprocess.run(["strip", WORK / "image/alignlint"], check=False)
    return f"{(WORK / 'image/alignlint').stat().st_size >> 20} MiB"


def it_is_built_of_the_program_alone() -> str:
    debian("buildah", "buildah")
    run([ROOT / "build/image.sh", WORK / "image/alignlint", "amd64", NAME, *OPTIONS], WORK)
    config = json.loads(run(["buildah", *OPTIONS, "inspect", "--type", "image", NAME], WORK))["OCIv1"]["config"]
    assert config["User"] == "65532:65532" and config["Entrypoint"] == ["/alignlint"] and config["WorkingDir"] == "/work", config
    archive = WORK / "image/alignlint.tar"
    archive.unlink(missing_ok=True)
    run(["buildah", *OPTIONS, "push", NAME, f"oci-archive:{archive}"], WORK)
    files = {}
    with tarfile.open(archive) as image:
        read = lambda digest: image.extractfile(f"blobs/sha256/{digest.removeprefix('sha256:')}").read()
        index = json.loads(image.extractfile("index.json").read())
        for layer in json.loads(read(index["manifests"][0]["digest"]))["layers"]:
            with tarfile.open(fileobj=io.BytesIO(read(layer["digest"]))) as contents:
                files |= {member.name.strip("/"): member for member in contents if member.name.strip("/")}
    assert sorted(files) == ["LICENSE-APACHE", "LICENSE-MIT", "alignlint", "work"], sorted(files)
    assert not any(member.mode & 0o6022 for member in files.values()), "nothing is set-user-id or written by others"
    return f"{archive.stat().st_size >> 20} MiB"


def a_dynamic_program_is_refused() -> None:
    debian("buildah", "buildah")
    said = run([ROOT / "build/image.sh", shutil.which("git"), "amd64", f"{NAME}-none", *OPTIONS], WORK, code=1)
    assert "has to be static" in said, said


def it_checks_a_mounted_repository_without_root() -> None:
    debian("buildah", "buildah")
    folder = WORK / "image/repository"
    shutil.rmtree(folder, ignore_errors=True)
    write(folder, {"governance/ada.yaml": PERSON, "governance/decisions.yaml": GOOD})
    own = environment(WORK / "image/home", [])
    for arguments in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "--message", "all"]):
        run(["git", *arguments], folder, own)
    container = run(["buildah", *OPTIONS, "from", NAME], WORK).split()[-1]
    try:
        start = ["buildah", *OPTIONS, "run", "--isolation", "chroot", "--volume", f"{folder}:/work:ro", container, "--", "/alignlint"]
        assert "No findings" in run(start, WORK)
        assert "Git" not in run([*start, "--rev", "HEAD"], WORK)
        write(folder, {"governance/decisions.yaml": BAD})
        assert "the owner `bob` of `D-1`" in run(start, WORK, code=1)
    finally:
        run(["buildah", *OPTIONS, "rm", container], WORK)


CHECKS = {"image: the program is linked statically": static} | {
    f"image: {check.__name__.replace('_', ' ')}": check
    for check in (it_is_built_of_the_program_alone, a_dynamic_program_is_refused, it_checks_a_mounted_repository_without_root)
}
