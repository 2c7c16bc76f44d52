"""The reference inliner, premailer, behind an interface of ours.

It gets a tree that we parsed and rules that we chose, so it has no reason and no way to read a file or the
network: no `<link>`, no `@import` and no `<style>` of the author reaches it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import cssutils
from lxml import etree
from premailer import Premailer
from premailer.merge_style import csstext_to_pairs

from mailweave.markup.stylesheet import Property

# What premailer writes as attributes for Outlook.
PRESENTATIONAL = frozenset({"align", "valign", "bgcolor", "width", "height"})
CHANGED = PRESENTATIONAL | {"style"}
FEEDS_ATTRIBUTE = {
    "text-align": "align",
    "vertical-align": "valign",
    "background-color": "bgcolor",
    "width": "width",
    "height": "height",
}


@dataclass(frozen=True, slots=True)
class InlinedRule:
    """A rule that is to become `style` attributes: one selector, in the order of the cascade."""

    selector: str
    properties: tuple[Property, ...]
    line: int = 0
    sheet: int = 0

    def __str__(self) -> str:
        return f"{self.selector}{{{';'.join(map(str, self.properties))}}}"


def apply(root: etree._Element, rules: Sequence[InlinedRule]) -> None:
    """Applies rules to a tree, in place."""
    _quiet()
    for style in list(root.iter("style", "link")):
        _take_out(style)
    holder = etree.SubElement(root, "style")
    holder.text = "\n".join(map(str, rules))
    _Quiet(
        root,
        allow_network=False,
        allow_loading_external_files=False,
        disable_validation=True,
        disable_leftover_css=True,
        strip_important=False,  # media queries and dark mode need it
        include_star_selectors=False,
    ).transform(pretty_print=False)
    for element in root.iter(etree.Element):
        _clean_attributes(element)


def understood(name: str, value: str) -> bool:
    """Whether premailer's CSS parser keeps a declaration."""
    _quiet()
    return _understood(name, value)


@lru_cache(maxsize=8192)
def _understood(name: str, value: str) -> bool:
    try:
        return any(known == name for known, _ in csstext_to_pairs(f"{name}:{value}", validate=False))
    except Exception:  # noqa: BLE001 - it dies in many ways: on `rgb(,1,2)`, on `#12`
        return False


class _Quiet(Premailer):  # type: ignore[misc]
    """premailer with a bounded cache of parsed CSS, instead of one that grows for ever."""

    def _parse_css_string(self, css_body: str, validate: bool = True) -> Any:
        return _parsed_css(css_body)


@lru_cache(maxsize=64)
def _parsed_css(css: str) -> Any:
    return cssutils.CSSParser(validate=False, fetcher=_no_fetching, raiseExceptions=False).parseString(css)


def _no_fetching(_url: str) -> Iterable[str]:
    raise PermissionError("CSS is never fetched")


@lru_cache(maxsize=1)
def _quiet() -> None:
    cssutils.log.setLevel(logging.CRITICAL + 1)


def _take_out(element: etree._Element) -> None:
    """Removes an element, and leaves the text that follows it."""
    parent = element.getparent()
    if parent is None:
        return
    before = element.getprevious()
    if element.tail:
        if before is None:
            parent.text = (parent.text or "") + element.tail
        else:
            before.tail = (before.tail or "") + element.tail
    parent.remove(element)


def _clean_attributes(element: etree._Element) -> None:
    """An attribute holds a plain value: takes back `width="calc(...)"` and `bgcolor="red !important"`."""
    for name in PRESENTATIONAL:
        value = element.get(name)
        if value is None:
            continue
        if "(" in value and name in ("width", "height"):
            del element.attrib[name]
        elif "!important" in value:
            element.set(name, value.replace("!important", "").strip())
