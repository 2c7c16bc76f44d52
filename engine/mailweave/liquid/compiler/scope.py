"""What names mean at a place of the template, known while compiling."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Binding:
    """A name bound by a loop or by a partial's parameters.

    `code` is the Python expression of its value; `getter` one for its members, when there is one.
    `maybe`: it may be the mark for missing, and then the name means what it means outside.
    """

    code: str
    getter: str = ""
    static: bool = False
    maybe: bool = False


@dataclass(slots=True)
class Round:
    """A loop around the place: Python names of its index (from 0), its length and its title.

    `shared` is the Python name of the item where many renders go over the same ones.
    `cols` and `leave` are a table row's: columns, and the flag that `break` sets.
    """

    index: str
    length: str
    title: str = ""
    cols: str = ""
    leave: str = ""
    table: bool = False
    static: bool = False
    shared: str = ""


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

    prefix: str
    assigned: frozenset[str]
    counters: frozenset[str]
    rendered: bool = False
    arguments: dict[str, Binding] = field(default_factory=dict)
    argument_round: Round | None = None
    frames: list[Frame] = field(default_factory=list)
    sure: set[str] = field(default_factory=set)
    written: dict[str, str] = field(default_factory=dict)
    local: dict[str, str] = field(default_factory=dict)
    states: dict[str, str] = field(default_factory=dict)

    def bound(self, name: str) -> Binding | None:
        """The innermost loop variable or parameter of that name."""
        return next((frame.names[name] for frame in reversed(self.frames) if name in frame.names), None)

    def rounds_within(self) -> list[Round]:
        """The loops of the text itself around the place, innermost first."""
        return [frame.round for frame in reversed(self.frames) if frame.round is not None]

    def rounds_called(self, name: str) -> list[Round]:
        """The loops that `forloop` or `tablerowloop` and its `parentloop` stand for."""
        found = [one for one in self.rounds_within() if one.table == (name == "tablerowloop")]
        if not found and self.argument_round is not None and name == "forloop":
            return [self.argument_round]
        return found

    def rounds(self) -> list[Round]:
        """The loops around the place, with the one that renders the text again and again."""
        return self.rounds_within() + ([self.argument_round] if self.argument_round else [])
