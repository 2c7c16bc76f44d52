"""The findings of the walk alone, for a text as its author wrote it."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from mailweave.diagnostics import Diagnostic
from mailweave.liquid.budget import Budget
from mailweave.liquid.contexts.captures import PartialTree
from mailweave.liquid.contexts.model import STARTS
from mailweave.liquid.contexts.walk import annotate
from mailweave.liquid.dialect import OurEnvironment
from mailweave.liquid.parse import parse
from mailweave.liquid.partials import as_source
from mailweave.liquid.slots import know_slots
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
    python-liquid's `LiquidError` when the text does not parse.

    >>> [d.code for d in check_places("<a {{ x }}>")]
    ['MW450']
    """
    env = OurEnvironment()
    know_slots(env, slots)
    source = as_source(text, "<template>")
    sources = {name: as_source(one, name) for name, one in (partials or {}).items()}
    trees = {name: PartialTree(parse(env, one, Budget()), one) for name, one in sources.items()}
    nodes = parse(env, source, Budget())
    found = annotate(nodes, source=source, start=STARTS[start], partials=trees, trusted=trusted)
    return found.diagnostics
