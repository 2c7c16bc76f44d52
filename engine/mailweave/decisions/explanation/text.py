"""An explanation as a marketer reads it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Literal, TypeAlias

from mailweave.decisions.explanation.model import (
    Atom,
    Cause,
    ConstantTrial,
    Contender,
    Membership,
    Place,
    Reading,
    Refusal,
    SlotExplanation,
    Story,
    TierStory,
    Trial,
)
from mailweave.decisions.explanation.sentences import refusal_sentence
from mailweave.diagnostics.printers import visible
from mailweave.rules.reserved import EMPTY

Detail: TypeAlias = Literal["all", "once", "short"]

_HOW = {
    "matrix": "from the matrix",
    "otherwise": "from the row otherwise",
    "fallback": "the fallback",
    "empty": "it is optional",
    "broken": "the fallback, because the promise of its policy is broken",
}
_MISSING = "without its unit, or without a list of an arm, not counted"
_EXPOSURE = {
    "outside": "outside of `only`, not counted",
    "held_out": "held out, not counted",
    "off": "switched off",
}


def as_text(explanation: Story, part: str | None = None, detail: Detail = "all") -> str:
    """The whole explanation, or one part of it: a slot, a segment, a tier, or "skip"."""
    if part is not None:
        return visible_lines(_part(explanation, part))
    if detail == "short":
        return visible_lines(_short(explanation))
    return visible_lines(_whole(explanation if detail == "all" else _without_repeats(explanation)))


def _short(explanation: Story) -> Iterator[str]:
    if explanation.skip is not None:
        yield refusal_sentence(explanation.skip)
    yield from (_on_constant(trial) for trial in explanation.trials if trial.exposure != "off")
    yield from (story.sentence for story in explanation.slots)


def _without_repeats(explanation: Story) -> Story:
    """The explanation, without the comparisons in slots that already stand at a segment."""
    slots = tuple(
        replace(story, contenders=tuple(map(_without_segments, story.contenders)))
        for story in explanation.slots
    )
    return replace(explanation, slots=slots)


def _without_segments(contender: Contender) -> Contender:
    causes = (
        replace(cause, atoms=()) if cause.why == "row_does_not_hold" else cause for cause in contender.causes
    )
    return replace(contender, causes=tuple(causes))


def _whole(explanation: Story) -> Iterator[str]:
    yield f"{explanation.ruleset} version {explanation.version}, at {explanation.now}"
    if explanation.locale is not None:
        yield f"written in {explanation.locale}"
    if explanation.skip is not None:
        yield from ("", *_refusal(explanation.skip))
    if explanation.segments or explanation.tiers:
        yield from ("", *_people(explanation))
    if explanation.trials:
        yield from ("", *(line for trial in explanation.trials for line in _constant(trial)))
    for story in explanation.slots:
        yield from ("", *_slot(story))


def _part(explanation: Story, part: str) -> Iterator[str]:
    if part == "skip":
        yield from ("is not skipped",) if explanation.skip is None else _refusal(explanation.skip)
    for membership in explanation.segments:
        if membership.name == part:
            yield from _membership(membership)
    for tier in explanation.tiers:
        if tier.name == part:
            yield from _tier(tier)
    for constant in explanation.trials:
        if constant.experiment == part:
            yield from _constant(constant)
    for story in explanation.slots:
        if story.name == part:
            yield from _slot(story)
        yield from (line for trial in story.trials if trial.experiment == part for line in _trial(trial))


def sentence(story: SlotExplanation, block: str) -> str:
    """Why `block` is shown: its row and rank, or that nothing else was left, and its experiment."""
    trial = next((t for t in story.trials if block in (t.shown, t.block)), None)
    decided = block if trial is None else trial.block
    winner = next((c for c in story.contenders if c.status == "won" and c.block == decided), None)
    if winner is None or story.how != "matrix":
        text = _how(story)
    else:
        rank = "" if winner.rank is None else f", rank {winner.rank}"
        text = f"in {winner.row}{rank}"
    if trial is not None and trial.exposure == "exposed":
        text += f"; arm {trial.arm} of experiment {trial.experiment}"
    return text


def visible_lines(lines: Iterable[str]) -> str:
    """Lines as one text, safe for a terminal."""
    return "\n".join(visible(line).rstrip() for line in lines) + "\n"


def _refusal(refusal: Refusal) -> Iterator[str]:
    why = f": {refusal.reason}" if refusal.reason else ""
    yield f"no mail: {refusal.code}{why}{_at(refusal.place)}"
    yield from _atoms(refusal.atoms, "  ")


def _people(explanation: Story) -> Iterator[str]:
    inside = [m.name for m in explanation.segments if m.member]
    yield "in: " + (", ".join(inside) or "no segment")
    if explanation.tiers:
        yield "tiers: " + ", ".join(f"{t.name} is {t.member or 'unknown'}" for t in explanation.tiers)
    for membership in explanation.segments:
        if not membership.member:
            yield from _membership(membership)


def _membership(membership: Membership) -> Iterator[str]:
    word = "in" if membership.member else "not in"
    yield f"{word} {membership.name}{_at(membership.place)}"
    yield from _atoms(membership.atoms, "  ")


def _tier(tier: TierStory) -> Iterator[str]:
    yield f"{tier.name} is {tier.member or 'unknown'}"
    for line in tier.lines:
        verdict = "holds" if line.member else "is unknown" if line.unknown else "does not hold"
        yield f"  {line.name} {verdict}{_at(line.place)}"
        yield from _atoms(line.atoms, "    ")


def _how(story: SlotExplanation) -> str:
    """How a slot came by its blocks; an optional one has no fallback that could stand in."""
    if story.how == "broken" and not story.chosen:
        return "because the promise of its policy is broken"
    return _HOW[story.how]


def _slot(story: SlotExplanation) -> Iterator[str]:
    yield f"{story.name}: {', '.join(story.chosen) or EMPTY} ({_how(story)})"
    for trial in story.trials:
        yield from _trial(trial)
    width = max((len(contender.block) for contender in story.contenders), default=0)
    for contender in story.contenders:
        yield from _contender(contender, width)


def _trial(trial: Trial) -> Iterator[str]:
    where = f"  experiment {trial.experiment} on {trial.block}"
    if trial.exposure == "exposed":
        shown = f", shown as {trial.shown}" if trial.shown != trial.block else ""
        yield f"{where}: arm {trial.arm}{shown}{_at(trial.place)}"
    else:
        missing = trial.exposure == "outside" and not trial.atoms
        yield f"{where}: {_MISSING if missing else _EXPOSURE[trial.exposure]}{_at(trial.place)}"
    yield from _atoms(trial.atoms, "    ")


def _constant(trial: ConstantTrial) -> Iterator[str]:
    yield f"{_on_constant(trial)}{_at(trial.place)}"
    yield from _atoms(trial.atoms, "  ")


def _on_constant(trial: ConstantTrial) -> str:
    """`experiment threshold: arm lower, so big is 50`."""
    missing = trial.exposure == "outside" and not trial.atoms
    why = "without its unit, not counted" if missing else _EXPOSURE.get(trial.exposure, f"arm {trial.arm}")
    return f"experiment {trial.experiment}: {why}, so {trial.constant} is {trial.value}"


def _contender(contender: Contender, width: int) -> Iterator[str]:
    origin = contender.row if contender.kind == "row" else contender.kind
    rank = f" {contender.rank}" if contender.rank is not None else ""
    if contender.status == "won":
        yield f"  + {contender.block:<{width}}  {origin}{rank}{_at(contender.place)}: won"
        return
    first, *more = contender.causes
    yield f"  - {contender.block:<{width}}  {origin}{rank}{_at(contender.place)}: {first.message}"
    yield from _atoms(first.atoms, "      ")
    for cause in more:
        yield from _cause(cause)


def _cause(cause: Cause) -> Iterator[str]:
    yield f"    and: {cause.message}{_at(cause.place)}"
    yield from _atoms(cause.atoms, "      ")


def _atoms(atoms: Iterable[Atom], indent: str) -> Iterator[str]:
    for atom in atoms:
        yield f"{indent}{atom.text}: {_truth(atom)}{_readings(atom)}{_at(atom.place)}"


def _truth(atom: Atom) -> str:
    return {True: "true", False: "false", None: "unknown"}[atom.result]


def _readings(atom: Atom) -> str:
    known = ", ".join(map(_reading, atom.readings))
    return f" ({known})" if known else ""


def _reading(reading: Reading) -> str:
    if reading.value is not None:
        return f"{reading.name} is {reading.value}"
    why = f" without consent to {reading.withheld}" if reading.withheld else ""
    return f"{reading.name} is missing{why}"


def _at(place: Place | None) -> str:
    return f" [{place}]" if place is not None else ""
