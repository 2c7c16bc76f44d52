"""Experiments that other recipients take part in, or that put them into other arms."""

from __future__ import annotations

from collections.abc import Iterator

from mailweave.decisions import DecisionProgram, compile_decisions_checked
from mailweave.diff.changes import RuleChange
from mailweave.diff.claims import Claim, Words
from mailweave.diff.judge import Judge, Verdict, Witness
from mailweave.diff.records import alone, judged
from mailweave.diff.rules import is_mailed
from mailweave.diff.structure import Structure
from mailweave.prove.bucketing import named, selected
from mailweave.rules.checked import (
    AnyArm,
    AnyExperiment,
    Arm,
    ConstantExperiment,
    Experiment,
    ValueArm,
)
from mailweave.rules.prover.prover import Found
from mailweave.rules.prover.questions import AllOf, Question
from mailweave.rules.prover.recipients import Recipient
from mailweave.rules.wording import constant, spoken


def experiment_changes(judge: Judge, structure: Structure) -> Iterator[RuleChange]:
    """Every experiment that is not as it was."""
    old, new = structure.old.content.all_experiments, structure.new.content.all_experiments
    for name in dict.fromkeys((*old, *new)):
        if name not in new:
            yield alone(judge, "experiment", name, "old", _tried(name), _said(old[name]))
        elif name not in old:
            yield alone(judge, "experiment", name, "new", _tried(name), _said(new[name]))
        else:
            yield from _changed(judge, structure, old[name], new[name])


def _changed(
    judge: Judge, structure: Structure, old: AnyExperiment, new: AnyExperiment
) -> Iterator[RuleChange]:
    said = _said(old), _said(new)
    if not structure.same(old.only, new.only):
        found = judge.compare(_inside(old), _inside(new), _given(new.name))
        yield judged("experiment", f"{new.name}: only", found, *said)
    if _split(old) != _split(new):
        yield RuleChange("experiment", new.name, "changed", *said, _moved(judge, old.name))


def _split(experiment: AnyExperiment) -> tuple[object, ...]:
    """What decides about the arm of whoever takes part, and what an arm gets."""
    arms = [(arm.name, arm.share, _gets(arm)) for arm in experiment.arms]
    return _on(experiment), experiment.unit, experiment.salt, experiment.holdout, arms


def _said(experiment: AnyExperiment) -> str:
    arms = ", ".join(f"{arm.name} {float(arm.share):.4g} -> {_gets(arm)}" for arm in experiment.arms)
    only = "" if experiment.only is None else f" only {spoken(experiment.only)};"
    held = f" holdout {float(experiment.holdout):.4g};" if experiment.holdout else ""
    return f"on {_on(experiment)} by {experiment.unit} salt {experiment.salt!r};{only}{held} {arms}"


def _on(experiment: AnyExperiment) -> str:
    match experiment:
        case Experiment(block=block):
            return block
        case ConstantExperiment(constant=name):
            return f"let {name}"
        case _:  # there are no others
            raise TypeError(experiment)


def _gets(arm: AnyArm) -> str:
    match arm:
        case Arm(block=block):
            return block
        case ValueArm(value=value):
            return constant(value.value, value.type)
        case _:  # there are no others
            raise TypeError(arm)


def _tried(name: str) -> Claim:
    def claim(words: Words) -> Question:
        return AllOf((is_mailed(words), words.columns.tried(words.document.content.all_experiments[name])))

    return claim


def _given(name: str) -> Claim:
    """That the block of an experiment is chosen, before anybody takes part; one on a constant concerns everybody."""

    def claim(words: Words) -> Question:
        experiment = words.document.content.all_experiments[name]
        chosen = (words.columns.chosen(experiment.block),) if isinstance(experiment, Experiment) else ()
        return AllOf((is_mailed(words), *chosen))

    return claim


def _inside(experiment: AnyExperiment) -> Claim:
    only = experiment.only
    return lambda words: AllOf(()) if only is None else words.condition(only)


def _moved(judge: Judge, name: str) -> Verdict:
    """Somebody whom the hash puts into another arm than before; nobody may be at hand."""
    question = judge.both(_tried(name))
    answer = None if question is None else judge.prover.ask(question)
    if question is None or not isinstance(answer, Found):
        return Verdict()
    programs = [compile_decisions_checked(view.own) for view in (judge.union.old, judge.union.new)]
    who = judge.prover.plain(question, answer.recipient)
    found = next((each for each in named(programs[1], who, [name]) if _differs(programs, each)), None)
    return Verdict(only_new=None if found is None else Witness(found))


def _differs(programs: list[DecisionProgram], who: Recipient) -> bool:
    old, new = (selected(program, who) for program in programs)
    return old != new or getattr(old, "arms", None) != getattr(new, "arms", None)
