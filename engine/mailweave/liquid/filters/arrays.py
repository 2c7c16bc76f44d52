"""Filters on lists. Lists within lists are opened; nil is an empty list; anything else is one item."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any, TypeVar

from mailweave.liquid import members
from mailweave.liquid.failures import FilterFailed
from mailweave.liquid.filters import costs
from mailweave.liquid.filters.numbers import EXACT
from mailweave.liquid.filters.quick import fallback, length
from mailweave.liquid.filters.signature import (
    BOTH_LISTS,
    CHOSEN_ITEM,
    CHOSEN_ITEMS,
    LIST,
    MEASURED,
    MEMBERS,
    ONE_ITEM,
    SAME_ITEMS,
    SEARCHED_ITEMS,
    SUMMED_ITEMS,
    TESTED,
)
from mailweave.liquid.filters.spec import Filter
from mailweave.liquid.filters.values import Number, items, number
from mailweave.liquid.operators import OURS
from mailweave.liquid.writing import string, text

T = TypeVar("T")


def join(value: Any, glue: Any = " ") -> str:
    """The items as one text, with another text between them.

    {{ cart | map: "name" | join: ", " }} => Lamp, Desk
    """
    return string(glue).join(map(text, items(value)))


def first(value: Any) -> Any:
    """The first item of a list, or character of a text.

    {{ cart | map: "name" | first }} {{ "Ann" | first }} => Lamp A
    """
    return members.first(value)


def last(value: Any) -> Any:
    """The last item of a list, or character of a text.

    {{ cart | map: "name" | last }} {{ "Ann" | last }} => Desk n
    """
    return members.last(value)


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
    return members.size(value) or 0


def compact(value: Any, key: Any = None) -> list[Any] | None:
    """The list without nil; with a name, without items that lack it.

    {{ cart | compact: "sale" | size }} => 0
    """
    if key is None:
        return [one for one in items(value) if one is not None]
    return _tried(lambda: [one for one in items(value) if _member(one, key) is not None])


def map_(value: Any, key: Any) -> list[Any]:
    """One member of each item.

    {{ cart | map: "price" | join: "+" }} => 20+90
    """
    return [_member(one, key) if _has_members(one) else None for one in items(value)]


def where(value: Any, key: Any, wanted: Any = None) -> list[Any] | None:
    """The items whose member has a value; without a value, those whose member is neither nil nor false.

    {{ cart | where: "price", 90 | map: "name" | join }} => Desk
    """
    test = _test(key, wanted)
    return _tried(lambda: [one for one in items(value) if test(one)])


def reject(value: Any, key: Any, wanted: Any = None) -> list[Any] | None:
    """The items that `where` leaves out.

    {{ cart | reject: "price", 90 | map: "name" | join }} => Lamp
    """
    test = _test(key, wanted)
    return _tried(lambda: [one for one in items(value) if not test(one)])


def find(value: Any, key: Any, wanted: Any = None) -> Any:
    """The first item whose member has a value.

    {% assign found = cart | find: "price", 90 %}{{ found.name }} => Desk
    """
    test = _test(key, wanted)
    return _tried(lambda: next((one for one in items(value) if test(one)), None))


def find_index(value: Any, key: Any, wanted: Any = None) -> int | None:
    """The place, from 0, of the first item whose member has a value.

    {{ cart | find_index: "price", 90 }} => 1
    """
    test = _test(key, wanted)
    return _tried(lambda: next((at for at, one in enumerate(items(value)) if test(one)), None))


def has(value: Any, key: Any, wanted: Any = None) -> bool | None:
    """Whether any item's member has a value.

    {{ cart | has: "price", 90 }} => true
    """
    test = _test(key, wanted)
    return _tried(lambda: any(test(one) for one in items(value)))


class _NoMembers(Exception):
    """An item has no members, nil for example: the filters that look into items then give nothing."""


def _tried(look: Callable[[], T]) -> T | None:
    try:
        return look()
    except _NoMembers:
        return None


def _test(key: Any, wanted: Any) -> Callable[[Any], bool]:
    if wanted is None:
        return lambda one: _is_true(_member(one, key))
    return lambda one: OURS.eq(_member(one, key), wanted)


def _is_true(value: Any) -> bool:
    return value is not None and value is not False


def _has_members(one: Any) -> bool:
    """Whether a filter can look into an item; as in Ruby, texts and whole numbers let it."""
    return isinstance(one, (dict, str)) or (isinstance(one, int) and not isinstance(one, bool))


def _member(one: Any, key: Any) -> Any:
    """A member of an item: a text has the member that it holds, and characters; a whole number has bits.

    Raises `_NoMembers`, and `FilterFailed` where the name of the member makes no sense.
    """
    if not _has_members(one):
        raise _NoMembers
    if type(one) is dict:
        return one.get(key) if isinstance(key, str) else None
    if isinstance(one, str) and isinstance(key, str):
        return key if key in one else None
    if isinstance(key, bool) or not isinstance(key, (int, float, Decimal)):
        raise FilterFailed("the items have no such member")
    place = int(key)
    if isinstance(one, str):
        return one[place] if -len(one) <= place < len(one) else None
    return one >> place & 1 if place >= 0 else 0


def uniq(value: Any, key: Any = None) -> list[Any] | None:
    """The list without repetitions; with a name, without items whose member repeats.

    {{ "a,b,a" | split: "," | uniq | join: "," }} => a,b
    """
    all_ = items(value)
    if len(all_) < 2:
        return all_
    return _tried(lambda: _first_of_each(all_, key))


def _first_of_each(values: list[Any], key: Any) -> list[Any]:
    found: dict[Any, Any] = {}
    for one in values:
        found.setdefault(_mark(one if key is None else _member(one, key)), one)
    return list(found.values())


def _mark(value: Any) -> Any:
    """What two values have in common when they are the same, and of the same kind."""
    if isinstance(value, (list, tuple)):
        return tuple(map(_mark, value))
    if isinstance(value, dict):
        return frozenset((key, _mark(one)) for key, one in value.items())
    return type(value).__name__, value


def sort(value: Any, key: Any = None) -> list[Any] | None:
    """The list in ascending order, by a member of its items if one is named; nil comes last.

    {{ cart | sort: "name" | map: "name" | join: ", " }} => Desk, Lamp
    """
    return _sorted(items(value), key, _in_order)


def sort_natural(value: Any, key: Any = None) -> list[Any] | None:
    """As `sort`, upper and lower case alike.

    {{ "b,A,c" | split: "," | sort_natural | join: "" }} => Abc
    """
    return _sorted(items(value), key, lambda present: sorted(present, key=lambda pair: _folded(pair[0])))


_LOWER = {ord(letter): letter.lower() for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
Pairs = list[tuple[Any, Any]]


def _folded(value: Any) -> str:
    """Ruby folds the case of Latin letters without marks, and of no others."""
    return string(value).translate(_LOWER)


def _sorted(values: list[Any], key: Any, order: Callable[[Pairs], Pairs]) -> list[Any] | None:
    """Items in the order of what they are sorted by, which stands first in each pair."""
    if key is not None and not all(map(_has_members, values)):
        return None
    if len(values) < 2:
        return values
    keyed = [(one if key is None else _member(one, key), one) for one in values]
    present = order([pair for pair in keyed if pair[0] is not None])
    return [one for _, one in present] + [one for mark, one in keyed if mark is None]


def _in_order(present: Pairs) -> Pairs:
    marks = [mark for mark, _ in present]
    if all(isinstance(mark, str) for mark in marks) or all(map(_is_number, marks)):
        return sorted(present, key=lambda pair: pair[0])
    if all(OURS.eq(mark, marks[0]) for mark in marks):
        return present
    try:
        if not any(isinstance(mark, (bool, str, dict, list, tuple, range)) for mark in marks):
            return sorted(present, key=lambda pair: pair[0])  # dates
    except TypeError:
        pass
    raise FilterFailed("the items cannot be compared")


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)


def sum_(value: Any, key: Any = None) -> Number:
    """The sum of the numbers in a list, or of a member of its items.

    {{ cart | sum: "price" }} => 110
    """
    members = items(value)
    if key is not None:
        members = items([_member(one, key) if _has_members(one) else 0 for one in members])
    return _total(map(number, members))


def _total(numbers: Iterable[Number]) -> Number:
    whole: int = 0
    exact = Decimal(0)
    is_whole, is_decimal = True, False
    for one in numbers:
        if isinstance(one, int):
            whole += one
            continue
        is_whole, is_decimal = False, is_decimal or isinstance(one, Decimal)
        exact = EXACT.add(exact, one if isinstance(one, Decimal) else Decimal(str(one)))
    if is_whole:
        return whole
    total = EXACT.add(exact, Decimal(whole))
    return total if is_decimal else float(total)


def default(value: Any, other: Any = "", *, allow_false: Any = False) -> Any:
    """The value, or another one when it is nil, false or empty.

    {{ nobody | default: "friend" }} => friend
    """
    if value is False:
        return value if _is_true(allow_false) else other
    if value is None or (isinstance(value, (str, list, tuple, dict)) and not value):
        return other
    return value


FILTERS = (
    Filter("join", join, costs.joined, takes=LIST),
    Filter("first", first, takes=ONE_ITEM),
    Filter("last", last, takes=ONE_ITEM),
    Filter("concat", concat, costs.listed, takes=BOTH_LISTS),
    Filter("reverse", reverse, costs.listed, takes=SAME_ITEMS),
    Filter("size", size, quick=length, with_html="reads", takes=MEASURED),
    Filter("compact", compact, costs.listed, takes=SAME_ITEMS),
    Filter("map", map_, costs.listed, takes=MEMBERS),
    Filter("where", where, costs.listed, takes=CHOSEN_ITEMS),
    Filter("reject", reject, costs.listed, takes=CHOSEN_ITEMS),
    Filter("find", find, costs.listed, takes=CHOSEN_ITEM),
    Filter("find_index", find_index, costs.listed, takes=SEARCHED_ITEMS),
    Filter("has", has, costs.listed, takes=SEARCHED_ITEMS),
    Filter("uniq", uniq, costs.compared, takes=SAME_ITEMS),
    Filter("sort", sort, costs.ordered, takes=SAME_ITEMS),
    Filter("sort_natural", sort_natural, costs.ordered, takes=SAME_ITEMS),
    Filter("sum", sum_, costs.listed, takes=SUMMED_ITEMS),
    Filter("default", default, quick=fallback, with_html="keeps", takes=TESTED),
)
