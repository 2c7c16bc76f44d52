"""The head of a page of MJML: what the compiler is told of it, and what is written into the HTML beside it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from mailweave.diagnostics import Diagnostic, diagnose
from mailweave.mjml.attributes import set_of
from mailweave.mjml.checks import check_values
from mailweave.mjml.masks import Masks, Pieces
from mailweave.mjml.tree import Element
from mailweave.source import Source, Span

_FONTS: Final = {
    "Open Sans": "https://fonts.googleapis.com/css?family=Open+Sans:300,400,500,700",
    "Droid Sans": "https://fonts.googleapis.com/css?family=Droid+Sans:300,400,500,700",
    "Lato": "https://fonts.googleapis.com/css?family=Lato:300,400,500,700",
    "Roboto": "https://fonts.googleapis.com/css?family=Roboto:300,400,500,700",
    "Ubuntu": "https://fonts.googleapis.com/css?family=Ubuntu:300,400,500,700",
}
"""The fonts that MJML knows by itself."""
_CLOSING: Final = re.compile(r"</style", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Head:
    """The parts of a head, in order."""

    parts: tuple[Element, ...] = ()

    def named(self, name: str) -> tuple[Element, ...]:
        """Those of a name."""
        return tuple(one for one in self.parts if one.name == name)

    def mjml(self, masks: Masks) -> str:
        """What the compiler is told: title, preview and breakpoint."""
        made = "".join(self._text(name, masks) for name in ("mj-title", "mj-preview"))
        widths = (escape(one.get("width") or "") for one in self.named("mj-breakpoint"))
        breakpoint = "".join(f'<mj-breakpoint width="{width}"/>' for width in widths)
        return f"<mj-head>{made}{breakpoint}</mj-head>"

    def _text(self, name: str, masks: Masks) -> str:
        for one in self.named(name)[-1:]:
            if one.content is not None and one.inside.strip():
                words = _stripped(one)
                return f"<{name}>{masks.content(one.source, words, quoted=name == 'mj-title')}</{name}>"
        return ""

    def check(self) -> Iterator[Diagnostic]:
        """What would end a style element before its end, and a width that only data know."""
        for one in self.named("mj-breakpoint"):
            yield from check_values(one, set_of(one))
        for one in self.named("mj-style"):
            found = _CLOSING.search(one.inside)
            if found and one.content is not None:
                at = one.content.start + found.start()
                yield diagnose(
                    "MW642", one.source, Span(at, at + len(found[0])), what="`</style` stands in CSS"
                )

    def written(self) -> Pieces:
        """The style elements and the raw parts, as MJML writes them last in a head."""
        made: Pieces = []
        for one in self.named("mj-style"):
            made += [_ours('<style type="text/css">', one), *_inside(one), _ours("</style>", one)]
        for one in self.named("mj-raw"):
            made += _inside(one)
        return made

    def fonts(self, html: str) -> str:
        """The links to the fonts that a page shows. MJML looks for them in values with `font-family`."""
        own = {one.get("name") or "": one.get("href") or "" for one in self.named("mj-font")}
        addresses = [url for name, url in {**_FONTS, **own}.items() if name and _shows(name, html)]
        if not addresses:
            return ""
        links = "".join(f'<link href="{each}" rel="stylesheet" type="text/css">' for each in addresses)
        rules = "".join(f"@import url({each});" for each in addresses)
        return f'<!--[if !mso]><!-->{links}<style type="text/css">{rules}</style><!--<![endif]-->'


def head_of(groups: Iterable[Element], more: Sequence[object] = ()) -> Head:
    """The parts of heads, and what included pages have in theirs."""
    own = [part for group in groups for part in group.elements()]
    return Head((*own, *(part for part in more if isinstance(part, Element))))


def _shows(font: str, html: str) -> bool:
    name = re.escape(font)
    quoted = re.compile(rf'"[^"]*font-family:[^"]*{name}[^"]*"', re.IGNORECASE)
    return quoted.search(html) is not None


def _stripped(element: Element) -> Span:
    assert element.content is not None
    said, start = element.inside, element.content.start
    return Span(start + len(said) - len(said.lstrip()), start + len(said.rstrip()))


def _inside(element: Element) -> Pieces:
    if element.content is None:
        return []
    return [(element.inside, element.source.part(element.content))]


def _ours(text: str, element: Element) -> tuple[str, Source]:
    return text, element.source.part(Span(element.span.start, element.span.start))
