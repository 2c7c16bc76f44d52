"""Why a condition holds or does not: a second program beside the plain one, which pays nothing for it.

For each atom of a condition it gives the Kleene truth and the values that were compared, each with the place
of the author's words. It is compiled when first asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal, TypeAlias

from mailweave.rules.admission import Admission, Admitted
from mailweave.rules.checked import CheckedDocument
from mailweave.rules.codegen import Function, Writer
from mailweave.rules.emitter import Emitter
from mailweave.rules.events import Moment
from mailweave.rules.forms import writer
from mailweave.rules.places import Places
from mailweave.rules.runtime import compiled, load
from mailweave.rules.typed import (
    And,
    Attribute,
    Const,
    EventAggregate,
    Expr,
    Inlined,
    InSegment,
    ListAggregate,
    Not,
    Or,
    children,
    walk,
)
from mailweave.schema.model import Schema
from mailweave.schema.types import Bool
from mailweave.source import Source, Span

Word: TypeAlias = Literal["and", "or", "not", "atom"]

Answers: TypeAlias = tuple[tuple[bool | None, tuple[object, ...]], ...]
"""Truth and operands of every atom."""

HIDDEN = "(personal)"


@dataclass(frozen=True, slots=True)
class Operand:
    """One value that an atom looked at: the author's words for it, and the value as plain JSON types.

    A missing value is None. A personal one reads `(personal)` unless it was asked for; `personal` says so.
    """

    text: str
    span: Span
    value: object
    personal: bool


@dataclass(frozen=True, slots=True)
class TraceNode:
    """A part of a condition: `and`, `or`, `not`, or an atom; `truth` is None where it is unknown.

    `segment` names the segment of an atom that speaks of one.
    """

    word: Word
    source: Source
    span: Span
    truth: bool | None
    below: tuple[TraceNode, ...] = ()
    operands: tuple[Operand, ...] = ()
    segment: str | None = None

    @property
    def text(self) -> str:
        """The author's words."""
        return self.source.text[self.span.start : self.span.stop]

    def atoms(self) -> Iterator[TraceNode]:
        """Every atom, in text order."""
        if self.word == "atom":
            yield self
        for node in self.below:
            yield from node.atoms()

    def decisive(self) -> tuple[TraceNode, ...]:
        """The atoms that make the condition what it is: of a false `and`, those that are false."""
        if self.word == "atom":
            return (self,)
        if self.word == "not":
            return self.below[0].decisive()
        same = [node for node in self.below if node.truth is self.truth]
        return tuple(atom for node in same for atom in node.decisive())


@dataclass(frozen=True, slots=True)
class _Plan:
    """A node before its truth is known; an atom has its place among the answers."""

    word: Word
    expr: Expr
    below: tuple[_Plan, ...] = ()
    place: int = 0


class Trace:
    """The conditions of one recipient, traced when asked for."""

    def __init__(self, program: TracedProgram, admitted: Admitted, *, reveal: bool) -> None:
        self._program = program
        self._moment = program.admission.adopted(admitted).moment
        self._reveal = reveal

    def segment(self, name: str) -> TraceNode:
        return self._program.node(("segment", name), self._moment, self._reveal)

    def member(self, tier: str, name: str) -> TraceNode:
        """The condition of one member of a tier, whichever member won."""
        return self._program.node(("tier", tier, name), self._moment, self._reveal)

    def skip(self, code: str) -> TraceNode:
        return self._program.node(("skip", code), self._moment, self._reveal)

    def condition(self, name: str) -> TraceNode:
        """An extra condition (see `compile_checked`)."""
        return self._program.node(("condition", name), self._moment, self._reveal)


class TracedProgram:
    """The traced twin of a program."""

    def __init__(self, checked: CheckedDocument, conditions: Mapping[str, Expr], *, partial: bool) -> None:
        self._checked = checked
        self._plans = {key: _planned(expr, []) for key, expr in _conditions(checked, conditions).items()}
        self._partial = partial

    @cached_property
    def _loaded(self) -> tuple[dict[str, Any], Admission]:
        places = Places(self._checked.schema, self._partial)
        code = Writer(self._checked, places)
        source = code.source([_function(at, plan, code) for at, plan in enumerate(self._plans.values())])
        names = load(compiled(source, self._checked.source.name))
        logs = tuple(names[f"log{at}"] for at in range(len(places.logs)))
        return names, Admission(self._checked.schema, tuple(places.inputs), logs, partial=self._partial)

    @property
    def admission(self) -> Admission:
        return self._loaded[1]

    def trace(self, admitted: Admitted, *, reveal: bool) -> Trace:
        """The conditions of one recipient."""
        return Trace(self, admitted, reveal=reveal)

    def node(self, key: tuple[str, ...], moment: Moment, reveal: bool) -> TraceNode:
        at = list(self._plans).index(key)
        answers = self._loaded[0][f"trace{at}"](moment)
        return _answered(self._plans[key], answers, _Shown(self._checked, reveal))


