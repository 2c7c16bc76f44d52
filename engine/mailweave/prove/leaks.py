"""Labelled data on its way to where it must not be: to somebody without the consent it needs, or into an address."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mailweave.campaign.template_checks import Reader
from mailweave.decisions import DecisionProgram
from mailweave.diagnostics import Diagnostic, Related, diagnose
from mailweave.prove.arms import LiquidArm, reached_at
from mailweave.prove.branches import arms_of, let_values
from mailweave.prove.liquid_values import TRUE, Said, Value, both
from mailweave.prove.ways import Way, Ways
from mailweave.rules import typed as x
from mailweave.rules.prover.columns import Columns
from mailweave.rules.prover.findings import Findings
from mailweave.rules.prover.prover import Nobody, Prover, Undecided
from mailweave.rules.prover.questions import AllOf, Holds, NotSo, Question
from mailweave.schema.types import Bool
from mailweave.source import Source, Span


def leaks(readers: Sequence[Reader], program: DecisionProgram, prover: Prover) -> Iterator[Diagnostic]:
    """A finding for each labelled attribute that a template of a campaign leaks, with somebody who shows it.

    Data that needs a consent reaches somebody who has not given it; personal data reaches an address.
    """
    search = _Search(readers, program, prover)
    told: set[tuple[str, str, str]] = set()
    for reader in readers:
        if reader.name.startswith("let "):
            continue  # it is read where it is used
        for way in search.ways.to(reader):
            code = _leaked(way)
            key = (code, reader.name, f"{way.event or ''}.{way.attribute.name}")
            found = search.leak(code, reader, way) if code and key not in told else None
            if found is not None:
                told.add(key)
                yield found


def _leaked(way: Way) -> str:
    """The code of what a way may be; empty where it is nothing."""
    if way.attribute.needs is not None:  # without it the value is withheld, from an address too
        return "MW920"
    return "MW921" if way.attribute.pii and way.in_link else ""


@dataclass(slots=True)
class _Search:
    """Asks for somebody whom a leak concerns."""

    readers: Sequence[Reader]
    program: DecisionProgram
    prover: Prover
    ways: Ways = field(init=False)
    columns: Columns = field(init=False)
    _lets: Mapping[str, Value] = field(init=False)
    _arms: dict[Source, tuple[LiquidArm, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        schema = self.program.program.schema
        self.ways, self.columns = Ways(self.readers, schema), Columns(self.program.document)
        self._lets = let_values(self.readers, schema)

    def leak(self, code: str, reader: Reader, way: Way) -> Diagnostic | None:
        """The finding, unless nobody who gets the template goes this way."""
        blocks, columns = self.program.blocks, self.columns
        shown = columns.shown(reader.name) if reader.name in blocks else columns.mailed()
        claim = AllOf((shown, _without_consent(way) if code == "MW920" else _is_known(way)))
        is_held = code == "MW920"  # what is withheld answers its own conditions
        reached = TRUE if is_held else both(self._reached(reader, *place) for place in way.places)
        answer, (source, span) = self.prover.ask(AllOf((claim, reached.may))), way.places[-1]
        consent = way.attribute.needs or ""
        if isinstance(answer, Nobody):
            return None
        if isinstance(answer, Undecided):
            how = f"without consent.{consent}" if consent else "in an address"
            what = f"{way.spoken} reaches `{reader.name}` {how}"
            return diagnose("MW930", source, span, what=what, reason=answer.reason)
        return diagnose(
            code,
            source,
            span,
            related=tuple(Related("it comes from", *place) for place in reversed(way.places[:-1])),
            shown_by=self._who(claim, reached),
            way=way.spoken,
            block=reader.name,
            consent=consent,
        )

    def _reached(self, reader: Reader, source: Source, span: Span) -> Said:
        """That a place on the way is reached; what an input or a let brings along is asked for where it is read."""
        if source != reader.source:
            return TRUE
        if source not in self._arms:
            schema = self.program.program.schema
            self._arms[source] = arms_of([reader], self.readers, schema, self._lets)
        return reached_at(self._arms[source], span.start)

    def _who(self, claim: Question, reached: Said) -> dict[str, Any] | None:
        """Somebody who goes the way for certain, else somebody who may."""
        for question in (AllOf((claim, NotSo(reached.may_not))), AllOf((claim, reached.may))):
            recipient = Findings(self.prover).example(question)
            if recipient is not None:
                return recipient.as_json()
        return None


def _without_consent(way: Way) -> Question:
    return NotSo(Holds(x.ConsentGiven(Span(0, 0), Bool(), False, way.attribute.needs or "")))


def _is_known(way: Way) -> Question:
    """That there is a value to leak."""
    if way.event is not None:
        return Holds(x.Exists(Span(0, 0), Bool(), False, way.event, None))
    one = way.attribute
    optional = (one.optional and one.default is None) or one.needs is not None
    value = x.Attribute(Span(0, 0), one.type, optional, one.name)
    return Holds(x.Known(Span(0, 0), Bool(), False, value)) if value.optional else AllOf(())
