"""Start tags as their authors wrote them, and places in a text."""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from dataclasses import dataclass
from html.entities import html5

_SPACE = " \t\n\r\f"
_NAME_END = re.compile(r"[ \t\n\r\f/>]")
_KEY = re.compile(r"[^ \t\n\r\f/>=]*")
_UNQUOTED = re.compile(r"[^ \t\n\r\f>]*")
_LINE_END = re.compile(r"\r\n|\r|\n")
MAX_ATTRIBUTES = 1000


@dataclass(frozen=True, slots=True)
class Attribute:
    """A lower-case name and a value without references; the offsets span both in the source."""

    name: str
    value: str
    start: int = 0
    stop: int = 0


_SURROGATE = re.compile("[\ud800-\udfff]")


def without_surrogates(text: str) -> str:
    """A text that can be encoded: halves of characters become the sign for what is lost."""
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)


class Places:
    """Offsets as line (from 1) and column (from 0, in characters)."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *(match.end() for match in _LINE_END.finditer(text))]

    def at(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1]


def start_tag(text: str, start: int) -> tuple[Attribute, ...]:
    """The attributes of the tag that starts at `start`, as they stand: an attribute that comes twice is there twice."""
    return _Reader(text).attributes(start + 1)


class _Reader:
    """Reads the attributes of one tag."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def attributes(self, at: int) -> tuple[Attribute, ...]:
        """Those of the tag whose name starts at `at`."""
        end = _NAME_END.search(self.text, at)
        self.at = end.start() if end else len(self.text)
        found: list[Attribute] = []
        while True:
            self._skip(_SPACE + "/")
            if self.at >= len(self.text) or self.text[self.at] == ">":
                return tuple(found[:MAX_ATTRIBUTES])
            attribute = self._attribute()
            if attribute.name:
                found.append(attribute)

    def _attribute(self) -> Attribute:
        start = self.at
        key = _KEY.match(self.text, start)
        assert key is not None  # the pattern matches the empty string
        self.at = stop = key.end()
        self.at += self.text.startswith("/", stop)
        self._skip(_SPACE)
        if not self.text.startswith("=", self.at):
            return Attribute(_lower(key.group()), "", start, stop)
        self.at += 1
        self._skip(_SPACE)
        value = self._value()
        return Attribute(_lower(key.group()), attribute_text(value), start, self.at)

    def _value(self) -> str:
        quote = self.text[self.at : self.at + 1]
        if quote and quote in "\"'":
            end = self.text.find(quote, self.at + 1)
            start, stop = self.at + 1, end if end >= 0 else len(self.text)
            self.at = min(stop + 1, len(self.text))
            return self.text[start:stop]
        match = _UNQUOTED.match(self.text, self.at)
        assert match is not None  # the pattern matches the empty string
        self.at = match.end()
        return match.group()

    def _skip(self, characters: str) -> None:
        text, at = self.text, self.at
        while at < len(text) and text[at] in characters:
            at += 1
        self.at = at


def _lower(name: str) -> str:
    """ASCII lower case: the names of HTML know no other."""
    return name.lower() if name.isascii() else "".join(c.lower() if c.isascii() else c for c in name)


def lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


_REFERENCE = re.compile(r"&(#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[A-Za-z0-9]+;?)(=?)")


def attribute_text(source: str) -> str:
    """The value that an attribute's source stands for.

    Unlike in text, `&copy=1` is no reference: a query string may stand as it is.
    """

    def resolve(match: re.Match[str]) -> str:
        name, equals = match.groups()
        if name.startswith("#"):
            return html.unescape(f"&{name}") + equals
        if not name.endswith(";") and equals:
            return match.group()
        return html5.get(name, f"&{name}") + equals

    return _REFERENCE.sub(resolve, lines(source)) if "&" in source else lines(source)
