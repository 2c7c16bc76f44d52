"""python-liquid's errors and ours as findings, with places and without personal data."""

from __future__ import annotations

import re
from collections.abc import Iterable

from liquid.exceptions import (
    FilterArgumentError,
    FilterError,
    LiquidError,
    LiquidSyntaxError,
    TemplateNotFoundError,
    UnknownFilterError,
)
from liquid.token import Token

from liquid import Environment
from mailweave.diagnostics import Diagnostic, diagnose, did_you_mean
from mailweave.liquid.budget import Overrun
from mailweave.liquid.failures import (
    FilterFailed,
    FilterRaised,
    Foreign,
    MissingVariable,
    NotPlain,
    NotStrict,
    SlotMisplaced,
)
from mailweave.liquid.habits import (
    FILTERS_ADVICE,
    FILTERS_MEANT,
    TAGS_MEANT,
    UNFINISHED,
    advice,
    markup_at,
    unclosed,
)
from mailweave.liquid.parse import TooLarge, too_deep
from mailweave.source import Source, Span

_WANTED_TAG = re.compile(r"expected tag end|never closed|expected tag \w+, found end")
_UNKNOWN_TAG = re.compile(r"unexpected tag '(\w*)'")
GENERATED = "<liquid "  # how the file names of generated code begin
_BLOCKS = ("if", "for", "case", "unless", "capture", "comment", "raw", "tablerow", "ifchanged", "doc")
TAGS = (
    *(name for name in Environment().tags if name.isalpha()),
    *("else", "elsif", "when", "raw", "slot"),
    *(f"end{name}" for name in _BLOCKS),
)


class Findings:
    """Makes findings about one template and its partials."""

    def __init__(self, source: Source, partials: Iterable[Source], filters: Iterable[str]) -> None:
        self._source, self._filters = source, tuple(filters)
        self._by_text = {one.text: one for one in (*partials, source)}

    def place(self, token: Token | None) -> tuple[Source | None, Span | None]:
        """The source and span of a token."""
        if token is None or token.start_index < 0:
            return self._source, Span(0, 0)
        source = self._by_text.get(token.source, self._source)
        start = min(token.start_index, len(source.text))
        return source, Span(start, min(start + max(len(token.value), 1), len(source.text)))

    def knows(self, token: Token) -> bool:
        """Whether a token is one of these texts."""
        return token.source in self._by_text

    def of(self, problem: Exception) -> Diagnostic:
        """The finding for an error of parsing or rendering."""
        if isinstance(problem, TooLarge):
            return diagnose("MW403", problem.source or self._source, problem.span, what=problem.what)
        if isinstance(problem, RecursionError):
            return self.of(too_deep(self._source))
        if not isinstance(problem, LiquidError):
            return diagnose("MW406", self._source, problem=type(problem).__name__)
        return self._liquid(problem)

    def _liquid(self, problem: LiquidError) -> Diagnostic:
        at = self.place(problem.token)
        word = problem.token.value if problem.token else ""
        if isinstance(problem, UnknownFilterError):
            return diagnose("MW401", *at, name=word, help=self._filter_meant(word))
        if isinstance(problem, MissingVariable):
            return diagnose("MW404", *at, name=problem.name)
        if isinstance(problem, NotPlain):
            return diagnose("MW408", *at, type=problem.type_name)
        if isinstance(problem, SlotMisplaced):
            return diagnose("MW410", *at, problem=problem.message)
        if isinstance(problem, TemplateNotFoundError):
            return diagnose("MW409", *at, name=word)
        if isinstance(problem, FilterRaised):
            return diagnose("MW423", *at, name=word, error=problem.message)
        if isinstance(problem, FilterFailed):
            return diagnose("MW407", *at, name=word, problem=problem.message)
        if isinstance(problem, (FilterArgumentError, FilterError)):
            return diagnose(
                "MW407", *at, name=word, problem="it cannot work with this value or these arguments"
            )
        if isinstance(problem, Foreign) and problem.is_deep:
            return diagnose("MW412", *at)
        if isinstance(problem, NotStrict):
            return diagnose("MW420", *at, problem=str(problem.message))
        if isinstance(problem, LiquidSyntaxError):
            return self._syntax(problem, at)
        return diagnose("MW406", *at, problem=str(problem.message))

    def _syntax(self, problem: LiquidSyntaxError, at: tuple[Source | None, Span | None]) -> Diagnostic:
        message = str(problem.message)
        unknown = _UNKNOWN_TAG.fullmatch(message)
        if unknown and unknown[1]:
            return self._tag(unknown[1], at)
        return foreign(at) or self._unclosed(message) or self._said(message, self._placed(message, at))

    def _filter_meant(self, word: str) -> str:
        """What a filter is called here that another product calls `word`."""
        name = word.lower()
        meant = FILTERS_MEANT.get(name)
        if meant in self._filters:
            return f"write `{meant}`"
        return FILTERS_ADVICE.get(name) or did_you_mean(word, self._filters)

    def _tag(self, name: str, at: tuple[Source | None, Span | None]) -> Diagnostic:
        if name in ("raw", "doc"):
            return diagnose("MW400", *at, problem=f"`{name}` is never closed", help=_ended(name))
        if name in TAGS and name != "slot":  # it has its place, and this is none
            return diagnose("MW400", *at, problem=f"`{name}` belongs to nothing", help=_stray(name))
        help = TAGS_MEANT.get(name.lower()) or did_you_mean(name, TAGS)
        return diagnose("MW402", *at, name=name, help=help)

    def _unclosed(self, message: str) -> Diagnostic | None:
        """The finding for a block that is never closed, at the tag that opens it."""
        wanted = _WANTED_TAG.search(message)
        opened = unclosed(self._source.text) if wanted else None
        if opened is None:
            return None
        problem = f"`{opened['name']}` is never closed"
        return diagnose(
            "MW400", self._source, Span(*opened.span()), problem=problem, help=_ended(opened["name"])
        )

    def _placed(
        self, message: str, at: tuple[Source | None, Span | None]
    ) -> tuple[Source | None, Span | None]:
        """A place for what the parser says of the end of a tag without one."""
        found = UNFINISHED.search(self._source.text) if at[1] == Span(0, 0) else None
        return (self._source, Span(*found.span())) if found and "end of expression" in message else at

    def _said(self, message: str, at: tuple[Source | None, Span | None]) -> Diagnostic:
        source, span = at
        markup = "" if source is None or span is None else markup_at(source.text, span.start)
        help = _hint(message, at) if "end of file" in message else advice(markup) or _hint(message, at)
        return diagnose("MW400", *at, problem=_worded(message), help=help)

    def overrun(self, problem: Overrun) -> Diagnostic:
        """The finding for a budget that ran out, at the line where the generated code was."""
        span = self._line(_template_line(problem))
        return diagnose("MW405", self._source, span, what=problem.what, limit=problem.limit)

    def _line(self, number: int | None) -> Span:
        """The first words of a line of the file that the template is in."""
        start = 0
        for line in self._source.text.splitlines(keepends=True):
            if self._source.locate(start).line == number:
                blanks = len(line) - len(line.lstrip())
                return Span(start + blanks, start + len(line.rstrip()))
            start += len(line)
        return Span(0, 0)


