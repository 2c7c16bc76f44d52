"""What a template means: the dialect, its filters, what a missing name is, and the budget."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from liquid.builtin.expressions import parse_primitive
from liquid.builtin.tags.case_tag import CaseTag
from liquid.context import RenderContext
from liquid.exceptions import LiquidError
from liquid.expression import Expression
from liquid.loader import BaseLoader
from liquid.stream import TokenStream
from liquid.token import TOKEN_COMMA, TOKEN_OR, Token
from liquid.undefined import StrictDefaultUndefined, StrictUndefined, Undefined

from liquid import Environment
from mailweave.liquid.budget import Budget
from mailweave.liquid.filters.catalog import our_filters
from mailweave.liquid.filters.spec import Filter
from mailweave.liquid.filters.theirs import their_filters
from mailweave.liquid.operators import OURS, Operators, theirs

Name = Literal["mailweave", "python-liquid"]
OnMissing = Literal["strict", "lenient", "default"]
MOST_MISTAKES = 20  # in one text
DIALECTS: tuple[Name, ...] = ("mailweave", "python-liquid")
ON_MISSING: tuple[OnMissing, ...] = ("strict", "lenient", "default")

_UNDEFINED: Mapping[OnMissing, type[Undefined]] = {
    "strict": StrictUndefined,
    "lenient": Undefined,
    "default": StrictDefaultUndefined,
}


@dataclass(frozen=True, slots=True)
class Dialect:
    """One template's meaning, shared by the two runners."""

    name: Name
    undefined: OnMissing
    operators: Operators
    filters: Mapping[str, Filter]
    own_filters: frozenset[str]
    budget: Budget

    @property
    def nil_for_missing(self) -> bool:
        """Whether a missing name is plain nil (ours) or an object of python-liquid's."""
        return self.name == "mailweave"


class OurEnvironment(Environment):
    """python-liquid's parser with what merchants write besides: parentheses in conditions."""

    logical_parentheses = True
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
        self.add_tag(StrictCase)


class StrictCase(CaseTag):
    """A `case` whose `when` has nothing behind its values."""

    def _parse_when_expression(self, stream: TokenStream) -> list[Expression]:
        values = [parse_primitive(self.env, stream)]
        while stream.current.kind in (TOKEN_COMMA, TOKEN_OR):
            next(stream)
            values.append(parse_primitive(self.env, stream))
        stream.expect_eos()
        return values


def environment(name: Name, undefined: OnMissing, loader: BaseLoader) -> Environment:
    """The python-liquid environment that parses a template of this dialect."""
    if name == "mailweave":
        return OurEnvironment(loader=loader)
    return Environment(loader=loader, undefined=_UNDEFINED[undefined])


def dialect_of(
    env: Environment,
    name: Name,
    undefined: OnMissing,
    own: Mapping[str, Callable[..., Any]],
    budget: Budget,
) -> Dialect:
    """The dialect with a caller's own filters laid over the standard ones."""
    ours = name == "mailweave"
    filters = dict(our_filters() if ours else their_filters(env))
    filters |= {name: Filter(name, run, guarded=ours) for name, run in own.items()}
    operators = OURS if ours else theirs(_bare_context(env))
    return Dialect(name, undefined, operators, filters, frozenset(own), budget)


def _bare_context(env: Environment) -> RenderContext:
    return RenderContext(env.from_string(""))
