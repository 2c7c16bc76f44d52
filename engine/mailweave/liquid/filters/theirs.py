"""python-liquid's own filters, with prices."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from liquid import Environment
from mailweave.liquid.filters import costs
from mailweave.liquid.filters.spec import Cost, Filter

_FREE = frozenset({"size", "first", "last", "default", "abs", "at_least", "at_most", "ceil", "floor", "plus"})
_LISTS: dict[str, Cost] = dict.fromkeys(
    ("concat", "map", "where", "reject", "compact", "sum", "find", "has"), costs.listed
)
_COSTS: Mapping[str, Cost] = (
    _LISTS
    | {
        "replace": costs.replaced,
        "replace_first": costs.repeated,
        "replace_last": costs.repeated,
        "join": costs.joined,
        "split": costs.pieces,
        "times": costs.product,
        "reverse": costs.listed,
        "sort": costs.ordered,
        "sort_natural": costs.ordered,
        "uniq": costs.compared,
        "date": costs.formatted,
        "round": costs.rounded,
        "slice": costs.cut,
        "escape": costs.grown,
        "escape_once": costs.grown,
        "url_encode": costs.grown,
        "newline_to_br": costs.grown,
        "base64_encode": costs.grown,
        "base64_url_safe_encode": costs.grown,
        "escapejs": costs.grown,
    }
    | dict.fromkeys(("concat", "map", "where", "reject", "compact", "sum", "find", "has"), costs.listed)
)


def their_filters(env: Environment) -> dict[str, Filter]:
    """Every filter of a python-liquid environment."""
    return {name: _spec(name, run, env) for name, run in env.filters.items()}


def _spec(name: str, run: Callable[..., Any], env: Environment) -> Filter:
    if getattr(run, "with_environment", False):
        run = partial(run, environment=env)
    cost = None if name in _FREE else _COSTS.get(name, costs.linear)
    # `date` of "now" reads the clock there, and time stamps the machine's zone
    return Filter(name, run, cost, guarded=False, pure=name != "date")
