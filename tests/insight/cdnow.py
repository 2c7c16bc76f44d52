"""The CDNOW customers as counts: all of them from fixtures/cdnow, and the published sample where `lifetimes` is."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from mailweave.insight.purchase_counts import PurchaseCounts, purchase_counts

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))

import purchase_curve


@cache
def all_customers() -> PurchaseCounts:
    """23,570 customers, weeks 1 to 39, in weeks."""
    cut = (purchase_curve.CUT - purchase_curve.BEGIN).days / 7
    return purchase_counts(*purchase_curve.purchases(), cut)[1]


def weeks_of_cdnow() -> purchase_curve.Curve:
    """What the page shows."""
    return purchase_curve.curve()


def sample() -> PurchaseCounts:
    """The 2,357 customers of the paper, as `lifetimes` ships them."""
    datasets = lifetimes("datasets")
    found = datasets.load_cdnow_summary(index_col=[0])
    return PurchaseCounts(*(found[name].to_numpy(dtype=float) for name in ("frequency", "recency", "T")))


def lifetimes(module: str = "") -> Any:
    """That package, or a module of it; skips the test where it is not installed."""
    name = f"lifetimes.{module}" if module else "lifetimes"
    return pytest.importorskip(name, reason="needs lifetimes, an oracle of the extra dev")
