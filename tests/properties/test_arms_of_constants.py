"""An experiment on a constant over random rule texts: in an arm, everything is as with the arm's value written there."""

from __future__ import annotations

import random
import re
from functools import lru_cache
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, Phase, assume, event, given, settings
from hypothesis import strategies as st
from tests.properties.decision_worlds import NOW, Condition, Experiment, World, conditions, worlds
from tests.properties.decision_worlds import Recipient as Person
from tests.properties.decision_worlds import recipients as people
from tests.properties.rule_worlds import recipients, rule_texts

from mailweave.decisions import DecisionProgram, Selection, Skip, compile_decisions
from mailweave.rules import CheckedDocument, check, compile_checked, parse
from mailweave.rules.reference_evaluator import interpret
from mailweave.source import Source
from mailweave.values.hashing import bucket_after, fnv1a32

some = settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # trials are dear to shrink
)
seeds = st.integers(0, 2**32 - 1).map(random.Random)


class Trial(NamedTuple):
    """An experiment on `let big`, as plain data; values by arm, the control first."""

    world: World
    values: tuple[int, ...]
    only: Condition | None
    holdout: int
    share: int

    @property
    def experiment(self) -> Experiment:
        """Read as one on a block, by what decides about its arms."""
        rest = 100 - self.share
        others = (
            [("lower", rest - rest // 2), ("less", rest // 2)] if len(self.values) > 2 else [("lower", rest)]
        )
        arms = (("control", self.share, None), *((name, part, None) for name, part in others))
        return Experiment("threshold", "", "2026-12", self.only, self.holdout, arms)

    def plain(self, value: int) -> str:
        """The text in which the constant has a value, without the experiment."""
        return f"{_varied(self.world)}let big = {value}\n"

    def text(self) -> str:
        gets = dict(zip((name for name, _, _ in self.experiment.arms), self.values, strict=True))
        arms = ", ".join(
            f"{name} {share}%" + ("" if name == "control" else f" -> {gets[name]}")
            for name, share, _ in self.experiment.arms
        )
        only = f"  only {self.only.text()}\n" if self.only else ""
        return (
            f"{self.plain(self.values[0])}experiment threshold on let big {{\n"
            f'  unit id salt "2026-12"\n{only}  holdout {self.holdout}%\n  split {arms}\n}}\n'
        )

    def outcome(self, who: Person) -> str:
        """The arm of somebody, or why there is none, as docs/language.md says it."""
        if self.only is not None and self.only.value(who) is not True:
            return "outside"
        place, start = round(bucket_after(fnv1a32("2026-12"), who.id) * 10_000), 0
        for name, share, _ in self.experiment.arms:
            if start <= place < start + share * (100 - self.holdout):
                return name
            start += share * 100
        return "held_out"


def _varied(world: World) -> str:
    """The text, in which every number that a condition of segments and blocks asks for is the constant."""
    kept = ("  only", "segment skipped")
    lines = world.text().splitlines(keepends=True)
    return "".join(line if line.startswith(kept) else re.sub(r"> -?\d+\b", "> big", line) for line in lines)


@st.composite
def trials(draw: st.DrawFn) -> Trial:
    world = draw(worlds().filter(lambda one: "> big" in _varied(one)))
    values = draw(st.lists(st.integers(-3, 4), min_size=2, max_size=3, unique=True))
    only = draw(st.none() | conditions)
    return Trial(world, tuple(values), only, draw(st.sampled_from([0, 5, 50])), draw(st.integers(1, 97)))


@lru_cache(maxsize=64)
def compiled(text: str) -> DecisionProgram:
    return compile_decisions(text)


def about(who: Person) -> dict[str, Any]:
    """What is asked of somebody beside their profile."""
    return {"events": who.events(), "now": NOW}


def _told(found: Selection | Skip) -> object:
    if isinstance(found, Skip):
        return found
    said = found.evaluation
    others = {name: arm for name, arm in found.arms.items() if name != "threshold"}
    return dict(found), dict(found.reasons), others, said.segments, said.tiers


@some
@given(trials(), seeds)
def test_an_arm_gets_what_its_value_gives(trial: Trial, chance: random.Random) -> None:
    compare(trial, chance)


@pytest.mark.deep
@settings(some, max_examples=600)
@given(trials(), seeds)
def test_an_arm_gets_what_its_value_gives_at_length(trial: Trial, chance: random.Random) -> None:
    compare(trial, chance)


def compare(trial: Trial, chance: random.Random) -> None:
    program, names = compiled(trial.text()), [name for name, _, _ in trial.experiment.arms]
    for who in people(trial.world, chance, 12):
        given, outcome = about(who), trial.outcome(who)
        at = names.index(outcome) if outcome in names else 0
        got = program.select(who.profile(), **given)
        assert _told(got) == _told(compiled(trial.plain(trial.values[at])).select(who.profile(), **given))
        if isinstance(got, Selection):
            arms = {"threshold": outcome} if outcome in names else {}
            unexposed = {} if outcome in names else {"threshold": outcome}
            assert {n: a for n, a in got.arms.items() if n == "threshold"} == arms
            assert {n: w for n, w in got.unexposed.items() if n == "threshold"} == unexposed
            event(outcome)
        _by_hand(trial, who, names)


def _by_hand(trial: Trial, who: Person, names: list[str]) -> None:
    """An arm that is named holds whatever the hash says, but not outside of `only`; without one, everybody is control."""
    program, outside = compiled(trial.text()), trial.outcome(who) == "outside"
    given = about(who)
    for at, name in enumerate(names):
        got = program.select(who.profile(), **given, arms={"threshold": name})
        wanted = compiled(trial.plain(trial.values[0 if outside else at]))
        assert _told(got) == _told(wanted.select(who.profile(), **given, arms={}))
        if isinstance(got, Selection):
            assert got.arms == ({} if outside else {"threshold": name})
    off = program.select(who.profile(), **given, arms={})
    assert _told(off) == _told(compiled(trial.plain(trial.values[0])).select(who.profile(), **given, arms={}))
    assert isinstance(off, Skip) or not (off.arms or off.unexposed)


@some
@given(trials(), seeds)
def test_an_explanation_says_what_is_so(trial: Trial, chance: random.Random) -> None:
    program = compiled(trial.text())
    for who in people(trial.world, chance, 4):
        given = about(who)
        got, told = program.select(who.profile(), **given), program.explain(who.profile(), **given)
        (story,) = told.trials
        outcome = trial.outcome(who)
        assert (story.arm or story.exposure) == outcome
        names = [name for name, _, _ in trial.experiment.arms]
        assert story.value == str(trial.values[names.index(outcome) if outcome in names else 0])
        if isinstance(got, Selection):
            assert {slot.name: slot.chosen for slot in told.slots} == dict(got)


# ---- texts of every kind of expression

_ASKED = re.compile(r"\b(orders|points|qty|count\([a-z]+\)) (==|!=|<=|>=|<|>) (-?\d+)(?![\d.]| [a-zA-Z]|%)")


@some
@given(rule_texts((3, 7)), st.data(), st.integers(-3, 8))
def test_conditions_of_every_kind(text: str, data: st.DataObject, value: int) -> None:
    """By hand, so that every recipient is asked in both arms; the interpreter agrees, and so it does about the hash."""
    found = _ASKED.search(text)
    assume(found is not None and "skip" not in text)
    assert found is not None
    written = found[3]
    varied = _ASKED.sub(lambda m: f"{m[1]} {m[2]} big" if m[3] == written else m[0], text)
    plain = {arm: checked(f"{varied}let big = {number}\n") for arm, number in (("a", written), ("b", value))}
    whole = checked(
        f'{varied}let big = {written}\nexperiment x on let big {{\n  unit id salt "s"\n  split a 50%, b 50% -> {value}\n}}\n'
    )
    program, others = compile_checked(whole), {arm: compile_checked(one) for arm, one in plain.items()}
    for _ in range(3):
        who = data.draw(recipients(whole))
        given: dict[str, Any] = {"events": who.events, "context": who.context, "now": who.now}
        admitted = program.admit(who.profile, who.events, context=who.context, now=who.now)
        for arm, other in others.items():
            got, wanted = (
                program.evaluation(admitted.in_arms({"x": arm})),
                other.evaluate(who.profile, **given),
            )
            assert (got.segments, got.tiers, got.skip) == (wanted.segments, wanted.tiers, wanted.skip)
            naive = interpret(whole, who.profile, **given, arms={"x": arm})
            assert (got.segments, got.tiers) == (naive.segments, naive.tiers)
            event(arm)
        drawn, naive = program.evaluation(admitted), interpret(whole, who.profile, **given)
        assert (drawn.segments, drawn.tiers) == (naive.segments, naive.tiers)


def checked(text: str) -> CheckedDocument:
    document = check(parse(Source("random.rules", text)).document).document
    assume(document is not None)
    assert document is not None
    return document


@some
@given(trials(), seeds)
def test_a_smaller_holdout_moves_nobody(trial: Trial, chance: random.Random) -> None:
    """Who is in an arm stays in it when the holdout shrinks."""
    smaller = trial._replace(holdout=0)
    for who in people(trial.world, chance, 6):
        if (arm := trial.outcome(who)) not in ("outside", "held_out"):
            assert smaller.outcome(who) == arm
            got = compiled(smaller.text()).select(who.profile(), events=who.events(), now=NOW)
            assert isinstance(got, Skip) or got.arms["threshold"] == arm
