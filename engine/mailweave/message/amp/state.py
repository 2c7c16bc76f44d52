"""What a validation knows while it walks a document: its open tags, what it has shown so far."""

from __future__ import annotations

from dataclasses import dataclass, field

from mailweave.message.amp.report import AmpError
from mailweave.message.amp.scripts import Script, read_script
from mailweave.message.amp.specs import DocumentCss, Rules, TagSpec

Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag as the rules see it: names in upper case, attributes in the order of their names."""

    name: str
    attributes: tuple[tuple[str, str], ...]
    place: Place
    values: dict[str, str]
    script: Script

    @property
    def lower(self) -> str:
        return self.name.lower()


def tag_of(name: str, attributes: list[tuple[str, str]], place: Place) -> Tag:
    ordered = tuple(sorted(attributes, key=lambda pair: pair[0]))
    values: dict[str, str] = {}
    for key, value in ordered:
        values.setdefault(key, value)
    return Tag(name, ordered, place, values, read_script(dict(ordered)) if name == "SCRIPT" else Script())


@dataclass(slots=True)
class Attempt:
    """The outcome of holding one tag against one spec."""

    spec: TagSpec | None = None
    errors: list[AmpError] = field(default_factory=list)
    tried: bool = False
    provides: list[tuple[str, str]] = field(default_factory=list)
    requires: list[tuple[tuple[str, str], AmpError]] = field(default_factory=list)
    style_bytes: int = 0

    @property
    def failed(self) -> bool:
        return any(error.severity != "WARNING" for error in self.errors)

    @property
    def passed(self) -> bool:
        return self.tried and not self.failed

    @property
    def rank(self) -> int:
        """Passing beats failing beats not having been tried."""
        if self.passed:
            return 2
        return 1 if self.failed else 0


@dataclass(slots=True)
class Open:
    """An open tag. Its demands on what it holds count only when it is itself without fault."""

    name: str
    spec: TagSpec | None = None
    point: TagSpec | None = None
    children: int = 0
    place: Place = (1, 0)
    children_of: TagSpec | None = None
    text_of: TagSpec | None = None
    points_of: TagSpec | None = None
    points_met: list[str] = field(default_factory=list)
    only_child: str = ""
    only_child_place: Place = (1, 0)
    last_child: str = ""
    last_child_place: Place = (1, 0)
    dev_mode: bool = False


@dataclass(slots=True)
class State:
    """The mutable part of a validation."""

    rules: Rules
    errors: list[AmpError] = field(default_factory=list)
    stack: list[Open] = field(default_factory=lambda: [Open("$ROOT")])
    identifiers: frozenset[str] = frozenset()
    loaded: set[str] = field(default_factory=lambda: {"amp-ad"})
    used: set[str] = field(default_factory=set)
    must_be_used: set[str] = field(default_factory=set)
    missing: list[tuple[str, AmpError]] = field(default_factory=list)
    satisfied: set[str] = field(default_factory=set)
    validated: set[int] = field(default_factory=set)
    provided: set[tuple[str, str]] = field(default_factory=set)
    required: list[tuple[tuple[str, str], AmpError]] = field(default_factory=list)
    release: str = ""
    sheet_bytes: int = 0
    inline_bytes: int = 0

    @property
    def parent(self) -> Open:
        return self.stack[-1]

    @property
    def in_template(self) -> bool:
        return self.has_ancestor("TEMPLATE")

    @property
    def css(self) -> DocumentCss:
        return self.rules.document_css(self.identifiers)

    def has_ancestor(self, name: str) -> bool:
        """By tag or, where a spec has one, by its own name; in capitals, as the rules name it."""
        return any(
            entry.name == name or (entry.spec is not None and entry.spec.spec_name.upper() == name)
            for entry in self.stack[1:]
        )

    def has_mark(self, marks: frozenset[str]) -> bool:
        return any(entry.spec is not None and marks & entry.spec.marks for entry in self.stack[1:])
