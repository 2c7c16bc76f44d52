"""Tiers with gaps and empty members; segments that hold the same people."""

from __future__ import annotations

from itertools import combinations

from mailweave.rules import checked as c
from mailweave.rules import typed as x
from mailweave.rules.prover.findings import Findings
from mailweave.rules.prover.prover import Found
from mailweave.rules.prover.questions import AllOf, Holds, NotSo, Question
from mailweave.rules.prover.recipient_text import told
from mailweave.schema.types import Bool, Enum


def tiers(findings: Findings) -> None:
    """Reports gaps of `complete` tiers, and members that nobody is in."""
    for tier in findings.document.tiers.values():
        if tier.complete:
            _gap(tier, findings)
        for member in tier.members[1:]:
            _member(tier, member, findings)


def _gap(tier: c.Tier, findings: Findings) -> None:
    nowhere = AllOf(tuple(NotSo(Holds(member.condition)) for member in tier.members))
    if findings.is_nobody(nowhere, tier.span, f"`{tier.name}` is complete") is False:
        recipient = findings.example(nowhere)
        assert recipient is not None
        who = told(findings.document.schema, recipient)
        findings.report("MW900", tier.span, nowhere, stands_alone=False, name=tier.name, who=who)


def _member(tier: c.Tier, member: c.TierMember, findings: Findings) -> None:
    alone = Holds(member.condition)
    earlier = tier.members[: tier.members.index(member)]
    first = AllOf((alone, *(NotSo(Holds(other.condition)) for other in earlier)))
    what = f"anybody is in `{member.name}` of `{tier.name}`"
    if isinstance(findings.prover.ask(alone), Found) and findings.is_nobody(first, member.span, what):
        others = tuple(("taken before by", other.span) for other in earlier)
        findings.report("MW905", member.span, alone, others, member=member.name, name=tier.name)


# ---- segments


def inside(segment: c.Segment) -> Question:
    """Being in a segment."""
    return Holds(x.InSegment(segment.span, Bool(), False, segment.name))


def is_member(tier: c.Tier, name: str) -> Question:
    """Being in a member of a tier."""
    names = Enum(tier.answers)
    value = x.TierValue(tier.span, names, True, tier.name)
    member = x.Const(tier.span, names, False, name)
    return Holds(x.Compare(tier.span, Bool(), True, value, "==", member))


def segments(findings: Findings) -> None:
    """Reports segments that hold the same people, and those inside another without saying so."""
    sound = [s for s in findings.document.segments.values() if _has_both(s, findings)]
    for one, other in combinations(sound, 2):
        if findings.prover.tells_apart(one.name, other.name):
            continue
        forth = _is_inside(one, other, findings)
        back = _is_inside(other, one, findings)
        if forth and back:
            related = ((f"`{one.name}` stands", one.span),)
            findings.report("MW906", other.span, inside(one), related, one=one.name, other=other.name)
        elif forth or back:
            small, large = (one, other) if forth else (other, one)
            if not _says_so(small, large.name, findings):
                claim = AllOf((inside(large), NotSo(inside(small))))
                related = ((f"`{large.name}` stands", large.span),)
                findings.report("MW907", small.span, claim, related, one=small.name, other=large.name)


def _has_both(segment: c.Segment, findings: Findings) -> bool:
    """Whether somebody is in a segment and somebody is not: all else is reported already."""
    both = (inside(segment), NotSo(inside(segment)))
    return all(isinstance(findings.prover.ask(each), Found) for each in both)


def _is_inside(small: c.Segment, large: c.Segment, findings: Findings) -> bool:
    outside = AllOf((inside(small), NotSo(inside(large))))
    what = f"somebody is in `{small.name}` and not in `{large.name}`"
    return bool(findings.is_nobody(outside, small.span, what))


def _says_so(small: c.Segment, large: str, findings: Findings) -> bool:
    """Whether a segment names the other one it lies in."""
    named = findings.document.segments
    if small.within is not None and (small.within == large or _says_so(named[small.within], large, findings)):
        return True
    terms = x.bare(small.condition)
    parts = terms.terms if isinstance(terms, x.And) else (terms,)
    names = [part.name for part in map(x.bare, parts) if isinstance(part, x.InSegment)]
    return any(name == large or _says_so(named[name], large, findings) for name in names)
