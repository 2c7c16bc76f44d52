"""From text to python-liquid's tree, within bounds, with findings in an author's words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from liquid.ast import Node
from liquid.exceptions import LiquidError, LiquidSyntaxError
from liquid.parser import get_parser
from liquid.token import TOKEN_TAG, Token

from liquid import Environment
from mailweave.liquid.budget import Budget
from mailweave.liquid.lexer import tokens
from mailweave.liquid.ruby_tags import TAGS
from mailweave.liquid.strict_markup import check
from mailweave.liquid.words import WordStream
from mailweave.source import Source, Span

MOST_MISTAKES = 20  # in one text
TAIL = 2_000  # an unclosed `{{` further from the end would be looked for too often
EFFORT = 50_000_000  # what python-liquid's expression lexer may take, in squared characters
_OPENERS = re.compile(r"\{\{|\{%")
_MARKUP = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_LEVEL = re.compile(r"\b(?:and|or|not|if|else)\b|[(\[|]")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_RAW = re.compile(r"\{%-?\s*(?:raw|doc)\b")
_END_RAW = re.compile(r"\{%-?\s*end(?:raw|doc)\b")


class OurEnvironment(Environment):
    """python-liquid's parser with what merchants write besides: parentheses in conditions."""

    logical_parentheses = True
    block_nesting_limit = 100  # as in Ruby
    strict2 = False  # whether what Ruby's strict2 mode refuses is refused
    found: list[LiquidError] | None = None  # while parsing: every mistake is kept, not only the first

    def error(
        self, exc: type[LiquidError] | LiquidError, msg: str | None = None, token: Token | None = None
    ) -> None:
        if self.found is None or len(self.found) >= MOST_MISTAKES:
            return super().error(exc, msg, token)
        made = exc if isinstance(exc, LiquidError) else exc(msg, token=token)
        made.token = made.token or token
        self.found.append(made)
        return None

    def setup_tags_and_filters(self, *, extra: bool = False) -> None:
        super().setup_tags_and_filters(extra=extra)
        for tag in TAGS:
            self.add_tag(tag)

    def _parse(self, source: str) -> list[Node]:
        return get_parser(self).parse(WordStream(self.tokenizer()(source)))

    def tokenizer(self) -> Callable[[str], Iterator[Token]]:
        return tokens


class TooLarge(Exception):
    """A text that would take too long to parse."""

    def __init__(self, what: str, span: Span | None = None, source: Source | None = None) -> None:
        self.what, self.span, self.source = what, span, source
        super().__init__(what)


class Mistakes(LiquidError):
    """Everything that is wrong with a text's syntax."""

    def __init__(self, found: list[LiquidError]) -> None:
        first = found[0]
        super().__init__(*first.args, token=first.token)
        self.found = tuple({(str(one.message), _start(one)): one for one in found}.values())


def _start(problem: LiquidError) -> int:
    return problem.token.start_index if problem.token else -1


def parse(env: OurEnvironment, source: Source, budget: Budget) -> list[Node]:
    """The tree of a text. Raises `TooLarge`, or python-liquid's errors."""
    try:
        return _parsed(env, source, budget)
    except TooLarge as problem:
        problem.source = problem.source or source
        raise
    except LiquidError as problem:
        found = problem.found if isinstance(problem, Mistakes) else (problem,)
        if any(isinstance(one.__cause__, RecursionError) for one in found):
            raise too_deep(source) from None
        raise


def too_deep(source: Source) -> TooLarge:
    """What a text is refused for that nests deeper than the parser can follow: its tag or output that goes deepest."""
    spans = [Span(*match.span()) for match in _MARKUP.finditer(source.text)]
    deepest = max(spans, key=lambda span: _depth(source.text[span.start : span.stop]), default=None)
    return TooLarge("conditions, brackets or paths within each other", deepest, source)


def _depth(markup: str) -> int:
    """How deep the parser goes, at most: each operator and each bracket is a level."""
    return len(_LEVEL.findall(_QUOTED.sub("", markup)))


def _parsed(env: OurEnvironment, source: Source, budget: Budget) -> list[Node]:
    within_bounds(source.text, budget)
    _comments_closed(source.text)
    if env.strict2:
        _strictly(source.text)
    env.found = found = []
    try:
        nodes = env.from_string(source.text).nodes
    except LiquidError as problem:
        found.append(problem)
    finally:
        env.found = None
    if found:
        raise Mistakes(found)
    return nodes


def _strictly(text: str) -> None:
    """Refuse what Ruby's strict2 mode refuses."""
    try:
        found: list[LiquidError] = list(islice(check(tokens(text)), MOST_MISTAKES))
    except LiquidSyntaxError:
        return  # what is never closed is found by the parser
    if found:
        raise Mistakes(found)


def within_bounds(text: str, budget: Budget) -> None:
    """Refuse what python-liquid's lexer takes quadratic time for."""
    if len(text) > budget.source:
        raise TooLarge(f"{len(text)} characters, where {budget.source} are allowed")
    found = list(_OPENERS.finditer(text))
    if len(found) > budget.nodes:
        beyond = Span(*found[budget.nodes].span())
        raise TooLarge(f"{len(found)} tags and outputs, where {budget.nodes} are allowed", beyond)
    _closed(text, "{{", "}}")
    _closed(text, "{%", "%}")
    _raw_closed(text)
    if sum(_efforts(text)) > EFFORT:
        longest = max(_MARKUP.finditer(text), key=lambda match: len(match.group()))
        raise TooLarge("the tags and outputs are too long", Span(*longest.span()))


def _closed(text: str, opener: str, closer: str) -> None:
    last = text.rfind(closer)
    first = text.find(opener, last + 1 if last >= 0 else 0)
    if first >= 0 and len(text) - first > TAIL:
        raise TooLarge(f"`{opener}` is never closed", Span(first, first + 2))


def _raw_closed(text: str) -> None:
    ends = [match.end() for match in _END_RAW.finditer(text)]
    last = ends[-1] if ends else 0
    opened = _RAW.search(text, last)
    if opened and len(text) - opened.start() > TAIL:
        raise TooLarge("`raw` or `doc` is never closed", Span(*opened.span()))


def _efforts(text: str) -> Iterable[int]:
    for match in _MARKUP.finditer(text):
        piece = match.group()
        if piece[2:].lstrip("- \t\r\n").startswith("liquid"):
            yield from (len(line) ** 2 for line in piece.split("\n"))
        else:
            yield len(piece) ** 2


_TAG = re.compile(
    r"\{%-?\s*raw\s*-?%\}.*?(?:\{%-?\s*endraw\b.*?%\}|\Z)|\{%-?\s*(?P<name>\w*).*?%\}", re.DOTALL
)
_DEPTH = {"comment": 1, "endcomment": -1}


def _comments_closed(text: str) -> None:
    """In Ruby a tag goes to the next `%}`, whatever stands in it: so an `endcomment` may be swallowed."""
    if "comment" not in text:
        return
    depth, start = 0, 0
    for tag in _TAG.finditer(text):
        name = tag["name"]
        if name not in _DEPTH or (name == "endcomment" and not depth):
            continue
        start = tag.start() if not depth else start
        depth += _DEPTH[name]
    if depth:
        at = Token(TOKEN_TAG, "comment", start, text)
        raise LiquidSyntaxError("comment tag was never closed", token=at)
