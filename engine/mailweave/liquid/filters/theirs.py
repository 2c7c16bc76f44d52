"""python-liquid's own filters, with prices."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from liquid import Environment
from mailweave.liquid.failures import FilterFailed
from mailweave.liquid.filters import costs
from mailweave.liquid.filters.spec import Cost, Filter
from mailweave.liquid.setting import Setting

_FREE = frozenset({"size", "first", "last", "default", "abs", "at_least", "at_most", "ceil", "floor", "plus"})
_LONGEST_DATE = 1000
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
    if name == "date":
        # what is left of the clock there is `"10:30" | date`, so a result is not kept
        return Filter(name, partial(_date, run), costs.formatted, setting=True, guarded=False, pure=False)
    cost = None if name in _FREE else _COSTS.get(name, costs.linear)
    return Filter(name, run, cost, guarded=False)


def _date(run: Callable[..., Any], value: Any, *args: Any, setting: Setting, **named: Any) -> Any:
    """`date` whose "now" is the render's."""
    if type(value) is str and value in ("now", "today"):
        if setting.now is None:
            raise FilterFailed("this render has no `now`")
        value = setting.now
    elif type(value) is str and len(value) > _LONGEST_DATE:  # its parser takes seconds for a long text
        raise FilterFailed("a text that is too long for a date")
    return run(value, *args, **named)
