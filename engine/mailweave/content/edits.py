"""What inlining gives back, and how edits are made in an author's own text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from mailweave.diagnostics import Diagnostic
from mailweave.source import Span


@dataclass(frozen=True, slots=True)
class Inlined:
    """A template whose CSS was inlined while it still held its Liquid.

    `source` is the template, Liquid kept. `diagnostics` says what was found and which way was taken. `exact`
    means: a browser computes the same style for every element of the rendered `source` as for the template rendered
    as it came. Where it is false, `source` is the template as it came, to be inlined per recipient.
    """

    source: str
    diagnostics: tuple[Diagnostic, ...]
    exact: bool


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """A replacement of a span of the author's text."""

    span: Span
    text: str


def edited(text: str, edits: Iterable[Edit]) -> str:
    """`text` with `edits` made; they do not overlap.

    >>> edited("<p>x</p>", [Edit(Span(2, 2), ' style="color:red"')])
    '<p style="color:red">x</p>'
    """
    out, at = [], 0
    for edit in sorted(edits):
        out += [text[at : edit.span.start], edit.text]
        at = edit.span.stop
    return "".join([*out, text[at:]])
