"""Filters on lists. Lists within lists are opened; nil is an empty list; anything else is one item."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from mailweave.liquid.failures import FilterFailed
from mailweave.liquid.filters import costs
from mailweave.liquid.filters.spec import Filter
from mailweave.liquid.filters.values import Number, items, number, string
from mailweave.liquid.operators import OURS, text


def join(value: Any, glue: Any = " ") -> str:
    """The items as one text, with another text between them.

    {{ cart | map: "name" | join: ", " }} => Lamp, Desk
    """
    return string(glue).join(map(text, items(value)))


def first(value: Any) -> Any:
    """The first item of a list.

    {{ cart | map: "name" | first }} => Lamp
    """
    if type(value) is dict:
        return next(iter(value.items()), None)
    return value[0] if isinstance(value, (list, tuple, range)) and value else None


def last(value: Any) -> Any:
    """The last item of a list.

    {{ cart | map: "name" | last }} => Desk
    """
    return value[-1] if isinstance(value, (list, tuple, range)) and value else None


def concat(value: Any, more: Any) -> list[Any]:
    """Two lists as one.

    {{ cart | concat: cart | size }} => 4
    """
    if not isinstance(more, (list, tuple)):
        raise FilterFailed("a list is needed")
    return [*items(value), *more]


def reverse(value: Any) -> list[Any]:
    """The list from its end.

    {{ cart | reverse | map: "name" | join: ", " }} => Desk, Lamp
    """
    return items(value)[::-1]


def size(value: Any) -> int:
    """How many items a list has, or characters a text.

    {{ cart | size }} {{ "Ann" | size }} => 2 3
    """
    return len(value) if isinstance(value, (str, list, tuple, dict, range)) else 0


def compact(value: Any, key: Any = None) -> list[Any]:
    """The list without nil; with a name, without items that lack it.

    {{ cart | compact: "sale" | size }} => 0
    """
    if key is None:
        return [one for one in items(value) if one is not None]
    return [one for one in items(value) if _member(one, key) is not None]


def map_(value: Any, key: Any) -> list[Any]:
    """One member of each item.

    {{ cart | map: "price" | join: "+" }} => 20+90
    """
    return [_member(one, string(key)) for one in items(value)]


def where(value: Any, key: Any, wanted: Any = None) -> list[Any]:
    """The items whose member has a value; without a value, those whose member is neither nil nor false.

    {{ cart | where: "price", 90 | map: "name" | join }} => Desk
    """
    return _selected(value, key, wanted)


def reject(value: Any, key: Any, wanted: Any = None) -> list[Any]:
    """The items that `where` leaves out.

    {{ cart | reject: "price", 90 | map: "name" | join }} => Lamp
    """
    if key is None:
        return []
    test = _test(key, wanted)
    found: list[Any] = _tried(lambda: [one for one in items(value) if not test(one)], [])
    return found


def find(value: Any, key: Any, wanted: Any = None) -> Any:
    """The first item whose member has a value.

    {% assign found = cart | find: "price", 90 %}{{ found.name }} => Desk
    """
    test = _test(key, wanted)
    return _tried(lambda: next((one for one in items(value) if test(one)), None), None)


def find_index(value: Any, key: Any, wanted: Any = None) -> int | None:
    """The place, from 0, of the first item whose member has a value.

    {{ cart | find_index: "price", 90 }} => 1
    """
    test = _test(key, wanted)
    found: int | None = _tried(
        lambda: next((at for at, one in enumerate(items(value)) if test(one)), None), None
    )
    return found


def has(value: Any, key: Any, wanted: Any = None) -> bool | None:
    """Whether any item's member has a value.

    {{ cart | has: "price", 90 }} => true
    """
    test = _test(key, wanted)
    found: bool | None = _tried(lambda: any(test(one) for one in items(value)), None)
    return found


class _NilItem(Exception):
    """A list of things holds nil: the filters that look into its items then give nothing."""


def _tried(look: Callable[[], Any], nothing: Any) -> Any:
    try:
        return look()
    except _NilItem:
        return nothing


def _selected(value: Any, key: Any, wanted: Any) -> list[Any]:
    test = _test(key, wanted)
    found: list[Any] = _tried(lambda: [one for one in items(value) if test(one)], [])
    return found


def _test(key: Any, wanted: Any) -> Callable[[Any], bool]:
    if wanted is None:
        return lambda one: _looked(one, key) not in (None, False) or _is_zero(_looked(one, key))
    return lambda one: OURS.eq(_looked(one, key), wanted)


def _is_zero(value: Any) -> bool:
    return isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)


def _looked(one: Any, key: Any) -> Any:
    if one is None:
        raise _NilItem
    return _member(one, key)


def _member(one: Any, key: Any) -> Any:
    """A member of an item; a text has the member that it holds."""
    if type(one) is dict:
        return one.get(key) if isinstance(key, str) else None
    if isinstance(one, str):
        return key if isinstance(key, str) and key in one else None
    if isinstance(one, int) and isinstance(key, int) and not isinstance(one, bool):
        return one == key
    if one is None:
        return None
    raise FilterFailed("the items have no members")


def uniq(value: Any, key: Any = None) -> list[Any]:
    """The list without repetitions.

    {{ "a,b,a" | split: "," | uniq | join: "," }} => a,b
    """
    seen: set[Any] = set()
    odd: list[Any] = []
    return [one for one in items(value) if _is_new(one if key is None else _member(one, key), seen, odd)]


def _is_new(value: Any, seen: set[Any], odd: list[Any]) -> bool:
    if isinstance(value, (dict, list, tuple)):
        if value in odd:
            return False
        odd.append(value)
        return True
    mark = (isinstance(value, bool), value)
    if mark in seen:
        return False
    seen.add(mark)
    return True


def sort(value: Any, key: Any = None) -> list[Any]:
    """The list in ascending order, by a member of its items if one is named; nil comes last.

    {{ cart | sort: "name" | map: "name" | join: ", " }} => Desk, Lamp
    """
    return _sorted(items(value), key, lambda one: one)


def sort_natural(value: Any, key: Any = None) -> list[Any]:
    """As `sort`, upper and lower case alike.

    {{ "b,A,c" | split: "," | sort_natural | join: "" }} => Abc
    """
    return _sorted(items(value), key, lambda one: text(one).lower())


def _sorted(values: list[Any], key: Any, reading: Callable[[Any], Any]) -> list[Any]:
    keyed = [(_member(one, string(key)) if key else one, one) for one in values]
    present = [(reading(mark), one) for mark, one in keyed if mark is not None]
    try:
        present.sort(key=lambda pair: pair[0])
    except TypeError:
        raise FilterFailed("the items cannot be compared") from None
    return [one for _, one in present] + [one for mark, one in keyed if mark is None]


def sum_(value: Any, key: Any = None) -> Number:
    """The sum of the numbers in a list, or of a member of its items.

    {{ cart | sum: "price" }} => 110
    """
    members = items(value) if key is None else (_numeric_member(one, key) for one in items(value))
    return _total(map(number, members))


def _numeric_member(one: Any, key: Any) -> Any:
    return (
        _member(one, key) if type(one) is dict or not isinstance(one, (int, float, Decimal)) else _no_member()
    )


def _no_member() -> Any:
    raise FilterFailed("the items have no members")


def _total(numbers: Iterable[Number]) -> Number:
    whole: int = 0
    exact = Decimal(0)
    is_whole, is_decimal = True, False
    for one in numbers:
        if isinstance(one, int):
            whole += one
            continue
        is_whole, is_decimal = False, is_decimal or isinstance(one, Decimal)
        exact += one if isinstance(one, Decimal) else Decimal(str(one))
    if is_whole:
        return whole
    return exact + whole if is_decimal else float(exact + whole)


def default(value: Any, other: Any = "", *, allow_false: Any = False) -> Any:
    """The value, or another one when it is nil, false or empty.

    {{ nobody | default: "friend" }} => friend
    """
    if value is False:
        return value if allow_false is True else other
    if value is None or (isinstance(value, (str, list, tuple, dict)) and not value):
        return other
    return value


FILTERS = (
    Filter("join", join, costs.joined),
    Filter("first", first),
    Filter("last", last),
    Filter("concat", concat, costs.listed),
    Filter("reverse", reverse, costs.listed),
    Filter("size", size),
    Filter("compact", compact, costs.listed),
    Filter("map", map_, costs.listed),
    Filter("where", where, costs.listed),
    Filter("reject", reject, costs.listed),
    Filter("find", find, costs.listed),
    Filter("find_index", find_index, costs.listed),
    Filter("has", has, costs.listed),
    Filter("uniq", uniq, costs.compared),
    Filter("sort", sort, costs.ordered),
    Filter("sort_natural", sort_natural, costs.ordered),
    Filter("sum", sum_, costs.listed),
    Filter("default", default),
)
