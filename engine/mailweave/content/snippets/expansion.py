"""Every `{% render %}` of a campaign's templates, written out once, when it is compiled.

What comes of it is what an author would have written by hand: so CSS is inlined, outputs are escaped, and data is
checked where the words stand at last, and no recipient pays for a snippet. Places stay those of the snippet's file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, Final, Literal, TypeAlias, cast

from liquid.exceptions import LiquidError

from mailweave.content.snippets.arguments import Arguments, wrong
from mailweave.content.snippets.catalog import HTML, PLAIN, TEXT, Snippet, Snippets
from mailweave.content.snippets.reading import Call, Reading, read
from mailweave.content.snippets.writing import (
    NOTHING,
    Pieces,
    Writing,
    Written,
    item_of,
    looped,
    of_caller,
    text,
    trimmed,
)
from mailweave.diagnostics import Diagnostic, TemplateError, diagnose, did_you_mean
from mailweave.liquid import Template
from mailweave.liquid.contexts.source_tree import authored
from mailweave.markup.pieces import slots
from mailweave.markup.structure import unbalanced
from mailweave.markup.tokens import tokenize
from mailweave.source import Source, Span, composed

Place: TypeAlias = Literal["html", "text", "line"]
"""Where a template's words go: HTML, the text part, or a line such as the subject or an input."""

DATA: Final = frozenset(
    {
        "arms",
        "block",
        "campaign",
        "context",
        "events",
        "let",
        "lists",
        "mail",
        "now",
        "offer",
        "profile",
        "scores",
        "slots",
        "today",
    }
)
"""The names of data, which a snippet sees as every template does."""

_FORMS: Final = {"html": (HTML, PLAIN), "text": (TEXT, PLAIN, HTML), "line": (PLAIN,)}
_DEEPEST: Final = 12  # snippets in each other
_MOST_CALLS: Final = 1_000  # in one template
_LARGEST: Final = 1_000_000  # characters of one template with its snippets
_IN_TAG: Final = re.compile(r"<[A-Za-z/][^<>]*\Z")
_BLOCKS: Final = re.compile(r"<(p|div|table|ul|ol|h[1-6]|center|blockquote|hr|pre|section)\b", re.I)
_PARTS: Final = {
    "tr": ("<tr><td>", "</td></tr>"),
    "td": ("<td>", "</td>"),
    "th": ("<th>", "</th>"),
    "li": ("<li>", "</li>"),
}
_FIRST: Final = re.compile(r"\s*(?:\{[{%].*?[%}]\}\s*)*<([A-Za-z][\w-]*)", re.S)
_MARKED: Final = re.compile(r"<!--mw-text:(\d+)-->(.*?)<!--mw-text-end:\1-->", re.S)
_STAND_IN: Final = "mwtext{}mwtext"

Derive: TypeAlias = Callable[[str], str]
"""The plain text of a piece of HTML, as a template."""


