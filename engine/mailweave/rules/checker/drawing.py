"""What every experiment says of whom it draws: unit, salt, `only`, holdout and the shares of its arms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from mailweave.rules import nodes as n
from mailweave.rules.checker.segments import People
from mailweave.rules.typed import Expr
from mailweave.schema import types as t

Items: TypeAlias = Mapping[type[n.Node], n.Node]
_WORDS: Mapping[type[n.Node], str] = {
    n.Unit: "unit",
    n.Only: "only",
    n.Holdout: "holdout",
    n.Split: "split",
    n.ValueSplit: "split",
}


@dataclass(frozen=True, slots=True)
class Draw:
    """The parts that all experiments have, and the statement's `split`."""

    unit: str
    salt: str
    only: Expr | None
    holdout: Fraction
    split: n.Split | n.ValueSplit


class Draws:
    """Reads what experiments on blocks, constants and waits have in common."""

    def __init__(self, people: People) -> None:
        self.people = people
        self.findings = people.findings
        self.names = people.names
        self._on: dict[tuple[type[n.Node], str], n.Name] = {}

    def draw(self, node: n.AnyExperiment, on: n.Name, *, is_known: bool) -> Draw | None:
        """Whom an experiment `on` something draws; None, once reported, where a part is missing. is_known: whether there is
        such a thing, of which there may be one experiment."""
        if is_known:
            self._check_second(node, on)
        items = self._items(node)
        unit, split = items.get(n.Unit), items.get(n.Split) or items.get(n.ValueSplit)
        if not isinstance(unit, n.Unit) or not isinstance(split, n.Split | n.ValueSplit):
            missing = "unit" if unit is None else "split"
            self.findings.report("MW330", node.name.span, name=node.name.id, missing=missing)
            return None
        self._check_unit(unit)
        only = items.get(n.Only)
        condition = self.people.condition(only.condition, node.name.id) if isinstance(only, n.Only) else None
        self._check_split(split, on)
        holdout = self._holdout(items.get(n.Holdout))
        if only is not None and condition is None:
            return None
        return Draw(unit.attribute.id, unit.salt.value, condition, holdout, split)

    def _check_second(self, node: n.AnyExperiment, on: n.Name) -> None:
        earlier = self._on.setdefault((type(node), on.id), node.name)
        if earlier is not node.name:
            see = self.findings.see("the earlier one", earlier.span)
            self.findings.report("MW331", on.span, related=see, block=on.id)

    def _items(self, node: n.AnyExperiment) -> Items:
        found: dict[type[n.Node], n.Node] = {}
        for item in node.items:
            if type(item) in found:
                self.findings.report("MW332", item.span, item=_WORDS[type(item)])
            found.setdefault(type(item), item)
        return found

    def _check_unit(self, node: n.Unit) -> None:
        name = node.attribute
        field = self.people.expressions.schema.profile.get(name.id)
        if field is None:
            self.names.unknown("attribute", name.id, name.span, self.people.expressions.schema.profile)
        elif not isinstance(field.type, t.Key | t.Text | t.Int):
            self.findings.report("MW230", name.span, found=field.type, wanted="a key, text or int")

    def _holdout(self, node: n.Node | None) -> Fraction:
        share = share_of(node) if isinstance(node, n.Holdout) else Fraction(0)
        if isinstance(node, n.Holdout) and share > 1:
            self.findings.report("MW333", node.span, found=f"{node.percent}%")
        return share

    def _check_split(self, node: n.Split | n.ValueSplit, on: n.Name) -> None:
        total = sum(map(share_of, node.arms), Fraction(0))
        if total != 1:
            self.findings.report("MW334", node.span, found=f"{float(total * 100):g}%")
        control = node.arms[0]
        if (control.block if isinstance(control, n.Arm) else control.value) is not None:
            self.findings.report("MW335", control.span, block=on.id)
        seen: dict[str, n.Name] = {}
        for arm in node.arms:
            if seen.setdefault(arm.name.id.casefold(), arm.name) is not arm.name:
                self.findings.report("MW201", arm.name.span, name=arm.name.id)

    def check_salts(self, statements: Iterable[n.Statement]) -> None:
        """Notes experiments of any kind that draw by one unit with one salt, in the order of the text."""
        salts: dict[tuple[str, str], n.Name] = {}
        for node in statements:
            if not isinstance(node, n.AnyExperiment):
                continue
            unit = next((item for item in node.items if isinstance(item, n.Unit)), None)
            if unit is not None:
                self._check_salt(unit, node.name, salts)

    def _check_salt(self, node: n.Unit, experiment: n.Name, salts: dict[tuple[str, str], n.Name]) -> None:
        unit = node.attribute.id
        earlier = salts.setdefault((unit, node.salt.value), experiment)
        if earlier is not experiment:
            see = self.findings.see("the earlier one", earlier.span)
            self.findings.report(
                "MW336", node.salt.span, related=see, name=experiment.id, unit=unit, other=earlier.id
            )


def share_of(node: n.Arm | n.ValueArm | n.Holdout) -> Fraction:
    """A percentage as a share of one."""
    return Fraction(node.percent) / 100
