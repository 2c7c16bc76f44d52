"""Which properties set the same thing: shorthands and their longhands."""

from __future__ import annotations

import re
from functools import lru_cache

_SIDES = ("top", "right", "bottom", "left")
_CORNERS = ("top-left", "top-right", "bottom-right", "bottom-left")
_EDGE = ("width", "style", "color")


def _table() -> dict[str, tuple[str, ...]]:
    table = {name: tuple(f"{name}-{side}" for side in _SIDES) for name in ("margin", "padding")}
    for part in _EDGE:
        table[f"border-{part}"] = tuple(f"border-{side}-{part}" for side in _SIDES)
    for side in _SIDES:
        table[f"border-{side}"] = tuple(f"border-{side}-{part}" for part in _EDGE)
    table["border-image"] = tuple(
        f"border-image-{x}" for x in ("source", "slice", "width", "outset", "repeat")
    )
    table["border"] = tuple(f"border-{s}-{p}" for s in _SIDES for p in _EDGE) + table["border-image"]
    table["border-radius"] = tuple(f"border-{corner}-radius" for corner in _CORNERS)
    table["inset"] = _SIDES
    listed = {
        "background": "color image repeat attachment origin clip size position-x position-y blend-mode",
        "list-style": "type position image",
        "text-decoration": "line style color thickness",
        "outline": "color style width",
        "overflow": "x y",
        "flex": "grow shrink basis",
        "columns": "",
        "text-emphasis": "style color",
        "column-rule": "width style color",
        "transition": "property duration timing-function delay behavior",
        "animation": "name duration timing-function delay iteration-count direction fill-mode play-state timeline "
        "range-start range-end",
        "mask": "image repeat position size origin clip composite mode",
    }
    for name, parts in listed.items():
        table[name] = tuple(f"{name}-{part}" for part in parts.split())
    table["background-position"] = ("background-position-x", "background-position-y")
    table["columns"] = ("column-width", "column-count", "column-height", "column-wrap")
    table["flex-flow"] = ("flex-direction", "flex-wrap")
    table["gap"] = ("row-gap", "column-gap")
    table["grid-gap"] = table["gap"]
    table["place-items"] = ("align-items", "justify-items")
    table["place-content"] = ("align-content", "justify-content")
    table["place-self"] = ("align-self", "justify-self")
    table["grid-area"] = ("grid-row-start", "grid-row-end", "grid-column-start", "grid-column-end")
    table["grid-row"] = ("grid-row-start", "grid-row-end")
    table["grid-column"] = ("grid-column-start", "grid-column-end")
    table["grid-template"] = ("grid-template-rows", "grid-template-columns", "grid-template-areas")
    table["grid"] = (*table["grid-template"], "grid-auto-rows", "grid-auto-columns", "grid-auto-flow")
    table["white-space"] = ("white-space-collapse", "text-wrap-mode", "text-wrap")
    table["text-wrap"] = ("text-wrap-mode", "text-wrap-style")
    table["word-wrap"] = ("overflow-wrap",)
    table["page-break-inside"] = ("break-inside",)
    table["page-break-before"] = ("break-before",)
    table["page-break-after"] = ("break-after",)
    variants = ("caps", "ligatures", "numeric", "east-asian", "alternates", "position", "emoji")
    table["font-variant"] = tuple(f"font-variant-{x}" for x in variants)
    font = ("style", "weight", "stretch", "size", "family", "kerning", "size-adjust", "optical-sizing")
    settings = ("feature-settings", "variation-settings", "language-override", "palette")
    table["font"] = (*(f"font-{x}" for x in (*font, *settings)), "line-height", *table["font-variant"])
    table["font-synthesis"] = tuple(f"font-synthesis-{x}" for x in ("weight", "style", "small-caps"))
    return table


_TABLE = _table()
# Which side `-start` is depends on the direction of the writing: these may set either.
_LOGICAL = re.compile(
    r"(margin|padding|border|inset)-(?:block|inline)(?:-(?:start|end))?(?:-(width|style|color))?"
)


@lru_cache(maxsize=2048)
def touches(name: str) -> frozenset[str]:
    """The longhands that a property may set, its own name among them where it is one.

    >>> sorted(touches("border-left"))
    ['border-left-color', 'border-left-style', 'border-left-width']
    """
    if name.startswith("--"):
        return frozenset({name})
    plain = re.sub(r"^-(?:webkit|moz|ms|o)-", "", name)
    found = {one for part in _TABLE.get(plain, ()) for one in _parts(part)} or {plain}
    logical = _LOGICAL.fullmatch(plain)
    if logical:
        kind, part = logical.groups()
        kind = {"inset": ""}.get(kind, f"{kind}-")
        sides = [f"{kind}{side}" for side in _SIDES]
        found |= {one for side in sides for one in touches(f"{side}-{part}" if part else side)}
    for logical_name in ("inline-size", "block-size"):
        if plain.endswith(logical_name):
            before = plain.removesuffix(logical_name)
            found |= {f"{before}width", f"{before}height"}
    if re.fullmatch(r"border-(?:start|end)-(?:start|end)-radius", plain):
        found |= set(_TABLE["border-radius"])
    if plain.startswith("overflow-") and plain.endswith(("inline", "block")):
        found |= {"overflow-x", "overflow-y"}
    return frozenset(found | ({name} if plain != name else set()))


def _parts(name: str) -> frozenset[str]:
    return frozenset({name, *_TABLE.get(name, ())})


@lru_cache(maxsize=2048)
def covers(name: str) -> frozenset[str]:
    """The longhands that a property sets for certain: nothing that was set below shows through."""
    logical = _LOGICAL.fullmatch(name) is not None or name.endswith(("inline-size", "block-size"))
    prefixed = re.match(r"-(?:webkit|moz|ms|o)-", name) is not None
    return frozenset({name}) if logical or prefixed else touches(name)


def overlap(one: str, other: str) -> bool:
    """Whether two properties set something in common.

    >>> overlap("font", "line-height"), overlap("all", "color"), overlap("all", "--x"), overlap("margin-top", "margin-left")
    (True, True, False, False)
    """
    if one.startswith("--") or other.startswith("--"):
        return one == other
    return "all" in (one, other) or not touches(one).isdisjoint(touches(other))
