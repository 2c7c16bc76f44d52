"""Attributes for Outlook: written only where they mean what the style means.

`align` on a table, a picture or a rule moves the thing itself; a colour that is no plain one becomes another; a height
on a picture decides its ratio. Where a kept selector asks about an attribute, it is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

_CELLS = frozenset({"td", "th"})
_ROWS = _CELLS | {"tr"}
_TEXTS = frozenset({"p", "div", "h1", "h2", "h3", "h4", "h5", "h6"})
_TABLES = _CELLS | {"table"}
_SIZE = re.compile(r"[1-9]\d*%?")
_COLOR = re.compile(r"#[0-9a-f]{3}(?:[0-9a-f]{3})?|[a-z]+", re.I)
_NO_COLORS = frozenset(
    {"transparent", "inherit", "initial", "unset", "revert", "none", "currentcolor", "auto"}
)
_WHERE: Mapping[str, Collection[str]] = {
    "align": _ROWS | _TEXTS,
    "valign": _ROWS,
    "bgcolor": _ROWS | {"table", "body"},
    "width": _TABLES | {"img"},
    "height": _TABLES,
}
_WORDS: Mapping[str, Collection[str]] = {
    "align": {"left", "right", "center", "justify"},
    "valign": {"top", "middle", "bottom", "baseline"},
}


def meant(
    tag: str, found: Mapping[str, str], own: Mapping[str, str], asked: Collection[str]
) -> dict[str, str]:
    """Of the attributes that a style could be said in, those that mean the same on an element.

    `own` are those that it has; `asked` are the attributes that kept selectors ask about.

    >>> meant("td", {"align": "center", "width": "10em"}, {}, ()), meant("table", {"align": "left"}, {}, ())
    ({'align': 'center'}, {})
    """
    good = {name: value for name, value in found.items() if name not in asked and _means(tag, name, value)}
    if tag == "img" and "width" not in own and "height" in own:
        good.pop("width", None)  # both would give the picture a ratio
    return good


def _means(tag: str, name: str, value: str) -> bool:
    if tag not in _WHERE[name]:
        return False
    if name in _WORDS:
        return value.lower() in _WORDS[name]
    if name == "bgcolor":
        return _COLOR.fullmatch(value) is not None and value.lower() not in _NO_COLORS
    return _SIZE.fullmatch(value) is not None
