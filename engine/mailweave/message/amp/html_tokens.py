"""HTML as a stream of tokens with their places, by the tokenization rules of HTML5."""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from dataclasses import dataclass
from enum import Enum, auto
from html.entities import html5

_SPACE = " \t\n\r\f"
_RAW = frozenset(
    {"iframe", "noembed", "noframes", "noscript", "plaintext", "script", "style", "textarea", "title", "xmp"}
)
_WITH_REFERENCES = frozenset({"textarea", "title"})
_MARKUP = re.compile(r"<(?=[A-Za-z/!?])")
_NAME_END = re.compile(r"[ \t\n\r\f/>]")
_KEY = re.compile(r"[^ \t\n\r\f/>=]*")
_UNQUOTED = re.compile(r"[^ \t\n\r\f>]*")
_COMMENT_END = re.compile(r"--!?>")
_LINE_END = re.compile(r"\r\n|\r|\n")
MAX_ATTRIBUTES = 1000


class Kind(Enum):
    TEXT = auto()
    START = auto()
    END = auto()
    COMMENT = auto()
    DOCTYPE = auto()
    EOF = auto()


@dataclass(frozen=True, slots=True)
class Attribute:
    """A lower-case name and a value without references; the offsets span both in the source."""

    name: str
    value: str
    start: int = 0
    stop: int = 0


@dataclass(slots=True)
class Token:
    """`data` is the text, or the tag's lower-case name; `question` marks a comment that began with `<?`."""

    kind: Kind
    data: str
    start: int
    stop: int
    attributes: tuple[Attribute, ...] = ()
    self_closing: bool = False
    question: bool = False


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


class Tokenizer:
    """Reads one token after the other; the tree builder steers raw text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.raw_tag = ""
        self.cdata_allowed = False

    def next(self) -> Token:
        """The next token; EOF for ever once the text is used up."""
        if self.raw_tag:
            token = self._raw_text()
            if token is not None:
                return token
        if self.at >= len(self.text):
            return Token(Kind.EOF, "", len(self.text), len(self.text))
        match = _MARKUP.search(self.text, self.at)
        if match is None:
            return self._text(len(self.text))
        if match.start() > self.at:
            return self._text(match.start())
        return self._markup()

    def _text(self, stop: int) -> Token:
        start, self.at = self.at, stop
        return Token(Kind.TEXT, html.unescape(_lines(self.text[start:stop])), start, stop)

    def _raw_text(self) -> Token | None:
        tag, self.raw_tag = self.raw_tag, ""
        start = self.at
        if tag == "plaintext":
            stop = len(self.text)
        elif tag == "script":
            stop = _script_end(self.text, start)
        else:
            end = re.compile(rf"</{tag}(?=[ \t\n\r\f/>])", re.IGNORECASE | re.ASCII).search(self.text, start)
            stop = end.start() if end else len(self.text)
        if stop == start:
            return None
        self.at = stop
        data = _lines(self.text[start:stop]).replace("\0", "�")
        return Token(Kind.TEXT, html.unescape(data) if tag in _WITH_REFERENCES else data, start, stop)

    def _markup(self) -> Token:
        start, follower = self.at, self.text[self.at + 1]
        if follower == "!":
            return self._declaration(start)
        if follower == "?":
            return self._bogus(start, start + 1, question=True)
        if follower != "/":
            return self._start_tag(start)
        after = self.text[start + 2 : start + 3]
        if after.isascii() and after.isalpha():
            return self._end_tag(start)
        if not after:
            return self._text(len(self.text))
        return self._bogus(start, start + 2)

    def _bogus(self, start: int, content: int, *, question: bool = False) -> Token:
        end = self.text.find(">", content)
        stop = end if end >= 0 else len(self.text)
        self.at = min(stop + 1, len(self.text))
        return Token(Kind.COMMENT, self.text[content:stop], start, self.at, question=question)

    def _declaration(self, start: int) -> Token:
        text = self.text
        if text.startswith("--", start + 2):
            return self._comment(start)
        if text[start + 2 : start + 9].upper() == "DOCTYPE":
            token = self._bogus(start, start + 9)
            return Token(Kind.DOCTYPE, token.data.lstrip(_SPACE), start, token.stop)
        if self.cdata_allowed and text.startswith("[CDATA[", start + 2):
            end = text.find("]]>", start + 9)
            stop = end if end >= 0 else len(text)
            self.at = min(stop + 3, len(text))
            return Token(Kind.TEXT, _lines(text[start + 9 : stop]), start, self.at)
        return self._bogus(start, start + 2)

    def _comment(self, start: int) -> Token:
        content = start + 4
        for short in (">", "->"):
            if self.text.startswith(short, content):
                self.at = content + len(short)
                return Token(Kind.COMMENT, "", start, self.at)
        end = _COMMENT_END.search(self.text, content)
        self.at = end.end() if end else len(self.text)
        return Token(Kind.COMMENT, self.text[content : end.start() if end else self.at], start, self.at)

    def _end_tag(self, start: int) -> Token:
        name, _, closed = self._tag(start + 2)
        if not closed:
            return Token(Kind.EOF, "", len(self.text), len(self.text))
        return Token(Kind.END, name, start, self.at)

    def _start_tag(self, start: int) -> Token:
        name, attributes, closed = self._tag(start + 1)
        if not closed:
            return Token(Kind.EOF, "", len(self.text), len(self.text))
        if name in _RAW:
            self.raw_tag = name
        return Token(Kind.START, name, start, self.at, attributes, self.text[self.at - 2] == "/")

    def _tag(self, at: int) -> tuple[str, tuple[Attribute, ...], bool]:
        """Name and attributes of the tag whose name starts at `at`; the last: whether it is closed."""
        end = _NAME_END.search(self.text, at)
        if end is None:
            self.at = len(self.text)
            return "", (), False
        name, self.at = self.text[at : end.start()], end.start()
        attributes: list[Attribute] = []
        while True:
            self._skip(_SPACE + "/")
            if self.at >= len(self.text):
                return _lower(name), (), False
            if self.text[self.at] == ">":
                self.at += 1
                return _lower(name), tuple(attributes[:MAX_ATTRIBUTES]), True
            attribute = self._attribute()
            if attribute.name:
                attributes.append(attribute)

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


def _lines(text: str) -> str:
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

    return _REFERENCE.sub(resolve, _lines(source)) if "&" in source else _lines(source)


_SCRIPT_END = re.compile(r"</script(?=[ \t\n\r\f/>])", re.IGNORECASE | re.ASCII)
_SCRIPT_START = re.compile(r"<script(?=[ \t\n\r\f/>])", re.IGNORECASE | re.ASCII)


def _script_end(text: str, start: int) -> int:
    """Where a script's text ends: inside `<!-- <script>` the next end tag does not count."""
    at = start
    while True:
        end = _SCRIPT_END.search(text, at)
        if end is None:
            return len(text)
        comment = text.find("<!--", at, end.start())
        if comment < 0:
            return end.start()
        closed = text.find("-->", comment + 2)
        inner = _SCRIPT_START.search(text, comment, end.start())
        if inner is None or 0 <= closed < inner.start():
            if 0 <= closed < end.start():
                at = closed + 3
                continue
            return end.start()
        at = end.end()
