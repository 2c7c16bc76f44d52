"""Intervals that hold however often one looks: whoever looks every day and stops when they like is wrong in 5 % at most.

I. Waudby-Smith, D. Arbour, R. Sinha, E. H. Kennedy, A. Ramdas, "Time-uniform central limit theory and asymptotic
confidence sequences", Annals of Statistics 52, 2024, arXiv 2103.06476: the interval is that of theorem 2.2, its parameter
chosen as in appendix B.2 to be narrowest at a given time.
"""

from __future__ import annotations

from math import log, sqrt
from typing import Final

from mailweave.insight.effects import EVERYTHING, LEVEL, Interval, standard_error
from mailweave.insight.samples import Sample, Share

NARROWEST_AT: Final = 500
"""Responses in both groups at which the interval is narrowest, beside one that is made for one look."""


def always_valid(control: Sample, arm: Sample, level: float = LEVEL) -> Interval:
    """The interval of the difference of two means. `level`: how rarely it may ever be wrong.

    Time is counted in responses and not in recipients: a list is mostly sent at once, and it is responses that come in
    from one look to the next. Where recipients come in day by day, both grow alike.
    """
    time = control.responses + arm.responses
    spread = standard_error(_spread_out(control), _spread_out(arm))
    if not time or not spread:
        return EVERYTHING
    half = spread * boundary(time, level)
    at = arm.mean - control.mean
    return Interval(at - half, at + half)


def _spread_out(sample: Sample) -> Sample:
    """With one more who did it and one who did not: a share of nobody, or of all, is not sure to be just that."""
    return Share(sample.did + 1, sample.of + 2) if isinstance(sample, Share) else sample


def boundary(time: float, level: float = LEVEL, narrowest_at: float = NARROWEST_AT) -> float:
    """How many standard errors an always-valid interval reaches to each side at a time; 1.96 would do for one look.

    >>> [round(boundary(time), 2) for time in (20, 500, 5000)]
    [5.1, 3.04, 3.24]
    """
    rate = (log(1 / level**2) + log(log(1 / level**2) + 1)) / narrowest_at
    grown = time * rate + 1
    return sqrt(grown / (grown - 1) * log(grown / level**2))
