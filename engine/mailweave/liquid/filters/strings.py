"""Filters on texts."""

from __future__ import annotations

import html
import re
from typing import Any

from mailweave.liquid.escapers.text import html_text
from mailweave.liquid.filters import costs
from mailweave.liquid.filters.quick import cut_short, method
from mailweave.liquid.filters.signature import SLICED, SPLIT, TEXT
from mailweave.liquid.filters.spec import Filter
from mailweave.liquid.filters.values import integer, kept
from mailweave.liquid.values import BLANKS, ENDS, Html
from mailweave.liquid.writing import string

_LINE_END = re.compile(r"\r?\n")
_BLANK_RUN = re.compile(f"[{BLANKS}]+")
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
    return kept(value, string(value).strip(ENDS))


def lstrip(value: Any) -> str:
    """The text without blanks at its start.

    [{{ "  ann " | lstrip }}] => [ann ]
    """
    return kept(value, string(value).lstrip(ENDS))


def rstrip(value: Any) -> str:
    """The text without blanks at its end.

    [{{ "  ann " | rstrip }}] => [  ann]
    """
    return kept(value, string(value).rstrip(ENDS))


def squish(value: Any) -> str:
    """The text without blanks at its ends, each run of blanks inside one space.

    {{ "  tom   and  jo " | squish }} => tom and jo
    """
    return kept(value, _BLANK_RUN.sub(" ", string(value).strip(ENDS)))


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
    whole = value if isinstance(value, (list, tuple)) else string(value)
    at, count = integer(start), 1 if length is None or length is False else integer(length)
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
    pieces = _words(text) if word == " " else text.split(word)
    while pieces and not pieces[-1]:
        pieces.pop()
    return pieces


def _words(text: str, most: int = -1) -> list[str]:
    """The words of a text, with a limit at most so many pieces; the last is then what is left, blanks and all."""
    trimmed = text.lstrip(ENDS)
    return _BLANK_RUN.split(trimmed, max(most - 1, 0)) if trimmed else []


def truncate(value: Any, length: Any = 50, ending: Any = "...") -> str | None:
    """At most so many characters, the ending among them.

    {{ "Ground control" | truncate: 9 }} => Ground...
    """
    if value is None:
        return None
    text, most, end = string(value), integer(length), string(ending)
    return text if len(text) <= most else text[: max(most - len(end), 0)] + end


def truncatewords(value: Any, count: Any = 15, ending: Any = "...") -> str | None:
    """At most so many words, and the ending when some are left out.

    {{ "one two three" | truncatewords: 2 }} => one two...
    """
    if value is None:
        return None
    text, most = string(value), max(integer(count), 1)
    words = _words(text, most + 1) if most < _BIGGEST else []
    if len(words) <= most:
        return text
    return " ".join(words[:most]) + string(ending)


FILTERS = (
    Filter("append", append, costs.linear, with_html="keeps", takes=TEXT),
    Filter("prepend", prepend, costs.linear, with_html="keeps", takes=TEXT),
    Filter("capitalize", capitalize, costs.linear, quick=method("capitalize"), takes=TEXT),
    Filter("downcase", downcase, costs.linear, quick=method("lower"), takes=TEXT),
    Filter("upcase", upcase, costs.linear, quick=method("upper"), takes=TEXT),
    Filter("strip", strip, costs.linear, quick=method("strip", repr(ENDS)), with_html="keeps", takes=TEXT),
    Filter("lstrip", lstrip, costs.linear, quick=method("lstrip", repr(ENDS)), with_html="keeps", takes=TEXT),
    Filter("rstrip", rstrip, costs.linear, quick=method("rstrip", repr(ENDS)), with_html="keeps", takes=TEXT),
    Filter("squish", squish, costs.linear, with_html="keeps", takes=TEXT),
    Filter("strip_newlines", strip_newlines, costs.linear, takes=TEXT),
    Filter("newline_to_br", newline_to_br, costs.grown, makes_html=True, takes=TEXT),
    Filter("strip_html", strip_html, costs.linear, with_html="reads", takes=TEXT),
    Filter("escape", escape, costs.grown, escapes=True, with_html="keeps", takes=TEXT),
    Filter("h", escape, costs.grown, escapes=True, with_html="keeps", takes=TEXT),
    Filter("escape_once", escape_once, costs.grown, escapes=True, with_html="keeps", takes=TEXT),
    Filter("safe", safe, makes_html=True, with_html="keeps", takes=TEXT),
    Filter("replace", replace, costs.replaced, takes=TEXT),
    Filter("replace_first", replace_first, costs.repeated, takes=TEXT),
    Filter("replace_last", replace_last, costs.repeated, takes=TEXT),
    Filter("remove", remove, costs.linear, takes=TEXT),
    Filter("remove_first", remove_first, costs.linear, takes=TEXT),
    Filter("remove_last", remove_last, costs.linear, takes=TEXT),
    Filter("slice", slice_, costs.cut, takes=SLICED),
    Filter("split", split, costs.pieces, takes=SPLIT),
    Filter("truncate", truncate, costs.linear, quick=cut_short, takes=TEXT),
    Filter("truncatewords", truncatewords, costs.linear, takes=TEXT),
)
