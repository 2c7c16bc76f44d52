"""Arms against their control: overall, and in each segment and locale, corrected for how many they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

import numpy as np

from mailweave.insight.chance_to_win import chance_to_win
from mailweave.insight.corrections import CORRECTIONS
from mailweave.insight.effects import LEVEL, Effect, Interval, effect, is_few, lift
from mailweave.insight.experiment_arms import Arms
from mailweave.insight.responses import OUTCOMES, Flags, Responses
from mailweave.insight.samples import Sample, Share
from mailweave.insight.sequential import always_valid
from mailweave.insight.tallies import REVENUE, metrics, sample

Verdict: TypeAlias = Literal["better", "worse", "open"]
EVERYBODY: Final = "everybody"


@dataclass(frozen=True, slots=True)
class Comparison:
    """One arm against the control, in one metric, in one group.

    group: "everybody", "segment" or "locale", and its name. adjusted: the p-value, corrected. sequential: the interval that
    holds however often one looks, corrected too. chance: to be better (of a guard: to be less), by Bayes; None for
    amounts. few: whether there are too few to decide on. final: whether this is the one look that was planned. trusted:
    whether the arms have the sizes that were declared.
    """

    experiment: str
    arm: str
    metric: str
    group: tuple[str, str]
    samples: tuple[Sample, Sample]
    effect: Effect
    lift: Effect
    adjusted: float
    sequential: Interval
    chance: float | None
    few: bool
    final: bool
    trusted: bool = True

    @property
    def is_guard(self) -> bool:
        """Whether more of it is worse."""
        return self.metric not in (*OUTCOMES, REVENUE)

    @property
    def verdict(self) -> Verdict:
        """`open` until it is decided: by the corrected p-value at the one look, else by the sequential interval.

        Of arms that are not trusted only guards are judged.
        """
        decided = self.effect.interval if self.final else self.sequential
        if not (self.trusted or self.is_guard) or self.few or (self.final and self.adjusted >= LEVEL):
            return "open"
        if not (decided.above or decided.below):
            return "open"
        return "better" if decided.above != self.is_guard else "worse"


def compare(
    trials: Sequence[Arms],
    rows: Responses,
    groups: Mapping[str, Mapping[str, Flags]],
    correction: str,
    final: bool,
) -> list[Comparison]:
    """All comparisons of experiments over the same rows, corrected."""
    made = [one for trial in trials if not trial.untold for one in measured(trial, rows, groups, final)]
    return corrected(made, correction)


def corrected(comparisons: Iterable[Comparison], correction: str) -> list[Comparison]:
    """Those of one metric are corrected together: the ones of everybody, and the ones of groups. Guards of everybody are
    not, in their sequential interval: to miss one costs more than a false alarm."""
    made = list(comparisons)
    families: dict[tuple[str, bool], list[int]] = {}
    for place, one in enumerate(made):
        families.setdefault((one.metric, one.group[0] == EVERYBODY), []).append(place)
    for (_, is_overall), family in families.items():
        adjusted = CORRECTIONS[correction]([made[place].effect.p_value for place in family])
        for place, p_value in zip(family, adjusted, strict=True):
            one = made[place]
            level = LEVEL if one.is_guard and is_overall else LEVEL / len(family)
            made[place] = replace(one, adjusted=p_value, sequential=always_valid(*one.samples, level))
    return made


def measured(
    trial: Arms, rows: Responses, groups: Mapping[str, Mapping[str, Flags]], final: bool
) -> Iterator[Comparison]:
    """The arms of one experiment against its control, by themselves."""
    of = np.array(trial.of, dtype=object)
    places = {name: of == name for name in trial.names}
    for group, inside in _groups(np.isin(of, trial.names), groups, trial.decided):
        control = places[trial.control] & inside
        for name in trial.names[1:]:
            arm = places[name] & inside
            if control.any() and arm.any():
                for metric in metrics(rows):
                    pair = (sample(metric, rows, control), sample(metric, rows, arm))
                    yield _compared(trial.name, name, metric, group, pair, final)


def _groups(
    exposed: Flags, groups: Mapping[str, Mapping[str, Flags]], decided: frozenset[str]
) -> Iterator[tuple[tuple[str, str], Flags]]:
    """Everybody, and those groups that not all of the exposed are in: one of all says nothing new. Not the segments that
    the arm has decided about."""
    yield (EVERYBODY, ""), exposed
    for kind, named in groups.items():
        for name, inside in named.items():
            if (kind != "segment" or name not in decided) and (exposed & ~inside).any():
                yield (kind, name), inside


def _compared(
    experiment: str, arm: str, metric: str, group: tuple[str, str], pair: tuple[Sample, Sample], final: bool
) -> Comparison:
    found, (control, other) = effect(*pair), pair
    chance = (
        chance_to_win(control, other) if isinstance(control, Share) and isinstance(other, Share) else None
    )
    interval = always_valid(control, other)
    return Comparison(
        experiment, arm, metric, group, pair, found, lift(*pair), found.p_value, interval, chance, is_few(*pair), final
    )  # fmt: skip


def sizes(trial: Arms) -> Counter[str]:
    """Recipients by arm, and those held out or outside."""
    return Counter(one for one in trial.of if one is not None)
