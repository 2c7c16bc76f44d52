"""Clicks drawn on a mail: each block outlined, the redder the more of those who were shown it clicked in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Final, NamedTuple

from mailweave.campaign.source_marks import SourceMarks, Written
from mailweave.markup.tokens import VOID, EndTag, StartTag, tokenize

_STEPS: Final = 5
_STYLE: Final = (
    "<style>[data-clicked]{outline:3px solid #b3261e33;outline-offset:-3px;position:relative}"
    + "".join(
        f'[data-clicked="{step}"]{{outline-color:#b3261e{55 + step * 40:x}}}' for step in range(1, _STEPS + 1)
    )
    + "[data-clicks]::before{content:attr(data-clicks);position:absolute;top:0;right:0;z-index:9;padding:0 .5em;"
    "background:#b3261e;color:#fff;font:600 12px/1.7 system-ui,sans-serif}</style>"
)


class Clicked(NamedTuple):
    """Of how many who were shown a block, how many clicked in it."""

    clicked: int
    shown: int

    @property
    def share(self) -> float:
        return self.clicked / self.shown if self.shown else 0.0

    def __str__(self) -> str:
        return f"{self.share:.1%} of {self.shown:,}"


@dataclass(slots=True)
class _Open:
    """The elements that are open, each with the block that it is of."""

    names: list[tuple[str, str]] = field(default_factory=list)

    def block(self) -> str:
        return self.names[-1][1] if self.names else ""

    def is_inside(self, block: str) -> bool:
        return any(each == block for _, each in self.names)

    def begins(self, tag: StartTag, block: str) -> None:
        if tag.name not in VOID and not tag.self_closing:
            self.names.append((tag.name, block))

    def ends(self, name: str) -> None:
        at = next((at for at in reversed(range(len(self.names))) if self.names[at][0] == name), None)
        if at is not None:
            del self.names[at:]


def drawn(html: str, marks: SourceMarks, clicks: Mapping[str, Clicked]) -> str:
    """A mail, its marks taken away, with the clicks of its blocks drawn; blocks that `clicks` does not name are left.

    >>> marks = SourceMarks("mw-x")
    >>> drawn("<p><!--mw-x:b.html:1:hero:--><b>Hi</b>", marks, {"hero": Clicked(1, 8)})
    '<p><b data-clicked="5" data-clicks="hero: 12.5% of 8">Hi</b>'
    """
    most = max((one.share for one in clicks.values()), default=0.0)
    parts, at, is_open, last = [], 0, _Open(), ""
    for tag, block in _tags(html, marks):
        if isinstance(tag, EndTag):
            is_open.ends(tag.name)
            continue
        owner = block or is_open.block()
        if owner in clicks and not is_open.is_inside(owner):
            step = round(_STEPS * clicks[owner].share / most) if most else 0
            badge = f' data-clicks="{escape(f"{owner}: {clicks[owner]}")}"' if owner != last else ""
            parts += [html[at : tag.name_stop], f' data-clicked="{step}"{badge}']
            at, last = tag.name_stop, owner
        is_open.begins(tag, owner)
    shown = marks.unmarked("".join([*parts, html[at:]]))
    return shown.replace("</head>", f"{_STYLE}</head>", 1)


def _tags(html: str, marks: SourceMarks) -> Iterator[tuple[StartTag | EndTag, str]]:
    """The tags of a mail, a start tag with the block whose mark stands before it."""
    block = ""
    for token in tokenize(html):
        mark = next(
            (
                one
                for one in marks.split(html[token.span.start : token.span.stop])
                if isinstance(one, Written)
            ),
            None,
        )
        if mark is not None:
            block = mark.block
        elif isinstance(token, StartTag | EndTag):
            yield token, block if isinstance(token, StartTag) else ""
            block = ""
        else:
            block = ""
