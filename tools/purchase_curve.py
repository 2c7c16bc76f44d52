"""python tools/purchase_curve.py: what docs/insight.md shows of the CDNOW customers (`make docs` writes it).

A BG/NBD model of weeks 1 to 39 of fixtures/cdnow, and the repeat purchases of weeks 40 to 78 that it did not see.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from mailweave.insight import BGNBD, bgnbd, purchase_counts
from mailweave.insight.line_plot import Line, line_plot
from mailweave.insight.purchase_counts import Numbers

EVENTS = Path(__file__).resolve().parents[1] / "fixtures" / "cdnow" / "events.parquet"
BEGIN, CUT, END = date(1997, 1, 1), date(1997, 9, 30), 78  # the last day that the model sees; weeks


class Curve(NamedTuple):
    """Cumulated repeat purchases by week, and the model that expected them."""

    model: BGNBD
    weeks: Numbers
    expected: Numbers
    actual: Numbers


def purchases() -> tuple[list[str], Numbers]:
    """Who bought, and when, in weeks since the first day of 1997."""
    import duckdb

    days = "date_diff('day', DATE '1997-01-01', CAST(\"at\" AT TIME ZONE 'UTC' AS DATE))"
    query = f"SELECT profile, {days} FROM read_parquet(?) WHERE type = 'purchase'"
    rows = duckdb.execute(query, [str(EVENTS)]).fetchall()
    return [key for key, _ in rows], np.array([day for _, day in rows]) / 7


@cache
def curve() -> Curve:
    """The curve; a few seconds."""
    who, at = purchases()
    cut = (CUT - BEGIN).days / 7
    model = bgnbd(*purchase_counts(who, at, cut)[1])
    weeks = np.arange(1.0, END + 1)
    births = cut - purchase_counts(who, at, cut)[1].T
    since = np.maximum(weeks[:, None] - np.unique(births), 0)
    expected = model.expected_repeats(since) @ np.unique(births, return_counts=True)[1]
    first: dict[str, float] = {}
    for key, when in sorted(zip(who, at.tolist(), strict=True), key=lambda one: one[1]):
        first.setdefault(key, when)
    pairs = {(key, when) for key, when in zip(who, at.tolist(), strict=True) if when > first[key]}
    repeats = np.sort([when for _, when in pairs])
    return Curve(model, weeks, expected, np.searchsorted(repeats, weeks).astype(np.float64))


def picture() -> str:
    """docs/cdnow.svg."""
    found = curve()
    actual = Line("actual", list(zip(found.weeks, found.actual, strict=True)), "#3347c4")
    expected = Line("expected", list(zip(found.weeks, found.expected, strict=True)), "#b4442b", dashed=True)
    title = "CDNOW, 23,570 customers: repeat purchases, cumulated"
    return line_plot(
        title, [actual, expected], across="week", up="purchases", mark=(39, "the model saw this far")
    )


if __name__ == "__main__":
    found = curve()
    print(found.model)
    for week in (39, 52, 65, 78):
        print(week, round(found.expected[week - 1]), round(found.actual[week - 1]))