def _conditions(checked: CheckedDocument, extra: Mapping[str, Expr]) -> dict[tuple[str, ...], Expr]:
    found: dict[tuple[str, ...], Expr] = {}
    for segment in checked.segments.values():
        found["segment", segment.name] = segment.condition
        if segment.within is not None:
            inside = InSegment(segment.span, Bool(), False, segment.within)
            both = And(segment.condition.span, Bool(), True, (inside, segment.condition))
            found["segment", segment.name] = both
    for tier in checked.tiers.values():
        found.update({("tier", tier.name, member.name): member.condition for member in tier.members})
    found.update({("skip", skip.name): skip.condition for skip in checked.skips})
    found.update({("condition", name): expr for name, expr in extra.items()})
    return found


def _planned(expr: Expr, atoms: list[Expr]) -> _Plan:
    match expr:
        case Inlined(value=value):
            return _planned(value, atoms)
        case And(terms=terms) | Or(terms=terms):
            word: Word = "and" if isinstance(expr, And) else "or"
            return _Plan(word, expr, tuple(_planned(term, atoms) for term in terms))
        case Not(term=term):
            return _Plan("not", expr, (_planned(term, atoms),))
        case _:
            atoms.append(expr)
            return _Plan("atom", expr, place=len(atoms) - 1)


def _atoms(plan: _Plan) -> Iterator[_Plan]:
    if plan.word == "atom":
        yield plan
    for each in plan.below:
        yield from _atoms(each)


def _function(at: int, plan: _Plan, code: Writer) -> Function:
    """A function that answers with the truth and the operands of every atom."""
    emitter = Emitter(code.places)
    answers = [_answer(atom.expr, emitter) for atom in _atoms(plan)]
    return code.function(f"trace{at}", emitter, [*emitter.taken(), f"return ({', '.join(answers)},)"])


def _answer(atom: Expr, emitter: Emitter) -> str:
    operands = "".join(f"{emitter.value(each)}, " for each in _operands(atom))
    return f"({emitter.kleene(atom)}, ({operands}))"


def _operands(atom: Expr) -> tuple[Expr, ...]:
    """What an atom looks at, literals left out; an atom that is a value looks at itself.

    So does an aggregate: what its `where` looks at is a row, and there are many.
    """
    if isinstance(atom, EventAggregate | ListAggregate):
        return (atom,)
    below = tuple(each for each in children(atom) if not isinstance(each, Const))
    return below or (() if isinstance(atom, InSegment) else (atom,))


@dataclass(frozen=True, slots=True)
class _Shown:
    """How operands are shown."""

    checked: CheckedDocument
    reveal: bool

    def operand(self, expr: Expr, value: object) -> Operand:
        source = self.checked.source
        text = expr.name if isinstance(expr, Inlined) else source.text[expr.span.start : expr.span.stop]
        personal = _is_personal(expr, self.checked.schema)
        hidden = personal and not self.reveal
        return Operand(text, expr.span, HIDDEN if hidden else writer(expr.type)(value), personal)


def _is_personal(expr: Expr, schema: Schema) -> bool:
    return any(isinstance(each, Attribute) and schema.profile[each.name].pii for each in walk(expr))


def _answered(
    plan: _Plan, answers: tuple[tuple[bool | None, tuple[object, ...]], ...], shown: _Shown
) -> TraceNode:
    node = TraceNode(plan.word, shown.checked.source, plan.expr.span, None)
    if plan.word == "atom":
        truth, values = answers[plan.place]
        operands = zip(_operands(plan.expr), values, strict=True)
        segment = plan.expr.name if isinstance(plan.expr, InSegment) else None
        shown_operands = tuple(shown.operand(expr, value) for expr, value in operands)
        return replace(node, truth=truth, operands=shown_operands, segment=segment)
    below = tuple(_answered(each, answers, shown) for each in plan.below)
    return replace(node, truth=_kleene(plan.word, [each.truth for each in below]), below=below)


def _kleene(word: Word, truths: list[bool | None]) -> bool | None:
    if word == "not":
        return None if truths[0] is None else not truths[0]
    deciding = word == "or"
    if deciding in truths:
        return deciding
    return None if None in truths else not deciding
