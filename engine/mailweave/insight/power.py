"""How many recipients an experiment needs, before it starts; what it can find with those there are.

J. L. Fleiss, B. Levin, M. C. Paik, "Statistical Methods for Rates and Proportions", third edition, 2003, equations 4.14 and
4.18 (without the correction for continuity, as `results` tests without it).
"""

from __future__ import annotations

from itertools import accumulate, pairwise
from math import ceil, inf, sqrt
from typing import NamedTuple

from scipy.special import ndtr, ndtri

from mailweave.diagnostics import ArgumentError
from mailweave.insight.effects import LEVEL

_CLOSE = 1e-9
_MOST = 10**12  # recipients
_FARTHEST = 1e6


class Plan(NamedTuple):
    """An experiment before it starts. `recipients`: of each arm, the control first. `power`: the chance that the effect is
    found where there is one. `level`: of one comparison, all of them together staying at 5 %."""

    baseline: float
    lift: float
    recipients: tuple[int, ...]
    power: float
    level: float

    @property
    def total(self) -> int:
        return sum(self.recipients)


def plan(
    baseline: float,
    *,
    lift: float | None = None,
    recipients: int | None = None,
    power: float = 0.8,
    split: tuple[float, ...] = (50, 50),
) -> Plan:
    """The one that is not given of `lift`, `recipients` and `power`, from the two that are.

    baseline: the share of the control, such as 0.03. lift: the smallest change that is worth finding, as a share of it
    (0.1 is from 3 % to 3.3 %). recipients: of all arms. power: what is wanted; with `lift` and `recipients` both given it
    is worked out. split: the shares of the arms, the control first; several arms share the 5 % (Bonferroni).

    Raises ArgumentError (MW797) for what no experiment can have.

    >>> plan(0.03, lift=0.1, power=0.8).recipients
    (53211, 53211)
    >>> round(plan(0.03, recipients=20_000).lift, 3)
    0.238
    >>> round(plan(0.03, lift=0.1, recipients=20_000).power, 3)
    0.229
    """
    _check(baseline, lift, recipients, power, split)
    level = LEVEL / (len(split) - 1)
    if lift is None:
        assert recipients is not None
        lift = _least_lift(baseline, _pair(recipients, split), power, level)
    elif recipients is None:
        control = _control(baseline, baseline * (1 + lift), min(split[1:]) / split[0], power, level)
        sizes = tuple(ceil(control * share / split[0] - _CLOSE) for share in split)
        return Plan(baseline, lift, sizes, power, level)
    else:
        power = power_of(baseline, baseline * (1 + lift), _pair(recipients, split), level)
    return Plan(baseline, lift, _sizes(recipients, split), power, level)


def _sizes(recipients: int, split: tuple[float, ...]) -> tuple[int, ...]:
    """Everybody in one arm: 2,495 halved are 1,248 and 1,247."""
    ends = [round(recipients * upto / sum(split)) for upto in accumulate(split)]
    return tuple(end - begin for begin, end in pairwise([0, *ends]))


def power_of(p0: float, p1: float, sizes: tuple[float, float], level: float = LEVEL) -> float:
    """The chance that chi-squared at this level, two-sided, tells the one share from the other."""
    n0, n1 = sizes
    mean = (p0 * n0 + p1 * n1) / (n0 + n1)
    null = sqrt(mean * (1 - mean) * (1 / n0 + 1 / n1))
    own = sqrt(p0 * (1 - p0) / n0 + p1 * (1 - p1) / n1)
    reach = -ndtri(level / 2) * null
    return float(ndtr((abs(p1 - p0) - reach) / own) + ndtr((-abs(p1 - p0) - reach) / own))


def _control(p0: float, p1: float, ratio: float, power: float, level: float) -> float:
    """Recipients of the control; `ratio`: those of the arm by those of the control."""
    mean = (p0 + ratio * p1) / (1 + ratio)
    null = -ndtri(level / 2) * sqrt((ratio + 1) * mean * (1 - mean))
    own = ndtri(power) * sqrt(ratio * p0 * (1 - p0) + p1 * (1 - p1))
    return float((null + own) ** 2 / (ratio * (p1 - p0) ** 2))


def _least_lift(baseline: float, sizes: tuple[float, float], power: float, level: float) -> float:
    """By halving: the power grows with the lift."""
    low, high = 0.0, 1 / baseline - 1
    if power_of(baseline, baseline * (1 + high) - _CLOSE, sizes, level) < power:
        raise _impossible("recipients", "enough for some lift", "too few for any")
    while high - low > _CLOSE:
        middle = (low + high) / 2
        enough = power_of(baseline, baseline * (1 + middle), sizes, level) >= power
        low, high = (low, middle) if enough else (middle, high)
    return high


def _pair(recipients: int, split: tuple[float, ...]) -> tuple[float, float]:
    """The control, and the smallest of the other arms: the one that is hardest to tell."""
    return recipients * split[0] / sum(split), recipients * min(split[1:]) / sum(split)


def _check(
    baseline: float, lift: float | None, recipients: int | None, power: float, split: tuple[float, ...]
) -> None:
    if not _CLOSE <= baseline < 1:
        raise _impossible("baseline", "a share between 0 and 1, such as 0.03", f"{baseline:g}")
    if lift is None and recipients is None:
        raise _impossible("lift", "`lift`, `recipients` or both", "neither")
    if lift is not None and not (baseline * (1 + lift) != baseline and 0 < baseline * (1 + lift) < 1):
        raise _impossible("lift", "a change that leaves the share between 0 and 1", f"{lift:g}")
    if not 0.05 < power < 1:
        raise _impossible("power", "a chance between 5 % and 100 %, such as 0.8", f"{power:g}")
    if len(split) < 2 or not min(split) > 0 or not max(split) <= min(split) * _FARTHEST < inf:
        raise _impossible(
            "split",
            "two shares or more, each above 0 and none a million times another",
            ", ".join(f"{one:g}" for one in split),
        )
    if recipients is not None and not 2 * len(split) <= recipients <= _MOST:
        raise _impossible(
            "recipients", f"{2 * len(split)} or more, at most {_MOST:,}", f"{recipients:,}"[:30]
        )


def _impossible(field: str, expected: str, got: str) -> ArgumentError:
    return ArgumentError("MW797", field, expected, got)