class Expander:
    """Writes snippets into templates; `diagnostics` and `finished` say what is wrong with their calls.

    `read`: the files that were used.
    """

    def __init__(self, snippets: Snippets, derive: Derive) -> None:
        self._snippets, self._derive = snippets, derive
        self._done: dict[tuple[Source, Place], Source] = {}
        self._readings: dict[Source, Reading | None] = {}
        self._arguments = Arguments(DATA)
        self._texts: list[Source] = []
        self._used: set[str] = set()
        self.read: dict[Source, None] = {}
        self._found: list[Diagnostic] = []

    def expand(self, source: Source, place: Place) -> Source:
        """The template with its snippets in it; itself where it has none."""
        if "render" not in source.text:
            return source
        key = (source, place)
        if key not in self._done:
            self._done[key] = _Expansion(self, place).of(source)
        return self._done[key]

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """What is wrong with calls and with the snippets that they name."""
        return (*self._found, *self._snippets.diagnostics)

    def finished(self) -> Iterator[Diagnostic]:
        """What can be told when all templates are known: arguments that miss what they are for, unused snippets."""
        yield from self._arguments.findings()
        for name in self._snippets.own:
            snippet = self._snippets.snippet(name)
            if name not in self._used and snippet is not None:
                for source in list(snippet.forms.values())[:1]:
                    yield diagnose("MW439", source, Span(0, min(1, len(source.text))), name=name)

    def without_marks(self, html: str) -> str:
        """HTML without the marks around snippets that have a text of their own."""
        return _MARKED.sub(r"\2", html) if "<!--mw-text:" in html else html

    def as_text(self, html: str, derive: Derive, said: Derive) -> str:
        """The derived text of HTML; a snippet that has a text of its own says that instead, as `said` has it."""
        if "<!--mw-text:" not in html:
            return derive(html)
        made = derive(_MARKED.sub(lambda found: _stand_in(found[1], found[2]), html))
        for number, source in enumerate(self._texts):
            stand_in = _STAND_IN.format(number)
            made = made.replace(stand_in, said(source.text)) if stand_in in made else made
        return made

    # -- for one expansion

    def snippet(self, call: Call, source: Source, way: tuple[str, ...]) -> Snippet | None:
        """The snippet that a call means, unless something is wrong with the call itself."""
        name = call.name
        if call.piece is None:
            self.say("MW436", source, call.name_span)
        elif name in way:
            self.say("MW431", source, call.name_span, way=" -> ".join((*way[way.index(name) :], name)))
        elif len(way) >= _DEEPEST:
            self.say("MW437", source, call.name_span, what=f"more than {_DEEPEST} snippets within each other")
        else:
            found = self._snippets.snippet(name)
            if found is not None:
                self._used.add(name)
                return found
            hint = did_you_mean(name, self._snippets.names)
            self.say("MW430", source, call.name_span, help=hint, name=name)
        return None

    def form(self, snippet: Snippet, place: Place, source: Source, call: Call) -> str | None:
        """The form that a place takes of a snippet."""
        found = next((form for form in _FORMS[place] if form in snippet.forms), None)
        if found is None and snippet.forms:
            wanted = " or ".join(f"{snippet.name}{form}" for form in _FORMS[place][:2])
            self.say("MW432", source, call.name_span, name=snippet.name, wanted=wanted)
        return found

    def reading(self, source: Source) -> Reading | None:
        """What stands in a text, or None where it is no Liquid; of a snippet it is said why."""
        if source not in self._readings:
            try:
                tree = authored(source, slots=tuple(dict(slots(source.text))))
                self._readings[source] = read(source, tree.nodes)
            except LiquidError:
                self._readings[source] = None
        return self._readings[source]

    def body(self, source: Source) -> Reading | None:
        """What stands in a snippet, which must be whole by itself."""
        self.read[source] = None
        found = self.reading(trimmed(source))
        if found is None:
            self._found += _mistakes(source)
            return None
        for span in found.leaves:
            self.say("MW438", found.source, span)
        if source.name.endswith(HTML):
            for torn in unbalanced(tokenize(source.text)):
                self.say("MW440", source, torn.span, tag=torn.tag)
        return found

    def pass_(self, call: Call, source: Source, snippet: Snippet, body: Reading) -> None:
        """Notes a call, so that its arguments can be checked against what all calls pass."""
        self._found += wrong(source, call)
        forms = [self.reading(trimmed(one)) for one in snippet.forms.values()]
        self._arguments.call(source, call, body, forms)

    def text_form(self, source: Source) -> int:
        """The number under which a text that a snippet has of its own waits for the text part."""
        self._texts.append(source)
        return len(self._texts) - 1

    def derived(self, html: str) -> str:
        return self._derive(html)

    def say(self, code: str, source: Source, span: Span, *, help: str = "", **facts: str) -> None:
        """Adds a finding."""
        self._found.append(diagnose(code, source, span, help=help, **cast(Any, facts)))


