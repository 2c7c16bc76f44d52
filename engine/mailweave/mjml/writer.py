"""A checked tree as the MJML that the compiler is given: every value in its place, every word of the author's hidden."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from mailweave.diagnostics import Diagnostic
from mailweave.markup.pieces import holds_liquid
from mailweave.mjml.attributes import Defaults, Given
from mailweave.mjml.checks import check_columns, check_values
from mailweave.mjml.masks import Masks
from mailweave.mjml.tree import Element, Hole, Node
from mailweave.mjml.vocabulary import COMPONENTS, is_carried

_RAW: Final = frozenset("mj-body mj-wrapper mj-section mj-group mj-column mj-hero".split())
_COMMENT: Final = frozenset(["mj-navbar", "mj-social"])  # where mrml takes no mj-raw, but keeps comments
_ZERO: Final = re.compile(r"(?<!\S)0(?!\S)")
_BETWEEN: Final = _RAW | _COMMENT
_SIZED: Final = frozenset("mj-body mj-column mj-group".split())
_NUMBER: Final = re.compile(r"\d+")
_PICTURES: Final = frozenset(["mj-image", "mj-social-element"])


class Writer:
    """Writes components, and collects what is wrong with their values."""

    def __init__(self, masks: Masks, defaults: Defaults) -> None:
        self._masks, self._defaults = masks, defaults
        self.diagnostics: list[Diagnostic] = []

    def nodes(self, nodes: Sequence[Node], parent: str, classes: str = "") -> str:
        """What stands in a component. classes: the `mj-class` of the nearest around that has one."""
        given = {
            id(node): self._defaults.resolved(node, parent, classes)
            for node in nodes
            if isinstance(node, Element)
        }
        wide = [node for node in nodes if isinstance(node, Element) and "width" in given[id(node)]]
        self.diagnostics += check_columns(nodes, parent, wide)
        return "".join(
            self._element(node, parent, classes, given[id(node)])
            if isinstance(node, Element)
            else self._hole(node, parent)
            for node in nodes
        )

    def tag(self, element: Element, given: dict[str, Given]) -> str:
        """A start tag, still open, with its values."""
        self.diagnostics += check_values(element, given)
        if element.name in _PICTURES and "alt" not in given:
            given["alt"] = Given("", element.source, element.span)  # mrml leaves it out, MJML does not
        return f"<{element.name}{''.join(self._values(element, given))}"

    def _values(self, element: Element, given: dict[str, Given]) -> Iterator[str]:
        for name, each in given.items():
            yield f' {name}="{self._value(element.name, name, each)}"'

    def _value(self, component: str, name: str, given: Given) -> str:
        value = given.value
        stands_whole = given.source.text[given.span.start : given.span.stop] == value  # not of two classes
        if is_carried(component, name) and value and stands_whole:
            return self._masks.value(given.source, given.span)
        return "" if holds_liquid(value) else _escaped(_as_read(component, name, value))

    def _element(self, element: Element, parent: str, classes: str, given: dict[str, Given]) -> str:
        mark = (
            self._between(self._masks.mark(element.source, element.span), parent)
            if parent in _BETWEEN
            else ""
        )
        if element.name == "mj-raw":
            return mark + self._raw(element, parent)
        role = given["role"].value if "role" in given else ""  # mrml leaves it out
        start = self.tag(element, given)
        own = element.get("mj-class") or classes
        inside = self.nodes(element.children, element.name, own)
        if element.content is not None and COMPONENTS[element.name].has_content and element.inside.strip():
            inside = self._masks.content(element.source, element.content, role=role)
        return f"{mark}{start}>{inside}</{element.name}>"

    def _raw(self, element: Element, parent: str) -> str:
        if element.content is None or not element.inside.strip():
            return ""
        return self._between(self._masks.hole(element.source, element.content), parent)

    def _hole(self, hole: Hole, parent: str) -> str:
        if hole.kind == "words" or parent not in _BETWEEN:
            return ""  # told, or a comment
        return self._between(self._masks.hole(hole.source, hole.span), parent)

    def _between(self, word: str, parent: str) -> str:
        """A word between components, as the compiler takes it there."""
        return f"<!--{word}-->" if parent in _COMMENT else f"<mj-raw>{word}</mj-raw>"


def _as_read(component: str, name: str, value: str) -> str:
    """A value as MJML reads it, where mrml reads nothing: sizes without a unit, of which it takes no width."""
    if "padding" in name:
        return _ZERO.sub("0px", value)
    number = _NUMBER.match(value) if name == "width" else None
    if number and (component == "mj-image" or (number[0] == value.strip() and component in _SIZED)):
        return f"{number[0]}px"
    return value


def _escaped(value: str) -> str:
    return value.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
