"""Conditions that hold for nobody or for everybody, and parts of them that say nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from mailweave.rules import typed as x
from mailweave.rules.prover.findings import Findings
from mailweave.rules.prover.prover import Found
from mailweave.rules.prover.questions import AllOf, AnyOf, Holds, NotSo, Question
from mailweave.rules.prover.stated_conditions import Place, places
from mailweave.rules.wording import spoken
from mailweave.schema.types import Bool, Int


def conditions(findings: Findings) -> None:
    """Reports on every condition of a text."""
    for place in places(findings.document):
        _condition(place, findings)


def _condition(place: Place, findings: Findings) -> None:
    holds = Holds(place.condition)
    if findings.is_nobody(holds, place.span, f"{place.what} is true for anybody"):
        claim = _nearly(place.condition, findings)
        findings.report("MW901", place.span, claim, what=place.what, todo=place.todo)
        return
    if findings.is_nobody(NotSo(holds), place.span, f"{place.what} is true for everybody"):
        findings.report("MW902", place.span, holds, what=place.what)
        return
    _parts(place.condition, place, findings)
    for where in dict.fromkeys(_filters(place.condition)):
        _filter(where, place, findings)


def _nearly(condition: x.Expr, findings: Findings) -> Question | None:
    """As much of a condition as somebody fulfils: all its parts but one."""
    terms = _joined(condition, x.And)
    for left_out in reversed(range(len(terms))):
        rest = AllOf(tuple(Holds(term) for at, term in enumerate(terms) if at != left_out))
        if len(terms) > 1 and isinstance(findings.prover.ask(rest), Found):
            return rest
    return None


def _joined(condition: x.Expr, kind: type[x.And] | type[x.Or]) -> tuple[x.Expr, ...]:
    """The terms of a chain, through names of lets and brackets."""
    found = x.bare(condition)
    if not isinstance(found, kind):
        return (condition,)
    return tuple(part for term in found.terms for part in _joined(term, kind))


def _parts(condition: x.Expr, place: Place, findings: Findings) -> None:
    """Parts of a condition that is neither empty nor full."""
    for kind in (x.And, x.Or):
        terms = _joined(condition, kind)
        if len(terms) > 1:
            _redundant(terms, place, findings, alternatives=kind is x.Or)
            for term in terms:
                _parts(term, place, findings)
    inner = x.bare(condition)
    if isinstance(inner, x.Not):
        _parts(inner.term, place, findings)
    if isinstance(inner, x.ByArm):
        for arm, each in zip(inner.arms, inner.conditions, strict=True):
            _is_dead(each, replace(place, what=f"the arm `{arm}` of {place.what}"), findings)


def _redundant(terms: Sequence[x.Expr], place: Place, findings: Findings, *, alternatives: bool) -> None:
    """Parts that the others make superfluous, the last first; each is then out of the question."""
    left = list(terms)
    for term in reversed(terms):
        if alternatives and _is_dead(term, place, findings):
            left.remove(term)
            continue
        if term.span == place.span:  # `within`: said for the reader, whether the rest implies it or not
            continue
        rest = [other for other in left if other is not term]
        claim = _new(term, rest, alternatives=alternatives)
        what = f"`{spoken(term)}` says something new in {place.what}"
        if rest and findings.is_nobody(claim, term.span, what):
            left = rest
            code = "MW904" if alternatives else "MW903"
            shown = AnyOf(tuple(map(Holds, terms))) if alternatives else AllOf(tuple(map(Holds, terms)))
            findings.report(code, term.span, shown, part=spoken(term), what=place.what)


def _new(term: x.Expr, rest: Sequence[x.Expr], *, alternatives: bool) -> Question:
    """Somebody for whom a part makes a difference."""
    if alternatives:
        return AllOf((Holds(term), *(NotSo(Holds(other)) for other in rest)))
    return AllOf((NotSo(Holds(term)), *(Holds(other) for other in rest)))


def _is_dead(term: x.Expr, place: Place, findings: Findings) -> bool:
    """Whether an alternative is true for nobody, which is then reported."""
    what = f"`{spoken(term)}` in {place.what}"
    if not findings.is_nobody(Holds(term), term.span, f"{what} is true for anybody"):
        return False
    todo = "mend it, or take it out"
    findings.report("MW901", term.span, _nearly(term, findings), what=what, todo=todo)
    return True


# ---- filters of aggregates


def _filters(condition: x.Expr) -> Iterator[tuple[x.EventAggregate | x.ListAggregate, x.Expr]]:
    for each in x.walk(condition):
        if isinstance(each, x.EventAggregate | x.ListAggregate) and each.where is not None:
            yield each, each.where


def _filter(
    found: tuple[x.EventAggregate | x.ListAggregate, x.Expr], place: Place, findings: Findings
) -> None:
    """A filter that no event fulfils."""
    aggregate, where = found
    what = f"the filter `{spoken(where)}` in {place.what}"
    if findings.is_nobody(_counts(aggregate, where), where.span, f"{what} is true of anything"):
        findings.report("MW901", where.span, None, what=what, todo="mend the filter")


def _counts(aggregate: x.EventAggregate | x.ListAggregate, where: x.Expr) -> Question:
    """That there is one event, or item, that fulfils a filter."""
    span, one = where.span, x.Const(where.span, Int(), False, 1)
    number: x.Expr
    if isinstance(aggregate, x.EventAggregate):
        number = x.EventAggregate(span, Int(), False, "count", aggregate.event, None, None, where)
    else:
        number = x.ListAggregate(span, Int(), aggregate.list.optional, "count", aggregate.list, None, where)
    return Holds(x.Compare(span, Bool(), number.optional, number, ">=", one))