def _template_line(problem: Exception) -> int | None:
    """The line that a generated function was at; generated code has its template's lines."""
    trace, line = problem.__traceback__, None
    while trace is not None:
        if trace.tb_frame.f_code.co_filename.startswith(GENERATED):
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


_FOREIGN = (
    (re.compile(r"\{[{%][^{}]*?\$\{"), "Braze", "`{{ profile.first_name }}` without `${` and `}`"),
    (re.compile(r"\{\{\{"), "Handlebars or Mustache", "`{{ profile.first_name }}` with two braces"),
    (re.compile(r"\{\{[#/^>]"), "Handlebars or Mustache", "`{% if %}`, `{% for %}` and `{% render %}`"),
    (re.compile(r"%%=|%%\["), "AMPscript", "`{{ name }}`"),
    (re.compile(r"\*\|"), "Mailchimp merge tag", "`{{ name }}`"),
)


def foreign(at: tuple[Source | None, Span | None]) -> Diagnostic | None:
    """The finding for another system's syntax around a place."""
    source, span = at
    if source is None or span is None:
        return None
    opened = max(source.text.rfind(sign, 0, span.start + 2) for sign in ("{{", "{%"))
    opened -= source.text[max(opened - 1, 0) : opened + 2] == "{{{"
    around = source.text[max(opened, 0) : span.stop + 20]
    for pattern, system, instead in _FOREIGN:
        if pattern.match(around):
            return diagnose("MW411", source, span, system=system, instead=instead)
    return None


def _ended(name: str) -> str:
    return f"write `{{% end{name} %}}` where it ends"


def _stray(name: str) -> str:
    """What to do about a tag that stands outside of what it belongs to."""
    if name.startswith("end"):
        return f"take it out, or open `{{% {name[3:]} .. %}}` before it"
    return "it stands between `{% if .. %}` and `{% endif %}`, or in a `case`"


_WORDS = {"dpipe": "`||`", "word": "a word", "string": "a text", "integer": "a number", "float": "a number",
          "lparen": "`(`", "rparen": "`)`", "assign": "`=`", "end of expression": "the end of the tag",
          "a primitive expression": "a value", "end of file": "the end of the text"}  # fmt: skip


def _worded(message: str) -> str:
    """The parser's sentence without the names of its tokens."""
    for token, word in _WORDS.items():
        message = re.sub(rf"(?<=expected ){token}\b|(?<=found ){token}\Z", word, message)
    return message


def _hint(message: str, at: tuple[Source | None, Span | None]) -> str:
    source, span = at
    if "ternary" in message:
        return "write it with `{% if %}` and `{% else %}`"
    if "'not'" in message or "not operator" in message:
        return "write `{% unless %}`, or compare with `== false`"
    if "')'" in message or "rparen" in message:
        return "there is a `)` too many"
    if "'}}'" in message:
        return "close it with `}}`"
    if "closing delimiter" in message:
        return "close it with `%}`"
    if "end of file" in message or "found end of" in message:
        return "something is not closed: check `{% end... %}`"
    if source is not None and span is not None and ".." in source.text[span.start : span.stop + 2]:
        return "two dots make a range, as in `(1..5)`; a path has one"
    return ""
