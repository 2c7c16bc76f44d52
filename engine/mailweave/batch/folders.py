"""The folder of an output: where a batch works, what is told there, and a disk that refuses."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from mailweave.batch.disk import Disk
from mailweave.batch.ledger import DEAD, LEFT_OUT, REPORT, REPORT_PAGE, BatchError, refuse_unasked
from mailweave.batch.report import page
from mailweave.campaign import Campaign
from mailweave.diagnostics import diagnose

REPORTS: Final = (REPORT, REPORT_PAGE)
_ANOTHER: Final = "name another folder; nothing here has been changed"


@contextmanager
def place(out: Path, dry_run: bool) -> Iterator[Path]:
    """The folder that a batch works in: the output, or one that is left with nothing but reports and letters."""
    if out.exists() and not out.is_dir():
        help = "name a folder, or one that is to be made"
        raise BatchError([diagnose("MW810", place=str(out), what="it is no folder", help=help)])
    if not dry_run:
        yield out
        return
    refuse_unasked(out, resume=False, dry_run=True)
    out.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".dry-run-", dir=out) as name:
        yield Path(name)
        for told in (*REPORTS, DEAD, LEFT_OUT):
            (out / told).unlink(missing_ok=True)
            if (Path(name) / told).exists():
                Disk().rename(Path(name) / told, out / told)


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """A disk that refuses is a finding."""
    try:
        yield
    except OSError as error:
        what = f"{error.strerror or type(error).__name__}" + (f": {error.filename}" if error.filename else "")
        raise BatchError([diagnose("MW810", place=str(folder), what=what)]) from None


def refuse_full(out: Path) -> None:
    """Raises BatchError where a new folder would be written over something."""
    if out.exists() and not out.is_dir():
        raise BatchError([diagnose("MW810", place=str(out), what="it is no folder", help=_ANOTHER)])
    if out.is_dir() and any(out.iterdir()):
        raise BatchError([diagnose("MW810", place=str(out), what="it is not empty", help=_ANOTHER)])


@contextmanager
def appearing(out: Path) -> Iterator[Path]:
    """A folder beside `out` that becomes it at the end. Raises BatchError for a disk that refuses."""
    try:
        target = out.resolve()
        refuse_full(target)
        target.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=f".{target.name[:40]}-", dir=target.parent) as name:
            made = Path(name) / "made"
            made.mkdir()
            yield made
            made.replace(target)
    except OSError as error:
        what = error.strerror or type(error).__name__
        help = "mend that, and begin anew"
        raise BatchError([diagnose("MW810", place=str(out), what=what, help=help)]) from None


def write_report(folder: Path, report: dict[str, Any], campaign: Campaign) -> None:
    """The report of an output, as JSON and as a page; it says where the links of its mails are to lead, and the id of
    the key that signs them."""
    links = campaign.config.links
    if links is not None:
        report |= {"link_key": links.key, "links": links.model_dump(exclude_none=True)}
    disk = Disk()
    title = f"{campaign.config.name}: {report['rendered']:,} e-mails"
    contents = (json.dumps(report, indent=2) + "\n", page(report, title))
    for name, text in zip(REPORTS, contents, strict=True):
        disk.write(folder / f".{name}.part", text.encode())
        disk.rename(folder / f".{name}.part", folder / name)
