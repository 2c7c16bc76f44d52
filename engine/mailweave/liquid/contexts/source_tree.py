"""The tree of a text as its author wrote it, for those who read it and never run it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from liquid.ast import Node
from liquid.exceptions import LiquidSyntaxError

from mailweave.liquid.budget import Budget
from mailweave.liquid.contexts.captures import PartialTree
from mailweave.liquid.parse import OurEnvironment, TooLarge, parse
from mailweave.liquid.partials import as_source
from mailweave.liquid.slots import know_slots
from mailweave.source import Source


@dataclass(frozen=True, slots=True)
class Authored:
    """python-liquid's tree of a text, not yet transformed, and of the partials it may call."""

    nodes: Sequence[Node]
    source: Source
    partials: Mapping[str, PartialTree]


def authored(
    text: str | Source, *, partials: Mapping[str, str | Source] | None = None, slots: Collection[str] = ()
) -> Authored:
    """The tree of a text. Raises python-liquid's `LiquidError` when it does not parse or is too large."""
    env = OurEnvironment()
    know_slots(env, slots)
    source = as_source(text, "<template>")
    sources = {name: as_source(one, name) for name, one in (partials or {}).items()}
    try:
        trees = {name: PartialTree(parse(env, one, Budget()), one) for name, one in sources.items()}
        return Authored(parse(env, source, Budget()), source, trees)
    except TooLarge as problem:
        raise LiquidSyntaxError(problem.what, token=None) from None
