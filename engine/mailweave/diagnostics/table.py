"""The one table of codes, and the one way to make a finding from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from mailweave.diagnostics.codes import (
    amp,
    batch,
    campaign,
    content,
    data,
    decisions,
    editors,
    events,
    insight,
    links,
    lint,
    liquid,
    markup,
    migrate,
    mjml,
    payloads,
    proofs,
    rules,
    sending,
    service,
    sources,
    spark,
    triggers,
)
from mailweave.diagnostics.model import Code, Diagnostic, Fix, Related, Witness
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
    module.CODES
    for module in (
        *(
            campaign,
            rules,
            decisions,
            liquid,
            markup,
            content,
            mjml,
            migrate,
            amp,
            links,
            events,
            payloads,
            sending,
        ),
        *(service, sources, insight, batch, data, spark, triggers, editors, proofs),
        lint,
    )
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
    shown_by: Witness | None = None,
    **facts: object,
) -> Diagnostic:
    """A finding of kind `code`; `facts` fill its message and help.

    `shown_by`: who shows it. `help` that asks ("did you mean ..?") is put before the
    table's own; advice for just this case takes its place.
    """
    row = TABLE[code]
    return Diagnostic(
        row.id,
        row.name,
        row.severity,
        row.message.format(**facts),
        source,
        span,
        _advice(help, row.help.format(**facts)),
        fix,
        related,
        place,
        shown_by,
    )


def _advice(special: str, general: str) -> str:
    asks = not special or special.endswith("?")
    return " ".join(text for text in (special, general) if text) if asks else special
