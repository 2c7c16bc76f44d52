"""What changes a text, in the protocol's own words: formatting, fixes, renames; and findings, which ask for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from lsprotocol import types as t
from pygls import uris

from mailweave.diagnostics import RuleError
from mailweave.lsp.desk import Desk
from mailweave.lsp.findings import Found, Mend, Range
from mailweave.lsp.renaming import Rename
from mailweave.lsp.texts import Text
from mailweave.rules.formatter import format_source
from mailweave.source import Source, Span

_SEVERITIES: Final[Mapping[str, t.DiagnosticSeverity]] = {
    "error": t.DiagnosticSeverity.Error,
    "warning": t.DiagnosticSeverity.Warning,
    "note": t.DiagnosticSeverity.Information,
}


def uri_of(path: str) -> str:
    """A file as the protocol names it."""
    return uris.from_fs_path(path) or f"file://{path}"


def workspace_edit(desk: Desk, made: Rename) -> t.WorkspaceEdit:
    """The edits of a rename, file by file."""
    changes: dict[str, list[t.TextEdit]] = {}
    for one in made.edits:
        place = t.TextEdit(desk.text(one.path).range(one.span), one.text)
        changes.setdefault(uri_of(one.path), []).append(place)
    return t.WorkspaceEdit(changes=changes)


def formatted(desk: Desk, path: str) -> list[t.TextEdit]:
    """What brings a rule text into its canonical form; nothing where it does not parse, or is no rule text."""
    text = desk.text(path)
    if not path.endswith(".rules"):
        return []
    try:
        after = format_source(Source(path, text.text))
    except RuleError:
        return []
    return [] if after == text.text else list(_changes(text, after))


def _changes(text: Text, after: str) -> Iterator[t.TextEdit]:
    """The lines that differ, and no others: carets and folds of the rest stay."""
    before, lines = text.text.splitlines(keepends=True), after.splitlines(keepends=True)
    same = 0
    while same < min(len(before), len(lines)) and before[same] == lines[same]:
        same += 1
    ends = 0
    while ends < min(len(before), len(lines)) - same and before[-1 - ends] == lines[-1 - ends]:
        ends += 1
    start = sum(map(len, before[:same]))
    stop = len(text.text) - sum(map(len, before[len(before) - ends :]))
    yield t.TextEdit(text.range(Span(start, stop)), "".join(lines[same : len(lines) - ends]))


def diagnostics(found: Iterable[Found]) -> list[t.Diagnostic]:
    """Findings as editors show them."""
    return [
        t.Diagnostic(
            range=_range(one.range),
            severity=_SEVERITIES[one.severity],
            code=one.code,
            source="mailweave",
            message=f"{one.message}\n{one.help}" if one.help else one.message,
            related_information=[
                t.DiagnosticRelatedInformation(
                    t.Location(uri_of(each.path), _range(each.range)), each.message
                )
                for each in one.related
            ]
            or None,
            data={"name": one.name},
        )
        for one in found
    ]


def _range(range: Range) -> t.Range:
    return t.Range(t.Position(range[0], range[1]), t.Position(range[2], range[3]))


def quick_fixes(desk: Desk, path: str, asked: t.Range, found: Iterable[Found]) -> list[t.CodeAction]:
    """What mends the findings in a range: those whose text still stands as it was judged."""
    text = desk.text(path)
    span = text.span(asked)
    actions = []
    for one in found:
        mend, at = one.mend, text.span(_range(one.range))
        if mend is None or at.stop < span.start or at.start > span.stop:
            continue
        if mend.path == path and _stands(text, mend):
            edit = t.WorkspaceEdit(changes={uri_of(path): [t.TextEdit(_range(mend.range), mend.text)]})
            title = f"Replace with `{mend.text}`" if mend.text else "Take it out"
            actions.append(
                t.CodeAction(
                    title,
                    kind=t.CodeActionKind.QuickFix,
                    diagnostics=diagnostics([one]),
                    is_preferred=mend.sure,
                    edit=edit,
                )
            )
    return actions


def _stands(text: Text, mend: Mend) -> bool:
    span = text.span(_range(mend.range))
    return text.text[span.start : span.stop] == mend.replaces
