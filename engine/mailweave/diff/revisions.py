"""Folders and files as they are on disk, or as they were in a revision of git.

A revision is read by `git ls-tree` and `git cat-file` into a temporary folder: no attribute, filter or hook of the
repository changes what is read, and nothing is checked out.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from posixpath import normpath
from tempfile import TemporaryDirectory
from typing import Final, NoReturn

from mailweave.diagnostics import MailweaveError, diagnose
from mailweave.library_paths import PROJECT, libraries

_PATIENCE: Final = 60  # seconds for one command of git
_MOST_FILES: Final = 5_000
_MOST_BYTES: Final = 200_000_000


@contextmanager
def opened(named: str) -> Iterator[Path]:
    """A path for as long as it is needed: `named` itself where it is there, else `REVISION:path` of the repository.

    The path in a revision counts from the root of the repository, or, written as `./path`, from the current folder.

    Raises MailweaveError.
    """
    if Path(named).exists() or ":" not in named:
        yield Path(named)
        return
    revision, _, path = named.partition(":")
    with TemporaryDirectory(prefix="mailweave-") as folder:
        yield _taken(named, revision, path, Path(folder).resolve())


def _taken(named: str, revision: str, path: str, into: Path) -> Path:
    commit = _commit(named, revision)
    inside = f"{commit}:{path.rstrip('/')}"
    kind = _git(named, "cat-file", "-t", inside).decode().strip()
    if kind == "blob":
        file = into / PurePosixPath(path).name
        file.write_bytes(_git(named, "cat-file", "blob", inside))
        return file
    if kind != "tree":
        _refuse(named, f"`{path}` is neither a folder nor a file there")
    place = _place(named, path)
    folder = into / "project" / place
    _tree(named, inside, folder)
    _libraries(named, commit, place, into / "project")
    return folder


def _place(named: str, path: str) -> PurePosixPath:
    """A path of the repository from its root, without `..`."""
    prefix = _git(named, "rev-parse", "--show-prefix").decode().strip() if path.startswith(".") else ""
    place = PurePosixPath(normpath(f"/{prefix}{path}")).relative_to("/")
    return place if place.parts else PurePosixPath("campaign")


def _libraries(named: str, commit: str, campaign: PurePosixPath, into: Path) -> None:
    """The libraries of a campaign, as they were in the revision, beside it; what is missing is told by its check."""
    shared = [one for one in libraries(into / campaign) if one.is_relative_to(into) and not one.exists()]
    for around in campaign.parents if shared else ():
        _blob(commit, around / PROJECT, into)
    for library in shared:
        place = library.relative_to(into).as_posix()
        if _run(["cat-file", "-t", f"{commit}:{place}"]).stdout.strip() == b"tree":
            _tree(named, f"{commit}:{place}", library)


def _blob(commit: str, place: PurePosixPath, into: Path) -> None:
    found = _run(["cat-file", "blob", f"{commit}:{place.as_posix()}"])
    if not found.returncode:
        _write(into / place, found.stdout)


def _commit(named: str, revision: str) -> str:
    """The hash of a revision, so that no name is taken for an option."""
    found = _git(named, "rev-parse", "--verify", "--quiet", "--end-of-options", revision + "^{commit}")
    return found.decode().strip()


def _tree(named: str, inside: str, folder: Path) -> None:
    entries = _git(named, "ls-tree", "-r", "-z", "-l", "--full-tree", inside).split(b"\0")[:-1]
    if len(entries) > _MOST_FILES:
        _refuse(named, f"it has more than {_MOST_FILES:,} files")
    left = _MOST_BYTES
    folder.mkdir(parents=True)
    for entry in entries:
        about, _, name = entry.partition(b"\t")
        mode, _, blob, size = about.split()
        path = PurePosixPath(name.decode("utf-8", "surrogateescape"))
        if mode not in (b"100644", b"100755"):
            _refuse(named, f"`{path}` is a link or a submodule; compare folders instead")
        left -= int(size)
        if left < 0 or path.is_absolute() or ".." in path.parts:
            _refuse(named, f"`{path}` cannot be read from there")
        _write(folder / path, _git(named, "cat-file", "blob", blob.decode()))


def _write(file: Path, data: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)


def _git(named: str, *arguments: str) -> bytes:
    try:
        ran = _run(arguments)
    except FileNotFoundError:
        _refuse(named, "there is no such path, and git, which could look into a revision, is not installed")
    except subprocess.TimeoutExpired:
        _refuse(named, "git does not answer")
    if ran.returncode:
        said = ran.stderr.decode("utf-8", "replace").strip().splitlines()
        why = f" (git: {said[-1]})" if said else ""
        _refuse(named, f"it is neither a path nor REVISION:path of this repository{why}")
    return ran.stdout


def _run(arguments: Sequence[str]) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(["git", *arguments], capture_output=True, timeout=_PATIENCE, check=False)


def _refuse(named: str, what: str) -> NoReturn:
    raise MailweaveError([diagnose("MW024", place=named, what=what)])
