"""CSS as a list of rules, with its Liquid hidden: what can be inlined apart from what must stay."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import tinycss2

_BRACKET = re.compile(r"[{}()\[\]]")
_DEEPEST = 60
_GROUPING = frozenset({"media", "supports", "document", "-moz-document", "layer", "container", "scope"})


@dataclass(frozen=True, slots=True)
class Property:
    """One declaration. `value` may hold names of hidden Liquid."""

    name: str
    value: str
    important: bool = False

    def __str__(self) -> str:
        return f"{self.name}:{self.value}{' !important' if self.important else ''}"


@dataclass(frozen=True, slots=True)
class Rule:
    """A style rule. `opaque` is its body, verbatim, where Liquid stands elsewhere than in values."""

    selectors: tuple[str, ...]
    properties: tuple[Property, ...]
    line: int
    opaque: str = ""

    def __str__(self) -> str:
        # a `{` right before Liquid would be taken for a part of it
        body = f" {self.opaque}" if self.opaque else ";".join(map(str, self.properties))
        return f"{','.join(self.selectors)}{{{body}}}"


@dataclass(frozen=True, slots=True)
class AtRule:
    """An at-rule: with rules in it (@media, @supports), or verbatim (@font-face, @keyframes, @import)."""

    keyword: str
    prelude: str
    entries: tuple[Entry, ...] | None
    body: str | None
    line: int

    def __str__(self) -> str:
        head = f"@{self.keyword}{self.prelude}"
        if self.entries is not None:
            return f"{head}{{{''.join(map(str, self.entries))}}}"
        return f"{head};" if self.body is None else f"{head}{{{self.body}}}"


@dataclass(frozen=True, slots=True)
class Control:
    """A control tag between rules, hidden as a CSS comment."""

    text: str
    line: int

    def __str__(self) -> str:
        return self.text


Entry = Rule | AtRule | Control


def too_deep(css: str) -> bool:
    """Whether brackets are nested deeper than CSS ever needs, and than its parser bears."""
    depth = 0
    for bracket in _BRACKET.findall(css):
        depth += 1 if bracket in "{([" else -1
        if depth > _DEEPEST:
            return True
    return False


def parse_stylesheet(css: str, nonce: str) -> tuple[Entry, ...]:
    """The entries of a stylesheet whose Liquid was hidden: outputs by names, tags by comments that hold a
    name. Comments of the author are dropped."""
    nodes = tinycss2.parse_stylesheet(css, skip_comments=False, skip_whitespace=True)
    return tuple(_entries(nodes, nonce))


@lru_cache(maxsize=4096)
def parse_declarations(css: str) -> tuple[Property, ...]:
    """The declarations of a `style` attribute or of a rule's body, as written.

    >>> [str(p) for p in parse_declarations("color: red; margin:0!important")]
    ['color:red', 'margin:0 !important']
    """
    return () if too_deep(css) else tuple(declared(css))


def declared(css: Any) -> Iterator[Property]:
    """The declarations among the nodes (or in the text) of a body."""
    for node in tinycss2.parse_blocks_contents(css, skip_comments=True, skip_whitespace=True):
        if node.type == "declaration" and sound(node.value):
            yield as_property(node)


def _entries(nodes: Iterable[Any], nonce: str) -> Iterator[Entry]:
    for node in nodes:
        if node.type == "comment" and nonce in node.value:
            yield Control(node.serialize(), node.source_line)
        elif node.type == "qualified-rule" and sound(node.prelude):
            yield _rule(node, nonce)
        elif node.type == "at-rule":
            yield _at_rule(node, nonce)


def stray(css: str, nonce: str) -> bool:
    """Whether hidden Liquid stands among declarations elsewhere than in their values: in the name of one, or
    for whole ones.

    >>> stray("color:lqz0z", "lqz"), stray("lqz0z;color:red", "lqz")
    (False, True)
    """
    return css.count(nonce) > sum(one.value.count(nonce) for one in parse_declarations(css))


def _rule(node: Any, nonce: str) -> Rule:
    content = tinycss2.serialize(node.content)
    prelude = tinycss2.serialize(node.prelude)
    verbatim = stray(content, nonce) or _controls(node.prelude, nonce)
    return Rule(
        split_selectors(prelude),
        parse_declarations(content),
        node.source_line,
        content.strip() if verbatim else "",
    )


def _controls(nodes: Iterable[Any], nonce: str) -> bool:
    return any(node.type == "comment" and nonce in node.value for node in nodes)


def _at_rule(node: Any, nonce: str) -> AtRule:
    prelude = tinycss2.serialize(node.prelude).rstrip()
    keyword = node.lower_at_keyword
    if node.content is None:
        return AtRule(keyword, prelude, None, None, node.source_line)
    if keyword in _GROUPING:
        inner = tinycss2.parse_rule_list(node.content, skip_comments=False, skip_whitespace=True)
        return AtRule(keyword, prelude, tuple(_entries(inner, nonce)), None, node.source_line)
    return AtRule(keyword, prelude, None, tinycss2.serialize(node.content).strip(), node.source_line)


def sound(value: Iterable[Any]) -> bool:
    """Whether a value or selector is one at all: `url(a b)`, an open quote and a stray bracket are not, and
    browsers drop them."""
    return all(node.type != "error" for node in value)


def as_property(node: Any) -> Property:
    """A declaration of the CSS parser as one of ours."""
    name = node.name if node.name.startswith("--") else node.lower_name
    return Property(name, _value(tinycss2.serialize(node.value)), bool(node.important))


def _value(text: str) -> str:
    r"""A value without the white space around it; `\9`, which is serialised as a tab, stays what it was."""
    return re.sub(r"(?<!\\)\s+$", "", text.lstrip()).replace("\\\t", "\\9 ").rstrip(" ")


def split_selectors(prelude: str) -> tuple[str, ...]:
    """The selectors of a list, split at its own commas.

    >>> split_selectors("a, p:not(.x, .y)")
    ('a', 'p:not(.x, .y)')
    """
    found: list[str] = [""]
    for node in tinycss2.parse_component_value_list(prelude, skip_comments=True):
        if node.type == "literal" and node.value == ",":
            found.append("")
        else:
            found[-1] += node.serialize()
    return tuple(" ".join(selector.split()) for selector in found if selector.strip())
