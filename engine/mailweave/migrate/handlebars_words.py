"""What stands in a tag of Handlebars: a name or a call, values given by place and by name, names for a block."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from mailweave.migrate.bench import Bench
from mailweave.migrate.operands import LONGEST

_WORD: Final = re.compile(
    r"""\s*(?:(?P<text>"[^"]*"|'[^']*')|(?P<number>-?\d+(?:\.\d+)?(?=[\s)|=]|\Z))"""
    r"""|(?P<pipes>\|)|(?P<open>\()|(?P<close>\))|(?P<named>[\w-]+(?==))=|(?P<path>@?(?:\[[^\]]*\]|[^\s"'()|={}\[\]]+)+))"""
)
_STEP: Final = re.compile(r"\[(?P<bracket>[^\]]*)\]|(?P<name>[^./\[\]]+)|[./]")


@dataclass(frozen=True, slots=True)
class Name:
    """A path: how far out it begins, its names, and whether it is of the template's own data (`@index`)."""

    keys: tuple[str, ...]
    up: int = 0
    is_private: bool = False
    written: str = ""
    at: int = 0


@dataclass(frozen=True, slots=True)
class Word:
    """A literal."""

    value: str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Call:
    """A name, and what it is given. names: those behind `as`."""

    name: Name | Word
    given: tuple[Given, ...] = ()
    named: tuple[tuple[str, Given], ...] = ()
    names: tuple[str, ...] = ()


Given = Name | Word | Call
_LITERALS: Final = {"true": True, "false": False, "null": None, "undefined": None}


def call_of(bench: Bench, text: str, at: int) -> Call:
    """The words of a tag. Raises MailweaveError (MW665)."""
    reader = _Reader(bench, text, at)
    call = reader.call()
    if not reader.is_done:
        raise bench.refusal(at, "something stands behind the end of this tag")
    return call


class _Reader:
    def __init__(self, bench: Bench, text: str, at: int) -> None:
        self._bench, self._at, self._now = bench, at, 0
        self._words: list[tuple[str, str]] = []
        if len(text) > LONGEST:
            raise bench.refusal(at, f"a tag has at most {LONGEST:,} characters")
        stop = 0
        while text[stop:].strip():
            found = _WORD.match(text, stop)
            if found is None or found.lastgroup is None:
                raise bench.refusal(at, f"`{text[stop:].strip()[:20]}` is no name and no value")
            self._words.append((found.lastgroup, found[found.lastgroup]))
            stop = found.end()

    @property
    def is_done(self) -> bool:
        return self._now >= len(self._words)

    def _peek(self) -> tuple[str, str]:
        return ("", "") if self.is_done else self._words[self._now]

    def call(self) -> Call:
        name = self._value()
        if isinstance(name, Call):
            raise self._bench.refusal(self._at, "a name is missing")
        given: list[Given] = []
        named: list[tuple[str, Given]] = []
        names: tuple[str, ...] = ()
        while not self.is_done and self._peek()[0] != "close":
            kind, text = self._peek()
            if (kind, text) == ("path", "as") and self._words[self._now + 1 : self._now + 2] == [
                ("pipes", "|")
            ]:
                names = self._names()
            elif kind == "named":
                self._now += 1
                named.append((text, self._value()))
            else:
                given.append(self._value())
        return Call(name, tuple(given), tuple(named), names)

    def _names(self) -> tuple[str, ...]:
        self._now += 2
        names = []
        while self._peek()[0] == "path":
            names.append(self._peek()[1])
            self._now += 1
        if self._peek()[0] != "pipes":
            raise self._bench.refusal(self._at, "`|` is missing")
        self._now += 1
        return tuple(names)

    def _value(self) -> Given:
        kind, text = self._peek()
        self._now += 1
        match kind:
            case "text":
                return Word(text[1:-1])
            case "number":
                return Word(float(text) if "." in text else int(text))
            case "open":
                inner = self.call()
                if self._peek()[0] != "close":
                    raise self._bench.refusal(self._at, "`)` is missing")
                self._now += 1
                return inner
            case "path" if text in _LITERALS:
                return Word(_LITERALS[text])
            case "path":
                return _name(text, self._at)
            case _:  # all others
                raise self._bench.refusal(self._at, "a name or a value is missing")


def _name(text: str, at: int) -> Name:
    is_private, rest, up = text.startswith("@"), text.removeprefix("@"), 0
    while rest == ".." or rest.startswith("../"):
        rest, up = rest[3:], up + 1
    is_private = is_private or rest.startswith("@")
    rest = rest.removeprefix("@").removeprefix("./")
    keys = [
        found["bracket"] if found["bracket"] is not None else found["name"] for found in _STEP.finditer(rest)
    ]
    names = [key for key in keys if key is not None]
    if names[:1] == ["this"] and not is_private:
        names = names[1:]
    return Name(tuple(names), up, is_private, text, at)
