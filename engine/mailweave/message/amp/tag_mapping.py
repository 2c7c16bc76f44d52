"""What the transform does with each tag and attribute of HTML that AMP does not have."""

from __future__ import annotations

from functools import cache

from mailweave.message.amp.html_nodes import names
from mailweave.message.amp.rules import rules
from mailweave.message.amp.specs import REFERENCE_POINT, STRICT, AttributeSpec

RENAMED = {
    "center": ("div", "text-align:center"),
    "font": ("span", ""),
    "big": ("span", "font-size:larger"),
    "strike": ("s", ""),
    "tt": ("code", ""),
    "nobr": ("span", "white-space:nowrap"),
    "dir": ("ul", ""),
    "menu": ("ul", ""),
    "hgroup": ("div", ""),
    "img": ("amp-img", ""),
    "image": ("amp-img", ""),
}
"""The AMP tag that stands for another, and the style that the old name meant."""

EMPTIED = names("applet canvas iframe map math noembed noframes noscript script style svg title xmp")
"""Left out with all that they hold."""

ALONE = names("area base basefont bgsound embed frame keygen link meta param source track")
"""Left out; they hold nothing."""

SILENT = names("applet base basefont body head html link meta noscript script source style title track tbody")
"""Left out without a word: what they are for has its own way into AMP, or no place in any e-mail."""

LOOKS = names(
    "align alink background bgcolor border bordercolor cellpadding cellspacing char charoff clear color "
    "compact face frame height hspace link noshade nowrap rules size summary target text valign vlink "
    "vspace width"
)
"""Attributes of looks, left out without a word: the inlined styles say the same."""

_FONT_SIZES = {"1": "10px", "2": "13px", "3": "16px", "4": "18px", "5": "24px", "6": "32px", "7": "48px"}


def font_style(face: str, color: str, size: str) -> str:
    """The style that `<font>` attributes mean."""
    said = [("font-family", face), ("color", color), ("font-size", _FONT_SIZES.get(size, ""))]
    return ";".join(f"{name}:{value}" for name, value in said if value)


@cache
def attributes_of(tag: str) -> dict[str, tuple[AttributeSpec, ...]] | None:
    """All attributes that a tag may have in an e-mail's body, as each of its forms may have them.

    None for a tag that AMP does not have.
    """
    table = rules()
    specs = list(table.by_tag.get(tag.upper(), ()))
    specs += [spec for group in table.dispatch.get(tag.upper(), {}).values() for spec in group]
    specs = [spec for spec in specs if spec.parent not in ("HEAD", "$ROOT")]
    if not specs:
        return None
    found: dict[str, tuple[AttributeSpec, ...]] = {}
    for spec in (*specs, *(point for point in table.tags if point.tag == REFERENCE_POINT)):
        for name, attribute in spec.attributes.items():
            if attribute.switch.on(STRICT) and attribute not in found.get(name, ()):
                found[name] = (*found.get(name, ()), attribute)
    return found
