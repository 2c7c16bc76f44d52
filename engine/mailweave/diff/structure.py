"""Whether two rules are written alike, names of lets and segments seen through: then there is nothing to prove."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from mailweave.diff.retyping import plain, rebuilt
from mailweave.rules import checked as c
from mailweave.rules import typed as x
from mailweave.schema.model import Schema


@dataclass(slots=True)
class Structure:
    """Compares two texts part by part.

    twins: segments and tiers of the old text, and what they are called in the new. alike: those of them that are
    written alike, through everything that they read, or proved to mean the same.
    """

    old: c.CheckedDocument
    new: c.CheckedDocument
    twins: dict[str, str] = field(default_factory=dict)
    alike: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        named = (*self.old.segments, *self.old.tiers)
        self.twins = {name: name for name in named if name in self.new.segments or name in self.new.tiers}
        self.learn()

    def learn(self, twins: Mapping[str, str] | None = None) -> None:
        """Works out what is alike, with further twins, which are proved to mean the same."""
        self.twins |= twins or {}
        self.alike |= set(twins or {})
        for name in self.old.order:
            self.knows(name)

    def knows(self, name: str) -> bool:
        """Whether a segment or tier of the old text is known to be alike, after all that was learned."""
        if name not in self.alike and name in self.twins and self._is_alike(name, self.twins[name]):
            self.alike.add(name)
        return name in self.alike

    def proved(self, name: str) -> None:
        """Takes in that a segment or tier, written otherwise, means the same."""
        self.alike.add(name)

    def _is_alike(self, old: str, new: str) -> bool:
        if old in self.old.segments and new in self.new.segments:
            one, other = self.old.segments[old], self.new.segments[new]
            around = one.within is None or one.within in self.alike
            return around and self._same_around(one, other) and self.same(one.condition, other.condition)
        if old in self.old.tiers and new in self.new.tiers:
            return self._same_tier(self.old.tiers[old], self.new.tiers[new])
        return False

    def _same_around(self, one: c.Segment, other: c.Segment) -> bool:
        return (None if one.within is None else self.twins.get(one.within)) == other.within

    def _same_tier(self, one: c.Tier, other: c.Tier) -> bool:
        if one.answers != other.answers:
            return False
        pairs = zip(one.members, other.members, strict=True)
        return all(self.same(mine.condition, yours.condition) for mine, yours in pairs)

    # ---- expressions

    def written_alike(self, old: x.Expr, new: x.Expr) -> bool:
        """Whether two expressions say the same, whatever became of what they name."""
        return self._renamed(plain(old)) == plain(new)

    def same(self, old: x.Expr | None, new: x.Expr | None) -> bool:
        """Whether two expressions say the same, and so does all that they read."""
        if old is None or new is None:
            return old is new
        return self.written_alike(old, new) and not self.changed_reads(old)

    def same_all(self, old: Iterable[x.Expr], new: Iterable[x.Expr]) -> bool:
        """Whether two lists of conditions are alike, one by one."""
        mine, yours = tuple(old), tuple(new)
        return len(mine) == len(yours) and all(map(self.same, mine, yours))

    def changed_reads(self, expr: x.Expr) -> tuple[str, ...]:
        """What an expression of the old text reads that is not as it was."""
        return tuple(dict.fromkeys(name for part in x.walk(expr) for name in self._changed(part)))

    def _changed(self, part: x.Expr) -> Iterable[str]:
        old, new = self.old.schema, self.new.schema
        if isinstance(part, x.InSegment | x.TierValue):
            return () if part.name in self.alike else (part.name,)
        return (name for name in _declared(part) if _declaration(old, name) != _declaration(new, name))

    def _renamed(self, expr: x.Expr) -> x.Expr:
        return rebuilt(expr, self._twin)

    def _twin(self, part: x.Expr) -> x.Expr:
        if isinstance(part, x.InSegment | x.TierValue) and part.name in self.twins:
            return replace(part, name=self.twins[part.name])
        return part


def _declared(part: x.Expr) -> Iterable[str]:
    """The declarations that a part depends on."""
    match part:
        case x.Attribute(name=name) | x.ScoreValue(name=name) | x.LookupValue(name=name):
            kind = {x.Attribute: "profile", x.ScoreValue: "scores", x.LookupValue: "lookups"}[type(part)]
            yield f"{kind}.{name}"
        case x.EventAggregate(event=event) | x.Exists(event=event):
            yield f"events.{event}"
        case _:  # every other part reads no declaration
            pass
    if isinstance(part, x.Anniversary) or getattr(part, "window", None) is not None:
        yield "timezone"


def _declaration(schema: Schema, name: str) -> object:
    kind, _, key = name.partition(".")
    found = getattr(schema, kind)
    return found.get(key) if key else found
