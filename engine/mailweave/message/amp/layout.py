"""AMP layouts: which one the attributes of a component ask for, and whether it can have it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mailweave.message.amp.html_nodes import names
from mailweave.message.amp.specs import LayoutSpec

_LENGTH = re.compile(r"\d+(?:\.\d+)?(|px|em|rem|vh|vw|vmin|vmax)", re.ASCII)
_LAYOUTS = names("container fill fixed fixed-height flex-item fluid intrinsic nodisplay responsive")
_NEEDS_HEIGHT = frozenset({"fixed", "fixed-height", "intrinsic", "responsive"})
_NEEDS_WIDTH = frozenset({"fixed", "intrinsic", "responsive"})
_KEEPS_RATIO = frozenset({"intrinsic", "responsive"})

Fault = tuple[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Length:
    """A `width` or `height`: absent, auto, fluid, or a number with a unit."""

    valid: bool
    given: bool
    auto: bool = False
    fluid: bool = False
    unit: str = "px"


def length(text: str | None, *, fluid: bool) -> Length:
    if text is None:
        return Length(valid=True, given=False)
    if text == "auto":
        return Length(valid=True, given=True, auto=True)
    if text == "fluid":
        return Length(valid=fluid, given=True, fluid=True)
    match = _LENGTH.fullmatch(text)
    return Length(valid=match is not None, given=True, unit=(match.group(1) or "px") if match else "px")


def _effective(asked: str, width: Length, height: Length, *, relative: bool) -> str:
    if asked:
        return asked
    if not width.given and not height.given:
        return "container"
    if width.fluid or height.fluid:
        return "fluid"
    if height.given and (not width.given or width.auto):
        return "fixed-height"
    if height.given and width.given and relative:
        return "responsive"
    return "fixed"


def check_layout(attributes: dict[str, str], spec: LayoutSpec, tag: str) -> Fault | None:
    """The first fault of a component's layout: an official code and the parameters of its message."""
    asked = attributes.get("layout")
    if asked is not None and asked not in _LAYOUTS:
        return "INVALID_ATTR_VALUE", ("layout", tag, asked)
    fluid = asked == "fluid"
    sizes: dict[str, Length] = {}
    for name in ("width", "height"):
        sizes[name] = length(attributes.get(name), fluid=fluid)
        if not sizes[name].valid:
            return "INVALID_ATTR_VALUE", (name, tag, attributes[name])
    width = _defaulted(sizes["width"], spec.default_width and asked in (None, "fixed"))
    height = _defaulted(sizes["height"], spec.default_height and asked in (None, "fixed", "fixed-height"))
    relative = bool(attributes.get("sizes")) or bool(attributes.get("heights"))
    layout = _effective(asked or "", width, height, relative=relative)
    if height.auto and layout != "flex-item":
        return "INVALID_ATTR_VALUE", ("height", tag, attributes.get("height", ""))
    if layout not in spec.supported:
        return _unsupported(layout, spec, tag, implied=not asked)
    return _dimensions(layout, width, height, attributes, tag)


def _defaulted(size: Length, has_default: bool) -> Length:
    return Length(valid=True, given=True) if has_default and not size.given else size


def _unsupported(layout: str, spec: LayoutSpec, tag: str, *, implied: bool) -> Fault:
    if not implied:
        return "SPECIFIED_LAYOUT_INVALID", (_shown(layout), tag)
    if layout == "container" and "responsive" in spec.supported:
        return "MISSING_LAYOUT_ATTRIBUTES", (tag,)
    return "IMPLIED_LAYOUT_INVALID", (_shown(layout), tag)


def _dimensions(
    layout: str, width: Length, height: Length, attributes: dict[str, str], tag: str
) -> Fault | None:
    if layout in _NEEDS_HEIGHT and not height.given:
        return "MANDATORY_ATTR_MISSING", ("height", tag)
    if layout == "fixed-height" and width.given and not width.auto:
        return "ATTR_VALUE_REQUIRED_BY_LAYOUT", (attributes["width"], "width", tag, "FIXED_HEIGHT", "auto")
    if layout in _NEEDS_WIDTH and not width.given:
        return "MANDATORY_ATTR_MISSING", ("width", tag)
    if layout in _NEEDS_WIDTH and width.auto:
        return "INVALID_ATTR_VALUE", ("width", tag, "auto")
    if layout in _KEEPS_RATIO and width.unit != height.unit:
        return "INCONSISTENT_UNITS_FOR_WIDTH_AND_HEIGHT", (tag, width.unit, height.unit)
    if attributes.get("heights") and layout != "responsive":
        how = "SPECIFIED" if attributes.get("layout") else "IMPLIED"
        return f"ATTR_DISALLOWED_BY_{how}_LAYOUT", ("heights", tag, _shown(layout))
    return None


def _shown(layout: str) -> str:
    return layout.upper().replace("-", "_")
