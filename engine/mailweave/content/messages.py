"""The texts of a template that a translator is given, and a template with other texts in their places.

A message is a run of words between the tags of blocks, of tables, and of Liquid. Inline tags in it are written as
numbers, `<1>..</1>`, without their attributes; outputs of Liquid stand as the author wrote them, and a text in quotes as
its words. So a message is the same before and after CSS was inlined around it. The forms of `plural` and `ordinal` are
words: a translation has those of its own language in the same output.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from mailweave.markup.pieces import Kind, pieces
from mailweave.markup.tokens import VOID, EndTag, LiquidToken, StartTag, Text, Token, tokenize
from mailweave.source import Span

_INLINE: Final = frozenset(
    "a abbr b bdi bdo br cite code del em font i img ins kbd mark q s small span strike strong sub sup u var wbr".split()
)
_SAID: Final = frozenset({"alt", "title", "aria-label"})
_BLANKS = re.compile(r"[ \t\r\n\f]+")
PLACEHOLDER: Final = re.compile(r"</?\d+/?>|\{\{.*?\}\}", re.DOTALL)
"""What a translation holds besides words: the number of a tag, an output of Liquid."""
_SAID_AS_IT_IS = re.compile(r"""\{\{-?\s*(?:"([^"<>&{}]*)"|'([^'<>&{}]*)')\s*-?\}\}""")
_LETTER = re.compile(r"[^\W\d_]")
_FORM = r"""(?:none|zero|one|two|few|many|other)\s*:\s*(?:"[^"{}]*"|'[^'{}]*')"""
FORMS: Final = re.compile(
    rf"(?<=\|)(\s*(?:plural|ordinal)\s*):(\s*{_FORM}(?:\s*,\s*{_FORM})*)\s*(?=\||-?\}}\}})"
)
_OTHER = re.compile(r"\bother\s*:")


@dataclass(frozen=True, slots=True)
class Message:
    """One text: what a translator reads, where it stands, and the source of each placeholder in it.

    quoted: whether it is the value of an attribute.
    """

    text: str
    span: Span
    parts: Mapping[str, str] = field(default_factory=dict)
    quoted: bool = False


def html_says(text: str) -> frozenset[str]:
    """The texts of a page's messages.

    >>> sorted(html_says("<p>Hello</p><p>there</p>"))
    ['Hello', 'there']
    """
    return frozenset(one.text for one in of_html(text))


def text_says(text: str) -> frozenset[str]:
    """The lines of a plain text."""
    return frozenset(line.strip() for line in text.splitlines())


def of_html(text: str) -> tuple[Message, ...]:
    """The messages of HTML that holds Liquid, in order.

    >>> [one.text for one in of_html('<p>Hi {{ name }}, <b class="x">look</b></p><td>{{ price }}</td>')]
    ['Hi {{ name }}, <1>look</1>']
    """
    return tuple(one for one in words_of_html(text) if one.text)


def words_of_html(text: str) -> tuple[Message, ...]:
    """The same with those that no translator is given, which have no text: attributes with tags of Liquid, and words
    that would be read as a placeholder.

    >>> [(one.text, one.span.start) for one in words_of_html('<img alt="A{% if x %}B{% endif %}"><p>Hi</p>')]
    [('', 10), ('Hi', 38)]
    """
    found: list[Message] = []
    run: list[Token] = []
    for token in tokenize(text):
        if isinstance(token, StartTag):
            found += _attributes(token)
        if _is_inline(token):
            run.append(token)
        else:
            found += _of_run(run, text)
            run = []
    found += _of_run(run, text)
    return tuple(sorted(found, key=lambda one: one.span.start))


def of_line(text: str) -> Message | None:
    """A line of text or an input as a message; None where it has no words, or tags of Liquid.

    >>> of_line("Hi {{  name }}!").text
    'Hi {{ name }}!'
    """
    cut = pieces(text)
    if any(piece.kind is not Kind.OUTPUT for piece in cut):
        return None
    parts, shown, at = {}, "", 0
    for piece in cut:
        written = _words(piece.text)
        if written is None:
            written = _output(piece.text)
            parts[written] = piece.text
        shown += text[at : piece.span.start] + written
        at = piece.span.stop
    shown += text[at:]
    return Message(shown, Span(0, len(text)), parts) if _has_words(shown) else None


