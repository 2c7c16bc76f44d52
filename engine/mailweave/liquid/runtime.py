"""What generated code calls, and the interpreter where it does the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from liquid.exceptions import LiquidTypeError

from mailweave.liquid.budget import Meter
from mailweave.liquid.filters.spec import Filter, charge
from mailweave.liquid.locale_context import setting_of as setting_of
from mailweave.liquid.members import COMMANDS
from mailweave.liquid.members import item as strict_item
from mailweave.liquid.members import quoted as quoted
from mailweave.liquid.slots import pieces as pieces
from mailweave.liquid.values import Html as Html
from mailweave.liquid.values import countable
from mailweave.liquid.writing import is_vast, text
from mailweave.values.bounded_cache import AdaptiveCache


class Deopt(Exception):
    """Generated code cannot answer exactly; the interpreter will."""


MISSING: Any = object()  # the mark for a name that is not there
LOOPED = (list, tuple, dict, range)  # what `render ... for` goes over
ONCE = (None,)
join = "".join
_LONGEST = 20  # characters of a text that is a number
_MOST_ITEMS = 4096  # that came once; then it starts anew


def item(holder: Any, key: Any, default: Any = None) -> Any:
    """A member, or a default for what is missing."""
    if type(holder) is dict and type(key) is str and key not in COMMANDS:
        return holder.get(key, default)
    if holder is MISSING or holder is None:
        return default
    try:
        return strict_item(holder, key)
    except (KeyError, IndexError, TypeError):
        return default


def member(holder: Any) -> Callable[..., Any]:
    """`holder.get` for whatever holds members."""
    found = {} if holder is None else holder
    return found.get if type(found) is dict else partial(item, found)


def lost(*_: object) -> Any:
    """A name is missing where it may not be: the interpreter says so, with the place."""
    raise Deopt


def charged(spec: Filter) -> Callable[..., Any]:
    """A filter that is paid for before it runs."""
    run, cost = spec.run, spec.cost
    assert cost is not None

    def filtered(meter: Meter, *args: Any, **named: Any) -> Any:
        charge(cost, meter, *args, **named)
        return run(*args, **named)

    return filtered


# --- loops ---


def whole(value: Any) -> int:
    """A limit or offset of `for`: a whole number, also one with a point or in a text."""
    if type(value) is int:
        return value
    if _counts(value) and value == int(value):
        return int(value)
    if isinstance(value, str) and len(value) <= _LONGEST:
        try:
            return int(value)
        except ValueError:
            pass
    raise LiquidTypeError("expected a whole number", token=None)


def maybe_whole(value: Any) -> int | None:
    """A limit or offset that may be missing."""
    return None if value is None else whole(value)


def loose(value: Any) -> int:
    """A number of `tablerow`: nil is 0, a text is the number it starts with, a number loses its fraction."""
    if value is None:
        return 0
    if isinstance(value, str):
        digits = value.strip()[:_LONGEST]
        while digits:
            try:
                return int(digits)
            except ValueError:
                digits = digits[:-1]
        return 0
    return int(value) if _counts(value) else whole(value)


def _counts(value: Any) -> bool:
    """Whether a number with a point has a whole part to count by."""
    return isinstance(value, (float, Decimal)) and not is_vast(value)


def integers(start: Any, stop: Any) -> range:
    """The numbers of a range; it has none when it goes down."""
    first, last = _bound(start), _bound(stop)
    return range(first, max(last + 1, first))


def _bound(value: Any) -> int:
    """A bound of a range: nil is 0, a text is the number it starts with, a number must be whole."""
    return whole(value) if _counts(value) else loose(value)


def width(columns: int, count: int) -> int:
    """How many cells a row of a table has; without a number of columns there is one row."""
    return columns if columns > 0 else count + 1


def part(
    value: Any,
    items: Sequence[Any],
    limit: int | None,
    offset: Any,
    backwards: bool,
    meter: Meter,
    stops: dict[str, int],
    key: str,
) -> Sequence[Any]:
    """The part of a sequence that a loop goes over, remembered under `key`; a text is one item, and always there."""
    if backwards:
        meter.loop(len(items), 1)
    start = stops.get(key, 0) if offset == "continue" else offset or 0
    found = items
    if not isinstance(value, str):
        stop = len(items) if limit is None else max(start + limit, 0)
        found = items[max(start, 0) : stop][:: -1 if backwards else 1]
    stops[key] = start + len(found)
    return found


def cell(index: int, columns: int) -> str:
    """What opens a cell of a `tablerow`."""
    return f'<td class="col{index % columns + 1}">'


def cell_end(index: int, columns: int, count: int, is_left: bool) -> str:
    """What closes a cell, and opens the next row where there is one."""
    if is_left or (index + 1) % columns or index == count - 1:
        return "</td>"
    return f'</td></tr>\n<tr class="row{index // columns + 2}">'


# --- state ---


def next_round(rounds: dict[object, int], group: object, values: Sequence[object]) -> int:
    """The position in a cycle, moved on by one."""
    key = (type(group).__name__, group if isinstance(group, (str, int, float)) else str(group))
    at = rounds.get(key, 0)
    rounds[key] = 0 if at + 1 >= len(values) else at + 1
    return at


def count(counters: dict[str, Any], name: str, start: Any, up: bool) -> str:
    """What `increment` and `decrement` write, from what the data holds under the name."""
    value = (counters[name] if name in counters else countable(start)) - (not up)
    counters[name] = value + up
    return text(value)


class ItemCache(AdaptiveCache[int, tuple[Any, ...]]):
    """HTML, text and AMP of items, by the identity of the item, which is held: so no other can have its number.

    An item is kept when it comes a second time; those made for one recipient never do, and where nearly all are such,
    nothing is remembered any longer.

    >>> fragments, item = ItemCache(str.strip), {"name": "Lamp"}
    >>> for _ in range(2):
    ...     fragments.keep(item, "<b>Lamp</b>", "Lamp ")
    >>> fragments[id(item)]
    ({'name': 'Lamp'}, '<b>Lamp</b>', 'Lamp')
    """

    __slots__ = ("_fill", "_seen")

    def __init__(self, fill: Callable[[str], str]) -> None:
        super().__init__()
        self._fill = fill
        self._seen: dict[int, Any] = {}

    def keep(self, item: Any, html: str, text: str, *amp: str) -> None:
        """Remember what an item writes; `fill` does to its text what is done to all text in the end."""
        if not self.pays:
            return
        number = id(item)
        self.asked += 1
        if self._seen.get(number) is item:
            self.put(number, (item, html, self._fill(text), *amp), sum(map(len, (html, text, *amp))))
            return
        remembers = self.missed()
        if len(self._seen) >= _MOST_ITEMS or not remembers:
            self._seen.clear()
        if remembers:
            self._seen[number] = item
