"""What can make a condition unknown: the values that may be missing and that nothing has asked about."""

from __future__ import annotations

from collections.abc import Iterable

from mailweave.rules import typed as x

NONE: frozenset[x.Expr] = frozenset()


def sources(expr: x.Expr) -> frozenset[x.Expr]:
    """The values that make `expr` unknown when they are missing.

    `x is known and x > 3` has none: where x is missing, it is false.
    """
    if not expr.optional:
        return NONE
    match expr:
        case x.And(terms=terms):
            return _joined(terms, known(terms))
        case x.Or(terms=terms):
            return _joined(terms, unknown(terms))
        case x.ByArm(conditions=conditions):
            return NONE.union(*map(sources, conditions))
        case x.Inlined(value=value) | x.TimeSince(value=value) | x.Anniversary(value=value):
            return sources(value)
        case x.Attribute() | x.ItemField() | x.ScoreValue() | x.TierValue():
            return frozenset((expr,))
        case x.EventAggregate() | x.ListAggregate():
            return frozenset((expr,))
        case _:  # what lies below it
            return _below(expr)


def _below(expr: x.Expr) -> frozenset[x.Expr]:
    below = NONE.union(*(sources(child) for child in x.children(expr)))
    return below | {expr} if isinstance(expr, x.Arithmetic) and not below else below


def known(terms: Iterable[x.Expr]) -> frozenset[x.Expr]:
    """The values that `is known` asks about, as one of several terms that must all hold."""
    return _asked(term for term in map(x.bare, terms) if isinstance(term, x.Known))


def unknown(terms: Iterable[x.Expr]) -> frozenset[x.Expr]:
    """The values that `is unknown` asks about, as one of several terms of which one must hold."""
    negated = (x.bare(term.term) for term in map(x.bare, terms) if isinstance(term, x.Not))
    return _asked(term for term in negated if isinstance(term, x.Known))


def _asked(tests: Iterable[x.Expr]) -> frozenset[x.Expr]:
    values = [x.bare(test.value) for test in tests if isinstance(test, x.Known)]
    return NONE.union(*(sources(value) | {value} for value in values))


def _joined(terms: tuple[x.Expr, ...], asked: frozenset[x.Expr]) -> frozenset[x.Expr]:
    return NONE.union(*(sources(term) for term in terms)) - asked
