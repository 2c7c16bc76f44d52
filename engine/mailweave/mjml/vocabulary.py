"""The components of MJML 5: what may stand in each, and which attributes it has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

_PADDING: Final = "padding padding-top padding-right padding-bottom padding-left"
_BORDER: Final = "border border-top border-right border-bottom border-left"
_FONT: Final = "font-family font-size font-style font-weight"
_GROUND: Final = (
    "background-url background-repeat background-size background-position background-position-x "
    "background-position-y background-color"
)
_SECTION: Final = (
    f"{_GROUND} {_BORDER} {_PADDING} border-radius direction full-width text-align text-padding gutter"
)
_ICONS: Final = (
    "icon-align icon-width icon-height icon-wrapped-url icon-wrapped-alt icon-unwrapped-url icon-unwrapped-alt "
    "icon-position"
)
_IN_COLUMN: Final = (
    "mj-accordion mj-button mj-divider mj-image mj-navbar mj-raw mj-social mj-spacer mj-table mj-text"
)


@dataclass(frozen=True, slots=True)
class Component:
    """A component: its attributes, what may stand in it, and whether that is HTML rather than components."""

    attributes: frozenset[str]
    holds: frozenset[str] = frozenset()
    has_content: bool = False


def _component(attributes: str = "", holds: str = "", *, content: bool = False) -> Component:
    own = f"{attributes} css-class mj-class"
    return Component(frozenset(own.split()), frozenset(holds.split()), content)


COMPONENTS: Final[Mapping[str, Component]] = {
    "mjml": _component("lang dir owa", "mj-head mj-body mj-raw"),
    "mj-head": _component(
        holds="mj-attributes mj-breakpoint mj-font mj-html-attributes mj-preview mj-raw mj-style mj-title"
    ),
    "mj-title": _component(content=True),
    "mj-preview": _component(content=True),
    "mj-style": _component("inline", content=True),
    "mj-font": _component("name href"),
    "mj-breakpoint": _component("width"),
    "mj-attributes": _component(),  # it holds the names of others
    "mj-class": _component(),  # so does each class
    "mj-body": _component("width background-color id", "mj-hero mj-raw mj-section mj-wrapper"),
    "mj-wrapper": _component(f"{_SECTION} gap", "mj-hero mj-raw mj-section"),
    "mj-section": _component(_SECTION, "mj-column mj-group mj-raw"),
    "mj-group": _component("background-color direction vertical-align width", "mj-column mj-raw"),
    "mj-column": _component(
        f"background-color {_BORDER} border-radius direction inner-background-color inner-border "
        f"inner-border-top inner-border-right inner-border-bottom inner-border-left inner-border-radius "
        f"{_PADDING} vertical-align width",
        _IN_COLUMN,
    ),
    "mj-hero": _component(
        "mode height background-url background-width background-height background-position border-radius "
        "inner-background-color inner-padding inner-padding-top inner-padding-right inner-padding-bottom "
        f"inner-padding-left {_PADDING} background-color vertical-align",
        _IN_COLUMN,
    ),
    "mj-raw": _component("position", content=True),
    "mj-text": _component(
        f"align background-color color container-background-color {_FONT} height letter-spacing line-height "
        f"{_PADDING} text-decoration text-transform vertical-align",
        content=True,
    ),
    "mj-button": _component(
        f"align background-color {_BORDER} border-radius color container-background-color {_FONT} height href "
        f"name title inner-padding letter-spacing line-height {_PADDING} rel target text-align text-decoration "
        "text-transform vertical-align width",
        content=True,
    ),
    "mj-table": _component(
        f"align border cellpadding cellspacing container-background-color color {_FONT} line-height {_PADDING} "
        "role table-layout vertical-align width",
        content=True,
    ),
    "mj-image": _component(
        f"align alt {_BORDER} border-radius container-background-color fluid-on-mobile font-size height href "
        f"max-height name {_PADDING} rel sizes src srcset target title usemap width"
    ),
    "mj-divider": _component(
        f"align border-color border-style border-width container-background-color {_PADDING} width"
    ),
    "mj-spacer": _component(f"{_BORDER} container-background-color height {_PADDING}"),
    "mj-social": _component(
        f"align border border-radius color container-background-color {_FONT} icon-height icon-padding icon-size "
        f"inner-padding line-height mode {_PADDING} table-layout text-decoration text-padding vertical-align",
        "mj-raw mj-social-element",
    ),
    "mj-social-element": _component(
        f"align alt background-color border border-radius color {_FONT} href icon-height icon-padding "
        f"icon-position icon-size line-height name {_PADDING} rel sizes src srcset target text-decoration "
        "text-padding title vertical-align",
        content=True,
    ),
    "mj-navbar": _component(
        "align base-url hamburger ico-align ico-close ico-color ico-font-family ico-font-size ico-line-height "
        "ico-open ico-padding ico-padding-top ico-padding-right ico-padding-bottom ico-padding-left "
        f"ico-text-decoration ico-text-transform {_PADDING}",
        "mj-navbar-link mj-raw",
    ),
    "mj-navbar-link": _component(
        f"color {_FONT} href letter-spacing line-height name {_PADDING} rel target text-decoration text-transform",
        content=True,
    ),
    "mj-accordion": _component(
        f"border container-background-color font-family {_ICONS} {_PADDING}", "mj-accordion-element"
    ),
    "mj-accordion-element": _component(
        f"background-color border font-family {_ICONS}", "mj-accordion-title mj-accordion-text"
    ),
    "mj-accordion-title": _component(f"background-color color {_FONT} {_PADDING}", content=True),
    "mj-accordion-text": _component(
        f"background-color color {_FONT} letter-spacing line-height {_PADDING}", content=True
    ),
}

REFUSED: Final[Mapping[str, str]] = {
    "mj-carousel": "the compiler hides its arrows on every screen",
    "mj-carousel-image": "the compiler hides its arrows on every screen",
    "mj-html-attributes": "the compiler does not know it",
}
"""Components that would come out broken, and why."""

DROPPED: Final[Mapping[str, frozenset[str]]] = {
    "mj-accordion-title": frozenset(
        "font-weight padding-top padding-right padding-bottom padding-left".split()
    ),
    "mj-accordion-text": frozenset("padding-top padding-right padding-bottom padding-left".split()),
    "mj-button": frozenset(["title"]),
    "mj-column": frozenset(
        "inner-border inner-border-top inner-border-right inner-border-bottom inner-border-left "
        "inner-border-radius".split()
    ),
    "mj-hero": frozenset(
        "border-radius inner-padding inner-padding-top inner-padding-right inner-padding-bottom "
        "inner-padding-left".split()
    ),
    "mj-image": frozenset("border-top border-right border-bottom border-left sizes".split()),
    "mj-section": frozenset(["gutter"]),
    "mj-social": frozenset(["border"]),
    "mj-social-element": frozenset("border sizes srcset".split()),
    "mj-table": frozenset(["cellspacing"]),
    "mj-wrapper": frozenset(["gap", "gutter"]),
}
"""Attributes of which mrml 0.2.4 makes nothing, or too little, where MJML 5.4.1 does: seen by tests/mjml."""


def is_dropped(component: str, attribute: str, value: str) -> bool:
    """Whether the compiler makes nothing of an attribute, or of this value of it, or too little.

    >>> is_dropped("mj-hero", "mode", "fluid-height"), is_dropped("mj-hero", "padding", "100px 0px")
    (True, False)
    """
    if component == "mj-hero" and attribute.startswith("padding"):
        return _has_sides(attribute, value)  # which it does not take off the width of what stands in it
    known = {("mj-hero", "mode"): "fluid-height", ("mj-social-element", "icon-position"): "right"}
    return attribute in DROPPED.get(component, ()) or known.get((component, attribute)) == value.strip()


def _has_sides(attribute: str, value: str) -> bool:
    """Whether a padding, which has up to four sizes, leaves room at the left or at the right."""
    sizes = value.split() or ["0"]
    sides = {"padding": [sizes[1 % len(sizes)], sizes[3 if len(sizes) == 4 else 1 % len(sizes)]]}
    if attribute in ("padding-left", "padding-right"):
        return value.strip() not in ("0", "0px")
    return any(one not in ("0", "0px") for one in sides.get(attribute, ()))


CARRIED: Final = frozenset(
    "href src srcset alt title rel target usemap name base-url background-url color background-color "
    "container-background-color inner-background-color border-color border-radius font-family font-size font-style "
    "font-weight letter-spacing line-height text-decoration text-transform align text-align vertical-align "
    "icon-wrapped-url icon-wrapped-alt icon-unwrapped-url icon-unwrapped-alt lang dir id".split()
)
"""Attributes whose value comes out as it was written: it may hold Liquid. All others are read by the compiler."""

_READ: Final = frozenset([("mj-divider", "align"), ("mj-social-element", "name")])


def is_carried(component: str, attribute: str) -> bool:
    """Whether the value of an attribute comes out as it was written, wherever it comes out.

    >>> is_carried("mj-button", "href"), is_carried("mj-column", "width"), is_carried("mj-social-element", "name")
    (True, False, False)
    """
    return attribute in CARRIED and (component, attribute) not in _READ
