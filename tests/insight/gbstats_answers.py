"""python -m tests.insight.gbstats_answers: write what gbstats says of 200 random experiments.

gbstats 0.8.0 asks for numpy below 2, so it cannot be installed beside mailweave; it runs unpacked on the path. Its
answers are kept in fixtures/insight/gbstats.json, and asked again by a test where it is there.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

ANSWERS = Path(__file__).resolve().parents[2] / "fixtures" / "insight" / "gbstats.json"


def experiments() -> list[dict[str, Any]]:
    """100 of shares and 100 of amounts: sizes from 40 to a million, any base rate, effects from none to double."""
    random = np.random.default_rng(20261130)
    made: list[dict[str, Any]] = []
    for number in range(200):
        of = [int(n) for n in np.exp(random.uniform(np.log(40), np.log(1e6), 2))]
        if number < 100:
            base = float(np.exp(random.uniform(np.log(0.005), np.log(0.5))))
            did = [
                int(random.binomial(n, min(0.95, p)))
                for n, p in zip(of, (base, base * random.uniform(0.8, 2)), strict=True)
            ]
            if min(did) == 0:
                did = [max(1, one) for one in did]
            made.append({"of": of, "did": did})
        else:
            mean, spread = random.uniform(0.5, 50), random.uniform(1, 100)
            totals = [float(round(n * mean * random.uniform(0.9, 1.1), 2)) for n in of]
            squares = [
                float(round(t**2 / n + (n - 1) * spread**2, 2)) for t, n in zip(totals, of, strict=True)
            ]
            made.append({"of": of, "total": totals, "squares": squares})
    return made


def answers(one: dict[str, Any]) -> dict[str, Any]:
    """Tests of one experiment by gbstats: absolute, relative, sequential; whether sizes fit 50 : 50."""
    from gbstats.frequentist.tests import (
        FrequentistConfig,
        SequentialConfig,
        SequentialTwoSidedTTest,
        TwoSidedTTest,
    )
    from gbstats.models.statistics import ProportionStatistic, SampleMeanStatistic
    from gbstats.utils import check_srm

    if "did" in one:
        sides = [ProportionStatistic(n=n, sum=did) for n, did in zip(one["of"], one["did"], strict=True)]
    else:
        rows = zip(one["of"], one["total"], one["squares"], strict=True)
        sides = [SampleMeanStatistic(n=n, sum=total, sum_squares=squares) for n, total, squares in rows]
    absolute = TwoSidedTTest(*sides, FrequentistConfig(difference_type="absolute")).compute_result()
    relative = TwoSidedTTest(*sides, FrequentistConfig(difference_type="relative")).compute_result()
    always = SequentialTwoSidedTTest(*sides, SequentialConfig(difference_type="absolute")).compute_result()
    return {
        "absolute": [absolute.expected, *map(float, absolute.ci), absolute.p_value],
        "relative": [relative.expected, *map(float, relative.ci), relative.p_value],
        "sequential": list(map(float, always.ci)),
        "srm": float(check_srm(one["of"], [0.5, 0.5])),
    }


if __name__ == "__main__":
    told = [{**one, **answers(one)} for one in experiments()]
    ANSWERS.write_text("[\n" + ",\n".join(map(json.dumps, told)) + "\n]\n", encoding="utf-8")
