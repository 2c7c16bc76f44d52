"""HTML that was inlined, and may still hold its Liquid, as the body of an AMP document."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from mailweave.diagnostics import Diagnostic, Severity, diagnose
from mailweave.markup.pieces import Kind, pieces
from mailweave.markup.tokens import (
    Comment,
    Declaration,
    EndTag,
    LiquidToken,
    RawText,
    StartTag,
    Text,
    Token,
    tokenize,
)
from mailweave.message.amp.cleaning import Cleaner
from mailweave.message.amp.html_nodes import VOID
from mailweave.message.amp.html_tokens import without_surrogates
from mailweave.message.amp.styles import StyleBook
from mailweave.message.amp.tag_mapping import ALONE, EMPTIED, RENAMED, SILENT, attributes_of
from mailweave.source import Source, Span

_HEADLESS = frozenset({"html", "head", "body"})
_DATA_SCRIPTS = ("application/json", "application/ld+json")


_DARK = ("color-scheme", "supported-color-schemes", ":root", "@media (prefers-color-scheme")
_QUIET = ("mso-", "-webkit-", "-ms-", "-moz-", *_DARK)
"""CSS that is left out without a word: for single readers, and for the dark, of which AMP knows nothing."""
_LASTING = frozenset({"assign", "capture", "increment", "decrement", "cycle", "echo", "liquid", "slot"})


@dataclass(frozen=True, slots=True)
class AmpSource:
    """The AMP form of a template, Liquid kept.

    `body` stands between the body tags; `html_attributes` and `body_attributes` are those of the
    document's own tags. `refused` is true when AMP cannot say what the HTML says; `body` is then empty.
    The styles are in the book that was given to `from_html`.
    """

    body: str
    html_attributes: str = ""
    body_attributes: str = ""
    diagnostics: tuple[Diagnostic, ...] = ()
    refused: bool = False


def from_html(inlined: str | Source, *, book: StyleBook | None = None) -> AmpSource:
    """AMP from HTML whose CSS was inlined: a fragment or a whole document, which may hold Liquid.

    inlined: the HTML; Liquid in it stays as it is. book: where styles are gathered as classes, shared by
    all parts of one campaign; a new one unless given.

    Pictures become amp-img with a size and a layout, inline styles become classes, what AMP does not
    allow is left out or refused by name; see `diagnostics`. AMP's own tags pass as they are, so that a
    `block.amp.html` goes the same way.

    >>> from_html('<p style="color:red">Hi {{ name }}<img src="cid:logo"></p>').body
    '<p class="m1">Hi {{ name }}</p>'
    """
    source = inlined if isinstance(inlined, Source) else Source("<html>", inlined)
    if without_surrogates(source.text) != source.text:
        source = Source(source.name, without_surrogates(source.text))
    return _Transform(source, book if book is not None else StyleBook()).run()


@dataclass(slots=True)
class _Transform:
    source: Source
    book: StyleBook
    diagnostics: list[Diagnostic] = field(default_factory=list)
    out: list[str] = field(default_factory=list)
    html_attributes: str = ""
    body_attributes: str = ""
    in_head: bool = False
    skipping: str = ""
    depth: int = 0
    skipped: list[Span] = field(default_factory=list)

    def run(self) -> AmpSource:
        tokens = tokenize(self.source.text)
        self._sheets(tokens)
        cleaner = Cleaner(self.source, self.book, self.diagnostics)
        dropped_before = len(self.book.dropped)
        for token in tokens:
            self._token(token, cleaner)
        self._note_css(self.book.dropped[dropped_before:])
        refused = any(d.severity is not Severity.NOTE for d in self.diagnostics)
        body = "" if refused else "".join(self.out).strip("\n")
        return AmpSource(body, self.html_attributes, self.body_attributes, tuple(self.diagnostics), refused)

    def _sheets(self, tokens: Iterable[Token]) -> None:
        """Style sheets first: which classes they speak of decides which are kept."""
        before = len(self.book.dropped)
        for token in tokens:
            if isinstance(token, RawText) and token.element == "style":
                self.book.take(self._text(token.span))
        self._note_css(self.book.dropped[before:])

    def _note_css(self, dropped: list[str]) -> None:
        for what in dict.fromkeys(dropped):
            if not what.startswith(_QUIET):
                self.diagnostics.append(diagnose("MW716", self.source, Span(0, 0), what=what))

    def _text(self, span: Span) -> str:
        return self.source.text[span.start : span.stop]

    def _token(self, token: Token, cleaner: Cleaner) -> None:
        if self.skipping:
            self._skip(token)
        elif isinstance(token, StartTag):
            self._start(token, cleaner)
        elif isinstance(token, EndTag):
            self._end(token)
        elif isinstance(token, Comment | Declaration):
            self._leave_out(token.span)
        elif isinstance(token, LiquidToken):
            self._liquid(token)
        elif isinstance(token, Text | RawText) and not self.in_head:
            self.out.append(self._text(token.span))

    def _liquid(self, token: LiquidToken) -> None:
        """Tags stay wherever they stand; what they would write into the head has no place in AMP."""
        verbatim = token.piece.kind is Kind.VERBATIM and token.piece.name != "raw"
        if not verbatim and not (self.in_head and token.piece.kind is not Kind.TAG):
            self.out.append(token.piece.text)

    def _skip(self, token: Token) -> None:
        """Inside an element that is left out with all it holds."""
        if isinstance(token, StartTag) and token.name == self.skipping and not token.self_closing:
            self.depth += 1
        elif isinstance(token, EndTag) and token.name == self.skipping:
            self.depth -= 1
            if self.depth == 0:
                start = self.skipped.pop().start
                self.skipping = ""
                self._leave_out(Span(start, token.span.stop))

    def _leave_out(self, span: Span) -> None:
        """Nothing is written; but Liquid that means something outside may not be lost with it."""
        open_branches = 0
        for piece in pieces(self._text(span)):
            open_branches += piece.opens - piece.closes
            if open_branches < 0 or (piece.kind is Kind.TAG and piece.name in _LASTING):
                break
        else:
            if open_branches == 0:
                return
        why = "Liquid begins inside it and goes on behind it"
        self.diagnostics.append(diagnose("MW711", self.source, span, tag="!--", why=why))

    def _start(self, tag: StartTag, cleaner: Cleaner) -> None:
        name = tag.name
        if name in _HEADLESS:
            self._outer(tag, cleaner)
        elif name == "form" and tag.get("action-xhr") is None:
            why = "a form of AMP is sent by `action-xhr`"
            self.diagnostics.append(diagnose("MW711", self.source, tag.span, tag=name, why=why))
        elif name in EMPTIED and not self._is_data(tag):
            self._leave_out_element(tag)
        elif name in ALONE:
            self._say_left_out(tag)
        elif self.in_head:
            self._leave_head()
            self._start(tag, cleaner)
        elif name not in RENAMED and attributes_of(name) is None:
            self._say_left_out(tag)
        else:
            self.out.append(cleaner.start_tag(tag))

    def _is_data(self, tag: StartTag) -> bool:
        """A script that is no program: the state of amp-bind, or facts for machines."""
        return tag.name == "script" and (
            (tag.get("type") or "").lower() in _DATA_SCRIPTS or tag.get("template") == "amp-mustache"
        )

    def _leave_out_element(self, tag: StartTag) -> None:
        self._say_left_out(tag)
        if not tag.self_closing or tag.name in ("script", "style", "title"):
            self.skipping, self.depth = tag.name, 1
            self.skipped.append(tag.span)

    def _say_left_out(self, tag: StartTag) -> None:
        if tag.name not in SILENT and ":" not in tag.name:
            self.diagnostics.append(diagnose("MW710", self.source, tag.span, tag=tag.name))

    def _outer(self, tag: StartTag, cleaner: Cleaner) -> None:
        if tag.name == "head":
            self.in_head = True
            return
        if tag.name == "body":
            self._leave_head()
        said = cleaner.attributes(tag, tag.name)
        if tag.name == "html":
            self.html_attributes = said
        else:
            self.body_attributes = said

    def _leave_head(self) -> None:
        self.in_head = False

    def _end(self, tag: EndTag) -> None:
        if tag.name == "head":
            self._leave_head()
        elif tag.name in _HEADLESS or tag.name in ALONE or tag.name in EMPTIED - {"script"}:
            return
        elif tag.name in RENAMED:
            if RENAMED[tag.name][0] != "amp-img":
                self.out.append(f"</{RENAMED[tag.name][0]}>")
        elif attributes_of(tag.name) is not None and tag.name not in VOID:
            self.out.append(f"</{tag.name}>")
