"""What came back from what was sent: counts by block, segment and locale, experiments judged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mailweave.diagnostics import Diagnostic, diagnose
from mailweave.insight import comparisons, tallies
from mailweave.insight.comparisons import Comparison
from mailweave.insight.crossings import Crossing, crossings
from mailweave.insight.event_findings import event_findings
from mailweave.insight.experiment_arms import HELD_OUT, OUTSIDE, Arms, On, arms
from mailweave.insight.exposed_rows import exposures, is_of_triggers
from mailweave.insight.responses import Flags, Question, Responses, responses
from mailweave.insight.sample_ratio import MISMATCH, sample_ratio
from mailweave.insight.sent_rows import output
from mailweave.insight.tallies import Tally
from mailweave.insight.wait_arms import wait_arms

if TYPE_CHECKING:
    from mailweave.campaign import Campaign


@dataclass(frozen=True, slots=True)
class Trial:
    """An experiment and how it came out. `arms`: a tally of each, the control first. mismatch: the p-value of the sizes of
    its arms. Where `untold` says why the arms are not known, there is nothing else."""

    name: str
    on: On
    shares: tuple[float, ...]
    arms: tuple[Tally, ...]
    held_out: int
    outside: int
    mismatch: float
    comparisons: tuple[Comparison, ...]
    untold: str = ""

    @property
    def is_trusted(self) -> bool:
        """Whether the arms have the sizes that were declared."""
        return not self.untold and self.mismatch >= MISMATCH


@dataclass(frozen=True, slots=True)
class Results:
    """All of it. `events`: how many of the list were counted, and why the others were not. `other_types`: of these, the
    most frequent types that nothing asked for. `crossings`: every two experiments that met the same recipients.
    is_of_waits: whether it is counted over everybody whose wait began, mailed or not."""

    asked: Question
    all: Tally
    events: Mapping[str, int]
    other_types: tuple[str, ...]
    slots: Mapping[str, tuple[Tally, ...]]
    segments: tuple[Tally, ...]
    locales: tuple[Tally, ...]
    trials: tuple[Trial, ...]
    place: str
    crossings: tuple[Crossing, ...] = ()
    is_of_waits: bool = False

    @property
    def hurt(self) -> tuple[Comparison, ...]:
        """Guards that an arm has made worse, over everybody or in a group."""
        found = (one for trial in self.trials for one in trial.comparisons)
        return tuple(one for one in found if one.is_guard and one.verdict == "worse")

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """What is wrong with data, arms or guards."""
        return tuple(self._found())

    def _found(self) -> Iterator[Diagnostic]:
        yield from event_findings(self.asked, self.events, self.other_types, self.place)
        if not self.all.did["conversion"]:
            yield diagnose("MW799", place=self.place, type=self.asked.conversion, days=f"{self.asked.days:g}")
        for trial in self.trials:
            if trial.untold:
                code = "MW369" if self.is_of_waits else "MW794"
                yield diagnose(code, place=self.place, experiment=trial.name, what=trial.untold)
            elif not trial.is_trusted:
                found = ", ".join(f"{arm.name} {arm.recipients:,}" for arm in trial.arms)
                declared = ", ".join(f"{share:.4g}" for share in trial.shares)
                yield diagnose(
                    "MW795",
                    place=self.place,
                    experiment=trial.name,
                    found=found,
                    declared=declared,
                    p=f"{trial.mismatch:.2g}",
                )
        yield from self._found_of_crossings()
        for one in self.hurt:
            where = "" if not one.group[1] else f" in {one.group[0]} {one.group[1]}"
            more = f"{one.samples[1].mean:.3%} against {one.samples[0].mean:.3%}{where}"
            yield diagnose(
                "MW796", place=self.place, guard=one.metric, arm=f"{one.experiment}.{one.arm}", more=more
            )

    def _found_of_crossings(self) -> Iterator[Diagnostic]:
        for crossing in self.crossings:
            if not crossing.is_independent:
                one, other = crossing.experiments
                p = f"{crossing.independence:.2g}"
                yield diagnose("MW786", place=self.place, experiment=one, other=other, p=p)
            for two in crossing.interactions:
                if two.depends and crossing.is_independent:
                    yield diagnose("MW787", place=self.place, arms=str(two.pair), metric=two.metric)


def results(
    campaign: Campaign,
    sent: str | Path,
    events: Sequence[str],
    asked: Question | None = None,
    *,
    correction: str = "holm",
    final: bool = False,
) -> Results:
    """What came back from an output of `mailweave batch`; of `mailweave trigger run`, over everybody whose wait began.

    campaign: the version that was sent. sent: the folder of the output. events: paths, globs or a table, as for a batch:
    `profile` (or `idempotency_key`), `type`, `at` with a zone; opens and clicks with `machine`, clicks with `block`; or
    those of `DeliveryEvent.as_event`.
    asked: what counts, and how long. correction: `holm` or `bh`. final: whether this is the one look that was planned,
    and fixed intervals decide; else the sequential ones do, however often one looks.

    Raises MailweaveError for what cannot be read (MW792, MW793 and those of lists).
    """
    asked = asked or Question()
    if is_of_triggers(Path(sent)):
        return _of_waits(campaign, Path(sent), events, asked, (correction, final))
    opened = output(Path(sent), campaign.digest)
    rows = responses(opened, events, asked)
    found = arms(campaign, rows, opened.report.get("arms", {}))
    segments, locales = tallies.by_segment(rows), tallies.by_locale(rows)
    groups = {"segment": segments, "locale": locales if len(locales) > 1 else {}}
    compared = comparisons.compare(found, rows, groups, correction, final)
    everybody = np.ones(len(rows.keys), dtype=np.bool_)
    return Results(
        asked,
        tallies.tally("all", rows, everybody),
        rows.events,
        rows.other_types,
        {slot: _of_slot(blocks, rows) for slot, blocks in tallies.by_block(rows).items()},
        tuple(tallies.tally(name, rows, of) for name, of in segments.items()),
        tuple(tallies.tally(name, rows, of) for name, of in locales.items()),
        tuple(_trial(one, rows, compared) for one in found),
        ", ".join(map(str, events)),
        tuple(crossings(found, rows, correction)),
    )


def _of_waits(
    campaign: Campaign, folder: Path, events: Sequence[str], asked: Question, how: tuple[str, bool]
) -> Results:
    """Experiments on waits, each over those whose wait it drew; nothing that depends on who got a mail."""
    exposed, (correction, final) = exposures(folder, campaign.config.name), how
    rows = responses(exposed.of(None), events, asked)
    found = [(one, mine or rows) for one, mine in wait_arms(campaign, exposed, events, asked)]
    made = (
        each for one, mine in found if not one.untold for each in comparisons.measured(one, mine, {}, final)
    )
    compared = comparisons.corrected(made, correction)
    everybody = tallies.tally("all", rows, np.ones(len(rows.keys), dtype=np.bool_))
    trials = tuple(_trial(one, mine, compared) for one, mine in found)
    place = ", ".join(map(str, events))
    return Results(
        asked, everybody, rows.events, rows.other_types, {}, (), (), trials, place, is_of_waits=True
    )


def _of_slot(blocks: Mapping[str, Flags], rows: Responses) -> tuple[Tally, ...]:
    made = []
    for block, of in blocks.items():
        clicked = rows.block_clicks.get(block)
        inside = (
            None if not rows.block_clicks else 0 if clicked is None else int(np.count_nonzero(clicked & of))
        )
        made.append(tallies.tally(block, rows, of, inside))
    return tuple(sorted(made, key=lambda one: (-one.recipients, one.name)))


def _trial(one: Arms, rows: Responses, compared: Sequence[Comparison]) -> Trial:
    if one.untold:
        return Trial(one.name, one.on, one.shares, (), 0, 0, 1.0, (), one.untold)
    number = comparisons.sizes(one)
    of = np.array(one.of, dtype=object)
    counted = tuple(tallies.tally(name, rows, of == name) for name in one.names)
    mismatch = sample_ratio([arm.recipients for arm in counted], one.shares)
    trusted = mismatch >= MISMATCH
    mine = tuple(replace(each, trusted=trusted) for each in compared if each.experiment == one.name)
    return Trial(one.name, one.on, one.shares, counted, number[HELD_OUT], number[OUTSIDE], mismatch, mine)
