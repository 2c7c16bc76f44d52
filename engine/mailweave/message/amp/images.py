"""`<img>` as `<amp-img>`: an https address, a width, a height, a layout."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from mailweave.markup.pieces import holds_liquid
from mailweave.markup.stylesheet import Property

_PIXELS = re.compile(r"\s*(\d+)(?:\.\d+)?\s*(?:px)?\s*")
_IN_NAME = re.compile(r"(?<!\d)(\d{1,4})x(\d{1,4})(?!\d)")
_FULL_WIDTH = 600
_WIDE = 400
_BAND = "48"
"""The height of a picture, a logo most often, whose width alone is known, and that later."""
_CONTAIN = Property("object-fit", "contain")


@dataclass(frozen=True, slots=True)
class Frame:
    """The room of a picture. `guessed` is true when a side had to be assumed."""

    width: str
    height: str
    layout: str
    guessed: bool = False

    def attributes(self) -> str:
        return f'width="{self.width}" height="{self.height}" layout="{self.layout}"'

    def style(self, properties: tuple[Property, ...]) -> tuple[Property, ...]:
        """The picture's style without its sides, which AMP sets; a guessed room keeps the shape."""
        rest = tuple(one for one in properties if one.name not in ("width", "height"))
        return (*rest, _CONTAIN) if self.guessed else rest


def frame(attributes: Mapping[str, str], properties: tuple[Property, ...], source: str) -> Frame:
    """The room that a picture's attributes, its style, or its file's name give it."""
    style = {one.name: one.value for one in properties}
    live = [holds_liquid(attributes.get(side) or "") for side in ("width", "height")]
    if all(live):
        return Frame(attributes["width"], attributes["height"], _layout(attributes, style))
    known = _pixels(attributes.get("height"), style.get("height"))
    if live[0] and known:
        return Frame(attributes["width"], str(known), "fixed")
    if live[0]:
        return Frame("auto", _BAND, "fixed-height", guessed=True)
    width = _pixels(attributes.get("width"), style.get("width"), style.get("max-width"))
    height = _pixels(attributes.get("height"), style.get("height"))
    guessed = False
    if not width or not height:
        ratio = _IN_NAME.search(source)
        shape = (int(ratio.group(1)), int(ratio.group(2))) if ratio and int(ratio.group(2)) else (0, 0)
        guessed = not all(shape)
        width, height = _completed(width, height, shape if all(shape) else _usual(width or _FULL_WIDTH))
    return Frame(str(width), str(height), _layout(attributes, style), guessed)


def _usual(width: int) -> tuple[int, int]:
    """The shape of a picture of which nothing is known: wide ones are twice as wide as high."""
    return (2, 1) if width >= _WIDE else (1, 1)


def _pixels(*texts: str | None) -> int:
    for text in texts:
        match = _PIXELS.fullmatch(text) if text else None
        if match:
            return int(match.group(1))
    return 0


def _completed(width: int, height: int, shape: tuple[int, int]) -> tuple[int, int]:
    """Both sides, from the one that is known and the shape."""
    if not width:
        width = round(height * shape[0] / shape[1]) if height else _FULL_WIDTH
    return width, height or max(round(width * shape[1] / shape[0]), 1)


def _layout(attributes: Mapping[str, str], style: Mapping[str, str]) -> str:
    """As wide as its place, at most as wide as it is, or exactly as wide."""
    if style.get("width") == "100%" or ("width" not in style and attributes.get("width") == "100%"):
        return "responsive"
    shrinks = style.get("max-width") == "100%" or style.get("height") == "auto"
    return "intrinsic" if shrinks else "fixed"