class _Expansion:
    """One template. Calls are numbered, so that the names of one do not meet those of another."""

    def __init__(self, expander: Expander, place: Place) -> None:
        self._all, self._place = expander, place
        self._number = self._size = 0

    def of(self, source: Source) -> Source:
        reading = self._all.reading(source)
        if reading is None or not reading.calls:
            return source  # whoever compiles it says what is wrong
        made = self._pieces(Writing(reading, {}, 0, DATA), (), looped_=False)
        return composed(source.name, made)

    def _pieces(self, writing: Writing, way: tuple[str, ...], *, looped_: bool) -> Pieces:
        def inner(call: Call, written: Written) -> Pieces:
            return self._call(call, written, writing.reading.source, way, looped_ or call.depth > 0)

        return writing.pieces(inner, resets=looped_)

    def _call(
        self, call: Call, written: Written, source: Source, way: tuple[str, ...], in_loop: bool
    ) -> Pieces:
        snippet = self._all.snippet(call, source, way)
        form = None if snippet is None else self._all.form(snippet, self._place, source, call)
        if snippet is None or form is None:
            return []
        made = self._form(call, written, source, way, in_loop, snippet, form)
        has_text = self._place == "html" and form == HTML and TEXT in snippet.forms
        if has_text and _IN_TAG.search(_before(source, call)) is None:
            beside = _Expansion(self._all, "text")
            own = beside._form(call, written, source, way, in_loop, snippet, TEXT)
            number, at = self._all.text_form(composed("text", own)), source.part(call.name_span)
            return [(f"<!--mw-text:{number}-->", at), *made, (f"<!--mw-text-end:{number}-->", at)]
        return made

    def _form(
        self,
        call: Call,
        written: Written,
        source: Source,
        way: tuple[str, ...],
        in_loop: bool,
        snippet: Snippet,
        form: str,
    ) -> Pieces:
        body = self._all.body(snippet.forms[form])
        if body is None or not self._fits(body, source, call):
            return []
        self._all.pass_(call, source, snippet, body)
        self._number += 1
        number = self._number
        is_looped = call.loop and written.bound is not None and not written.bound.is_nothing
        given, before = of_caller(written, number) if is_looped else (dict(written.arguments), [])
        if call.bound is not None:
            given[call.bound.name] = item_of(number) if is_looped else written.bound or NOTHING
        known = DATA | ({"forloop"} if is_looped else set())
        writing = Writing(body, given, number, known)
        if self._place == "text" and form == HTML:
            beside = _Expansion(self._all, "html")
            beside._number = number
            html = text(beside._pieces(writing, (*way, snippet.name), looped_=in_loop or is_looped))
            self._number = beside._number
            made = [(self._all.derived(self._all.without_marks(html)).strip("\n"), body.source)]
        else:
            made = self._pieces(writing, (*way, snippet.name), looped_=in_loop or is_looped)
        place = source.part(call.name_span)
        return looped(written, number, made, before, place) if is_looped else made

    def _fits(self, body: Reading, source: Source, call: Call) -> bool:
        """Whether the template is still within bounds with this snippet in it."""
        self._size += len(body.source.text)
        if self._number < _MOST_CALLS and self._size <= _LARGEST:
            return True
        if self._size < 2 * _LARGEST + len(body.source.text) and self._number <= _MOST_CALLS:
            what = f"{_MOST_CALLS} snippets, or {_LARGEST} characters of them, in one template"
            self._all.say("MW437", source, call.name_span, what=f"more than {what}")
            self._number, self._size = _MOST_CALLS + 1, 3 * _LARGEST
        return False


def _before(source: Source, call: Call) -> str:
    return "" if call.piece is None else source.text[: call.piece.span.start]


def _stand_in(number: str, html: str) -> str:
    """A word that keeps the place of a snippet in derived text, in an element of its kind."""
    word, first = _STAND_IN.format(number), _FIRST.match(html)
    if first is not None and first[1].lower() in _PARTS:
        before, after = _PARTS[first[1].lower()]
        return f"{before}{word}{after}"
    return f"<p>{word}</p>" if _BLOCKS.search(html) else word


def _mistakes(source: Source) -> tuple[Diagnostic, ...]:
    try:
        Template.from_string(source, escape="none", slots=tuple(dict(slots(source.text))))
    except TemplateError as error:
        return tuple(error.diagnostics)
    return ()
