"""What one currency is worth in another, by the day: what a table says, and nothing between its lines."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import ROUND_HALF_EVEN, Context, Decimal
from pathlib import Path
from typing import Final, NamedTuple

from pydantic import ValidationError

from mailweave.data.intake.refusals import CellRefused
from mailweave.data.mapping import DataMapping
from mailweave.data.settings import Rate
from mailweave.diagnostics import MailweaveError, diagnose

_PLACES: Final = Decimal("0.0001")
_EXACT: Final = Context(prec=60)
_HEADER: Final = ("on", "from", "to", "rate")


class Exchange(NamedTuple):
    """From which currency, into which, on which day."""

    source: str
    target: str
    day: date


class Rates:
    """A dated table of rates. None is turned round, chained or carried on to another day.

    >>> table = Rates([Rate(**{"on": "2026-11-02", "from": "USD", "to": "EUR", "rate": "0.8615"})])
    >>> table.converted(Decimal("20.00"), Exchange("USD", "EUR", date(2026, 11, 2)))
    Decimal('17.2300')
    """

    def __init__(self, rates: Iterable[Rate] = (), place: str = "data.toml") -> None:
        """Raises MailweaveError (MW830) where two lines say different things."""
        found: dict[Exchange, Decimal] = {}
        for one in rates:
            exchange = Exchange(one.source, one.target, one.day)
            if found.setdefault(exchange, one.rate) != one.rate:
                what = f"two rates from {one.source} to {one.target} on {one.day}"
                raise MailweaveError([diagnose("MW830", place=place, what=what, todo="leave one of them")])
        self._rates: Mapping[Exchange, Decimal] = found

    def converted(self, amount: Decimal, exchange: Exchange) -> Decimal:
        """The amount with four decimal places, half to even. Raises CellRefused (`no_rate`)."""
        if exchange.source == exchange.target:
            return amount
        rate = self._rates.get(exchange)
        if rate is None:
            why = f"there is no rate from {exchange.source} to {exchange.target} of its day in the table"
            raise CellRefused("no_rate", why)
        return _EXACT.multiply(amount, rate).quantize(_PLACES, ROUND_HALF_EVEN, _EXACT)


def rates_of(mapping: DataMapping) -> Rates:
    """The table of a mapping. Raises MailweaveError (MW830)."""
    given = mapping.settings.rates
    if isinstance(given, str):
        return _of_file(mapping.folder / given)
    return Rates(given, mapping.text.source.name)


def _of_file(path: Path) -> Rates:
    """The table in a CSV file with the columns `on`, `from`, `to` and `rate`. Raises MailweaveError (MW830)."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            if tuple(rows.fieldnames or ()) != _HEADER:
                raise _unusable(path, f"its columns are not {', '.join(_HEADER)}")
            return Rates([_rate(path, rows.line_num, row) for row in rows], str(path))
    except OSError as error:
        raise _unusable(path, error.strerror or type(error).__name__) from None
    except (UnicodeDecodeError, csv.Error):
        raise _unusable(path, "it is no CSV in UTF-8") from None


def _rate(path: Path, line: int, row: Mapping[str, str]) -> Rate:
    try:
        return Rate.model_validate(row)
    except ValidationError:
        raise _unusable(path, f"line {line} is no day, two codes and a rate above 0") from None


def _unusable(path: Path, what: str) -> MailweaveError:
    todo = "write lines such as 2026-11-02,USD,EUR,0.8615 below the header on,from,to,rate"
    return MailweaveError([diagnose("MW830", place=str(path), what=what, todo=todo)])
