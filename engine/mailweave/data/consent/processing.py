"""The record of processing, written from a campaign: which field decides and shows what, and under which consent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from mailweave.campaign import Campaign
from mailweave.liquid.contract.model import ANY, REST
from mailweave.rules import typed as x
from mailweave.rules.checked import AnyExperiment, CheckedDocument, Experiment
from mailweave.rules.compiler import checked_rules
from mailweave.schema.types import Field

ALL: Final = "*"
"""Stands for any field: a template that prints the whole profile reads each."""

Purposes: TypeAlias = frozenset[str]
_NONE: Final[Purposes] = frozenset()


@dataclass(frozen=True, slots=True)
class Use:
    """One place that reads a field.

    by: `segment`, `tier`, `skip`, `block` (whether it may be shown), `matrix` (its score), `override`, `experiment`, `tie`,
    `score` (computed over the list, of everybody in it), `timezone`, `template` (it is shown). consents: without each of
    these the place reads nothing of anybody. blocks: what hangs on it, where it is a segment or a tier.
    """

    by: str
    name: str
    consents: tuple[str, ...]
    blocks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FieldRecord:
    """A field of the data and all that is done with it; `keep` in words, of events."""

    name: str
    type: str
    pii: bool
    sensitive: bool
    needs: str | None
    uses: tuple[Use, ...]


@dataclass(frozen=True, slots=True)
class ProcessingRecord:
    """What a campaign does with personal data.

    purposes: every consent that the rules declare; every_mail: those without which nobody gets a mail. kept: how long events
    of each type are seen, in microseconds, None for ever.
    """

    campaign: str
    purposes: tuple[str, ...]
    every_mail: tuple[str, ...]
    fields: tuple[FieldRecord, ...]
    kept: Mapping[str, int | None]


def processing_record(campaign: Campaign) -> ProcessingRecord:
    """The record of a compiled campaign: what its rules and its templates say, and nothing that is done elsewhere."""
    rules = checked_rules(campaign.decisions.source)
    schema, always = rules.schema, _of_every_mail(rules)
    found: dict[str, list[Use]] = {}
    for name, use in (*_of_rules(rules, always), *_of_templates(campaign, rules, always)):
        if use not in found.setdefault(name, []):
            found[name].append(use)
    everywhere = tuple(found.get(ALL, ()))
    fields = [
        _record(name, field, (*found.get(name, ()), *everywhere)) for name, field in schema.profile.items()
    ]
    for event in schema.events.values():
        own = [(event.name, None), *((f"{event.name}.{name}", field) for name, field in event.fields.items())]
        fields += [_record(name, field, tuple(found.get(name, ()))) for name, field in own]
    fields += [_record(f"{kind}.{name}", None, tuple(found.get(f"{kind}.{name}", ())))
               for kind, names in (("scores", schema.scores), ("lists", schema.lists)) for name in names]  # fmt: skip
    kept = {event.name: event.keep for event in schema.events.values()}
    return ProcessingRecord(campaign.config.name, schema.consents, tuple(sorted(always)), tuple(fields), kept)


def _record(name: str, field: Field | None, uses: tuple[Use, ...]) -> FieldRecord:
    if field is None:
        return FieldRecord(name, "", pii=False, sensitive=False, needs=None, uses=uses)
    needs = () if field.needs is None else (field.needs,)
    uses = tuple(Use(one.by, one.name, tuple(sorted({*one.consents, *needs})), one.blocks) for one in uses)
    return FieldRecord(name, str(field.type), field.pii, field.sensitive, field.needs, uses)


# ---- consents


def needed(expr: x.Expr, *, holds: bool, rules: CheckedDocument) -> Purposes:
    """The consents that are given for sure where a condition is true (or, with `holds` false, where it is not)."""
    match expr:
        case x.ConsentGiven(purpose=purpose):
            return frozenset({purpose}) if holds else _NONE
        case x.Not(term=term):
            return needed(term, holds=not holds, rules=rules)
        case x.Inlined(value=value):
            return needed(value, holds=holds, rules=rules)
        case x.InSegment(name=name) if holds:
            return _of_segment(name, rules)
        case x.And(terms=terms) | x.Or(terms=terms):
            each = [needed(term, holds=holds, rules=rules) for term in terms]
            is_all = isinstance(expr, x.And) == holds
            return frozenset.union(*each) if is_all else frozenset.intersection(*each)
        case _:  # whatever else a condition asks, it asks of no consent
            return _NONE


def _of_segment(name: str, rules: CheckedDocument) -> Purposes:
    segment = rules.segments[name]
    own = needed(segment.condition, holds=True, rules=rules)
    return own if segment.within is None else own | _of_segment(segment.within, rules)


def _of_block(name: str, rules: CheckedDocument) -> Purposes:
    block = rules.content.blocks.get(name)
    requires = () if block is None else block.requires
    return frozenset().union(*(needed(one, holds=True, rules=rules) for one in requires))


def _of_experiment(experiment: AnyExperiment, rules: CheckedDocument) -> Purposes:
    """One on a block concerns those who get it, one on a constant everybody."""
    return _of_block(experiment.block, rules) if isinstance(experiment, Experiment) else _NONE


def _of_every_mail(rules: CheckedDocument) -> Purposes:
    """A skip that says `when not consent.x` keeps every mail from whoever has not agreed."""
    return frozenset().union(*(needed(one.condition, holds=False, rules=rules) for one in rules.skips))


# ---- who reads what


def _of_rules(rules: CheckedDocument, always: Purposes) -> Iterator[tuple[str, Use]]:
    for by, name, expr, own in _conditions(rules):
        blocks = _hanging_on(name, rules) if by in ("segment", "tier") else ()
        consents = own if by == "skip" else own | always  # a skip is asked before anybody's consent counts
        for field in _fields(expr):
            yield field, Use(by, name, tuple(sorted(consents)), blocks)
    yield from _of_the_language(rules, always)
    for experiment in rules.content.all_experiments.values():
        mine = tuple(sorted(_of_experiment(experiment, rules) | always))
        yield experiment.unit, Use("experiment", experiment.name, mine)
    for wait in rules.triggers.experiments.values():
        yield wait.unit, Use("experiment", wait.name, tuple(sorted(always)))


def _of_the_language(rules: CheckedDocument, always: Purposes) -> Iterator[tuple[str, Use]]:
    """What is read where no condition stands: by caps and ties, `shows`, computed scores, the zone of whose days count."""
    mine = tuple(sorted(always))
    for block in rules.content.blocks.values():
        use = Use("block", block.name, tuple(sorted(_of_block(block.name, rules) | always)))
        yield from ((name, use) for name in (("sent", "sent.block") if block.cap is not None else ()))
        yield from ((f"lists.{name}", use) for name in block.shows)
    for matrix in rules.content.matrices:
        if "least recently sent" in matrix.ties:
            yield from ((name, Use("tie", matrix.name or "matrix", mine)) for name in ("sent", "sent.block"))
    for score in rules.schema.scores.values():
        if score.computed is not None:
            by, use = score.computed, Use("score", score.name, ())
            yield from ((name, use) for name in (by.event, *([f"{by.event}.{by.field}"] if by.field else [])))
    if rules.schema.timezone.attribute is not None:
        yield rules.schema.timezone.attribute, Use("timezone", "timezone", mine)


def _conditions(rules: CheckedDocument) -> Iterator[tuple[str, str, x.Expr, Purposes]]:
    """Every condition of the rules: what it is of, its name, the consents that its answer needs beside its own."""
    for skip in rules.skips:
        yield "skip", skip.name, skip.condition, _NONE
    for segment in rules.segments.values():
        yield "segment", segment.name, segment.condition, _NONE
    for tier in rules.tiers.values():
        yield from (("tier", tier.name, member.condition, _NONE) for member in tier.members)
    for block in rules.content.blocks.values():
        yield from (("block", block.name, one, _NONE) for one in block.requires)
    for matrix in rules.content.matrices:
        cells = (cell for row in (*matrix.rows, matrix.otherwise) for cell in row.cells if cell is not None)
        yield from (
            ("matrix", c.block, c.score, _of_block(c.block, rules)) for c in cells if c.score is not None
        )
    for one in rules.content.overrides:
        if one.condition is not None:
            yield "override", f"{one.winner} over {one.loser}", one.condition, _NONE
    for experiment in rules.content.all_experiments.values():
        if experiment.only is not None:
            yield "experiment", experiment.name, experiment.only, _of_experiment(experiment, rules)
    for wait in rules.triggers.experiments.values():
        if wait.only is not None:
            yield "experiment", wait.name, wait.only, _NONE


def _fields(expr: x.Expr) -> Iterator[str]:
    """The fields that a condition reads, by the names that the record has them under."""
    for each in x.walk(expr):
        match each:
            case x.Attribute(name=name):
                yield name
            case x.ScoreValue(name=name):
                yield f"scores.{name}"
            case x.Exists(event=event):
                yield event
            case x.EventAggregate(event=event, field=field, where=where):
                yield event
                yield from () if field is None else (f"{event}.{field}",)
                items = () if where is None else x.walk(where)
                yield from (f"{event}.{one.name}" for one in items if isinstance(one, x.ItemField))
            case _:  # no field of its own
                pass


def _hanging_on(name: str, rules: CheckedDocument) -> tuple[str, ...]:
    """The blocks of the rows of a segment or tier, and of those that ask for it."""
    names = {name}
    while True:
        more = names | {
            s.name for s in rules.segments.values() if s.within in names or _asks(s.condition, names)
        }
        if more == names:
            break
        names = more
    rows = (row for matrix in rules.content.matrices for row in matrix.rows if row.segment in names)
    found = {cell.block for row in rows for cell in row.cells if cell is not None}
    found |= {b.name for b in rules.content.blocks.values() if any(_asks(one, names) for one in b.requires)}
    return tuple(name for name in rules.content.blocks if name in found)


def _asks(expr: x.Expr, names: set[str]) -> bool:
    return any(isinstance(one, x.InSegment | x.TierValue) and one.name in names for one in x.walk(expr))


def _of_templates(campaign: Campaign, rules: CheckedDocument, always: Purposes) -> Iterator[tuple[str, Use]]:
    for name, contract in campaign.contract().blocks.items():
        use = Use("template", name, tuple(sorted(_of_block(name, rules) | always)))
        for read in contract.reads:
            head, *rest = read.path
            if head in (ANY, REST) or (head == "profile" and rest[:1] in ([], [ANY], [REST])):
                yield ALL, use
            elif head == "events" and rest:
                yield ".".join([rest[0], *rest[2:3]]), use
            elif head in ("scores", "lists") and rest:
                yield f"{head}.{rest[0]}", use
            elif head == "profile":
                yield rest[0], use
