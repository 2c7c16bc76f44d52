"""A checked rule text as the source of a few Python functions.

    mask(a)      every segment, tier, skip and extra condition of one recipient, one bit each
    log<n>(m)    builds a log of events when it is first asked for
    list<n>(m)   one aggregate over a list of records
    value<n>(m)  one extra value

The source is all that is kept of a program, beside the names of its bits: it can be stored and read back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mailweave.rules.artifact import Bits, Generated
from mailweave.rules.checked import CheckedDocument, ConstantExperiment, Segment, Tier
from mailweave.rules.compiled_inputs import ArmInput
from mailweave.rules.emitter import Emitter
from mailweave.rules.operands import absent, average
from mailweave.rules.optimizer import cost, optimized
from mailweave.rules.statements import Choice, Statement, arranged
from mailweave.rules.symbol_table import Log, Rows, SymbolTable
from mailweave.rules.typed import And, Const, Expr, ListAggregate
from mailweave.schema.types import ListOf, Money, Number, Ratio, Type
from mailweave.values.bucket_ranges import bucket_ranges
from mailweave.values.hashing import fnv1a32


def generate(
    checked: CheckedDocument,
    *,
    conditions: Mapping[str, Expr],
    values: Mapping[str, Expr],
    partial: bool,
) -> Generated:
    """The functions for a checked text, its extra conditions and its extra values."""
    drawn = {name: _drawn(experiment) for name, experiment in checked.content.constants.items()}
    writer = Writer(checked, SymbolTable(checked.schema, partial, drawn))
    for one in drawn.values():  # read by who counts recipients by arm, whether a condition asks for it or not
        writer.places.input(one)
    functions = [writer.mask(conditions)]
    functions += [writer.value(at, expr) for at, expr in enumerate(values.values())]
    source = writer.source(functions)
    return Generated(
        checked.schema,
        partial,
        tuple(writer.places.inputs),
        writer.bits(conditions),
        tuple(values),
        len(writer.places.logs),
        source,
    )


def _drawn(experiment: ConstantExperiment) -> ArmInput:
    shares = [float(arm.share) for arm in experiment.arms]
    ranges = bucket_ranges(len(shares), float(1 - experiment.holdout), shares)
    names = tuple(arm.name for arm in experiment.arms)
    return ArmInput(experiment.name, experiment.unit, fnv1a32(experiment.salt), ranges, names)


@dataclass(frozen=True, slots=True)
class Function:
    """One function; what it reads of the recipient is written when all places are given out."""

    head: str
    inputs: frozenset[int]
    lines: tuple[str, ...]

    def written(self, all_inputs: int) -> str:
        text = "\n".join(self.lines)
        start = [f"{name} = m.{name}" for name in ("now", "zone") if re.search(rf"\b{name}\b", text)]
        lines = [*self._read(all_inputs), *start, *self.lines]
        return "\n".join([self.head, *(f" {line}" for line in lines)])

    def _read(self, all_inputs: int) -> list[str]:
        """All at once where most are read, else one by one."""
        if 2 * len(self.inputs) >= all_inputs > 0:
            names = (f"v{at}" if at in self.inputs else "_" for at in range(all_inputs))
            return [f"({', '.join(names)},) = m.inputs"]
        return ["i = m.inputs", *(f"v{at} = i[{at}]" for at in sorted(self.inputs))] if self.inputs else []


class Writer:
    """Writes the functions of one program."""

    def __init__(self, checked: CheckedDocument, places: SymbolTable) -> None:
        self.checked = checked
        self.places = places

    def bits(self, conditions: Iterable[str]) -> Bits:
        checked = self.checked
        return Bits(
            tuple(checked.segments),
            tuple((name, tier.answers) for name, tier in checked.tiers.items()),
            tuple((skip.name, skip.reason or "") for skip in checked.skips),
            tuple(conditions),
        )

    def source(self, functions: list[Function]) -> str:
        """The text of functions, of what they call, and of the constants they read."""
        every = [*functions, *self._what_they_call()]
        constants = "\n".join(f"{name} = {code}" for code, name in self.places.constants.items())
        return "\n\n".join([constants, *(each.written(len(self.places.inputs)) for each in every)]) + "\n"

    # ---- the mask

    def mask(self, conditions: Mapping[str, Expr]) -> Function:
        checked, emitter = self.checked, Emitter(self.places)
        bit = {name: 1 << at for at, name in enumerate(checked.segments)}
        at = len(bit)
        for name, tier in checked.tiers.items():
            bit[name] = 1 << at
            at += len(tier.answers)
        named = [self._named(name, emitter, bit[name]) for name in checked.order]
        others = [skip.condition for skip in checked.skips] + list(conditions.values())
        plain = [self._plain(expr, emitter, 1 << at + i) for i, expr in enumerate(others)]
        body = ["p = 0", *arranged([*named, *plain]), "return p"]
        return _made("def mask(a):\n m = a.moment", emitter, body)

    def _named(self, name: str, emitter: Emitter, bit: int = 0) -> Statement | Choice:
        """The statement that computes a segment or a tier, and sets its bit if it has one."""
        if name in self.checked.segments:
            return self._segment(self.checked.segments[name], emitter, bit)
        return self._tier(self.checked.tiers[name], emitter, bit)

    def _segment(self, segment: Segment, emitter: Emitter, bit: int) -> Statement:
        emitter.needs.clear()
        within = () if segment.within is None else (emitter.needed(segment.within),)
        terms = self._terms(segment.condition, emitter)
        made = self.places.variable(segment.name)
        return Statement(
            segment.name,
            (*((code, 0) for code in within), *terms),
            (f"{made} = True", *_set(bit)),
            tuple(emitter.needs),
            emitter.taken(),
            (f"{made} = False",),
        )

    def _tier(self, tier: Tier, emitter: Emitter, bit: int) -> Choice:
        emitter.needs.clear()
        made = self.places.variable(tier.name)
        lines: list[str] = []
        for at, member in enumerate(tier.members):
            code = emitter.truth(optimized(member.condition))
            lines.append(f"{'elif' if at else 'if'} {code}:")
            lines += [f" {line}" for line in (f"{made} = {member.name!r}", *_set(bit << at))]
        last = repr(tier.otherwise)
        extra = _set(bit << len(tier.members)) if tier.otherwise is not None else ()
        lines += ["else:", *(f" {line}" for line in (f"{made} = {last}", *extra))]
        return Choice(tier.name, tuple(lines), tuple(emitter.needs), emitter.taken())

    def _plain(self, expr: Expr, emitter: Emitter, bit: int) -> Statement:
        emitter.needs.clear()
        terms = self._terms(expr, emitter)
        return Statement("", terms, _set(bit), tuple(emitter.needs), emitter.taken(), ())

    def _terms(self, expr: Expr, emitter: Emitter) -> tuple[tuple[str, int], ...]:
        """The parts that must all be true, each with its cost."""
        best = optimized(expr)
        if isinstance(best, Const) and best.value is True:
            return ()
        terms = best.terms if isinstance(best, And) else (best,)
        return tuple((emitter.truth(term), cost(term)) for term in terms)

    # ---- the other functions

    def value(self, at: int, expr: Expr) -> Function:
        emitter = Emitter(self.places)
        code = emitter.value(expr)
        return self.function(f"value{at}", emitter, [*emitter.taken(), f"return {code}"])

    def _what_they_call(self) -> list[Function]:
        """Logs and list aggregates; writing one may ask for more."""
        functions: list[Function] = []
        logs = lists = 0
        while logs < len(self.places.logs) or lists < len(self.places.lists):
            if logs < len(self.places.logs):
                functions.append(self._log(logs, list(self.places.logs)[logs]))
                logs += 1
            else:
                functions.append(self._list(lists, list(self.places.lists)[lists]))
                lists += 1
        return functions

    def _log(self, at: int, log: Log) -> Function:
        fields = self.checked.schema.events[log.event].fields
        emitter = Emitter(self.places, Rows("event", fields))
        made, rows = "times(rows)", f"rows = m.rows({log.event!r})"
        if log.field is not None:
            place, declared = emitter.place(log.field)
            made = f"Series(rows, {place}{emitter.rank(declared)})"
        loop = self._kept(log.where, emitter, "rows")
        return self.function(f"log{at}", emitter, [rows, *loop, f"return {made}"])

    def _list(self, at: int, aggregate: ListAggregate) -> Function:
        declared = aggregate.list.type
        fields = declared.fields if isinstance(declared, ListOf) else ()
        named = {field.name: field for field in fields}
        emitter = Emitter(self.places, Rows("list", named))
        records = emitter.value(aggregate.list)
        lines = [f"rows = {records}"]
        if emitter.nullable(aggregate.list):
            lines.append(f"if rows is None: return {absent(aggregate.type)}")
        lines += self._kept(aggregate.where, emitter, "rows")
        lines += _folded(aggregate, emitter)
        return self.function(f"list{at}", emitter, lines)

    def _kept(self, where: Expr | None, emitter: Emitter, rows: str) -> list[str]:
        """Lines that keep the rows for which a condition is true."""
        if where is None:
            return []
        code = emitter.truth(optimized(where))
        inside = [*emitter.taken(), f"if {code}: kept.append(e)"]
        return ["kept = []", f"for e in {rows}:", *(f" {line}" for line in inside), "rows = kept"]

    def function(self, name: str, emitter: Emitter, body: list[str]) -> Function:
        """A function that first computes the segments and tiers it needs."""
        needed = list(emitter.needs)
        first = Emitter(self.places, variables=emitter.variables)
        statements: dict[str, Statement | Choice] = {}
        while needed:
            each = needed.pop()
            if each not in statements:
                statements[each] = self._named(each, first)
                needed += statements[each].needs
        ordered = [statements[each] for each in self.checked.order if each in statements]
        lines = arranged(ordered, read=emitter.needs)
        emitter.inputs |= first.inputs
        return _made(f"def {name}(m):", emitter, [*lines, *body])


def _made(head: str, emitter: Emitter, lines: list[str]) -> Function:
    return Function(head, frozenset(emitter.inputs), tuple(emitter.variables.resolve(lines)))


def _set(bit: int) -> tuple[str, ...]:
    return (f"p |= {bit}",) if bit else ()


def _folded(aggregate: ListAggregate, emitter: Emitter) -> list[str]:
    """Lines that give the aggregate of `rows`."""
    if aggregate.field is None:
        return ["return len(rows)"]
    place, declared = emitter.place(aggregate.field)
    known = f"[e[{place}] for e in rows if e[{place}] is not None and e[{place}] == e[{place}]]"
    return [f"known = {known}", f"return {_fold(aggregate, declared, emitter)}"]


def _fold(aggregate: ListAggregate, declared: Type, emitter: Emitter) -> str:
    match aggregate.function:
        case "count":
            return "len(known)"
        case "distinct":
            return "len(set(known))"
        case "avg":
            return f"{average(aggregate.type, declared)}(known)"
        case "sum" if isinstance(declared, Number | Ratio):
            return "total(known)"
        case "sum":
            return f"{'amount' if isinstance(declared, Money) else 'whole'}(sum(known))"
        case least_or_most:
            rank = emitter.rank(declared, keyword="key=")
            return f"{least_or_most}(known, default={absent(declared)}{rank})"
