"""Amounts of money: their currency from the cell, the mapping or another column, exchanged on a day that is said."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from mailweave.data.intake.moments import read_day
from mailweave.data.intake.numbers import NumberReader
from mailweave.data.intake.rates import Exchange, Rates
from mailweave.data.intake.raw_values import LONGEST_NUMBER, as_text
from mailweave.data.intake.refusals import CellRefused
from mailweave.data.settings import Column, OnColumn
from mailweave.values.currencies import is_currency
from mailweave.values.invalid_value import InvalidValue
from mailweave.values.money import to_decimal, to_units

_PARTS: Final = re.compile(
    r"([^0-9.,' \u00a0\u202f\u2019+\u2212-]*)[ \u00a0\u202f]*([+\u2212-]?[0-9].*?[0-9]|[+\u2212-]?[0-9])"
    r"[ \u00a0\u202f]*([^0-9.,' \u00a0\u202f\u2019+\u2212-]*)"
)
_LONGEST: Final = 2 * LONGEST_NUMBER  # with its currency


class AmountReader:
    """Reads amounts of a column into the currency of its attribute."""

    def __init__(self, column: Column, target: str, mark: str | None, rates: Rates) -> None:
        self._column, self._target, self._rates = column, target, rates
        self._numbers = NumberReader(column.decimal or mark)

    def __call__(self, text: str, row: Mapping[str, Any], repairs: list[str]) -> str:
        """The amount as decimal text. Raises CellRefused."""
        amount, named = self._parted(text)
        source = self._source(named, row)
        plain = self._numbers.plain(amount, few=True)
        units = _units(plain)
        if source != self._target:
            exchange = Exchange(source, self._target, self._day(row))
            units = _units(str(self._rates.converted(Decimal(plain), exchange)))
            repairs.append("exchanged")
        elif plain != text:
            repairs.append("amount")
        return str(to_decimal(units))

    def _parted(self, text: str) -> tuple[str, str | None]:
        """The figures, and the currency that stands beside them."""
        found = _PARTS.fullmatch(text) if len(text) <= _LONGEST else None
        if found is None:
            raise CellRefused("amount", "is no amount")
        before, amount, after = (one.strip() for one in found.groups())
        if before and after:
            raise CellRefused("amount", "has something on both sides of its figures")
        return amount, self._code(before or after)

    def _code(self, mark: str) -> str | None:
        if not mark:
            return None
        code = self._column.symbols.get(mark, mark)
        if not is_currency(code):
            why = 'has a sign of money that is not said: name it in `symbols`, such as {"$" = "USD"}'
            raise CellRefused("currency", why)
        return code

    def _source(self, named: str | None, row: Mapping[str, Any]) -> str:
        said = self._column.currency
        if isinstance(said, OnColumn):
            column, cell = said.source, row.get(said.source)
            said = None if cell in (None, "") else self._code(as_text(cell).strip())
            if said is None and named is None:
                raise CellRefused("currency", f"has no currency in the column `{column}`")
        if named is not None and said is not None and named != said:
            raise CellRefused("currency", "names another currency than the mapping")
        return named or said or self._target

    def _day(self, row: Mapping[str, Any]) -> date:
        on = self._column.on
        if isinstance(on, date):
            return on
        cell = None if on is None else row.get(on.source)
        if on is None or cell in (None, ""):
            raise CellRefused("no_rate", "is money of another currency, and no day (`on`) says at which rate")
        return date.fromisoformat(read_day(as_text(cell).strip(), on.format))


def _units(plain: str) -> int:
    try:
        return to_units(plain)
    except InvalidValue as refusal:
        raise CellRefused("amount", refusal.reason) from None
