"""What names mean at a place of a template, as far as it is known when it is compiled; and expressions worked out.

>>> from mailweave.liquid.debug import shown, tree
>>> (output, *_), facts = tree("{{ shop | upcase | append: name }}", constants={"shop": "Acme"})
>>> shown(Known(facts, frozenset(), {}).expression(output.value))
"'Acme' | upcase | append: name"
>>> shown(Known(facts, frozenset(), {"name": const("!")}).expression(output.value))
"'ACME!'"
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from mailweave.liquid.budget import Budget, Meter
from mailweave.liquid.evaluate import Scope
from mailweave.liquid.filters.quick import ISO_DAY
from mailweave.liquid.ir import nodes as n
from mailweave.liquid.ir import walk
from mailweave.liquid.ir.expressions import Argument, Const, Expression, Filtered, Path, Range, Step, const
from mailweave.liquid.members import COMMANDS
from mailweave.liquid.passes.facts import Facts
from mailweave.liquid.values import PLAIN

_CHEAP = Budget(steps=10_000, allocation=200_000)


@dataclass(frozen=True, slots=True)
class Known:
    """One scope. `changing`: its variables and counters. `variables`: those of them that have a known value at the
    place. `bound`: what loops and parameters call something, None where that depends on the recipient."""

    facts: Facts
    changing: frozenset[str]
    variables: dict[str, Const]
    bound: Mapping[str, Const | None] = field(default_factory=dict)

    @classmethod
    def at_start(cls, nodes: tuple[n.Node, ...], facts: Facts) -> Known:
        """The scope of a text, before its first node."""
        return cls(facts, walk.assigned(nodes) | walk.counters(nodes), {})

    def under(self, names: Mapping[str, Const | None]) -> Known:
        """The scope below, where these names mean something else."""
        return replace(self, bound={**self.bound, **names})

    def apart(self) -> Known:
        """The same scope, for nodes that may not be reached."""
        return replace(self, variables=dict(self.variables))

    def forget(self, names: Iterable[str]) -> None:
        """Variables that may be set to something else."""
        for name in names:
            self.variables.pop(name, None)

    def meaning(self, name: object) -> Const | None:
        """What a name stands for; None where that is not known."""
        if not isinstance(name, str):
            return None
        if name in self.bound:
            return self.bound[name]
        if name in self.variables:
            return self.variables[name]
        constants = self.facts.constants
        return const(constants[name]) if name in constants and name not in self.changing else None

    def _member(self, path: Path) -> Const | None:
        """What is known of the data that a path leads into, where it leads to some of that."""
        name, *keys = path.keys
        if not isinstance(name, str) or name in self.bound or name in self.changing:
            return None
        members = self.facts.members.get(name, {})
        return const(members) if keys and keys[0] in members else None

    def expression(self, node: Expression) -> Expression:
        """The expression with what is known in it worked out."""
        made = walk.with_expressions(node, self.expression)
        match made:
            case Const() | Range():
                return made
            case Path():
                made = _dotted(made)
                held = self.meaning(made.keys[0]) or self._member(made)
                is_fixed = all(isinstance(key, (str, int, Const)) for key in made.keys[1:])
                return made if held is None or not is_fixed else self._worth(made, {made.keys[0]: held.value})
            case _:  # what is made of others, by filters, comparisons and words
                is_fixed = all(isinstance(one, Const) for one in walk.operands(made))
                is_known = is_fixed and (self.facts.are_settled(made) or self._is_day(made))
                return self._worth(made, {**self.facts.members, **self.facts.constants}) if is_known else made

    def _worth(self, node: Expression, data: Mapping[Any, Any]) -> Expression:
        """What fails is left to the render, which fails with a place."""
        try:
            value = Scope(self.facts.dialect, Meter(_CHEAP), data, None).value(node)
        except Exception:  # noqa: BLE001  # whatever it was
            return node
        return const(value) if type(value) in PLAIN else node

    def _is_day(self, node: Expression) -> bool:
        """A written-out day in a fixed form reads the same at all times and places; names follow the locale."""
        match node:
            case Filtered(Const(str(day)), (Step("date", (Argument(_, Const(str(form))),)),)):
                has_names = self.facts.dialect.filters["date"].quick is None or "%" not in form
                return bool(ISO_DAY.fullmatch(day)) and (self.facts.has_place or not has_names)
            case _:  # any other expression may read otherwise elsewhere
                return False


def is_true(test: Expression | None) -> bool:
    """Whether a test holds for everybody; an `else` has none, and does."""
    return test is None or (isinstance(test, Const) and test.value is not None and test.value is not False)


def _dotted(path: Path) -> Path:
    """A path with known keys behind dots, where those mean the same there."""
    keys = tuple(
        key.value if isinstance(key, Const) and type(key.value) is str and key.value not in COMMANDS else key
        for key in path.keys
    )
    return path if keys == path.keys else replace(path, keys=keys)
