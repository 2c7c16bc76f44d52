"""Escaping for text and for attributes: markup, and the braces of a second templating pass."""

from __future__ import annotations

import re
from html import unescape

from markupsafe import escape as _markup_escape

try:  # the C function alone: without the wrapper object it costs half
    from markupsafe._speedups import _escape_inner
except ImportError:  # pragma: no cover - markupsafe without its extension module

    def _escape_inner(text: str, /) -> str:
        return str(_markup_escape(text))


escape_markup = _escape_inner
"""The five signs of markup as character references, for a `str`."""


_BRACES = {ord("{"): "&#123;", ord("}"): "&#125;"}
# lone surrogates, and what opens a tag of another templating language: see `openings`.
# `<%`, `${` and `#{` are broken by these already
_ALIVE = re.compile(r"[{}%|*\[\ud800-\udfff]")
_LIVE = re.compile(r"[{}]|\A[%|]|%(?=%)|\*(?=\|)|\[(?=\[|\Z)")
_LIVE_AMP = re.compile(_LIVE.pattern.removeprefix("[{}]|"))
_SURROGATES = re.compile(r"[\ud800-\udfff]+")
# inside <template type="amp-mustache"> the browser resolves `&#123;` before mustache reads the text:
# a word joiner, which has no width, keeps two braces from ever standing side by side
_APART = {ord("{"): "&#8288;&#123;&#8288;", ord("}"): "&#8288;&#125;&#8288;"}
_SEPARATORS = {code: f"&#{code};" for code in (*range(1, 33), *map(ord, "\"'`<>=+{}&"), 0x85, 0xA0)}
_SEPARATORS[0] = "&#65533;"
_LIVE_SEPARATORS = _SEPARATORS | {ord(sign): f"&#{ord(sign)};" for sign in "%|*["}
_EMPTY = "&#32;"  # an attribute without quotes must not end up without a value
_TAG = re.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style)\b.*?(?:</\1\s*>|\Z)"
    r"|</?[A-Za-z!?](?:[^>\"']|\"[^\"]*\"|'[^']*')*+(?:>|\Z)",
    re.IGNORECASE | re.DOTALL,
)


def whole(text: str) -> str:
    """Text without lone surrogates: they are no characters, and no encoding can write them."""
    return text if text.isprintable() else _SURROGATES.sub("\ufffd", text)


def html_text(text: str) -> str:
    """Text between tags, in a title, or in a quoted attribute."""
    if _ALIVE.search(text) is None:
        return escape_markup(text)
    return _LIVE.sub(reference, escape_markup(whole(text)))


def reference(found: re.Match[str]) -> str:
    """The character reference of what was found: one sign."""
    return f"&#{ord(found[0])};"


def mustache_text(text: str) -> str:
    """The same inside an AMP mustache template."""
    if _ALIVE.search(text) is None:
        return escape_markup(text)
    return _LIVE_AMP.sub(reference, escape_markup(whole(text))).translate(_APART)


def attribute_url(encoded: str) -> str:
    """A URL that is percent-encoded already, in a quoted attribute."""
    return escape_markup(encoded)


def unquoted_url(encoded: str) -> str:
    """The same as the first piece of an attribute's value without quotes."""
    return encoded.translate(_SEPARATORS) or _EMPTY


def unquoted_url_more(encoded: str) -> str:
    """The same as a later piece of one."""
    return encoded.translate(_SEPARATORS)


def unquoted(text: str) -> str:
    """The first piece of an attribute's value without quotes."""
    return unquoted_more(text) or _EMPTY


def unquoted_more(text: str) -> str:
    """A later piece of an attribute's value without quotes."""
    return whole(text).translate(_LIVE_SEPARATORS)


def mustache_html(html: str) -> str:
    """Finished HTML, taken into an AMP mustache template."""
    for code, apart in _APART.items():
        html = html.replace(_BRACES[code], apart)
    return html


def with_line_breaks(text: str) -> str:
    """Text between tags, each line end a `<br />`."""
    return html_text(text).replace("\r\n", "\n").replace("\n", "<br />\n")


def strip_tags(html: str) -> str:
    """What a reader sees of a piece of HTML: no tags, character references resolved."""
    return unescape(_TAG.sub("", html))
