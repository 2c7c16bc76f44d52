"""Which arm of an experiment each row of an output is in, as its blocks and the experiment's own hash say.

A row does not name its arms. They are worked out again and compared with what the batch has counted; where the two
differ, or rows do not say enough, the arms are not told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from mailweave.decisions.experiments import arm_index
from mailweave.decisions.plan import AnyExperimentPlan, ConstantPlan, ExperimentPlan
from mailweave.insight.responses import Responses
from mailweave.rules import typed
from mailweave.rules.varied import Dependence
from mailweave.schema.types import Key

if TYPE_CHECKING:
    from mailweave.campaign import Campaign
    from mailweave.rules.checked import AnyExperiment, CheckedDocument

HELD_OUT: Final = "held out"
OUTSIDE: Final = "outside"
"""In the place of an arm: who got what is written and is not counted, by the holdout or by `only`."""


_ON: Final = {"block": "{}", "constant": "let {}", "wait": "wait of {}"}


class On(NamedTuple):
    """What an experiment varies, and its name."""

    kind: Literal["block", "constant", "wait"]
    name: str

    def __str__(self) -> str:
        return _ON[self.kind].format(self.name)


@dataclass(frozen=True, slots=True)
class Arms:
    """An experiment over the rows. `of`: the arm of each row, None where the experiment did not concern it. `untold`: why
    that is not known; then `of` is empty. decided: the segments that the arm decides about, by the constant it varies: who
    is in one is not the same people in each arm, so that nothing can be compared there."""

    name: str
    on: On
    names: tuple[str, ...]
    shares: tuple[float, ...]
    of: Sequence[str | None]
    untold: str = ""
    decided: frozenset[str] = frozenset()

    @property
    def control(self) -> str:
        """The arm that keeps what is written; the others are measured against it."""
        return self.names[0]


def arms(campaign: Campaign, rows: Responses, counted: Mapping[str, Mapping[str, int]]) -> list[Arms]:
    """Every experiment of a campaign, in the order of their names. `counted`: experiment to arm to how many, as the report
    of the output says."""
    decisions = campaign.decisions
    plans = sorted(decisions.plan.all_experiments, key=lambda one: one.name)
    declared = decisions.document.content.all_experiments
    decided = _decided(decisions.document)
    key = next((name for name, one in campaign.schema.profile.items() if isinstance(one.type, Key)), "")
    found = (
        _told(plan, declared[plan.name], plan.unit == key, rows, counted.get(plan.name, {})) for plan in plans
    )
    return [replace(one, decided=decided.get(one.name, frozenset())) for one in found]


def _decided(document: CheckedDocument) -> dict[str, frozenset[str]]:
    """By experiment, the segments that its arm decides about."""
    dependence = Dependence(document)
    of = {name: dependence.of_name(name) for name in document.segments}
    return {
        experiment: frozenset(name for name, found in of.items() if experiment in found)
        for experiment in document.content.constants
    }


def _told(
    plan: AnyExperimentPlan,
    declared: AnyExperiment,
    by_key: bool,
    rows: Responses,
    counted: Mapping[str, int],
) -> Arms:
    names, shares = tuple(arm.name for arm in plan.arms), tuple(float(arm.share) for arm in declared.arms)
    untold = _unsaid(plan, declared, by_key)
    found = [] if untold else [_arm(plan, declared, rows, place, by_key) for place in range(len(rows.keys))]
    told = Counter(one for one in found if one in names)
    if not untold and told != Counter({name: n for name, n in counted.items() if n}):
        untold, found = "the rows give other numbers than the report of the output", []
    return Arms(plan.name, _on(plan), names, shares, found, untold)


def _on(plan: AnyExperimentPlan) -> On:
    if isinstance(plan, ConstantPlan):
        return On("constant", plan.constant)
    assert isinstance(plan, ExperimentPlan)
    return On("block", plan.block)


def _unsaid(plan: AnyExperimentPlan, declared: AnyExperiment, by_key: bool) -> str:
    """What of an experiment rows cannot say, in words."""
    if declared.only is not None and not _of_segments(declared.only):
        return "its `only` asks for more than segments, and rows name these alone"
    if not by_key and isinstance(plan, ConstantPlan):
        return f"its unit `{plan.unit}` is not the key, and rows do not name the values of a constant"
    if not by_key and declared.holdout:
        return f"its unit `{plan.unit}` is not the key, and a holdout sees the same block as the control"
    return ""


def _arm(
    plan: AnyExperimentPlan, declared: AnyExperiment, rows: Responses, place: int, by_key: bool
) -> str | None:
    if not isinstance(plan, ExperimentPlan):
        return _by_hash(plan, declared, rows, place)
    shown = {block for blocks in rows.selections[place].values() for block in blocks}
    seen = next((arm.name for arm in plan.arms if arm.block is not None and arm.block in shown), None)
    if seen is None and plan.block not in shown:
        return None
    if declared.only is not None and not _holds(declared.only, rows.segments[place]):
        return OUTSIDE
    if not by_key:
        return seen or plan.arms[0].name
    index, _ = arm_index(plan, rows.keys[place])
    if index < 0:
        return HELD_OUT
    arm = plan.arms[index]
    return arm.name if (arm.block or plan.block) in shown else OUTSIDE


def _by_hash(plan: AnyExperimentPlan, declared: AnyExperiment, rows: Responses, place: int) -> str | None:
    """The arm of one on a constant, which concerns everybody who was mailed."""
    if declared.only is not None and not _holds(declared.only, rows.segments[place]):
        return OUTSIDE
    index, _ = arm_index(plan, rows.keys[place])
    return HELD_OUT if index < 0 else plan.arms[index].name


def _of_segments(condition: typed.Expr) -> bool:
    match condition:
        case typed.InSegment():
            return True
        case typed.And(terms=terms) | typed.Or(terms=terms):
            return all(map(_of_segments, terms))
        case typed.Not(term=term):
            return _of_segments(term)
        case _:  # whatever else reads the recipient's data, which rows do not hold
            return False


def _holds(condition: typed.Expr, segments: Sequence[str]) -> bool:
    """Of a condition over segments, which are two-valued."""
    match condition:
        case typed.InSegment(name=name):
            return name in segments
        case typed.And(terms=terms):
            return all(_holds(term, segments) for term in terms)
        case typed.Or(terms=terms):
            return any(_holds(term, segments) for term in terms)
        case typed.Not(term=term):
            return not _holds(term, segments)
        case _:  # `_of_segments` has refused it
            return False
