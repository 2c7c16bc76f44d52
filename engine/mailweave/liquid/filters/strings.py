"""Filters on texts."""

from __future__ import annotations

import html
import re
from typing import Any

from mailweave.liquid.escapers.text import html_text
from mailweave.liquid.filters import costs
from mailweave.liquid.filters.spec import Filter
from mailweave.liquid.filters.values import integer, kept, string
from mailweave.liquid.operators import Html

_LINE_END = re.compile(r"\r?\n")
_BLANKS = re.compile(r"\s+")
_ONCE = re.compile(r"[\"><']|&(?!(?:[a-zA-Z]+|#\d+);)")
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"}
_BIGGEST = 1 << 31


def append(value: Any, more: Any) -> str:
    """The text with another one behind it.

    {{ "Fjord" | append: " & Sons" }} => Fjord & Sons
    """
    return _glued(value, more, value, more)


def prepend(value: Any, more: Any) -> str:
    """The text with another one in front of it.

    {{ "Sons" | prepend: "Fjord & " }} => Fjord & Sons
    """
    return _glued(more, value, value, more)


def _glued(first: Any, second: Any, value: Any, more: Any) -> str:
    if type(value) is Html or type(more) is Html:
        sides = (one if type(one) is Html else html_text(string(one)) for one in (first, second))
        return Html("".join(sides))
    return string(first) + string(second)


def capitalize(value: Any) -> str:
    """The first letter upper case, the others lower case.

    {{ "mY nAME" | capitalize }} => My name
    """
    return string(value).capitalize()


def downcase(value: Any) -> str:
    """Lower case.

    {{ "ANN" | downcase }} => ann
    """
    return string(value).lower()


def upcase(value: Any) -> str:
    """Upper case.

    {{ "ann" | upcase }} => ANN
    """
    return string(value).upper()


def strip(value: Any) -> str:
    """The text without blanks at its ends.

    [{{ "  ann " | strip }}] => [ann]
    """
    return kept(value, string(value).strip())


def lstrip(value: Any) -> str:
    """The text without blanks at its start.

    [{{ "  ann " | lstrip }}] => [ann ]
    """
    return kept(value, string(value).lstrip())


def rstrip(value: Any) -> str:
    """The text without blanks at its end.

    [{{ "  ann " | rstrip }}] => [  ann]
    """
    return kept(value, string(value).rstrip())


def squish(value: Any) -> str:
    """The text without blanks at its ends, each run of blanks inside one space.

    {{ "  tom   and  jo " | squish }} => tom and jo
    """
    return kept(value, _BLANKS.sub(" ", string(value).strip()))


def strip_newlines(value: Any) -> str:
    """The text in one line.

    {{ lines | strip_newlines }} => onetwo
    """
    return _LINE_END.sub("", string(value))  # never HTML again: `<a\nhref>` would become another tag


def newline_to_br(value: Any) -> str:
    """A `<br />` in front of each line end; in HTML the text itself is escaped.

    {{ lines | newline_to_br | strip_newlines }} => one<br />two
    """
    return _LINE_END.sub("<br />\n", string(value))


def strip_html(value: Any) -> str:
    """The text without tags, comments, scripts and styles.

    {{ "<b>Hi</b> Ann" | strip_html }} => Hi Ann
    """
    stripped = _without_tags(_without_blocks(string(value)))
    return html.unescape(stripped) if type(value) is Html else stripped


_BLOCKS = (("<script", "</script>"), ("<!--", "-->"), ("<style", "</style>"))


def _without_blocks(text: str) -> str:
    for opener, closer in _BLOCKS:
        text = _cut(text, opener, closer)
    return text


def _without_tags(text: str) -> str:
    return _cut(text, "<", ">")


def _cut(text: str, opener: str, closer: str) -> str:
    """The text without all that stands from an opener to the next closer; in linear time."""
    kept_parts: list[str] = []
    at = 0
    while True:
        start = text.find(opener, at)
        stop = text.find(closer, start + len(opener)) if start >= 0 else -1
        if stop < 0:
            return "".join([*kept_parts, text[at:]])
        kept_parts.append(text[at:start])
        at = stop + len(closer)


def escape(value: Any) -> str | None:
    """HTML's special characters as references. Outputs in HTML are escaped anyway, and only once.

    {{ "it's < 3" | escape }} => it&#39;s &lt; 3
    """
    if value is None or type(value) is Html:
        return value
    return "".join(_ESCAPES.get(char, char) for char in string(value))


def escape_once(value: Any) -> str | None:
    """As `escape`, but references that are there already stay.

    {{ "1 &lt; 2 & 3" | escape_once }} => 1 &lt; 2 &amp; 3
    """
    if value is None or type(value) is Html:
        return value
    return _ONCE.sub(lambda found: _ESCAPES[found[0]], string(value))


