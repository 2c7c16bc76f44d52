"""Currencies that templates name and that there are not: each mail that shows one would fail."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from mailweave.campaign.template_checks import Reader
from mailweave.diagnostics import Diagnostic, diagnose, did_you_mean
from mailweave.markup.pieces import pieces
from mailweave.source import Span
from mailweave.values.currencies import currencies, is_currency

_MONEY = re.compile(r"\|\s*money\s*:\s*(?:\"([^\"]*)\"|'([^']*)')")


def unknown_currencies(listed: Iterable[Reader]) -> Iterator[Diagnostic]:
    """An error for each that a template gives `money` in quotes; codes may be in small letters."""
    for reader in listed:
        for piece in pieces(reader.source.text) if "money" in reader.source.text else ():
            for found in _MONEY.finditer(piece.text):
                code = found[1] or found[2] or ""
                if code and not is_currency(code.upper()):
                    span = Span(*found.span(1 if found[1] else 2)).shifted(piece.span.start)
                    help = did_you_mean(code.upper(), currencies())
                    yield diagnose("MW425", reader.source, span, help=help, currency=code)
