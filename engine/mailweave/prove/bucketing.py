"""Recipients whom the hash of an experiment, or of a draw, puts where they are wanted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from mailweave.decisions import DecisionProgram, Selection, Skip
from mailweave.rules.prover.naming import renamed
from mailweave.rules.prover.recipients import Recipient
from mailweave.rules.prover.replay import known_context


def selected(program: DecisionProgram, recipient: Recipient) -> Selection | Skip:
    """What a recipient gets, in the arms that the hash gives."""
    return program.select(
        recipient.profile,
        events=recipient.events,
        now=recipient.moment,
        context=known_context(program.document, recipient),
    )


def placed(
    program: DecisionProgram,
    recipient: Recipient,
    experiments: Iterable[str],
    fits: Callable[[Selection], bool],
) -> Recipient | None:
    """The recipient under the first name, of those that experiments hash, with which what they get fits; their `arms` are
    those that the hash gives."""
    for each in named(program, recipient, experiments):
        found = selected(program, each)
        if isinstance(found, Selection) and fits(found):
            constants = [e.name for e in program.plan.constants]
            return replace(each, arms={n: found.arms[n] for n in constants if n in found.arms})
    return None


def named(program: DecisionProgram, recipient: Recipient, experiments: Iterable[str]) -> Iterator[Recipient]:
    """The recipient, and the same under other names of what these experiments, and columns that draw, hash."""
    tried, columns = set(experiments), program.plan.columns.values()
    units = dict.fromkeys(e.unit for e in program.plan.all_experiments if e.name in tried)
    units |= dict.fromkeys(c.drawing.unit for c in columns if c.drawing is not None)
    yield from renamed(program.program.schema, recipient, units)
