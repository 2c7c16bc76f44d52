"""Selectors taken apart, as a browser reads them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any

import tinycss2
from tinycss2.nth import parse_nth

from mailweave.markup.cascade.pseudo import (
    FORGIVING,
    HOOKS,
    LEGACY_ELEMENTS,
    PSEUDO_ELEMENTS,
    STATES,
    STATES_WITH_ARGUMENTS,
    STRUCTURAL,
    STRUCTURAL_NTH,
)

MOST_COMPOUNDS = 64
Specificity = tuple[int, int, int]


class Unknown(Exception):
    """A browser drops the whole rule of such a selector; with `vendor`, some browser may know it."""

    def __init__(self, text: str, vendor: bool = False) -> None:
        super().__init__(text)
        self.vendor = vendor


class TooLong(Unknown):
    """A selector that a browser may know, and that is longer than any of an author."""


@dataclass(frozen=True, slots=True)
class AttributeTest:
    """`[name]`, or `[name operator value flag]`."""

    name: str
    operator: str = ""
    value: str = ""
    flag: str = ""

    @property
    def hook(self) -> str:
        """What it is known by, if a mail client adds it."""
        return f"[{self.name}{self.operator}{self.value}" if self.name == "style" else f"[{self.name}"


@dataclass(frozen=True, slots=True)
class PseudoClass:
    """A pseudo-class; `arguments` are selectors, `step` and `offset` those of `:nth-child(2n+1)`."""

    name: str
    arguments: tuple[Complex, ...] = ()
    step: int = 0
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Compound:
    """What is asked of one element."""

    type: str = ""  # lower case; `*` for any; empty where nothing is asked
    ids: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    attributes: tuple[AttributeTest, ...] = ()
    pseudos: tuple[PseudoClass, ...] = ()

    @property
    def hook(self) -> bool:
        """Whether it asks for what a mail client puts around or into the mail."""
        names = (*(f"#{name}" for name in self.ids), *(f".{name}" for name in self.classes))
        return any(HOOKS.fullmatch(name) for name in (*names, *(a.hook for a in self.attributes)))


@dataclass(frozen=True)
class Complex:
    """A selector: compounds with combinators between them, and the pseudo-element that it styles.

    `relative` is the combinator in front of the first compound, in `:has(> img)`.
    """

    text: str
    compounds: tuple[Compound, ...]
    combinators: tuple[str, ...] = ()
    element: str = ""
    relative: str = ""

    @property
    def subject(self) -> Compound:
        return self.compounds[-1]

    @cached_property
    def inner(self) -> tuple[Complex, ...]:
        """The selectors in the functions of all compounds, at every depth."""
        own = [arg for c in self.compounds for pseudo in c.pseudos for arg in pseudo.arguments]
        return (*own, *(deeper for one in own for deeper in one.inner))

    @cached_property
    def pseudos(self) -> frozenset[str]:
        """The names of all pseudo-classes."""
        return frozenset(p.name for one in (self, *self.inner) for c in one.compounds for p in c.pseudos)

    @cached_property
    def hook(self) -> bool:
        """Whether it names what only a mail client adds."""
        if any(compound.hook for compound in self.compounds) or any(one.hook for one in self.inner):
            return True
        beside = zip(self.compounds, self.combinators, strict=False)
        return any(compound.type == "u" and combinator == "+" for compound, combinator in beside)

    @cached_property
    def fixed(self) -> bool:
        """Whether what it matches is known before the mail is opened, and is not just any element."""
        bare = self.subject.type in ("", "*") and self.subject == Compound(self.subject.type)
        return not (bare or self.element or self.pseudos & (STATES | STATES_WITH_ARGUMENTS | {"empty"}))

    @cached_property
    def names(self) -> frozenset[str]:
        """The classes and ids that it asks for, and the attributes as `[name`."""
        found: set[str] = set()
        for one in (self, *self.inner):
            for compound in one.compounds:
                found.update(compound.classes, compound.ids, (f"[{a.name}" for a in compound.attributes))
        return frozenset(found)

    @cached_property
    def required(self) -> frozenset[str]:
        """The classes and ids, in lower case, without which it matches nothing."""
        return frozenset(name.lower() for c in self.compounds for name in (*c.ids, *c.classes))

    @cached_property
    def afar(self) -> frozenset[str]:
        """The names among them that it asks for on other elements than the one that it styles."""
        around = Complex(self.text, self.compounds[:-1]).names if len(self.compounds) > 1 else frozenset()
        inner = [(one, pseudo.name) for pseudo in self.subject.pseudos for one in pseudo.arguments]
        beside = [one for one, name in inner if one.relating or self.has or name in STRUCTURAL_NTH]
        return around.union(*(one.names for one in beside))

    @cached_property
    def attributes(self) -> frozenset[str]:
        """The attributes that it asks about, `class` and `id` aside."""
        return frozenset(name[1:] for name in self.names if name.startswith("["))

    @cached_property
    def structural(self) -> bool:
        """Whether it asks for a place among siblings."""
        beside = any(c in "+~" for one in (self, *self.inner) for c in (*one.combinators, one.relative) if c)
        return beside or bool(self.pseudos & (STRUCTURAL | STRUCTURAL_NTH) - {"root"})

    @cached_property
    def relating(self) -> bool:
        """Whether it asks for more than the element itself."""
        return len(self.compounds) > 1 or self.structural or any(o.relating for o in self.inner) or self.has

    @property
    def has(self) -> bool:
        return "has" in self.pseudos

    @cached_property
    def specificity(self) -> Specificity:
        total = [0, 0, int(bool(self.element))]
        for compound in self.compounds:
            total[0] += len(compound.ids)
            total[1] += len(compound.classes) + len(compound.attributes)
            total[2] += compound.type not in ("", "*")
            for pseudo in compound.pseudos:
                total = [a + b for a, b in zip(total, _weight(pseudo), strict=True)]
        return (total[0], total[1], total[2])

    def own(self) -> Complex:
        """The selector of the element itself, without what is asked around it."""
        return Complex(self.text, (self.subject,), (), self.element)


def _weight(pseudo: PseudoClass) -> Specificity:
    most = max((one.specificity for one in pseudo.arguments), default=(0, 0, 0))
    if pseudo.name == "where":
        return (0, 0, 0)
    if pseudo.name in ("is", "not", "has"):
        return most
    return (most[0], most[1] + 1, most[2])


@lru_cache(maxsize=8192)
def parse_selectors(text: str) -> tuple[Complex, ...]:
    """The selectors of a list. Raises Unknown where a browser would drop the rule.

    >>> [one.specificity for one in parse_selectors("#a > td.b, p:not(.x, #y)")]
    [(1, 1, 1), (1, 0, 1)]
    """
    return _list(tinycss2.parse_component_value_list(text, skip_comments=True), text)


def _list(nodes: Sequence[Any], text: str) -> tuple[Complex, ...]:
    return tuple(_complex(part, text) for part in _split(nodes))


def _split(nodes: Sequence[Any]) -> Iterator[list[Any]]:
    part: list[Any] = []
    for node in nodes:
        if node.type == "literal" and node.value == ",":
            yield part
            part = []
        else:
            part.append(node)
    yield part


def _complex(nodes: Sequence[Any], whole: str, relative: bool = False) -> Complex:
    text = " ".join(tinycss2.serialize(nodes).replace("/**/", "").split())
    words = list(_words(nodes, whole))
    first = words.pop(0) if relative and words and isinstance(words[0], str) else ""
    compounds, combinators = words[::2], words[1::2]
    if len(compounds) > MOST_COMPOUNDS:
        raise TooLong(text)
    odd = any(isinstance(c, str) for c in compounds) or not all(isinstance(c, str) for c in combinators)
    if odd or len(compounds) != len(combinators) + 1:
        raise Unknown(text or whole)
    parsed = [_compound(c, whole) for c in compounds]
    if any(element for _, element in parsed[:-1]):
        raise Unknown(text)
    return Complex(
        text,
        tuple(c for c, _ in parsed),
        tuple(combinators),
        parsed[-1][1],
        first or (" " if relative else ""),
    )


def _words(nodes: Sequence[Any], whole: str) -> Iterator[Any]:
    """Compounds (lists of nodes) and combinators (texts) in turn."""
    compound: list[Any] = []
    waiting = ""
    for node in nodes:
        combinator = ""
        if node.type == "whitespace":
            combinator = " "
        elif node.type == "literal" and node.value in ">+~":
            combinator = node.value
        if not combinator:
            if waiting:
                yield waiting
                waiting = ""
            compound.append(node)
            continue
        if compound:
            yield compound
            compound, waiting = [], combinator
        elif combinator != " ":
            if waiting not in ("", " "):
                raise Unknown(whole)
            waiting = combinator
    if compound:
        yield compound
    elif waiting not in ("", " "):
        raise Unknown(whole)


def _compound(nodes: Sequence[Any], whole: str) -> tuple[Compound, str]:
    found, element = Compound(), ""
    rest = list(nodes)
    if not rest:
        raise Unknown(whole)
    if rest[0].type == "ident":
        found = replace(found, type=rest.pop(0).lower_value)
    elif rest[0].type == "literal" and rest[0].value == "*":
        found = replace(found, type="*")
        rest.pop(0)
    while rest:
        node = rest.pop(0)
        if node.type == "hash" and node.is_identifier:
            found = replace(found, ids=(*found.ids, node.value))
        elif node.type == "[] block":
            found = replace(found, attributes=(*found.attributes, _attribute(node.content, whole)))
        elif node.type == "literal" and node.value == "." and rest and rest[0].type == "ident":
            found = replace(found, classes=(*found.classes, rest.pop(0).value))
        elif node.type == "literal" and node.value == ":" and rest:
            doubled = rest[0].type == "literal" and rest[0].value == ":"
            if doubled:
                rest.pop(0)
            if not rest:
                raise Unknown(whole)
            pseudo = _pseudo(rest.pop(0), doubled, whole)
            if isinstance(pseudo, str):
                element = pseudo
            else:
                found = replace(found, pseudos=(*found.pseudos, pseudo))
        else:
            raise Unknown(whole)
    return found, element


def _attribute(nodes: Sequence[Any], whole: str) -> AttributeTest:
    parts = [node for node in nodes if node.type != "whitespace"]
    if not parts or parts[0].type != "ident":
        raise Unknown(whole)
    name = parts[0].lower_value
    if len(parts) == 1:
        return AttributeTest(name)
    operator = "".join(n.value for n in parts[1:3] if n.type == "literal")
    values = [n for n in parts[1:] if n.type != "literal"]
    sound = re.fullmatch(r"[~|^$*]?=", operator) and 1 <= len(values) <= 2
    if not sound or any(n.type not in ("ident", "string") for n in values):
        raise Unknown(whole)
    flag = values[1].lower_value if len(values) == 2 and values[1].type == "ident" else ""
    if len(values) == 2 and flag != "i":
        raise Unknown(whole, vendor=flag == "s")  # some browsers know it
    return AttributeTest(name, operator, values[0].value, flag)


def _pseudo(node: Any, doubled: bool, whole: str) -> PseudoClass | str:
    if node.type == "ident":
        name = node.lower_value
        if doubled or name in LEGACY_ELEMENTS:
            if name in PSEUDO_ELEMENTS or name.startswith("-webkit-"):
                return str(name)
        elif name in STATES or name in STRUCTURAL or name == "empty":
            return PseudoClass(name)
        raise Unknown(whole, vendor=name.startswith("-"))
    if node.type != "function":
        raise Unknown(whole)
    return _function(node, doubled, whole)


def _function(node: Any, doubled: bool, whole: str) -> PseudoClass | str:
    name = node.lower_name
    if doubled:
        if name in PSEUDO_ELEMENTS:
            return f"{name}({tinycss2.serialize(node.arguments)})"
        raise Unknown(whole, vendor=name.startswith("-"))
    arguments = [n for n in node.arguments if n.type != "comment"]
    if name in STRUCTURAL_NTH:
        return _nth(name, arguments, whole)
    if name in FORGIVING:
        return PseudoClass(name, tuple(_forgiven(arguments, whole)))
    if name in ("not", "has"):
        parts = list(_split(arguments))
        return PseudoClass(name, tuple(_complex(part, whole, name == "has") for part in parts))
    if name in STATES_WITH_ARGUMENTS:
        return PseudoClass(name)
    raise Unknown(whole, vendor=name.startswith("-"))


def _forgiven(arguments: Sequence[Any], whole: str) -> Iterator[Complex]:
    for part in _split(arguments):
        try:
            yield _complex(part, whole)
        except Unknown:
            continue


def _nth(name: str, arguments: Sequence[Any], whole: str) -> PseudoClass:
    at = next((i for i, n in enumerate(arguments) if n.type == "ident" and n.lower_value == "of"), None)
    step = parse_nth(arguments if at is None else arguments[:at])
    if step is None:
        raise Unknown(whole)
    of = () if at is None else _list(arguments[at + 1 :], whole)
    return PseudoClass(name, of, step[0], step[1])
