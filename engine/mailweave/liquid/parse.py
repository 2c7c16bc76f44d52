"""From text to python-liquid's tree, within bounds, with findings in an author's words."""

from __future__ import annotations

import re
from collections.abc import Iterable

from liquid.ast import Node
from liquid.exceptions import LiquidError, LiquidSyntaxError
from liquid.token import TOKEN_TAG, Token

from liquid import Environment
from mailweave.liquid.budget import Budget
from mailweave.liquid.dialect import OurEnvironment
from mailweave.source import Source, Span

TAIL = 2_000  # an unclosed `{{` further from the end would be looked for too often
EFFORT = 50_000_000  # what python-liquid's expression lexer may take, in squared characters
_OPENERS = re.compile(r"\{\{|\{%")
_MARKUP = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_RAW = re.compile(r"\{%-?\s*(?:raw|doc)\b")
_END_RAW = re.compile(r"\{%-?\s*end(?:raw|doc)\b")


class TooLarge(Exception):
    """A text that would take too long to parse."""

    def __init__(self, what: str, span: Span | None = None) -> None:
        self.what, self.span = what, span
        super().__init__(what)


class Mistakes(LiquidError):
    """Everything that is wrong with a text's syntax."""

    def __init__(self, found: list[LiquidError]) -> None:
        first = found[0]
        super().__init__(*first.args, token=first.token)
        self.found = tuple({(str(one.message), _start(one)): one for one in found}.values())


def _start(problem: LiquidError) -> int:
    return problem.token.start_index if problem.token else -1


def parse(env: Environment, source: Source, budget: Budget) -> list[Node]:
    """The tree of a text. Raises `TooLarge`, or python-liquid's errors."""
    within_bounds(source.text, budget)
    if not isinstance(env, OurEnvironment):
        return env.from_string(source.text).nodes
    _comments_closed(source.text)
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


def within_bounds(text: str, budget: Budget) -> None:
    """Refuse what python-liquid's lexer takes quadratic time for."""
    if len(text) > budget.source:
        raise TooLarge(f"{len(text)} characters, where {budget.source} are allowed")
    count = len(_OPENERS.findall(text))
    if count > budget.nodes:
        raise TooLarge(f"{count} tags and outputs, where {budget.nodes} are allowed")
    _closed(text, "{{", "}}")
    _closed(text, "{%", "%}")
    _raw_closed(text)
    if sum(_efforts(text)) > EFFORT:
        raise TooLarge("the tags and outputs are too long")


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


_TAG = re.compile(r"\{%-?\s*(\w*).*?%\}", re.DOTALL)
_DEPTH = {"comment": 1, "endcomment": -1}


def _comments_closed(text: str) -> None:
    """In Ruby a tag goes to the next `%}`, whatever stands in it: so an `endcomment` may be swallowed."""
    if "comment" not in text:
        return
    depth, start, raw = 0, 0, False
    for tag in _TAG.finditer(text):
        name = tag[1]
        raw = name == "raw" or (raw and name != "endraw")
        if raw or name not in _DEPTH or (name == "endcomment" and not depth):
            continue
        start = tag.start() if not depth else start
        depth += _DEPTH[name]
    if depth:
        at = Token(TOKEN_TAG, "comment", start, text)
        raise LiquidSyntaxError("comment tag was never closed", token=at)
