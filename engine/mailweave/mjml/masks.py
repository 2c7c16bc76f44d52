"""Words that stand for what the compiler of MJML must not look into, and what it made of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from mailweave.diagnostics import Diagnostic, diagnose
from mailweave.markup.pieces import cut, pieces
from mailweave.markup.shield import Shield
from mailweave.source import Source, Span

Kind: TypeAlias = Literal["mark", "hole", "content", "value", "edge"]
"""A place; what stands between components; HTML of a component; a value; where a block begins and ends."""
Pieces: TypeAlias = list[tuple[str, Source]]
"""A text piece by piece, each with the text that its places are of."""

_CONDITION: Final = re.compile(r"<!--\[if [^\]]*\]>(<!-->)?|<!\[endif\]-->")
_CLASSES: Final = re.compile(r'(?<=class=")([^"]*)-outlook(?=")')
_PREVIEW: Final = re.compile(
    r'(<html((?: (?:lang|dir)="[^"]*")+).*?<body[^>]*>\s*<div)(?= style="display:none;)', re.DOTALL
)
_SHEET: Final = re.compile(r"(<style[^>]*>)([^<]*)")
_BUTTON: Final = re.compile(
    r'(<td [^>]*?style="([^"]*)"[^>]*>\s*<[ap] [^>]*?style="display:inline-block;width:)(\d+)(?=px;)'
)
_SIDES: Final = re.compile(r"(?:^|;)border(-left|-right)?:\s*(?:(\d+)px)?")
_OURS: Final = Source("<mjml>", "")  # nobody's rules: what nothing matches in them is not told
_COUNTING: Final = frozenset(["increment", "decrement", "cycle"])


@dataclass(frozen=True, slots=True)
class Mask:
    """What a word stands for. most: how often it may come out; needed: whether it must."""

    kind: Kind
    said: Pieces
    source: Source
    span: Span
    most: int = 1
    needed: bool = True
    role: str = ""  # of the table that it fills


class Masks:
    """Hides texts behind words that occur nowhere in `texts`, and puts them back where the words came out."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._nonce = Shield(*texts).nonce
        self._masks: list[Mask] = []
        self._word = re.compile(rf"<!--{self._nonce}(\d+)z-->|{self._nonce}(\d+)z")
        mark = rf"(?:\s|(?:<!--)?{self._nonce}\d+z(?:-->)?)*"
        self._seam = re.compile(rf"<!\[endif\]-->({mark})<!--\[if mso \| IE\]>")
        self._table = re.compile(rf"<table (?![^>]*\brole=)([^>]*)>({self._nonce}(\d+)z)?")

    def hide(self, mask: Mask) -> str:
        """The word for it."""
        self._masks.append(mask)
        return f"{self._nonce}{len(self._masks) - 1}z"

    def mark(self, source: Source, span: Span) -> str:
        """A word at which the component begins that was written there."""
        return self.hide(Mask("mark", [], source, span))

    def hole(self, source: Source, span: Span) -> str:
        """The word for what stands between components."""
        return self.hide(Mask("hole", [_piece(source, span)], source, span))

    def content(self, source: Source, span: Span, *, quoted: bool = False, role: str = "") -> str:
        """The word for the HTML of a component. quoted: whether it comes out twice, once as a value; role: that of its
        table, where it fills one."""
        said = list(_quoted(source, span)) if quoted else [_piece(source, span)]
        return self.hide(Mask("content", said, source, span, 2 if quoted else 1, role=role))

    def value(self, source: Source, span: Span) -> str:
        """The word for a value that comes out as it was written, as often as the compiler repeats it."""
        found = pieces(source.text[span.start : span.stop])
        most = 1 if any(one.name in _COUNTING for one in found) else 1_000
        return self.hide(Mask("value", list(_quoted(source, span)), source, span, most, bool(found)))

    def around(self, said: Pieces, source: Source) -> str:
        """The word for a text of ours."""
        return self.hide(Mask("hole", said, source, Span(0, 0)))

    def edge(self, source: Source) -> str:
        """A word at which a block begins, or ends."""
        return self.hide(Mask("edge", [], source, Span(0, 0)))

    def put_back(self, html: str, source: Source) -> tuple[Pieces, tuple[Diagnostic, ...]]:
        """HTML with what was hidden, and why it may not be used. Between the edges, where there are some."""
        back = _Back(source)
        html = self._joined(self._mended(html))
        at = 0
        seen: dict[int, int] = {}
        for word in self._word.finditer(html):
            back.made(html[at : word.start()])
            number = int(word[1] or word[2])
            seen[number] = seen.get(number, 0) + 1
            back.put(self._masks[number])
            at = word.end()
        back.made(html[at:])
        return back.result(), tuple(self._miscounted(seen))

    def _mended(self, html: str) -> str:
        """With what screen readers need and mrml leaves out: the roles of tables, that a ground is no picture, and the
        language of the preview, which stands beside all else; with all classes for Outlook, of which mrml writes the
        last alone; and with buttons as wide as they are to be."""

        def heard(table: re.Match[str]) -> str:
            role = self._masks[int(table[3])].role if table[2] else "presentation"
            said = f' role="{role}"' if role else ""
            return f"<table {table[1]}{said}>{table[2] or ''}"

        html = _BUTTON.sub(_without_border, _PREVIEW.sub(r"\1\2", html, count=1))
        html = self._table.sub(heard, html).replace("<v:image ", '<v:image alt="" ')
        return _CLASSES.sub(lambda found: " ".join(f"{one}-outlook" for one in found[1].split()), html)

    def _joined(self, html: str) -> str:
        """Without conditions for Outlook that end where the next begins, as MJML writes them."""

        def without(seam: re.Match[str]) -> str:
            numbers = (int(one[1] or one[2]) for one in self._word.finditer(seam[1]))
            return seam[1] if all(self._masks[n].kind == "mark" for n in numbers) else seam[0]

        return self._seam.sub(without, html)

    def _miscounted(self, seen: dict[int, int]) -> Iterator[Diagnostic]:
        for number, mask in enumerate(self._masks):
            count = seen.get(number, 0)
            if count > mask.most or (count == 0 and mask.needed):
                said = " ".join("".join(text for text, _ in mask.said).split())[:80]
                what = said or mask.source.text[mask.span.start : mask.span.stop].split(" ")[0]
                yield diagnose("MW651", mask.source, mask.span, what=what, count=count, most=mask.most)


