"""From the label of a place to the function that makes any value safe there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from html import unescape
from types import MappingProxyType

from mailweave.liquid.escapers import css, scripts, text, urls
from mailweave.liquid.values import Html
from mailweave.liquid.writing import text as text_of
from mailweave.values.bounded_cache import Memo

Convert = Callable[[str], str]
ToText = Callable[[object], str]

_DELIVERIES: dict[str, Convert] = {
    "attr": text.html_text,
    "bare": text.unquoted,
    "more": text.unquoted_more,
}
_URL_DELIVERIES: dict[str, Convert] = {
    "attr": text.attribute_url,
    "bare": text.unquoted_url,
    "more": text.unquoted_url_more,
}


def _nothing(_: str) -> str:
    return ""


def _unchanged(value: str) -> str:
    return value


def _digits(value: str) -> str:
    return value if value.isascii() and value.isdigit() else "0"


_BARE_AGAIN = {ord(char): f"&#{ord(char)};" for char in " \t\n\f\r\x0b`="}
_CSS_URLS = {f"css_{name}": (lambda t, f=f: css.address(f(t))) for name, f in urls.URLS.items()}
_BASES: dict[str, Convert] = {
    "none": _unchanged,
    "trusted": text.whole,
    "comment": _nothing,
    "refresh": _digits,
    "css": css.value,
    "css_name": css.name,
    "css_string": css.string,
    "js_string": scripts.script_string,
    **urls.URLS,
    **_CSS_URLS,
}
_WHOLE: dict[str, Convert] = {
    "text": text.html_text,
    "rcdata": text.html_text,
    "text_br": text.with_line_breaks,
    "text_mustache": text.mustache_text,
    "rcdata_mustache": text.mustache_text,
    "attr": text.html_text,
    "bare": text.unquoted,
    "more": text.unquoted_more,
    "css": css.block_value,
    "attr_mustache": text.mustache_text,
    "bare_mustache": lambda t: text.mustache_text(t).translate(_BARE_AGAIN) or "&#32;",
    "more_mustache": lambda t: text.mustache_text(t).translate(_BARE_AGAIN),
}


@dataclass(frozen=True, slots=True)
class FastPath:
    """How values of type `str` are escaped without a call.

    Those that `test`, Python source about `VALUE`, is true of stay as they are; `memo` holds the others.
    Looking through a text costs more than remembering it: a shop's texts recur.
    """

    test: str
    memo: Mapping[str, str] = field(default_factory=dict)

    def source(self, value: str, memo: str) -> str:
        """Python source of the escaped value.

        >>> FastPath("VALUE.isalnum()").source("t1", "H2")
        '(t1 if t1.isalnum() else H2[t1])'
        """
        if self.test in _CONSTANT:
            return _CONSTANT[self.test].format(value=value, memo=memo)
        return f"({value} if {self.test.replace('VALUE', value)} else {memo}[{value}])"


_CONSTANT = {"True": "{value}", "False": "{memo}[{value}]"}
WORDS, ASCII_WORDS = "VALUE.isalnum()", "VALUE.isalnum() and VALUE.isascii()"


@dataclass(frozen=True, slots=True)
class Escaper:
    """Makes values safe where a label says.

    `escape` takes any plain value. `fast` is a cheaper way for most texts, or None. With `numbers`,
    the text of a whole number needs no escaping. With `references`, what is written may hold
    character references (so `&#228;` may stand for `ä`); in CSS and scripts it may not.
    """

    label: str
    escape: Callable[[object], str]
    fast: FastPath | None
    numbers: bool
    references: bool


_FAST = {"none": FastPath("True")}
_MARKED_UP = ("text", "rcdata", "attr")
_REMEMBERED = ("url", "path", "query", "srcset", "css")  # costly to escape, and the same for many recipients
_NOT_NUMBERS = ("js", "comment", "refresh", "text_br", "tail", "css_tail", "port", "css_port")
_IN_ELEMENTS = ("css", "js")


def escaper(label: str, to_text: ToText = text_of) -> Escaper:
    """The escaper of a label; `to_text` says how a value that is no text is written.

    >>> escaper("text").escape("<b>{{ x }}")
    '&lt;b&gt;&#123;&#123; x &#125;&#125;'
    >>> escaper("url_attr").escape("javascript:alert(1)")
    '#blocked'
    """
    is_number = not label.startswith(_NOT_NUMBERS) or label.startswith("js_string")
    is_delivered = label.rpartition("_")[2] in ("attr", "bare", "more", "once", "mustache")
    references = is_delivered or not label.startswith(_IN_ELEMENTS)
    return Escaper(label, _function(label, to_text), _fast(label), is_number, references)


@lru_cache(maxsize=512)
def _fast(label: str) -> FastPath | None:
    if label not in _MARKED_UP and not label.startswith(_REMEMBERED):
        return _FAST.get(label)
    test = WORDS if label in _MARKED_UP else "False" if label.startswith("css") else ASCII_WORDS
    return FastPath(test, Memo(_conversion(label)))


@lru_cache(maxsize=512)
def _function(label: str, to_text: ToText) -> Callable[[object], str]:
    base = label.removesuffix("_once")
    if base in ("text", "text_mustache"):
        finished = text.mustache_html if base == "text_mustache" else str.__str__
        return _for_text(_conversion(label), finished, to_text)
    if base == "js" or base in (f"js_{delivery}" for delivery in _DELIVERIES):
        return _for_script(_DELIVERIES.get(base.removeprefix("js_"), _unchanged), to_text)
    if base == "none":
        return to_text
    return _for_all(_conversion(label), to_text)


def _for_text(convert: Convert, finished: Convert, to_text: ToText) -> Callable[[object], str]:
    def escape(value: object) -> str:
        if type(value) is Html:
            return finished(value)
        return convert(value if type(value) is str else to_text(value))

    return escape


def _for_script(deliver: Convert, to_text: ToText) -> Callable[[object], str]:
    def escape(value: object) -> str:
        plain = text.strip_tags(value) if type(value) is Html else value
        return deliver(scripts.script_value(plain, to_text))

    return escape


def _for_all(convert: Convert, to_text: ToText) -> Callable[[object], str]:
    def escape(value: object) -> str:
        if type(value) is str:
            return convert(value)
        return convert(text.strip_tags(value) if type(value) is Html else to_text(value))

    return escape


def _conversion(label: str) -> Convert:
    """The function from text to safe text. Raises `KeyError` for a label that does not exist."""
    if label.endswith("_once"):
        inner = _conversion(label.removesuffix("_once"))
        return lambda value: inner(unescape(value))
    if label in _WHOLE:
        return _WHOLE[label]
    if label in _BASES:
        return _BASES[label]
    base, _, delivery = label.rpartition("_")
    convert = _BASES[base]
    deliver = (_URL_DELIVERIES if base in urls.URLS else _DELIVERIES)[delivery]
    return lambda value: deliver(convert(value))


LABELS: frozenset[str] = frozenset(
    {*_WHOLE, "none", "trusted", "comment", "js", "js_attr", "js_bare", "js_more"}
    | {"css", "css_name", "css_string", "js_string", *_CSS_URLS}
    | {f"{base}_{delivery}" for base in _BASES for delivery in _DELIVERIES if base not in ("none", "trusted")}
)
"""Every label there is; each but "none", "trusted" and "comment" may also end in `_once`."""

TABLE: Mapping[str, Escaper] = MappingProxyType({label: escaper(label) for label in sorted(LABELS)})
