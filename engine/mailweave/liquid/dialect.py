"""What a template means: the dialect, its filters, what a missing name is, and the budget."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from liquid import Environment
from liquid.context import RenderContext
from liquid.loader import BaseLoader
from liquid.undefined import StrictDefaultUndefined, StrictUndefined, Undefined

from mailweave.liquid.budget import Budget
from mailweave.liquid.filters.catalog import our_filters
from mailweave.liquid.filters.spec import Filter
from mailweave.liquid.filters.theirs import their_filters
from mailweave.liquid.operators import OURS, Operators, theirs

Name = Literal["mailweave", "python-liquid"]
OnMissing = Literal["strict", "lenient", "default"]
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
    filters |= {name: Filter(name, run) for name, run in own.items()}
    operators = OURS if ours else theirs(_bare_context(env))
    return Dialect(name, undefined, operators, filters, frozenset(own), budget)


def _bare_context(env: Environment) -> RenderContext:
    return RenderContext(env.from_string(""))