class _Back:
    """Collects the pieces of a page; what the compiler wrote has the place of the component that it wrote it for.

    Each component begins on the line that it was written on, as far as those before leave room: so the lines of the
    HTML, and of what later stages make of it, are those of the MJML.
    """

    def __init__(self, source: Source) -> None:
        self._source, self._line = source, 1
        self._place = source.part(Span(0, 0))
        self._pieces: Pieces = []
        self._hidden = ""  # the condition for Outlook that is open
        self._edges: list[int] = []

    def made(self, text: str) -> None:
        text, at = text.replace("\n", " "), 0
        for sheet in _SHEET.finditer(text):
            self._pieces += [(text[at : sheet.end(1)], self._place), (sheet[2], _OURS)]
            at = sheet.end()
        self._pieces.append((text[at:], self._place))
        for found in _CONDITION.finditer(text):
            self._hidden = found[0] if found[0].startswith("<!--[if") and not found[1] else ""

    def put(self, mask: Mask) -> None:
        if mask.kind == "mark":
            self._place = mask.source.part(Span(mask.span.start, mask.span.start))
        if mask.kind != "value" and mask.most == 1:
            self._down(mask)
        opened = self._hidden if mask.kind in ("hole", "edge") else ""
        if opened:
            self._pieces.append(("<![endif]-->", self._place))
        if mask.kind == "edge":
            self._edges.append(len(self._pieces))
        self._pieces += mask.said
        self._line += sum(text.count("\n") for text, _ in mask.said)
        if opened:
            self._pieces.append((opened, self._place))

    def _down(self, mask: Mask) -> None:
        """Goes on to the line that something was written on."""
        if mask.source is self._source:
            lines = self._source.locate(mask.span.start).line - self._line
            if lines > 0:
                self._pieces.append(("\n" * lines, self._place))
                self._line += lines

    def result(self) -> Pieces:
        return self._pieces[self._edges[0] : self._edges[1]] if len(self._edges) == 2 else self._pieces


def _without_border(button: re.Match[str]) -> str:
    """A button of a given width, which mrml makes wider by its border."""
    sides = {"-left": 0, "-right": 0}
    for side, width in _SIDES.findall(button[2]):
        for each in [side] if side else sides:
            sides[each] = int(width or 0)
    return f"{button[1]}{max(int(button[3]) - sum(sides.values()), 0)}"


def _piece(source: Source, span: Span) -> tuple[str, Source]:
    return source.text[span.start : span.stop], source.part(span)


def _quoted(source: Source, span: Span) -> Iterator[tuple[str, Source]]:
    """A text that comes to stand in double quotes: those of its Liquid stay, for no HTML parser sees them."""
    at = span.start
    for part in cut(source.text[span.start : span.stop]):
        text = part if isinstance(part, str) else part.text
        for n, run in enumerate(text.split('"') if isinstance(part, str) else [text]):
            if n:
                yield "&quot;", source.part(Span(at, at + 1))
                at += 1
            if run:
                yield run, source.part(Span(at, at + len(run)))
                at += len(run)


def text_of(made: Sequence[tuple[str, Source]]) -> str:
    """The whole text."""
    return "".join(text for text, _ in made)