def bare(text: str) -> str:
    """A text with blanks in the place of its Liquid; lines stay lines.

    >>> bare("a {{ b }}.")
    'a        .'
    """
    signs = list(text)
    for piece in pieces(text):
        for at in range(piece.span.start, piece.span.stop):
            signs[at] = signs[at] if signs[at] == "\n" else " "
    return "".join(signs)


def has_letters(text: str) -> bool:
    """Whether there is something to translate in a text without Liquid."""
    return _LETTER.search(text) is not None


def problem(message: Message, translation: str) -> str:
    """What is wrong with the placeholders of a translation, in words; "" where nothing is."""
    wanted, given = Counter(_tags(message.text)), Counter(_tags(translation))
    for tag in (wanted - given) or (given - wanted):
        return f"{tag} is {'missing' if wanted[tag] > given[tag] else 'not in the text'}"
    outputs = {_without_forms(one): one for one in _outputs(translation)}
    own = {_without_forms(one): one for one in _outputs(message.text)}
    for one in sorted(own.keys() ^ outputs.keys()):
        return f"{own[one]} is missing" if one in own else f"{outputs[one]} is not in the text"
    for one in _outputs(translation):
        if any(not _OTHER.search(found[2]) for found in FORMS.finditer(one)):
            return f"{one} has no form `other`"
    if not _is_nested(_tags(translation)):
        return "its tags are not nested"
    rest = PLACEHOLDER.sub("", translation)
    return "it holds signs of Liquid" if "{{" in rest or "{%" in rest or "}}" in rest else ""


def rebuilt(message: Message, translation: str, *, is_html: bool) -> str:
    """The source that says a translation, which has no problem, in the place of a message."""
    made, at = [], 0
    for found in PLACEHOLDER.finditer(translation):
        made.append(_escaped(translation[at : found.start()], message, is_html))
        key = _output(found[0]) if found[0].startswith("{{") else found[0]
        made.append(
            message.parts.get(key, key)
        )  # a plural with forms of its own is written as the translator wrote it
        at = found.end()
    made.append(_escaped(translation[at:], message, is_html))
    return "".join(made)


def _escaped(text: str, message: Message, is_html: bool) -> str:
    return html.escape(text, quote=message.quoted) if is_html else text


def _tags(text: str) -> list[str]:
    return [one for one in PLACEHOLDER.findall(text) if not one.startswith("{{")]


def _outputs(text: str) -> list[str]:
    return [_output(one) for one in PLACEHOLDER.findall(text) if one.startswith("{{")]


def _is_nested(tags: Iterable[str]) -> bool:
    open_: list[str] = []
    for tag in tags:
        if tag.startswith("</"):
            if not open_ or open_.pop() != tag[2:-1]:
                return False
        elif not tag.endswith("/>"):
            open_.append(tag[1:-1])
    return not open_


def _is_inline(token: Token) -> bool:
    if isinstance(token, LiquidToken):
        return token.piece.kind is Kind.OUTPUT
    if isinstance(token, (StartTag, EndTag)):
        return token.name.lower() in _INLINE and not token.pieces
    return isinstance(token, Text)


def _attributes(tag: StartTag) -> Iterator[Message]:
    for one in tag.attributes:
        if one.name not in _SAID or not one.value or not one.quote:
            continue
        made = of_line(one.value)
        words = "" if made is None else html.unescape(made.text)
        if made is not None and "<" not in words:
            yield Message(words, one.value_span, made.parts, quoted=True)
        elif has_letters(bare(one.value)):
            yield Message("", one.value_span, quoted=True)


