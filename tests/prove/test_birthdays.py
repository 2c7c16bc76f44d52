"""A witness has a birthday that there is, whatever year z3 chose for it."""

from __future__ import annotations

from datetime import date

import pytest

from mailweave.rules.prover.encoding.models import _born
from mailweave.values import calendar


@pytest.mark.parametrize(
    "anniversary", [date(2028, 2, 29), date(2026, 2, 28), date(2026, 3, 1), date(2024, 12, 31)]
)
def test_a_birthday_has_the_anniversary_that_is_asked_for(anniversary: date) -> None:
    day = anniversary.toordinal()
    for value in (0, 1, *(date(year, 5, 17).toordinal() for year in range(1880, 2040))):
        assert calendar.anniversary(_born(day, value), day) == day
