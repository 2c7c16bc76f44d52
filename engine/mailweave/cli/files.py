"""Files that a verb is given: a file and what lies beside it, or standard input.

A file is read through the root of the campaign around it, or else of its folder: a link that leads out of there is
refused, and so is what is no plain file, before anything waits for it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import click

from mailweave.cli.findings import fail
from mailweave.content.files import TEXT, refusal
from mailweave.diagnostics import Diagnostic, diagnose
from mailweave.root import Refused, Root
from mailweave.source import Source

STDIN, SETTINGS = "-", "campaign.toml"


def read(file: str, errors: str = "surrogateescape") -> Source:
    """A template with its name; `-` is standard input. What is not UTF-8 is left to be reported in place."""
    if file == STDIN:
        return Source("<stdin>", stdin().decode("utf-8", errors))
    data, found = content(Path(file))
    if data is None:
        fail(found)
    return Source(file, data.decode("utf-8", errors))


def campaign_of(file: Path) -> Path | None:
    """The nearest folder above `file` that holds a campaign, or None."""
    return next((folder for folder in file.parents if (folder / SETTINGS).is_file()), None)


def bounded(source: Source, css: Source | None = None) -> None:
    """Ends the verb where a template would take too long to inline."""
    from mailweave.content.limits import within_limits  # brings all of Liquid

    found = within_limits([source], [] if css is None else [css])
    if found:
        fail(found)


def stdin(most: int = TEXT) -> bytes:
    """What stands in standard input, which is bounded as files are. Ends the verb where it is more."""
    data = sys.stdin.buffer.read(most + 1)
    if len(data) > most:
        fail([diagnose("MW051", place="<stdin>", path="<stdin>", most=most)])
    return data


def content(file: Path, most: int = TEXT) -> tuple[bytes | None, tuple[Diagnostic, ...]]:
    """The bytes of a file that somebody named, or why it is not read."""
    path = Path(os.path.abspath(file))  # noqa: PTH100  # the way as it was named: `resolve` would follow links
    folder = campaign_of(path) or path.parent
    try:
        return Root(folder).data(path.relative_to(folder).as_posix(), most), ()
    except Refused as refused:
        shown = file.as_posix()
        if refused.kind == "missing":
            todo = "name a file that is there"
            return None, (diagnose("MW001", place=shown, what=shown, todo=todo),)
        return None, (refusal(refused, shown, most=most, where="the folder that it is named in"),)


def text(file: Path) -> tuple[str | None, tuple[Diagnostic, ...]]:
    """The UTF-8 text of a file that somebody named, its line ends as they are, or why it is not read."""
    data, found = content(file)
    if data is None:
        return None, found
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError:
        name = file.as_posix()
        return None, (diagnose("MW006", place=name, what=file.name, why_not="not UTF-8 text"),)


def lf(text: str) -> str:
    """The text with each line ended by LF."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def write(text: str) -> None:
    """Writes a template to standard output, byte for byte what was read where nothing was changed."""
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8", "surrogateescape"))
    sys.stdout.buffer.flush()


def beside(file: str) -> Callable[[str], str | None]:
    """Gives the text of a file in the folder of `file`, or None: nothing above it, nothing elsewhere."""
    root = Root(Path.cwd() if file == STDIN else Path(file).parent)

    def resolve(href: str) -> str | None:
        try:
            return lf(root.data(href.partition("?")[0], TEXT).decode("utf-8", "replace"))
        except Refused:
            return None

    return resolve


def replace_text(path: Path, text: str) -> None:
    """The whole text or the old one, whatever happens; the file's mode stays, and a link stays one."""
    path = path.resolve()
    part = path.with_name(f".{path.name}.part")
    try:
        part.unlink(missing_ok=True)  # never written through, should it be a link
        with part.open("x", encoding="utf-8", newline="") as stream:
            stream.write(text)
        part.chmod(path.stat().st_mode)
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise click.UsageError(f"{path}: cannot be written: {error.strerror}") from None
