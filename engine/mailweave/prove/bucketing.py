"""Recipients whom the hash of an experiment, or of a draw, puts where they are wanted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

from mailweave.decisions import DecisionProgram, Selection, Skip
from mailweave.rules.prover.recipients import Recipient
from mailweave.rules.prover.replay import known_context
from mailweave.schema.types import Int, Key, Text

_MOST = 3_000
_NAMES = ("ann", "ben", "cleo", "dan", "eve", "finn", "gail", "hugo", "iris", "jack", "kim", "leo", "mia")


def selected(program: DecisionProgram, recipient: Recipient) -> Selection | Skip:
    """What a recipient gets."""
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
    """The recipient under the first name, of those that experiments hash, with which what they get fits."""
    for renamed in named(program, recipient, experiments):
        found = selected(program, renamed)
        if isinstance(found, Selection) and fits(found):
            return renamed
    return None


def named(program: DecisionProgram, recipient: Recipient, experiments: Iterable[str]) -> Iterator[Recipient]:
    """The recipient, and the same under other names of what these experiments, and columns that draw, hash."""
    tried, columns = set(experiments), program.plan.columns.values()
    units = dict.fromkeys(e.unit for e in program.plan.experiments.values() if e.name in tried)
    units |= dict.fromkeys(c.drawing.unit for c in columns if c.drawing is not None)
    yield from _renamed(program, recipient, tuple(units))


def _renamed(program: DecisionProgram, recipient: Recipient, units: tuple[str, ...]) -> Iterator[Recipient]:
    yield recipient
    fields = [program.program.schema.profile[name] for name in units]
    named = [field for field in fields if isinstance(field.type, Key | Text | Int)]
    for at in range(_MOST if named else 0):
        values = {field.column or field.name: _name(field.type, at) for field in named}
        yield replace(recipient, profile={**recipient.profile, **values})


def _name(type_: Any, at: int) -> str | int:
    if isinstance(type_, Int):
        return at + 1
    name, turn = _NAMES[at % len(_NAMES)], at // len(_NAMES)
    return f"{name}{turn}" if turn else name
