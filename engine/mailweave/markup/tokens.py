"""HTML cut into tokens, with Liquid opaque in every position.

Nothing is mended and nothing is lost: the spans of the tokens tile the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from mailweave.markup.pieces import Kind, Piece, live, piece_at
from mailweave.source import Span

_VOID_CLASSIC = {
    "area",
    "base",
    "basefont",
    "br",
    "col",
    "frame",
    "hr",
    "img",
    "input",
    "isindex",
    "link",
    "meta",
}
VOID = frozenset(_VOID_CLASSIC | {"embed", "param", "source", "track", "wbr"})
RAW_TEXT = frozenset({"style", "script", "title", "textarea", "xmp"})

_TEXT_STOP = re.compile(r"<(?=[A-Za-z/!?])|\{\{|\{%")
_TAG_NAME = re.compile(r"[A-Za-z][^\s/>{<]*")
_ATTRIBUTE_NAME = re.compile(r"[^\s=>/{]+|\{")
_EQUALS = re.compile(r"\s*=\s*")
_UNQUOTED_STOP = re.compile(r"[\s>]|\{\{|\{%")


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute of a start tag; `value` is as the author wrote it, entities and Liquid included."""

    name: str  # lower case; may hold Liquid
    value: str | None
    quote: str
    span: Span
    value_span: Span


@dataclass(frozen=True, slots=True)
class StartTag:
    name: str
    span: Span
    name_stop: int  # offset just behind the name
    parts: tuple[Attribute | Piece, ...]
    self_closing: bool

    @property
    def attributes(self) -> tuple[Attribute, ...]:
        return tuple(part for part in self.parts if isinstance(part, Attribute))

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """Liquid that stands between the attributes."""
        return tuple(part for part in self.parts if isinstance(part, Piece))

    def get(self, name: str) -> str | None:
        """The value of the first attribute of that name, as written."""
        return next((a.value or "" for a in self.attributes if a.name == name), None)


@dataclass(frozen=True, slots=True)
class EndTag:
    name: str
    span: Span
    pieces: tuple[Piece, ...] = ()  # as those of a comment


@dataclass(frozen=True, slots=True)
class Text:
    span: Span


