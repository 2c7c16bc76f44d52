"""The findings of the walk alone, for a text as its author wrote it."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from mailweave.diagnostics import Diagnostic
from mailweave.liquid.contexts.model import STARTS
from mailweave.liquid.contexts.source_tree import authored
from mailweave.liquid.contexts.walk import annotate
from mailweave.source import Source


def check_places(
    text: str | Source,
    *,
    partials: Mapping[str, str | Source] | None = None,
    slots: Collection[str] = (),
    trusted: bool = False,
    start: str = "text",
) -> tuple[Diagnostic, ...]:
    """Everything there is to say about the places of a template's outputs, in the author's own lines.

    A campaign compiles HTML that it has inlined and rewritten; what is wrong with a place is better said
    about the file. `partials`, `slots`, `trusted` and `start` are those of the template. Raises
    python-liquid's `LiquidError` when the text does not parse or is too large.

    >>> [d.code for d in check_places("<a {{ x }}>")]
    ['MW450']
    """
    tree = authored(text, partials=partials, slots=slots)
    found = annotate(
        tree.nodes, source=tree.source, start=STARTS[start], partials=tree.partials, trusted=trusted
    )
    return found.diagnostics
