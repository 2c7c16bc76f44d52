"""From the statements about data to a schema."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import get_args

from mailweave.diagnostics import did_you_mean
from mailweave.rules import nodes as n
from mailweave.rules.checker.findings import Findings
from mailweave.rules.checker.literals import Literals, converted, family, member, whole
from mailweave.rules.checker.names import Names
from mailweave.rules.checker.windows import longest, window_of
from mailweave.rules.typed import Const, ExactWindow
from mailweave.schema import types as t
from mailweave.schema.model import (
    CatalogType,
    EventType,
    LookupType,
    Ranking,
    RecommendedList,
    Rfm,
    ScoreType,
    Shown,
    Value,
)
from mailweave.source import Span
from mailweave.values import zones
from mailweave.values.currencies import currencies, is_currency
from mailweave.values.invalid_value import InvalidValue

_NAMED: Mapping[str, t.Type] = {
    "text": t.Text(),
    "key": t.Key(),
    "bool": t.Bool(),
    "int": t.Int(),
    "number": t.Number(),
    "ratio": t.Ratio(),
    "date": t.Date(),
    "instant": t.Instant(),
    "duration": t.Duration(),
    "zone": t.Zone(),
}
_OTHERS: Mapping[str, str] = {
    "string": "text", "str": "text", "varchar": "text", "char": "text", "uuid": "key", "id": "key",
    "boolean": "bool", "integer": "int", "bigint": "int", "long": "int", "float": "number",
    "double": "number",
    "decimal": "money(USD)", "currency": "money(USD)", "price": "money(USD)", "percent": "ratio",
    "datetime": "instant", "timestamp": "instant", "timezone": "zone", "array": "set of text",
}  # fmt: skip
_OF_AN_EVENT = {"type": "the kind of an event", "at": "the moment of an event"}
_OF_A_PROFILE = {"consent": "the consents", "scores": "the scores", "lists": "the recommended lists"}
_SCALARS = (*_NAMED, "money(...)", "enum(...)")
_BOUNDED = (t.Int, t.Number, t.Ratio, t.Money, t.Date, t.Instant, t.Duration)
_LABELS: Mapping[type[n.Node], str] = {
    n.Pii: "pii", n.Sensitive: "sensitive", n.Minimum: "min", n.Maximum: "max", n.Needs: "needs", n.Column: "from",
    n.Default: "=",
}  # fmt: skip


@dataclass(slots=True)
class Declarations:
    """Reads what a text declares about its data; clashing names have been reported before."""

    findings: Findings
    names: Names
    literals: Literals

    # ---- types

    def type(self, node: n.TypeNode, *, scalar: bool = False) -> t.Type | None:
        """The type that was written; with `scalar`, neither a set nor a list."""
        match node:
            case n.NamedType():
                return self._named(node)
            case n.MoneyType():
                if not is_currency(node.currency):
                    help = did_you_mean(node.currency, currencies())
                    self.findings.report("MW259", node.span, help=help, currency=node.currency)
                return t.Money(node.currency)
            case n.EnumType():
                return self._enum(node)
            case _ if scalar:
                self.findings.report("MW221", node.span)
                return None
            case n.SetType():
                item = self.type(node.item, scalar=True)
                return None if item is None else t.SetOf(item)
            case n.ListType():
                return t.ListOf(tuple(self.record(node.fields, event=False).values()))

    def _named(self, node: n.NamedType) -> t.Type | None:
        found = _NAMED.get(node.name)
        if found is None:
            instead = _OTHERS.get(node.name.lower())
            help = f"write `{instead}`" if instead else did_you_mean(node.name, _NAMED)
            self.findings.report("MW220", node.span, help=help, name=node.name, known=", ".join(_SCALARS))
        return found

    def _enum(self, node: n.EnumType) -> t.Type:
        seen: dict[str, n.Name] = {}
        for name in node.members:
            earlier = seen.setdefault(name.id.casefold(), name)
            if earlier is not name:
                see = self.findings.see("the earlier one", earlier.span)
                code = "MW201" if earlier.id == name.id else "MW202"
                self.findings.report(code, name.span, related=see, name=name.id, other=earlier.id)
        return t.Enum(tuple(dict.fromkeys(name.id for name in node.members)), node.ordered)

    # ---- fields

    def record(self, fields: Iterable[n.RecordField], *, event: bool) -> dict[str, t.Field]:
        """The fields of an event, where all may be missing, of a list item or of a catalogue item."""
        found: dict[str, t.Field] = {}
        for node in fields:
            if node.name.id in found:
                self.findings.report("MW201", node.name.span, name=node.name.id)
                continue
            if event and node.name.id in _OF_AN_EVENT:
                self._taken(node.name.id, node.name.span, _OF_AN_EVENT)
                continue
            type_ = self.type(node.type, scalar=True)
            default = None if node.default is None else self._default(node.default, type_, node.span)
            optional = (event or node.optional) and default is None
            if type_ is not None:
                found[node.name.id] = t.Field(node.name.id, type_, optional, default=default)
        return found

    def profile(self, nodes: Iterable[n.ProfileField]) -> dict[str, t.Field]:
        """The attributes of the profile."""
        found: dict[str, t.Field] = {}
        keys: list[n.ProfileField] = []
        for node in nodes:
            field = self._attribute(node)
            if field is not None and node.name.id not in found:
                found[field.name] = field
                keys += [node] if isinstance(field.type, t.Key) else []
        for node in keys[1:]:
            see = self.findings.see("the key", keys[0].span)
            self.findings.report("MW222", node.span, related=see, name=node.name.id)
        return found

    def _attribute(self, node: n.ProfileField) -> t.Field | None:
        type_ = self.type(node.type)
        if type_ is None:
            return None
        labels: dict[type[n.Node], n.Label] = {}
        for label in node.labels:
            if type(label) in labels:
                self.findings.report("MW223", label.span, label=_LABELS[type(label)])
            labels[type(label)] = label
        values = {kind: self._bound(labels.get(kind), type_) for kind in (n.Minimum, n.Maximum)}
        field = t.Field(
            node.name.id,
            type_,
            node.optional,
            pii=n.Pii in labels,
            needs=self._needs(labels.get(n.Needs)),
            minimum=values[n.Minimum],
            maximum=values[n.Maximum],
            default=self._labelled_default(labels.get(n.Default), type_),
            column=_column(labels.get(n.Column)),
            sensitive=n.Sensitive in labels,
        )
        self._check_bounds(field, node)
        if field.column in _OF_A_PROFILE:
            self._taken(field.column, labels[n.Column].span, _OF_A_PROFILE)
        return field

    def _taken(self, name: str, span: Span, by: Mapping[str, str]) -> None:
        self.findings.report("MW228", span, name=name, what=by[name])

    def _needs(self, label: n.Label | None) -> str | None:
        if not isinstance(label, n.Needs):
            return None
        purpose = label.consent
        if self.names.consents.kind(purpose.id) is None:
            self.names.unknown("consent", purpose.id, purpose.span, self.names.consents.declared)
        return purpose.id

    def _bound(self, label: n.Label | None, type_: t.Type) -> Value | None:
        if not isinstance(label, n.Minimum | n.Maximum):
            return None
        if not isinstance(type_, _BOUNDED):
            self.findings.report("MW224", label.span, type=type_)
            return None
        return self._default(label.value, type_, label.span)

    def _labelled_default(self, label: n.Label | None, type_: t.Type) -> Value | None:
        return self._default(label.value, type_, label.span) if isinstance(label, n.Default) else None

    def _default(self, node: n.Constant, type_: t.Type | None, span: Span) -> Value | None:
        constant = None if type_ is None else self.constant(node, type_)
        return None if constant is None else constant.value

    def _check_bounds(self, field: t.Field, node: n.ProfileField) -> None:
        low, high, default = field.minimum, field.maximum, field.default
        if low is not None and high is not None and low > high:  # type: ignore[operator]  # one type
            self.findings.report("MW225", node.span, name=field.name)
        elif default is not None and not _within(default, low, high):
            self.findings.report("MW226", node.span, name=field.name)

    def constant(self, node: n.Constant, wanted: t.Type) -> Const | None:
        """A constant of a type that is known beforehand."""
        if isinstance(node, n.Reference):
            if isinstance(wanted, t.Enum):
                return member(node.id, node.span, wanted, self.findings)
            self.names.unknown("name", node.id, node.span, ())
            return None
        found = self.literals.read(node)
        if found is None:
            return None
        fitting = converted(found, wanted)
        if fitting is None or isinstance(wanted, t.Enum):
            self.findings.report("MW230", node.span, found=found.type, wanted=wanted)
            return None
        return self._valid(fitting, wanted)

    def _valid(self, constant: Const, wanted: t.Type) -> Const | None:
        if isinstance(wanted, t.Ratio) and not 0 <= float(constant.value) <= 1:
            self.findings.report("MW210", constant.span, problem="a ratio lies between 0 and 1")
            return None
        if isinstance(wanted, t.Zone):
            return constant if self.zone(str(constant.value), constant.span) else None
        return constant

    def zone(self, name: str, span: Span) -> bool:
        """Whether a zone is known; reports it if not."""
        return zone_exists(name, span, self.findings)

    # ---- events, scores, lookups, lists

    def event(self, node: n.Event) -> EventType:
        keep = None if isinstance(node.keep, n.Forever) else self.length(node.keep)
        shown = None if node.shown is None else self._shown(node, node.shown)
        return EventType(node.name.id, self.record(node.fields, event=True), keep, shown)

    def _shown(self, node: n.Event, shown: n.Shown) -> Shown:
        """What templates may read of an event; it is used, then, whether a rule reads it or not."""
        self.names.used.add(node.name.id)
        labels: dict[type[n.Node], n.Label] = {}
        for label in shown.labels:
            if type(label) in labels:
                self.findings.report("MW223", label.span, label=_LABELS[type(label)])
            labels[type(label)] = label
        return Shown(n.Pii in labels, self._needs(labels.get(n.Needs)))

    def length(self, node: n.DurationLiteral) -> int:
        """A duration above zero; 1 microsecond stands for one that is none."""
        length = self.literals.duration(node)
        if length == 0:
            self.findings.report("MW214", node.span)
        return length or 1

    def score(self, node: n.Score, events: Mapping[str, EventType]) -> ScoreType | None:
        type_ = self.type(node.type, scalar=True)
        if type_ is None:
            return None
        otherwise = None if node.otherwise is None else self._default(node.otherwise, type_, node.span)
        computed = None if node.computation is None else self._rfm(node.computation, events)
        if computed is not None and not isinstance(type_, t.Int):
            self.findings.report("MW230", node.type.span, found=type_, wanted=t.Int())
        return ScoreType(node.name.id, type_, self.length(node.ttl), otherwise, computed)

    def _rfm(self, node: n.Computation, events: Mapping[str, EventType]) -> Rfm | None:
        over = node.over
        by = next((each for each in get_args(Ranking) if each == node.function.id), None)
        if by is None:
            self.names.unknown("computation", node.function.id, node.function.span, get_args(Ranking))
            return None
        event = events.get(over.source.id)
        if event is None:
            self.names.unknown("event", over.source.id, over.source.span, events)
            return None
        self.names.used.add(over.source.id)
        if not self._ranks(by, event, over):
            return None
        window = None if over.window is None else window_of(over.window, None, self.findings, self.literals)
        if window is not None and event.keep is not None and longest(window) > event.keep:
            assert over.window is not None
            self.findings.report("MW241", over.window.span, event=event.name)
        length = window.length if isinstance(window, ExactWindow) else window
        return Rfm(by, event.name, None if over.field is None else over.field.id, length)

    def _ranks(self, by: Ranking, event: EventType, over: n.Over) -> bool:
        """Whether a ranking is over what it needs: an amount, or for `recency` and `frequency` the events alone."""
        if by in ("recency", "frequency"):
            if over.field is not None or over.where is not None:
                self.findings.report("MW229", over.span, ranking=by, event=event.name)
            return over.field is None and over.where is None
        field = None if over.field is None else event.fields.get(over.field.id)
        is_amount = field is not None and isinstance(field.type, t.Money | t.Int | t.Number)
        if not is_amount or over.where is not None:
            self.findings.report("MW227", over.span, ranking=by, event=event.name)
        return is_amount and over.where is None

    def lookup(self, node: n.Lookup) -> LookupType | None:
        key, type_ = self.type(node.key, scalar=True), self.type(node.type, scalar=True)
        if key is None or type_ is None:
            return None
        otherwise = self.constant(node.otherwise, type_)
        if otherwise is None:
            return None
        return LookupType(node.name.id, key, type_, self.length(node.ttl), otherwise.value)

    def catalog(self, node: n.Catalog) -> CatalogType:
        fields = self.record(node.fields, event=False)
        return CatalogType(node.name.id, fields, node.fields[0].name.id)

    def recommended(
        self, node: n.RecommendedList, catalogs: Mapping[str, CatalogType]
    ) -> RecommendedList | None:
        if self.names.catalogs.kind(node.catalog.id) is None:
            self.names.unknown("catalog", node.catalog.id, node.catalog.span, self.names.catalogs.declared)
            return None
        self.names.used.add(node.catalog.id)
        most, by, otherwise = self.count(node.max, node.span), node.by.value, node.otherwise
        if isinstance(otherwise, n.TextLiteral):
            return RecommendedList(node.name.id, node.catalog.id, by, most, otherwise.value)
        if not self._fills(node, otherwise, catalogs):
            return None
        return RecommendedList(node.name.id, node.catalog.id, by, most, None, otherwise.id)

    def _fills(self, node: n.RecommendedList, other: n.Name, catalogs: Mapping[str, CatalogType]) -> bool:
        """Whether the items of another catalogue may stand in a list: they have all that its items have."""
        if self.names.catalogs.kind(other.id) is None:
            self.names.unknown("catalog", other.id, other.span, self.names.catalogs.declared)
            return False
        self.names.used.add(other.id)
        wanted, theirs = (catalogs.get(name) for name in (node.catalog.id, other.id))
        if wanted is None or theirs is None:  # a mistake of its own
            return False
        lacking = [name for name, field in wanted.fields.items() if theirs.fields.get(name) != field]
        if lacking:
            fields = ", ".join(f"`{field}`" for field in lacking)
            self.findings.report("MW239", other.span, other=other.id, catalog=wanted.name, fields=fields)
        return not lacking

    def count(self, text: str, span: Span) -> int:
        """A whole number above zero; 1 stands for one that is none."""
        count = whole(text)
        if count is None or count == 0:
            self.findings.report("MW214", span)
        return count or 1


def _column(label: n.Label | None) -> str | None:
    return label.name.value if isinstance(label, n.Column) else None


def _within(value: object, low: object, high: object) -> bool:
    above = low is None or value >= low  # type: ignore[operator]  # all three are of one type
    return above and (high is None or value <= high)  # type: ignore[operator]


def zone_exists(name: str, span: Span, findings: Findings) -> bool:
    """Whether a zone is known; reports it if not."""
    try:
        zones.to_zone(name)
    except InvalidValue:
        findings.report("MW213", span, help=did_you_mean(name, zones.zone_names()), name=name)
        return False
    return True


def comparable(type_: t.Type) -> bool:
    """Whether values of a type have an order that all engines share."""
    if isinstance(type_, t.Enum):
        return type_.ordered
    return isinstance(family(type_), t.Int | t.Number | t.Money | t.Date | t.Instant | t.Duration)
