"""What names mean at a place of the template, known while emitting."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from mailweave.liquid.ir.nodes import Node
from mailweave.liquid.ir.walk import asks_where_stopped, assigned, counters


@dataclass(slots=True)
class Binding:
    """A name bound by a loop or by a partial's parameters.

    `code` is the Python expression of its value; `getter` one for its members, when there is one.
    `maybe`: it may be the mark for missing, and then the name means what it means outside.
    """

    code: str
    getter: str = ""
    maybe: bool = False


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
class Frame:
    """One namespace that lies over the others."""

    names: dict[str, Binding]
    round: Round | None = None


@dataclass(slots=True)
class Unit:
    """A text with variables of its own: the template, or a partial that is rendered.

    `arguments` are seen behind its own variables, as `render` does it. `sure` are the variables that
    certainly have a value at the place, and the marks of outputs that were certainly written before
    it; `written` is where their texts are.
    """

    assigned: frozenset[str]
    counters: frozenset[str]
    continues: bool  # whether any loop asks where an earlier one stopped
    rendered: bool = False
    arguments: dict[str, Binding] = field(default_factory=dict)
    argument_round: Round | None = None
    frames: list[Frame] = field(default_factory=list)
    held: list[Round | None] = field(default_factory=list)
    """For each capture around the place the innermost loop around that."""
    sure: set[object] = field(default_factory=set)
    written: dict[object, str] = field(default_factory=dict)
    local: dict[str, str] = field(default_factory=dict)
    states: dict[str, str] = field(default_factory=dict)

    def bound(self, name: str) -> Binding | None:
        """The innermost loop variable or parameter of that name."""
        return next((frame.names[name] for frame in reversed(self.frames) if name in frame.names), None)

    def changes(self, name: str) -> bool:
        """Whether a name may mean something else at another place."""
        return name in self.assigned or name in self.counters or self.bound(name) is not None

    def rounds_within(self) -> list[Round]:
        """The loops of the text itself around the place, innermost first."""
        return [frame.round for frame in reversed(self.frames) if frame.round is not None]

    def innermost(self) -> Round | None:
        """The loop that a `break` leaves."""
        return next(iter(self.rounds_within()), None)

    def rounds_called(self, name: str) -> list[Round]:
        """The loops that `forloop` or `tablerowloop` and its `parentloop` stand for."""
        found = [one for one in self.rounds_within() if bool(one.columns) == (name == "tablerowloop")]
        if not found and self.argument_round is not None and name == "forloop":
            return [self.argument_round]
        return found


def unit_of(nodes: Iterable[Node], arguments: dict[str, Binding] | None = None) -> Unit:
    """The unit of a text; with arguments, of a partial that is rendered."""
    made = list(nodes)
    return Unit(
        assigned(made), counters(made), asks_where_stopped(made), arguments is not None, arguments or {}
    )
