"""What z3 chooses: the attributes, consents, scores and the like of a recipient, and what is left unbound."""

from __future__ import annotations

from typing import Any

from mailweave.rules import typed as x
from mailweave.rules.prover.encoding.values import Item, Term, Truth, truth_of, variable, within
from mailweave.rules.prover.smt import smt
from mailweave.schema.model import Schema

_Key = tuple[x.Expr, int]


class Variables:
    """The variables of one question, each made when it is first asked for; `rules` keeps them within their types."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self.rules: list[Any] = []
        self.attributes: dict[str, Term] = {}
        self.scores: dict[str, Term] = {}
        self.lookups: dict[tuple[x.LookupValue, int], Any] = {}
        self.consents: dict[str, Any] = {}
        self.members: dict[tuple[str, object], Any] = {}
        self.lists: dict[str, Any] = {}
        self.arms: dict[str, Any] = {}
        self.anniversaries: dict[_Key, Any] = {}
        self._conditions: dict[_Key, Truth] = {}
        self._values: dict[_Key, Term] = {}
        self._items: list[Item] = []  # kept, as they are told apart by their identity

    def attribute(self, name: str) -> Term:
        """An attribute: unknown without the consent it needs."""
        if name not in self.attributes:
            field = self._schema.profile[name]
            value = variable(name, field.type)
            self.rules += within(value, field.type, field)
            self.attributes[name] = Term(value, self.presence(name))
        return self.attributes[name]

    def presence(self, name: str) -> Any:
        """Where an attribute is there."""
        z3, field = smt(), self._schema.profile[name]
        here = z3.Bool(f"{name} is given") if field.optional and field.default is None else z3.BoolVal(True)
        return here if field.needs is None else z3.And(here, self.consent(field.needs))

    def consent(self, purpose: str) -> Any:
        """Where a consent is given."""
        return self.consents.setdefault(purpose, smt().Bool(f"consent {purpose}"))

    def arm(self, experiment: str, arms: int) -> Any:
        """The place of the arm of an experiment."""
        if experiment not in self.arms:
            found = self.arms[experiment] = smt().Int(f"arm of {experiment}")
            self.rules += [found >= 0, found < arms]
        return self.arms[experiment]

    def filled(self, name: str) -> Any:
        """Where a list of recommendations holds something."""
        return self.lists.setdefault(name, smt().Bool(f"list {name}"))

    def member(self, name: str, one: object) -> Any:
        """Where a set holds something."""
        return self.members.setdefault((name, one), smt().Bool(f"{one} in {name}"))

    def score(self, name: str) -> Term:
        """A score, which may be missing where it has no other value."""
        if name not in self.scores:
            z3, score = smt(), self._schema.scores[name]
            value = variable(f"score {name}", score.type)
            self.rules += within(value, score.type)
            known = z3.Bool(f"score {name} is known") if score.otherwise is None else z3.BoolVal(True)
            self.scores[name] = Term(value, known)
        return self.scores[name]

    def lookup(self, expr: x.LookupValue, item: Item) -> Term:
        """What a lookup finds."""
        key = (expr, self._about(item))
        if key not in self.lookups:
            self.lookups[key] = variable(f"lookup {len(self.lookups)}", expr.type)
            self.rules += within(self.lookups[key], expr.type)
        return Term(self.lookups[key], smt().BoolVal(True))

    def anniversary(self, day: x.Expr, item: Item, today: Any) -> Any:
        """The next anniversary of a day: within a year, and no more is said."""
        key = (day, self._about(item))
        if key not in self.anniversaries:
            found = self.anniversaries[key] = smt().Int(f"anniversary {len(self.anniversaries)}")
            self.rules += [found >= today, found <= today + 366]
        return self.anniversaries[key]

    def condition(self, expr: x.Expr, item: Item) -> Truth:
        """A condition of which nothing is known."""
        key = (expr, self._about(item))
        if key not in self._conditions:
            z3, name = smt(), f"open {len(self._conditions)}"
            known = z3.Bool(f"{name} is known") if expr.optional else z3.BoolVal(True)
            self._conditions[key] = truth_of(known, z3.Bool(name))
        return self._conditions[key]

    def value(self, expr: x.Expr, item: Item) -> Term:
        """A value of which nothing is known but its type."""
        key = (expr, self._about(item))
        if key not in self._values:
            name = f"unbound {len(self._values)}"
            value = variable(name, expr.type)
            known = smt().Bool(f"{name} is known") if expr.optional else smt().BoolVal(True)
            self.rules += within(value, expr.type)
            self._values[key] = Term(value, known)
        return self._values[key]

    def _about(self, item: Item) -> int:
        """Which event or list item an unbound value belongs to; 0 for the recipient."""
        if not item:
            return 0
        self._items.append(item)
        return id(item)