def _of_run(run: Sequence[Token], text: str) -> Iterator[Message]:
    partners = _partners(run)
    part: list[int] = []
    for at, token in enumerate(run):
        is_alone = isinstance(token, (StartTag, EndTag)) and not _is_void(token) and at not in partners
        if is_alone:
            yield from _message([run[n] for n in part], text)
            part = []
        else:
            part.append(at)
    yield from _message([run[n] for n in part], text)


def _is_void(token: Token) -> bool:
    return isinstance(token, StartTag) and (token.name.lower() in VOID or token.self_closing)


def _partners(run: Sequence[Token]) -> dict[int, int]:
    """Start and end tags that belong together, by their places."""
    open_: list[int] = []
    found: dict[int, int] = {}
    for at, token in enumerate(run):
        if isinstance(token, StartTag) and not _is_void(token):
            open_.append(at)
        elif isinstance(token, EndTag):
            start = open_[-1] if open_ else None
            opening = None if start is None else run[start]
            if start is not None and isinstance(opening, StartTag) and opening.name == token.name:
                open_.pop()
                found |= {start: at, at: start}
    return found


def _message(run: list[Token], text: str) -> Iterator[Message]:
    run = _stripped(run, text)
    if not run:
        return
    start, stop = run[0].span.start, run[-1].span.stop
    first, last = text[start : run[0].span.stop], text[run[-1].span.start : stop]
    if isinstance(run[0], Text):
        start += len(first) - len(first.lstrip(" \t\r\n\f"))
    if isinstance(run[-1], Text):
        stop -= len(last) - len(last.rstrip(" \t\r\n\f"))
    shown, parts = _shown(run, text)
    if shown is None or _has_words(shown):
        yield Message(shown or "", Span(start, stop), parts)


def _stripped(run: list[Token], text: str) -> list[Token]:
    """Without blanks at its ends, and without tags that are around all of it."""
    while run:
        if _is_blank(run[0], text):
            run = run[1:]
        elif _is_blank(run[-1], text):
            run = run[:-1]
        elif len(run) > 1 and _partners(run).get(0) == len(run) - 1:
            run = run[1:-1]
        else:
            return run
    return run


def _is_blank(token: Token, text: str) -> bool:
    return (isinstance(token, Text) and not text[token.span.start : token.span.stop].strip()) or _is_void(
        token
    )


def _shown(run: Sequence[Token], text: str) -> tuple[str | None, dict[str, str]]:
    """What a translator reads, and the placeholders in it; None where signs of HTML would be read as one."""
    partners, numbers, parts, made = _partners(run), dict[int, int](), dict[str, str](), []
    for at, token in enumerate(run):
        source = text[token.span.start : token.span.stop]
        if isinstance(token, Text):
            words = html.unescape(source)
            if "<" in words or "{{" in words:
                return None, {}
            made.append(words)
            continue
        if isinstance(token, LiquidToken):
            said = _words(source)
            if said is not None:
                made.append(said)
                continue
            mark = _output(source)
        elif _is_void(token):
            numbers[at] = len(numbers) + 1
            mark = f"<{numbers[at]}/>"
        elif isinstance(token, StartTag):
            numbers[at] = len(numbers) + 1
            mark = f"<{numbers[at]}>"
        else:
            mark = f"</{numbers[partners[at]]}>"
        parts[mark] = source
        made.append(mark)
    return _BLANKS.sub(" ", "".join(made)).strip(" "), parts


def _words(source: str) -> str | None:
    """The words of an output that says a text as it is, `{{ "Buy now" }}`, as snippets are written out; else None."""
    found = _SAID_AS_IT_IS.fullmatch(source)
    return None if found is None else found[1] or found[2] or ""


def _output(source: str) -> str:
    """An output as all write it: blanks at its ends, none doubled."""
    return "{{ " + _BLANKS.sub(" ", source.strip("{}-").strip()) + " }}"


def _without_forms(output: str) -> str:
    """An output without the forms of its plurals, which each language has its own of."""
    return FORMS.sub(r"\1", _output(output))


def _has_words(shown: str) -> bool:
    return _LETTER.search(PLACEHOLDER.sub("", shown)) is not None or FORMS.search(shown) is not None
