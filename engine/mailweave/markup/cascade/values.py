"""Values that every browser and mail client understands: what lies below them can never show."""

from __future__ import annotations

import re
from functools import lru_cache

_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)"
_SIZE = r"(?:0|(?:\d+\.?\d*|\.\d+)(?:px|em|pt|%|ex|in|cm|mm|pc))"
_LENGTH = rf"(?:0|{_NUMBER}(?:px|em|pt|%|ex|in|cm|mm|pc))"
_NAMES = (
    "black white red green blue orange teal purple silver gray grey maroon yellow olive lime aqua navy fuchsia gold pink"
    " brown tan transparent"
)
_COLOR = rf"(?:#[0-9a-f]{{3}}|#[0-9a-f]{{6}}|rgb\(\s*\d+\s*,\s*\d+\s*,\s*\d+\s*\)|{'|'.join(_NAMES.split())})"
_STYLE = "(?:none|solid|dashed|dotted|double|hidden|inset|outset|groove|ridge)"
_EDGE = rf"(?:none|0|{_SIZE}\s+{_STYLE}(?:\s+{_COLOR})?)"
_FAMILY = r"(?:[a-z][\w-]*(?:\s+[a-z][\w-]*)*|'[\w\s-]+'|\"[\w\s-]+\")"
_FAMILIES = rf"{_FAMILY}(?:\s*,\s*{_FAMILY})*"
_WHOLE_ONLY = re.compile(r"\b(?:inherit|initial|unset|revert|default)\b", re.I)
_SIDES = ("top", "right", "bottom", "left")

_WORDS = {
    "display": "block inline inline-block none table table-cell table-row list-item",
    "text-align": "left right center justify",
    "vertical-align": "top middle bottom baseline sub super text-top text-bottom",
    "font-weight": "bold normal bolder lighter 100 200 300 400 500 600 700 800 900",
    "font-style": "normal italic oblique",
    "text-transform": "uppercase lowercase capitalize none",
    "text-decoration": "none underline line-through overline",
    "float": "left right none",
    "clear": "left right both none",
    "border-collapse": "collapse separate",
    "white-space": "normal nowrap pre",
    "visibility": "visible hidden",
    "overflow": "hidden visible auto scroll",
    "direction": "ltr rtl",
    "list-style": "none",
    "list-style-type": "none disc circle square decimal",
    "list-style-position": "inside outside",
    "table-layout": "auto fixed",
    "background-image": "none",
    "background-repeat": "no-repeat repeat repeat-x repeat-y",
    "position": "static relative absolute",
    "word-break": "normal break-all keep-all",
    "word-wrap": "normal break-word",
    "overflow-wrap": "normal break-word",
    "outline": "none 0",
    "box-sizing": "content-box border-box",
    "caption-side": "top bottom",
    "empty-cells": "show hide",
    "font-variant": "normal small-caps",
    "cursor": "auto default pointer text",
    "background-attachment": "scroll fixed",
    "text-size-adjust": "none auto 100%",
    "-webkit-text-size-adjust": "none auto 100%",
    "-ms-text-size-adjust": "none auto 100%",
}


def _patterns() -> dict[str, str]:
    found = {name: "|".join(words.split()) for name, words in _WORDS.items()}
    found["margin"] = rf"(?:{_LENGTH}|auto)(?:\s+(?:{_LENGTH}|auto)){{0,3}}"
    found["padding"] = rf"{_SIZE}(?:\s+{_SIZE}){{0,3}}"
    width = _SIZE.replace("|%", "")
    found["border-width"] = rf"{width}(?:\s+{width}){{0,3}}"
    found["border-color"] = rf"{_COLOR}(?:\s+{_COLOR}){{0,3}}"
    found["border-style"] = rf"{_STYLE}(?:\s+{_STYLE}){{0,3}}"
    for side in _SIDES:
        found[f"margin-{side}"] = rf"{_LENGTH}|auto"
        found[f"padding-{side}"] = _SIZE
        found[f"border-{side}-width"] = width
        found[f"border-{side}-color"] = _COLOR
        found[f"border-{side}-style"] = _STYLE
        found[f"border-{side}"] = _EDGE.replace("|%", "")
    found["border"] = _EDGE.replace("|%", "")
    found |= dict.fromkeys(("width", "height", "min-width", "min-height"), rf"{_SIZE}|auto")
    found |= dict.fromkeys(("max-width", "max-height"), rf"{_SIZE}|none")
    found |= dict.fromkeys(("color", "background-color"), _COLOR)
    found |= {
        "background": rf"none|{_COLOR}",
        "font-size": _SIZE,
        "letter-spacing": rf"normal|{_LENGTH}".replace("|%", ""),
    }
    found["line-height"] = rf"normal|\d+\.?\d*|{_SIZE}"
    found["font-family"] = _FAMILIES
    found["font"] = rf"(?:(?:bold|italic|normal)\s+)*{_SIZE}(?:\s*/\s*(?:{_SIZE}|\d+\.?\d*))?\s+{_FAMILIES}"
    found["border-spacing"] = width
    found["border-radius"] = rf"{_SIZE}(?:\s+{_SIZE}){{0,3}}"
    for corner in ("top-left", "top-right", "bottom-left", "bottom-right"):
        found[f"border-{corner}-radius"] = _SIZE
    found |= dict.fromkeys(("text-indent", "word-spacing"), _LENGTH.replace("|%", ""))
    found |= dict.fromkeys(_SIDES, rf"{_LENGTH}|auto")
    found |= {"opacity": r"0|1|0?\.\d+", "z-index": r"auto|-?\d+"}
    return found


_KNOWN = {name: re.compile(rf"(?:{pattern}|inherit)", re.I) for name, pattern in _patterns().items()}


@lru_cache(maxsize=8192)
def understood(name: str, value: str) -> bool:
    """Whether a value is surely understood, by every client that knows the property.

    >>> understood("color", "#fff"), understood("color", "rgba(0,0,0,.5)"), understood("width", "100")
    (True, False, False)
    """
    pattern = _KNOWN.get(name)
    if pattern is None or pattern.fullmatch(value) is None:
        return False
    return value.lower() == "inherit" or _WHOLE_ONLY.search(value) is None
