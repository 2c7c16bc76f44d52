"""An oracle for inlining that shares nothing with the engine: premailer on the rendered mail, and documents
compared as trees."""

from __future__ import annotations

import logging
import re
import urllib.parse
from collections.abc import Iterator
from itertools import zip_longest

import cssutils
import premailer
from lxml import etree

cssutils.log.setLevel(logging.CRITICAL + 1)

_ADDRESSES = frozenset({"href", "src", "action", "background"})
_PRESENTATIONAL = frozenset({"width", "height", "bgcolor", "align", "valign"})


def inlined_after(html: str) -> str:
    """A rendered mail inlined by premailer itself."""
    tool = premailer.Premailer(
        html, allow_network=False, disable_validation=True, strip_important=False, cache_css_parsing=False
    )
    return str(tool.transform(pretty_print=False))


def difference(one: str, other: str) -> tuple[object, object] | None:
    """The first place where two documents differ as trees; stylesheets are left out of account."""
    for a, b in zip_longest(canonical(one), canonical(other)):
        if a != b:
            return a, b
    return None


def canonical(html: str) -> Iterator[object]:
    """A document as a flat list of tags with their attributes, and texts."""
    text = re.sub(r"^\s*<!doctype[^>]*>", "", html.strip(), flags=re.I)
    root = etree.fromstring(text, etree.HTMLParser(huge_tree=True))
    for style in list(root.iter("style")):
        _take_out(style)
    for event, node in etree.iterwalk(root, events=("start", "end")):
        if event == "start":
            yield node.tag, _attributes(node)
            yield _words(node.text)
        else:
            yield "/" + node.tag
            yield _words(node.tail)


def _take_out(element: etree._Element) -> None:
    parent, before = element.getparent(), element.getprevious()
    if parent is None:
        return
    if before is None:
        parent.text = (parent.text or "") + (element.tail or "")
    else:
        before.tail = (before.tail or "") + (element.tail or "")
    parent.remove(element)


def _attributes(element: etree._Element) -> tuple[tuple[str, object], ...]:
    found: list[tuple[str, object]] = []
    for name, value in sorted((str(name), str(value)) for name, value in element.attrib.items()):
        if name == "style":
            style = declarations(value)
            found += [(name, style)] if style else []
        elif name in _ADDRESSES:
            found.append((name, urllib.parse.unquote(value).strip()))
        elif name == "class":
            found += [(name, tuple(value.split()))] if value.split() else []
        elif name in _PRESENTATIONAL:
            plain = re.sub(r"^0[a-z]+$", "0", value.replace("!important", "").strip())
            found += [(name, plain)] if "(" not in plain else []
        else:
            found.append((name, _words(value)))
    return tuple(found)


def declarations(style: str) -> tuple[tuple[str, str], ...]:
    """A style as what counts of it: the last value of each property, numbers and colours in one form."""
    found: dict[str, str] = {}
    for part in re.split(r";(?![^(]*\))", style):
        name, colon, value = part.partition(":")
        value = _value(value)
        if colon and value:
            found.pop(name.strip().lower(), None)
            found[name.strip().lower()] = value
    return tuple(sorted(found.items()))


def _value(value: str) -> str:
    value = re.sub(r"(?<![\w.#-])0(?:px|em|rem|pt)(?![\w.%])", "0", value)
    value = re.sub(r"\s+", "", value).lower().replace('"', "").replace("'", "")
    value = re.sub(r"#([0-9a-f])\1([0-9a-f])\2([0-9a-f])\3(?![0-9a-f])", r"#\1\2\3", value)
    value = re.sub(r"(?<![\d.])0(px|em|rem|pt)?(?![\d.a-z%])", "0", value)
    value = re.sub(r"(?<!\d)0+\.(\d)", r".\1", value)
    return urllib.parse.unquote(value)


def _words(text: str | None) -> str:
    return " ".join((text or "").split())
