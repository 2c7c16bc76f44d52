"""A style sheet read as a browser reads it: nested rules unfolded, layers and conditions resolved."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import tinycss2

from mailweave.markup.cascade.selectors import Complex, TooLong, Unknown, parse_selectors
from mailweave.markup.stylesheet import Property, as_property, declared, sound, split_selectors, stray

Layer = tuple[str, ...]
_LONGEST = 20_000  # characters of selectors that nesting may come to
_CONDITIONS = frozenset({"media", "supports", "container"})
# At-rules that hold rules for elements, and whose part in the cascade is another than that of a condition. All others
# that are not known here hold nothing that decides over an element, or no browser reads them (`@goodbye`).
_DECIDING = frozenset({"scope", "when", "else", "nest", "mixin", "apply"})


@dataclass(frozen=True, slots=True, eq=False)
class StyleRule:
    """Declarations for some selectors, under conditions (`@media (..)`), in a layer.

    `opaque` is the body as it stands, where Liquid writes more of it than values.
    """

    selectors: tuple[Complex, ...]
    properties: tuple[Property, ...]
    conditions: tuple[str, ...]
    layer: Layer
    line: int
    opaque: str = ""


@dataclass(frozen=True, slots=True)
class Verbatim:
    """What is kept as it stands: `@font-face`, `@import`, rules with selectors that no browser knows."""

    text: str
    conditions: tuple[str, ...]
    line: int
    keyword: str = ""


@dataclass(frozen=True, slots=True)
class Control:
    """A control tag between rules, hidden as a CSS comment."""

    text: str
    conditions: tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Named:
    """The place where a sheet names a layer for the first time: it decides which layer comes before which."""

    layer: Layer
    conditions: tuple[str, ...]
    line: int


Item = StyleRule | Verbatim | Control | Named


@dataclass(slots=True)
class Reading:
    """The items of a sheet in order; at-rules that are not understood.

    `unnamed` numbers the layers without a name: each is another than all others, of whatever sheet.
    """

    nonce: str
    unnamed: Iterator[int]
    items: list[Item] = field(default_factory=list)
    odd: list[Verbatim] = field(default_factory=list)
    _layers: set[Layer] = field(default_factory=set)
    _begun: bool = False  # whether rules have come, behind which an `@import` is none

    def nodes(
        self,
        nodes: Iterable[Any],
        conditions: tuple[str, ...] = (),
        layer: Layer = (),
        parents: Sequence[str] = (),
    ) -> None:
        """Reads rules; `parents` are the selectors around them, where they are nested."""
        for node in nodes:
            if node.type == "comment" and self.nonce in node.value:
                self.items.append(Control(node.serialize(), conditions, node.source_line))
            elif node.type == "qualified-rule" and sound(node.prelude):
                self._rule(node, conditions, layer, parents)
            elif node.type == "at-rule":
                self._at_rule(node, conditions, layer, parents)

    def _rule(self, node: Any, conditions: tuple[str, ...], layer: Layer, parents: Sequence[str]) -> None:
        prelude = tinycss2.serialize(node.prelude)
        selectors = split_selectors(prelude)
        controls = any(n.type == "comment" and self.nonce in n.value for n in node.prelude)
        try:
            selectors = _unfolded(selectors, parents)
            if not selectors:
                raise Unknown(prelude)
            parsed = parse_selectors(",".join(selectors))
        except (Unknown, RecursionError) as fault:
            if isinstance(fault, TooLong | RecursionError):
                self.odd.append(Verbatim(f"{prelude.strip()[:40]}...", conditions, node.source_line))
            text = prelude.strip() if not parents else ",".join(selectors)
            self._verbatim(f"{text}{{{tinycss2.serialize(node.content)}}}", conditions, node)
            return
        self._begun = True
        self._body(node.content, parsed, conditions, layer, node.source_line, controls)

    def _body(
        self,
        content: Sequence[Any],
        selectors: tuple[Complex, ...],
        conditions: tuple[str, ...],
        layer: Layer,
        line: int,
        controls: bool = False,
    ) -> None:
        """Declarations, and the rules nested among them, in order."""
        text = tinycss2.serialize(content)
        if controls or (self.nonce in text and stray(text, self.nonce)):
            found = tuple(declared(content))
            self.items.append(StyleRule(selectors, found, conditions, layer, line, text.strip()))
            return
        waiting: list[Property] = []
        for node in tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True):
            if node.type == "declaration" and sound(node.value):
                waiting.append(as_property(node))
                if (
                    waiting[-1].value.lower() == "revert-layer"
                ):  # of an attribute, it would mean the whole sheet
                    self.odd.append(Verbatim(str(waiting[-1]), conditions, node.source_line))
            elif node.type in ("qualified-rule", "at-rule"):
                self._flush(waiting, selectors, conditions, layer, line)
                waiting = []
                self.nodes([node], conditions, layer, tuple(one.text for one in selectors))
        self._flush(waiting, selectors, conditions, layer, line)

    def _flush(
        self,
        properties: Sequence[Property],
        selectors: tuple[Complex, ...],
        conditions: tuple[str, ...],
        layer: Layer,
        line: int,
    ) -> None:
        if properties:
            self.items.append(StyleRule(selectors, tuple(properties), conditions, layer, line))

    def _at_rule(self, node: Any, conditions: tuple[str, ...], layer: Layer, parents: Sequence[str]) -> None:
        keyword, prelude = node.lower_at_keyword, tinycss2.serialize(node.prelude).strip()
        if keyword == "layer":
            self._layer(node, prelude, conditions, layer, parents)
        elif keyword in _CONDITIONS and node.content is not None:
            self._inside(node.content, (*conditions, f"@{keyword} {prelude}"), layer, parents)
        elif keyword != "charset" and not (keyword == "import" and self._late(conditions)):
            self._verbatim(node.serialize(), conditions, node, keyword)
            if keyword in _DECIDING:
                self.odd.append(Verbatim(f"@{keyword} {prelude}".strip(), conditions, node.source_line))

    def _late(self, conditions: tuple[str, ...]) -> bool:
        """Whether rules come before, in all branches."""
        return bool(self._begun or conditions) and not any(isinstance(one, Control) for one in self.items)

    def _inside(
        self, content: Sequence[Any], conditions: tuple[str, ...], layer: Layer, parents: Sequence[str]
    ) -> None:
        self._begun = True
        if parents:
            line = content[0].source_line if content else 1
            self._body(content, parse_selectors(",".join(parents)), conditions, layer, line)
        else:
            rules = tinycss2.parse_rule_list(content, skip_comments=False, skip_whitespace=True)
            self.nodes(rules, conditions, layer)

    def _layer(
        self, node: Any, prelude: str, conditions: tuple[str, ...], layer: Layer, parents: Sequence[str]
    ) -> None:
        if node.content is None:
            for name in prelude.split(","):
                self._named(layer, name.strip(), conditions, node)
            return
        if not prelude:
            prelude = f"\0{next(self.unnamed)}"
        self._inside(node.content, conditions, self._named(layer, prelude, conditions, node), parents)

    def _named(self, layer: Layer, name: str, conditions: tuple[str, ...], node: Any) -> Layer:
        for part in name.split("."):
            layer = (*layer, part)
            if layer not in self._layers:
                self._layers.add(layer)
                self.items.append(Named(layer, conditions, node.source_line))
                if conditions and not part.startswith("\0"):
                    self.odd.append(Verbatim(f"@layer {name}", conditions, node.source_line))
        return layer

    def _verbatim(self, text: str, conditions: tuple[str, ...], node: Any, keyword: str = "") -> None:
        self.items.append(Verbatim(hacks_kept(text), conditions, node.source_line, keyword))


def read_stylesheet(css: str, nonce: str, unnamed: Iterator[int] | None = None) -> Reading:
    """Reads a sheet whose Liquid was hidden: outputs by names, tags by comments that hold one.

    `unnamed` is shared by all sheets that are inlined together.
    """
    reading = Reading(nonce, unnamed or count())
    reading.nodes(tinycss2.parse_stylesheet(css, skip_comments=False, skip_whitespace=True))
    return reading


def hacks_kept(text: str) -> str:
    r"""Serialised CSS with `\9` as it was written: the serialiser writes the tab that it stands for.

    >>> hacks_kept("color:red\\\t;")
    'color:red\\9 ;'
    """
    return text.replace("\\\t", "\\9 ")


def _unfolded(selectors: Sequence[str], parents: Sequence[str]) -> tuple[str, ...]:
    """Nested selectors as they are without nesting."""
    if not parents:
        return tuple(selectors)
    if len(selectors) * sum(map(len, parents)) > _LONGEST:
        raise TooLong(", ".join(selectors))
    return tuple(one for text in selectors for one in _nested(text, parents))


def _nested(text: str, parents: Sequence[str]) -> Iterator[str]:
    if "&" not in text:
        text = f"& {text}"
    weights = {one.specificity for one in parse_selectors(",".join(parents))}
    if len(weights) > 1:  # `&` weighs what the heaviest of the list weighs
        yield text.replace("&", f":is({','.join(parents)})")
        return
    for parent in parents:
        plain = re.fullmatch(r"[.#](?:[\w-]|\\.)+", parent) is not None
        first = re.match(r"&(?![\w-])", text) is not None
        rest = text[1:] if first else text
        front = parent if first else ""
        yield front + rest.replace("&", parent if plain else f":is({parent})")


def conditions_written(parts: Iterable[tuple[tuple[str, ...], str]]) -> str:
    """Texts of CSS, each inside its conditions; neighbours share them.

    >>> conditions_written([((), "a{b:c}"), (("@media x",), "d{e:f}"), (("@media x",), "g{h:i}")])
    'a{b:c}\\n@media x{d{e:f}g{h:i}}'
    """
    lines: list[str] = []
    current: tuple[str, ...] = ()
    for conditions, text in parts:
        if conditions and lines and conditions == current:
            lines[-1] += text
            continue
        if current:
            lines[-1] += "}" * len(current)
        blank = " " if conditions and text.startswith("/*!") else ""  # a tag behind `{` would be no tag
        lines.append("".join(f"{one}{{" for one in conditions) + blank + text)
        current = conditions
    if current and lines:
        lines[-1] += "}" * len(current)
    return "\n".join(lines)
