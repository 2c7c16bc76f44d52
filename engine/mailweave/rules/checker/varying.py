"""Constants that experiments vary: where they are used, and the conditions that become one for each arm."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import NamedTuple

from mailweave.rules import checked as c
from mailweave.rules import typed as x
from mailweave.schema.types import Bool
from mailweave.source import Span


class Varied(NamedTuple):
    """The experiment on a constant, and the attribute that it hashes."""

    experiment: c.ConstantExperiment
    unit: x.Attribute


@dataclass(slots=True)
class Varying:
    """`experiments` by their constants. `used`: constants that what is read at hand uses, without an arm that was chosen.

    A condition is split where it is smallest, but never inside a `where`: that filters events, for all arms together.
    """

    experiments: Mapping[str, Varied] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    _chosen: dict[str, x.Const] = field(default_factory=dict)
    _in_where: bool = False

    @property
    def state(self) -> Hashable:
        """What decides how a constant is read."""
        return (self._in_where, *self._chosen.items())

    def value(self, constant: str) -> x.Const | None:
        """The value of a constant in the arm at hand; None, and it is noted as used, where no arm was chosen."""
        if constant in self.experiments and constant not in self._chosen:
            self.used.add(constant)
        return self._chosen.get(constant)

    @contextmanager
    def apart(self, *, in_where: bool) -> Iterator[None]:
        """Reads a part by itself: what it uses is added to what is used around it."""
        around, outer = self.used, self._in_where
        self.used, self._in_where = set(), outer or in_where
        try:
            yield
        finally:
            self.used, self._in_where = self.used | around, outer

    def split(self, found: x.Expr | None, span: Span, read: Callable[[], x.Expr | None]) -> x.Expr | None:
        """An expression, or, where it is a condition that uses a constant, what it is in each arm: `read` reads it again."""
        name = next((each for each in self.experiments if each in self.used), None)
        if name is None or found is None or self._in_where or not isinstance(found.type, Bool):
            return found
        (experiment, unit), each = self.experiments[name], []
        for arm in experiment.arms:
            self.used, self._chosen[name] = set(), arm.value
            each.append(self.split(read(), span, read))
        del self._chosen[name]
        self.used = set()
        conditions = [one for one in each if one is not None]
        if len(conditions) < len(each):
            return None
        optional = any(one.optional for one in conditions)
        names = tuple(arm.name for arm in experiment.arms)
        only = experiment.only
        return x.ByArm(span, Bool(), optional, experiment.name, names, unit, only, tuple(conditions))
