"""The one place where links are rewritten, at compile time.

Campaign parameters (UTM) are added here; signing and tracking will come through the same door.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from urllib.parse import quote

from mailweave.markup.pieces import pieces, without_liquid
from mailweave.markup.tokens import Attribute, StartTag, tokenize

_LINKING = frozenset({"a", "area"})
_SCHEME = re.compile(r"[a-zA-Z][\w+.-]*:")
_UNSUBSCRIBE = re.compile(r"unsubscribe|opt-?out|preferences", re.I)
_PARAMETER = re.compile(r"(?:^|[?&;])([^=&;#?]+)=")
_KEEP = "data-no-utm"


def rewrite(source: str, *, utm: Mapping[str, str], ids: Mapping[str, str] | None = None) -> str:
    """Adds parameters to the links of an HTML template that still holds its Liquid.

    `utm` maps parameter names to values; the values may hold Liquid themselves. `ids` maps further ones (the
    id of the block, for example). A parameter that the author wrote stays as it is. Fragments stay behind the
    query. Left alone: mail and telephone links, anchors, links to unsubscribe, and links marked
    `data-no-utm`. Raises nothing.

    >>> rewrite('<a href="https://x.com/?a=1#top">x</a>', utm={"utm_source": "mail"})
    '<a href="https://x.com/?a=1&amp;utm_source=mail#top">x</a>'
    """
    parameters = {**utm, **(ids or {})}
    if not parameters:
        return source
    out, at = [], 0
    for href in _links(source):
        out += [source[at : href.value_span.start], _with(href, parameters)]
        at = href.value_span.stop
    return "".join([*out, source[at:]])


def _links(source: str) -> Iterator[Attribute]:
    """The `href` of each link, once for each branch of a condition among the attributes."""
    for token in tokenize(source):
        if isinstance(token, StartTag) and token.name in _LINKING and token.get(_KEEP) is None:
            yield from (a for a in token.attributes if a.name == "href" and a.value and _ours(a.value))


def _ours(value: str) -> bool:
    """Whether a link leads to a page of the sender: anything but other schemes, anchors, unsubscribing."""
    url = html.unescape(value.strip())
    scheme = _SCHEME.match(url)
    if scheme and scheme.group().lower() not in ("http:", "https:"):
        return False
    return not url.startswith("#") and _UNSUBSCRIBE.search(url) is None


def _with(href: Attribute, parameters: Mapping[str, str]) -> str:
    value = href.value or ""
    url, fragment = _at_fragment(value)
    known = set(_PARAMETER.findall(html.unescape(without_liquid(url.partition("?")[2], "\0"))))
    new = [
        f"{quote(name, safe='')}={_quoted(text)}" for name, text in parameters.items() if name not in known
    ]
    if not new:
        return value
    joined = "&amp;".join(new)
    if "?" in without_liquid(url):
        start = "" if url.endswith(("?", "&", "&amp;")) else "&amp;"
        return f"{url}{start}{joined}{fragment}"
    return f"{url}{_question(url)}{joined}{fragment}"


def _question(url: str) -> str:
    """`?`, or what is known only when rendered: whether an address that is all Liquid has a query already."""
    held = pieces(url)
    if len(held) == 1 and held[0].text == url.strip() and url.startswith("{{") and "|" not in url:
        path = held[0].inside
        return f'{{% if {path} contains "?" %}}&amp;{{% else %}}?{{% endif %}}'
    return "?"


def _at_fragment(value: str) -> tuple[str, str]:
    """The address and its fragment; a `#` inside Liquid or of an entity is none."""
    bare = _blanked(value)
    at = bare.find("#")
    while at > 0 and bare[at - 1] == "&":
        at = bare.find("#", at + 1)
    return (value, "") if at < 0 else (value[:at], value[at:])


def _blanked(value: str) -> str:
    """`value` with its Liquid blanked out, every offset the same."""
    for piece in pieces(value):
        value = value[: piece.span.start] + "\0" * len(piece.text) + value[piece.span.stop :]
    return value


def _quoted(text: str) -> str:
    """A value as it stands in a query; its Liquid stays Liquid."""
    out, at = [], 0
    for piece in pieces(text):
        out += [quote(text[at : piece.span.start], safe=""), piece.text]
        at = piece.span.stop
    return "".join([*out, quote(text[at:], safe="")])
