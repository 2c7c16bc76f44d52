"""`import`: whether each was followed, and what an imported file may hold."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from mailweave.rules import nodes as n
from mailweave.rules.checker.findings import Findings
from mailweave.source import Source

_MAY = (
    n.Import,
    n.Timezone,
    n.Profile,
    n.Event,
    n.Consent,
    n.Score,
    n.Lookup,
    n.Catalog,
    n.RecommendedList,
    n.Let,
    n.Segment,
    n.Tier,
)


def check_imports(document: n.Document, findings: Findings) -> bool:
    """Whether the text is whole: everything that it imports stands behind it."""
    for statement in document.statements:
        if not isinstance(statement, _MAY) and document.source.is_shared(statement.span.start):
            what = document.source.text[statement.span.start :].split(maxsplit=1)[0]
            findings.report("MW282", statement.span, what=what)
    lost = list(_lost(document))
    for one in lost:
        findings.report("MW280", one.file.span, name=one.file.value)
    return not lost


def _lost(document: n.Document) -> Iterator[n.Import]:
    files = [PurePosixPath(source.name) for _, source in document.source.pieces if source.shared]
    for one in document.statements:
        if isinstance(one, n.Import) and not any(_ends(file, one.file.value) for file in files):
            yield one


def _ends(file: PurePosixPath, name: str) -> bool:
    wanted = PurePosixPath(name).parts
    return bool(wanted) and file.parts[-len(wanted) :] == wanted


def are_of_two_files(source: Source, one: n.Node, other: n.Node) -> bool:
    """Whether one of two statements was imported and the other stands in another file."""
    first, second = source.origin(one.span.start)[0], source.origin(other.span.start)[0]
    return first is not second and (first.shared or second.shared)
