"""The one door to files that others wrote: a folder that nothing read through it can lead out of.

A root opens a path one step at a time, each step from the folder before it, and follows a symbolic link only by
reading where it leads. So what is checked is what is opened, even while somebody changes the folder.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path
from typing import Final, Literal, TypeAlias, TypeVar, cast

_T = TypeVar("_T")
Kind: TypeAlias = Literal["missing", "outside", "special", "large", "crowded", "unreadable"]

LINKS: Final = 16  # symbolic links on the way to one file
ENTRIES: Final = 10_000  # names in one folder
_UNSAVED: ContextVar[Mapping[str, str]] = ContextVar("unsaved")
_READ: ContextVar[dict[tuple[str, Path, str], object] | None] = ContextVar("read", default=None)
_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0)
_FILE = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)
_CLOSED = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
_SPECIAL = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


class Refused(Exception):
    """A path that is not read. `what` says in words what stands there, or which limit it passes."""

    def __init__(self, kind: Kind, path: str, what: str) -> None:
        self.kind, self.path, self.what = kind, path, what
        super().__init__(f"{path}: {what}")


@contextmanager
def laid_over(texts: Mapping[str, str]) -> Iterator[None]:
    """Within it, roots read these texts in place of files that are there: what an editor has not saved yet, by real path.

    What may be read stays as it was: a text lies over a file only where the file itself would be read.

    >>> file = Path("fixtures/campaigns/smallest/main.rules")
    >>> with laid_over({os.path.realpath(file): "segment a = b"}):
    ...     Root(file.parent).text(file.name, 1_000)
    'segment a = b'
    """
    before = _UNSAVED.set(texts)
    try:
        yield
    finally:
        _UNSAVED.reset(before)


@contextmanager
def read_once() -> Iterator[None]:
    """Within it, roots read each file and each folder once: all who ask have what was there the first time.

    So a compilation is of one reading, whatever is saved meanwhile; and one that reads a file for three ends opens it once.
    Within another one it changes nothing.
    """
    before = None if _READ.get() is not None else _READ.set({})
    try:
        yield
    finally:
        if before is not None:
            _READ.reset(before)


def written(data: bytes, errors: str = "strict") -> str:
    """The UTF-8 text of a file: each line ended by LF, and a blank for a mark of byte order in front, so that all places
    are those of the file. Raises UnicodeDecodeError.

    >>> written(b"\\xef\\xbb\\xbfa\\r\\nb")
    ' a\\nb'
    """
    text = data.decode("utf-8", errors)
    text = f" {text[1:]}" if text.startswith("\ufeff") else text
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


class Root:
    """A folder, and what may be read of it: plain files and folders below it, by relative paths.

    Links that stay inside are followed; one that leads out is refused, and so are named pipes, sockets and devices,
    none of which is opened. `at` is a folder inside, to which the paths of a view are relative.

    >>> Root(Path("fixtures/campaigns/smallest")).text("main.rules", 1_000)[:7]
    'ruleset'
    >>> Root(Path("fixtures/campaigns/smallest")).text("../cdnow-winback/campaign.toml", 1_000)
    Traceback (most recent call last):
    mailweave.root.Refused: ../cdnow-winback/campaign.toml: it lies outside the folder
    """

    __slots__ = ("_at", "path")

    def __init__(self, path: Path, at: str = "") -> None:
        self.path, self._at = Path(os.path.realpath(path)), at  # `resolve` fails on a link to itself

    @property
    def folder(self) -> Path:
        """The folder of a view, to be named or watched; what lies in it is read through the root."""
        return self.path / self._at.lstrip("/")

    def below(self, folder: str) -> Root:
        """A view of a folder inside; links in it may still lead anywhere in this root."""
        return Root(self.path, f"{self._at}/{folder}" if self._at else folder)

    def text(self, name: str, most: int) -> str:
        """The UTF-8 text of a file of at most `most` bytes, its lines ended by LF, as `written` reads it.

        Raises `Refused` and UnicodeDecodeError.
        """
        return written(self.data(name, most))

    def data(self, name: str, most: int) -> bytes:
        """The bytes of a file, at most `most`. Raises `Refused`."""
        content = self._once("data", name, lambda: self._data(name, most))
        if content is None or len(content) > most:
            raise Refused("large", name, f"it has more than {most} bytes")
        return content

    def _data(self, name: str, most: int) -> bytes | None:
        with self._opened(name) as (descriptor, kind):
            if not stat.S_ISREG(kind):
                raise Refused("special", name, f"it is {_words(kind)}, not a file")
            unsaved = self._unsaved(name)
            return _content(descriptor, most) if unsaved is None else unsaved

    def _once(self, what: str, name: str, read: Callable[[], _T]) -> _T:
        """What is read, or was within `read_once`. What was refused, or too large for who asked, is looked at again."""
        known = _READ.get()
        if known is None or name.startswith("/"):  # which is refused
            return read()
        key = what, self.path, "/".join(reversed(_steps(f"{self._at}/{name}")))
        if known.get(key) is None:
            known[key] = read()
        return cast(_T, known[key])

    def _unsaved(self, name: str) -> bytes | None:
        """What an editor holds of a file, where it holds one."""
        texts = _UNSAVED.get({})
        text = texts.get(os.path.realpath(self.path / f"{self._at}/{name}".lstrip("/"))) if texts else None
        return None if text is None else text.encode("utf-8", "surrogateescape")

    def is_folder(self, name: str = "") -> bool:
        """Whether there is a folder of this name. Raises `Refused` for what is there and may not be entered."""
        return self._once("is folder", name, lambda: self._is_folder(name))

    def _is_folder(self, name: str) -> bool:
        try:
            with self._opened(name) as (_, kind):
                return stat.S_ISDIR(kind)
        except Refused as refused:
            if refused.kind in ("missing", "special"):
                return False
            raise

    def names(self, name: str = "") -> tuple[str, ...]:
        """The names in a folder, sorted. Raises `Refused`."""
        return self._once("names", name, lambda: self._names(name))

    def _names(self, name: str) -> tuple[str, ...]:
        with self._opened(name) as (descriptor, kind):
            if not stat.S_ISDIR(kind):
                raise Refused("special", name, f"it is {_words(kind)}, not a folder")
            found = _listed(descriptor)
        if len(found) > ENTRIES:
            raise Refused("crowded", name, f"it holds more than {ENTRIES} files")
        return tuple(sorted(found))

    @contextmanager
    def _opened(self, name: str) -> Iterator[tuple[int, int]]:
        """An open file or folder with the mode that it has; what is neither is not opened."""
        if name.startswith("/"):
            raise Refused("outside", name, "it lies outside the folder")
        walk = _Walk(self.path, name)
        try:
            yield walk.to(f"{self._at}/{name}")
        except OSError as error:
            gone = isinstance(error, (FileNotFoundError, NotADirectoryError))
            why = "it is missing" if gone else (error.strerror or "it cannot be read").lower()
            raise Refused("missing" if gone else "unreadable", name, why) from None
        except ValueError:  # a NUL in the name
            raise Refused("missing", name, "it is missing") from None
        finally:
            walk.close()


def plain(path: Path, most: int) -> bytes:
    """The bytes of a file that somebody named, wherever it lies; at most `most`. Raises `Refused`.

    Links are followed. A named pipe or a device is not waited for.

    >>> plain(Path("fixtures/campaigns/smallest/main.rules"), 1_000)[:7]
    b'ruleset'
    """
    with _plain(path) as descriptor:
        content = _content(descriptor, most)
    if content is None:
        raise Refused("large", str(path), f"it has more than {most} bytes")
    return content


def check_plain(path: Path) -> None:
    """Raises `Refused` where a path leads to no plain file that can be opened."""
    with _plain(path):
        pass


@contextmanager
def _plain(path: Path) -> Iterator[int]:
    """A plain file, opened without waiting."""
    shown = str(path)
    try:
        kind = path.stat().st_mode  # a device may act when it is opened
        if not stat.S_ISREG(kind):
            raise Refused("special", shown, f"it is {_words(kind)}, not a file")
        descriptor = os.open(path, _FILE | getattr(os, "O_CLOEXEC", 0))
    except OSError as error:
        gone = isinstance(error, (FileNotFoundError, NotADirectoryError))
        why = "it is missing" if gone else (error.strerror or "it cannot be read").lower()
        raise Refused("missing" if gone else "unreadable", shown, why) from None
    except ValueError:  # a NUL in the name
        raise Refused("missing", shown, "it is missing") from None
    try:
        kind = os.fstat(descriptor).st_mode
        if not stat.S_ISREG(kind):
            raise Refused("special", shown, f"it is {_words(kind)}, not a file")
        yield descriptor
    finally:
        os.close(descriptor)


class _Walk:
    """One way through a root: the folders that are open, from the root down."""

    def __init__(self, root: Path, shown: str) -> None:
        self._root, self._shown, self._links = root, shown, 0
        self._open: list[int] = []

    def to(self, path: str) -> tuple[int, int]:
        self._open.append(os.open(self._root, _FOLDER | _CLOSED))
        left = _steps(path)
        while left:
            step = left.pop()
            if step == "..":
                self._up()
                continue
            kind = os.stat(step, dir_fd=self._open[-1], follow_symlinks=False).st_mode
            if stat.S_ISLNK(kind):
                left += self._target(step)
            else:
                self._enter(step, kind, last=not left)
        return self._open[-1], os.fstat(self._open[-1]).st_mode

    def _up(self) -> None:
        if len(self._open) < 2:
            raise Refused("outside", self._shown, "it lies outside the folder")
        os.close(self._open.pop())

    def _enter(self, step: str, kind: int, *, last: bool) -> None:
        if not (stat.S_ISDIR(kind) or (last and stat.S_ISREG(kind))):
            what = f"it is {_words(kind)}, not a file" if not stat.S_ISREG(kind) else "it is missing"
            raise Refused("missing" if stat.S_ISREG(kind) else "special", self._shown, what)
        flags = (_FOLDER if stat.S_ISDIR(kind) else _FILE) | _CLOSED
        self._open.append(os.open(step, flags, dir_fd=self._open[-1]))

    def _target(self, step: str) -> list[str]:
        """The steps of a link, the last one first; an absolute one begins at the root, or leads out."""
        self._links += 1
        target = os.readlink(step, dir_fd=self._open[-1])
        if self._links > LINKS:
            raise Refused("outside", self._shown, "it is a symbolic link that leads nowhere")
        if not target.startswith("/"):
            return _steps(target)
        if not Path(target).is_relative_to(self._root):
            raise Refused("outside", self._shown, "it is a symbolic link that leads out of the folder")
        while len(self._open) > 1:
            os.close(self._open.pop())
        return _steps(str(Path(target).relative_to(self._root)))

    def close(self) -> None:
        for descriptor in self._open:
            with suppress(OSError):
                os.close(descriptor)


def _steps(path: str) -> list[str]:
    return [step for step in reversed(path.split("/")) if step not in ("", ".")]


def _content(descriptor: int, most: int) -> bytes | None:
    """What a file holds, or None where that is too much. Its size is only a first word: files grow."""
    if os.fstat(descriptor).st_size > most:
        return None
    pieces, left = [], most + 1
    while left and (piece := os.read(descriptor, min(left, 1 << 20))):
        pieces.append(piece)
        left -= len(piece)
    return b"".join(pieces) if left else None


def _listed(descriptor: int) -> list[str]:
    found: list[str] = []
    with os.scandir(descriptor) as entries:
        for entry in entries:
            found.append(entry.name)
            if len(found) > ENTRIES:
                break
    return found


def _words(kind: int) -> str:
    return next((words for test, words in _SPECIAL if test(kind)), "something else")
