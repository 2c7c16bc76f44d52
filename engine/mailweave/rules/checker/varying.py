"""Constants that experiments vary: where they are used, and the conditions that become one for each arm."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from mailweave.rules import checked as c
from mailweave.rules import typed as x
from mailweave.rules.checker.findings import Findings
from mailweave.schema.types import Bool
from mailweave.source import Span

_MOST_WAYS = 1_000  # arms times arms of one condition: each is read by itself

Read: TypeAlias = Callable[[], x.Expr | None]


class Varied(NamedTuple):
    """The experiment on a constant, and the attribute that it hashes."""

    experiment: c.ConstantExperiment
    unit: x.Attribute


@dataclass(slots=True)
class Varying:
    """`experiments` by their constants. `used`: constants that what is read at hand uses, without an arm that was chosen.

    A condition is split where it is smallest, but never inside a `where`: that filters events, for all arms together.
    """

    findings: Findings
    experiments: Mapping[str, Varied] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    _chosen: dict[str, x.Const] = field(default_factory=dict)
    _in_where: bool = False
    _ways: int = 1

    @property
    def state(self) -> Hashable:
        """What decides how a constant is read."""
        return (self._in_where, *self._chosen.items())

    def value(self, constant: str) -> x.Const | None:
        """The value of a constant in the arm at hand; None, and it is noted as used, where no arm was chosen."""
        if constant in self.experiments and constant not in self._chosen:
            self.used.add(constant)
        return self._chosen.get(constant)

    def apart(self, read: Read) -> tuple[x.Expr | None, frozenset[str]]:
        """Something that is read by itself, and the constants that it uses."""
        around, self.used = self.used, set()
        found, used = read(), frozenset(self.used)
        self.used = around
        return found, used

    def by_arm(self, read: Read, span: Span, *, in_where: bool) -> x.Expr | None:
        """An expression; where it is a condition that uses a constant, what it is in each arm."""
        around, outer, before = self.used, self._in_where, len(self.findings.found)
        self.used, self._in_where = set(), outer or in_where
        found = self._split(read(), read, span, before)
        self.used, self._in_where = self.used | around, outer
        return found

    def _split(self, found: x.Expr | None, read: Read, span: Span, before: int) -> x.Expr | None:
        """A condition as it was read without an arm, or read again for each. before: the findings there were before it."""
        name = next((each for each in self.experiments if each in self.used), None) if self.used else None
        if name is None or found is None or self._in_where or not isinstance(found.type, Bool):
            return found
        self._ways *= len(self.experiments[name].experiment.arms)
        self.findings.taken_back(before)
        each = self._in_arms(name, read, span)
        self._ways //= len(self.experiments[name].experiment.arms)
        self.used = set()
        return None if each is None else self._joined(name, each, span)

    def _in_arms(self, name: str, read: Read, span: Span) -> list[x.Expr] | None:
        """What is read with the value of each arm; what is noted is so in all of them."""
        if self._ways > _MOST_WAYS:
            self.findings.report("MW237", span, name=name)
            return None
        found, notes = [], []
        for arm in self.experiments[name].experiment.arms:
            self.used, self._chosen[name], before = set(), arm.value, len(self.findings.found)
            found.append(self._split(read(), read, span, before))
            notes.append(self.findings.taken_back(before))
        del self._chosen[name]
        self.findings.found += (one for one in notes[0] if all(one in each for each in notes))
        known = [one for one in found if one is not None]
        return known if len(known) == len(found) else None

    def _joined(self, name: str, each: list[x.Expr], span: Span) -> x.Expr:
        experiment, unit = self.experiments[name]
        optional = any(one.optional for one in each)
        names = tuple(arm.name for arm in experiment.arms)
        return x.ByArm(span, Bool(), optional, experiment.name, names, unit, experiment.only, tuple(each))
