"""Experiments that other recipients take part in, or that put them into other arms."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from mailweave.decisions import DecisionProgram, Skip, compile_decisions_checked
from mailweave.diff.changes import RuleChange
from mailweave.diff.claims import Claim, Words
from mailweave.diff.judge import Judge, Verdict, Witness
from mailweave.diff.lets import conditions
from mailweave.diff.records import alone, judged
from mailweave.diff.retyping import rebuilt
from mailweave.diff.rules import is_mailed
from mailweave.diff.structure import Structure
from mailweave.prove.bucketing import named, selected
from mailweave.rules.checked import (
    AnyArm,
    AnyExperiment,
    Arm,
    CheckedDocument,
    ConstantExperiment,
    Experiment,
    ValueArm,
)
from mailweave.rules.prover.prover import Found
from mailweave.rules.prover.questions import AllOf, AnyOf, Holds, NotSo, Question
from mailweave.rules.prover.recipients import Recipient
from mailweave.rules.typed import ByArm, Expr, walk
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
        yield RuleChange("experiment", new.name, "changed", *said, _moved(judge, structure, old.name))


def _split(experiment: AnyExperiment) -> tuple[object, ...]:
    """What decides about the arm of whoever takes part, and what an arm gets."""
    arms = [(arm.name, arm.share, gets) for arm, gets in _arms(experiment)]
    return _on(experiment), experiment.unit, experiment.salt, experiment.holdout, arms


def _said(experiment: AnyExperiment) -> str:
    arms = ", ".join(f"{arm.name} {float(arm.share):.4g} -> {gets}" for arm, gets in _arms(experiment))
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


def _arms(experiment: AnyExperiment) -> Iterator[tuple[AnyArm, str]]:
    """Each arm with what it gets; the control gets what is written, which is compared by itself."""
    control, *others = experiment.arms
    yield control, _on(experiment)
    yield from ((arm, _gets(arm)) for arm in others)


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


def _moved(judge: Judge, structure: Structure, name: str) -> Verdict:
    """Somebody whom the hash puts into another arm than before, or who gets something else there; nobody may be at hand."""
    inside = judge.both(_tried(name))
    programs = [compile_decisions_checked(view.own) for view in (judge.union.old, judge.union.new)]
    for question in () if inside is None else (*_otherwise(judge, structure, name, inside), inside):
        answer = judge.prover.ask(question)
        if isinstance(answer, Found):
            who = judge.prover.plain(question, answer.recipient)
            found = next((each for each in named(programs[1], who, [name]) if _differs(programs, each)), None)
            if found is not None:
                return Verdict(only_new=Witness(found))
    return Verdict()


def _otherwise(judge: Judge, structure: Structure, name: str, inside: Question) -> Iterator[Question]:
    """That a condition says something else of somebody in an arm than it did, as the arm has another value."""
    arms = len(structure.new.content.all_experiments[name].arms)
    pairs = zip(_split_by(structure.old, name), _split_by(structure.new, name), strict=False)
    for (mine, yours), at in product(pairs, range(1, arms)):
        one, other = _in_arm(mine, name, at), _in_arm(yours, name, at)
        if not structure.same(one, other):
            old, new = Holds(judge.union.old.retyping(one)), Holds(judge.union.new.retyping(other))
            yield AllOf((inside, AnyOf((AllOf((old, NotSo(new))), AllOf((new, NotSo(old)))))))


def _split_by(document: CheckedDocument, name: str) -> list[Expr]:
    """The conditions that the arm of an experiment decides about."""
    return [
        condition
        for condition in conditions(document)
        if any(isinstance(part, ByArm) and part.experiment == name for part in walk(condition))
    ]


def _in_arm(condition: Expr, name: str, at: int) -> Expr:
    def read(part: Expr) -> Expr:
        if not isinstance(part, ByArm) or part.experiment != name:
            return part
        return part.conditions[min(at, len(part.conditions) - 1)]

    return rebuilt(condition, read)


def _differs(programs: list[DecisionProgram], who: Recipient) -> bool:
    old, new = (selected(program, who) for program in programs)
    if isinstance(old, Skip) or isinstance(new, Skip):
        return old != new
    return (old, old.arms, old.evaluation.segments) != (new, new.arms, new.evaluation.segments)
