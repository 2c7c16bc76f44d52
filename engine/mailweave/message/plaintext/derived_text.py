"""What becomes of HTML as plain text."""

from __future__ import annotations

from dataclasses import dataclass

from mailweave.diagnostics import Diagnostic


@dataclass(frozen=True, slots=True)
class TextTemplate:
    """A plain-text part as a Liquid template; to be compiled without escaping for HTML."""

    source: str
    diagnostics: tuple[Diagnostic, ...]
