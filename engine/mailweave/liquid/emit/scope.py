"""What names mean at a place of the template, known while emitting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from mailweave.liquid.ir.nodes import Node
from mailweave.liquid.ir.walk import asks_where_stopped, assigned, counters

Names = dict[str, str]
"""What a loop or the parameters of a partial bind: names, and the Python expressions of their values."""


@dataclass(slots=True)
class Round:
    """A loop around the place: Python names of its index (from 0), its length and its title.

    `columns` and `leave` are a table's: how many, and the flag that `break` sets.
    """

    index: str
    length: str
    title: str = ""
    columns: str = ""
    leave: str = ""


@dataclass(slots=True)
class Unit:
    """A text with variables of its own: the template, or a partial that is rendered.

    `arguments` are seen behind its own variables, as `render` does it. `sure` are the variables that
    certainly have a value at the place.
    """

    assigned: frozenset[str]
    counters: frozenset[str]
    continues: bool  # whether any loop asks where an earlier one stopped
    rendered: bool = False
    arguments: Names = field(default_factory=dict)
    argument_round: Round | None = None
    frames: list[tuple[Names, Round | None]] = field(default_factory=list)
    """Namespaces that lie over each other, each with the loop that it is of."""
    held: list[Round | None] = field(default_factory=list)
    """For each capture around the place the innermost loop around that."""
    sure: set[str] = field(default_factory=set)
    local: dict[str, str] = field(default_factory=dict)
    states: dict[str, str] = field(default_factory=dict)

    def bound(self, name: str) -> str | None:
        """The innermost loop variable or parameter of that name."""
        return next((names[name] for names, _ in reversed(self.frames) if name in names), None)

    def varies(self, name: str) -> bool:
        """Whether a name may mean something else further on."""
        return name in self.assigned or name in self.counters

    def rounds_within(self) -> list[Round]:
        """The loops of the text itself around the place, innermost first."""
        return [around for _, around in reversed(self.frames) if around is not None]

    def innermost(self) -> Round | None:
        """The loop that a `break` leaves."""
        return next(iter(self.rounds_within()), None)

    def rounds_called(self, name: str) -> list[Round]:
        """The loops that `forloop` or `tablerowloop` and its `parentloop` stand for."""
        found = [one for one in self.rounds_within() if bool(one.columns) == (name == "tablerowloop")]
        if not found and self.argument_round is not None and name == "forloop":
            return [self.argument_round]
        return found


def unit_of(nodes: Sequence[Node], arguments: Names | None = None, around: Round | None = None) -> Unit:
    """The unit of a text; with arguments, of a partial that is rendered."""
    rendered, continues = arguments is not None, asks_where_stopped(nodes)
    return Unit(assigned(nodes), counters(nodes), continues, rendered, arguments or {}, around)
