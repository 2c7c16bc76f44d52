"""What can be said of an AMP template before any recipient is rendered.

Whether a tag is valid depends on its own attributes and on what it stands in. When control flow stands
only between tags, each branch opening and closing its own, every document that a template can give is
made of the tags of one document: the one with all branches shown. That one is validated.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from mailweave.markup.pieces import Kind, Piece, holds_liquid, pieces
from mailweave.markup.tokens import Attribute, EndTag, LiquidToken, RawText, StartTag, tokenize
from mailweave.message.amp.html_nodes import VOID
from mailweave.message.amp.specs import AttributeSpec
from mailweave.message.amp.tag_mapping import attributes_of

_ADDRESS = "https://example.com/x"
_LAYOUT = frozenset({"layout", "sizes", "heights"})
_COUNTED = frozenset({("amp-accordion", "section"), ("", "amp-state"), ("amp-sidebar", "nav")})
"""Elements, in a parent, that must have certain children: a branch there decides whether they do."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What was found out about one AMP template.

    `doubts`: why its validity depends on the recipient; none means that every document it gives is
    valid as soon as `shown` is and `admit` has measured it and looked through its addresses and sizes.
    `shown` is the template with every branch shown and every value stood in for.
    """

    shown: str
    doubts: tuple[str, ...] = ()

    @property
    def exact(self) -> bool:
        """Whether nothing was left in doubt."""
        return not self.doubts


def prove(source: str, slots: Mapping[str, str] | None = None) -> Proof:
    """Reads an AMP template; `slots` is what stands for each `{% slot %}` in it."""
    return _Reader(source, dict(slots or {})).read()


@dataclass(slots=True)
class _Reader:
    source: str
    slots: dict[str, str]
    doubts: list[str] = field(default_factory=list)
    out: list[str] = field(default_factory=list)
    stack: list[str] = field(default_factory=list)
    branches: list[tuple[str, ...]] = field(default_factory=list)

    def read(self) -> Proof:
        for token in tokenize(self.source):
            text = self.source[token.span.start : token.span.stop]
            if isinstance(token, LiquidToken):
                self._liquid(token.piece)
            elif isinstance(token, StartTag):
                self._start(token)
            elif isinstance(token, RawText):
                self._raw(text)
            else:
                if isinstance(token, EndTag):
                    self._close(token.name)
                self.out.append(text)
        return Proof("".join(self.out), tuple(dict.fromkeys(self.doubts)))

    def _liquid(self, piece: Piece) -> None:
        if piece.kind is Kind.VERBATIM:
            self.out.append(_verbatim(piece) if piece.name == "raw" else "")
        elif piece.kind is Kind.OUTPUT:
            self.out.append("x")
        elif piece.slot:
            self.out.append(self.slots.get(piece.slot, ""))
        else:
            self._control(piece)

    def _control(self, piece: Piece) -> None:
        """A branch must close what it opens, and may not decide how many children something has."""
        here = tuple(self.stack)
        if piece.opens:
            self.branches.append(here)
        elif (piece.continues or piece.closes) and self.branches:
            if self.branches[-1] != here:
                self.doubts.append("a branch does not close the tags that it opens")
                self.stack = list(self.branches[-1])
            if piece.closes:
                self.branches.pop()
        around = ("", "", *self.stack)[-2:]
        if (piece.opens or piece.continues) and (around in _COUNTED or ("", around[1]) in _COUNTED):
            self.doubts.append(f"a branch decides what stands in <{around[1]}>")
        if piece.name in ("render", "include"):
            self.doubts.append("it renders another template")

    def _close(self, name: str) -> None:
        if name in self.stack:
            while self.stack.pop() != name:
                pass

    def _start(self, tag: StartTag) -> None:
        if tag.name not in VOID:
            self.stack.append(tag.name)
        if tag.pieces:
            self.doubts.append(f"Liquid stands between the attributes of <{tag.name}>")
        known = attributes_of(tag.name) or {}
        shown = "".join(
            f" {self._attribute(tag.name, one, known.get(one.name, ()))}" for one in tag.attributes
        )
        self.out.append(f"<{tag.name}{shown}>")

    def _attribute(self, tag: str, one: Attribute, specs: tuple[AttributeSpec, ...]) -> str:
        if holds_liquid(one.name):
            self.doubts.append(f"the name of an attribute of <{tag}> depends on the recipient")
            return ""
        if one.value is None:
            return one.name
        if not holds_liquid(one.value):
            return f"{one.name}={one.quote}{one.value}{one.quote}"
        return self._live(tag, one.name, one.value, specs)

    def _live(self, tag: str, name: str, value: str, specs: tuple[AttributeSpec, ...]) -> str:
        """An attribute whose value Liquid writes, with something in its place."""
        if any(spec.url is not None for spec in specs):
            return f'{name}="{_ADDRESS}"'
        if tag.startswith("amp-") and name in ("width", "height"):
            return f'{name}="1"'
        if tag.startswith("amp-") and name in _LAYOUT:
            self.doubts.append(f"`{name}` of <{tag}> depends on the recipient")
            return ""
        if any(_limited(spec) for spec in specs):
            self.doubts.append(f"`{name}` of <{tag}> may hold certain values only")
            values = (*specs[0].values, *specs[0].values_any_case, "x")
            return f'{name}="{values[0]}"'
        if any(spec.document_css for spec in specs):
            self.doubts.append(f"the style of a <{tag}> depends on the recipient")
            return ""
        if name == "on":
            self.doubts.append(f"what <{tag}> does depends on the recipient")
        return f'{name}="{_stood_in(value)}"'

    def _raw(self, text: str) -> None:
        """The text of a script: data, each value of it escaped as what it is written in."""
        self.out.append(_stood_in(text, "0"))


def _verbatim(piece: Piece) -> str:
    """What `{% raw %}` holds."""
    return piece.text[piece.text.index("%}") + 2 : piece.text.rindex("{%")]


def _stood_in(text: str, filler: str = "x") -> str:
    """A text with every branch shown and every value replaced."""
    out, at = [], 0
    for piece in pieces(text):
        out.append(text[at : piece.span.start])
        if piece.kind is Kind.VERBATIM and piece.name == "raw":
            out.append(_verbatim(piece))
        elif piece.kind is Kind.OUTPUT:
            out.append(filler)
        at = piece.span.stop
    return "".join([*out, text[at:]])


def _limited(spec: AttributeSpec) -> bool:
    return bool(spec.values or spec.values_any_case or spec.pattern or spec.refused)
