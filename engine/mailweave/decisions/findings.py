"""What can be said about the decisions of a checked text before anybody is decided."""

from __future__ import annotations

from collections.abc import Iterator

from mailweave.diagnostics import Diagnostic
from mailweave.rules.checked import CheckedDocument


def findings(document: CheckedDocument) -> tuple[Diagnostic, ...]:
    """All findings about slots, matrices and experiments."""
    return tuple(_all(document))


def _all(document: CheckedDocument) -> Iterator[Diagnostic]:
    yield from ()
