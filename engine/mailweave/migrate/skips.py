"""Where the old system sent nothing, as `skip` of the rules."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from mailweave.migrate.bench import Bench
from mailweave.migrate.places import Places
from mailweave.migrate.tree import (
    Arm,
    Broken,
    Capture,
    Choice,
    Compare,
    Expr,
    Filtered,
    For,
    If,
    Lit,
    Logic,
    Node,
    Not,
    Range,
    Ref,
    Skip,
    Special,
    Truth,
)
from mailweave.migrate.uses import Uses

_OPPOSITE = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}


class _Unsaid(Exception):
    """A condition that rules cannot say."""


def skips(bench: Bench, nodes: tuple[Node, ...], uses: Uses, places: Places) -> tuple[str, ...]:
    """A statement for each place at which nothing was sent; those that cannot be said are told (MW664)."""
    made: list[str] = []
    for skip, tests in _skips(nodes, ()):
        line = bench.source.locate(skip.at).line
        try:
            condition = " and ".join(f"({_said(test, uses, places)})" for test in tests)
        except _Unsaid:
            bench.tell("MW664", skip.at, bench.source.text.find("}", skip.at) + 2)
            continue
        word = re.sub(r"[^a-z0-9]+", "_", skip.reason.lower()).strip("_")[:40] or "aborted"
        name = f"{word if word[0].isalpha() else f'skip_{word}'}_{len(made) + 1}"
        why = json.dumps(skip.reason or "the template aborted", ensure_ascii=False)
        made.append(f"skip {name} {why} when {condition or 'id is known'}  # line {line} of the template")
    return tuple(made)


def _skips(nodes: tuple[Node, ...], around: tuple[Expr, ...]) -> Iterator[tuple[Skip, tuple[Expr, ...]]]:
    """Each place, with all conditions that hold there."""
    for node in nodes:
        match node:
            case Skip():
                yield node, around
            case If(arms=arms):
                yield from _of_arms(arms, around)
            case For(body=body) | Capture(body=body):
                yield from _skips(body, (*around, Broken()))
            case _:  # nothing stands in the others
                pass


def _of_arms(arms: tuple[Arm, ...], around: tuple[Expr, ...]) -> Iterator[tuple[Skip, tuple[Expr, ...]]]:
    before: tuple[Expr, ...] = ()
    for arm in arms:
        own = () if arm.test is None else (arm.test,)
        yield from _skips(arm.body, (*around, *before, *own))
        before = (*before, *(Not(test) for test in own))


def _said(test: Expr, uses: Uses, places: Places, *, opposite: bool = False) -> str:
    """A condition in the language of rules, which is never unknown."""
    match test:
        case Not(right=right):
            return _said(right, uses, places, opposite=not opposite)
        case Logic(word=word, parts=parts):
            joined = word if not opposite else {"and": "or", "or": "and"}[word]
            return f" {joined} ".join(f"({_said(part, uses, places, opposite=opposite)})" for part in parts)
        case Truth(value=Logic() | Not() | Compare() | Truth() as inner):
            return _said(inner, uses, places, opposite=opposite)
        case Truth(value=Ref() as ref, as_liquid=as_liquid):
            return _true(ref, as_liquid, uses, places, opposite)
        case Compare(sign=sign, left=Ref() as ref, right=Lit() | Special() as other):
            return _compared(ref, sign, other, uses, places, opposite)
        case Compare(sign=sign, left=Lit() | Special() as other, right=Ref() as ref) if sign in ("==", "!="):
            return _compared(ref, sign, other, uses, places, opposite)
        case Compare() | Truth() | Lit() | Ref() | Filtered() | Range() | Choice() | Special() | Broken():
            raise _Unsaid


def _attribute(ref: Ref, places: Places) -> str:
    target = places.target(ref.data) if ref.data and not ref.tail else ()
    if len(target) != 2 or target[0] != "profile":
        raise _Unsaid
    return target[1]


def _true(ref: Ref, as_liquid: bool, uses: Uses, places: Places, opposite: bool) -> str:
    name, kind = _attribute(ref, places), uses.kind(ref.of)
    if kind == "bool":
        return f"{name} is unknown or {name} == false" if opposite else f"{name} is known and {name} == true"
    if kind not in ("text", "int", "number"):
        raise _Unsaid
    if as_liquid:
        return f"{name} is {'unknown' if opposite else 'known'}"
    nothing = '""' if kind == "text" else "0"
    return (
        f"{name} is unknown or {name} == {nothing}"
        if opposite
        else f"{name} is known and {name} != {nothing}"
    )


def _compared(ref: Ref, sign: str, other: Lit | Special, uses: Uses, places: Places, opposite: bool) -> str:
    name = _attribute(ref, places)
    sign = _OPPOSITE[sign] if opposite and sign in _OPPOSITE else sign
    match other:
        case Special(word="blank" | "empty") | Lit(value="") if (
            sign in ("==", "!=") and uses.kind(ref.of) == "text"
        ):
            if isinstance(other, Lit) or other.word == "empty":
                return _with_absent(f'{name} {sign} ""', name, is_absent_in=sign == "!=")
            absent = f'{name} is unknown or {name} == ""'
            return absent if sign == "==" else f'{name} is known and {name} != ""'
        case Lit(value=None) if sign in ("==", "!="):
            return f"{name} is {'unknown' if sign == '==' else 'known'}"
        case Lit(value=bool() | int() | float() | str() as value) if sign in _OPPOSITE:
            written = json.dumps(value, ensure_ascii=False)
            was_negated = opposite and sign in ("<", "<=", ">", ">=")
            return _with_absent(f"{name} {sign} {written}", name, is_absent_in=sign == "!=" or was_negated)
        case _:  # all others
            raise _Unsaid


def _with_absent(condition: str, name: str, *, is_absent_in: bool) -> str:
    return f"{name} is unknown or {condition}" if is_absent_in else f"{name} is known and {condition}"
