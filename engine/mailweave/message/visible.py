"""What a reader of an HTML mail can see: its words, and the links that can be clicked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

_SILENT = frozenset({"head", "noscript", "object", "script", "style", "svg", "template", "title"})
_HIDES = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|mso-hide\s*:\s*all"
    r"|(?:opacity|max-height|max-width)\s*:\s*0(?:\.0+)?(?![\d.])"
    r"|(?:text-indent|left|top)\s*:\s*-\d{3}",
    re.I,
)
_SIZE = re.compile(r"(?:^|[;\s])font-size\s*:\s*(\d*\.?\d*)\s*([a-z%]*)", re.I)
_OF_PARENT = frozenset({"em", "ex", "ch", "%"})


@dataclass(frozen=True, slots=True)
class Visible:
    """The words that can be seen, and where the links lead that show something."""

    words: str
    links: frozenset[str]


def hides(style: str) -> bool:
    """Whether a style hides an element, in one of the ways that mails know.

    >>> hides("color:red; DISPLAY : none"), hides("opacity:0.9")
    (True, False)
    """
    return _HIDES.search(style) is not None or _is_small(style, inherited=False)


def _is_small(style: str, *, inherited: bool) -> bool:
    """Whether words come out without a size. Those of an element within may have one again, as those of MJML have.

    >>> _is_small("font-size:0", inherited=False), _is_small("font-size:13px", inherited=True)
    (True, False)
    """
    sizes = _SIZE.findall(style)
    if not sizes:
        return inherited
    number, unit = sizes[-1]
    if not number.strip("."):
        return inherited  # a word, or what Liquid writes
    return float(number.strip(".")) == 0 or (inherited and unit.lower() in _OF_PARENT)


def visible(html: str) -> Visible:
    """What can be seen of a page or a fragment without Liquid. Comments are seen by nobody, or by Outlook alone.

    >>> visible('<p>Ann <a href="/a">b</a><a href="/c"></a><b style="display:none">d</b></p>')
    Visible(words='Ann b', links=frozenset({'/a'}))
    """
    root = etree.HTML(html or "<p></p>", etree.HTMLParser(huge_tree=True, remove_comments=True))
    words: list[str] = []
    links: set[str] = set()
    for text, href in _texts(root):
        words.append(text)
        if href and text.strip():
            links.add(href)
    return Visible(" ".join("".join(words).split()), frozenset(links))


def _texts(root: etree._Element | None) -> Iterator[tuple[str, str]]:
    """Each piece of text that is seen, with the address of the link around it. Without recursion."""
    left: list[tuple[etree._Element | str, str, bool]] = [] if root is None else [(root, "", False)]
    while left:
        one, href, small = left.pop()
        if isinstance(one, str):
            yield ("" if small else one), href
            continue
        attributes = {str(key).lower(): str(value) for key, value in one.attrib.items()}
        if not isinstance(one.tag, str) or one.tag.lower() in _SILENT or _is_hidden(attributes):
            continue
        if one.tag.lower() in ("a", "area"):
            href = attributes.get("href", "").strip()
        small = _is_small(attributes.get("style", ""), inherited=small)
        inner: list[tuple[etree._Element | str, str, bool]] = [(_own(one, attributes), href, small)]
        for child in one:
            inner += [(child, href, small), (child.tail or "", href, small)]
        left += reversed(inner)


def _own(element: etree._Element, attributes: Mapping[str, str]) -> str:
    return attributes.get("alt", "") if element.tag in ("img", "area", "amp-img") else element.text or ""


def _is_hidden(attributes: Mapping[str, str]) -> bool:
    return "hidden" in attributes or _HIDES.search(attributes.get("style", "")) is not None
