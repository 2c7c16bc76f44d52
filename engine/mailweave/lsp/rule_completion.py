"""What may stand at a caret in a rule text: the words that the grammar allows there, and the names that fit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from lark.exceptions import UnexpectedInput

from mailweave.glossary import meanings
from mailweave.lsp.candidates import Candidate, Completion, of_places, of_words, word_before
from mailweave.lsp.index import Index
from mailweave.lsp.liquid_completion import complete_liquid
from mailweave.lsp.mentions import Kind, Symbol
from mailweave.lsp.rule_mentions import scanned
from mailweave.rules import tables
from mailweave.rules.reserved import EMPTY, keywords
from mailweave.rules.scanner import STATEMENTS
from mailweave.source import Span

_TOKEN = re.compile(r'"(?:\\.|[^"\\\n])*"?|#[^\n]*|[A-Za-z_]\w*|->|[=!<>]=|[^\s\w]|\d[\w.:-]*|\n')
_ENUM = re.compile(r"enum\s*\(([^)]*)\)")
_UNITS = ("seconds", "minutes", "hours", "days", "weeks", "months", "years")
_FUNCTIONS = frozenset({"count", "sum", "min", "max", "avg", "first", "last", "distinct"})
_TYPED = frozenset({"profile", "event", "catalog", "score", "lookup"})
_PEOPLE = ("segment",)
_EXPRESSION = ("attribute", "let", "segment", "tier", "event", "lookup")
_BEHIND: dict[str, tuple[Kind, tuple[str, ...]]] = {
    "for": ("slot", ()),
    "fallback": ("block", ()),
    "within": ("value", _PEOPLE),
    "over": ("value", _PEOPLE),
    "override": ("value", _PEOPLE),
    "shows": ("list", ()),
    "on": ("block", ()),
    "let": ("value", ("let",)),
    "->": ("block", ()),
    "unit": ("value", ("attribute",)),
    "timezone": ("value", ("attribute",)),
    "catalog": ("catalog", ()),
    "no": ("value", ("event",)),
    "never": ("value", ("event",)),
    "arm": ("experiment", ()),
    "skip": ("skip", ()),
}
"""What a name directly behind a word is of."""


@dataclass(frozen=True, slots=True)
class _Caret:
    """Where a caret stands: the statement up to its word, as text and in tokens."""

    text: str
    tokens: tuple[str, ...]
    line: str

    def back(self, count: int = 1) -> str:
        return self.tokens[-count] if len(self.tokens) >= count else ""

    @property
    def statement(self) -> str:
        return self.tokens[0] if self.tokens else ""


def complete_rules(index: Index, text: str, offset: int) -> Completion:
    """What may stand at an offset of a rule text."""
    quoted = _quoted(text, offset)
    if quoted is not None:
        return (
            complete_liquid(index, text, offset, "", quoted)
            if quoted.stop > quoted.start
            else Completion((), quoted)
        )
    replaces = word_before(text, offset)
    caret = _caret(text, replaces.start)
    found = {one.label: one for one in _candidates(index, caret)}
    return Completion(tuple(found.values()), replaces)


def _quoted(text: str, offset: int) -> Span | None:
    """The inside of the text in quotes around the caret: that of a `says`, else nothing; None outside of all quotes."""
    start = text.rfind("\n", 0, offset) + 1
    stop = text.find("\n", offset)
    for found in _TOKEN.finditer(text, start, len(text) if stop < 0 else stop):
        if found.start() < offset <= found.end() and found[0][0] in '"#':
            closed = found[0][0] == '"' and len(found[0]) > 1 and found[0].endswith('"')
            if closed and offset == found.end():
                return None
            says = found[0][0] == '"' and text[: found.start()].rstrip().endswith("says")
            return Span(found.start() + 1, found.end() - closed) if says else Span(offset, offset)
    return None


def _caret(text: str, start: int) -> _Caret:
    chunks = [chunk.span.start for chunk in scanned(text).chunks if chunk.span.start <= start]
    inside = text[chunks[-1] if chunks else 0 : start]
    tokens = tuple(token for token in _TOKEN.findall(inside) if token[0] not in "#\n")
    return _Caret(inside, tokens, inside.rpartition("\n")[2])


def _candidates(index: Index, caret: _Caret) -> Iterator[Candidate]:
    allowed = _allowed(caret.text)
    at_margin = not caret.line
    if allowed is None or "NAME" in allowed or not caret.tokens:
        yield from _names(index, caret)
    words = () if allowed is None else (keywords().get(one, "") for one in sorted(allowed))
    yield from of_words("rules", [word for word in words if word.isalpha()])
    if allowed is not None and "UNIT" in allowed:
        yield from (Candidate(unit, "word", "a unit of time") for unit in _UNITS)
    if at_margin:
        yield from of_words("rules", STATEMENTS)


@lru_cache(maxsize=256)
def _allowed(before: str) -> frozenset[str] | None:
    """The terminals that the grammar allows behind a beginning of a statement; None where it is broken already."""
    parsing = tables.parser().parse_interactive(before, start="alone")
    try:
        parsing.exhaust_lexer()
    except UnexpectedInput:
        return None
    return frozenset(parsing.accepts())  # type: ignore[no-untyped-call]  # Lark's own stub leaves it out


def _names(index: Index, caret: _Caret) -> Iterator[Candidate]:
    last = caret.back()
    if caret.statement == "matrix" and "{" in caret.tokens and not _in_brackets(caret.line):
        yield from _in_matrix(index, caret)
    elif last == ".":
        yield from _behind_dot(index, caret.back(2))
    elif (last == ":" and caret.statement in _TYPED) or (last == "of" and caret.statement != "list"):
        yield from of_words("types", meanings("types"), "type")
    elif last == "of":
        yield from of_places(index, index.named("catalog"))
    elif last in _BEHIND:
        kind, called = _BEHIND[last]
        yield from _named(index, kind, called)
    elif caret.statement == "test":
        yield from _in_test(index, caret)
    elif last in ("==", "!="):
        yield from _values_of(index, caret.back(2))
        yield from _named(index, "value", _EXPRESSION)
    elif last in ("(", ",") and (of := _asked(caret.tokens)):
        yield from _values_of(index, of)
    elif last == "(" and caret.back(2) in _FUNCTIONS:
        yield from _named(index, "value", ("event",))
        yield from (one for one in _named(index, "value", ("attribute",)) if "list of" in one.words)
    else:
        yield from _in_where(index, caret)
        yield from _named(index, "value", _EXPRESSION)


def _named(index: Index, kind: Kind, called: tuple[str, ...] = ()) -> Iterator[Candidate]:
    places = (one for one in index.named(kind) if not called or one.mention.word in called)
    yield from of_places(index, places)


def _behind_dot(index: Index, before: str) -> Iterator[Candidate]:
    if before in ("consent", "score"):
        yield from _named(index, "consent" if before == "consent" else "score")
    yield from of_places(index, index.named("field", owner=before))


def _in_brackets(line: str) -> bool:
    """Whether a line is inside the brackets of a cell, where an expression stands."""
    return line.rpartition("|")[2].count("(") > line.rpartition("|")[2].count(")")


def _in_matrix(index: Index, caret: _Caret) -> Iterator[Candidate]:
    """A segment where a row begins, a slot in the head, in a cell a block of its slot."""
    cells = caret.line.count("|")
    if not cells:
        yield from _named(index, "value", _PEOPLE)
    elif not caret.line.split("|")[0].strip():
        yield from _named(index, "slot")
    else:
        heads = [line for line in caret.text.splitlines() if line.lstrip().startswith("|")]
        slots = [head.split()[0] if head.split() else "" for head in heads[0].split("|")[1:]] if heads else []
        slot = slots[cells - 1] if cells <= len(slots) else ""
        yield from _blocks_of(index, slot)


def _blocks_of(index: Index, slot: str) -> Iterator[Candidate]:
    for place in index.named("block"):
        whole = place.mention.whole or place.mention.span
        if not slot or re.search(rf"\bfor\s+{re.escape(slot)}\b", place.file.text[whole.start : whole.stop]):
            yield from of_places(index, [place])


def _values_of(index: Index, name: str) -> Iterator[Candidate]:
    """The members of an enum, or the lines of a tier."""
    yield from of_places(index, index.named("line", owner=name))
    place = index.declared.get(Symbol("value", name))
    if place is not None and place.mention.whole is not None and place.mention.word == "attribute":
        found = _ENUM.search(place.file.text[place.mention.whole.start : place.mention.whole.stop])
        members = re.findall(r"\w+", found[1]) if found else []
        yield from (Candidate(member, "member", f"of `{name}`") for member in members)


def _asked(tokens: tuple[str, ...]) -> str:
    """The attribute whose values stand in brackets here: `country in (US, `."""
    at = len(tokens) - 1 - tuple(reversed(tokens)).index("(") if "(" in tokens else 0
    before = [token for token in tokens[max(0, at - 4) : at] if token not in ("not", "any", "all")]
    return (
        before[-2] if len(before) > 1 and before[-1] in ("in", "contains") and ")" not in tokens[at:] else ""
    )


def _in_where(index: Index, caret: _Caret) -> Iterator[Candidate]:
    """The fields of the event inside the condition of an aggregate."""
    if "where" in caret.tokens:
        at = len(caret.tokens) - 1 - tuple(reversed(caret.tokens)).index("where")
        opened = [n for n in range(at) if caret.tokens[n] == "(" and n + 1 < at]
        if opened and caret.tokens[at:].count(")") <= caret.tokens[at:].count("("):
            yield from of_places(index, index.named("field", owner=caret.tokens[opened[-1] + 1]))


def _in_test(index: Index, caret: _Caret) -> Iterator[Candidate]:
    tokens, last = caret.tokens, caret.back()
    around = _around(tokens)
    if last == "is" or (last in ("(", ",") and "is" in tokens[-8:] and around == "test"):
        yield from _answers(index, tokens)
    elif last == "consent" or (last == "," and _line_word(caret.line) == "consent"):
        yield from _named(index, "consent")
    elif last == ":" and around == "profile":
        yield from _values_of(index, caret.back(2))
    elif around in ("profile", "events", "lists", "scores", "lookups"):
        wanted: dict[str, tuple[Kind, tuple[str, ...]]] = {
            "profile": ("value", ("attribute",)),
            "events": ("value", ("event",)),
            "lookups": ("value", ("lookup",)),
            "lists": ("list", ()),
            "scores": ("score", ()),
        }
        yield from _named(index, *wanted[around])
    elif around != "test":
        yield from of_places(index, index.named("field", owner=around))
    else:
        yield from _named(index, "value", ("segment", "tier"))
        yield from _named(index, "slot")


def _answers(index: Index, tokens: tuple[str, ...]) -> Iterator[Candidate]:
    name = tokens[len(tokens) - 2 - tuple(reversed(tokens)).index("is")]
    if Symbol("slot", name) in index.declared:
        yield from _blocks_of(index, name)
        yield Candidate(EMPTY, "word", "no block")
    yield from of_places(index, index.named("line", owner=name))


def _around(tokens: tuple[str, ...]) -> str:
    """The word before the innermost bracket that is open."""
    opened: list[str] = []
    for before, token in zip(("", *tokens), tokens, strict=False):
        if token == "{":
            opened.append("test" if before.startswith('"') else before)
        elif token == "}" and opened:
            opened.pop()
    return opened[-1] if opened else "test"


def _line_word(line: str) -> str:
    return line.split()[0] if line.split() else ""
