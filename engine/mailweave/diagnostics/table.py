"""The one table of codes, and the one way to make a finding from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from mailweave.diagnostics.codes import amp, batch, campaign, content, decisions, liquid, markup, rules, spark
from mailweave.diagnostics.model import Code, Diagnostic, Fix, Related
from mailweave.source import Source, Span


def _table(groups: Iterable[tuple[Code, ...]]) -> Mapping[str, Code]:
    table: dict[str, Code] = {}
    for group in groups:
        for code in group:
            if code.id in table:
                raise ValueError(f"two codes are called {code.id}")
            table[code.id] = code
    return MappingProxyType(dict(sorted(table.items())))


TABLE: Mapping[str, Code] = _table(
    module.CODES for module in (campaign, rules, decisions, liquid, markup, content, amp, batch, spark)
)


def diagnose(
    code: str,
    source: Source | None = None,
    span: Span | None = None,
    *,
    place: str = "",
    help: str = "",
    fix: Fix | None = None,
    related: tuple[Related, ...] = (),
    **facts: object,
) -> Diagnostic:
    """A finding of kind `code`; `facts` fill its message and help.

    `help` is put before the table's own help: a "did you mean", for example.
    """
    row = TABLE[code]
    helps = (help, row.help.format(**facts) if row.help else "")
    return Diagnostic(
        row.id,
        row.name,
        row.severity,
        row.message.format(**facts),
        source,
        span,
        "; ".join(text for text in helps if text).replace("?; ", "? "),
        fix,
        related,
        place,
    )
