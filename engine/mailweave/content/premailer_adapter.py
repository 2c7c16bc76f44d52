"""premailer as the writer of attributes, behind an interface of ours.

It never sees an author's selector or tree: it gets one rule for each distinct style that the cascade came to, and one
element for each. So it has no say in the cascade, and no way to read a file or the network.
"""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import cssutils
from lxml import etree
from premailer import Premailer

from mailweave.markup.shield import Shield, in_attribute
from mailweave.markup.stylesheet import Property

# What premailer writes as attributes for Outlook.
PRESENTATIONAL = frozenset({"align", "valign", "bgcolor", "width", "height"})
CHANGED = PRESENTATIONAL | {"style"}
# What it reads for these: all other values are hidden from its CSS parser, which drops and changes what it does not know.
_READ = frozenset({"text-align", "vertical-align", "background-color", "width", "height"})
_PLAIN = re.compile(r"[a-z-]+|\d+(?:px|%)|#(?:[0-9a-f]{3}|[0-9a-f]{6})", re.I)
_KEPT_AS_IT_IS = frozenset({"unset", "initial", "inherit", "revert"})
_MARK = "data-style"
_AT_ONCE = 64  # it looks for each rule in the whole tree

Style = tuple[Property, ...]


@dataclass(frozen=True, slots=True)
class Attributes:
    """A style as it is written, its Liquid put back, and what of it could be said in attributes for Outlook."""

    style: str
    presentational: Mapping[str, str]


def attributes_of(styles: Iterable[Style], shield: Shield) -> dict[Style, Attributes]:
    """Has premailer write each style."""
    listed = list(dict.fromkeys(styles))
    found: dict[Style, Attributes] = {}
    for at in range(0, len(listed), _AT_ONCE):
        found |= _some(listed[at : at + _AT_ONCE], shield)
    return found


def _some(listed: Sequence[Style], shield: Shield) -> dict[Style, Attributes]:
    root = etree.Element("html")
    body = etree.SubElement(root, "body")
    rules = []
    for number, style in enumerate(listed):
        etree.SubElement(body, "td", {_MARK: str(number)})
        text = ";".join(map(str, _hidden(style, shield)))
        rules.append(f'[{_MARK}="{number}"]{{{text}}}')
    etree.SubElement(root, "style").text = "\n".join(rules)
    _quiet()
    _Quiet(
        root,
        allow_network=False,
        allow_loading_external_files=False,
        disable_validation=True,
        disable_leftover_css=True,
        strip_important=False,  # media queries and dark mode need it
        remove_unset_properties=False,
        align_floating_images=False,
    ).transform(pretty_print=False)
    return {style: _written(cell, shield) for style, cell in zip(listed, body, strict=True)}


def _written(cell: etree._Element, shield: Shield) -> Attributes:
    found = {str(name): str(value) for name, value in cell.attrib.items() if name in PRESENTATIONAL}
    plain = {name: value.replace("!important", "").strip() for name, value in found.items()}
    style = str(cell.get("style", "")).replace("; ", ";")  # values that could hold a blank are hidden
    return Attributes(shield.restore(style.removesuffix(";"), in_attribute), plain)


def _hidden(style: Style, shield: Shield) -> Iterator[Property]:
    """Declarations as premailer keeps them: it merges by name, so of several of one name, all but the last are hidden
    behind names of their own."""
    left = Counter(one.name for one in style)
    for one in style:
        left[one.name] -= 1
        last = left[one.name] == 0
        read = last and one.name in _READ and _PLAIN.fullmatch(one.value)
        plain = read and one.value.lower() not in _KEPT_AS_IT_IS and shield.nonce not in one.value
        name = one.name if plain else shield.hide(one.name) if last else shield.alias(one.name)
        yield replace(one, name=name, value=one.value if plain else _cover(shield, one.value))


def _cover(shield: Shield, value: str) -> str:
    return shield.hide(shield.restore(value, in_attribute))


class _Quiet(Premailer):  # type: ignore[misc]
    """premailer with a bounded cache of parsed CSS, instead of one that grows for ever."""

    def _parse_css_string(self, css_body: str, validate: bool = True) -> Any:
        return _parsed_css(css_body)


@lru_cache(maxsize=64)
def _parsed_css(css: str) -> Any:
    return cssutils.CSSParser(validate=False, fetcher=_no_fetching, raiseExceptions=False).parseString(css)


def _no_fetching(_url: str) -> Sequence[str]:
    raise PermissionError("CSS is never fetched")


@lru_cache(maxsize=1)
def _quiet() -> None:
    cssutils.log.setLevel(logging.CRITICAL + 1)
