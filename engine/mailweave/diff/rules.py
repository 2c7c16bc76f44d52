"""Segments, tiers and skips whose meaning changed."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from mailweave.diff.changes import RuleChange
from mailweave.diff.claims import Claim, SideName, Words
from mailweave.diff.judge import Judge, Witness
from mailweave.diff.lets import let_changes
from mailweave.diff.records import alone, judged
from mailweave.diff.structure import Structure
from mailweave.rules import checked as c
from mailweave.rules import typed as x
from mailweave.rules.prover.questions import Question
from mailweave.rules.wording import spoken

_MOST_PAIRS = 200  # of what went and what came, among which a new name is looked for


def rule_changes(judge: Judge, structure: Structure) -> Iterator[RuleChange]:
    """Every segment, tier, let and skip that is not as it was."""
    renamed = tuple(_renamed(judge, structure))
    structure.learn({change.old: change.new for change in renamed})
    yield from renamed
    for name in structure.old.order:
        yield from _kept(name, judge, structure)
    yield from _one_sided(judge, structure)
    yield from let_changes(judge, structure)
    yield from _skips(judge, structure)


# ---- names


def _renamed(judge: Judge, structure: Structure) -> Iterator[RuleChange]:
    """What went under one name and came, with the same people, under another."""
    old, new = structure.old, structure.new
    gone = [name for name in old.segments if name not in new.segments]
    come = [name for name in new.segments if name not in old.segments]
    taken: set[str] = set()
    for one, other in product(gone, come) if len(gone) * len(come) <= _MOST_PAIRS else ():
        if not {f"old {one}", f"new {other}"} & taken and _are_same(judge, one, other):
            taken |= {f"old {one}", f"new {other}"}
            yield RuleChange("segment", other, "renamed", one, other)
    yield from _renamed_tiers(judge, structure)


def _are_same(judge: Judge, one: str, other: str) -> bool:
    inside = judge.compare(lambda words: words.segment(one), lambda words: words.segment(other))
    return inside.is_same and isinstance(judge.somebody("old", lambda words: words.segment(one)), Witness)


def _renamed_tiers(judge: Judge, structure: Structure) -> Iterator[RuleChange]:
    old, new = structure.old.tiers, structure.new.tiers
    for one in [tier for name, tier in old.items() if name not in new]:
        for other in [tier for name, tier in new.items() if name not in old]:
            if one.answers == other.answers and all(
                judge.compare(_member(one.name, each), _member(other.name, each)).is_same
                for each in one.answers
            ):
                yield RuleChange("tier", other.name, "renamed", one.name, other.name)
                break


def _member(tier: str, name: str) -> Claim:
    return lambda words: words.member(tier, name)


# ---- segments and tiers


def _kept(name: str, judge: Judge, structure: Structure) -> Iterator[RuleChange]:
    """A segment or tier that both have under one name, those it reads before it."""
    if structure.knows(name) or structure.twins.get(name) != name:
        return
    if name in structure.old.segments and name in structure.new.segments:
        found = [_segment(name, judge, structure)]
    elif name in structure.old.tiers and name in structure.new.tiers:
        found = list(_members(judge, structure.old.tiers[name], structure.new.tiers[name]))
    else:  # a segment that is a tier now, or the other way round
        found = []
    if found and all(change.status == "rewritten" for change in found):
        structure.proved(name)
    yield from found


def _segment(name: str, judge: Judge, structure: Structure) -> RuleChange:
    old, new = structure.old.segments[name], structure.new.segments[name]
    found = judge.compare(_inside(name), _inside(name))
    return judged("segment", name, found, _said(old), _said(new), _through(old, new, structure))


def _one_sided(judge: Judge, structure: Structure) -> Iterator[RuleChange]:
    """What only one of the texts has."""
    old, new, twins = structure.old, structure.new, structure.twins
    for name in [name for name in old.segments if twins.get(name) not in new.segments]:
        yield alone(judge, "segment", name, "old", _inside(name), _said(old.segments[name]))
    for name in [name for name in new.segments if name not in {twins[n] for n in old.segments if n in twins}]:
        yield alone(judge, "segment", name, "new", _inside(name), _said(new.segments[name]))
    for name in [name for name in old.tiers if twins.get(name) not in new.tiers]:
        yield from _members(judge, old.tiers[name], None)
    for name in [name for name in new.tiers if name not in {twins[n] for n in old.tiers if n in twins}]:
        yield from _members(judge, None, new.tiers[name])


def _inside(name: str) -> Claim:
    return lambda words: words.segment(name)


def _through(old: c.Segment, new: c.Segment, structure: Structure) -> tuple[str, ...]:
    """What a segment reads that changed, where its own text did not."""
    if not structure.written_alike(old.condition, new.condition) or old.within != new.within:
        return ()
    around = () if old.within is None or old.within in structure.alike else (old.within,)
    return (*around, *structure.changed_reads(old.condition))


def _said(segment: c.Segment) -> str:
    around = "" if segment.within is None else f"within {segment.within}: "
    return around + spoken(segment.condition)


def _members(judge: Judge, old: c.Tier | None, new: c.Tier | None) -> Iterator[RuleChange]:
    mine, yours = () if old is None else old.answers, () if new is None else new.answers
    for name in dict.fromkeys((*mine, *yours)):
        if old is not None and new is not None and name in mine and name in yours:
            found = judge.compare(_member(old.name, name), _member(new.name, name))
            yield judged("tier", f"{new.name}: {name}", found, _line(old, name), _line(new, name))
        elif old is not None and name in mine:
            whole, line = _member(old.name, name), _line(old, name)
            yield alone(judge, "tier", f"{old.name}: {name}", "old", whole, line)
        elif new is not None:
            whole, line = _member(new.name, name), _line(new, name)
            yield alone(judge, "tier", f"{new.name}: {name}", "new", whole, line)


def _line(tier: c.Tier, name: str) -> str:
    return next((spoken(each.condition) for each in tier.members if each.name == name), "otherwise")


# ---- skips


def _skips(judge: Judge, structure: Structure) -> Iterator[RuleChange]:
    old = {skip.name: skip for skip in structure.old.skips}
    new = {skip.name: skip for skip in structure.new.skips}
    for name in dict.fromkeys((*old, *new)):
        if name in old and name in new:
            if not structure.same(old[name].condition, new[name].condition):
                found = judge.compare(_holds(old[name].condition), _holds(new[name].condition))
                said = spoken(old[name].condition), spoken(new[name].condition)
                yield judged("skip", name, found, *said, _inherited(old[name], new[name], structure))
        else:
            side: SideName = "old" if name in old else "new"
            condition = (old if name in old else new)[name].condition
            yield alone(judge, "skip", name, side, _holds(condition), spoken(condition))
    if not structure.same_all(*([s.condition for s in d.skips] for d in (structure.old, structure.new))):
        found = judge.compare(is_mailed, is_mailed)
        if not found.is_same:
            yield judged("mailed", "who gets mail", found, "", "")


def _inherited(old: c.Skip, new: c.Skip, structure: Structure) -> tuple[str, ...]:
    alike = structure.written_alike(old.condition, new.condition)
    return structure.changed_reads(old.condition) if alike else ()


def is_mailed(words: Words) -> Question:
    """That no skip of a side keeps the mail back."""
    return words.columns.mailed()


def _holds(condition: x.Expr) -> Claim:
    return lambda words: words.condition(condition)
