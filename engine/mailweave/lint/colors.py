"""Colours as style sheets and old attributes write them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum
from functools import lru_cache
from typing import Any

import tinycss2
from tinycss2.color3 import RGBA, parse_color

from mailweave.values.contrast import Color


class Special(Enum):
    """What is no opaque colour."""

    NONE = "none"  # transparent: what lies below shows
    INHERITED = "inherited"
    UNKNOWN = "unknown"  # an image, a value of Liquid, a blend: nothing is said of it
    INVALID = "invalid"  # no browser takes it


Paint = Color | Special

_WORDS = {
    "transparent": Special.NONE,
    "none": Special.NONE,
    "initial": Special.UNKNOWN,
    "inherit": Special.INHERITED,
    "unset": Special.UNKNOWN,
    "revert": Special.UNKNOWN,
    "revert-layer": Special.UNKNOWN,
    "currentcolor": Special.UNKNOWN,
}
_BESIDE = frozenset(
    "repeat repeat-x repeat-y no-repeat scroll fixed local center top bottom left right cover contain auto border-box"
    " padding-box content-box round space".split()
)


@lru_cache(maxsize=4096)
def color(value: str) -> Paint:
    """What a value of `color` or `background-color` is.

    >>> color("#fff"), color("tomato"), color("rgba(0,0,0,.5)"), color("notacolour")
    ((255, 255, 255), (255, 99, 71), <Special.UNKNOWN: 'unknown'>, <Special.INVALID: 'invalid'>)
    """
    nodes = [
        n for n in tinycss2.parse_component_value_list(value, skip_comments=True) if n.type != "whitespace"
    ]
    return _paint(nodes[0]) if len(nodes) == 1 else Special.INVALID if nodes else Special.UNKNOWN


@lru_cache(maxsize=4096)
def background(value: str) -> Paint:
    """The colour of a value of `background`; unknown where it has an image.

    >>> background("#eee no-repeat"), background("url(a.png) #eee"), background("none")
    ((238, 238, 238), <Special.UNKNOWN: 'unknown'>, <Special.NONE: 'none'>)
    """
    found: list[Paint] = []
    for node in tinycss2.parse_component_value_list(value, skip_comments=True):
        if node.type in ("whitespace", "literal", "dimension", "percentage", "number"):
            continue
        if node.type == "ident" and node.lower_value in _BESIDE:
            continue
        found.append(_paint(node))
    colors = [one for one in found if not isinstance(one, Special)]
    strange = [one for one in found if isinstance(one, Special) and one is not Special.NONE]
    if strange:
        return strange[0] if len(found) == 1 else Special.UNKNOWN
    return colors[0] if len(colors) == 1 else Special.UNKNOWN if colors else Special.NONE


def _paint(node: Any) -> Paint:
    if node.type == "ident" and node.lower_value in _WORDS:
        return _WORDS[node.lower_value]
    made = parse_color(node)
    if isinstance(made, RGBA):
        return _opaque(made)
    if node.type == "hash":
        return Special.INVALID if len(node.value) not in (4, 8) else Special.UNKNOWN
    return (
        Special.INVALID if node.type == "ident" and not node.lower_value.startswith("-") else Special.UNKNOWN
    )


def _opaque(made: Sequence[float]) -> Paint:
    red, green, blue, alpha = made
    if alpha == 0:
        return Special.NONE
    if alpha < 1:
        return Special.UNKNOWN
    return (round(red * 255), round(green * 255), round(blue * 255))


def attribute_color(value: str) -> Paint:
    """The colour of an attribute such as `bgcolor`: `#rrggbb` or a name; others are read by rules of their own."""
    plain = value.strip()
    if re.fullmatch(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})|[a-zA-Z]+", plain) is None:
        return Special.UNKNOWN
    made = color(plain)
    return made if not isinstance(made, Special) else Special.UNKNOWN


def written(one: Color) -> str:
    """A colour as `#rrggbb`.

    >>> written((255, 99, 71))
    '#ff6347'
    """
    return "#" + "".join(f"{part:02x}" for part in one)
