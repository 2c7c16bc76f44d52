"""What a template means: its filters, what a missing name is, and the budget."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from mailweave.liquid.budget import Budget
from mailweave.liquid.filters.catalog import our_filters
from mailweave.liquid.filters.localized_dates import LOCAL_DATE
from mailweave.liquid.filters.spec import Filter
from mailweave.liquid.operators import OURS, Operators
from mailweave.liquid.parse import OurEnvironment

Mode = Literal["lenient", "strict2"]
OnMissing = Literal["strict", "lenient", "default"]
DateNames = Literal["english", "locale"]
MODES: tuple[Mode, ...] = ("lenient", "strict2")
ON_MISSING: tuple[OnMissing, ...] = ("strict", "lenient", "default")


@dataclass(frozen=True, slots=True)
class Dialect:
    """One template's meaning, shared by the two runners."""

    undefined: OnMissing
    operators: Operators
    filters: Mapping[str, Filter]
    budget: Budget


def environment(mode: Mode = "lenient") -> OurEnvironment:
    """The python-liquid environment that parses a template."""
    made = OurEnvironment()
    made.strict2 = mode == "strict2"
    return made


def dialect_of(
    undefined: OnMissing,
    own: Mapping[str, Callable[..., Any]],
    budget: Budget,
    names: DateNames = "english",
) -> Dialect:
    """The meaning with a caller's own filters laid over the standard ones. `names`: those of days and months."""
    local = {LOCAL_DATE.name: LOCAL_DATE} if names == "locale" else {}
    filters = dict(our_filters()) | local | {name: Filter(name, run, own=True) for name, run in own.items()}
    return Dialect(undefined, OURS, filters, budget)
