"""What is left of several rows of one person: member by member, by a rule each; consent only if nobody took it back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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
            numbers = sorted(in_order, key=_size)
            return numbers[-1 if rule == "largest" else 0]
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


def _size(value: Any) -> tuple[int, Any]:
    """Amounts are texts in JSON; what is no number is compared as the text that it is (days, moments)."""
    try:
        return (0, Decimal(str(value)))
    except InvalidOperation:
        return (1, str(value))


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
