"""The numbered places that the generated functions of one program share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from mailweave.rules.compiled_inputs import ArmInput, Input, LookupInput
from mailweave.rules.typed import Attribute, Const, Expr, Inlined, ListAggregate
from mailweave.schema.model import Schema
from mailweave.schema.types import Field


@dataclass(frozen=True, slots=True)
class Log:
    """The events of a type for which `where` is true: their moments, or, with a field, its values too."""

    event: str
    field: str | None
    where: Expr | None


@dataclass(frozen=True, slots=True)
class Rows:
    """What the rows of an event or of a list hold; an event's start with its moment."""

    of: Literal["event", "list"]
    fields: Mapping[str, Field]

    def place(self, name: str) -> int:
        """Where a field stands in a row."""
        return list(self.fields).index(name) + (self.of == "event")


@dataclass(slots=True)
class SymbolTable:
    """What the generated functions of one program share; places are given out in order of first use."""

    schema: Schema
    partial: bool
    arms: Mapping[str, ArmInput] = field(default_factory=dict)
    inputs: dict[Input, int] = field(default_factory=dict)
    logs: dict[Log, int] = field(default_factory=dict)
    lists: dict[ListAggregate, int] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    names: dict[str, int] = field(default_factory=dict)

    def constant(self, code: str) -> str:
        """The name of a constant that stands before the functions."""
        return self.constants.setdefault(code, f"K{len(self.constants)}")

    def input(self, source: Input) -> int:
        return self.inputs.setdefault(source, len(self.inputs))

    def log(self, log: Log) -> int:
        return self.logs.setdefault(log, len(self.logs))

    def list(self, aggregate: ListAggregate) -> int:
        return self.lists.setdefault(aggregate, len(self.lists))

    def variable(self, name: str) -> str:
        """The variable that holds a segment or a tier."""
        return f"s{self.names.setdefault(name, len(self.names))}"


def lookup_input(name: str, key: Expr) -> LookupInput:
    """What a lookup with this key reads."""
    match key:
        case Inlined(value=value):
            return lookup_input(name, value)
        case Const(value=value):
            return LookupInput(name, "key", value)
        case Attribute(name=attribute):
            return LookupInput(name, "attribute", attribute)
        case _:  # the checker lets no other through
            raise TypeError("the key of a lookup is a literal or an attribute")
