"""Conditions of Liquid in the words of rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from liquid.builtin.expressions.primitive import Empty
from liquid.token import Token

from mailweave.liquid.ir import expressions as x
from mailweave.prove.liquid_comparisons import compared, equal, truth
from mailweave.prove.liquid_values import (
    UNSAID_VALUE,
    Atom,
    Authors,
    Given,
    Items,
    Known,
    Said,
    Value,
    both,
    either,
    judged,
    sure,
    under,
)
from mailweave.rules import typed as r
from mailweave.schema.model import Schema
from mailweave.source import Span

_NOWHERE = Span(0, 0)
_AUTHORS = frozenset({"block", "campaign"})
_EMPTY = Known(Empty(Token("", "", 0, "")))
_MOST = 16  # alternatives of a value


@dataclass(slots=True)
class Conditions:
    """The conditions of one template: `names` are its variables, and `lets` those of the campaign.

    `templated`: the inputs of its block that recipients' data goes into.
    """

    schema: Schema
    names: dict[str, Value] = field(default_factory=dict)
    lets: Mapping[str, Value] = field(default_factory=dict)
    templated: frozenset[str] = frozenset()

    # ---- values

    def assign(self, name: str, value: Value) -> None:
        """Sets a variable; one that is made of too much is not followed."""
        self.names[name] = value if len(value) <= _MOST else UNSAID_VALUE

    def forget(self, names: Iterable[str]) -> None:
        """Variables whose value is not followed."""
        self.names.update(dict.fromkeys(names, UNSAID_VALUE))

    def value(self, node: x.Expression) -> Value:
        """What an expression may be worth."""
        match node:
            case x.Const(value=value):
                return sure(Known(value))
            case x.Path():
                return self._path(node)
            case x.Filtered(left=left, steps=(x.Step(name="default", arguments=(given,)),)) if not given.name:
                return self._with_default(self.value(left), self.value(given.value))
        return UNSAID_VALUE

    def _path(self, node: x.Path) -> Value:
        keys = [key.value if isinstance(key, x.Const) else key for key in node.keys]
        head, rest = keys[0], keys[1:]
        if isinstance(head, str) and head in self.names:
            return UNSAID_VALUE if rest else self.names[head]
        if len(rest) != 1 or not isinstance(rest[0], str):
            return sure(Authors()) if head in _AUTHORS and head != "block" else UNSAID_VALUE
        return self._member(str(head), rest[0])

    def _member(self, root: str, name: str) -> Value:
        profile = self.schema.profile.get(name) if root == "profile" else None
        if profile is not None:
            optional = (profile.optional and profile.default is None) or profile.needs is not None
            return sure(Given(r.Attribute(_NOWHERE, profile.type, optional, name)))
        score = self.schema.scores.get(name) if root == "scores" else None
        if score is not None:
            return sure(Given(r.ScoreValue(_NOWHERE, score.type, score.otherwise is None, name)))
        if root == "lists" and name in self.schema.lists:
            return sure(Items(name, self.schema.lists[name].is_filled))
        if root == "let" and name in self.lets:
            return self.lets[name]
        is_authors = root in _AUTHORS and name not in self.templated
        return sure(Authors()) if is_authors else UNSAID_VALUE

    def _with_default(self, value: Value, instead: Value) -> Value:
        """`default`: what is nil, false or empty gives way."""
        found: list[tuple[Said, Atom]] = []
        for when, atom in value:
            there = both((truth(atom), equal(atom, _EMPTY).inverse()))
            found += under(both((when, there)), sure(atom))
            found += under(both((when, there.inverse())), instead)
        return tuple(found)

    # ---- conditions

    def holds(self, node: x.Expression) -> Said:
        """That an expression is neither nil nor false."""
        match node:
            case x.Not(right=right):
                return self.holds(right).inverse()
            case x.Logic(word=word, parts=parts):
                return (both if word == "and" else either)(self.holds(part) for part in parts)
            case x.Compare(sign=sign, left=left, right=right):
                return self.compared(sign, self.value(left), self.value(right))
            case _:  # any other expression is asked for its value
                pass
        return judged((when, truth(atom)) for when, atom in self.value(node))

    def compared(self, sign: str, left: Value, right: Value) -> Said:
        """A comparison of two values."""
        return judged(
            (both((when, also)), compared(sign, one, other)) for when, one in left for also, other in right
        )
