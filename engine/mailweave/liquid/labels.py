"""Which escaper each output gets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from liquid.ast import Node
from markupsafe import escape as html_escape

from mailweave.liquid.dialect import Dialect
from mailweave.liquid.operators import Html
from mailweave.liquid.tree.nodes import Escape
from mailweave.liquid.tree.transform import Labels


@dataclass(frozen=True, slots=True)
class Labelling:
    """How the places of a template that print are labelled."""

    mode: str
    dialect: Dialect
    trusted: bool
    start: str

    def labels(self, nodes: list[Node], start: str) -> Labels | None:
        """The labels of one tree that starts in `start`; None: python-liquid's own output."""
        if self.mode == "none" and not self.dialect.nil_for_missing:
            return None
        escapers = escapers_of(self.mode, self.dialect)
        return Labels(escapers, lambda node: self.mode, self.mode == "html")


def labels_for(mode: str, dialect: Dialect, *, trusted: bool, start: str) -> Labelling:
    return Labelling(mode, dialect, trusted, start)


def escapers_of(mode: str, dialect: Dialect) -> Mapping[str, Escape]:
    text = dialect.operators.text

    def escaped(value: object) -> str:
        return value if type(value) is Html else str(html_escape(text(value)))

    return {"none": text, "text": text, "html": escaped}
