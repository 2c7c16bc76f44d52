"""learned.toml: with which chance columns of the policy `learned` draw their blocks, by slot and bucket."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import fsum
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from mailweave.content.toml import TomlText, read_toml, validate
from mailweave.decisions import DecisionProgram
from mailweave.decisions.drawing import Chances, Table, buckets_of
from mailweave.decisions.plan import ColumnPlan
from mailweave.diagnostics import Diagnostic, Severity, diagnose, did_you_mean
from mailweave.source import Source

LEARNED: Final = "learned.toml"
_NEAR: Final = 1e-6  # how near to 1 probabilities must come in all

_Chance = Annotated[float, Field(allow_inf_nan=False)]


class _Slot(BaseModel):
    """What was learned for one slot."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    by: str | None = None
    salt: str = ""
    buckets: dict[str, dict[str, _Chance]] = {}


def with_learned(
    decisions: DecisionProgram, file: Source | None
) -> tuple[DecisionProgram, tuple[Diagnostic, ...]]:
    """Decisions that draw as the file says, and what is wrong with it; with errors they are as they were."""
    drawn = {name: one for name, one in decisions.plan.columns.items() if one.drawing is not None}
    if file is None:
        return decisions, tuple(
            diagnose("MW323", decisions.source, one.span, slot=name) for name, one in drawn.items()
        )
    text, found = read_toml(file)
    if text is None:
        return decisions, found
    read = {slot: validate(_Slot, text, (slot,)) for slot in text.data}
    found = tuple(wrong for _, told in read.values() for wrong in told)
    if found:
        return decisions, found
    tables = {slot: Table(one.by, one.salt, one.buckets) for slot, (one, _) in read.items() if one}
    told = tuple(_Checked(decisions, text, drawn).findings(tables))
    if any(one.severity is Severity.ERROR for one in told):
        return decisions, told
    return decisions.learned(tables), told


class _Checked:
    """Holds a table against the rules that it is for."""

    def __init__(self, decisions: DecisionProgram, text: TomlText, drawn: Mapping[str, ColumnPlan]) -> None:
        self._tiers, self._source = decisions.document.tiers, decisions.source
        self._text, self._drawn = text, drawn

    def findings(self, tables: Mapping[str, Table]) -> Iterator[Diagnostic]:
        for slot, table in tables.items():
            column = self._drawn.get(slot)
            if column is None:
                yield self._unknown(slot, "slot with a column of the policy `learned`", self._drawn, (slot,))
            elif table.by is not None and table.by not in self._tiers:
                yield self._unknown(table.by, "tier", self._tiers, (slot, "by"))
            else:
                yield from self._of_slot(slot, table, column)
        for slot, column in self._drawn.items():
            if slot not in tables:
                yield diagnose("MW323", self._source, column.span, slot=slot)

    def _of_slot(self, slot: str, table: Table, column: ColumnPlan) -> Iterator[Diagnostic]:
        known = buckets_of(None if table.by is None else self._tiers[table.by])
        blocks = tuple(dict.fromkeys(cell.block for cell in column.cells))
        for bucket, chances in table.buckets.items():
            path = (slot, "buckets", bucket)
            if bucket not in known:
                yield self._unknown(bucket, "bucket", known, path)
                continue
            yield from self._no_probabilities(bucket, chances, path)
            yield from self._other_blocks(slot, bucket, chances, blocks)
        for bucket in known:
            if bucket not in table.buckets:
                yield self._differs(slot, bucket, "nothing was learned, and all blocks have equal chances")

    def _no_probabilities(self, bucket: str, chances: Chances, path: tuple[str, ...]) -> Iterator[Diagnostic]:
        total = fsum(chances.values())
        wrong = next((block for block, chance in chances.items() if chance <= 0), None)
        what = f"that of `{wrong}` is not above 0" if wrong else f"they add up to {total:.6g}"
        if wrong or abs(total - 1) > _NEAR:
            span = self._text.key_span((*path, wrong) if wrong else path)
            yield diagnose("MW318", self._text.source, span, bucket=bucket, what=what)

    def _other_blocks(
        self, slot: str, bucket: str, chances: Chances, blocks: tuple[str, ...]
    ) -> Iterator[Diagnostic]:
        for block in blocks:
            if block not in chances:
                yield self._differs(slot, bucket, f"the table has no `{block}`, which is drawn all the same")
        for block in chances:
            if block not in blocks:
                yield self._differs(
                    slot, bucket, f"the table has `{block}`, which no row names", block, blocks
                )

    def _unknown(
        self, name: str, what: str, known: Mapping[str, object] | tuple[str, ...], path: tuple[str, ...]
    ) -> Diagnostic:
        listed = ", ".join(known)
        hint = f" (known: {listed})" if listed else ""
        span = self._text.value_span(path) if path[-1] == "by" else self._text.key_span(path)
        return diagnose(
            "MW317",
            self._text.source,
            span,
            name=name,
            what=what,
            hint=hint,
            help=did_you_mean(name, known),
        )

    def _differs(
        self, slot: str, bucket: str, what: str, block: str = "", known: tuple[str, ...] = ()
    ) -> Diagnostic:
        span = self._text.key_span((slot, "buckets", bucket, block) if block else (slot, "buckets", bucket))
        return diagnose(
            "MW319",
            self._text.source,
            span,
            slot=slot,
            bucket=bucket,
            what=what,
            help=did_you_mean(block, known),
        )
