"""A mail as a notebook shows it: its shape and colours, with a dot for each sign of its words.

A finished mail does not say which of its words are personal; so none is shown, and no address: neither of links nor of
pictures. `mailweave.notebooks.show` renders one anew with stand-ins for personal values alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from lxml import html as lxml_html

from mailweave.html_tables import frame, headed, table

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_SIGN: Final = re.compile(r"\S")
_URL: Final = re.compile(r"url\([^)]*\)|@import[^;]*;?", re.I)
_KEPT: Final = frozenset(
    "style width height align valign bgcolor border cellpadding cellspacing role dir colspan rowspan color face size".split()
)
_NEVER: Final = frozenset({"script", "meta", "link", "base", "object", "embed", "iframe", "form", "svg"})


def masked_view(title: str, selection: Mapping[str, tuple[str, ...]], html: str) -> str:
    """What a notebook shows of a mail: its blocks, and its picture without words."""
    rows = [(slot, ", ".join(blocks) or "empty") for slot, blocks in selection.items()]
    note = "<div>Words are masked; mailweave.notebooks.show(campaign, profile) masks personal values alone.</div>"
    return headed(title, table(rows), frame(dotted(html)), note)


def dotted(page: str) -> str:
    """A page with a dot for each sign of its words, without addresses, pictures and comments.

    >>> dotted('<p title="Ann" style="color:red">Dear Ann<img src="https://x.example/ann.png"></p>')
    '<html><body><p style="color:red">•••• •••<img></p></body></html>'
    """
    root = lxml_html.document_fromstring(page or "<p></p>")
    elements: list[Any] = list(root.iter())  # lxml's stub knows no element of HTML here
    for element in elements:
        if not isinstance(element.tag, str) or element.tag in _NEVER:
            element.drop_tree()
        else:
            _mask(element)
    return str(lxml_html.tostring(root, encoding="unicode"))


def _mask(element: HtmlElement) -> None:
    for name in list(element.attrib):
        if name not in _KEPT:
            del element.attrib[name]
    if "style" in element.attrib:
        element.attrib["style"] = _URL.sub("none", element.attrib["style"])
    if element.text:
        is_css = element.tag == "style"
        element.text = _URL.sub("none", element.text) if is_css else _SIGN.sub("•", element.text)
    if element.tail:
        element.tail = _SIGN.sub("•", element.tail)
