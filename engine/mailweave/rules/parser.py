"""From text to tree: every statement on its own, so that one mistake does not hide the next."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import cast

from lark import TextSlice, Token, Tree
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from mailweave.diagnostics import Diagnostic, diagnose
from mailweave.rules import nodes, tables
from mailweave.rules.builder import build
from mailweave.rules.reserved import keywords, reserved_names
from mailweave.rules.scanner import Chunk, Scan, scan
from mailweave.rules.syntax_hints import explain
from mailweave.rules.syntax_stuck import SyntaxHint
from mailweave.source import Source, Span

MOST_FINDINGS = 100
_DEEPEST = 120  # levels of a tree; brackets are capped before, `not not not ...` is not
_REPEATED = 1_000_000  # characters that may be parsed again to find further mistakes

_DECLARED = re.compile(
    r"\s*(?:let|segment|tier|skip|slot|block|event|score|lookup|catalog|list|experiment|trigger)\s+([A-Za-z_]\w*)"
)
_NAMED_LINE = re.compile(r"^\s*([A-Za-z_]\w*)\s*[:=]", re.MULTILINE)
_CONSENTS = re.compile(r"\s*consent\b([^\n]*)")
_NEXT_STATEMENT = re.compile(r"\n(?=[A-Za-z_])")
_BLANK = re.compile(r"(?:\s+|#[^\n]*+)*+")
_WORD = re.compile(r"[A-Za-z_0-9]+|[=!<>&|]+|\S")


@dataclass(frozen=True, slots=True)
class Parsed:
    """A tree of everything that could be read, and every mistake."""

    document: nodes.Document
    diagnostics: tuple[Diagnostic, ...]


def parse(source: Source) -> Parsed:
    """The tree of a rule text. Never raises: mistakes are diagnostics.

    >>> parsed = parse(Source("a.rules", "segment a = orders >= 1"))
    >>> parsed.document.statements[0].name.id, parsed.diagnostics
    ('a', ())
    """
    found = scan(source)
    reading = _Reading(found)
    for chunk in found.chunks:
        reading.read(chunk)
    document = nodes.Document(
        tuple(reading.statements),
        source,
        tuple(found.comments),
        frozenset(reading.broken),
        sound=not reading.findings,
        torn=tuple(reading.torn),
    )
    return Parsed(document, tuple(reading.findings))


class _Reading:
    """The statements of one text, one after the other."""

    def __init__(self, found: Scan) -> None:
        self.found = found
        self.source = found.source
        self.statements: list[nodes.Statement] = []
        self.findings: list[Diagnostic] = list(found.diagnostics)
        self.broken: set[str] = set()
        self.torn: list[Span] = []
        self.repeated = 0

    def read(self, chunk: Chunk) -> None:
        """Adds the statement of a chunk, or what is wrong with it."""
        span = self._trimmed(chunk.span)
        if span.start == span.stop:
            return
        if self.found.refuses(chunk.span) or len(self.findings) >= MOST_FINDINGS:
            self._lost(self.found.code[span.start : span.stop])
            return
        tree = self._tree(span, chunk)
        if tree is not None:
            self._add(tree, span)

    def _trimmed(self, span: Span) -> Span:
        """Without the blank lines and the comments in front of the statement and behind it."""
        code = self.found.code
        start = cast(re.Match[str], _BLANK.match(code, span.start, span.stop)).end()
        return Span(start, max(start, start + len(code[start : span.stop].rstrip())))

    def _add(self, tree: Tree[Token], span: Span) -> None:
        if _depth(tree) > _DEEPEST:
            self.findings.append(
                diagnose("MW103", self.source, Span(span.start, span.start + 1), limit=_DEEPEST)
            )
            self._lost(self.found.code[span.start : span.stop])
            return
        statement = cast(nodes.Statement, build(tree))
        self.findings.extend(reserved_names(statement, self.source))
        self.statements.append(statement)

    def _tree(self, span: Span, chunk: Chunk) -> Tree[Token] | None:
        """The tree of a statement; lines that do not parse are reported, blanked out and left behind."""
        code, whole = self.found.code, True
        while True:
            try:
                return tables.parser().parse(TextSlice(code, span.start, span.stop), start="alone")
            except UnexpectedInput as error:
                stuck = self._stuck(error, code, span)
            if not code[span.start : span.stop].strip():  # all of it was reported
                return None
            finding = self._finding(stuck, chunk)
            hollow = not whole and stuck.found == "}" and stuck.before.rstrip().endswith("{")
            if not hollow:  # else it closes what was left without a line, and that was said
                self.findings.append(finding)
            unclear = stuck.ended or finding.code in (
                "MW111",
                "MW141",
            )  # what follows a missing part is guesswork
            line = None if unclear else _line_to_blank(code, span, _blamed(stuck))
            if line is None and not stuck.ended and not stuck.before.strip():
                line = _foreign_statement(code, span, stuck.at)
            self.repeated += span.stop - span.start
            if line is not None and not code[line.start : line.stop].strip():
                line = None  # nothing would be gained: what is wrong stands before it
            if line is None or self.repeated > _REPEATED or len(self.findings) >= MOST_FINDINGS:
                self._lost(code[span.start : span.stop])
                return None
            self._lost(code[line.start : line.stop])
            blank = re.sub(r"[^\n]", " ", code[line.start : line.stop])
            code = code[: line.start] + blank + code[line.stop :]
            whole = False
            self.torn.append(span)

    def _finding(self, stuck: SyntaxHint, chunk: Chunk) -> Diagnostic:
        if stuck.ended and chunk.unclosed:
            at = chunk.unclosed[-1]
            bracket = self.found.code[at]
            return diagnose("MW107", self.source, Span(at, at + 1), bracket=bracket)
        if stuck.found in (")", "}") and not stuck.accepts & {"NAME", "COMMA"} and _closes_nothing(stuck):
            return diagnose("MW108", self.source, stuck.span(), bracket=stuck.found)
        return explain(stuck)

    def _stuck(self, error: UnexpectedInput, code: str, span: Span) -> SyntaxHint:
        at, ended = cast(int, error.pos_in_stream), False
        if isinstance(error, UnexpectedToken):
            accepts = frozenset(error.accepts or error.expected)
            ended = error.token.type == "$END"
            stop = cast(int, error.token.end_pos)
        else:
            accepts = frozenset(cast(UnexpectedCharacters, error).allowed or ())
            stop = at + 1
        if not ended:
            word = _WORD.match(code, at)
            stop = word.end() if word and code[at] != '"' else stop
        return SyntaxHint(self.source, code, span.start, at, stop, accepts, keywords(), ended)

    def _lost(self, text: str) -> None:
        """Remembers the names that a broken text would have declared."""
        declared = _DECLARED.match(text)
        if declared:
            self.broken.add(declared[1])
        self.broken.update(_NAMED_LINE.findall(text))
        consents = _CONSENTS.match(text)
        if consents:
            self.broken.update(re.findall(r"[A-Za-z_]\w*", consents[1]))


def _foreign_statement(code: str, span: Span, at: int) -> Span | None:
    """A line that begins no statement, with what is indented below it; None when nothing else stands there."""
    start = code.rfind("\n", 0, at) + 1
    following = _NEXT_STATEMENT.search(code, at, span.stop)
    return None if following is None else Span(max(start, span.start), following.start())


def _depth(tree: Tree[Token]) -> int:
    """The levels of a tree, counted without recursion."""
    deepest, waiting = 0, [(tree, 1)]
    while waiting:
        current, depth = waiting.pop()
        deepest = max(deepest, depth)
        waiting.extend((child, depth + 1) for child in current.children if isinstance(child, Tree))
    return deepest


def _blamed(stuck: SyntaxHint) -> int:
    """A place in the line that is at fault: the one before, where that could not end."""
    line = stuck.before.rpartition("\n")[2]
    if line.strip() or not stuck.before.strip() or stuck.accepts & {"_NL", "$END", "VBAR", "RBRACE", "NAME"}:
        return stuck.at
    return stuck.start + len(stuck.code[stuck.start : stuck.at].rstrip()) - 1


def _line_to_blank(code: str, span: Span, at: int) -> Span | None:
    """The line of `at`, with the lines down to where its brackets close; None when more would be lost.

    The first line of a statement tells what it is: without it the rest is nothing.
    """
    start = code.rfind("\n", 0, at) + 1
    if start <= span.start:
        return None
    depth = 0
    for match in re.finditer(r'"(?:\\[^\n]|[^"\\\n])*+"|#[^\n]*|[(){}]|\n', code[start : span.stop]):
        if match[0] in ("(", "{"):
            depth += 1
        elif match[0] in (")", "}"):
            depth -= 1
        if depth < 0:
            return None
        if match[0] == "\n" and depth == 0:
            return Span(start, start + match.start())
    return Span(start, span.stop) if depth == 0 else None


def _closes_nothing(stuck: SyntaxHint) -> bool:
    text = re.sub(r'"(?:\\[^\n]|[^"\\\n])*+"|#[^\n]*', "", stuck.code[stuck.start : stuck.at])
    opens = {")": "(", "}": "{"}[stuck.found]
    return text.count(opens) <= text.count(stuck.found)
