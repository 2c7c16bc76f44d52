"""How far an arm lies from the control: a difference, its 95 % interval, how surprising it is without any effect."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf, sqrt
from typing import Final, NamedTuple

from scipy.special import chdtrc, stdtr, stdtrit

from mailweave.batch.intervals import wilson
from mailweave.insight.samples import Sample, Share

LEVEL: Final = 0.05
"""Of all tests without an effect, this share is called one."""


class Interval(NamedTuple):
    """Where a value lies, from 95 of 100 samples like this one."""

    low: float
    high: float

    @property
    def above(self) -> bool:
        return self.low > 0

    @property
    def below(self) -> bool:
        return self.high < 0


EVERYTHING: Final = Interval(-inf, inf)


class Effect(NamedTuple):
    """`difference`: arm less control. `p_value`: the chance of one as large, either way, where there is no effect."""

    difference: float
    interval: Interval
    p_value: float


def effect(control: Sample, arm: Sample) -> Effect:
    """The effect by the test that fits: chi-squared and Newcombe's interval for shares, Welch's t for amounts.

    >>> found = effect(Share(48, 80), Share(56, 70))
    >>> round(found.difference, 3), [round(end, 4) for end in found.interval], round(found.p_value, 4)
    (0.2, [0.0524, 0.3339], 0.008)
    """
    if isinstance(control, Share) and isinstance(arm, Share):
        return Effect(arm.mean - control.mean, newcombe(control, arm), chi_squared(control, arm))
    return welch(control, arm)


def is_few(control: Sample, arm: Sample) -> bool:
    """Whether what holds for many may not hold for these: fewer than 30 recipients in a group, fewer than 5 to expect who
    did it or who did not (W. G. Cochran, Biometrics 10, 1954), fewer than 30 in a group who spent anything."""
    if min(control.of, arm.of) < 30:
        return True
    if isinstance(control, Share) and isinstance(arm, Share):
        share = (control.did + arm.did) / (control.of + arm.of)
        return min(control.of, arm.of) * min(share, 1 - share) < 5
    return min(control.responses, arm.responses) < 30


def newcombe(control: Share, arm: Share) -> Interval:
    """The hybrid score interval: R. G. Newcombe, "Interval Estimation for the Difference Between Independent
    Proportions", Statistics in Medicine 17, 1998, method 10. It stays within -1 and 1 and holds for small groups.
    """
    if not control.of or not arm.of:
        return Interval(-1.0, 1.0)
    (low0, high0), (low1, high1) = wilson(*control), wilson(*arm)
    at0, at1 = control.mean, arm.mean
    down, up = sqrt((at1 - low1) ** 2 + (high0 - at0) ** 2), sqrt((high1 - at1) ** 2 + (at0 - low0) ** 2)
    return Interval(at1 - at0 - down, at1 - at0 + up)


def chi_squared(control: Share, arm: Share) -> float:
    """The p-value of Pearson's chi-squared on two by two counts, one degree of freedom, without Yates' correction."""
    of = control.of + arm.of
    both = control.did + arm.did
    if not control.of or not arm.of or both in (0, of):
        return 1.0
    crossed = control.did * (arm.of - arm.did) - arm.did * (control.of - control.did)
    return float(chdtrc(1, of * crossed**2 / (control.of * arm.of * both * (of - both))))


def welch(control: Sample, arm: Sample) -> Effect:
    """Welch's t-test and its interval: B. L. Welch, "The Generalization of 'Student's' Problem when Several Different
    Population Variances Are Involved", Biometrika 34, 1947."""
    return contrast((control, arm), (-1, 1))


def contrast(samples: Sequence[Sample], signs: Sequence[int]) -> Effect:
    """The sum of means, each with its sign, by the same test: variances may differ, and add up."""
    at = sum(sign * one.mean for sign, one in zip(signs, samples, strict=True))
    return _by_t(at, _parts(*samples), tuple(one.of - 1 for one in samples))


def lift(control: Sample, arm: Sample) -> Effect:
    """The difference as a share of the control, by the delta method; infinitely uncertain where the control is at 0."""
    base = control.mean
    if base == 0:
        return Effect(0.0, EVERYTHING, 1.0)
    of_control, of_arm = _parts(control, arm)
    spread = (of_arm / base**2, of_control * arm.mean**2 / base**4)
    return _by_t((arm.mean - base) / base, spread, (arm.of - 1, control.of - 1), _parts(arm, control))


def _parts(*samples: Sample) -> tuple[float, ...]:
    """The variances of the means."""
    return tuple(one.variance / one.of if one.of else 0.0 for one in samples)


def _by_t(
    at: float, spread: tuple[float, ...], degrees: tuple[int, ...], freedom: tuple[float, ...] = ()
) -> Effect:
    """`spread`: the variances that add up; `freedom`: those that the degrees of freedom are worked out from."""
    variance = sum(spread)
    if variance <= 0 or min(degrees) < 1:
        return Effect(at, EVERYTHING, 1.0)
    parts = freedom or spread
    df = sum(parts) ** 2 / sum(one**2 / n for one, n in zip(parts, degrees, strict=True))
    half = float(stdtrit(df, 1 - LEVEL / 2)) * sqrt(variance)
    return Effect(at, Interval(at - half, at + half), 2 * float(stdtr(df, -abs(at) / sqrt(variance))))


def standard_error(control: Sample, arm: Sample) -> float:
    """That of the difference of the means."""
    return sqrt(sum(_parts(control, arm)))
