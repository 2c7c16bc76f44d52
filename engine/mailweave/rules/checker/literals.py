"""Constants: from the text that was written to a type and a value in its normal form."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from math import isfinite

from mailweave.rules import nodes as n
from mailweave.rules.checker.findings import Findings
from mailweave.rules.checker.meant import meant
from mailweave.rules.typed import Const
from mailweave.schema import types as t
from mailweave.source import Span
from mailweave.values import durations, instants, money, numbers, texts, zones
from mailweave.values.invalid_value import InvalidValue

LONGEST = 36_525 * durations.DAY  # a hundred years
_MOST_DIGITS = 30
LITERALS = (
    n.TextLiteral,
    n.BoolLiteral,
    n.NumberLiteral,
    n.MoneyLiteral,
    n.DurationLiteral,
    n.DateLiteral,
    n.InstantLiteral,
)


@dataclass(frozen=True, slots=True)
class Literals:
    """Reads constants; an instant without an offset is one of `zone`."""

    findings: Findings
    zone: str

    def read(self, node: n.FixedValue) -> Const | None:
        """The constant that a literal stands for, of its own type; None when it stands for nothing."""
        match node:
            case n.TextLiteral():
                return Const(node.span, t.Text(), False, texts.to_text(node.value))
            case n.BoolLiteral():
                return Const(node.span, t.Bool(), False, node.value)
            case n.NumberLiteral():
                return self._number(node)
            case n.MoneyLiteral():
                return self._money(node)
            case n.DurationLiteral():
                length = self.duration(node)
                return None if length is None else Const(node.span, t.Duration(), False, length)
            case n.DateLiteral():
                return self._date(node)
            case n.InstantLiteral():
                at = self.instant(node)
                return None if at is None else Const(node.span, t.Instant(), False, at)

    def _number(self, node: n.NumberLiteral) -> Const | None:
        text = node.text.replace("_", "")
        if "." in text:
            value = float(text)
            if isfinite(value):
                return Const(node.span, t.Number(), False, value)
        elif len(text) <= _MOST_DIGITS and numbers.SMALLEST <= int(text) <= numbers.LARGEST:
            return Const(node.span, t.Int(), False, int(text))
        self.findings.report("MW210", node.span, problem="this number is larger than 64 bits hold")
        return None

    def _money(self, node: n.MoneyLiteral) -> Const | None:
        try:
            units = money.to_units(node.text.replace("_", ""), node.currency)
        except InvalidValue as error:
            self.findings.report("MW210", node.span, problem=f"this amount {error}")
            return None
        return Const(node.span, t.Money(node.currency), False, units)

    def duration(self, node: n.DurationLiteral) -> int | None:
        """Microseconds."""
        if node.unit not in durations.UNITS:
            self.findings.report("MW211", node.span, unit=node.unit)
            return None
        count = whole(node.text)
        length = None if count is None else count * durations.UNITS[node.unit]
        if length is None or length > LONGEST:
            self.findings.report("MW210", node.span, problem="this duration is longer than a hundred years")
            return None
        return length

    def _date(self, node: n.DateLiteral) -> Const | None:
        try:
            return Const(node.span, t.Date(), False, instants.to_day(node.text))
        except InvalidValue as error:
            self.findings.report("MW210", node.span, problem=f"this {error}")
            return None

    def instant(self, node: n.InstantLiteral) -> int | None:
        """Microseconds since 1970 in UTC."""
        try:
            moment = datetime.fromisoformat(node.text)
            if moment.tzinfo is None:
                moment = self._local(moment)
            return instants.to_instant(moment)
        except _Ambiguous as error:
            self.findings.report("MW212", node.span, problem=str(error), zone=self.zone)
        except (ValueError, OverflowError):
            self.findings.report("MW210", node.span, problem="this is an instant that no calendar has")
        return None

    def _local(self, moment: datetime) -> datetime:
        zone = zones.zone_named(self.zone)
        early, late = (moment.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
        if early.utcoffset() == late.utcoffset():
            return early
        there = early.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == moment
        raise _Ambiguous("comes twice" if there else "does not exist")


class _Ambiguous(Exception):
    """A local time that a change of the clocks repeats or leaves out."""


def whole(text: str) -> int | None:
    """A whole number as written, of up to 64 bits."""
    digits = text.replace("_", "")
    if len(digits) > _MOST_DIGITS:
        return None
    value = int(digits)
    return value if value <= numbers.LARGEST else None


def member(name: str, span: Span, enum: t.Enum, findings: Findings) -> Const | None:
    """A bare name as a member of an enum."""
    if name in enum.members:
        return Const(span, enum, False, name)
    help = meant("name", name, enum.members)
    findings.report("MW204", span, help=help, name=name, enum=enum)
    return None


def converted(constant: Const, wanted: t.Type) -> Const | None:
    """A constant as one of the type beside it: a whole number counts as a number, a text as a key or zone."""
    if same(constant.type, wanted):
        return constant
    value = constant.value
    if isinstance(constant.type, t.Int) and isinstance(wanted, t.Number | t.Ratio):
        return Const(constant.span, t.Number(), False, float(value))
    if isinstance(constant.type, t.Text) and isinstance(wanted, t.Zone):
        return Const(constant.span, wanted, False, value)
    return None


def same(one: t.Type, other: t.Type) -> bool:
    """Whether two types are compared with each other as they are."""
    return family(one) == family(other)


def family(type_: t.Type) -> t.Type:
    """A ratio is a number, a key is text."""
    if isinstance(type_, t.Ratio):
        return t.Number()
    return t.Text() if isinstance(type_, t.Key) else type_
