"""From draws that were sent to the next table, and whether it may take the place of the one that is there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mailweave.diagnostics import ArgumentError, Diagnostic, MailweaveError, diagnose
from mailweave.insight import off_policy
from mailweave.insight.logged_draws import (
    Chances,
    Columns,
    Counts,
    Logged,
    columns,
    counted,
    logged,
)
from mailweave.insight.off_policy import Estimate
from mailweave.insight.purchase_counts import Numbers
from mailweave.insight.responses import Question
from mailweave.insight.thompson import chances

if TYPE_CHECKING:
    from mailweave.campaign import Campaign
    from mailweave.decisions.drawing import Drawing

REWARDS: Final = ("open", "click", "conversion")


@dataclass(frozen=True, slots=True)
class Value:
    """What a table is worth by each estimator: rewards of a draw."""

    ips: Estimate
    snips: Estimate
    doubly_robust: Estimate
    effective: float


@dataclass(frozen=True, slots=True)
class Learned:
    """One slot.

    left_out: draws in buckets that the table has no more. counts: shown and rewarded, by bucket and block. old, new: what
    tables are worth to one half of the recipients, the new one learned from the other half. gain: new against old, doubly
    robust, of the same draws.
    """

    slot: str
    draws: int
    left_out: int
    counts: Counts
    table: Chances
    before: Chances
    old: Value
    new: Value
    gain: Estimate

    @property
    def is_better(self) -> bool:
        """Whether the interval of the gain leaves out nothing, and no loss."""
        return self.gain.interval.low > 0


@dataclass(frozen=True, slots=True)
class Learning:
    """All slots that a campaign draws, in the order of their names. events: what is wrong with the list of events."""

    reward: str
    slots: tuple[Learned, ...]
    place: str
    events: tuple[Diagnostic, ...] = ()

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """What is wrong with the events, and the slots whose new table is not shown to be better."""
        return self.events + tuple(
            diagnose(
                "MW880",
                place=self.place,
                slot=one.slot,
                gain=f"{one.gain.value:+.3%} [{one.gain.interval.low:+.3%}, {one.gain.interval.high:+.3%}]",
                draws=f"{one.draws:,}",
            )
            for one in self.slots
            if not one.is_better
        )


def learn(
    campaign: Campaign,
    sent: Sequence[str | Path],
    events: Sequence[str],
    asked: Question | None = None,
    *,
    reward: str = "click",
    floor: float = 0.05,
) -> Learning:
    """The next table of each slot that a campaign draws.

    sent: folders of outputs, of any version of the campaign: their rows say how they were drawn. events, asked: as
    `results` takes them. reward: `open`, `click` or `conversion`, once a mail. floor: the least chance of each block, so
    that it goes on being learned about.

    Raises MailweaveError: MW797 for a reward or floor that cannot be, MW881 where the campaign draws nothing or nothing
    that it draws was sent; and what `results` raises.
    """
    if reward not in REWARDS:
        raise ArgumentError("MW797", "reward", " or ".join(REWARDS), reward)
    if not 0.001 <= floor <= 0.5:
        raise ArgumentError("MW797", "floor", "a share from 0.1% to 50%", f"{floor:.4g}")
    drawn = {slot: one.drawing for slot, one in campaign.decisions.plan.columns.items() if one.drawing}
    place = ", ".join(map(str, sent))
    found, wrong = logged(sent, events, asked or Question(), reward) if drawn else ({}, ())
    slots = [_learned(slot, found[slot], drawn[slot], floor) for slot in sorted({*drawn} & {*found})]
    told = tuple(one for one in slots if one is not None)
    if not told:
        what = "its rows hold no draw for it" if drawn else "no column has the policy `learned`"
        raise MailweaveError([diagnose("MW881", place=place, what=what)])
    return Learning(reward, told, place, wrong)


def _learned(slot: str, found: Sequence[Logged], drawing: Drawing, floor: float) -> Learned | None:
    draws = [one for one in found if one.draw.bucket in drawing.chances]
    teaching, judging = ([one for one in draws if one.judges is half] for half in (False, True))
    if not teaching or not judging:
        return None
    blocks = tuple(next(iter(drawing.chances.values())))
    taught, before = counted(teaching, blocks), drawing.chances
    old, new = columns(judging, before, taught), columns(judging, _table(taught, floor), taught)
    gain = off_policy.of_terms(_terms(new) - _terms(old), new.people)
    counts = counted(draws, blocks)
    sizes = len(draws), len(found) - len(draws)
    return Learned(slot, *sizes, counts, _table(counts, floor), before, _value(old), _value(new), gain)


def _table(counts: Counts, floor: float) -> Chances:
    return {bucket: chances(of, floor) for bucket, of in counts.items()}


def _value(of: Columns) -> Value:
    seen = (of.rewards, of.shown, of.asked, of.people)
    return Value(
        off_policy.ips(*seen),
        off_policy.snips(*seen),
        off_policy.of_terms(_terms(of), of.people),
        off_policy.effective(of.shown, of.asked),
    )


def _terms(of: Columns) -> Numbers:
    return off_policy.robust_terms(of.rewards, of.shown, of.asked, of.foretold, of.foretold_of_policy)
