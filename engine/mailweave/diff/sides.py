"""One of two texts that are compared: its rules, checked, and the folder around them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from mailweave.campaign.folder import FolderReader
from mailweave.campaign.folder_files import SETTINGS
from mailweave.campaign.rule_imports import imported_beside
from mailweave.content.files import TEXT, refusal
from mailweave.diagnostics import Diagnostic, MailweaveError, Severity, diagnose, ordered
from mailweave.root import Refused, Root
from mailweave.rules.checked import CheckedDocument
from mailweave.rules.checker import check
from mailweave.rules.parser import parse
from mailweave.source import Source, joined


@dataclass(frozen=True, slots=True)
class Side:
    """`label` is what people call it, `folder` the campaign on disk; None for a rule file by itself."""

    label: str
    document: CheckedDocument
    folder: Path | None


def read_side(label: str, path: Path) -> Side:
    """The rules of a campaign folder, or of a rule file, under the name that a person gave it.

    Raises MailweaveError with every error of the rules.
    """
    sources = _folder(label, path) if path.is_dir() else _file(label, path)
    folder = path if path.is_dir() and (path / SETTINGS).is_file() else None
    return Side(label, _checked(joined(sources)), folder)


def _folder(label: str, path: Path) -> tuple[Source, ...]:
    reader = FolderReader(path, Path(label))
    sources = reader.rules
    if reader.diagnostics or not sources:
        raise MailweaveError(reader.diagnostics or [diagnose("MW014", place=label)])
    return sources


def _file(label: str, path: Path) -> tuple[Source, ...]:
    """A rule file, and what it imports from beside it."""
    source = _text(label, path)
    theirs, found = imported_beside(path, source)
    if found:
        raise MailweaveError(found)
    return (source, *theirs)


def _text(label: str, path: Path) -> Source:
    try:
        return Source(label, Root(path.parent).text(path.name, TEXT))
    except Refused as refused:
        if refused.kind == "missing":
            todo = "name a campaign folder, a rule file, or REVISION:path"
            raise MailweaveError([diagnose("MW001", place=label, what=label, todo=todo)]) from None
        raise MailweaveError([refusal(refused, label, most=TEXT)]) from None
    except UnicodeDecodeError:
        found = diagnose("MW006", place=label, what=label, why_not="not UTF-8 text")
        raise MailweaveError([found]) from None


def _checked(source: Source) -> CheckedDocument:
    parsed = parse(source)
    checked = check(parsed.document, proofs=False)
    if checked.document is None:
        raise MailweaveError(_errors([*parsed.diagnostics, *checked.diagnostics]))
    return checked.document


def _errors(found: list[Diagnostic]) -> tuple[Diagnostic, ...]:
    return ordered(each for each in found if each.severity is Severity.ERROR)