@dataclass(frozen=True, slots=True)
class RawText:
    """What stands inside `<style>`, `<script>`, `<title>` or `<textarea>`."""

    element: str
    span: Span


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment, Outlook's conditional comments included.

    `pieces`: its Liquid that matters outside of it, for Liquid knows nothing of comments: assignments, and the tags of
    blocks that do not end in it.
    """

    span: Span
    pieces: tuple[Piece, ...] = ()


@dataclass(frozen=True, slots=True)
class Declaration:
    """A doctype, `<![if ...]>`, `<?...>` or another bogus comment."""

    span: Span
    pieces: tuple[Piece, ...] = ()  # as those of a comment


@dataclass(frozen=True, slots=True)
class LiquidToken:
    """A piece of Liquid between tags."""

    piece: Piece

    @property
    def span(self) -> Span:
        return self.piece.span


Token = StartTag | EndTag | Text | RawText | Comment | Declaration | LiquidToken


def tokenize(text: str) -> tuple[Token, ...]:
    """The tokens of `text`, in order; their spans tile it."""
    tokens: list[Token] = []
    at = 0
    while at < len(text):
        token = _token(text, at, tokens)
        tokens.append(token)
        at = token.span.stop
    return tuple(tokens)


def _token(text: str, at: int, before: list[Token]) -> Token:
    last = before[-1] if before else None
    if isinstance(last, StartTag) and last.name in RAW_TEXT and not last.self_closing:
        stop = _raw_stop(text, at, last.name)
        if stop > at:
            return RawText(last.name, Span(at, stop))
    if text[at] == "{":
        piece = piece_at(text, at)
        if piece:
            return LiquidToken(piece)
    if text[at] == "<":
        token = _markup(text, at)
        if token:
            return token
    return Text(Span(at, _text_stop(text, at + 1)))


def _text_stop(text: str, at: int) -> int:
    """Where a text ends: at Liquid, or at what can begin a tag or a comment."""
    found = _TEXT_STOP.search(text, at)
    while found and found.group() != "<" and piece_at(text, found.start()) is None:
        found = _TEXT_STOP.search(text, found.end())
    return found.start() if found else len(text)


def _raw_stop(text: str, at: int, name: str) -> int:
    closing = re.compile("</" + name + r"(?=[\s/>])", re.I).search(text, at)
    return closing.start() if closing else len(text)


def _markup(text: str, at: int) -> Token | None:
    if text.startswith("<!--", at):
        stop = text.find("-->", at + 4)
        span = Span(at, len(text) if stop < 0 else stop + 3)
        return Comment(span, live(text[at : span.stop], at))
    if text.startswith(("<!", "<?"), at):
        stop = _past(text, at, ">")
        return Declaration(Span(at, stop), live(text[at:stop], at))
    if text.startswith("</", at):
        name = _TAG_NAME.match(text, at + 2)
        stop = _past(text, at, ">")
        span, found = Span(at, stop), live(text[at:stop], at)
        return EndTag(name.group().lower(), span, found) if name else Declaration(span, found)
    name = _TAG_NAME.match(text, at + 1)
    return _start_tag(text, at, name) if name else None


def _past(text: str, at: int, what: str) -> int:
    found = text.find(what, at)
    return len(text) if found < 0 else found + len(what)


def _start_tag(text: str, start: int, name: re.Match[str]) -> StartTag:
    parts: list[Attribute | Piece] = []
    at = name_stop = name.end()
    while at < len(text) and text[at] != ">":
        if text[at].isspace() or text[at] == "/":
            at += 1
            continue
        part = _part(text, at)
        parts.append(part)
        at = part.span.stop
    stop = min(at + 1, len(text))
    return StartTag(
        name.group().lower(),
        Span(start, stop),
        name_stop,
        tuple(parts),
        text[at - 1] == "/"
        and at > (parts[-1].span.stop if parts else name_stop),  # not of a value without quotes
    )


def _part(text: str, at: int) -> Attribute | Piece:
    piece = piece_at(text, at) if text[at] == "{" else None
    if piece and not (piece.kind is Kind.OUTPUT and _glued(text, piece.span.stop)):
        return piece
    name_stop = _name_stop(text, at)
    name = text[at:name_stop].lower()
    equals = _EQUALS.match(text, name_stop)
    if not equals:
        return Attribute(name, None, "", Span(at, name_stop), Span(name_stop, name_stop))
    return _valued(text, at, name, equals.end())


def _glued(text: str, at: int) -> bool:
    """Whether an output is the first part of an attribute's name (`{{ kind }}-id="x"`)."""
    return at < len(text) and not text[at].isspace() and text[at] not in ">/{"


def _name_stop(text: str, at: int) -> int:
    """The end of an attribute's name; outputs may be part of it, tags end it."""
    start = at
    while at < len(text):
        piece = piece_at(text, at) if text[at] == "{" else None
        if piece:
            if piece.kind is not Kind.OUTPUT and at > start:
                break
            at = piece.span.stop
            continue
        found = _ATTRIBUTE_NAME.match(text, at)
        if not found:
            break
        at = found.end()
    return max(at, start + 1)


def _valued(text: str, start: int, name: str, at: int) -> Attribute:
    quote = text[at : at + 1]
    if quote not in ('"', "'") or not quote:
        stop = _unquoted_stop(text, at)
        return Attribute(name, text[at:stop], "", Span(start, stop), Span(at, stop))
    stop = _quoted_stop(text, at + 1, quote)
    return Attribute(
        name, text[at + 1 : stop], quote, Span(start, min(stop + 1, len(text))), Span(at + 1, stop)
    )


def _quoted_stop(text: str, at: int, quote: str) -> int:
    """The closing quote; a quote inside Liquid does not close."""
    stop = re.compile(quote + r"|\{\{|\{%")
    found = stop.search(text, at)
    while found and found.group() != quote:
        piece = piece_at(text, found.start())
        found = stop.search(text, piece.span.stop if piece else found.end())
    return found.start() if found else len(text)


def _unquoted_stop(text: str, at: int) -> int:
    found = _UNQUOTED_STOP.search(text, at)
    while found and found.group() in ("{{", "{%"):
        piece = piece_at(text, found.start())
        found = _UNQUOTED_STOP.search(text, piece.span.stop if piece else found.end())
    return found.start() if found else len(text)
