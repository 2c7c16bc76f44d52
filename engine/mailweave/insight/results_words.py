"""How results are said, on the terminal and on the page."""

from __future__ import annotations

from math import isfinite

from mailweave.insight.campaign_results import Results
from mailweave.insight.comparisons import Comparison
from mailweave.insight.crossings import Crossing, Interaction
from mailweave.insight.effects import Interval

_REASONS = {
    "doubled": "doubled",
    "unread": "unread",
    "of_other_types": "of other types",
    "of_nobody": "of nobody {who}",
    "outside_of_the_days": "outside of the days",
}


def heading(found: Results) -> str:
    """How many were sent, and what of the events counts."""
    events = found.events
    who, told = ("whose wait began",) * 2 if found.is_of_waits else ("who was mailed", "sent")
    others = [f"{events[name]:,} {words.format(who=who)}" for name, words in _REASONS.items() if events[name]]
    left = f" ({', '.join(others)})" if others else ""
    return (
        f"{found.all.recipients:,} {told}; {events['counted']:,} of {events['events']:,} events counted{left}"
    )


def share(did: int, of: int) -> str:
    """A share of recipients.

    >>> share(1, 8), share(0, 0)
    ('12.5%', '')
    """
    return f"{did / of:.1%}" if of else ""


def p_value(value: float) -> str:
    """Two digits that count.

    >>> p_value(0.0312), p_value(0.00000012), p_value(1.0)
    ('0.031', '1.2e-07', '1')
    """
    return f"{value:.2g}"


def points(at: float | None, interval: Interval) -> str:
    """A difference of shares in percentage points, with where it lies.

    >>> points(0.012, Interval(0.001, 0.023)), points(None, Interval(-0.1, 0.1))
    ('+1.20 [+0.10, +2.30]', '[-10.00, +10.00]')
    """
    return _said(at, interval, 100)


def amount(at: float | None, interval: Interval) -> str:
    """A difference of amounts by recipient, with where it lies."""
    return _said(at, interval, 1)


def _said(at: float | None, interval: Interval, scale: int) -> str:
    ends = f"[{interval.low * scale:+,.2f}, {interval.high * scale:+,.2f}]"
    bounded = ends if isfinite(interval.low) and isfinite(interval.high) else "[no bounds]"
    return bounded if at is None else f"{at * scale:+,.2f} {bounded}"


def verdict(one: Comparison) -> str:
    """What is decided, or why nothing is."""
    if one.verdict != "open":
        return one.verdict
    return "not trusted" if not one.trusted else "too few" if one.few else "undecided"


def line(one: Comparison) -> str:
    """A comparison on the terminal."""
    said, unit = (amount, "") if one.metric == "revenue" else (points, " points")
    means = [f"{side.mean:,.3f}" if one.metric == "revenue" else f"{side.mean:.2%}" for side in one.samples]
    where = f" in {one.group[0]} {one.group[1]}" if one.group[1] else ""
    chance = "" if one.chance is None else f", chance to win {one.chance:.1%}"
    effect = f"{means[1]} against {means[0]}, {said(one.effect.difference, one.effect.interval)}{unit}"
    p = f"p {p_value(one.effect.p_value)}, corrected {p_value(one.adjusted)}"
    whenever = f"whenever looked {said(None, one.sequential)}"
    return f"{one.arm}{where}, {one.metric}: {effect}, {p}; {whenever}{chance}: {verdict(one)}"


def crossing_heading(one: Crossing) -> str:
    """Which two experiments met, and how many recipients."""
    together = sum(map(sum, one.sizes))
    drawn = "" if one.is_independent else f", not drawn independently (p = {p_value(one.independence)})"
    return f"{' and '.join(one.experiments)}: {together:,} recipients in both{drawn}"


def crossing_verdict(one: Interaction) -> str:
    """Whether one effect depends on the other arm, or why that is not told."""
    return "too few" if one.few else "depends" if one.depends else "adds up, as far as can be told"


def crossing_line(one: Interaction) -> str:
    """An interaction on the terminal."""
    said, unit = (amount, "") if one.metric == "revenue" else (points, " points")
    means = [f"{side.mean:,.3f}" if one.metric == "revenue" else f"{side.mean:.2%}" for side in one.samples]
    told = f"neither {means[0]}, the first {means[1]}, the second {means[2]}, both {means[3]}"
    effect = f"{said(one.effect.difference, one.effect.interval)}{unit}"
    p = f"p {p_value(one.effect.p_value)}, corrected {p_value(one.adjusted)}"
    return f"{one.pair}, {one.metric}: {told}; beyond their sum {effect}, {p}: {crossing_verdict(one)}"
