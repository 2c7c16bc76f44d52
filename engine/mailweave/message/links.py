"""The one place where links are rewritten at compile time: campaign parameters (UTM) are added here.

What differs from mail to mail, signatures and with them tracking, is put on the finished mail: mailweave.delivery.links.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from urllib.parse import quote

from mailweave.markup.pieces import Kind, pieces, without_liquid
from mailweave.markup.tokens import Attribute, Comment, StartTag, tokenize

_LINKING = re.compile(r"a|area|v:\w+")  # v: the buttons that Outlook draws
_PATH = re.compile(r"[A-Za-z_][\w-]*(?:\.[\w-]+)*")
_SCHEMES = ("mailto:", "tel:", "sms:")
_SCHEME = re.compile(r"[a-zA-Z][\w+.-]*:")
_UNSUBSCRIBE = re.compile(r"unsubscribe|opt-?out|preferences", re.I)
_PARAMETER = re.compile(r"(?:^|[?&;])([^=&;#?]+)=")
_KEEP = "data-no-utm"
_LIQUID_OR_SIGN = r"(?:\{\{.*?\}\}|\{%.*?%\}|[^\s<>{]|\{(?![{%]))"
_IN_TEXT = re.compile(
    rf"(?<![A-Za-z0-9])https?://{_LIQUID_OR_SIGN}++|(?<=<)\{{\{{.*?\}}\}}{_LIQUID_OR_SIGN}*+(?=>)",
    re.IGNORECASE | re.DOTALL,
)
_BEHIND = ".,;:!?)]'\""  # signs of a sentence behind an address


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
        out += [source[at : href.value_span.start], _with(href.value or "", parameters)]
        at = href.value_span.stop
    return "".join([*out, source[at:]])


def rewrite_text(source: str, *, utm: Mapping[str, str]) -> str:
    """The same for a plain text that an author wrote: addresses with a scheme, and values in `<>` that are addresses.

    >>> rewrite_text("See https://x.com/?a=1 or <{{ u }}>.", utm={"m": "1"}).partition(" or ")[0]
    'See https://x.com/?a=1&m=1'
    """
    return _IN_TEXT.sub(lambda found: _with_in_text(found[0], utm), source) if utm else source


def _with_in_text(found: str, utm: Mapping[str, str]) -> str:
    url = found.rstrip(_BEHIND) if not found.endswith("}}") else found
    written = _with(url.replace("&", "&amp;"), utm).replace("&amp;", "&")
    if url.startswith("{{") and written.startswith(url):
        path = pieces(url)[0].inside.partition("|")[0].strip()
        added = written[len(url) :]
        written = f'{url}{{% if {path} contains "://" %}}{added}{{% endif %}}' if added else url
    return written + found[len(url) :]


def _links(source: str) -> Iterator[Attribute]:
    """The `href` of each link, once for each branch of a condition among the attributes; those that only
    Outlook sees included."""
    for token in tokenize(source):
        if isinstance(token, StartTag) and _LINKING.fullmatch(token.name) and token.get(_KEEP) is None:
            yield from (a for a in token.attributes if a.name == "href" and a.value and _ours(a.value))
        elif isinstance(token, Comment) and source.startswith("<!--[if", token.span.start):
            inside = token.span.start + len("<!--")
            for href in _links(source[inside : token.span.stop]):
                yield replace(href, value_span=href.value_span.shifted(inside))


def _ours(value: str) -> bool:
    """Whether a link leads to a page of the sender: anything but other schemes, anchors, unsubscribing."""
    url = html.unescape(value.strip())
    scheme = _SCHEME.match(url)
    if scheme and scheme.group().lower() not in ("http:", "https:"):
        return False
    return not url.startswith("#") and not is_way_out(url)


def is_way_out(url: str) -> bool:
    """Whether an address says that one unsubscribes there, or chooses what to get.

    >>> is_way_out("https://shop.example/opt-out?id=1"), is_way_out("https://shop.example/")
    (True, False)
    """
    return _UNSUBSCRIBE.search(url) is not None


def _with(value: str, parameters: Mapping[str, str]) -> str:
    """An address with the parameters that it lacks; as it is, where adding could break it."""
    branches = _branches(value)
    if branches:
        return "".join(part if tag else _with(part, parameters) for part, tag in branches)
    url, fragment = _at_fragment(value)
    query = html.unescape(without_liquid(url.partition("?")[2], "\0"))
    known = set(_PARAMETER.findall(query))
    new = {name: text for name, text in parameters.items() if name not in known}
    if not value.strip() or not new or _unclear(url) or not _ours(value):
        return value
    written = "&amp;".join(f"{quote(name, safe='')}={_quoted(text)}" for name, text in new.items())
    if "?" in without_liquid(url):
        start = "" if url.endswith(("?", "&", "&amp;")) else "&amp;"
        return f"{url}{start}{written}{fragment}"
    return f"{url}{_guarded(url, written, new)}{fragment}"


def _branches(value: str) -> list[tuple[str, bool]]:
    """An address that is one condition from end to end, as its tags and the addresses between them."""
    held = [piece for piece in pieces(value) if piece.kind is Kind.TAG]
    whole = len(held) > 1 and held[0].opens and held[-1].closes
    if not whole or value[: held[0].span.start].strip() or value[held[-1].span.stop :].strip():
        return []
    depth, found, at = 0, [], 0
    for piece in held:
        between = value[at : piece.span.start]
        found += [(between, False), (piece.text, True)]
        depth += piece.opens - piece.closes
        at = piece.span.stop
        if (depth == 0 and piece is not held[-1]) or depth > 1:
            return []
    return found


def _unclear(url: str) -> bool:
    """Whether a query or a fragment may begin inside the Liquid, where it cannot be seen."""
    tags = any(piece.kind is Kind.TAG for piece in pieces(url))
    return (tags and "?" not in _outside(url)) or any("?" in p.text or "#" in p.text for p in pieces(url))


def _outside(url: str) -> str:
    """The static text of an address that stands outside all conditions."""
    out, depth, at = "", 0, 0
    for piece in pieces(url):
        out += url[at : piece.span.start] if depth == 0 else ""
        depth += piece.opens - piece.closes
        at = piece.span.stop
    return out + url[at:]


def _guarded(url: str, written: str, new: Mapping[str, str]) -> str:
    """The first parameters of an address; what its values may hold already is asked when it is rendered."""
    paths = [p.inside.partition("|")[0].strip() for p in pieces(url) if p.kind is Kind.OUTPUT]
    named = list(dict.fromkeys(path for path in paths if _PATH.fullmatch(path)))
    if not named:
        return f"?{written}"
    taken = ["#", *(f"{name}=" for name in new), *(_SCHEMES if url.lstrip().startswith("{{") else ())]
    broken = " or ".join(f'{path} contains "{what}"' for path in named for what in taken)
    asked = " or ".join(f'{path} contains "?"' for path in named)
    return (
        f"{{% unless {broken} %}}{{% if {asked} %}}&amp;{{% else %}}?{{% endif %}}{written}{{% endunless %}}"
    )


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