def safe(value: Any) -> Any:
    """Marks a value as finished HTML. It has effect only in blocks that say `trusted = true`.

    {{ "plain" | safe }} => plain
    """
    return value


def replace(value: Any, old: Any, new: Any = "") -> str:
    """Each occurrence of a text replaced by another.

    {{ "a-b-c" | replace: "-", "+" }} => a+b+c
    """
    return string(value).replace(string(old), string(new))


def replace_first(value: Any, old: Any, new: Any = "") -> str:
    """The first occurrence replaced.

    {{ "a-b-c" | replace_first: "-", "+" }} => a+b-c
    """
    return string(value).replace(string(old), string(new), 1)


def replace_last(value: Any, old: Any, new: Any) -> str:
    """The last occurrence replaced.

    {{ "a-b-c" | replace_last: "-", "+" }} => a-b+c
    """
    text, word = string(value), string(old)
    at = text.rfind(word)
    return text if at < 0 else text[:at] + string(new) + text[at + len(word) :]


def remove(value: Any, word: Any) -> str:
    """Each occurrence of a text taken out.

    {{ "a-b-c" | remove: "-" }} => abc
    """
    return replace(value, word)


def remove_first(value: Any, word: Any) -> str:
    """The first occurrence taken out.

    {{ "a-b-c" | remove_first: "-" }} => ab-c
    """
    return replace_first(value, word)


def remove_last(value: Any, word: Any) -> str:
    """The last occurrence taken out.

    {{ "a-b-c" | remove_last: "-" }} => a-bc
    """
    return replace_last(value, word, "")


def slice_(value: Any, start: Any, length: Any = None) -> Any:
    """A piece of a text or a list; a negative start counts from the end.

    {{ "abcdef" | slice: 1, 3 }} {{ "abcdef" | slice: -2, 2 }} => bcd ef
    """
    whole = value if isinstance(value, (list, tuple, range)) else string(value)
    at, count = integer(start), 1 if length is None else integer(length)
    at = at + len(whole) if at < 0 else at
    if at < 0 or at > len(whole) or count < 0:
        at, count = 0, 0
    piece = whole[at : at + count]
    return piece if isinstance(piece, str) else list(piece)


def split(value: Any, glue: Any) -> list[str]:
    """The pieces of a text between the places where another text stands.

    {{ "a,b,c" | split: "," | join: "+" }} => a+b+c
    """
    text, word = string(value), string(glue)
    if not word:
        return list(text)
    pieces = text.split(None if word == " " else word)
    while pieces and not pieces[-1]:
        pieces.pop()
    return pieces


def truncate(value: Any, length: Any = 50, ending: Any = "...") -> str:
    """At most so many characters, the ending among them.

    {{ "Ground control" | truncate: 9 }} => Ground...
    """
    text, most, end = string(value), integer(length), string(ending)
    return text if len(text) <= most else text[: max(most - len(end), 0)] + end


def truncatewords(value: Any, count: Any = 15, ending: Any = "...") -> str:
    """At most so many words, and the ending when some are left out.

    {{ "one two three" | truncatewords: 2 }} => one two...
    """
    text, most = string(value), max(integer(count), 1)
    words = text.split(None, most) if most < _BIGGEST else []
    if len(words) <= most:
        return text
    return " ".join(words[:most]) + string(ending)


FILTERS = (
    Filter("append", append, costs.linear),
    Filter("prepend", prepend, costs.linear),
    Filter("capitalize", capitalize, costs.linear),
    Filter("downcase", downcase, costs.linear),
    Filter("upcase", upcase, costs.linear),
    Filter("strip", strip, costs.linear),
    Filter("lstrip", lstrip, costs.linear),
    Filter("rstrip", rstrip, costs.linear),
    Filter("squish", squish, costs.linear),
    Filter("strip_newlines", strip_newlines, costs.linear),
    Filter("newline_to_br", newline_to_br, costs.grown),
    Filter("strip_html", strip_html, costs.linear),
    Filter("escape", escape, costs.grown),
    Filter("h", escape, costs.grown),
    Filter("escape_once", escape_once, costs.grown),
    Filter("safe", safe),
    Filter("replace", replace, costs.replaced),
    Filter("replace_first", replace_first, costs.repeated),
    Filter("replace_last", replace_last, costs.repeated),
    Filter("remove", remove, costs.linear),
    Filter("remove_first", remove_first, costs.linear),
    Filter("remove_last", remove_last, costs.linear),
    Filter("slice", slice_, costs.cut),
    Filter("split", split, costs.pieces),
    Filter("truncate", truncate, costs.linear),
    Filter("truncatewords", truncatewords, costs.linear),
)
