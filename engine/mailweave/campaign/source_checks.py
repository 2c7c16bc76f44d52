"""What is wrong with the sources of a campaign: names that nothing declares, persons in URLs, an `else` of another type."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mailweave.campaign.data_sources import check_of, lookup_uses
from mailweave.campaign.folder import CampaignFolder
from mailweave.campaign.source_settings import Fill, SourceSettings
from mailweave.content.toml import Path
from mailweave.decisions import DecisionProgram
from mailweave.diagnostics import Diagnostic, diagnose, did_you_mean
from mailweave.liquid.contract import Contract
from mailweave.liquid.contract.model import Occurrence
from mailweave.rules.context import Context
from mailweave.schema.model import Schema
from mailweave.values.invalid_value import InvalidValue


def reader_name(source: str) -> str:
    """How findings call the URL of a source."""
    return f"sources.{source}.url"


def check_sources(
    folder: CampaignFolder, decisions: DecisionProgram, contracts: Mapping[str, list[Contract]]
) -> Iterator[Diagnostic]:
    """Everything that is wrong with them."""
    filled: dict[Fill, str] = {}
    for name, settings in folder.config.sources.items():
        yield from _Check(folder, decisions, name, settings).all(contracts.get(reader_name(name), []))
        other = filled.setdefault(settings.fills, name)
        if other != name:
            span = folder.settings.value_span(("sources", name, "fills"))
            yield diagnose("MW785", folder.settings.source, span, name=settings.fills, other=other)


@dataclass(frozen=True, slots=True)
class _Check:
    folder: CampaignFolder
    decisions: DecisionProgram
    name: str
    settings: SourceSettings

    @property
    def schema(self) -> Schema:
        return self.decisions.program.schema

    def all(self, contracts: Sequence[Contract]) -> Iterator[Diagnostic]:
        wrong = tuple(self._fills())
        yield from wrong
        if not wrong:
            yield from self._otherwise()
        if self.settings.needs is not None and self.settings.needs not in self.schema.consents:
            help = did_you_mean(self.settings.needs, self.schema.consents)
            yield self._found("MW781", "needs", help=help, name=self.settings.needs)
        if self.settings.needs is None:
            yield from self._persons(contracts)

    def _fills(self) -> Iterator[Diagnostic]:
        kind, name = self.settings.fills
        declared: Mapping[str, object] = getattr(self.schema, kind)
        if name not in declared:
            help = did_you_mean(name, declared)
            yield self._found("MW780", "fills", help=help, name=self.settings.fills)
        elif kind == "scores" and self.schema.scores[name].computed is not None:
            help = "scores of the population are computed by a batch"
            yield self._found("MW780", "fills", help=help, name=self.settings.fills)
        elif kind == "lookups":
            uses = lookup_uses(name, self.decisions.program.generated.inputs)
            if len(uses) != 1:
                yield self._found("MW784", "fills", name=name, count=len(uses))

    def _otherwise(self) -> Iterator[Diagnostic]:
        given = self.settings.otherwise
        if given is None:
            return
        try:
            check_of(self.settings.fills, self.schema)(given, self._context())
        except InvalidValue as refusal:
            yield self._found("MW783", "else", name=self.settings.fills, problem=refusal.reason)

    def _context(self) -> Context:
        try:
            return Context.of(self.folder.context, self.schema)
        except InvalidValue:
            return Context()  # the campaign's own is refused, and its check says so

    def _persons(self, contracts: Sequence[Contract]) -> Iterator[Diagnostic]:
        """An attribute labelled `pii`, or a read of which nobody knows what it is."""
        for one in (each for contract in contracts for read in contract.reads for each in read.occurrences):
            if one.path[0] == "profile" and self._may_be_pii(one):
                name = ".".join(one.path)
                yield diagnose("MW782", one.source, one.span, name=name, source_name=self.name)

    def _may_be_pii(self, one: Occurrence) -> bool:
        field = self.schema.profile.get(one.path[1]) if len(one.path) > 1 else None
        return field.pii if field is not None else any(each.pii for each in self.schema.profile.values())

    def _found(self, code: str, key: str, *, help: str = "", **facts: Any) -> Diagnostic:
        path: Path = ("sources", self.name, key)
        settings = self.folder.settings
        return diagnose(code, settings.source, settings.value_span(path), help=help, **facts)
