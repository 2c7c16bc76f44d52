"""What is left of several rows of one person: member by member, by a rule each; consent only if nobody took it back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, Final, TypeAlias

from mailweave.values.durations import DAY
from mailweave.values.instants import EPOCH, to_day, to_instant
from mailweave.values.invalid_value import InvalidValue

Members: TypeAlias = Mapping[str, Any]

_CONSENT: Final = "consent"
_EPOCH_DAY: Final = EPOCH.toordinal()


def surviving(
    rows: Sequence[Members], key: str, rules: Mapping[str, str], newest: str | None
) -> dict[str, Any]:
    """One row of several, which stand in the order of the list.

    key: the member that stays that of the first row. rules: member to rule, `first`, `newest`, `longest`, `most`,
    `largest` or `smallest`; without one, that of the newest row that has it, where `newest` names a member, else of the
    first. Lists are joined, each item once. A consent is true where one row says so and none says false.

    >>> rows = [{"id": "1", "name": "Ann", "tags": ["a"]}, {"id": "2", "name": "Annabel", "tags": ["b"]}]
    >>> surviving(rows, "id", {"name": "longest"}, None)
    {'id': '1', 'name': 'Annabel', 'tags': ['a', 'b']}
    """
    ordered = rows if newest is None else sorted(rows, key=lambda row: when(row.get(newest)), reverse=True)
    found: dict[str, Any] = {}
    for name in dict.fromkeys(name for row in rows for name in row):
        if name == key:
            found[name] = next(row[name] for row in rows if row.get(name) is not None or row is rows[-1])
            continue
        told = [row[name] for row in ordered if row.get(name) is not None]
        in_order = [row[name] for row in rows if row.get(name) is not None]
        found[name] = _chosen(name, told, in_order, rules.get(name, "")) if told else None
    return found


def _chosen(name: str, told: list[Any], in_order: list[Any], rule: str) -> Any:
    if name == _CONSENT and all(isinstance(one, dict) for one in told):
        return _consent(in_order)
    if name.startswith(f"{_CONSENT}."):  # lists may write it flat
        return _consent({name: one} for one in in_order)[name]
    if all(isinstance(one, list) for one in told):
        return _joined(in_order)
    match rule:
        case "first":
            return in_order[0]
        case "longest":
            return max(in_order, key=lambda value: len(str(value)))
        case "most":
            return max(in_order, key=lambda value: sum(one == value for one in in_order))
        case "largest" | "smallest":
            numbers = [value for value in in_order if _number(value) is not None]
            return _by_size(numbers, _number)[rule] if numbers else _by_size(in_order, str)[rule]
        case _:  # `newest`, and members without a rule: in the order that was made for them
            return told[0]


def when(value: Any) -> int:
    """When a moment or a day was, in microseconds; what is neither was before all of them."""
    for read, scale in ((to_instant, 1), (lambda text: to_day(text) - _EPOCH_DAY, DAY)):
        try:
            return read(value) * scale
        except InvalidValue:
            continue
    return -(2**63)


def _by_size(values: Sequence[Any], size: Callable[[Any], Any]) -> dict[str, Any]:
    """Where no value is a number, they are compared as the texts that they are (days, moments)."""
    return {"largest": max(values, key=size), "smallest": min(values, key=size)}


def _number(value: Any) -> Decimal | None:
    """Amounts are texts in JSON. `NaN` has no size."""
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _consent(records: Iterable[Members]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for record in records:
        for purpose, value in record.items():
            said = found.get(purpose)
            found[purpose] = False if value is False or said is False else value if said is None else said
    return found


def _joined(lists: Iterable[list[Any]]) -> list[Any]:
    found: list[Any] = []
    for one in lists:
        found += [item for item in one if item not in found]
    return found
