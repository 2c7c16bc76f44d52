"""What a reader of an HTML mail can see: its words, and the links that can be clicked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

_SILENT = frozenset({"head", "noscript", "object", "script", "style", "svg", "template", "title"})
_HIDES = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|mso-hide\s*:\s*all"
    r"|(?:font-size|opacity|max-height|max-width)\s*:\s*0(?:\.0+)?(?![\d.])"
    r"|(?:text-indent|left|top)\s*:\s*-\d{3}",
    re.I,
)


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
    return _HIDES.search(style) is not None


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
    left: list[tuple[etree._Element | str, str]] = [] if root is None else [(root, "")]
    while left:
        one, href = left.pop()
        if isinstance(one, str):
            yield one, href
            continue
        attributes = {str(key).lower(): str(value) for key, value in one.attrib.items()}
        if not isinstance(one.tag, str) or one.tag.lower() in _SILENT or _is_hidden(attributes):
            continue
        if one.tag.lower() in ("a", "area"):
            href = attributes.get("href", "").strip()
        inner: list[tuple[etree._Element | str, str]] = [(_own(one, attributes), href)]
        for child in one:
            inner += [(child, href), (child.tail or "", href)]
        left += reversed(inner)


def _own(element: etree._Element, attributes: Mapping[str, str]) -> str:
    return attributes.get("alt", "") if element.tag in ("img", "area", "amp-img") else element.text or ""


def _is_hidden(attributes: Mapping[str, str]) -> bool:
    return "hidden" in attributes or hides(attributes.get("style", ""))
