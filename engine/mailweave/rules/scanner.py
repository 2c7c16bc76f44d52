"""The first look at a rule text: its size, its brackets, its comments, and where its statements begin.

Linear in the text, whatever stands in it. What it refuses never reaches the parser.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, cast

from mailweave.diagnostics import Diagnostic, diagnose
from mailweave.rules.nodes import Comment
from mailweave.source import Source, Span

LONGEST_TEXT = 250_000  # characters of a rule text: some four thousand lines
LONGEST_LINE = 10_000
DEEPEST = 40  # brackets in brackets

STATEMENTS = (
    "ruleset", "import", "timezone", "budget", "profile", "event", "consent", "score", "lookup", "catalog", "list",
    "let", "segment", "tier", "skip", "slot", "block", "matrix", "override", "experiment",
    "trigger", "quiet hours", "at most", "test",
)  # fmt: skip

FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]|\r(?!\n)"
)
_FORBIDDEN_SHOWN = 20
_MOST_FINDINGS = 100
_HEADS = "|".join(STATEMENTS).replace(" ", r"[ \t]+")
_HEAD = re.compile(rf"(?:{_HEADS})(?![A-Za-z0-9_])(?![ \t]*\.)")
_TOKEN = re.compile(
    r"""(?P<text>"(?:\\[^\n]|[^"\\\n])*+")
      | (?P<open>"[^\n]*)
      | (?P<comment>\#[^\n]*)
      | (?P<bracket>[(){}])
      | (?P<line>\n[ \t]*)""",
    re.VERBOSE,
)
_ESCAPE = re.compile(r"\\(.)")


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of the text that holds one statement, to the start of the next.

    `unclosed` are the places of brackets that it leaves open.
    """

    span: Span
    unclosed: tuple[int, ...] = ()


@dataclass(slots=True)
class Scan:
    """What the first look found; `code` is the text with what is forbidden blanked out.

    `refused` holds the places, in text order, that keep their statements from the parser.
    """

    source: Source
    code: str
    chunks: list[Chunk] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)

    def refuse(self, code: str, span: Span, **facts: int | str) -> None:
        """Adds a finding, up to a limit, and keeps the statement at its place from the parser."""
        self.refused.append(span.start)
        if len(self.diagnostics) < _MOST_FINDINGS:
            self.diagnostics.append(diagnose(code, self.source, span, **cast(Any, facts)))

    def refuses(self, span: Span) -> bool:
        """Whether something in `span` was refused."""
        at = bisect_left(self.refused, span.start)
        return at < len(self.refused) and self.refused[at] < span.stop


def scan(source: Source) -> Scan:
    """The statements and comments of a text, and what no rule text may hold."""
    text = source.text
    if len(text) > LONGEST_TEXT:
        finding = diagnose("MW101", source, Span(0, 1), length=len(text), limit=LONGEST_TEXT)
        return Scan(source, "", diagnostics=[finding])
    code, findings = _without_forbidden(source)
    found = _split(source, code, at_margin=False)
    if found.chunks[-1].unclosed:
        # some bracket is never closed: take every statement word at the margin for a new start
        found = _split(source, code, at_margin=True)
    _refuse_long_lines(found)
    found.diagnostics[:0] = findings
    return found


def _without_forbidden(source: Source) -> tuple[str, list[Diagnostic]]:
    text = " " + source.text[1:] if source.text.startswith("\ufeff") else source.text
    places = list(islice(FORBIDDEN.finditer(text), _FORBIDDEN_SHOWN))
    findings = [
        diagnose("MW102", source, Span(*place.span()), character=f"U+{ord(place[0]):04X}") for place in places
    ]
    return (FORBIDDEN.sub(" ", text) if places else text), findings


def _refuse_long_lines(found: Scan) -> None:
    start = 0
    for line in found.code.split("\n"):
        if len(line) > LONGEST_LINE:
            found.refuse("MW104", Span(start, start + 1), length=len(line), limit=LONGEST_LINE)
        start += len(line) + 1
    found.refused.sort()


def _split(source: Source, code: str, *, at_margin: bool) -> Scan:
    found, start, depth = Scan(source, code), 0, list[int]()
    for match in _TOKEN.finditer(code):
        kind, at, stop = match.lastgroup, match.start(), match.end()
        if kind == "bracket":
            _bracket(found, depth, at)
        elif kind == "comment":
            found.comments.append(Comment(Span(at, stop), match[0].rstrip()))
        elif kind == "open":
            found.refuse("MW105", Span(at, stop))
        elif kind == "text":
            _check_escapes(found, match)
        elif (not depth or (at_margin and stop == at + 1)) and _HEAD.match(code, stop):
            found.chunks.append(Chunk(Span(start, stop), tuple(depth)))
            start, depth = stop, []
    found.chunks.append(Chunk(Span(start, len(code)), tuple(depth)))
    return found


def _bracket(found: Scan, depth: list[int], at: int) -> None:
    if found.code[at] in "({":
        depth.append(at)
        if len(depth) == DEEPEST + 1:
            found.refuse("MW103", Span(at, at + 1), limit=DEEPEST)
    elif depth:
        depth.pop()


def _check_escapes(found: Scan, match: re.Match[str]) -> None:
    if "\\" not in match[0]:
        return
    for escape in _ESCAPE.finditer(match[0]):
        if escape[1] not in '"\\n':
            at = match.start() + escape.start()
            found.refuse("MW106", Span(at, at + 2), escape=escape[0])
